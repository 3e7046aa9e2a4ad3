"""What a person typed is checked in one place (``core.records.input``), for every room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String

from core.people import customers, staff, tokens
from core.records.fields import Synced
from core.records.input import (
    LARGEST,
    Check,
    Fields,
    Value,
    Wrong,
    day,
    instant,
    one_of,
    row_id,
    sha256,
    text,
    whole,
    yes_no,
)
from core.records.schema import read_schema
from core.vehicles import documents, fleets, odometer, vehicles
from core.workshop import clock, lines, notes, orders

FORMS: tuple[tuple[str, Fields], ...] = (
    ("customers", customers.FIELDS),
    ("contact_ways", customers.WAY_FIELDS),
    ("staff", staff.FIELDS),
    ("access_tokens", tokens.FIELDS),
    ("vehicles", vehicles.FIELDS),
    ("fleets", fleets.FIELDS),
    ("documents", documents.FIELDS),
    ("odometer_readings", odometer.FIELDS),
    ("repair_orders", orders.FIELDS),
    ("repair_order_lines", lines.FIELDS),
    ("notes", notes.NOTE_FIELDS),
    ("photos", notes.PHOTO_FIELDS),
    ("clock_punches", clock.FIELDS),
)
ELSEWHERE = {  # fields of a form that are kept as rows of another table
    "customers": {"phone", "mobile", "email", "address"},
    "vehicles": {"odometer_km"},
}


def refused(check: Check, value: object) -> bool:
    try:
        check(value)
    except Wrong as wrong:
        return bool(str(wrong))
    return False


@pytest.mark.parametrize(
    ("check", "value", "kept"),
    [
        (text(5), "  ab c ", "ab c"),
        (text(5), " \t ", None),
        (text(5), None, None),
        (text(9, lines=True), "a\r\nb\tc", "a\nb\tc"),
        (whole(0, 9), 9, 9),
        (whole(0, 9), None, None),
        (yes_no, False, False),
        (yes_no, None, None),
        (one_of(["a", "b"]), "b", "b"),
        (day, "2024-02-29", "2024-02-29"),
        (day, "", None),
        (instant, 1_795_000_000_000, 1_795_000_000_000),
        (instant, "2026-11-22T14:30:00Z", 1_795_357_800_000),
        (instant, "2026-11-22T15:30:00.250+01:00", 1_795_357_800_250),
        (row_id, "01890000-0000-7000-8000-000000000000", "01890000-0000-7000-8000-000000000000"),
        (sha256, "ab" * 32, "ab" * 32),
    ],
)
def test_what_is_right_is_kept(check: Check, value: object, kept: Value) -> None:
    assert check(value) == kept
    assert type(check(value)) is type(kept)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (text(5), "abcdef"),
        (text(5), 5),
        (text(5), ["a"]),
        (text(5), "a\0"),
        (text(5), "\ud800"),
        (text(5), "a\nb"),
        (text(5, lines=True), "a\x1bb"),
        (whole(0, 9), 10),
        (whole(0, 9), -1),
        (whole(0, 9), True),
        (whole(0, 9), 1.0),
        (whole(0, 9), "1"),
        (whole(), 1 << 63),
        (whole(), -(1 << 64)),
        (yes_no, 1),
        (yes_no, "yes"),
        (one_of(["a", "b"]), "c"),
        (one_of(["a", "b"]), ["a"]),
        (day, "2026-02-30"),
        (day, "22.11.2026"),
        (day, "2026-11-22T00:00"),
        (day, 20261122),
        (instant, "2026-11-22T14:30:00"),
        (instant, "2026-11-22"),
        (instant, "0001-01-01T00:00:00+23:59"),
        (instant, -1),
        (instant, True),
        (instant, 1 << 63),
        (instant, 1.5),
        (row_id, "x"),
        (row_id, 7),
        (sha256, "AB" * 32),
        (sha256, "ab"),
    ],
)
def test_what_is_wrong_is_refused_in_words(check: Check, value: object) -> None:
    assert refused(check, value)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers()), st.binary()))
def test_a_check_keeps_or_refuses_and_never_breaks(value: object) -> None:
    for check in (text(40), text(40, lines=True), whole(), yes_no, one_of(["a"]), day, instant, row_id, sha256):
        try:
            kept = check(value)
        except Wrong:
            continue
        assert kept is None or isinstance(kept, (str, int))
        assert check(kept) == kept, "what was read can be written back"


@pytest.mark.parametrize(("table", "form"), FORMS, ids=[table for table, _ in FORMS])
def test_what_a_form_lets_through_its_column_can_hold(table: str, form: Fields) -> None:
    columns = read_schema().tables[table].fields
    for name in form:
        if name in ELSEWHERE.get(table, ()):
            continue
        info = columns[name]
        for value in ("x" * 100_000, "é" * 16, "2026-01-01", LARGEST, -LARGEST, 0, True, "ab" * 32):
            try:
                kept = form[name].check(value)
            except Wrong:
                continue
            assert info.fits(kept), f"{table}.{name} cannot hold {kept!s:.40}"


@pytest.mark.parametrize(("table", "form"), FORMS, ids=[table for table, _ in FORMS])
def test_text_may_be_as_long_as_its_column(table: str, form: Fields) -> None:
    model: type[Synced] = read_schema().tables[table].model
    for name in form:
        column = model.__table__.columns.get(name)
        if column is None or not isinstance(column.type, String) or column.type.length is None:
            continue
        refusal = refused(form[name].check, "Ä" * (column.type.length + 1))
        assert refusal, f"{table}.{name} takes more than its column"
