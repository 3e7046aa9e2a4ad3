"""What a review of the exchange found: a fork somebody else settles meanwhile, a full disk, a log of large changes."""

from pathlib import Path
from typing import Any

import pytest

from core.records.errors import DiskFull
from core.records.folding import fold
from core.records.renumbering import renumber
from core.records.tables import transactions
from core.sync import seeding
from core.sync.members import Terminal
from core.sync.repairing import rebuild
from core.sync.seeding import load_snapshot, write_snapshot
from tests.core.sync.two import Bench, Wire, alike


def _forked(first: Bench) -> tuple[Bench, str, int]:
    """A copy of ``first``, both having written since; their site, and the number at which they part."""
    first.add_vehicle("before")
    copy = first.copied("copy")
    site, seq = first.records.site, first.records.vector()[first.records.site]["shop"] + 1
    first.add_vehicle("original")
    copy.add_vehicle("copy")
    return copy, site, seq


def test_a_fork_that_is_settled_while_it_is_looked_into_does_not_fetch_all_records(two: Bench) -> None:
    """The peer's branch is gone because it was renamed, which is not to say that it was let go of."""
    copy, site, seq = _forked(two)
    wire = Wire(copy.exchange, "two")
    asked = 0

    def meanwhile(kind: str) -> None:
        nonlocal asked
        asked += kind == "chain"
        if kind == "chain" and asked == 1:
            copy.records.new_epoch("another round settled it")
            copy.records.keep(lambda connection: renumber(connection, (site, "shop"), seq))

    wire.before = meanwhile
    assert not two.exchange.round(wire).must_reseed
    assert asked
    two.meet(copy)
    copy.meet(two)
    assert two.meet(copy).in_step
    assert alike(two, copy)


def test_two_who_have_both_let_go_of_their_branches_do_not_replace_each_others_records(two: Bench) -> None:
    """Only the rows of each know its branch: whoever was seeded by the other would lose it."""
    copy, _, _ = _forked(two)
    for each in (two, copy):
        vectors = [each.records.vector()]
        each.records.keep(lambda connection, vectors=vectors: fold(connection, vectors, 1 << 62))  # type: ignore[misc]
    two.add_vehicle("later")
    copy.add_vehicle("later too")
    assert not two.meet(copy).must_reseed
    assert not copy.meet(two).must_reseed


def test_what_is_here_goes_out_also_from_a_disk_that_takes_no_more(
    one: Bench, two: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.add_vehicle("theirs")
    mine = two.add_vehicle("mine")

    def full(*_: object) -> Any:
        raise DiskFull("records.db")

    monkeypatch.setattr(two.records, "apply", full)
    monkeypatch.setattr(two.records, "keep", full)
    with pytest.raises(DiskFull):
        two.meet(one)
    assert one.vehicle(mine).plate == "mine"


def test_what_is_on_a_full_disk_can_be_fetched(one: Bench, two: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = one.add_vehicle("theirs")

    def full(*_: object) -> Any:
        raise DiskFull("records.db")

    monkeypatch.setattr(one.records, "keep", full)
    assert two.meet(one).in_step
    assert two.vehicle(theirs).plate == "theirs"


def test_a_log_of_large_changes_can_be_copied_for_a_new_terminal(
    one: Bench, two: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch as large as its rows happen to be would be more than its reader takes."""
    monkeypatch.setattr(seeding, "_LARGEST", 200_000)
    monkeypatch.setattr(seeding, "_FULL", 50_000)
    for number in range(60):
        row = Terminal(name=f"{number}", public_key="k" * (20_000 if number % 20 == 9 else 100 * number))
        one.change(lambda session, row=row: session.add(row))  # type: ignore[misc]
    write_snapshot(one.records, tmp_path / "snapshot")
    load_snapshot(two.records, tmp_path / "snapshot")
    assert alike(one, two)


def test_a_row_that_no_change_ever_made_is_not_found_any_more(two: Bench) -> None:
    id_ = two.add_vehicle("B-XY 77")
    two.records.keep(lambda connection: connection.execute(transactions.delete()))
    assert rebuild(two.records, "vehicles", [id_]) == 1
    with two.records.read() as session:
        assert two.records.search.find(session, "B-XY 77") == ()
