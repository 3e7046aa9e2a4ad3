"""Hours come out of punches: whatever order these come in, overlapping, open or without their other half."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.people.roles import Actor, Role
from core.people.staff import create_staff
from core.workshop.clock import PunchView
from core.workshop.estimate_models import LineDecision
from core.workshop.hours import (
    HOUR_MS,
    Stretch,
    by_day,
    day_began,
    hours,
    order_times,
    per_order,
    per_person,
    shared,
    stretches,
    within,
)
from core.workshop.lines import create_line
from core.workshop.models import ClockPunch, RepairOrder
from core.workshop.orders import create_repair_order
from tests.core.people.desk import STARTED, Desk
from tests.core.workshop.test_clock import PUNCHES

BERLIN = ZoneInfo("Europe/Berlin")
UTC = dt.UTC


def at(text: str) -> int:
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


def punched(*punches: tuple[str, str, str, int]) -> list[PunchView]:
    return [PunchView(f"p{n}", who, what, way, when) for n, (who, what, way, when) in enumerate(punches)]


def test_in_until_out_and_open_until_now() -> None:
    punches = punched(("tom", "1", "in", 10), ("tom", "1", "out", 30), ("tom", "2", "in", 30))
    assert stretches(punches, 50) == (Stretch("tom", "1", 10, 30), Stretch("tom", "2", 30, 50, True))


def test_in_and_out_at_one_moment_is_no_time_and_not_open() -> None:
    both = [PunchView("1", "tom", "a", "in", 100), PunchView("2", "tom", "a", "out", 100)]
    assert stretches(both, 900) == stretches(both[::-1], 900) == ()
    again = [PunchView("3", "tom", "a", "out", 100), PunchView("4", "tom", "a", "in", 100)]
    assert stretches(again, 900) == (Stretch("tom", "a", 100, 900, open=True),)


def test_halves_and_doubles_after_a_merge() -> None:
    alone = punched(("tom", "1", "out", 5), ("tom", "1", "in", 10), ("tom", "1", "in", 20), ("tom", "1", "out", 30))
    assert stretches(alone, 99) == (Stretch("tom", "1", 10, 30),), "the first in counts, an out alone does not"
    assert stretches([PunchView("x", None, None, None, None), PunchView("y", "tom", "1", "in", None)], 9) == ()
    both = punched(("tom", "1", "in", 10), ("tom", "1", "out", 10))
    assert stretches(both, 99) == (), "in and out of one moment is no time, as clocked_on has it"
    both = punched(("tom", "1", "out", 10), ("tom", "1", "in", 10))
    assert stretches(both, 99)[0].open, "out first, and in after it"


def test_on_two_orders_at_once_each_gets_its_share() -> None:
    worked = (Stretch("tom", "1", 0, 10), Stretch("tom", "2", 5, 20), Stretch("ann", "1", 0, 10))
    parts = per_order(by_day(shared(worked), UTC))
    assert parts == {"1": 10 + 5 + 3 - 1, "2": 3 + 10}
    assert per_person(by_day(shared(worked), UTC)) == {("tom", "1970-01-01"): 20, ("ann", "1970-01-01"): 10}


def test_a_night_shift_belongs_to_two_days_where_the_shop_is() -> None:
    start, end = at("2026-03-28T22:00:00+01:00"), at("2026-03-29T06:00:00+02:00")
    days = {each.day: each.ms for each in by_day([Stretch("tom", "1", start, end)], BERLIN)}
    assert days == {"2026-03-28": 2 * HOUR_MS, "2026-03-29": 5 * HOUR_MS}, "the clocks went forward that night"
    assert day_began(end, BERLIN) == at("2026-03-29T00:00:00+01:00")


def test_cut_to_a_day_of_which_an_end_is_not_here() -> None:
    open_ = Stretch("tom", "1", 0, 100, True)
    assert within([open_], 50, 80) == (Stretch("tom", "1", 50, 80, False),), "at 80 it had not ended, nor is it now"
    assert within([open_], 50, 100) == (Stretch("tom", "1", 50, 100, True),)
    assert within([open_], 200, 300) == ()


@given(PUNCHES, st.randoms(use_true_random=False))
def test_sums_come_to_the_same_however_punches_came_and_no_hour_counts_twice(
    punches: list[PunchView], dice: object
) -> None:
    shuffled = list(punches)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    worked = stretches(shuffled, 9)
    assert worked == stretches(punches, 9)
    parts = by_day(shared(worked), UTC)
    assert sum(per_order(parts).values()) == sum(per_person(parts).values())
    for (person, _), ms in per_person(parts).items():
        covered = {t for each in worked if each.staff_id == person for t in range(each.start, each.end)}
        assert ms == len(covered)


def punch_row(desk: Desk, person: str, order: str, way: str, when: int) -> None:
    row = ClockPunch(staff_id=person, order_id=order, direction=way, at=when)
    desk.records.change("system", lambda session: session.add(row))


def technician(desk: Desk, name: str) -> str:
    return Actor("staff", desk.do(create_staff, {"name": name, "role": "technician"}).id, name, Role.TECHNICIAN).id


def test_hours_of_a_day_from_the_records(desk: Desk) -> None:
    tom, ann = technician(desk, "Tom"), technician(desk, "Ann")
    one, other = (desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(2))
    eight = STARTED - STARTED % (24 * HOUR_MS) + 8 * HOUR_MS
    for person, order, way, hour in (
        (tom, one, "in", -10),  # the evening before, over midnight
        (tom, one, "out", -7),
        (tom, one, "in", 0),
        (tom, one, "out", 2),
        (tom, other, "in", 2),
        (ann, other, "in", 1),
        (ann, other, "out", 4),
    ):
        punch_row(desk, person, order, way, eight + hour * HOUR_MS)
    day = eight - 8 * HOUR_MS
    found = desk.see(hours, start=day, end=day + 24 * HOUR_MS, until=eight + 3 * HOUR_MS, here=UTC)
    sums = {(each.staff_id, each.order_id): each.ms // HOUR_MS for each in found}
    assert sums == {(tom, one): 1 + 2, (tom, other): 1, (ann, other): 3}
    assert [(each.staff_id, each.order_id) for each in found if each.open] == [(tom, other)]
    alone = desk.see(hours, start=day, end=day + 24 * HOUR_MS, until=eight, staff_id=ann, here=UTC)
    assert {each.staff_id for each in alone} <= {ann}


def test_estimated_against_actual(desk: Desk) -> None:
    tom = technician(desk, "Tom")
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    guessed = desk.do(create_repair_order, {"complaint": "y"}).id
    plain = desk.do(create_repair_order, {"complaint": "z"}).id

    def guess(session: object) -> None:
        session.get_one(RepairOrder, guessed).expected_hours = 1500  # type: ignore[attr-defined]

    desk.records.change("system", guess)
    for quantity in (2000, 500):
        line = desk.do(
            create_line, {"order_id": order, "kind": "labour", "description": "Pads", "quantity": quantity}
        ).id
    desk.do(create_line, {"order_id": order, "kind": "part", "description": "Pads", "quantity": 4000})
    declined = LineDecision(order_id=order, line_id=line, decision="declined", decided_at=5)
    desk.records.change("system", lambda session: session.add(declined))
    punch_row(desk, tom, order, "in", STARTED)
    times = desk.see(order_times, [order, guessed, plain], until=STARTED + HOUR_MS)
    assert times[order].estimated == 2 * HOUR_MS, "what was declined takes no time"
    assert (times[order].actual, times[order].left, times[order].on) == (HOUR_MS, HOUR_MS, (tom,))
    assert (times[guessed].estimated, times[guessed].left) == (3 * HOUR_MS // 2, 3 * HOUR_MS // 2)
    assert (times[plain].estimated, times[plain].left, times[plain].on) == (None, None, ())


def test_an_overlap_with_an_order_that_is_not_asked_for_is_shared_too(desk: Desk) -> None:
    tom = technician(desk, "Tom")
    one, other = (desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(2))
    for order in (one, other):
        punch_row(desk, tom, order, "in", STARTED)
        punch_row(desk, tom, order, "out", STARTED + 2 * HOUR_MS)
    assert desk.see(order_times, [one], until=STARTED + 9 * HOUR_MS)[one].actual == HOUR_MS


def test_many_orders_take_as_many_statements_as_one(desk: Desk) -> None:
    tom = technician(desk, "Tom")
    made = [desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(10)]
    for n, order in enumerate(made):
        punch_row(desk, tom, order, "in", STARTED + n)
        punch_row(desk, tom, order, "out", STARTED + n + 1)
    many = desk.statements(order_times, made, until=STARTED + 99)
    assert len(many) == len(desk.statements(order_times, made[:1], until=STARTED + 99)) == 4
