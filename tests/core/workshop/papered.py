"""A workshop with everything a paper can show: what the tests of papers print, in two languages."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.people.customers import create_customer
from core.people.roles import Actor
from core.people.staff import create_staff
from core.records.input import Value
from core.records.rows import added
from core.vehicles.models import Document
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimate_models import Recommendation
from core.workshop.estimates import decide
from core.workshop.inspection_models import Inspection, InspectionResult
from core.workshop.invoices import issue_invoice
from core.workshop.lines import create_line
from core.workshop.models import Photo, Task
from core.workshop.orders import create_repair_order
from core.workshop.parts import create_part
from core.workshop.payments import record_payment
from core.workshop.shop import change_shop
from tests.core.people.desk import Desk

NASTY = '#panic("no") $x^2$ *bold* _it_ <label> @ref \\ `raw` // [a] {b} "q" \u00e4\u00df\u20ac'
PICTURE = "1" * 64


@dataclass(frozen=True)
class Garage:
    """Ids of one of each thing."""

    desk: Desk
    customer: str
    vehicle: str
    order: str
    lines: tuple[str, ...]
    invoice: str
    payment: str
    inspection: str
    part: str


def garage(
    desk: Desk, *, language: str = "en", currency: str = "USD", lines: int = 4, words: str = "Brake pads"
) -> Garage:
    """``lines``: on the order, all approved but the last two; ``words``: what stands wherever somebody can write."""
    desk.do(change_shop, {
        "name": f"Ott & Sons {words[:80]}", "address": "Hof 2\nMunich", "phone": "+49 89 1", "email": "a@b.example",
        "tax_number": "DE 1", "bank": "IBAN DE02", "currency": currency, "footer": words, "invoice_prefix": "R-",
    })  # fmt: skip
    customer = desk.do(
        create_customer, {"name": words[:100], "address": "Ring 1\nMunich", "language": language, "mobile": "+49 1"}
    ).id
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    vehicle = desk.do(
        create_vehicle, {"plate": "M-OT 1", "make": "VW", "model": words[:60], "customer_id": customer}
    ).id
    order = desk.do(create_repair_order, {
        "vehicle_id": vehicle, "complaint": words, "cause": words, "correction": words, "technician_id": tom,
        "odometer_in": 84_210, "promised_at": 1_795_020_800_000, "key_tag": "17",
    }).id  # fmt: skip
    ids = tuple(
        desk.do(create_line, {
            "order_id": order, "kind": "part", "description": f"{at} {words}"[:500], "quantity": 1_500,
            "unit_price": 7_995, "tax_rate": 1_900, "part_number": words[:60],
        }).id
        for at in range(lines)
    )  # fmt: skip
    said = [(each, "approved") for each in ids[:-2]] + [(ids[-2], "declined")]
    desk.do(decide, order, said, {"said_by": words[:100], "way": "phone"})
    invoice = desk.do(issue_invoice, order, remark=words).id
    payment = desk.do(
        record_payment, {"invoice_id": invoice, "amount": 100, "way": "card", "reference": words[:120]}
    ).id
    code = order[-8:].upper()
    part = desk.do(create_part, {"number": code, "name": words[:200], "location": "R2", "barcode": f"B{code}"}).id
    inspection = desk.do(_looked, vehicle, order, words)
    desk.do(_beside, vehicle, order, tom, words)
    return Garage(desk, customer, vehicle, order, ids, invoice, payment, inspection, part)


def _looked(session: Session, _actor: Actor, vehicle: str, order: str, words: str) -> str:
    about: dict[str, Value] = {
        "vehicle_id": vehicle,
        "order_id": order,
        "name": words[:100],
        "odometer": 84_210,
        "remark": words,
    }
    row = added(session, Inspection, {**about, "started_at": 1_795_000_000_000, "inspector_name": "Tom"})
    for at, verdict in enumerate(("red", "yellow", "green", "none", None)):
        point = added(session, InspectionResult, {
            "inspection_id": row.id, "section": words[:80], "name": f"{at} {words}"[:160], "kind": "measure",
            "unit": "mm", "verdict": verdict, "value": 1_000 * at, "remark": words, "position": at,
        })  # fmt: skip
        added(
            session,
            Photo,
            {"order_id": order, "result_id": point.id, "thumbnail_sha256": PICTURE, "caption": words[:500]},
        )
    return row.id


def _beside(session: Session, _actor: Actor, vehicle: str, order: str, staff: str, words: str) -> None:
    added(session, Task, {"order_id": order, "title": words[:200], "technician_id": staff, "expected_hours": 1_500})
    added(session, Document, {"vehicle_id": vehicle, "order_id": order, "name": words[:200], "kind": "report"})
    advice: dict[str, Value] = {
        "vehicle_id": vehicle,
        "description": words[:500],
        "due_on": "2027-01-01",
        "due_odometer": 90_000,
    }
    added(session, Recommendation, {**advice, "state": "open"})
