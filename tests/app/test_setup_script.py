"""The set-up script: plain sh, a stamp that makes the second start quick, and locks that any machine can install."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "installer" / "setup.sh"
LOCKS = ("requirements.lock", "requirements-dev.lock")

pytestmark = pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh here")


@pytest.mark.parametrize("script", [SCRIPT, REPOSITORY / ".ci" / "run"], ids=lambda path: path.name)
def test_the_scripts_can_be_read(script: Path) -> None:
    shell = "bash" if "bash" in script.read_text("utf-8").splitlines()[0] else "sh"
    subprocess.run([shell, "-n", str(script)], check=True)


def test_ci_can_be_run() -> None:
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the script needs of a checkout, with an environment whose pip writes down what it is asked for."""
    for name in ("pyproject.toml", *LOCKS):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / "installer").mkdir()
    shutil.copy(SCRIPT, tmp_path / "installer")
    binary = tmp_path / ".venv" / "bin"
    binary.mkdir(parents=True)
    (tmp_path / ".venv" / "bayline-place").write_text(f"{tmp_path}\n")
    python = binary / "python"
    python.write_text(
        f"""#!/bin/sh
case "$*" in
    "-m pip "*) echo "$*" >>{tmp_path}/asked ;;
    "-m app.libraries") cat {tmp_path}/missing 2>/dev/null ;;
    --version) echo Python 3.11.0 ;;
esac
exit 0
"""
    )
    python.chmod(0o755)
    return tmp_path


def _set_up(checkout: Path, what: str, **more: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], "BAYLINE_NO_APT": "1", **more}
    return subprocess.run(
        ["sh", "installer/setup.sh", what], cwd=checkout, env=env, capture_output=True, text=True, check=False
    )


def _asked(checkout: Path) -> list[str]:
    file = checkout / "asked"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return lines


@pytest.mark.parametrize(("what", "lock"), [("run", LOCKS[0]), ("test", LOCKS[1])])
def test_packages_are_installed_by_hash_once(checkout: Path, what: str, lock: str) -> None:
    assert _set_up(checkout, what).returncode == 0
    packages, project = _asked(checkout)
    assert "--require-hashes" in packages
    assert packages.endswith(f"-r {lock}")
    assert "--no-deps" in project
    second = _set_up(checkout, what)
    assert (second.returncode, second.stderr, _asked(checkout)) == (0, "", [])


def test_what_the_tests_need_is_enough_for_the_program(checkout: Path) -> None:
    _set_up(checkout, "test")
    _asked(checkout)
    assert _set_up(checkout, "run").returncode == 0
    assert _asked(checkout) == []


def test_a_new_lock_is_installed(checkout: Path) -> None:
    _set_up(checkout, "run")
    _asked(checkout)
    with (checkout / LOCKS[0]).open("a") as lock:
        lock.write("# another line\n")
    _set_up(checkout, "run")
    assert len(_asked(checkout)) == 2


def test_missing_libraries_stop_the_tests_but_not_the_program(checkout: Path) -> None:
    (checkout / "missing").write_text("libegl1 libgl1\n")
    ran, tested = _set_up(checkout, "run"), _set_up(checkout, "test")
    assert (ran.returncode, tested.returncode) == (0, 1)
    for done in (ran, tested):
        assert done.stderr.splitlines()[-1].endswith("sudo apt install libegl1 libgl1")


@pytest.mark.skipif(sys.platform == "win32", reason="the script is for Linux and macOS")
def test_an_old_python_is_refused_in_one_line(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    old = tmp_path / "old"
    old.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (old / name).write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
        (old / name).chmod(0o755)
    done = _set_up(checkout, "run", PATH=f"{old}:{os.environ['PATH']}")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "Python 3.11 or newer is needed, and this machine has Python 3.9.2" in line


def test_something_else_is_refused(checkout: Path) -> None:
    assert _set_up(checkout, "nonsense").returncode == 2


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_hashes_and_no_place(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    packages = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert len(packages) > 30
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:])


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, wanted in (
        (LOCKS[0], [*project["dependencies"], *extras["build"]]),
        (LOCKS[1], [*project["dependencies"], *extras["build"], *extras["dev"]]),
    ):
        locked = {
            one.lower() for one in re.findall(r"^([\w.-]+)==", (REPOSITORY / name).read_text("utf-8"), re.MULTILINE)
        }
        assert {re.split(r"[\[<>=!]", one)[0].lower() for one in wanted} <= locked


def test_both_locks_agree() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (REPOSITORY / name).read_text("utf-8"), re.MULTILINE))

    assert pinned(LOCKS[0]) <= pinned(LOCKS[1])
