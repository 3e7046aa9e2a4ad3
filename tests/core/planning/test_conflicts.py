"""What does not fit is found, whatever order the blocks come in."""

import random
from collections.abc import Callable
from dataclasses import replace

from core.planning.conflicts import Known, find_conflicts
from core.planning.schedule_views import ALLOCATION, APPOINTMENT, Block, Job


def block(
    id_: str, start: int, end: int, *, order: str = "", bay: str | None = None, staff: str | None = None,
    vehicle: str | None = None, kind: str = ALLOCATION, sound: bool = True, skills: str | None = None,
    equipment: str | None = None,
) -> Block:  # fmt: skip
    job = Job(order or id_, vehicle_id=vehicle, skills=skills, equipment=equipment)
    return Block(kind, id_, start, end, job, bay, staff, bay or "", staff or "", sound=sound)


def kinds(*blocks: Block, known: Known | None = None) -> dict[str, set[str]]:
    some = list(blocks)
    found = find_conflicts(some, known or Known())
    random.Random(7).shuffle(some)
    again = find_conflicts(some, known or Known())
    assert again == found, "the order they come in is no matter"
    return {id_: {each.kind for each in conflicts} for id_, conflicts in found.items()}


def test_one_bay_at_one_time_and_what_only_touches_is_fine() -> None:
    assert kinds(block("a", 0, 10, bay="1"), block("b", 9, 20, bay="1")) == {"a": {"bay"}, "b": {"bay"}}
    assert kinds(block("a", 0, 10, bay="1"), block("b", 10, 20, bay="1")) == {}
    assert kinds(block("a", 0, 10, bay="1"), block("b", 0, 10, bay="2")) == {}


def test_what_is_finished_clashes_with_nothing() -> None:
    over = replace(block("a", 0, 10, bay="1", skills="brakes"), job=Job("a", status="delivered", skills="brakes"))
    assert kinds(over, block("b", 5, 20, bay="1")) == {}


def test_a_long_block_clashes_with_each_one_in_it() -> None:
    found = find_conflicts([block("a", 0, 99, bay="1"), *(block(f"{n}", n, n + 1, bay="1") for n in (5, 50))], Known())
    assert found["a"][0].others == ("5", "50")
    assert found["5"][0].others == ("a",)


def test_two_people_at_one_vehicle_in_one_bay_work_together() -> None:
    tom, eva = block("a", 0, 10, order="x", bay="1", staff="tom"), block("b", 0, 10, order="x", bay="1", staff="eva")
    assert kinds(tom, eva) == {}
    assert kinds(tom, block("b", 0, 10, order="x", bay="1", staff="tom")) == {
        "a": {"bay", "person"},
        "b": {"bay", "person"},
    }


def test_one_person_and_one_vehicle_are_in_one_place() -> None:
    assert kinds(block("a", 0, 10, staff="tom"), block("b", 5, 9, staff="tom")) == {"a": {"person"}, "b": {"person"}}
    assert kinds(block("a", 0, 10, bay="1", vehicle="v"), block("b", 5, 9, bay="2", vehicle="v")) == {
        "a": {"vehicle"},
        "b": {"vehicle"},
    }
    assert kinds(block("a", 0, 10, bay="1", vehicle="v"), block("b", 5, 9, staff="tom", vehicle="v")) == {}


def test_shifts_count_only_for_who_has_some() -> None:
    known = Known(on_shift={"tom": ((0, 10),)})
    assert kinds(block("a", 5, 11, staff="tom"), known=known) == {"a": {"shift"}}
    assert kinds(block("a", 0, 10, staff="tom"), known=known) == {}
    assert kinds(block("a", 5, 99, staff="eva"), known=known) == {}


def test_what_takes_days_begins_and_ends_on_shift_and_rests_at_night() -> None:
    hour = 3_600_000
    known = Known(on_shift={"tom": ((8 * hour, 16 * hour), (32 * hour, 40 * hour))})
    assert kinds(block("a", 8 * hour, 40 * hour, staff="tom"), known=known) == {}
    assert kinds(block("a", 7 * hour, 40 * hour, staff="tom"), known=known) == {"a": {"shift"}}
    assert kinds(block("a", 8 * hour, 41 * hour, staff="tom"), known=known) == {"a": {"shift"}}


def test_who_is_away_is_not_also_said_to_be_off_shift() -> None:
    known = Known(on_shift={"tom": ((0, 5),)}, away={"tom": ((4, 99),), "1": ((4, 99),)})
    assert kinds(block("a", 3, 8, staff="tom", bay="1"), known=known) == {"a": {"away", "out_of_use"}}


def test_what_it_takes_is_held_against_what_there_is() -> None:
    known = Known(words={"tom": "Brakes", "1": "pit"})
    wanted = block("a", 0, 1, staff="tom", bay="1", skills="brakes, tyres", equipment="four-post lift")
    [skill, equipment] = find_conflicts([wanted], known)["a"]
    assert (skill.kind, skill.missing) == ("skill", "tyres")
    assert "tyres" in skill.words
    assert equipment.missing == "four-post lift"
    assert kinds(block("a", 0, 1, staff="tom", skills="BRAKES"), known=known) == {}


def test_a_vehicle_that_is_to_come_twice_a_day() -> None:
    day = 86_400_000
    coming: Callable[[str, int], Block] = lambda id_, at: block(id_, at, at + 1, vehicle="v", kind=APPOINTMENT)  # noqa: E731
    assert kinds(coming("a", 0), coming("b", day - 2)) == {"a": {"vehicle_twice"}, "b": {"vehicle_twice"}}
    assert kinds(coming("a", 0), coming("b", day)) == {}


def test_ends_that_were_moved_apart_are_shown() -> None:
    assert kinds(block("a", 10, 11, bay="1", sound=False)) == {"a": {"times"}}
