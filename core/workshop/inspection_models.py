"""The rows about inspections: what is looked at, and what was seen."""

from sqlalchemy import BigInteger, Boolean, String, Text
from sqlalchemy.orm import Mapped

from core.records.fields import INSTANT, MONEY, QUANTITY, ROW, Synced, latest


class InspectionTemplate(Synced):
    """A list of things to look at."""

    __tablename__ = "inspection_templates"

    name: Mapped[str | None] = latest(String(120), search=True)
    description: Mapped[str | None] = latest(Text)
    active: Mapped[bool | None] = latest(Boolean)
    position: Mapped[int | None] = latest(BigInteger)


class InspectionPoint(Synced):
    """One thing to look at. Measured ones have a ``unit`` and limits in thousandths of it.

    With ``worse_below`` a value under ``red_at`` is red and one under ``yellow_at`` yellow (tread, pads); without, one
    over them (play, CO).
    """

    __tablename__ = "inspection_points"

    template_id: Mapped[str | None] = latest(ROW, index=True)
    section: Mapped[str | None] = latest(String(80))
    name: Mapped[str | None] = latest(String(160))
    kind: Mapped[str | None] = latest(String(12))  # check, measure, text
    unit: Mapped[str | None] = latest(String(12))
    worse_below: Mapped[bool | None] = latest(Boolean)
    yellow_at: Mapped[int | None] = latest(QUANTITY)
    red_at: Mapped[int | None] = latest(QUANTITY)
    position: Mapped[int | None] = latest(BigInteger)
    # What a finding becomes on the estimate.
    line_description: Mapped[str | None] = latest(String(500))
    line_kind: Mapped[str | None] = latest(String(16))
    line_quantity: Mapped[int | None] = latest(QUANTITY)
    line_price: Mapped[int | None] = latest(MONEY)


class Inspection(Synced):
    """A vehicle looked over by a template, on an order or without one."""

    __tablename__ = "inspections"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    order_id: Mapped[str | None] = latest(ROW, index=True)
    template_id: Mapped[str | None] = latest(ROW)
    name: Mapped[str | None] = latest(String(120), search=True)
    odometer: Mapped[int | None] = latest(BigInteger)  # km
    inspector_id: Mapped[str | None] = latest(ROW)
    inspector_name: Mapped[str | None] = latest(String(120))
    started_at: Mapped[int | None] = latest(INSTANT)
    completed_at: Mapped[int | None] = latest(INSTANT)
    remark: Mapped[str | None] = latest(Text, search=True)


class InspectionResult(Synced):
    """What was seen at one point. Name, unit and section are copied: the paper outlives the template."""

    __tablename__ = "inspection_results"

    inspection_id: Mapped[str | None] = latest(ROW, index=True)
    point_id: Mapped[str | None] = latest(ROW, index=True)
    section: Mapped[str | None] = latest(String(80))
    name: Mapped[str | None] = latest(String(160))
    kind: Mapped[str | None] = latest(String(12))
    unit: Mapped[str | None] = latest(String(12))
    verdict: Mapped[str | None] = latest(String(8))  # green, yellow, red, none (not there)
    value: Mapped[int | None] = latest(QUANTITY)  # thousandths of the unit
    remark: Mapped[str | None] = latest(Text, search=True)
    seen_at: Mapped[int | None] = latest(INSTANT)
    position: Mapped[int | None] = latest(BigInteger)
