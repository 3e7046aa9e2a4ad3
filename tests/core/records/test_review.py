"""What a review of the records found: each test is a way in which two terminals came apart, or a change was lost."""

import json
import random
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import core.models  # noqa: F401 - every synced table
from core.records import log
from core.records.capturing import AroundTheWriterError
from core.records.operations import GENESIS, MOST_TEXT, BadTransactionError, Transaction, decode, from_wire
from core.records.records import Records
from core.records.renumbering import renumber
from core.records.rowstate import HEADS
from core.records.schema import SCHEMA, UnfitValueError, Value, read_schema
from core.records.stamps import HybridClock, is_stamp, milliseconds
from core.sync.members import Terminal
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder

NOW = 1_800_000_000_000
ROW = "018f0000-0000-7000-8000-000000000001"


def opened(name: str = "one", wall: Callable[[], int] = lambda: NOW) -> Records:
    return Records.open("sqlite://", wall=wall, entropy=random.Random(name), inline=True)


def stamp(time: int, tie: int = 0) -> str:
    return f"{(NOW << 16) + time:016x}{tie:016x}"


def logged(site: str, before: list[Transaction], when: str, operations: list[object]) -> Transaction:
    """The next transaction of ``site``, appended to ``before``."""
    seq = len(before) + 1
    made = Transaction(site, "shop", seq, when, NOW, SCHEMA, "staff:1", "", "", json.dumps(operations))
    before.append(made.chained(before[-1].chain if before else GENESIS))
    return before[-1]


# Clocks


@pytest.mark.parametrize("wall", [-1, -3_600_000, 1 << 48, 1 << 60])
def test_a_clock_before_1970_or_after_all_time_does_not_end_time_for_everybody(wall: int) -> None:
    """An empty battery and a zone east of Greenwich make it 1969; the stamp of 1969 must not be the last of all."""
    clock = HybridClock(tie=1, last=NOW << 16)
    made = [clock.tick(wall) for _ in range(3)]
    assert made == sorted(set(made))
    assert milliseconds(made[-1]) < 1 << 47
    assert all(map(is_stamp, made))


def test_a_stamp_after_which_there_is_none_is_refused() -> None:
    """Whoever took notice of it would stamp every later change alike, and the others would take them for one."""
    one = opened()
    one.change("staff:1", lambda session: session.add(Vehicle(plate="A")))
    wire = one.page({}).transactions[0].as_wire()
    with pytest.raises(BadTransactionError):
        from_wire([*wire[:3], "f" * 32, *wire[4:]])


# What does not travel


def test_a_change_that_no_other_terminal_would_take_is_refused_where_it_is_made() -> None:
    """Else the log of this terminal would never get past it."""
    one = opened()
    text = "ä" * 30_000  # two bytes each
    rows = MOST_TEXT // 60_000 + 1

    def work(session: Session) -> None:
        session.add_all(Terminal(public_key=text) for _ in range(rows))

    with pytest.raises(UnfitValueError):
        one.change("staff:1", work)
    assert one.vector() == {}


def test_a_row_without_a_value_is_with_the_others_too() -> None:
    one, two = opened("one"), opened("two")
    one.change("staff:1", lambda session: session.add(Vehicle()))
    two.apply(one.page({}).transactions)
    assert two.digests() == one.digests()
    assert two.digests()["vehicles"][0] == 1


def test_a_change_is_not_taken_back_in_part() -> None:
    """What a savepoint takes back has been noted for the log already."""
    one = opened()

    def work(session: Session) -> None:
        with session.begin_nested():
            session.add(Vehicle(plate="A"))

    with pytest.raises(AroundTheWriterError):
        one.change("staff:1", work)


# What comes from elsewhere


def test_nothing_behind_a_gap_is_merged_since_its_writer_may_have_known_what_is_missing() -> None:
    """A status chosen over another one would otherwise be disputed by the one it replaced, here and for ever."""
    first, second, third = stamp(1), stamp(2), stamp(3)
    theirs: list[Transaction] = []
    mine: list[Transaction] = []
    logged("a" * 16, theirs, first, [["repair_orders", ROW, {"status": "booked"}, {}]])
    logged("a" * 16, theirs, second, [["repair_orders", ROW, {"status": "ready"}, {"status": first}]])
    logged("b" * 16, mine, third, [["repair_orders", ROW, {"status": "booked"}, {"status": second}]])
    one, two = opened("one"), opened("two")
    one.apply([*theirs, *mine])
    two.apply([theirs[0]])
    two.apply([logged("a" * 16, [*theirs], stamp(9), []), mine[0]])  # number 3, then what knew of number 2
    two.apply([theirs[1], mine[0]])
    assert two.vector() == one.vector()
    assert two.digests() == one.digests()
    with two.read() as session:
        assert HEADS not in session.scalars(select(RepairOrder)).one().stamps


@pytest.mark.parametrize("base", [1, None, {"a": 1}, [["a"]], [1], True])
def test_a_base_that_is_no_stamp_is_refused_also_where_its_table_is_not_known_yet(base: object) -> None:
    """It would wait in the log of an older program, and the newer one could not start."""
    with pytest.raises(BadTransactionError):
        decode(json.dumps([["of_tomorrow", ROW, {"status": "x"}, {"status": base}]]))


def test_an_id_that_no_database_takes_holds_up_nothing() -> None:
    one = opened()
    odd: list[Transaction] = []
    logged("a" * 16, odd, stamp(1), [["vehicles", "\ud800", {"plate": "A"}, {}], ["vehicles", ROW, {"plate": "B"}, {}]])
    assert one.apply(odd).count == 1
    with one.read() as session:
        assert [row.plate for row in session.scalars(select(Vehicle))] == ["B"]


@pytest.mark.parametrize("value", [1.0, 0.0, 1.5, "1", [], {}])
def test_only_yes_and_no_are_yes_and_no(value: Value) -> None:
    """1.0 would be hashed otherwise by whoever has just merged it than by whoever read it back."""
    yes_no = read_schema().tables["staff"].fields["active"]
    assert not yes_no.fits(value)


def test_a_branch_that_won_is_not_renumbered_by_whoever_comes_late() -> None:
    """Two rounds may settle one fork at the same time: the second finds the winner where the loser was."""
    one = opened()
    winner: list[Transaction] = []
    made = logged("a" * 16, winner, stamp(1), [["vehicles", ROW, {"plate": "A"}, {}]])
    one.apply([made])
    place = ("a" * 16, "shop")
    assert one.keep(lambda connection: renumber(connection, place, 1, bytes(32))) is None
    assert one.vector() == {"a" * 16: {"shop": 1}}
    with one.look() as connection:
        assert log.transaction_at(connection, place, 1) == made
