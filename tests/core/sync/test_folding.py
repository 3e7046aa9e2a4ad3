"""The log gets shorter only by what everybody has; rows stay, and those who were there notice nothing."""

from pathlib import Path

from core.records.folding import fold
from core.sync import repairing
from tests.core.sync.two import Bench, Wire, alike

ALL = 1 << 60


def test_nothing_goes_that_somebody_lacks(one: Bench, two: Bench) -> None:
    one.add_vehicle("B-1")
    one.meet(two)
    one.add_vehicle("B-2")
    assert one.records.keep(lambda connection: fold(connection, [two.records.vector()], ALL)) == 1
    assert two.meet(one).pulled == 1
    assert alike(one, two)


def test_nothing_young_goes_though_everybody_has_it(one: Bench, two: Bench) -> None:
    one.add_vehicle("old")
    middle = one.clock.now + 500
    one.add_vehicle("young")
    one.meet(two)
    assert one.records.keep(lambda connection: fold(connection, [two.records.vector()], middle)) == 1


def test_writing_and_meeting_go_on_as_before(one: Bench, two: Bench) -> None:
    id_ = one.add_vehicle(color="red")
    one.meet(two)
    for each in (one, two):
        each.records.keep(lambda connection: fold(connection, [], ALL))
    one.edit(id_, color="blue")
    two.edit(id_, plate="new")
    assert one.meet(two).in_step
    assert alike(one, two)
    assert (two.vehicle(id_).color, one.vehicle(id_).plate) == ("blue", "new")


def test_a_row_that_differs_is_made_anew_from_the_log_and_never_taken_over(two: Bench, three: Bench) -> None:
    id_ = two.add_vehicle(color="red")
    two.edit(id_, color="blue")
    three.meet(two)
    raw = two.records.engines.writer.raw_connection().driver_connection
    assert raw is not None
    raw.execute("UPDATE vehicles SET color = 'rotten', row_hash = 7")
    two.clock.now += 3_600_000
    result = two.meet(three)
    assert result.repaired == 1
    assert result.differs == ()
    assert two.vehicle(id_).color == "blue"
    assert alike(two, three)


def test_a_row_that_differs_at_the_other_is_reported_until_the_other_has_mended_it(two: Bench, three: Bench) -> None:
    id_ = two.add_vehicle(color="red")
    three.meet(two)
    raw = two.records.engines.writer.raw_connection().driver_connection
    assert raw is not None
    raw.execute("UPDATE vehicles SET color = 'rotten', row_hash = 7")
    three.clock.now += 3_600_000
    assert three.meet(two).differs == ("vehicles",)
    assert three.vehicle(id_).color == "red"
    two.clock.now += 3_600_000
    two.meet(three)
    three.clock.now += 3_600_000
    assert three.meet(two).differs == ()


def test_rows_are_not_made_anew_from_a_log_that_was_shortened(two: Bench, three: Bench, tmp_path: Path) -> None:
    id_ = two.add_vehicle(color="red")
    three.meet(two)
    two.records.keep(lambda connection: fold(connection, [], ALL))
    assert repairing.repair(two.records, Wire(three.exchange, "two"), "vehicles") == 0
    assert two.vehicle(id_).color == "red"
