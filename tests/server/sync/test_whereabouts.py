"""Where to look for a terminal, the likeliest place first; what was typed and what worked is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.records.records import Records
from core.sync.views import SyncError
from server.sync.sightings import Sighting
from server.sync.whereabouts import MOST_TRIED, Whereabouts, normal_address


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(tmp_path / "records.db")
    yield opened
    opened.close()


def seen(device: str, address: str, entry: str = "Bay") -> Sighting:
    return Sighting(entry, device, "00", "w", 1, "Bay", (address,))


def test_what_is_seen_now_comes_before_what_worked_before_what_a_row_says(records: Records) -> None:
    where = Whereabouts(records, ["10.0.0.4"])
    where.reached("A", "https://10.0.0.2:8420")
    where.seen(seen("A", "https://10.0.0.1:8420"))
    where.called("A", "https://10.0.0.3:8420")
    where.probed("https://10.0.0.4:8420", "A")
    assert where.of("A", "10.0.0.5") == [f"https://10.0.0.{each}:8420" for each in (1, 2, 3, 4, 5)]
    assert where.of("A", "not an address at all") == [f"https://10.0.0.{each}:8420" for each in (1, 2, 3, 4)]
    assert where.of("B") == []


def test_one_that_announces_a_hundred_addresses_is_not_tried_at_all_of_them(records: Records) -> None:
    where = Whereabouts(records)
    for each in range(100):
        where.seen(seen("A", f"https://10.0.1.{each}:1", entry=str(each)))
    assert len(where.of("A")) == MOST_TRIED


def test_what_worked_and_what_was_typed_outlives_the_program(records: Records) -> None:
    where = Whereabouts(records)
    assert where.to_keep() is None
    where.reached("A", "https://10.0.0.2:8420")
    where.reached("B", "https://10.0.0.3:8420")
    where.add_typed(normal_address("bay-4.local"))
    where.forget("B")
    keep = where.to_keep()
    assert keep is not None
    keep()
    assert where.to_keep() is None
    again = Whereabouts(records)
    assert again.of("A") == ["https://10.0.0.2:8420"]
    assert again.of("B") == []
    assert again.typed() == ["https://bay-4.local:8420"]


def test_a_device_at_two_places_is_noticed_until_one_leaves(records: Records) -> None:
    where = Whereabouts(records)
    where.seen(seen("A", "https://10.0.0.1:8420", "Bay"))
    assert where.twice("A") == ()
    where.seen(seen("A", "https://10.0.0.1:8420", "Bay again"))
    assert where.twice("A") == (), "one machine in two networks"
    where.seen(seen("A", "https://10.0.0.2:8420", "Bay copied"))
    assert len(where.twice("A")) == 3
    where.lost(seen("A", "https://10.0.0.2:8420", "Bay copied"))
    assert where.twice("A") == ()


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("192.168.1.20", "https://192.168.1.20:8420"),
        (" 192.168.1.20:9000 ", "https://192.168.1.20:9000"),
        ("http://192.168.1.20:9000/", "https://192.168.1.20:9000"),
        ("https://bay-2.local", "https://bay-2.local:8420"),
        ("Bay-2.local:80", "https://bay-2.local:80"),
        ("fd00::5", "https://[fd00::5]:8420"),
        ("[fd00::5]:9000", "https://[fd00::5]:9000"),
    ],
)
def test_an_address_is_understood_as_people_write_it(typed: str, url: str) -> None:
    assert normal_address(typed) == url


@pytest.mark.parametrize(
    "typed",
    ["", "in the office", "ftp://10.0.0.1", "10.0.0.1:99999", "10.0.0.1:x", "https://me@10.0.0.1", "10.0.0.1/page",
     "http://[", "a" * 500, "[fd00::zz]:1"],
)  # fmt: skip
def test_what_is_no_address_is_said_with_an_example(typed: str) -> None:
    with pytest.raises(SyncError, match=r"192\.168\.1\.20:8420"):
        normal_address(typed)
