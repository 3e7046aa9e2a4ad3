"""The workshop's tables and fields in the trade's words, and their values as a person reads them.

``tests/ui/test_field_words.py`` fails for a field that has no title here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.language import mark, tr
from ui import field_words_floor, sync_words, words
from ui.field_words_choices import CHOICES
from ui.money_words import money

TABLES: Mapping[str, str] = {
    "access_tokens": mark("Access token"),
    "clock_punches": mark("Clock punch"),
    "contact_ways": mark("Contact"),
    "customers": mark("Customer"),
    "documents": mark("Document"),
    "fleets": mark("Fleet"),
    "notes": mark("Note"),
    "number_series": mark("Number series"),
    "odometer_readings": mark("Odometer reading"),
    "owner_periods": mark("Ownership"),
    "photos": mark("Photo"),
    "repair_order_lines": mark("Line of an order"),
    "repair_orders": mark("Repair order"),
    "staff": mark("Staff"),
    "terminals": mark("Terminal"),
    "vehicles": mark("Vehicle"),
    "workshops": mark("Workshop"),
    **field_words_floor.TABLES,
}

FIELDS: Mapping[str, str] = {
    "active": mark("Works here"),
    "address": mark("Address"),
    "adviser_id": mark("Adviser"),
    "at": mark("Time"),
    "author": mark("Author"),
    "author_name": mark("Author's name"),
    "bay": mark("Bay"),
    "caption": mark("Caption"),
    "cause": mark("Cause"),
    "color": mark("Colour"),
    "complaint": mark("Complaint"),
    "contact_person": mark("Contact person"),
    "correction": mark("Correction"),
    "customer_id": mark("Customer"),
    "deleted_at": mark("Deleted"),
    "description": mark("Description"),
    "device_id": mark("Device"),
    "direction": mark("In or out"),
    "engine_number": mark("Engine number"),
    "file_sha256": mark("File"),
    "first_registration": mark("First registration"),
    "fleet_id": mark("Fleet"),
    "fuel_type": mark("Fuel"),
    "inspection_due": mark("Inspection due"),
    "joined_at": mark("Joined"),
    "key_tag": mark("Key tag"),
    "kind": mark("Kind"),
    "label": mark("Label"),
    "language": mark("Language"),
    "make": mark("Make"),
    "manufacture_date": mark("Date of manufacture"),
    "media_type": mark("Kind of file"),
    "model": mark("Model"),
    "name": mark("Name"),
    "notes": mark("Notes"),
    "number": mark("Order number"),
    "odometer_in": mark("Odometer at arrival"),
    "odometer_out": mark("Odometer at handover"),
    "opened_at": mark("Opened"),
    "order_id": mark("Repair order"),
    "part_number": mark("Part number"),
    "pin_hash": mark("PIN"),
    "plate": mark("Plate"),
    "position": mark("Position"),
    "priority": mark("Priority"),
    "promised_at": mark("Promised time"),
    "public_key": mark("Key"),
    "quantity": mark("Quantity"),
    "read_at": mark("Read at"),
    "read_by": mark("Read by"),
    "registration_due": mark("Registration due"),
    "removed_at": mark("Removed"),
    "revoked_at": mark("Revoked"),
    "role": mark("Role"),
    "root_certificate": mark("Certificate"),
    "secret_sha256": mark("Secret"),
    "sequence": mark("Place in the series"),
    "since": mark("Since"),
    "site": mark("Terminal"),
    "size": mark("Size"),
    "source": mark("Source"),
    "staff_id": mark("Staff"),
    "status": mark("Status"),
    "suffix": mark("Suffix"),
    "tax_number": mark("Tax number"),
    "tax_rate": mark("Tax rate"),
    "taken_at": mark("Taken at"),
    "technician_id": mark("Technician"),
    "text": mark("Text"),
    "thumbnail_sha256": mark("Small picture"),
    "transmission": mark("Transmission"),
    "unit_price": mark("Unit price"),
    "until": mark("Until"),
    "value": mark("Value"),
    "vehicle_id": mark("Vehicle"),
    "vehicle_type": mark("Kind of vehicle"),
    "vin": mark("VIN"),
    "written_at": mark("Written at"),
    "year": mark("Model year"),
    **field_words_floor.FIELDS,
}

# Fields that hold the id of a row, and of which table.
POINTERS: Mapping[str, str] = {
    "adviser_id": "staff",
    "customer_id": "customers",
    "fleet_id": "fleets",
    "order_id": "repair_orders",
    "staff_id": "staff",
    "technician_id": "staff",
    "vehicle_id": "vehicles",
    **field_words_floor.POINTERS,
}
MACHINERY = frozenset(  # nobody at a bench needs to read these
    {"author", "device_id", "file_sha256", "media_type", "public_key", "read_by", "root_certificate", "sequence",
     "site", "thumbnail_sha256", *field_words_floor.MACHINERY}
)  # fmt: skip
HIDDEN = frozenset({"pin_hash", "secret_sha256", "hourly_cost"})  # that they changed is said, not to what
_INSTANTS = frozenset(
    {"at", "deleted_at", "joined_at", "opened_at", "promised_at", "read_at", "removed_at", "revoked_at", "taken_at",
     "written_at", *field_words_floor.INSTANTS}
)  # fmt: skip
_ROW_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST = 160  # characters of a value that are shown

DIRECTIONS: Mapping[str, str] = {"in": mark("clocked on"), "out": mark("clocked off")}

Name = Callable[[str, str], str]
"""``name(table, row)``: what a person calls that row; "" when it is not known here."""


def table_title(table: str) -> str:
    """What a row of ``table`` is called; a table of a newer program by its own name."""
    return tr(TABLES[table]) if table in TABLES else table


def field_title(field: str) -> str:
    """What a field is called; one of a newer program by its own name."""
    return tr(FIELDS[field]) if field in FIELDS else field


def value_words(table: str, field: str, value: Any, name: Name, currency: str = "") -> str:
    """A value as a person reads it; "" for an empty one. Long text is cut. ``currency`` is that of amounts."""
    if value is None or value == "":
        return ""
    if field in HIDDEN:
        return "•••"
    if field in POINTERS:
        return name(POINTERS[field], str(value)) or tr("not known here yet")
    if isinstance(value, str) and _ROW_ID.fullmatch(value):  # of a newer program: nobody can read it
        return tr("not known here yet")
    text = _worded(table, field, value, currency)
    shortened = " ".join(text.split())
    return shortened if len(shortened) <= LONGEST else f"{shortened[: LONGEST - 1]}…"


def _worded(table: str, field: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if field in _INSTANTS and isinstance(value, int):
        return sync_words.moment(value)
    if field in field_words_floor.THOUSANDTHS and isinstance(value, int):
        return words.number(value / 1000, 0 if value % 1000 == 0 else 2)
    if field in field_words_floor.MONEY and isinstance(value, int):
        return money(value, currency) if currency else words.number(value / 100, 2)
    if field in field_words_floor.RATES and isinstance(value, int):
        return tr("{percent} %", percent=words.number(value / 100, 0 if value % 100 == 0 else 2))
    if field in field_words_floor.DISTANCES and isinstance(value, int):
        return tr("{distance} km", distance=words.count(value))
    return _choice(table, field, str(value))


def _choice(table: str, field: str, value: str) -> str:
    """The word for one of a few values, or for several by comma; one of the shop's own, or of a newer program, as it
    is.
    """
    if field == "direction":
        return tr(DIRECTIONS[value]) if value in DIRECTIONS else value
    known = CHOICES.get((table, field), {})
    each = value.split(",") if field == "kinds" else [value]
    return ", ".join(tr(known[one]) if one in known else one for one in each)
