"""The certificate a terminal shows: kept while it serves, made anew when it does not."""

from pathlib import Path

import pytest
from cryptography import x509

from core.trust.contexts import LEAF_FILE
from core.trust.identity import Identity
from core.trust.root import WorkshopRoot
from server.certificate import Leaf

NOW = 1_795_392_000_000
DAY = 24 * 3600 * 1000


class Terminal:
    """A terminal whose addresses and clock a test may move."""

    def __init__(self, home: Path) -> None:
        self.identity = Identity.create(home / "identity", "Bay 3")
        self.root = WorkshopRoot.create("Ott & Sons")
        self.addresses = ["192.168.1.20"]
        self.now = NOW
        self.leaf = self.start()

    def start(self) -> Leaf:
        return Leaf(
            self.identity, self.root, names=lambda: ["bay-3.local"], addresses=lambda: self.addresses,
            now_ms=lambda: self.now,
        )  # fmt: skip

    def shown(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.identity.folder / LEAF_FILE).read_bytes())


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_one_is_made_at_the_first_start_and_kept_for_the_next(terminal: Terminal) -> None:
    context = terminal.leaf.context()
    first = terminal.shown()
    assert terminal.leaf.context() is context
    terminal.start().context()
    assert terminal.shown() == first


def test_a_new_address_makes_a_new_one(terminal: Terminal) -> None:
    before = terminal.leaf.context()
    terminal.addresses = ["192.168.1.20", "10.0.0.7"]
    assert terminal.leaf.renew() is not before
    names = terminal.shown().extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "10.0.0.7" in [str(each) for each in names.get_values_for_type(x509.IPAddress)]
    assert terminal.leaf.context() is not before


def test_it_is_made_anew_before_its_time_is_up(terminal: Terminal) -> None:
    before = terminal.leaf.context()
    terminal.now = NOW + 200 * DAY
    assert terminal.leaf.renew() is before
    terminal.now = NOW + 300 * DAY
    assert terminal.leaf.renew() is not before


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_damaged_one_is_replaced(terminal: Terminal, rubbish: bytes) -> None:
    terminal.leaf.context()
    (terminal.identity.folder / LEAF_FILE).write_bytes(rubbish)
    terminal.start().context()
    terminal.shown().verify_directly_issued_by(
        x509.load_pem_x509_certificate(terminal.root.certificate_pem.encode("ascii"))
    )
