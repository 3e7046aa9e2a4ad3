"""What stands on job sheets, inspections and labels, as data for their templates."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.language import current, speaking, tr
from core.people.models import ContactWay, Customer, Staff
from core.records.errors import RecordsError
from core.records.files import FileStore
from core.records.rows import by_id, row_of, shown
from core.vehicles.models import Vehicle
from core.workshop.decisions import DECLINED
from core.workshop.estimates import STATES, EstimateLine, estimate
from core.workshop.inspection_results import ResultView, results_of
from core.workshop.inspections import VERDICTS, InspectionView, get_inspection
from core.workshop.invoice_content import Party, customer_party, shop_party, spoken, vehicle_party
from core.workshop.line_kinds import DISCOUNT, PART
from core.workshop.models import Photo, RepairOrder, Task
from core.workshop.orders import PRIORITIES
from core.workshop.papers import Paper
from core.workshop.papers_codes import barcode_svg, photo_svg, qr_svg
from core.workshop.papers_format import Format
from core.workshop.papers_of_money import MARKS
from core.workshop.papers_parts import LONG, Pairs, described, file_name, head, quantity, said, texts, vehicle_strip
from core.workshop.part_states import WORDS as PART_WORDS
from core.workshop.part_states import PartState
from core.workshop.parts import get_part
from core.workshop.recommendations import coming_back
from core.workshop.shop import shop_details

Pictures = Callable[[str], bytes | None]  # the bytes of a file by its SHA-256; None: it is not here (yet)

PHOTOS = 8  # of one point: two rows
LARGEST_PHOTO = 4_000_000  # bytes: more is no thumbnail, and a paper of them nobody could send


def order_paper(session: Session, order_id: str, *, language: str | None = None) -> Paper:
    """The job sheet of an order, in the language of the workshop. Raises ``NotFound``."""
    order = row_of(session, RepairOrder, order_id, deleted=True)
    shop = shop_details(session)
    form = Format(language or current(), shop.currency)
    customer = customer_party(session, order.customer_id)
    tasks = list(
        session.scalars(shown(Task, Task.order_id == order_id).order_by(func.coalesce(Task.position, 0), Task.id))
    )
    staff = by_id(session, Staff, [order.technician_id, order.adviser_id, *(task.technician_id for task in tasks)])
    with speaking(form.language):
        number = order.number or "–"
        data = head(form, tr("Job sheet {number}", number=number), shop_party(session, shop), words=_order_words())
        data["shop"]["foot"] = []  # nobody pays by a job sheet
        data |= {
            "number": number,
            "barcode": barcode_svg(order.number or ""),
            "qr": qr_svg(order.number or "-"),
            "vehicle": vehicle_strip(
                form, vehicle_party(session, order.vehicle_id), [(tr("On arrival"), order.odometer_in)]
            ) or [(tr("Vehicle"), "")],
            "facts": _order_facts(form, order, customer, _phone(session, order.customer_id), staff),
            "texts": texts([
                (tr("What is asked for"), order.complaint), (tr("What was found"), order.cause),
                (tr("What was done"), order.correction),
            ]),
            "tasks": [_task(form, task, staff) for task in tasks],
            "rows": [_job(form, each) for each in estimate(session, order_id).lines if _is_work(each)],
            "advice": [said(each.description) for each in coming_back(session, order_id) if said(each.description)],
        }  # fmt: skip
        return Paper("order", data, form.language, file_name(tr("Job sheet"), order.number))


def inspection_paper(
    session: Session, inspection_id: str, *, pictures: Pictures | None = None, language: str | None = None
) -> Paper:
    """An inspection for the customer, with its photographs as far as they are here. Raises ``NotFound``."""
    view = get_inspection(session, inspection_id, deleted=True)
    results = results_of(session, inspection_id)
    shop = shop_details(session)
    order = by_id(session, RepairOrder, [view.order_id]).get(view.order_id or "")
    vehicle = by_id(session, Vehicle, [view.vehicle_id]).get(view.vehicle_id or "")
    customer_id = order.customer_id if order else vehicle.customer_id if vehicle else None
    customer = customer_party(session, customer_id)
    photos = _photos(session, [each.id for each in results], pictures)
    form = Format(language or spoken(customer), shop.currency)
    with speaking(form.language):
        title = view.name or tr("Inspection")
        data = head(
            form, title, shop_party(session, shop), recipient=customer, words=_inspection_words(),
            meta=[
                (tr("Repair order"), order.number if order else None),
                (tr("Date"), form.day_of(view.completed_at or view.started_at)),
                (tr("Inspected by"), view.inspector_name),
            ],
        )  # fmt: skip
        data |= {
            "vehicle": vehicle_strip(form, vehicle_party(session, view.vehicle_id), [(tr("Odometer"), view.odometer)]),
            "counts": _counts(view),
            "sections": [
                {"name": section, "rows": [_point(form, each, photos.get(each.id, [])) for each in rows]}
                for section, rows in groupby(results, lambda each: each.section or tr("Inspection"))
            ],
            "remark": said(view.remark) or None,
        }
        return Paper("inspection", data, form.language, file_name(title, view.vehicle_plate))


def part_label_paper(session: Session, part_id: str, *, language: str | None = None) -> Paper:
    """The label of a part. Its code is the maker's barcode, or else our number. Raises ``NotFound``."""
    part = get_part(session, part_id, deleted=True)
    code = part.barcode or part.number or part.id
    data = _label(language, part.name or part.number or "–") | {
        "name": said(part.name) or "–",
        "number": said(part.number),
        "location": said(part.location),
        "code": code,
        "barcode": barcode_svg(code),
    }
    return Paper("part_label", data, data["lang"], file_name(part.number or part.name))


def key_tag_paper(session: Session, order_id: str, *, language: str | None = None) -> Paper:
    """What hangs on the key of an order's vehicle. Raises ``NotFound``."""
    order = row_of(session, RepairOrder, order_id, deleted=True)
    vehicle = vehicle_party(session, order.vehicle_id)
    customer = by_id(session, Customer, [order.customer_id]).get(order.customer_id or "")
    make = " ".join(word for name in ("make", "model", "year") if (word := said(vehicle.get(name))))
    data = _label(language, order.number or "–") | {
        "plate": said(vehicle.get("plate")) or order.number or "–",
        "tag": said(order.key_tag),
        "number": order.number or "–",
        "vehicle": make,
        "customer": said(customer.name if customer else None),
        "qr": qr_svg(order.number or "-"),
    }
    return Paper("key_tag", data, data["lang"], file_name(order.number, data["plate"]))


def pictures_of(files: FileStore | None) -> Pictures:
    """The photographs that are on this terminal: their bytes come after their rows, and some never."""

    def picture(sha256: str) -> bytes | None:
        try:
            if files is None or files.size(sha256) > LARGEST_PHOTO:
                return None
            with files.open(sha256) as file:
                return file.read()
        except (RecordsError, OSError, ValueError):
            return None

    return picture


def _label(language: str | None, title: str) -> dict[str, Any]:
    form = Format(language or current(), "EUR")
    return {"title": title, "lang": form.language, "region": form.country}


def _order_words() -> dict[str, str]:
    return {
        "order": tr("Job sheet"),
        "tasks": tr("Tasks"),
        "work": tr("Work and parts"),
        "technician": tr("Technician"),
        "hours": tr("Planned"),
        "hours_taken": tr("Taken"),
        "part_state": tr("Part"),
        "advice": tr("Advised before: ask the customer"),
        "remarks": tr("Remarks"),
        "checked_by": tr("Checked by"),
        "day_and_odometer": tr("Day, odometer on return"),
    }


def _inspection_words() -> dict[str, str]:
    return {
        "point": tr("Looked at"),
        "verdict": tr("Result"),
        "value": tr("Measured"),
        "before": tr("Last time"),
        "remarks": tr("Remarks"),
    }


def _order_facts(
    form: Format, order: RepairOrder, customer: Party, phone: str, staff: Mapping[str, Staff]
) -> list[tuple[str, str]]:
    technician, adviser = staff.get(order.technician_id or ""), staff.get(order.adviser_id or "")
    priority = tr(words) if (words := PRIORITIES.get(order.priority or "")) else ""
    pairs: Pairs = [
        (tr("Promised"), form.moment(order.promised_at) if order.promised_at else ""),
        (tr("Customer"), said(customer.get("name"))),
        (tr("Telephone"), phone),
        (tr("Key tag"), said(order.key_tag)),
        (tr("Bay"), said(order.bay)),
        (tr("Technician"), said(technician.name if technician else None)),
        (tr("Adviser"), said(adviser.name if adviser else None)),
        (tr("Priority"), priority if order.priority != "normal" else ""),
    ]
    return [(label, value) for label, value in pairs if value] or [(tr("Customer"), "")]


def _phone(session: Session, customer_id: str | None) -> str:
    """The number to call: a mobile one first."""
    ways = shown(ContactWay, ContactWay.customer_id == customer_id, ContactWay.kind.in_(("mobile", "phone")))
    found = {row.kind: row.value for row in session.scalars(ways.order_by(ContactWay.id.desc()))}
    return said(found.get("mobile") or found.get("phone"))


def _task(form: Format, task: Task, staff: Mapping[str, Staff]) -> dict[str, Any]:
    technician = staff.get(task.technician_id or "")
    hours = tr("{hours} h", hours=form.quantity(task.expected_hours)) if task.expected_hours is not None else None
    return {
        "title": said(task.title) or "–",
        "done": task.done_at is not None,
        "technician": technician.name if technician else None,
        "hours": hours,
    }


def _is_work(each: EstimateLine) -> bool:
    """Something to do or to fit: no discount, and nothing the customer does not want."""
    return each.state != DECLINED and each.line.kind != DISCOUNT


def _job(form: Format, each: EstimateLine) -> dict[str, Any]:
    """A line without its price: that is for the desk."""
    line = each.line
    state = line.part_state if line.kind == PART else None
    words = tr(PART_WORDS[PartState(state)]) if state in {one.value for one in PartState} else None
    return described(line.description, line.part_number) | {
        "mark": MARKS.get(each.state, "none"),
        "decision": tr(STATES[each.state]),
        "part_state": words,
        "quantity": quantity(form, line.kind, line.quantity),
    }


def _counts(view: InspectionView) -> list[dict[str, str]]:
    found = view.counts
    rows = [(name, getattr(found, name), tr(VERDICTS[name])) for name in ("green", "yellow", "red")]
    others = ((found.none, tr(VERDICTS["none"])), (found.left, tr("Not looked at")))
    return [
        *({"mark": mark, "count": str(count), "word": word} for mark, count, word in rows),
        *({"mark": "none", "count": str(count), "word": word} for count, word in others if count),
    ]


def _point(form: Format, each: ResultView, photos: list[dict[str, Any]]) -> dict[str, Any]:
    verdict = each.verdict if each.verdict in VERDICTS else None
    before = each.previous.value if each.previous is not None else None
    remark = said(each.remark)
    return {
        "name": said(each.name) or "–",
        "remark": remark or None,
        "long": len(remark) > LONG,
        "mark": verdict or "none",
        "verdict": tr(VERDICTS[verdict]) if verdict else tr("Not looked at"),
        "value": _measured(form, each.value, each.unit),
        "before": _measured(form, before, each.unit),
        "photos": photos,
    }


def _measured(form: Format, value: int | None, unit: str | None) -> str | None:
    return None if value is None else " ".join(part for part in (form.quantity(value), said(unit)) if part)


def _photos(session: Session, results: Iterable[str], pictures: Pictures | None) -> dict[str, list[dict[str, Any]]]:
    """The photographs of each point: small ones, as far as their files are here."""
    ids = list(results)
    if pictures is None or not ids:
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in session.scalars(shown(Photo, Photo.result_id.in_(ids)).order_by(Photo.id)):
        kept = found.setdefault(str(row.result_id), [])
        picture = _picture(row, pictures) if len(kept) < PHOTOS else None
        if picture is not None:
            kept.append({"picture": photo_svg(picture, said(row.media_type)), "caption": said(row.caption) or None})
    return found


def _picture(row: Photo, pictures: Pictures) -> bytes | None:
    for name in (row.thumbnail_sha256, row.file_sha256):
        picture = pictures(name) if name else None
        if picture is not None and len(picture) <= LARGEST_PHOTO:
            return picture
    return None
