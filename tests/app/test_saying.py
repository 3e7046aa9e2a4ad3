"""Words for a person reach whoever listens; where nobody can, the command still ends as it should."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import logs
from tests.app.conftest import PATIENCE_S, Start, environment

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="this is done with a POSIX shell")
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")


def shell(home: Path, words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """``words`` with ``bayline`` put in for $B, by a shell."""
    bayline = f"{sys.executable} -m app.main"
    return subprocess.run(
        ["sh", "-c", words.replace("$B", bayline)],
        env=environment(home, **more),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )


@posix_only
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", ">&- 2>&- <&-"])
def test_a_closed_standard_output_is_nobody_listening(tmp_path: Path, closed: str) -> None:
    done = shell(tmp_path, f"$B obd ports --json {closed}")
    assert (done.returncode, done.stderr) == (0, b"")


@full_disk
def test_a_full_disk_behind_standard_output_is_said(tmp_path: Path) -> None:
    done = shell(tmp_path, "$B obd ports >/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith(b"bayline: No space left")
    assert b"Traceback" not in done.stderr


@posix_only
def test_what_an_old_terminal_cannot_show_is_spelt_out(tmp_path: Path) -> None:
    done = shell(tmp_path, "$B obd watch Spaß", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2
    assert b"Spa\\xdf" in done.stderr


@posix_only
def test_a_file_name_that_is_no_text_can_be_said(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/a\xff.csv"
    Path(os.fsdecode(name)).write_text("ENGINE_RPM\n800\n")
    done = shell(tmp_path, '$B simulate --listen tcp:127.0.0.1:x --drive "$NAME"', NAME=os.fsdecode(name))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


CTRL_C_WHILE_LOADING = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "app.arguments":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
import app.main
"""


def test_ctrl_c_while_everything_is_being_loaded_ends_without_a_word(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CTRL_C_WHILE_LOADING],
        env=environment(tmp_path),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@posix_only
def test_a_window_that_is_closed_ends_the_program_in_order(start: Start, tmp_path: Path) -> None:
    link = tmp_path / "adapter"
    simulator = start("simulate", "--listen", f"pty:{link}")
    simulator.line("listening")
    assert simulator.end(signal.SIGHUP) == 0
    assert not link.is_symlink()


@posix_only
def test_under_nohup_it_goes_on(start: Start) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a child inherits that
    try:
        simulator = start("simulate", "--listen", "tcp:127.0.0.1:0")
    finally:
        signal.signal(signal.SIGHUP, before)
    simulator.line("listening")
    simulator.process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        simulator.process.wait(0.5)
    assert simulator.end(signal.SIGTERM) == 0


@posix_only
def test_a_pipe_in_place_of_the_log_does_not_hold_up_the_start(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    os.mkfifo(tmp_path / logs.FILE)
    assert logs.to_file(tmp_path) is None
