"""What the schedule's routes answer, described with an example of every field."""

from pydantic import BaseModel, Field

from core.planning.absences import KINDS
from core.planning.booking import LONGEST_MIN
from core.planning.schedule_views import CONFLICTS

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EIGHT, TEN = 1795417200000, 1795424400000


class ConflictShape(BaseModel):
    """What does not fit. It is shown, never refused."""

    kind: str = Field(description=f"One of {', '.join(CONFLICTS)}.", examples=["bay"])
    name: str = Field(description="Of the bay or person.", examples=["Bay 1"])
    missing: str = Field(description="Skills or equipment, words by comma.", examples=[""])
    others: list[str] = Field(description="The blocks it clashes with.", examples=[[WHO]])
    words: str = Field(examples=["Booked twice"])


class JobShape(BaseModel):
    """What a block is about."""

    order_id: str | None = Field(examples=[WHO])
    number: str | None = Field(examples=["1042-B3"])
    status: str | None = Field(examples=["booked"])
    vehicle_id: str | None = Field(examples=[WHO])
    plate: str | None = Field(examples=["M-OT 1234"])
    vehicle: str = Field(examples=["Volkswagen Golf"])
    customer: str | None = Field(examples=["Anna Ott"])
    title: str = Field(examples=["Squeals when braking"])
    promised_at: int | None = Field(examples=[TEN])
    skills: str | None = Field(description="What it takes, words by comma.", examples=["brakes"])
    equipment: str | None = Field(description="What it needs, words by comma.", examples=["four-post lift"])


class BlockShape(BaseModel):
    """Time set aside (`allocation`), or an appointment without (`appointment`). UTC milliseconds."""

    kind: str = Field(examples=["allocation"])
    id: str = Field(examples=[WHO])
    start: int = Field(examples=[EIGHT])
    end: int = Field(examples=[TEN])
    job: JobShape
    bay_id: str | None = Field(examples=[WHO])
    staff_id: str | None = Field(examples=[None])
    bay: str = Field(examples=["Bay 1"])
    staff: str = Field(examples=[""])
    task: str = Field(examples=[""])
    remark: str = Field(examples=[""])
    status: str | None = Field(description="Of the appointment.", examples=["booked"])
    waiting: bool = Field(description="The customer waits for it.", examples=[False])
    sound: bool = Field(description="False: its ends were moved apart on two terminals.", examples=[True])
    conflicts: list[ConflictShape]


class AwayShape(BaseModel):
    """Somebody is away or a bay out of use."""

    id: str = Field(examples=[WHO])
    start: int = Field(examples=[EIGHT])
    end: int | None = Field(description="Null: until further notice.", examples=[TEN])
    kind: str = Field(description=f"One of {', '.join(KINDS)}.", examples=["holiday"])
    remark: str = Field(examples=[""])


class RowShape(BaseModel):
    """A bay or a person. `id` is empty for blocks that have none yet."""

    id: str = Field(examples=[WHO])
    name: str = Field(examples=["Bay 1"])
    words: list[str] = Field(description="Equipment or skills.", examples=[["four-post lift"]])
    present: list[list[int]] = Field(description="When on shift, or the doors are open.", examples=[[[EIGHT, TEN]]])
    away: list[AwayShape]
    blocks: list[BlockShape]


class UnplannedShape(BaseModel):
    """An open order with work that no time is set aside for."""

    job: JobShape
    left: int | None = Field(description="That work, ms; null: nobody said how long it takes.", examples=[7200000])
    carried: bool = Field(description="Its time has passed and it is not finished.", examples=[False])
    since: int | None = Field(description="When its time ended.", examples=[None])
    appointment_at: int | None = Field(examples=[EIGHT])


class ScheduleShape(BaseModel):
    """A schedule: rows of bays or of people, and what waits."""

    start: int = Field(examples=[1795388400000])
    end: int = Field(examples=[1795474800000])
    by: str = Field(examples=["bay"])
    rows: list[RowShape]
    arrivals: list[BlockShape] = Field(description="Appointments without time set aside.")
    unplanned: list[UnplannedShape]
    carried_over: list[UnplannedShape]
    conflicts: int = Field(description="Blocks that do not fit.", examples=[0])
    has_bays: bool = Field(examples=[True])
    has_shifts: bool = Field(examples=[True])
    open_hours: list[list[int]] = Field(description="When anybody is on shift.", examples=[[[EIGHT, TEN]]])


class TechnicianShape(BaseModel):
    """Somebody's own schedule. Lengths of time are milliseconds."""

    id: str = Field(examples=[WHO])
    name: str = Field(examples=["Tom"])
    start: int = Field(examples=[1795388400000])
    end: int = Field(examples=[1795474800000])
    blocks: list[BlockShape]
    shifts: list[list[int]] = Field(examples=[[[EIGHT, TEN]]])
    away: list[AwayShape]
    unplanned: list[UnplannedShape] = Field(description="Their orders that wait for a time.")
    orders: int = Field(description="Repair orders among the blocks.", examples=[1])
    planned: int = Field(description="What is set aside; what overlaps counts once.", examples=[7200000])
    on_shift: int = Field(description="Less what they are away of it.", examples=[28800000])
    utilisation: int | None = Field(description="Of the hours on shift, percent; null without.", examples=[25])


class SlotShape(BaseModel):
    """Free time of a bay and somebody."""

    start: int = Field(examples=[EIGHT])
    end: int = Field(examples=[TEN])
    bay_id: str = Field(description="Empty where the shop has no bays.", examples=[WHO])
    bay: str = Field(examples=["Bay 1"])
    staff_id: str = Field(examples=[WHO])
    staff: str = Field(examples=["Tom"])


class FoundShape(BaseModel):
    """Slots, the earliest first."""

    slots: list[SlotShape]
    why: str = Field(description="What there is nobody or nothing for, when there are none.", examples=[""])


class HoursShape(BaseModel):
    """Milliseconds."""

    on_shift: int = Field(description="Less breaks.", examples=[28800000])
    away: int = Field(description="Of that.", examples=[0])
    ahead: int = Field(description="From now on: on shift, not away, less breaks not yet taken.", examples=[28800000])
    booked: int = Field(description="From now on, for work that is not finished.", examples=[7200000])
    left: int = Field(description="What of `ahead` is not booked.", examples=[21600000])


class DayShape(BaseModel):
    """The hours of a day."""

    day: str = Field(examples=["2026-11-23"])
    people: HoursShape
    bays: HoursShape
    skills: dict[str, HoursShape] = Field(
        examples=[{"brakes": {"on_shift": 28800000, "away": 0, "ahead": 0, "booked": 0, "left": 0}}]
    )
    equipment: dict[str, HoursShape] = Field(
        examples=[{"pit": {"on_shift": 28800000, "away": 0, "ahead": 28800000, "booked": 0, "left": 28800000}}]
    )


class CapacityShape(BaseModel):
    """Hours by day; a person with three skills counts in three of `skills`."""

    days: list[DayShape]


class BookingFields(BaseModel):
    """What is said when a vehicle is booked in. Instants: UTC milliseconds, or text as in RFC 3339."""

    vehicle_id: str | None = Field(None, examples=[WHO])
    customer_id: str | None = Field(None, description="The vehicle's when not said.", examples=[None])
    title: str | None = Field(None, max_length=200, examples=["Front brakes"])
    notes: str | None = Field(None, examples=[None])
    starts_at: int | str | None = Field(None, examples=[EIGHT])
    minutes: int | None = Field(None, description=f"How long it takes, 1 to {LONGEST_MIN}.", examples=[120])
    skills: str | None = Field(None, max_length=200, description="Words by comma.", examples=["brakes"])
    equipment: str | None = Field(None, max_length=200, description="Words by comma.", examples=["four-post lift"])
    bay_id: str | None = Field(None, description="Whose time is set aside.", examples=[WHO])
    staff_id: str | None = Field(None, description="Whose time is set aside.", examples=[WHO])
    channel: str | None = Field(None, examples=["phone"])
    waiting: bool | None = Field(None, examples=[False])


class BookingShape(BaseModel):
    """What was made."""

    appointment_id: str = Field(examples=[WHO])
    order_id: str = Field(examples=[WHO])
    number: str = Field(examples=["1042-B3"])
    allocation_id: str | None = Field(description="Null: no bay and nobody was named.", examples=[WHO])
