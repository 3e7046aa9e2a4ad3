"""The kiosk's PIN: kept as a slow hash that nobody else can read."""

import stat
import sys
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.pin import PinFile


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that costs as little as argon2 allows: how slow it is in earnest is not tried here."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("app.pin.PasswordHasher", cheap)


def test_a_pin_is_checked_and_removed(tmp_path: Path) -> None:
    pin = PinFile(tmp_path)
    assert not pin.exists()
    assert not pin.check("1234")
    pin.set("1234")
    pin.set("5678")
    assert pin.exists()
    assert pin.check("5678")
    assert not pin.check("1234")
    assert not pin.check("")
    assert PinFile(tmp_path).check("5678")
    pin.set("")
    assert not pin.exists()
    assert not pin.check("5678")


def test_the_file_holds_a_hash_for_this_user_only(tmp_path: Path) -> None:
    PinFile(tmp_path).set("4711")
    (file,) = tmp_path.iterdir()
    assert file.read_text().startswith("$argon2id$")
    assert "4711" not in file.read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("wrong", ["123", "123456789", "12a4", "１２３４", "12 34"])
def test_a_pin_has_four_to_eight_digits(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="4 to 8 digits"):
        PinFile(tmp_path).set(wrong)
    assert not PinFile(tmp_path).exists()


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"$argon2id$v=19$m=1", b"\xff\xfe"])
def test_a_damaged_file_lets_nobody_pass(tmp_path: Path, damage: bytes) -> None:
    pin = PinFile(tmp_path)
    pin.set("1234")
    next(tmp_path.iterdir()).write_bytes(damage)
    assert pin.exists()
    assert not pin.check("1234")
    assert not pin.check("")
