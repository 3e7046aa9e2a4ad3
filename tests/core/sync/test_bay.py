"""A terminal is opened as one thing, or says in words why it cannot be."""

import shutil
from pathlib import Path

import pytest

from core.records.records import Records
from core.sync.bay import Bay, NotFoundedError
from core.sync.founding import IDENTITY, RECORDS, found
from core.trust.errors import TrustError
from core.vehicles.models import Vehicle


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    found(folder, "Autohaus Nord", "Bay 1")
    return folder


def test_it_knows_its_workshop_and_itself(home: Path) -> None:
    bay = Bay.open(home)
    assert (bay.workshop_name, bay.terminal_name) == ("Autohaus Nord", "Bay 1")
    assert bay.records.terminal_id == bay.terminal_id
    assert bay.exchange.device == bay.identity.device_id
    bay.records.change("system", lambda session: session.add(Vehicle(plate="B-MW 1")))
    bay.close()
    bay.close()
    again = Bay.open(home)
    assert again.records.vector() != {}
    again.close()


def test_an_empty_home_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(NotFoundedError, match="bayline init"):
        Bay.open(tmp_path)


def test_keys_of_one_terminal_do_not_open_the_records_of_another(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    found(other, "Autohaus Nord", "Bay 2")
    shutil.rmtree(home / IDENTITY)
    shutil.copytree(other / IDENTITY, home / IDENTITY)
    with pytest.raises(NotFoundedError, match="copied from elsewhere"):
        Bay.open(home)
    Records.open(home / RECORDS).close()  # and nothing is left open


def test_a_damaged_key_is_said_and_left_as_it_is(home: Path) -> None:
    key = next((home / IDENTITY).glob("device.key"))
    key.write_bytes(b"nonsense")
    with pytest.raises(TrustError):
        Bay.open(home)
    assert key.read_bytes() == b"nonsense"


def test_nothing_is_let_go_while_somebody_was_never_met(home: Path) -> None:
    from core.sync.members import Terminal

    bay = Bay.open(home)
    assert bay.let_go(keep_ms=-(10**12)) > 0  # alone: what nobody else needs
    bay.records.change(
        "system", lambda session: session.add(Terminal(name="Bay 2", device_id="stranger", public_key="", joined_at=1))
    )
    assert bay.let_go(keep_ms=-(10**12)) == 0
    bay.exchange.peers.met("stranger", bay.records.vector(), 0)
    assert bay.let_go(keep_ms=-(10**12)) == 1
    bay.close()
