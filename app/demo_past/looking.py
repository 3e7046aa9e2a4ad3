"""What was seen on the demo's yearly services: pads and treads as the cars wore them, each finding where work was."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.demo_past.cars import PAST_DAYS
from app.demo_past.diary import MINUTE, Turn
from app.demo_past.rows import Left, World
from app.demo_past.visits import Visit
from core.people.roles import SYSTEM
from core.records.fields import Synced
from core.records.ids import new_id
from core.records.records import Records
from core.workshop.default_inspections import default_templates, install_default_templates, template_id
from core.workshop.inspection_models import Inspection, InspectionResult
from core.workshop.inspection_results import verdict_of
from core.workshop.inspection_templates import MEASURE, TEXT, PointView, TemplateView, get_template, points_of
from core.workshop.inspections import GREEN, NONE, RED, YELLOW

MOST = 60  # so that a demo is there at once
DAYS = 182  # how far back they were written on this terminal
TEMPLATE = "annual"
# Points by their English name in resources/inspections, which is where the words of the data come from.
_WORN = {"Brake pads, front": "front_pads", "Brake pads, rear": "rear_pads", "Tread depth": "tyres"}
_FOUND = {
    "front_discs": "Brake discs, front",
    "rear_discs": "Brake discs, rear",
    "wipers": "Wiper blades",
    "bulb": "Rear, brake and turn lamps",
    "air_filter": "Air filter",
    "bearing": "Wheel bearings",
    "link": "Ball joints and control arms",
    "exhaust": "Exhaust system",
    "shock": "Shock absorbers and springs",
    "aircon": "Heating and air conditioning",
}
_NOT_ELECTRIC = frozenset({
    "Engine oil level and leaks", "Air filter", "Auxiliary belt", "Timing belt: when it is due", "Exhaust system",
})  # fmt: skip
_BELT_KM = 180_000  # of the diesels of the demo, as their service says
# Values of a car in order, and of one whose part was replaced: thousandths of the point's unit.
_USUAL: Mapping[str, tuple[int, int]] = {
    "Coolant protects down to": (-38_000, -26_000),
    "Boiling point of the brake fluid": (184_000, 235_000),
    "Battery at rest": (12_450, 12_800),
    "Charging voltage": (13_800, 14_600),
}
_BAD: Mapping[str, tuple[str, int, int]] = {
    "Boiling point of the brake fluid": ("brake_fluid", 148_000, 178_000),
    "Battery at rest": ("battery", 11_700, 12_150),
    "Charging voltage": ("alternator", 12_300, 12_900),
}


@dataclass(slots=True)
class Looking:
    """Makes the inspections of the visits that were chosen."""

    world: World
    template: TemplateView
    points: Sequence[tuple[PointView, str]]  # each with its English name
    chosen: set[int] = field(default_factory=set)  # ids of the visit objects: days shift while the diary is written

    def rows(self, left: Left, turn: Turn) -> Iterator[Synced]:
        """The inspection of this visit, and what was seen at each point; nothing when it was not chosen."""
        if id(turn.visit) not in self.chosen:
            return
        visit = turn.visit
        dice = random.Random(f"{self.world.seed}/looking/{visit.car.number}/{visit.day}")
        who = self.world.staff[turn.technician]
        began = turn.begun + 4 * MINUTE
        step = min(40_000, max(1000, (turn.ended - began - MINUTE) // (len(self.points) + 1)))
        inspection = Inspection(
            id=new_id(began, dice),
            vehicle_id=left.order.vehicle_id,
            order_id=left.order.id,
            template_id=self.template.id,
            name=self.template.name,
            odometer=left.order.odometer_in,
            inspector_id=who.id,
            inspector_name=who.name,
            started_at=began,
            completed_at=began + step * (len(self.points) + 1),
        )
        yield inspection
        for number, (point, name) in enumerate(self.points, 1):
            verdict, value, remark = _seen(visit, point, name, dice)
            yield InspectionResult(
                id=new_id(began + number * step, dice),
                inspection_id=inspection.id,
                point_id=point.id,
                section=point.section,
                name=point.name,
                kind=point.kind,
                unit=point.unit,
                verdict=verdict,
                value=value,
                remark=remark,
                seen_at=began + number * step,
                position=number,
            )


def looking(records: Records, world: World, past: Sequence[Visit]) -> Looking:
    """Give the shop its templates, and choose the visits that were inspected by one."""
    records.change(SYSTEM.reference, lambda session: install_default_templates(session, SYSTEM))
    with records.read() as session:
        template, points = _template(session)
    serviced = [each for each in past if each.day >= PAST_DAYS - DAYS and any(work.inspection for work in each.done)]
    every = max(1, -(-len(serviced) // MOST))
    return Looking(world, template, points, {id(each) for each in serviced[::-every][:MOST]})


def _template(session: Session) -> tuple[TemplateView, list[tuple[PointView, str]]]:
    id_ = template_id(TEMPLATE)
    default = next(each for each in default_templates() if each.key == TEMPLATE)
    names = [point.name["en"] for _, points in default.sections for point in points]
    return get_template(session, id_), list(zip(points_of(session, id_), names, strict=True))


def _seen(visit: Visit, point: PointView, name: str, dice: random.Random) -> tuple[str, int | None, str | None]:
    """Verdict, value in thousandths, and a remark."""
    fuel = visit.car.model.fuel
    if fuel == "electric" and name in _NOT_ELECTRIC:
        return NONE, None, None
    if point.kind == TEXT:
        return (GREEN, None, f"{_BELT_KM} km") if fuel == "diesel" else (NONE, None, None)
    if point.kind == MEASURE:
        value = _value(visit, name, dice)
        judged = verdict_of(value, worse_below=point.worse_below, yellow_at=point.yellow_at, red_at=point.red_at)
        return judged or GREEN, value, None
    if any(_FOUND.get(work.key) == name for work in visit.done):
        return RED, None, None
    if any(_FOUND.get(work.key) == name for work in visit.advised):
        return YELLOW, None, None
    return GREEN, None, None


def _value(visit: Visit, name: str, dice: random.Random) -> int:
    for beginning, key in _WORN.items():
        if name.startswith(beginning):
            left = visit.worn.get(key, 60) * 100  # tenths of a mm: a new one has ten
            if key == "tyres":
                left = 500 + left * 3 // 400 * 100  # a new tyre has eight
            return max(300, left + dice.randrange(-2, 3) * 100)  # no two wheels are alike
    low, high = _USUAL[name]
    if name in _BAD:
        key, worst, best = _BAD[name]
        if any(work.key == key for work in visit.done):
            low, high = worst, best
    unit = 1000 if abs(high) > 20_000 else 10  # degrees are read whole, volts to the hundredth
    return dice.randint(low // unit, high // unit) * unit
