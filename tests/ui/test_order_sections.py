"""All sections of an order: large enough for a glove at every text size, none wider than its room, few questions."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.people.staff import create_staff
from core.vehicles.vehicles import create_vehicle
from core.workshop.default_inspections import install_default_templates
from core.workshop.estimates import decide
from core.workshop.inspection_templates import list_templates
from core.workshop.inspections import start_inspection
from core.workshop.invoices import issue_invoice
from core.workshop.lines import create_line
from core.workshop.notes import add_note
from core.workshop.orders import change_repair_order
from core.workshop.recommendations import create_recommendation
from core.workshop.shop import change_shop
from core.workshop.tasks import create_task
from tests.ui.conftest import settle
from tests.ui.orders_stage import opened
from tests.ui.two_bays import Bay, quarrel, until
from ui import (
    estimate_reading,
    inspection_reading,
    order_history_reading,
    order_invoice_reading,
    order_notes_reading,
    order_opening,
    order_overview_reading,
    order_parts_reading,
    order_work_reading,
    orders_reading,
    theme,
)
from ui.order_summary_reading import read_summary
from ui.pages.order_section import Section
from ui.shell import Shell

LONG = "A long word of the customer's own that goes on and on until there is no room left for it"


def _read(section: Section) -> bool:
    return not section.waiting


def fill(bay: Bay, order: str, many: int) -> None:
    """An order with ``many`` of everything."""

    def work(session: Session) -> None:
        car = create_vehicle(session, SYSTEM, {"plate": "HH AB 123", "make": "Volkswagen", "model": LONG[:40]})
        change_repair_order(session, SYSTEM, order, {"vehicle_id": car.id})
        staff = create_staff(session, SYSTEM, {"name": "Bartholomäus Hinterhuber", "role": "technician"})
        install_default_templates(session, SYSTEM)
        template = next(each for each in list_templates(session).items if each.points)
        start_inspection(session, SYSTEM, {"template_id": template.id, "order_id": order})
        said = []
        for n in range(many):
            fields = {"order_id": order, "kind": "part", "description": f"{LONG} {n}", "unit_price": 123_456}
            said.append((create_line(session, SYSTEM, fields).id, "approved"))
            create_task(session, SYSTEM, {"order_id": order, "title": f"{LONG} {n}", "technician_id": staff.id})
            add_note(session, SYSTEM, {"order_id": order, "text": LONG})
            create_recommendation(session, SYSTEM, {"vehicle_id": car.id, "description": LONG, "unit_price": 9900})
        decide(session, SYSTEM, order, said[:-1], {"said_by": LONG[:60]})
        issue_invoice(session, SYSTEM, order)

    bay.records.change("system", work)


@pytest.mark.parametrize("scale", [min(theme.SCALES), max(theme.SCALES)])
def test_everything_pressed_is_large_enough_and_no_section_is_wider_than_its_room(
    one: Bay, order: str, window: Shell, scale: float
) -> None:
    fill(one, order, 3)
    window.context.preferences.text_scale = scale
    window.dress()
    settle()
    found = opened(window, order)
    for name in order_opening.SECTIONS:
        found.editor.open_section(name)
        section = found.editor.sections[name]
        until(partial(_read, section), f"{name} is read")
        settle()
        small = [
            (name, type(widget).__name__, widget.accessibleName(), widget.height())
            for widget in window.findChildren(QWidget)
            if isinstance(widget, QAbstractButton | QComboBox | QLineEdit)
            and widget.isVisible()
            and widget.height() < theme.target
        ]
        assert small == []
        room = section.parentWidget()
        assert room is not None
        assert section.width() <= room.width(), f"{name} is cut off at the right"
        assert section.minimumSizeHint().width() <= room.width(), f"{name} wants more than there is"


def test_a_section_asks_as_little_of_the_records_for_many_rows_as_for_few(one: Bay, order: str) -> None:
    fill(one, order, 2)
    second = one.new_order(complaint="Another one").id
    fill(one, second, 12)
    records, actor = one.records, SYSTEM
    readings: dict[str, Callable[[str], object]] = {
        "the order": lambda row: orders_reading.read_order(records, row),
        "its tabs": lambda row: read_summary(records, row, None),
        "overview": lambda row: order_overview_reading.read_overview(records, actor, row),
        "work": lambda row: order_work_reading.read_work(records, row),
        "estimate": lambda row: estimate_reading.read_estimate(records, row),
        "inspection": lambda row: inspection_reading.read_inspections(records, row),
        "parts": lambda row: order_parts_reading.read_parts(records, row),
        "notes": lambda row: order_notes_reading.read_notes(records, row, None),
        "invoice": lambda row: order_invoice_reading.read_invoices(records, row),
        "history": lambda row: order_history_reading.read_history(records, row, 40),
    }
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        for name, read in readings.items():
            numbers = []
            for row in (order, second):
                counted.clear()
                read(row)
                numbers.append(len(counted))
            if name == "history":  # looks up what each row is called, once
                assert numbers[1] <= 200
                continue
            assert numbers[1] <= numbers[0] + 1, f"{name}: {numbers}"
            assert numbers[1] <= 40, f"{name}: {numbers}"
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_the_history_counts_in_the_money_of_the_shop(one: Bay, order: str) -> None:
    one.records.change("system", lambda session: change_shop(session, SYSTEM, {"currency": "USD"}))
    fill(one, order, 2)
    said = "\n".join(
        line for each in order_history_reading.read_history(one.records, order, 40).events for line in each.lines
    )
    assert "$" in said
    assert "€" not in said


def test_what_two_terminals_set_differently_takes_one_line_outside_the_overview(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    quarrel(one, other, order)
    editor = opened(window, order, "estimate").editor
    until(lambda: len(editor.cards) == 2, "a conflict and a replaced value")
    until(editor.to_decide.isVisible, "one line says so")
    assert not editor.cards[0].isVisible()
    editor.to_decide.click()
    assert editor.place == "overview"
    until(editor.cards[0].isVisible, "there they are")
    assert not editor.to_decide.isVisible()
