"""The log as people read it: who wrote what and when, what was there before, and where it came from."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

import core.models  # noqa: F401 - every synced table
from core.records import journal
from core.records.changes import ChangeSet
from core.records.renumbering import branch_site
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder
from tests.core.sync.two import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench("bench")
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Bench]:
    made = Bench("other")
    yield made
    made.close()


def entries(bench: Bench, **asked: int) -> tuple[journal.Entry, ...]:
    with bench.records.read() as session:
        return journal.changes(bench.records, session, **asked)


def test_an_entry_tells_who_when_and_what_with_the_values_of_before(bench: Bench) -> None:
    id_ = bench.add_vehicle("B-MW 1", color="red")
    bench.edit(id_, color="blue")
    made, edited = entries(bench)
    assert (made.actor, made.at, made.here) == ("staff:bench", bench.clock.now - 1000, True)
    assert made.rows[0].new
    assert made.rows[0].fields == {"plate": "B-MW 1", "color": "red"}
    (part,) = edited.rows
    assert not part.new
    assert (part.table, part.row) == ("vehicles", id_)
    assert (part.before, part.fields) == ({"color": "red"}, {"color": "blue"})


def test_a_field_written_for_the_first_time_makes_no_new_row(bench: Bench) -> None:
    id_ = bench.add_vehicle("B-MW 1")
    bench.edit(id_, color="blue")
    assert [entry.rows[0].new for entry in entries(bench)] == [True, False]


def test_the_feed_goes_on_after_a_number_and_back_before_one(bench: Bench) -> None:
    for number in range(7):
        bench.add_vehicle(f"B-{number}")
    assert [each.number for each in entries(bench, after=5)] == [6, 7]
    assert [each.number for each in entries(bench, after=0, limit=3)] == [1, 2, 3]
    assert [each.number for each in entries(bench, before=5, limit=2)] == [4, 3]
    with bench.records.read() as session:
        assert journal.newest(session) == 7


def test_a_change_of_another_terminal_is_told_from_one_of_here(bench: Bench, other: Bench) -> None:
    bench.records.join("01a20103-53cd-7fea-886c-f2a307d34a77")
    other.records.join("01a20103-53cd-7fea-886c-f2a307d34a78")
    bench.add_vehicle("mine")
    other.add_vehicle("theirs")
    bench.meet(other)
    mine, theirs = entries(bench)
    assert (mine.here, theirs.here) == (True, False)
    assert theirs.terminal == "01a20103-53cd-7fea-886c-f2a307d34a78"


def test_the_history_of_a_row_has_only_its_own_parts(bench: Bench) -> None:
    rows = [Vehicle(plate="B-1"), RepairOrder(complaint="brakes")]
    bench.change(lambda session: session.add_all(rows))
    bench.edit(rows[0].id, color="red")
    with bench.records.read() as session:
        found = journal.history(bench.records, session, rows[0].id)
    assert [[part.table for part in entry.rows] for entry in found] == [["vehicles"], ["vehicles"]]
    assert found[0].rows[0].fields == {"color": "red"}


def lose(bench: Bench, other: Bench) -> tuple[str, journal.ReplacedValue]:
    """``bench`` loses an edit to ``other``."""
    id_ = bench.add_vehicle(color="red")
    bench.meet(other)
    bench.edit(id_, color="blue")
    other.clock.now = bench.clock.now + 5000
    other.edit(id_, color="green")
    heard: list[ChangeSet] = []
    stop = bench.records.subscribe(heard.append)
    bench.meet(other)
    stop()
    assert [each.field for each in heard[-1].replaced] == ["color"]
    with bench.records.read() as session:
        found = journal.replaced(bench.records, session, row=id_)[0]
    return id_, found


def test_a_replaced_value_names_both_writers_and_both_times(bench: Bench, other: Bench) -> None:
    id_, found = lose(bench, other)
    assert (found.table, found.row, found.field) == ("vehicles", id_, "color")
    assert (found.lost_at, found.won_at) == (bench.clock.now, other.clock.now)
    assert (found.current, found.settled, found.dismissed) == ("green", False, False)


def test_restoring_is_a_change_like_any_other(bench: Bench, other: Bench) -> None:
    id_, found = lose(bench, other)
    journal.restore(bench.records, "staff:bench", found.id)
    assert bench.vehicle(id_).color == "blue"
    assert entries(bench)[-1].rows[0].before == {"color": "green"}


def test_a_dismissed_value_leaves_the_list_and_stays_in_the_log(bench: Bench, other: Bench) -> None:
    id_, found = lose(bench, other)
    journal.dismiss(bench.records, found.id)
    with bench.records.read() as session:
        assert journal.replaced(bench.records, session) == ()
        (kept,) = journal.replaced(bench.records, session, settled=True, row=id_)
        assert kept.dismissed
    assert any(part.fields == {"color": "blue"} for entry in entries(bench) for part in entry.rows)


def test_an_open_one_is_found_behind_many_that_were_settled(
    bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST", 5)
    _, first = lose(bench, other)
    for _ in range(12):
        _, found = lose(bench, other)
        journal.dismiss(bench.records, found.id)
        bench.clock.now += 60_000
    with bench.records.read() as session:
        assert [each.id for each in journal.replaced(bench.records, session)] == [first.id]
        assert len(journal.replaced(bench.records, session, settled=True, limit=5)) == 5


@pytest.mark.parametrize("id_", ["", "nonsense", "0" * 32])
def test_what_is_not_on_the_list_cannot_be_restored_or_dismissed(bench: Bench, id_: str) -> None:
    with pytest.raises(journal.GoneError):
        journal.restore(bench.records, "staff:bench", id_)
    with pytest.raises(journal.GoneError):
        journal.dismiss(bench.records, id_)


def test_two_who_chose_the_same_status_do_not_dispute(bench: Bench, other: Bench) -> None:
    id_ = bench.add_order(status="booked")
    bench.meet(other)
    for each in (bench, other):
        each.move(id_, "arrived")
    bench.meet(other)
    with bench.records.read() as session:
        assert journal.conflicts(bench.records, session) == ()


def test_a_conflict_names_who_chose_what_and_is_asked_for_by_row(bench: Bench, other: Bench) -> None:
    id_ = bench.add_order(status="booked")
    bench.add_order(status="booked")
    bench.meet(other)
    bench.move(id_, "arrived")
    other.move(id_, "diagnosing")
    bench.meet(other)
    with bench.records.read() as session:
        (found,) = journal.conflicts(bench.records, session, table="repair_orders", row=id_)
        assert journal.conflicts(bench.records, session, row="another") == ()
        assert journal.conflicts(bench.records, session, table="vehicles") == ()
    assert {(each.value, each.actor) for each in found.choices} == {
        ("arrived", "staff:bench"),
        ("diagnosing", "staff:other"),
    }
    assert found.shown in ("arrived", "diagnosing")


def test_a_hidden_order_has_no_conflict(bench: Bench, other: Bench) -> None:
    id_ = bench.add_order(status="booked")
    bench.meet(other)
    bench.move(id_, "arrived")
    other.move(id_, "diagnosing")
    bench.meet(other)

    def hide(session: Session) -> None:
        session.get_one(RepairOrder, id_).deleted_at = bench.clock.now

    bench.change(hide)
    with bench.records.read() as session:
        assert journal.conflicts(bench.records, session) == ()


def test_a_branch_is_named_by_what_it_begins_with(bench: Bench) -> None:
    bench.add_vehicle("B-1")
    bench.add_vehicle("B-2")
    first, second = bench.records.page({}).transactions
    assert branch_site(first) == branch_site(first) != branch_site(second)
    assert len(branch_site(first)) == 16
