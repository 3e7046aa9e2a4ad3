"""Words for a person reach whoever listens; where nobody can, the command still ends as it should."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import PATIENCE_S, environment

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
