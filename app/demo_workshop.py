"""The demo's workshop: founded in its data folder, with the customers, cars, orders and days of resources/demo."""

import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo_others import MINUTE, StoryClock, Teller, joined, tell, teller
from app.demo_parts import tell_parts
from app.demo_past.present import tell_present
from app.demo_past.telling import SIZE, first_morning, tell_past
from app.progress import Told
from app.saying import complain
from core.language import mark, tr
from core.people.customers import create_customer
from core.people.roles import Actor
from core.records.errors import RecordsError
from core.records.records import Records, wall_ms
from core.sync.founding import RECORDS, found, is_founded
from core.trust.errors import TrustError
from core.vehicles.vehicles import create_vehicle
from core.workshop.default_inspections import install_default_templates
from core.workshop.estimates import decide
from core.workshop.inspection_results import rest_is_good, results_of, set_result
from core.workshop.inspection_templates import list_templates
from core.workshop.inspections import start_inspection
from core.workshop.lines import create_line
from core.workshop.notes import add_note
from core.workshop.orders import create_repair_order
from core.workshop.parts_models import Part
from resources import path

FILE = path("demo", "workshop.toml")
FIRST = mark("Bay 1")
OTHERS = (mark("Bay 2"), mark("Bay 3"))
DAY = 24 * 60  # minutes
GOOD_SECTIONS = 2
MEASURED = (4200, 4100, 5300, 5200, 3000, 2900, 6100, 6000)  # thousandths of a mm: tread, then pads
BETWEEN = 4 * MINUTE  # from one order to the next


def equip(home: Path, seed: int = 1, size: int = SIZE, told: Told | None = None) -> None:
    """Found the demo's workshop in ``home`` and fill it; one that is there already is used as it is.

    ``size``: repair orders of its past, about. When the disk does not let us the demo goes on without, and says so.
    """
    if is_founded(home):
        return
    stock = tomllib.loads(FILE.read_text("utf-8"))
    present = wall_ms()
    clock = StoryClock(present, first_morning(present))
    step = tr("Making the demo garage")
    try:
        begun = found(home, tr("Demo garage"), tr(FIRST), wall=clock)
        with ExitStack() as stack:
            others = Path(stack.enter_context(TemporaryDirectory(prefix="bayline-demo-others-")))
            place = home / RECORDS
            records = Records.open(place, wall=clock)
            stack.callback(records.close)
            first = teller(records, begun.device_id, begun.workshop_id, tr(FIRST))
            past = tell_past(records, clock, seed, size, name=tr("Demo garage"), told=_share_of(told, step))
            clock.now = present - DAY * MINUTE
            tell_present(records, past, present)
            orders = fill(first, stock, clock)
            tell_parts(first, clock)
            tellers = {FIRST: first}
            for name in OTHERS:
                said = tr(name)
                tellers[name] = joined(first, place, said, clock, others)
                stack.callback(tellers[name].records.close)
            tell(stock["story"], tellers, orders, clock)
    except (RecordsError, TrustError, OSError) as error:
        why = getattr(error, "strerror", None) or error
        complain(tr("The demo has no workshop: {why}", why=why))


def _share_of(told: Told | None, step: str) -> Callable[[int, int], None]:
    return lambda done, total: told(step, done, total) if told is not None else None


def fill(first: Teller, stock: Mapping[str, Any], clock: StoryClock) -> dict[str, str]:
    """Write what ``workshop.toml`` says, through the functions that people's own entries go through.

    Returns the orders' ids by their vehicle's key.
    """
    customers: dict[str, str] = {}
    vehicles: dict[str, tuple[str, str]] = {}
    orders: dict[str, str] = {}

    def customer(session: Session, key: str, fields: Mapping[str, Any]) -> None:
        customers[key] = create_customer(session, first.actor, fields).id
        for name, given in stock["vehicles"].items():
            if given["customer"] == key:
                wanted = {**given, "customer_id": customers[key]}
                del wanted["customer"]
                vehicles[name] = create_vehicle(session, first.actor, wanted).id, customers[key]

    def order(session: Session, fields: Mapping[str, Any]) -> None:
        orders[fields["vehicle"]] = _order(session, first.actor, fields, *vehicles[fields["vehicle"]])

    for key, fields in stock["customers"].items():
        clock.now += BETWEEN
        first.change(partial(customer, key=key, fields=fields))
    for fields in stock["orders"]:
        clock.now += BETWEEN
        first.change(partial(order, fields=fields))
    return orders


def _order(session: Session, actor: Actor, fields: Mapping[str, Any], vehicle: str, owner: str) -> str:
    given = dict(fields)
    lines, notes = given.pop("lines", []), given.pop("notes", [])
    who, inspected = given.pop("said_by", None), given.pop("inspection", False)
    del given["vehicle"]
    order = create_repair_order(session, actor, {**given, "vehicle_id": vehicle, "customer_id": owner}).id
    said = []
    for line in lines:
        fields_of_line = {name: value for name, value in line.items() if name != "said"}
        part = _part(session, fields_of_line.get("part_number"))
        made = create_line(session, actor, {**fields_of_line, "order_id": order, "part_id": part})
        if "said" in line:
            said.append((made.id, line["said"]))
    if said:
        decide(session, actor, order, said, {"said_by": who, "way": "phone"})
    if inspected:
        _look_over(session, actor, order)
    for text in notes:
        add_note(session, actor, {"order_id": order, "text": text})
    return order


def _part(session: Session, number: str | None) -> str | None:
    """The part of the store with this number."""
    return session.scalar(select(Part.id).where(Part.number == number)) if number else None


def _look_over(session: Session, actor: Actor, order: str) -> None:
    """An inspection somebody is in the middle of: looked at and measured in part."""
    install_default_templates(session, actor)
    longest = max(list_templates(session, active=True).items, key=lambda each: each.points)
    inspection = start_inspection(session, actor, {"order_id": order, "template_id": longest.id}).id
    results = results_of(session, inspection)
    for section in list(dict.fromkeys(each.section for each in results))[:GOOD_SECTIONS]:
        rest_is_good(session, actor, inspection, section)
    measured = [each for each in results if each.kind == "measure" and each.unit == "mm"]
    for result, value in zip(measured, MEASURED, strict=False):
        set_result(session, actor, result.id, {"value": value})
