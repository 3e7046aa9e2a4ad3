"""A change is one transaction: kept whole or not at all, stamped, logged, told; and it goes through the one writer."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import core.models  # noqa: F401 - every synced table
from core.records import log
from core.records.capturing import AroundTheWriterError, FactChangedError
from core.records.changes import HERE, ChangeSet
from core.records.ids import is_id, made_at, new_id
from core.records.operations import BadTransactionError, Transaction, decode, from_wire
from core.records.records import EARLIEST, Records
from core.records.schema import UnfitValueError
from core.records.stamps import HybridClock, is_stamp
from core.records.writer import ClosedError
from core.vehicles.models import OdometerReading, Vehicle

NOW = 1_800_000_000_000


class Clock:
    """UTC milliseconds, set by hand."""

    now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(place: Path | str, clock: Clock) -> Iterator[Records]:
    opened = Records.open(place, wall=clock)
    yield opened
    opened.close()


def add(records: Records, plate: str = "B-MW 1", **fields: Any) -> str:
    row = Vehicle(plate=plate, **fields)
    records.change("staff:1", lambda session: session.add(row))
    return row.id


def edit(records: Records, id_: str, **fields: object) -> ChangeSet:
    def work(session: Session) -> None:
        for name, value in fields.items():
            setattr(session.get_one(Vehicle, id_), name, value)

    return records.change("staff:1", work).changes


def transactions(records: Records) -> list[Transaction]:
    return records.page({}).transactions


# What a change does


def test_a_change_is_there_for_readers_when_it_returns(records: Records) -> None:
    id_ = add(records, "B-MW 1")
    with records.read() as session:
        assert session.get_one(Vehicle, id_).plate == "B-MW 1"


def test_it_tells_which_rows_and_fields_and_who(records: Records) -> None:
    heard: list[ChangeSet] = []
    stop = records.subscribe(heard.append)
    id_ = add(records, color="red")
    edit(records, id_, color="blue", plate="B-MW 1")  # the plate stays what it was
    stop()
    edit(records, id_, color="green")
    assert [each.rows for each in heard] == [
        {"vehicles": {id_: frozenset({"plate", "color"})}},
        {"vehicles": {id_: frozenset({"color"})}},
    ]
    assert {(each.origin, each.actor, each.at) for each in heard} == {(HERE, "staff:1", NOW)}
    assert heard[1].touches("vehicles", "color")
    assert not heard[1].touches("vehicles", "plate")
    assert not heard[1].touches("customers")


def test_a_listener_that_fails_does_not_make_the_change_fail(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    def bad(changes: ChangeSet) -> None:
        raise RuntimeError("a fault of the window")

    records.subscribe(bad)
    id_ = add(records)
    with records.read() as session:
        assert session.get(Vehicle, id_)
    assert "a listener failed" in caplog.text


def test_a_change_that_changes_nothing_is_not_logged(records: Records) -> None:
    id_ = add(records, color="red")
    assert not edit(records, id_, color="red")
    assert len(transactions(records)) == 1


def test_what_the_work_raises_comes_back_and_nothing_is_kept(records: Records) -> None:
    def work(session: Session) -> None:
        session.add(Vehicle(plate="B-MW 1"))
        session.flush()
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        records.change("staff:1", work)
    assert transactions(records) == []
    with records.read() as session:
        assert session.query(Vehicle).count() == 0
    add(records)
    assert [each.seq for each in transactions(records)] == [1]


def test_transactions_are_numbered_without_gaps_and_chained(records: Records) -> None:
    for number in range(5):
        add(records, f"B-{number}")
    found = transactions(records)
    assert [(each.site, each.scope, each.seq) for each in found] == [(records.site, "shop", n) for n in range(1, 6)]
    chain = bytes(32)
    for each in found:
        assert each.chained(chain) == each
        chain = each.chain
    assert records.vector() == {records.site: {"shop": 5}}


def test_several_writes_to_a_row_in_one_change_are_one_operation_on_what_was_there_before(records: Records) -> None:
    id_ = add(records, color="red")
    (first,) = transactions(records)

    def work(session: Session) -> None:
        row = session.get_one(Vehicle, id_)
        row.color = "blue"
        session.flush()
        row.color = "green"
        row.year = 2012
        session.flush()

    records.change("staff:1", work)
    (operation,) = transactions(records)[1].decoded()
    assert operation.fields == {"color": "green", "year": 2012}
    assert operation.base == {"color": first.stamp}


def test_rows_hashes_and_stamps_are_those_a_peer_computes(records: Records) -> None:
    id_ = add(records, color="red", year=2010)
    edit(records, id_, color="blue")
    other = Records.open("sqlite://", inline=True)
    other.apply(transactions(records))
    assert other.digests() == records.digests()
    assert other.digests()["vehicles"][0] == 1
    other.close()


def test_reading_sees_one_moment_however_much_is_written_meanwhile(records: Records) -> None:
    add(records, "B-1")
    with records.read() as session:
        assert session.query(Vehicle).count() == 1
        add(records, "B-2")
        assert session.query(Vehicle).count() == 1
    with records.read() as session:
        assert session.query(Vehicle).count() == 2


def test_what_comes_back_from_the_work_can_be_used_after_it(records: Records) -> None:
    def work(session: Session) -> Vehicle:
        row = Vehicle(plate="B-MW 1", color="red")
        session.add(row)
        return row

    changed = records.change("staff:1", work)
    assert (changed.value.plate, changed.value.color) == ("B-MW 1", "red")
    assert is_id(changed.value.id)


# What it refuses


@pytest.mark.parametrize(
    ("name", "value"),
    [("color", "\x00"), ("color", "\ud800"), ("color", 5), ("year", "2010"), ("year", True), ("year", 2.5),
     ("year", 1 << 63), ("color", "x" * 10_000), ("color", b"red")],
)  # fmt: skip
def test_a_value_that_would_not_travel_is_refused_and_nothing_is_kept(records: Records, name: str, value: Any) -> None:
    with pytest.raises(UnfitValueError, match=name):
        add(records, **{name: value})
    assert transactions(records) == []


def test_a_fact_is_written_once(records: Records) -> None:
    row = OdometerReading(vehicle_id=new_id(NOW), value=1000)
    records.change("staff:1", lambda session: session.add(row))

    def work(session: Session) -> None:
        session.get_one(OdometerReading, row.id).value = 999

    with pytest.raises(FactChangedError):
        records.change("staff:1", work)

    def hide(session: Session) -> None:
        session.get_one(OdometerReading, row.id).deleted_at = NOW

    records.change("staff:1", hide)


def test_rows_are_hidden_never_deleted(records: Records) -> None:
    id_ = add(records)

    def work(session: Session) -> None:
        session.delete(session.get_one(Vehicle, id_))

    with pytest.raises(AroundTheWriterError):
        records.change("staff:1", work)


def test_statements_on_whole_tables_are_refused(records: Records) -> None:
    with pytest.raises(AroundTheWriterError):
        records.change("staff:1", lambda session: session.query(Vehicle).update({"color": "red"}))


def test_the_work_does_not_commit(records: Records) -> None:
    with pytest.raises(AroundTheWriterError):
        records.change("staff:1", lambda session: session.commit())


@pytest.mark.parametrize("actor", ["", "x" * 300, "a\nb"])
def test_somebody_must_have_made_it(records: Records, actor: str) -> None:
    with pytest.raises(UnfitValueError):
        records.change(actor, lambda session: session.add(Vehicle(plate="B")))


# The writer


def test_changes_from_many_threads_are_all_kept_one_after_the_other(records: Records) -> None:
    id_ = add(records, year=2000)

    def raise_year() -> None:
        for _ in range(5):

            def work(session: Session) -> None:
                row = session.get_one(Vehicle, id_)
                row.year = (row.year or 0) + 1

            records.change("staff:1", work)

    threads = [threading.Thread(target=raise_year) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    with records.read() as session:
        assert session.get_one(Vehicle, id_).year == 2030


def test_only_one_thread_ever_writes(records: Records) -> None:
    names = set()

    def work(session: Session) -> None:
        names.add(threading.current_thread().name)

    for _ in range(3):
        records.change("staff:1", work)
    records.keep(lambda connection: names.add(threading.current_thread().name))
    assert names == {"records-writer"}


def test_a_change_inside_a_change_is_a_fault_and_does_not_hang(records: Records) -> None:
    with pytest.raises(RuntimeError, match="inside another"):
        records.change("staff:1", lambda session: add(records))


def test_closing_finishes_what_was_asked_and_refuses_the_rest(tmp_path: Path) -> None:
    records = Records.open(tmp_path / "records.db")
    started = threading.Event()

    def slow(session: Session) -> None:
        started.set()
        time.sleep(0.2)
        session.add(Vehicle(plate="last"))

    thread = threading.Thread(target=lambda: records.change("staff:1", slow))
    thread.start()
    started.wait(5)
    records.close()
    thread.join(5)
    with pytest.raises(ClosedError):
        add(records)
    again = Records.open(tmp_path / "records.db")
    with again.read() as session:
        assert [row.plate for row in session.query(Vehicle)] == ["last"]
    again.close()


# Time


def test_the_site_and_the_clock_come_back_after_a_restart(place: Path | str) -> None:
    clock = Clock()
    first = Records.open(place, wall=clock)
    id_ = add(first, color="red")
    site = first.site
    first.close()
    clock.now = NOW - 365 * 24 * 3600 * 1000
    again = Records.open(place, wall=clock)
    edit(again, id_, color="blue")
    before, after = transactions(again)
    assert again.site == site
    assert after.stamp > before.stamp
    assert after.seq == 2
    again.close()


def test_a_clock_of_2009_is_noticed_and_the_last_known_time_is_shown(records: Records, clock: Clock) -> None:
    add(records, "B-1")
    clock.now = 1_230_768_000_000
    assert records.clock_is_wrong
    add(records, "B-2")
    first, second = transactions(records)
    assert second.at == first.at > EARLIEST


def test_time_goes_on_where_the_clock_stands_at_2009(records: Records, clock: Clock) -> None:
    add(records, "B-1")
    clock.now = 1_230_768_000_000
    add(records, "B-2")
    clock.now += 90 * 60_000
    add(records, "B-3")
    present = records.present()
    clock.now = 1_100_000_000_000  # the battery again
    add(records, "B-4")
    _, two, three, four = transactions(records)
    assert three.at - two.at >= 90 * 60_000
    assert three.stamp < four.stamp
    assert three.at <= present <= four.at + 10_000
    assert made_at(three.operations.split('"')[3]) == three.at, "rows are as old as they are"


def test_what_was_seen_from_a_fast_clock_is_older_than_what_is_written_next(records: Records, clock: Clock) -> None:
    ahead = Clock()
    ahead.now = NOW + 10 * 365 * 24 * 3600 * 1000
    fast = Records.open("sqlite://", wall=ahead, inline=True)
    id_ = add(fast, color="red")
    records.apply(transactions(fast))
    edit(records, id_, color="blue")
    fast.apply(records.page(fast.vector()).transactions)
    with fast.read() as session:
        assert session.get_one(Vehicle, id_).color == "blue"
    fast.close()


@given(st.lists(st.integers(-(10**13), 10**14), min_size=2, max_size=30))
def test_stamps_only_rise_whatever_the_wall_clock_does(walls: list[int]) -> None:
    clock = HybridClock(tie=5)
    stamps = [clock.tick(max(0, wall)) for wall in walls]
    assert stamps == sorted(set(stamps))
    assert all(is_stamp(each) for each in stamps)


def test_ids_sort_by_the_moment_they_were_made() -> None:
    ids = [new_id(at) for at in (NOW, NOW + 1, NOW + 5000)]
    assert ids == sorted(ids)
    assert [made_at(each) for each in ids] == [NOW, NOW + 1, NOW + 5000]
    assert all(is_id(each) and each[14] == "7" and each[19] in "89ab" for each in ids)


# The log


def test_a_page_is_bounded_in_number_and_size_and_never_empty_while_something_lacks(records: Records) -> None:
    for number in range(6):
        add(records, f"B-{number}", notes="x" * 100)
    with records.read() as session:
        connection = session.connection()
        assert len(log.page(connection, {}, most=4).transactions) == 4
        small = log.page(connection, {}, most_characters=10)
        assert len(small.transactions) == 1
        assert small.more
        assert log.page(connection, records.vector()).transactions == []


@pytest.mark.parametrize(
    "text", ["", "[", "{}", "[1]", '[["a","b",{}]]', '[["a","",{},{}]]', '[[1,"b",{},{}]]', '[["a","b",[],{}]]', "null"]
)
def test_operations_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadTransactionError):
        decode(text)


@pytest.mark.parametrize(
    ("part", "value"),
    [(0, "short"), (0, 5), (2, 0), (2, True), (2, 1 << 70), (3, "g" * 32), (3, "0" * 31), (4, -1), (6, "x" * 201),
     (6, "a\x00b"), (9, None), (10, b"short"), (10, "0" * 32)],
)  # fmt: skip
def test_a_wire_item_that_is_no_transaction_is_refused(records: Records, part: int, value: object) -> None:
    add(records)
    good = transactions(records)[0].as_wire()
    assert from_wire(good) == transactions(records)[0]
    with pytest.raises(BadTransactionError):
        from_wire([*good[:part], value, *good[part + 1 :]])


def test_tables_and_fields_of_a_newer_program_wait_and_are_passed_on_unharmed() -> None:
    newer = Records.open("sqlite://", inline=True)
    hidden = newer.schema.without(1, {"vehicles": ["color", "year"], "odometer_readings": None})
    newer.schema = type(newer.schema)(2, newer.schema.tables)
    older = Records.open("sqlite://", inline=True, schema=hidden)
    id_ = add(newer, color="red", year=2010)
    reading = OdometerReading(vehicle_id=id_, value=1000)
    newer.change("staff:1", lambda session: session.add(reading))
    older.apply(transactions(newer))
    third = Records.open("sqlite://", inline=True)
    third.apply(transactions(older))
    assert third.digests() == newer.digests()  # though it only met the older one
    with older.read() as session:
        assert session.get_one(Vehicle, id_).plate == "B-MW 1"
        assert session.get_one(Vehicle, id_).color is None
    updated = Records(older.engines, schema=newer.schema, runner=older._runner)
    assert updated.digests() == newer.digests()
    with updated.read() as session:
        assert session.get_one(Vehicle, id_).color == "red"


def test_nobody_else_on_the_machine_reads_the_file(tmp_path: Path) -> None:
    records = Records.open(tmp_path / "records.db")
    add(records)
    modes = {each.name: each.stat().st_mode & 0o077 for each in tmp_path.iterdir()}
    records.close()
    assert modes == {"records.db": 0, "records.db-wal": 0, "records.db-shm": 0}
