"""What one announcement says of a terminal, however strange it is."""

import pytest

from server.sync.sightings import LONGEST_TEXT, Presence, sighting, url, workshop_hash

GOOD: dict[str, str | None] = {
    "device": "AAAA",
    "epoch": "00",
    "workshop": "abcd",
    "protocol": "1",
    "terminal": "Bay 3",
}


def test_a_terminal_is_read_with_its_addresses_ipv4_first_and_none_that_only_work_on_one_cable() -> None:
    found = sighting("Bay", 8420, ["fd00::5", "fe80::1%eth0", "fe80::1", "169.254.1.1", "192.168.1.20"], GOOD)
    assert found is not None
    assert found.urls == ("https://192.168.1.20:8420", "https://[fd00::5]:8420")
    assert (found.device_id, found.name, found.protocol) == ("AAAA", "Bay 3", 1)


@pytest.mark.parametrize("missing", ["device", "workshop", "protocol"])
def test_what_is_no_terminal_of_a_workshop_is_nothing(missing: str) -> None:
    assert sighting("Bay", 8420, ["192.168.1.20"], GOOD | {missing: None}) is None


@pytest.mark.parametrize("protocol", ["", "one", "-1", "99999999999", "²"])
def test_a_protocol_that_is_no_number_is_nothing(protocol: str) -> None:
    assert sighting("Bay", 8420, ["192.168.1.20"], GOOD | {"protocol": protocol}) is None


def test_without_port_or_usable_address_nobody_can_be_reached() -> None:
    assert sighting("Bay", None, ["192.168.1.20"], GOOD) is None
    assert sighting("Bay", 8420, ["fe80::1", "nonsense"], GOOD) is None


def test_every_text_fits_in_what_dns_allows() -> None:
    for key, value in Presence("ü" * 300, "e" * 300, "w" * 300).properties().items():
        assert len(f"{key}={value}".encode()) <= 255
        assert len(value.encode()) <= LONGEST_TEXT


def test_the_workshop_is_told_by_a_hash_only() -> None:
    assert workshop_hash("0190a5d8-0000-7000-8000-000000000001") != workshop_hash(
        "0190a5d8-0000-7000-8000-000000000002"
    )
    assert len(workshop_hash("x")) == 16


def test_an_address_is_written_as_urls_are() -> None:
    assert url("192.168.1.20", 8420) == "https://192.168.1.20:8420"
    assert url("fd00::5", 8420) == "https://[fd00::5]:8420"
