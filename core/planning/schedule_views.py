"""What a schedule shows: rows of bays or people with blocks of time, what waits in the tray, and what does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from core.language import mark, tr
from core.planning.intervals import Span

ALLOCATION, APPOINTMENT = "allocation", "appointment"

# What may be wrong with a block. Shown on it, never refused: two terminals that were apart may both have been right.
CONFLICTS: Mapping[str, str] = {
    "bay": mark("Booked twice"),
    "person": mark("{name} booked twice"),
    "vehicle": mark("Vehicle in two places"),
    "vehicle_twice": mark("Vehicle booked twice that day"),
    "shift": mark("{name} is not on shift"),
    "away": mark("{name} is away"),
    "out_of_use": mark("{name} is out of use"),
    "skill": mark("{name} lacks: {missing}"),
    "equipment": mark("{name} lacks: {missing}"),
    "times": mark("Ends before it begins"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """``kind`` is a key of ``CONFLICTS``; ``name``: of the bay or person; ``missing``: words by comma; ``others``: the
    ids of the blocks it clashes with.
    """

    also: ClassVar[tuple[str, ...]] = ("words",)  # what is told beside the fields

    kind: str
    name: str = ""
    missing: str = ""
    others: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What does not fit, in the language in use."""
        return tr(CONFLICTS[self.kind], name=self.name or tr("Somebody"), missing=self.missing)


@dataclass(frozen=True, slots=True)
class Job:
    """What a block is about. ``vehicle``: make and model; ``title``: the first line of what is asked."""

    order_id: str | None = None
    number: str | None = None
    status: str | None = None
    vehicle_id: str | None = None
    plate: str | None = None
    vehicle: str = ""
    customer: str | None = None
    title: str = ""
    promised_at: int | None = None
    skills: str | None = None
    equipment: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Time on the schedule, UTC milliseconds: an allocation, or an appointment for which nothing is set aside yet.

    ``status``: of an appointment. ``sound`` is False when its ends were moved apart on two terminals.
    """

    kind: str
    id: str
    start: int
    end: int
    job: Job
    bay_id: str | None = None
    staff_id: str | None = None
    bay: str = ""
    staff: str = ""
    task: str = ""
    remark: str = ""
    status: str | None = None
    waiting: bool = False
    sound: bool = True
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away or a bay out of use. ``end`` None: until further notice."""

    id: str
    start: int
    end: int | None
    kind: str
    remark: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bay or a person; ``id`` "" holds what has none yet. ``present``: on shift, or the doors are open."""

    id: str
    name: str
    words: tuple[str, ...]
    present: tuple[Span, ...]
    away: tuple[Away, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Unplanned:
    """An open order with work that no time is set aside for.

    ``left``: that work in ms, None when nobody said how long it takes, 0 when its time is used up. ``carried``: time
    was set aside, has passed (``since``), and it is not finished. ``appointment_at``: when it comes, if it is to come.
    """

    job: Job
    left: int | None
    carried: bool = False
    since: int | None = None
    appointment_at: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rows by bay or by technician between two moments (UTC ms).

    ``arrivals``: appointments without time set aside. ``unplanned``: the tray, by promised time, without
    ``carried_over``, which are the orders whose time has passed. ``cut``: there are more that are promised later.
    """

    start: int
    end: int
    by: str
    rows: tuple[Row, ...]
    arrivals: tuple[Block, ...]
    unplanned: tuple[Unplanned, ...]
    carried_over: tuple[Unplanned, ...]
    conflicts: int = 0
    has_bays: bool = True
    has_shifts: bool = True
    open_hours: tuple[Span, ...] = field(default=())
    cut: bool = False
