"""What is sent and shown of inspections, for the description of the interface."""

from pydantic import BaseModel, Field

from core.workshop.inspection_templates import POINT_KINDS
from core.workshop.inspections import VERDICTS

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


class InspectionFields(BaseModel):
    """What can be written of an inspection; template and vehicle only when it is begun."""

    template_id: str | None = Field(None, examples=[WHO])
    order_id: str | None = Field(None, examples=[WHO])
    vehicle_id: str | None = Field(None, description="The order's when not said.", examples=[WHO])
    odometer: int | None = Field(None, description="km; the order's when not said.", examples=[84210])
    inspector_id: str | None = Field(None, description="Staff; whoever begins it when not said.", examples=[None])
    remark: str | None = Field(None, examples=["Wet road"])


class CountsShown(BaseModel):
    """How many points are what."""

    green: int = Field(examples=[24])
    yellow: int = Field(examples=[3])
    red: int = Field(examples=[1])
    none: int = Field(description="Not there on this car.", examples=[2])
    left: int = Field(description="Nobody looked yet.", examples=[10])


class Inspection(InspectionFields):
    """An inspection."""

    id: str = Field(examples=[WHO])
    vehicle_plate: str | None = Field(None, examples=["M-OT 1234"])
    name: str | None = Field(None, description="Of its template, then.", examples=["Annual service"])
    inspector_name: str | None = Field(None, examples=["Tom Marek"])
    started_at: int | None = Field(None, examples=[1795392000000])
    completed_at: int | None = Field(None, description="null: it is open.", examples=[None])
    counts: CountsShown
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Inspections(BaseModel):
    """A page of inspections."""

    items: list[Inspection]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class CloseFields(BaseModel):
    """Whether it is done."""

    state: str = Field(description="open or completed.", examples=["completed"])
    leave: bool | None = Field(None, description="Complete it with points nobody looked at.", examples=[None])


class SectionFields(BaseModel):
    """Which section."""

    section: str | None = Field(None, description="All when not said.", examples=["Tyres"])


class GoesOn(BaseModel):
    """On which estimate."""

    order_id: str | None = Field(None, description="The inspection's when not said.", examples=[WHO])


class DueFields(BaseModel):
    """When it comes back."""

    due_on: str | None = Field(None, examples=["2027-05-01"])
    due_odometer: int | None = Field(None, description="km", examples=[90000])


class SeenShown(BaseModel):
    """The last time."""

    inspection_id: str | None = Field(examples=[WHO])
    verdict: str | None = Field(examples=["green"])
    value: int | None = Field(examples=[5000])
    remark: str | None = Field(examples=[None])
    seen_at: int | None = Field(examples=[1763856000000])
    odometer: int | None = Field(description="km", examples=[69800])


class ResultFields(BaseModel):
    """What can be written of a result. Name, section, kind and unit only of what the template does not ask for."""

    section: str | None = Field(None, max_length=80, examples=["Tyres"])
    name: str | None = Field(None, max_length=160, examples=["Tread depth, front left"])
    kind: str | None = Field(None, description=f"One of {', '.join(POINT_KINDS)}.", examples=["measure"])
    unit: str | None = Field(None, max_length=12, examples=["mm"])
    verdict: str | None = Field(
        None,
        description=f"One of {', '.join(VERDICTS)} (not there); by the limits when a value is sent without.",
        examples=["red"],
    )
    value: int | None = Field(None, description="Thousandths of the unit.", examples=[1500])
    remark: str | None = Field(None, max_length=2000, examples=["Inner edge"])


class Result(ResultFields):
    """What was seen at a point."""

    id: str = Field(examples=[WHO])
    inspection_id: str | None = Field(None, examples=[WHO])
    point_id: str | None = Field(None, description="Of the template.", examples=[WHO])
    worse_below: bool = Field(description="True: a value under a limit is bad; else over.", examples=[True])
    yellow_at: int | None = Field(None, examples=[3000])
    red_at: int | None = Field(None, examples=[1600])
    seen_at: int | None = Field(None, description="null: nobody looked yet.", examples=[1795392000000])
    position: int | None = Field(None, examples=[1])
    line_id: str | None = Field(None, description="What it became on the estimate.", examples=[None])
    photos: int = Field(description="How many show it.", examples=[2])
    previous: SeenShown | None = Field(None, description="The last time on this vehicle.", examples=[None])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Results(BaseModel):
    """All points of an inspection."""

    items: list[Result]
    next: None = Field(None, description="They come on one page.", examples=[None])
