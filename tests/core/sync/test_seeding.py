"""A new terminal has everything after one file, is nobody but itself, and a damaged file leaves it as it was."""

from pathlib import Path

import pytest

from core.records.changes import ChangeSet
from core.records.folding import fold
from core.sync.seeding import SnapshotError, load_snapshot, write_snapshot
from tests.core.sync.two import Bench, alike


@pytest.fixture
def snapshot(one: Bench, tmp_path: Path) -> Path:
    id_ = one.add_vehicle("B-MW 1", color="red")
    one.edit(id_, color="blue")
    one.add_order(status="booked", complaint="Bremsen quietschen")
    one.records.join("01a20103-53cd-7fea-886c-f2a307d34a77")
    path = tmp_path / "snapshot"
    write_snapshot(one.records, path)
    return path


def test_the_new_terminal_has_the_rows_the_log_and_the_search(one: Bench, two: Bench, snapshot: Path) -> None:
    told: list[tuple[int, int]] = []
    load_snapshot(two.records, snapshot, lambda done, total: told.append((done, total)))
    assert alike(one, two)
    assert told[-1][0] == told[-1][1] > 0
    with two.records.read() as session:
        (hit,) = two.records.search.find(session, "brems")
    assert hit.table == "repair_orders"
    result = two.meet(one)
    assert (result.pulled, result.pushed, result.in_step) == (0, 0, True)


def test_windows_that_are_open_hear_of_every_row(two: Bench, snapshot: Path) -> None:
    heard: list[ChangeSet] = []
    two.records.subscribe(heard.append)
    load_snapshot(two.records, snapshot)
    (changes,) = heard
    assert changes.touches("vehicles", "color")
    assert changes.touches("repair_orders", "complaint")
    assert not changes.touches("customers")


def test_it_never_has_the_givers_identity(one: Bench, two: Bench, snapshot: Path) -> None:
    site = two.records.site
    load_snapshot(two.records, snapshot)
    again = two.copied()
    assert site == two.records.site == again.records.site != one.records.site
    assert again.records.terminal_id == ""
    two.add_vehicle("mine")
    assert two.records.vector()[site] == {"shop": 1}


def test_what_is_written_next_is_later_than_everything_in_the_file(one: Bench, two: Bench, snapshot: Path) -> None:
    two.clock.now = 1_300_000_000_000
    load_snapshot(two.records, snapshot)
    with two.records.read() as session:
        from core.vehicles.models import Vehicle

        (row,) = session.query(Vehicle).all()
    two.edit(row.id, color="green")
    two.meet(one)
    assert one.vehicle(row.id).color == "green"


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_changes_nothing(two: Bench, snapshot: Path, part: float) -> None:
    whole = snapshot.read_bytes()
    snapshot.write_bytes(whole[: int(len(whole) * part)])
    mine = two.add_vehicle("mine")
    before = two.records.digests()
    with pytest.raises(SnapshotError, match="damaged"):
        load_snapshot(two.records, snapshot)
    assert two.records.digests() == before
    assert two.vehicle(mine).plate == "mine"


def test_a_file_with_a_wrong_byte_changes_nothing(two: Bench, snapshot: Path) -> None:
    whole = bytearray(snapshot.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    snapshot.write_bytes(whole)
    before = two.records.digests()
    try:
        load_snapshot(two.records, snapshot)
    except (SnapshotError, ValueError):
        assert two.records.digests() == before


def test_who_was_away_longer_than_the_log_reaches_is_seeded_anew_and_keeps_what_it_wrote(
    one: Bench, two: Bench, snapshot: Path, tmp_path: Path
) -> None:
    one.records.keep(lambda connection: fold(connection, [], before_ms=1 << 60))
    mine = two.add_vehicle("written while away")
    result = two.meet(one)
    assert result.must_reseed
    assert not result.in_step
    late = two.add_vehicle("written after")
    write_snapshot(one.records, tmp_path / "second")
    load_snapshot(two.records, tmp_path / "second")
    assert two.vehicle(mine).plate == "written while away"
    assert two.vehicle(late).plate == "written after"
    assert two.meet(one).in_step
    assert alike(one, two)
