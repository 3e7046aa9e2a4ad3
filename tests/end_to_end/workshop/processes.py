"""One terminal: a home on the disk, ``bayline`` as people type it, and its HTTP interface as programs use it."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from core.records import log as records_log
from core.records.engines import read_only
from core.records.log import Place as Origin
from core.records.log import Tip
from tests.conftest import REPOSITORY
from tests.end_to_end.workshop.network import Place

PORT = 8420
STARTS_WITHIN = 90.0  # s: a safety net, on a machine that does other things too
ANSWERS_WITHIN = 60.0  # s
COMMAND_WITHIN = 120.0  # s
# In front of a program: it is killed when the thread that started it ends, however that ends (prctl(2),
# PR_SET_PDEATHSIG).
MORTAL = ["setpriv", "--pdeathsig", "KILL"]
_BAYLINE = [sys.executable, "-m", "app.main"]
_FEED_PAGE = 500
_NOT_NEWS = ("DEBUG", "INFO")
NO_FAULTS = (*_NOT_NEWS, "WARNING")


class DiedError(Exception):
    """A terminal ended although nobody told it to."""


class Terminal:
    """``place``: where it runs. Start it from a thread that lives on: it ends with that thread, at the latest."""

    def __init__(self, home: Path, name: str, place: Place, *, port: int = PORT) -> None:
        self.home = home
        self.name = name
        self.place = place
        self.port = port
        self.token = ""
        self.process: subprocess.Popen[bytes] | None = None
        self._said = home.with_name(f"{home.name}.out")

    @property
    def address(self) -> str:
        return f"https://{self.place.address}:{self.port}"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    # The command line ------------------------------------------------------------------------------------------------

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """A command, started."""
        return subprocess.Popen(
            self._command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env=environment(),
        )

    def run(self, *arguments: str, status: int = 0) -> str:
        """A command to its end; what it printed. Raises ``AssertionError`` for another exit status."""
        command = self.begin(*arguments)
        try:
            printed, complained = command.communicate(timeout=COMMAND_WITHIN)
        except subprocess.TimeoutExpired:
            command.kill()
            command.communicate()
            raise
        found = f"{self.name}: bayline {' '.join(arguments)}: {command.returncode}\n{printed}{complained}"
        assert command.returncode == status, found
        return printed

    def json(self, *arguments: str, status: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status))

    def pair(self, joiner: "Terminal") -> None:
        """Let ``joiner``, an empty home, join through this terminal, which runs."""
        offer = self.json("pair", "open")
        joiner.run("pair", "join", offer["address"], offer["code"], "--terminal", joiner.name)
        joiner.token = self.token

    def let_programs_in(self) -> None:
        """A token; it is good at every terminal of the workshop that has heard of it."""
        self.token = self.run("token", "--role", "owner", "--name", "the proof").split()[-1]

    # Serving ---------------------------------------------------------------------------------------------------------

    def start(self, *more: str) -> None:
        """``bayline serve``, without waiting."""
        assert not self.running
        with self._said.open("ab") as said:
            self.process = subprocess.Popen(
                self._command("serve", "--port", str(self.port), *more),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=REPOSITORY,
                env=environment(),
            )

    def serve(self, *more: str) -> None:
        """``bayline serve``, until it answers."""
        self.start(*more)
        self.wait_for_answer()

    def wait_for_answer(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if not self.running:
                raise DiedError(f"{self.name} ended by itself: {self.said()}")
            try:
                if self.ask("GET", "/health")[0] == http.HTTPStatus.OK and self._control()["pid"] == self._pid():
                    return
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
        raise DiedError(f"{self.name} did not answer in {STARTS_WITHIN:.0f} s: {self.said()}")

    def kill(self) -> None:
        """What a power cut does to a program."""
        assert self.running, f"{self.name} ended by itself: {self.said()}"
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As a person or the system would."""
        if self.running:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        assert process is not None
        process.send_signal(how)
        try:
            process.wait(15.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{self.name} did not end when asked to: {self.said()}") from None

    def end_whatever_happens(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    # HTTP ------------------------------------------------------------------------------------------------------------

    def line(self, timeout: float = ANSWERS_WITHIN) -> http.client.HTTPConnection:
        """A connection from the terminal to itself, opened at the first request."""
        return _Line(self.place, "127.0.0.1", self.port, timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        over: http.client.HTTPConnection | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of one request. Raises ``OSError`` and ``HTTPException`` when it is not answered."""
        line = over or self.line()
        headers = {
            "Authorization": f"Bearer {self.token if token is None else token}",
            "Content-Type": "application/json",
        }
        try:
            line.request(method, path, None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            said = answer.read()
        except BaseException:
            line.close()
            raise
        if over is None:
            line.close()
        return answer.status, json.loads(said) if said else None

    def feed(self) -> list[dict[str, Any]]:
        """Everything that was ever written, as ``/api/v1/changes`` tells it."""
        return list(self._pages())

    def _pages(self) -> Iterator[dict[str, Any]]:
        after = 0
        with_line = self.line()
        while True:
            status, page = self.ask("GET", f"/api/v1/changes?after={after}&limit={_FEED_PAGE}", over=with_line)
            assert status == http.HTTPStatus.OK, page
            if not page["changes"]:
                with_line.close()
                return
            yield from page["changes"]
            after = page["next"]

    def peers(self) -> dict[str, dict[str, Any]]:
        """The other terminals by name, as this one sees them."""
        control = self._control()
        status, said = self.ask("GET", "/control/v1/peers", token=control["secret"])
        assert status == http.HTTPStatus.OK, said
        return {each["name"]: each for each in said["peers"]}

    def _control(self) -> dict[str, Any]:
        try:
            found = json.loads((self.home / "control.json").read_text())
        except FileNotFoundError:
            raise ValueError("not there yet") from None
        assert isinstance(found, dict)
        return found

    def _pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    # The disk --------------------------------------------------------------------------------------------------------

    def check(self) -> dict[str, Any]:
        """``bayline check --json``, which also works while it serves."""
        found = self.json("check")
        assert isinstance(found, dict)
        return found

    def tips(self) -> dict[Origin, Tip]:
        """How far each site's log is known here, read beside the running program, which notices nothing."""
        engine = read_only(self.home / "records.db")
        try:
            with engine.connect() as connection:
                return records_log.tips(connection)
        finally:
            engine.dispose()

    def said(self) -> str:
        """The end of what it printed."""
        return self._said.read_text(errors="replace")[-3000:] if self._said.exists() else ""

    def troubles(self, *, but: Collection[str] = _NOT_NEWS) -> list[str]:
        """Lines of its log that are no ordinary news, tracebacks whole. ``but``: levels that are left out."""
        found: list[str] = []
        for file in sorted((self.home / "logs").glob("bayline.log*"), reverse=True):
            within = False
            for line in file.read_text(errors="replace").splitlines():
                words = line.split(" ", 3)
                if line[:2] == "20" and len(words) > 3:
                    within = words[2] not in but
                if within:
                    found.append(line)
        return found

    def memory(self) -> int:
        """Resident bytes of the running process."""
        status = Path(f"/proc/{self._pid()}/status").read_text()
        return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))

    def processor_time(self) -> float:
        """Seconds of processor time it has used: proc(5), stat, fields 14 and 15."""
        fields = Path(f"/proc/{self._pid()}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _command(self, *arguments: str) -> list[str]:
        return [*MORTAL, *self.place.command(), *_BAYLINE, "--home", str(self.home), *arguments]


class _Line(http.client.HTTPConnection):
    """Plain HTTP from one place to an address as seen from there."""

    def __init__(self, place: Place, host: str, port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._place = place

    def connect(self) -> None:
        self.sock = self._place.connect(self.host, self.port, ANSWERS_WITHIN)


class Stranger(_Line):
    """TLS from a place, by somebody who believes any certificate and has no key that anybody knows."""

    def __init__(self, place: Place, host: str, port: int = PORT) -> None:
        super().__init__(place, host, port, ANSWERS_WITHIN)

    def connect(self) -> None:
        super().connect()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BAYLINE_", "PYTEST_"))}
    return {**kept, "BAYLINE_LANGUAGE": "en", "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
