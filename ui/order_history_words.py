"""What became of an order, a change in a sentence: moved, approved, clocked on, paid; the rest by its fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.language import tr
from core.records.journal import RowChange
from core.workshop.decisions import WAYS as SAID_WAYS
from core.workshop.decisions import WORDS as DECISIONS
from core.workshop.inspections import VERDICTS
from core.workshop.part_states import WORDS as PART_STATES
from core.workshop.part_states import PartState
from core.workshop.payments import WAYS
from ui.field_words import MACHINERY, field_title, table_title, value_words
from ui.money_words import hours, money, percent, pieces
from ui.order_words import status_words

Fields = Mapping[str, Any]


class Name(Protocol):
    """What people call a row of a table, and what the shop counts in."""

    @property
    def currency(self) -> str: ...

    def __call__(self, table: str, row: str, /) -> str: ...


LONGEST = 300  # characters of what somebody wrote
# Rows that come about by themselves, or say nothing that another row of the same change does not.
QUIET = frozenset({"mentions", "note_readings", "odometer_readings", "number_series", "invoice_numbers"})
SILENT = frozenset(
    {"order_id", "result_id", "line_id", "task_id", "position", "recommendation_id", "part_id", "kind", "stamps",
     "vehicle_id", "inspection_id", "point_id", "sequence", "advised_at", "line_ids", "content", "seen_at", "done_by"}
)  # fmt: skip
_SHAPES: Mapping[str, tuple[str, str]] = {
    "notes": ("note", "text_muted"),
    "photos": ("camera", "text_muted"),
    "clock_punches": ("clock", "info"),
    "repair_order_lines": ("receipt", "text_muted"),
    "line_decisions": ("people", "text_muted"),
    "tasks": ("checklist", "text_muted"),
    "inspections": ("checklist", "text_muted"),
    "inspection_results": ("checklist", "text_muted"),
    "quality_checks": ("ok", "ok"),
    "status_moves": ("move", "accent"),
    "stock_moves": ("part", "text_muted"),
    "purchase_order_lines": ("truck", "text_muted"),
    "invoices": ("money", "accent"),
    "invoice_voids": ("close", "warning"),
    "payments": ("money", "ok"),
    "recommendations": ("history", "info"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One row's part in a change."""

    text: str
    icon: str = "edit"
    token: str = "text_muted"


def told(part: RowChange, name: Name) -> Told | None:
    """What happened to a row, in a sentence; None when there is nothing to tell."""
    if part.table in QUIET:
        return None
    icon, token = _SHAPES.get(part.table, ("edit", "text_muted"))
    if part.fields.get("deleted_at"):
        what = name(part.table, part.row) or table_title(part.table)
        return Told(tr("Removed: {line}", line=_short(what)), "trash", "warning")
    if "deleted_at" in part.fields and not part.new:
        return Told(tr("Brought back: {line}", line=_short(name(part.table, part.row))), "undo", token)
    say = _NEW.get(part.table) if part.new else _CHANGED.get(part.table)
    text = say(part.fields, name, part.row) if say is not None else _by_fields(part, name)
    return Told(text, icon, token) if text else None


def _by_fields(part: RowChange, name: Name) -> str:
    """A row nobody wrote a sentence for: field by field."""
    found = []
    for field, value in part.fields.items():
        if field in MACHINERY or field in SILENT or field == "deleted_at":
            continue
        before = value_words(part.table, field, part.before.get(field), name, name.currency)
        after = value_words(part.table, field, value, name, name.currency)
        title = field_title(field)
        if before and after:
            found.append(tr("{field}: {before} → {after}", field=title, before=before, after=after))
        elif before or after:
            found.append(f"{title}: {after.rstrip('.') or tr('empty')}")  # a sentence in a list
    what = "" if part.table == "repair_orders" else name(part.table, part.row)
    return f"{_short(what)} – {', '.join(found)}" if what and found else ", ".join(found)


def _short(text: object) -> str:
    plain = " ".join(str(text or "").split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def _moved(fields: Fields, name: Name, row: str) -> str:
    before, after = status_words(fields.get("before")), status_words(fields.get("after"))
    return tr("Moved from {before} to {after}", before=before, after=after) if fields.get("before") else after


def _punched(fields: Fields, name: Name, row: str) -> str:
    who = name("staff", str(fields.get("staff_id") or "")) or tr("Somebody")
    if fields.get("direction") == "in":
        return tr("{name} clocked on", name=who)
    return tr("{name} clocked off", name=who)


def _decided(fields: Fields, name: Name, row: str) -> str:
    line = name("repair_order_lines", str(fields.get("line_id") or "")) or tr("a line")
    word = tr(DECISIONS[fields["decision"]]) if fields.get("decision") in DECISIONS else str(fields.get("decision"))
    way = tr(SAID_WAYS[fields["way"]]) if fields.get("way") in SAID_WAYS else ""
    return " · ".join(part for part in (f"{word}: {line}", str(fields.get("said_by") or ""), way) if part)


def _line(fields: Fields, name: Name, row: str) -> str:
    amount = hours(fields.get("quantity")) if fields.get("kind") == "labour" else pieces(fields.get("quantity"))
    price = money(fields.get("unit_price"), name.currency)
    if fields.get("percent_off") is not None:
        amount, price = tr("{percent} off", percent=percent(fields.get("percent_off"))), ""
    parts = (_short(fields.get("description")), f"{amount} × {price}" if price else amount)
    return tr("Line added: {line}", line=" · ".join(part for part in parts if part))


def _line_changed(fields: Fields, name: Name, row: str) -> str:
    line = _short(name("repair_order_lines", row))
    if set(fields) == {"part_state"}:
        state = fields["part_state"]
        known = [each.value for each in PartState]
        return f"{line}: {tr(PART_STATES[PartState(state)])}" if state in known else line
    found = []
    for field, value in fields.items():
        if field == "unit_price":
            found.append(tr("price {amount}", amount=money(value, name.currency)))
        elif field == "quantity":
            found.append(tr("quantity {amount}", amount=pieces(value)))
        elif field == "percent_off":
            found.append(tr("{percent} off", percent=percent(value)))
        elif field == "tax_rate":
            found.append(tr("tax {percent}", percent=percent(value)))
        elif field == "unit_cost":
            found.append(tr("cost {amount}", amount=money(value, name.currency)))
        elif field == "technician_id":
            found.append(name("staff", str(value or "")) or tr("Nobody"))
        elif field == "description":
            found.append(_short(value))
    return f"{line}: {', '.join(found)}" if found else ""


def _note(fields: Fields, name: Name, row: str) -> str:
    return tr("Note: {text}", text=_short(fields.get("text")))


def _photo(fields: Fields, name: Name, row: str) -> str:
    return tr("Picture: {text}", text=_short(fields.get("caption")))


def _task(fields: Fields, name: Name, row: str) -> str:
    return tr("Task: {text}", text=_short(fields.get("title")))


def _task_changed(fields: Fields, name: Name, row: str) -> str:
    title = _short(name("tasks", row)) or tr("Task")
    if "done_at" in fields:
        return tr("Task done: {text}", text=title) if fields["done_at"] else tr("Task open again: {text}", text=title)
    if "technician_id" in fields:
        who = name("staff", str(fields["technician_id"] or "")) or tr("Nobody")
        return f"{title}: {who}"
    return f"{title}: {hours(fields['expected_hours'])}" if fields.get("expected_hours") else title


def _checked(fields: Fields, name: Name, row: str) -> str:
    word = tr("Quality check passed") if fields.get("passed") else tr("Quality check not passed")
    return " · ".join(part for part in (word, _short(fields.get("remark"))) if part)


def _inspected(fields: Fields, name: Name, row: str) -> str:
    return tr("Inspection begun: {text}", text=_short(fields.get("name")))


def _inspection_changed(fields: Fields, name: Name, row: str) -> str:
    what = _short(name("inspections", row))
    if "completed_at" in fields:
        done = tr("Inspection completed: {text}", text=what)
        return done if fields["completed_at"] else tr("Inspection open again: {text}", text=what)
    return ""


def _point(fields: Fields, name: Name, row: str) -> str:
    return ""  # a point comes with its inspection


def _seen(fields: Fields, name: Name, row: str) -> str:
    verdict = str(fields.get("verdict") or "")
    word = tr(VERDICTS[verdict]) if verdict in VERDICTS else ""
    value = pieces(fields.get("value"))
    parts = [part for part in (word, value, _short(fields.get("remark"))) if part]
    return f"{_short(name('inspection_results', row))}: {', '.join(parts)}" if parts else ""


def _stock(fields: Fields, name: Name, row: str) -> str:
    part, quantity = name("parts", str(fields.get("part_id") or "")), int(fields.get("quantity") or 0)
    amount = f"{pieces(abs(quantity))} × {part}"
    return tr("From the store: {part}", part=amount) if quantity < 0 else tr("To the store: {part}", part=amount)


def _bought(fields: Fields, name: Name, row: str) -> str:
    return tr("Put on an order to a supplier: {part}", part=_short(fields.get("description")))


def _invoice(fields: Fields, name: Name, row: str) -> str:
    amount = money(fields.get("gross"), fields.get("currency"))
    if fields.get("kind") == "credit_note":
        return tr("Credit note issued: {amount}", amount=amount)
    return tr("Invoice issued: {amount}", amount=amount)


def _voided(fields: Fields, name: Name, row: str) -> str:
    return tr("Invoice declared void: {text}", text=_short(fields.get("reason")))


def _paid(fields: Fields, name: Name, row: str) -> str:
    way = tr(WAYS[fields["way"]]) if fields.get("way") in WAYS else ""
    amount = money(fields.get("amount"), name.currency)
    return " · ".join(part for part in (tr("Paid: {amount}", amount=amount), way) if part)


def _advised(fields: Fields, name: Name, row: str) -> str:
    return tr("Advised for later: {text}", text=_short(fields.get("description")))


def _nothing(fields: Fields, name: Name, row: str) -> str:
    return ""


_Say = Callable[[Fields, Name, str], str]
_NEW: Mapping[str, _Say] = {
    "status_moves": _moved,
    "clock_punches": _punched,
    "line_decisions": _decided,
    "repair_order_lines": _line,
    "notes": _note,
    "photos": _photo,
    "tasks": _task,
    "quality_checks": _checked,
    "inspections": _inspected,
    "inspection_results": _point,
    "stock_moves": _stock,
    "purchase_order_lines": _bought,
    "invoices": _invoice,
    "invoice_voids": _voided,
    "payments": _paid,
    "recommendations": _advised,
}
_CHANGED: Mapping[str, _Say] = {
    "repair_order_lines": _line_changed,
    "tasks": _task_changed,
    "inspections": _inspection_changed,
    "inspection_results": _seen,
    "purchase_order_lines": _nothing,
    "recommendations": _nothing,
}
