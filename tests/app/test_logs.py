"""The log is for the day after: it must not get in the way of today."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import logs


@pytest.fixture
def logging_given_back() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    logs.close_file()
    root.handlers[:] = before
    root.setLevel(level)


class _Full(io.StringIO):
    """A file on a full disk."""

    def write(self, text: str, /) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("logging_given_back")
def test_a_full_disk_is_not_told_again_by_every_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert logs.to_file(tmp_path)
    handler = logging.getLogger().handlers[-1]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(_Full())
    logging.getLogger("test").error("something happened")
    assert "Logging error" not in capsys.readouterr().err


@pytest.mark.usefixtures("logging_given_back")
@pytest.mark.parametrize("verbose", [False, True])
def test_terminals_that_talk_do_not_fill_the_log(verbose: bool) -> None:
    logs.to_stderr(verbose)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert logging.getLogger("httpx").isEnabledFor(logging.WARNING)
