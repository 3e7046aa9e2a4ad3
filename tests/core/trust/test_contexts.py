"""TLS for real, on the loopback: terminals look at the key, browsers at the root."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.trust.contexts import client_context, pinned, server_context
from core.trust.errors import TrustError
from core.trust.identity import Identity
from core.trust.root import WorkshopRoot

IN_2009 = round(dt.datetime(2009, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)
NOW = round(dt.datetime.now(dt.UTC).timestamp() * 1000)


@pytest.fixture(scope="module")
def root() -> WorkshopRoot:
    return WorkshopRoot.create("Garage")


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[int]:
    """A server that says hello to one caller over TLS; the port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)

        def answer() -> None:
            try:
                caller, _ = door.accept()
                caller.settimeout(20)
                with caller, context.wrap_socket(caller, server_side=True) as tls:
                    tls.sendall(b"hello")
            except OSError:
                pass  # a caller that refuses us hangs up; its test looks at the caller

        thread = threading.Thread(target=answer, name="test-tls-server")
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            thread.join(20)


@contextmanager
def calling(port: int, context: ssl.SSLContext, host: str | None = None) -> Iterator[ssl.SSLSocket]:
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    with plain, context.wrap_socket(plain, server_hostname=host) as tls:
        yield tls


@pytest.mark.parametrize("clock", [NOW, IN_2009], ids=["now", "2009"])
def test_a_terminal_knows_another_by_its_key_whatever_the_clock_says(
    root: WorkshopRoot, bay1: Identity, bay2: Identity, clock: int
) -> None:
    context = server_context(bay1, root.issue(bay1, [], [], at_ms=clock))
    with serving(context) as port, calling(port, client_context()) as tls:
        other = pinned(tls)
        assert (other.device_id, other.public_key) == (bay1.device_id, bay1.public_key)
        assert other == pinned(tls.getpeercert(binary_form=True))
        assert other.device_id != bay2.device_id
        assert tls.version() == "TLSv1.3"
        assert tls.recv(5) == b"hello"


@pytest.mark.parametrize("host", ["localhost", "bay1.local", "127.0.0.1"])
@pytest.mark.parametrize("clock", [NOW, IN_2009], ids=["now", "2009"])
def test_a_client_that_only_knows_the_root_accepts_the_terminal(
    root: WorkshopRoot, bay1: Identity, host: str, clock: int
) -> None:
    context = server_context(bay1, root.issue(bay1, ["bay1.local"], [], at_ms=clock))
    browser = ssl.create_default_context(cadata=root.certificate_pem)
    with serving(context) as port, calling(port, browser, host) as tls:
        assert tls.recv(5) == b"hello"


def test_a_client_with_another_root_or_another_name_does_not(root: WorkshopRoot, bay1: Identity) -> None:
    context = server_context(bay1, root.issue(bay1, ["bay1.local"], [], at_ms=NOW))
    for trusted, host in ((WorkshopRoot.create("Other"), "bay1.local"), (root, "bay2.local")):
        browser = ssl.create_default_context(cadata=trusted.certificate_pem)
        with serving(context) as port, pytest.raises(ssl.SSLCertVerificationError), calling(port, browser, host):
            pass


def test_the_certificate_of_another_terminal_cannot_be_shown(
    root: WorkshopRoot, bay1: Identity, bay2: Identity
) -> None:
    with pytest.raises(TrustError):
        server_context(bay2, root.issue(bay1, [], [], at_ms=NOW))


def test_no_certificate_and_a_broken_one_are_nobody() -> None:
    for shown in (None, b"", b"no certificate"):
        with pytest.raises(TrustError):
            pinned(shown)
