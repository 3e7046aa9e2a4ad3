"""A cable that is pulled makes one line in the log, in words, and so does the next one."""

import errno
import logging
from collections.abc import Iterator

import pytest

from server.outage import LIBRARY, Outage


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outage]:
    monkeypatch.setattr(logging.getLogger(LIBRARY), "filters", [])  # a server of another module may be running here
    made = Outage()
    made.watch()
    yield made
    made.end()


def complain(socket: int, code: int = errno.ENETUNREACH) -> None:
    """As python-zeroconf does (``_listener.error_received``)."""
    error = OSError(code, "Network is unreachable")
    logging.getLogger(LIBRARY).warning("Error with socket %d: %s", socket, error, exc_info=error)


def test_an_outage_is_one_line_in_words_without_a_traceback(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for socket in (17, 18, 17):
            complain(socket)
        outage.begins("no address is left")
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert caplog.records[0].exc_info is None
        assert "the network is gone (Network is unreachable)" in caplog.text
        outage.over()
        outage.over()
        complain(19)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]


def test_what_is_no_outage_is_written_as_ever(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    complain(17, errno.EACCES)
    logging.getLogger(LIBRARY).warning("Interface not added")
    assert len(caplog.records) == 2
    assert caplog.records[0].exc_info is not None
