"""Clocking on and off, and what two terminals make of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.roles import Actor, Denied, Role
from core.people.staff import create_staff
from core.workshop.clock import (
    PunchView,
    Turn,
    clock_off,
    clocked_on,
    delete_punch,
    list_punches,
    open_punches,
    punch,
    restore_punch,
    switch,
)
from core.workshop.findings import CLOCK_WRONG, findings
from core.workshop.hours import HOUR_MS, hours, per_order
from core.workshop.orders import create_repair_order, delete_repair_order
from tests.core.people.desk import NOBODY, STARTED, Desk, desk_at, meet


def at_work(desk: Desk, name: str = "Tom") -> Desk:
    """The same desk with a technician at it."""
    tom = desk.do(create_staff, {"name": name, "role": "technician"})
    return Desk(desk.records, desk.clock, Actor("staff", tom.id, name, Role.TECHNICIAN))


def turn(desk: Desk, order: str, direction: str) -> dict[str, object]:
    return {"staff_id": desk.actor.id, "order_id": order, "direction": direction}


def test_on_and_off_and_on_to_the_next(desk: Desk) -> None:
    tom = at_work(desk)
    first, second = (desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(2))
    on = tom.do(punch, turn(tom, first, "in"))
    assert desk.see(clocked_on) == (on,)
    assert set(tom.problems(punch, turn(tom, first, "in"))) == {"direction"}
    assert set(tom.problems(punch, turn(tom, second, "in"))) == {"direction"}
    assert set(tom.problems(punch, turn(tom, second, "out"))) == {"direction"}
    off = tom.do(punch, turn(tom, first, "out"))
    assert on.at is not None
    assert off.at is not None
    assert on.at < off.at
    assert desk.see(clocked_on) == ()
    tom.do(punch, turn(tom, second, "in"))
    assert [each.order_id for each in desk.see(clocked_on, staff_id=tom.actor.id)] == [second]
    assert [each.id for each in desk.see(list_punches, order_id=first).items] == [off.id, on.id]
    assert desk.see(list_punches, staff_id=tom.actor.id, limit=2).after is not None


def test_nobody_clocks_another_nor_another_hour_but_who_may_correct(desk: Desk) -> None:
    tom, ann = at_work(desk), at_work(desk, "Ann")
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    with pytest.raises(Denied):
        ann.do(punch, turn(tom, order, "in"))
    with pytest.raises(Denied):
        tom.do(punch, {**turn(tom, order, "in"), "at": STARTED})
    assert set(desk.problems(punch, {**turn(tom, order, "in"), "at": STARTED + 10**9})) == {"at"}
    early = desk.do(punch, {**turn(tom, order, "in"), "at": STARTED})
    assert early.at == STARTED
    with pytest.raises(Denied):
        tom.do(delete_punch, early.id)
    desk.do(delete_punch, early.id)
    assert desk.see(clocked_on) == ()
    desk.do(restore_punch, early.id)
    assert desk.see(clocked_on) == (early,)


def test_from_one_job_to_the_next_in_one_go(desk: Desk) -> None:
    tom = at_work(desk)
    first, second = (desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(2))
    began = tom.do(switch, first)
    assert began.out == ()
    assert began.on is not None
    assert tom.do(switch, first) == Turn(), "who is on it stays on it"
    turn_ = tom.do(switch, second)
    assert tom.last is not None
    assert [each.order_id for each in turn_.out] == [first]
    assert turn_.on is not None
    assert turn_.on.at is not None
    assert turn_.out[0].at is not None
    assert turn_.on.at > turn_.out[0].at
    assert set(tom.last.rows["clock_punches"]) == {turn_.on.id, turn_.out[0].id}, "one change"
    assert [each.order_id for each in desk.see(clocked_on)] == [second]
    assert [each.order_id for each in tom.do(clock_off).out] == [second]
    assert tom.do(clock_off) == Turn()


def test_whose_clock_it_is(desk: Desk) -> None:
    tom, ann = at_work(desk), at_work(desk, "Ann")
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    with pytest.raises(Denied):
        ann.do(switch, order, staff_id=tom.actor.id)
    with pytest.raises(Denied):
        ann.do(clock_off, staff_id=tom.actor.id)
    assert desk.do(switch, order, staff_id=tom.actor.id).on is not None, "who may correct"
    tablet = Desk(desk.records, desk.clock, Actor("token", NOBODY, "Tablet", Role.TECHNICIAN))
    assert set(tablet.problems(switch, order)) == {"staff_id"}
    assert set(tom.problems(switch, NOBODY)) == {"order_id"}


def test_what_two_terminals_left_open_is_closed_by_the_next_switch(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    tom = at_work(here)
    orders = [here.do(create_repair_order, {"complaint": "x"}).id for _ in range(3)]
    meet(here, there)
    tom.do(switch, orders[0])
    away = Desk(there.records, there.clock, tom.actor)
    away.do(switch, orders[1])
    meet(here, there)
    assert len(here.see(clocked_on)) == 2
    assert len(tom.do(switch, orders[2]).out) == 2
    meet(here, there)
    assert [each.order_id for each in there.see(clocked_on)] == [orders[2]]


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    wrong = {"staff_id": NOBODY, "order_id": NOBODY, "direction": "sideways", "at": "noon", "hours": 8}
    assert set(desk.problems(punch, wrong)) == set(wrong)
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(punch, wrong)


def test_who_clocks_off_where_the_clock_is_behind_is_off(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    tom = at_work(here)
    order = here.do(create_repair_order, {"complaint": "x"}).id
    tom.do(punch, turn(tom, order, "in"))
    meet(here, there)
    there.clock.now = 1_230_768_000_000
    Desk(there.records, there.clock, tom.actor).do(punch, turn(tom, order, "out"))
    meet(here, there)
    assert here.see(clocked_on) == there.see(clocked_on) == ()


@pytest.mark.parametrize("said", [1_230_768_000_000, STARTED - 300 * 24 * HOUR_MS], ids=["2009", "a year behind"])
def test_hours_where_the_clock_is_wrong_are_as_long_as_they_were(two_desks: tuple[Desk, Desk], said: int) -> None:
    here, there = two_desks
    tom = at_work(here)
    orders = [here.do(create_repair_order, {"complaint": "x"}).id for _ in range(2)]
    tom.do(switch, orders[0])
    tom.do(clock_off)
    meet(here, there)
    there.clock.now = said
    away = Desk(there.records, there.clock, tom.actor)
    away.do(switch, orders[0])
    there.clock.now += HOUR_MS
    away.do(switch, orders[1])
    there.clock.now += 2 * HOUR_MS
    away.do(clock_off)
    meet(here, there)
    here.clock.now += 4 * HOUR_MS
    now = here.clock.now
    worked = per_order(here.see(hours, start=STARTED - 24 * HOUR_MS, end=now + 24 * HOUR_MS, until=now))
    assert [round(worked[each] / HOUR_MS, 1) for each in orders] == [1.0, 2.0]
    (found,) = here.see(findings, at=now)
    assert (found.kind, set(found.rows)) == (CLOCK_WRONG, set(orders))
    assert found.words == "Tom clocked on or off where the clock was wrong: look whether the hours are right."


def test_hours_that_nobody_can_know_are_shown_as_doubtful(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    tom = at_work(here)
    order = here.do(create_repair_order, {"complaint": "x"}).id
    tom.do(switch, order)
    meet(here, there)
    there.clock.now = STARTED - 300 * 24 * HOUR_MS
    Desk(there.records, there.clock, tom.actor).do(clock_off)
    meet(here, there)
    assert [each.kind for each in here.see(findings, at=here.clock.now)] == [CLOCK_WRONG]
    for each in here.see(list_punches).items:
        if each.doubtful:
            here.do(delete_punch, each.id)
    put_right = {"staff_id": tom.actor.id, "order_id": order, "direction": "out", "at": here.clock.now + 1000}
    here.do(punch, put_right)
    assert here.see(findings, at=here.clock.now) == ()


def test_a_clock_that_cannot_be_right_refuses_no_time_that_is_typed(desk: Desk) -> None:
    tom = at_work(desk)
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    desk.clock.now = 1_230_768_000_000
    typed = {"staff_id": tom.actor.id, "order_id": order, "direction": "in", "at": STARTED + 3 * HOUR_MS}
    assert desk.do(punch, typed).clock_said is None


def test_the_same_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        tom = at_work(desk)
        order = desk.do(create_repair_order, {"complaint": "x"}).id
        tom.do(punch, turn(tom, order, "in"))
        tom.do(punch, turn(tom, order, "out"))
        last = tom.do(punch, turn(tom, order, "in"))
        assert desk.see(clocked_on) == (last,)
        first = desk.see(list_punches, limit=2)
        assert len(desk.see(list_punches, limit=2, after=first.after).items) == 1
    finally:
        desk.records.close()


PUNCHES = st.lists(
    st.builds(
        PunchView,
        id=st.uuids(version=4).map(str),
        staff_id=st.sampled_from(["tom", "ann"]),
        order_id=st.sampled_from(["1", "2", "3"]),
        direction=st.sampled_from(["in", "out"]),
        at=st.integers(0, 5),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(PUNCHES, st.randoms(use_true_random=False))
def test_who_is_on_depends_on_the_punches_and_not_on_how_they_came(punches: list[PunchView], dice: object) -> None:
    shuffled = list(punches)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    open_ = open_punches(shuffled)
    assert open_ == open_punches(punches)
    for each in open_:
        assert each.direction == "in"
        later = [other for other in punches if (other.at, other.id) > (each.at, each.id)]
        assert not any((other.staff_id, other.order_id) == (each.staff_id, each.order_id) for other in later)


def test_who_works_on_an_order_that_is_deleted_gets_off_it(desk: Desk) -> None:
    tom = at_work(desk)
    first, second = (desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(2))
    tom.do(switch, first)
    desk.do(delete_repair_order, first)
    made = tom.do(switch, second)
    assert ([each.order_id for each in made.out], made.on is not None) == ([first], True)
    desk.do(delete_repair_order, second)
    tom.do(clock_off)
    assert desk.see(clocked_on) == ()


def test_nobody_is_clocked_before_the_hour_and_a_wrong_punch_that_was_deleted_stops_no_clock(desk: Desk) -> None:
    tom = at_work(desk)
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    tonight = {**turn(tom, order, "out"), "at": desk.clock.now + 5 * HOUR_MS}
    assert set(desk.problems(punch, tonight)) == {"at"}
    wrong = desk.do(punch, {**tonight, "at": desk.clock.now + 10 * 60_000})
    desk.do(delete_punch, wrong.id)
    on = tom.do(switch, order).on
    assert on is not None
    assert on.at is not None
    assert on.at <= desk.clock.now
