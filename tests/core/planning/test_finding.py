"""The next free time, against trying every moment one by one."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.planning.absences import create_absence
from core.planning.finding import Found, free_slots, next_free
from core.planning.intervals import Span, merged
from core.records.input import Refused
from tests.core.people.desk import Desk, desk_at, meet
from tests.core.planning.stage import HERE, MONDAY, Shop, clock, shop

TUESDAY = MONDAY + dt.timedelta(days=1)
spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4).map(merged)


Spans = list[tuple[str, tuple[Span, ...]]]


def brute(
    people: Spans, bays: Spans, duration: int, after: int, *, count: int, grid: int
) -> list[tuple[int, str, str]]:
    """Every moment of the grid, every bay, every person, every minute of the job."""

    def holds(free: tuple[Span, ...], minute: int) -> bool:
        return any(start <= minute < end for start, end in free)

    found: list[tuple[int, str, str]] = []
    earliest = after
    for start in range(0, 80, grid):
        if start < earliest or len(found) == count:
            continue
        job = range(start, start + duration)
        pairs = [
            (start, bay, person)
            for bay, open_ in bays
            for person, free in people
            if all(holds(open_, minute) and holds(free, minute) for minute in job)
        ]
        if pairs:
            found.append(pairs[0])
            earliest = start + duration
    return found


@settings(max_examples=300, deadline=None)
@given(
    st.lists(spans, max_size=3),
    st.lists(spans, max_size=3),
    st.integers(1, 20),
    st.integers(0, 30),
    st.tuples(st.integers(1, 4), st.sampled_from([1, 5])),
)
def test_it_is_what_trying_every_moment_finds(
    people: list[Any], bays: list[Any], duration: int, after: int, how: tuple[int, int]
) -> None:
    count, grid = how
    some = [(f"person {number}", free) for number, free in enumerate(people)]
    places = [(f"bay {number}", free) for number, free in enumerate(bays)]
    found = free_slots(some, places, duration, after, count=count, grid=grid)
    assert found == brute(some, places, duration, after, count=count, grid=grid)


def ask(here: Shop, minutes: int = 120, **more: Any) -> Found:
    return here.desk.see(next_free, minutes=minutes, now=clock("7:00"), here=HERE, **more)


def when(found: Found) -> list[tuple[str, str, str]]:
    return [
        (f"{dt.datetime.fromtimestamp(each.start / 1000, HERE):%a %H:%M}", each.bay, each.staff) for each in found.slots
    ]


def test_two_hours_on_a_four_post_lift_with_someone_who_does_brakes(desk: Desk) -> None:
    here = shop(desk)
    here.set_aside(here.order("B-1"), "8:00", "11:00", bay_id=here.lift)
    here.set_aside(here.order("B-2"), "8:00", "13:30", staff_id=here.tom)
    here.set_aside(here.order("B-3"), "12:00", "16:00", staff_id=here.eva)
    found = ask(here, skills="Brakes", equipment="four-post lift")
    assert when(found) == [
        ("Mon 13:30", "Bay 1", "Tom"),  # from 11 to 12 there is an hour only
        ("Tue 08:00", "Bay 1", "Tom"),
        ("Tue 10:00", "Bay 1", "Tom"),
    ]


def test_who_has_other_skills_is_kept_for_them(desk: Desk) -> None:
    here = shop(desk)
    assert when(ask(here, 60, skills="brakes", count=1)) == [("Mon 08:00", "Bay 2", "Tom")]
    assert when(ask(here, 60, skills="tyres", count=1)) == [("Mon 08:00", "Bay 2", "Eva")]


def test_nobody_is_found_while_away_and_no_bay_while_out_of_use(desk: Desk) -> None:
    here = shop(desk)
    day = {"starts_at": clock("0:00"), "ends_at": clock("0:00", TUESDAY)}
    desk.do(create_absence, {"staff_id": here.tom, "kind": "sick", **day})
    desk.do(create_absence, {"bay_id": here.pit, "kind": "repair", "starts_at": clock("0:00")})
    assert when(ask(here, 60, skills="brakes", count=1)) == [("Mon 08:00", "Bay 1", "Eva")]
    assert ask(here, 60, equipment="pit").slots == ()


def test_it_begins_on_a_quarter_and_after_what_was_asked(desk: Desk) -> None:
    here = shop(desk)
    assert when(ask(here, 30, after=clock("9:01"), count=2)) == [
        ("Mon 09:15", "Bay 2", "Tom"),
        ("Mon 09:45", "Bay 2", "Tom"),
    ]
    assert ask(here, 60, after=clock("15:30"), before=clock("16:00")).slots == ()


def test_why_there_is_nothing_is_said(desk: Desk) -> None:
    here = shop(desk, shifts=False)
    assert "shift" in ask(here).why
    assert "paint" in ask(here, skills="paint").why
    assert "crane" in ask(here, equipment="crane").why
    assert "Settings" in desk_at().see(next_free, minutes=60, now=clock("7:00"), here=HERE).why


@pytest.mark.parametrize(
    ("wrong", "field"), [({"minutes": 0}, "minutes"), ({"count": 99}, "count"), ({"before": 1 << 60}, "before")]
)
def test_what_cannot_be_asked_is_refused(desk: Desk, wrong: dict[str, int], field: str) -> None:
    here = shop(desk)
    with pytest.raises(Refused) as refused:
        ask(here, **wrong)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize("blocks", [2, 40])
def test_it_asks_five_statements_however_much_is_booked(desk: Desk, blocks: int) -> None:
    here = shop(desk)
    order = here.order()
    for _ in range(blocks):
        here.set_aside(order, "8:00", "9:00", bay_id=here.lift)
    assert len(desk.statements(next_free, minutes=60, now=clock("7:00"), here=HERE)) == 5


def test_two_terminals_may_give_out_one_slot_and_the_next_question_knows(two_desks: tuple[Desk, Desk]) -> None:
    one, other = two_desks
    here = shop(one)
    meet(one, other)
    there = Shop(other, here.lift, here.pit, here.tom, here.eva)
    for side in (here, there):
        slot = ask(side, 60, skills="tyres", count=1).slots[0]
        side.set_aside(side.order(), "8:00", "9:00", bay_id=slot.bay_id, staff_id=slot.staff_id)
    meet(one, other)
    assert ask(here, 60, skills="tyres", count=1).slots == ask(there, 60, skills="tyres", count=1).slots
    assert when(ask(here, 60, skills="tyres", count=1))[0][0] == "Mon 09:00"
