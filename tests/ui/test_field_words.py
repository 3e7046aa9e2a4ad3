"""Nobody reads a column's name: every field of every synced table has a title in the trade's words."""

import pytest

import core.models  # noqa: F401 - the tables are known by being imported
from core.people.models import SECRETS
from core.records.fields import ROW, Synced
from core.workshop.states import Status
from ui.field_words import FIELDS, HIDDEN, MACHINERY, POINTERS, TABLES, field_title, table_title, value_words


def _tables() -> dict[str, type[Synced]]:
    found: dict[str, type[Synced]] = {}
    waiting = list(Synced.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if "__tablename__" in vars(model) and model.__module__.startswith("core."):
            found[model.__tablename__] = model
    return found


SHOWN = {
    (table, column.name)
    for table, model in _tables().items()
    for column in model.__table__.columns
    if column.name not in ("id", "stamps", "row_hash")
}


def nobody(table: str, row: str) -> str:
    return ""


def test_every_table_has_a_title() -> None:
    assert set(_tables()) == set(TABLES)


def test_every_field_has_a_title_and_no_title_is_left_over() -> None:
    assert {field for _, field in SHOWN} == set(FIELDS)
    assert set(POINTERS) | MACHINERY | HIDDEN <= set(FIELDS)


def test_every_field_that_points_to_a_row_is_known_to() -> None:
    named = {field for _, field in SHOWN if field.endswith("_id") and field != "device_id"}
    rows = {
        column.name
        for model in _tables().values()
        for column in model.__table__.columns
        if column.type is ROW and column.name != "id"
    }
    assert (named | rows) - MACHINERY == set(POINTERS)


def test_an_order_a_comeback_comes_from_is_said_by_its_number() -> None:
    row = "01a2025f-dc18-7aa6-ab93-e2c9bbb5b545"
    assert value_words("repair_orders", "comeback_of", row, lambda table, _: f"{table} 1042") == "repair_orders 1042"
    assert value_words("warranty_claims", "claimed_with", row, nobody) == "not known here yet", "no id is ever read"


def test_no_secret_is_ever_shown() -> None:
    assert {field for _, field in SECRETS} == HIDDEN
    for table, field in SECRETS:
        assert value_words(table, field, "$argon2id$secret", nobody) == "•••"


def test_what_a_newer_program_writes_has_its_own_name() -> None:
    assert table_title("warranty_claims") == "warranty_claims"
    assert field_title("torque") == "torque"
    assert value_words("warranty_claims", "torque", 120, nobody) == "120"


@pytest.mark.parametrize(
    ("table", "field", "value", "said"),
    [
        ("repair_orders", "status", "awaiting_parts", "Awaiting parts"),
        ("repair_orders", "status", "at_the_moon", "at_the_moon"),
        ("repair_orders", "promised_at", None, ""),
        ("repair_orders", "odometer_in", 123456, "123,456 km"),
        ("repair_order_lines", "unit_price", 1999, "19.99"),
        ("repair_order_lines", "quantity", 4500, "4.50"),
        ("repair_order_lines", "quantity", 4000, "4"),
        ("repair_order_lines", "tax_rate", 1900, "19 %"),
        ("staff", "active", False, "no"),
        ("vehicles", "fuel_type", "diesel", "Diesel"),
        ("customers", "kind", "company", "Company"),
        ("contact_ways", "kind", "mobile", "Mobile"),
        ("repair_orders", "priority", "urgent", "Urgent"),
        ("staff", "role", "adviser", "Service adviser"),
        ("invoices", "kind", "credit_note", "Credit note"),
        ("payments", "way", "cash", "Cash"),
        ("documents", "kind", "insurance_card", "Insurance card"),
        ("tax_rules", "kinds", "labour,part", "Labour, Part"),
        ("vehicles", "customer_id", "0192", "not known here yet"),
        ("repair_orders", "complaint", "two\nlines", "two lines"),
    ],
)
def test_values_read_as_a_person_says_them(table: str, field: str, value: object, said: str) -> None:
    assert value_words(table, field, value, nobody) == said


def test_an_amount_says_its_currency() -> None:
    assert value_words("payments", "amount", -6495, nobody, "USD") == "−$64.95"


def test_every_status_has_a_word() -> None:
    for status in Status:
        assert value_words("repair_orders", "status", status.value, nobody) not in ("", status.value)


def test_a_row_is_named_and_long_text_is_cut() -> None:
    assert value_words("repair_orders", "customer_id", "0192", lambda table, row: f"{table} {row}") == "customers 0192"
    assert len(value_words("notes", "text", "x" * 5000, nobody)) == 160
