"""A terminal's key: private to it, never replaced, and said plainly when it is damaged."""

import base64
import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from core.trust.device_ids import LENGTH, device_id_of_der, is_device_id, parse_device_id
from core.trust.errors import DamagedIdentityError, IdentityExistsError, NoIdentityError, TrustError
from core.trust.identity import Identity, check_certificate, decode_public_key, device_id_of, encode_public_key, verify


def test_a_key_is_the_same_after_a_restart_and_signs_for_its_number(bay1: Identity, bay2: Identity) -> None:
    again = Identity.load(bay1.folder)
    assert (again.device_id, again.public_key, again.name) == (bay1.device_id, bay1.public_key, "Bay 1")
    assert device_id_of(bay1.public_key) == bay1.device_id
    signature = again.sign(b"done at noon")
    assert verify(bay1.public_key, signature, b"done at noon")
    assert not verify(bay1.public_key, signature, b"done at moon")
    assert not verify(bay2.public_key, signature, b"done at noon")
    assert not verify("no key", signature, b"done at noon")
    assert not verify(bay1.public_key, b"no signature", b"done at noon")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access lists instead of modes")
def test_nobody_else_reads_the_key(bay1: Identity) -> None:
    assert stat.S_IMODE(bay1.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in bay1.folder.iterdir()} == {0o600}
    key = bay1.folder / "device.key"
    key.chmod(0o644)  # copied by hand, unpacked from somewhere
    Identity.load(bay1.folder)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_key_is_not_shown_in_logs(bay1: Identity) -> None:
    assert "private" not in repr(bay1)


def test_a_key_is_never_replaced(bay1: Identity) -> None:
    before = (bay1.folder / "device.key").read_bytes()
    with pytest.raises(IdentityExistsError):
        Identity.create(bay1.folder, "Another")
    assert (bay1.folder / "device.key").read_bytes() == before


@pytest.mark.parametrize("file", ["device.key", "device.crt"])
@pytest.mark.parametrize("damage", [lambda old: old[:50], lambda old: b"", lambda old: old[:40] + b"\xff" + old[41:]])
def test_a_damaged_key_is_said_and_left_as_it_is(bay1: Identity, file: str, damage: object) -> None:
    assert callable(damage)
    place = bay1.folder / file
    place.write_bytes(damage(place.read_bytes()))
    kept = place.read_bytes()
    with pytest.raises(DamagedIdentityError, match="damaged"):
        Identity.load(bay1.folder)
    with pytest.raises(IdentityExistsError):
        Identity.create(bay1.folder, "Bay 1")
    assert place.read_bytes() == kept


def test_a_certificate_of_another_key_is_damage(bay1: Identity, bay2: Identity) -> None:
    (bay1.folder / "device.crt").write_bytes((bay2.folder / "device.crt").read_bytes())
    with pytest.raises(DamagedIdentityError, match="another key"):
        Identity.load(bay1.folder)


def test_no_key_is_another_thing_than_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(NoIdentityError):
        Identity.load(tmp_path)


def test_a_certificate_proves_its_key(bay1: Identity, bay2: Identity) -> None:
    assert check_certificate(bay1.certificate_pem, bay1.public_key) == "Bay 1"
    with pytest.raises(TrustError):
        check_certificate(bay1.certificate_pem, bay2.public_key)
    with pytest.raises(TrustError):
        check_certificate("no certificate", bay1.public_key)


def test_long_and_foreign_names_fit_a_certificate(tmp_path: Path) -> None:
    assert Identity.create(tmp_path, "Ü" * 60).name == "Ü" * 32


def test_only_keys_that_terminals_use_are_taken(bay1: Identity) -> None:
    with pytest.raises(TrustError):
        encode_public_key(ec.generate_private_key(ec.SECP384R1()).public_key())
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    der = other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    for text in (base64.b64encode(der).decode(), bay1.public_key + "\n", bay1.public_key[:-4], "ü" * 124, ""):
        with pytest.raises(TrustError):
            decode_public_key(text)


KEYS = st.binary(max_size=100)


@given(KEYS)
def test_a_number_is_read_back_however_it_is_typed(key: bytes) -> None:
    device_id = device_id_of_der(key)
    assert len(device_id) == LENGTH
    assert is_device_id(device_id)
    assert parse_device_id(device_id) == device_id
    assert parse_device_id("  " + device_id.lower().replace("-", " ")) == device_id
    assert parse_device_id(device_id.replace("O", "0").replace("I", "1").replace("B", "8")) == device_id
    assert not is_device_id(device_id.lower())


@given(KEYS, st.data())
def test_one_wrong_character_is_noticed(key: bytes, data: st.DataObject) -> None:
    device_id = device_id_of_der(key)
    place = data.draw(st.sampled_from([n for n, each in enumerate(device_id) if each != "-"]))
    other = data.draw(
        st.sampled_from([each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if each != device_id[place]])
    )
    with pytest.raises(TrustError, match="typing mistake"):
        parse_device_id(device_id[:place] + other + device_id[place + 1 :])


@given(st.text(max_size=80))
def test_what_is_no_number_is_refused_in_words(text: str) -> None:
    assert not is_device_id(text)
    with pytest.raises(TrustError):
        parse_device_id(text)
