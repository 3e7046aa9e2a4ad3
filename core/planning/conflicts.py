"""What on a schedule does not fit: found by looking at the blocks, however they came to be. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from core.planning.allocations import FINISHED
from core.planning.intervals import Span, both, without
from core.planning.local_days import MINUTE_MS, day_of
from core.planning.schedule_views import ALLOCATION, APPOINTMENT, Block, Conflict
from core.planning.shifts import LONGEST_MIN
from core.planning.skills import missing


@dataclass(frozen=True, slots=True)
class Known:
    """What blocks are held against. All by the id of a bay or person.

    ``on_shift``: only of who has shifts at all: of others nobody said when they work. ``words``: skills, equipment.
    """

    on_shift: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    away: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    here: dt.tzinfo = dt.UTC


def find_conflicts(blocks: Iterable[Block], known: Known) -> dict[str, tuple[Conflict, ...]]:
    """What does not fit, by the id of the block; blocks that fit are left out. The order of ``blocks`` is no matter."""
    some = sorted(blocks, key=lambda each: (each.start, each.id))
    # What is finished needs its time no longer: it clashes with nothing, and nothing about it wants to be put right.
    set_aside = [each for each in some if each.kind == ALLOCATION and each.job.status not in FINISHED]
    found: dict[str, list[Conflict]] = defaultdict(list)
    _clashes(found, set_aside, "bay", lambda each: each.bay_id, _fights_for_bay)
    _clashes(found, set_aside, "person", lambda each: each.staff_id, lambda one, other: True)
    _clashes(found, set_aside, "vehicle", lambda each: each.job.vehicle_id, _in_two_bays)
    for each in set_aside:
        found[each.id] += _alone(each, known)
    _twice_a_day(found, some, known.here)
    return {id_: tuple(conflicts) for id_, conflicts in found.items() if conflicts}


def _fights_for_bay(one: Block, other: Block) -> bool:
    """Two people at one vehicle in one bay are at work together."""
    together = one.job.order_id == other.job.order_id and one.job.order_id is not None
    return not (together and one.staff_id and other.staff_id and one.staff_id != other.staff_id)


def _in_two_bays(one: Block, other: Block) -> bool:
    return bool(one.bay_id and other.bay_id and one.bay_id != other.bay_id)


def _clashes(
    found: dict[str, list[Conflict]],
    blocks: list[Block],
    kind: str,
    of: Callable[[Block], str | None],
    fights: Callable[[Block, Block], bool],
) -> None:
    """Blocks, sorted by their beginning, that want the same thing at the same time."""
    groups: dict[str, list[Block]] = defaultdict(list)
    for each in blocks:
        if key := of(each):
            groups[key].append(each)
    for group in groups.values():
        others: dict[str, list[str]] = defaultdict(list)
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                if other.start >= one.end:
                    break
                if fights(one, other):
                    others[one.id].append(other.id)
                    others[other.id].append(one.id)
        for each in group:
            if each.id in others:
                name = each.staff if kind == "person" else each.bay
                found[each.id].append(Conflict(kind, name, others=tuple(others[each.id])))


def _alone(block: Block, known: Known) -> list[Conflict]:
    """What is wrong with a block whatever else there is."""
    span, wrong = (block.start, block.end), []
    if not block.sound:
        wrong.append(Conflict("times"))
    if block.staff_id:
        if both([span], known.away.get(block.staff_id, ())):
            wrong.append(Conflict("away", block.staff))
        elif block.staff_id in known.on_shift and _off_shift(span, known.on_shift[block.staff_id]):
            wrong.append(Conflict("shift", block.staff))
        if lacks := missing(block.job.skills, known.words.get(block.staff_id)):
            wrong.append(Conflict("skill", block.staff, ", ".join(lacks)))
    if block.bay_id:
        if both([span], known.away.get(block.bay_id, ())):
            wrong.append(Conflict("out_of_use", block.bay))
        if lacks := missing(block.job.equipment, known.words.get(block.bay_id)):
            wrong.append(Conflict("equipment", block.bay, ", ".join(lacks)))
    return wrong


def _off_shift(span: Span, shifts: tuple[Span, ...]) -> bool:
    """Whether some of it is outside of the shifts; of what takes days, only whether it begins or ends outside."""
    if span[1] - span[0] <= LONGEST_MIN * MINUTE_MS:
        return bool(without([span], shifts))
    return not all(both([end], shifts) for end in ((span[0], span[0] + 1), (span[1] - 1, span[1])))


def _twice_a_day(found: dict[str, list[Conflict]], blocks: list[Block], here: dt.tzinfo) -> None:
    """A vehicle that is to come twice on one day: mostly two people took the same call."""
    days: dict[tuple[str, dt.date], list[Block]] = defaultdict(list)
    for each in blocks:
        if each.kind == APPOINTMENT and each.job.vehicle_id:
            days[each.job.vehicle_id, day_of(each.start, here)].append(each)
    for group in days.values():
        for each in group if len(group) > 1 else ():
            others = tuple(other.id for other in group if other is not each)
            found[each.id].append(Conflict("vehicle_twice", others=others))
