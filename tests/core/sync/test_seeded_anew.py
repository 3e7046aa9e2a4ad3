"""Whoever is seeded anew keeps what only it has: after an old disk was put back, and when power fails in the middle."""

from pathlib import Path

import pytest
from sqlalchemy import event

from core.records.folding import fold
from core.sync.exchange import Exchange
from core.sync.messages import Message, TransportError
from core.sync.seeding import load_snapshot, write_snapshot
from core.workshop.models import RepairOrder
from tests.core.sync.two import Bench, Wire, alike


class PowerCutError(Exception):
    """Everything stops here."""


def _orders(bench: Bench) -> set[str | None]:
    with bench.records.read() as session:
        return {order.number for order in session.query(RepairOrder)}


def _let_go(bench: Bench) -> None:
    vectors = [bench.records.vector()]
    assert bench.records.keep(lambda connection: fold(connection, vectors, 1 << 62))


def _seed(giver: Bench, taker: Bench, path: Path) -> None:
    write_snapshot(giver.records, path)
    load_snapshot(taker.records, path)


def test_an_old_disk_that_has_written_other_changes_under_the_same_numbers_keeps_them(
    one: Bench, two: Bench, tmp_path: Path
) -> None:
    """The numbers of what was let go of and of what was written since are the same; the rows tell them apart."""
    two.add_order(number="before")
    old = two.copied("old")
    for number in ("lost with the disk", "and another"):
        two.add_order(number=number)
    one.meet(two)
    _let_go(one)
    old.add_order(number="written on the old disk")

    result = old.meet(one)
    assert result.must_reseed
    _seed(one, old, tmp_path / "snapshot")

    everything = {"before", "lost with the disk", "and another", "written on the old disk"}
    assert _orders(old) == everything
    assert old.meet(one).in_step
    assert _orders(one) == everything
    assert alike(one, old)


def test_who_has_let_go_of_a_branch_is_not_seeded_by_whom_has_another(one: Bench, two: Bench) -> None:
    """Its rows alone know that branch by now."""
    two.add_order(number="before")
    old = two.copied("old")
    two.add_order(number="lost with the disk")
    one.meet(two)
    _let_go(one)
    old.add_order(number="written on the old disk")
    assert not one.meet(old).must_reseed


def test_power_that_fails_while_it_is_seeded_loses_nothing(one: Bench, two: Bench, tmp_path: Path) -> None:
    one.add_order(number="theirs")
    two.add_order(number="mine")
    write_snapshot(one.records, tmp_path / "snapshot")
    at = 0

    def count(*_: object) -> None:
        nonlocal at
        at -= 1
        if at == 0:
            raise PowerCutError

    event.listen(two.records.engines.writer, "before_cursor_execute", count)
    for cut in range(1, 400, 7):
        at = cut
        try:
            load_snapshot(two.records, tmp_path / "snapshot")
        except PowerCutError:
            assert _orders(two) == {"mine"}
        else:
            break
    else:
        pytest.fail("the seed never came through")
    assert _orders(two) == {"mine", "theirs"}


def test_the_clock_of_the_giver_comes_along_when_the_log_does_not(one: Bench, two: Bench, tmp_path: Path) -> None:
    """Or the next change here would be older than what it changes, and not be seen."""
    one.clock.now = 2_100_000_000_000
    order = one.add_order(number="of 2036", status="booked")
    one.clock.now = 1_800_000_000_000
    _let_go(one)
    _seed(one, two, tmp_path / "snapshot")
    two.change(lambda session: setattr(session.get_one(RepairOrder, order), "number", "of today"))
    assert two.order(order).number == "of today"
    assert two.meet(one).in_step
    assert one.order(order).number == "of today"


def test_what_another_branch_counts_is_not_taken_for_what_is_here(one: Bench, two: Bench) -> None:
    """A disk that was put back is told of numbers it has since used otherwise: nobody has what it wrote."""
    two.add_order(number="before")
    old = two.copied("old")
    two.add_order(number="lost with the disk")
    one.meet(two)
    old.add_order(number="written on the old disk")
    one.exchange.peers.forget(two.name)
    with pytest.raises(TransportError):  # the line is cut after both have said hello
        Exchange(one.records, device=one.name).round(_OnlyHello(Wire(old.exchange, one.name)))
    vector = old.exchange.peers.all()[one.name].vector
    assert old.records.keep(lambda connection: fold(connection, [vector], 1 << 62)) == 0


class _OnlyHello:
    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def request(self, kind: str, message: Message) -> Message:
        if kind != "hello":
            raise TransportError("cut")
        return self.wire.request(kind, message)
