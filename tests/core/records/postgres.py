"""A PostgreSQL of the tests' own: Debian's package, a cluster in a temporary folder, a fresh database a test.

It listens on a socket in that folder only, and ends with the process that started it, however that one ends.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.models import ALL
from core.records.engines import open_engines
from core.records.migrating import prepare

_USER = "bayline"
# The rules of German names instead of the order of bytes: SQL that would sort ids or stamps by such rules shows here.
_INITDB = ("-A", "trust", "-U", _USER, "-N", "-E", "UTF8", "--locale-provider=icu", "--icu-locale=de", "--no-locale")
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "autovacuum": "off",
}
# The pipe's other end is ours: it closes when we end, with kill -9 too. Then the server goes, and the folder with it.
_WATCH = '"$@" </dev/null & cat >/dev/null; kill -QUIT $!; wait $!; rm -rf "$FOLDER"'
_START_S = 60.0


def binaries() -> Path | None:
    """Where initdb is: the newest of Debian's, or wherever the path says; None when PostgreSQL is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """A running server. ``make`` gives an empty database, or a copy of ``template``; ``drop`` takes it away again."""

    def __init__(self, programs: Path) -> None:
        owner = _owner()
        self.folder = Path(tempfile.mkdtemp(prefix="bayline-pg-", dir="/tmp"))  # a socket's path has 107 bytes at most
        if owner is not None:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._numbers = itertools.count(1)
        self._prepared: dict[tuple[str, ...], str] = {}
        identity: dict[str, object] = {}
        if owner is not None:
            identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        data = self.folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "cwd": self.folder, **identity}
        subprocess.run([programs / "initdb", "-D", data, *_INITDB], check=True, timeout=120, **quiet)  # type: ignore[call-overload]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(self.folder)]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("wb") as log:
            self._watch = subprocess.Popen(  # type: ignore[call-overload]
                ["sh", "-c", _WATCH, "sh", *command],
                stdin=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "FOLDER": str(self.folder)},
                start_new_session=True,  # Ctrl+C in the terminal is for pytest: it closes the pipe
                **quiet,
            )
        self._await()

    def make(self, template: str | None = None) -> str:
        """A new database; its URL."""
        name = f"bayline_{next(self._numbers)}"
        with self._admin() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"'.encode())
        return self.url(name)

    def prepared(self) -> str:
        """The name of a database with all tables and no rows, to be copied: a tenth of the time of making them."""
        key = tuple(ALL.tables)  # tests have tables of their own, in modules that are imported later
        if key not in self._prepared:
            url = self.make()
            engines = open_engines(url)
            prepare(engines)
            engines.close()
            self._prepared[key] = name_of(url)
        return self._prepared[key]

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{_USER}@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        with self._admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)'.encode())

    def stop(self) -> None:
        if self._watch.stdin is not None:
            self._watch.stdin.close()
        self._watch.wait(timeout=30)

    def _admin(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(f"host={self.folder} user={_USER} dbname=postgres", autocommit=True)

    def _await(self) -> None:
        give_up = time.monotonic() + _START_S
        while True:
            try:
                self._admin().close()
            except psycopg.OperationalError:
                if self._watch.poll() is not None or time.monotonic() > give_up:
                    raise
                time.sleep(0.05)
            else:
                return


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def name_of(url: str) -> str:
    return url.rpartition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server for all tests of this process; the tests are skipped, with the reason, where there is none."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    running = Cluster(programs)
    yield running
    running.stop()


@pytest.fixture
def postgresql_url(cluster: Cluster) -> Iterator[str]:
    """A database of this test's own, with every table and no rows."""
    url = cluster.make(cluster.prepared())
    yield url
    cluster.drop(url)


@pytest.fixture
def empty_postgresql_url(cluster: Cluster) -> Iterator[str]:
    """A database of this test's own with nothing in it."""
    url = cluster.make()
    yield url
    cluster.drop(url)


def _place(request: pytest.FixtureRequest, tmp_path: Path, url: str) -> Path | str:
    return tmp_path / "records.db" if request.param == "sqlite" else request.getfixturevalue(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where records may be: a test that asks for it runs with a file and with a server."""
    return _place(request, tmp_path, "postgresql_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """The same, where nothing was made yet."""
    return _place(request, tmp_path, "empty_postgresql_url")
