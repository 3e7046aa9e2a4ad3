"""Repair orders: kept field by field, alive while others write, and nothing typed is overwritten or lost."""

import time
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from core.people.customers import list_customers
from core.records.errors import DiskFull
from core.vehicles.vehicles import create_vehicle, list_vehicles
from core.workshop.notes import list_notes
from core.workshop.orders import RepairOrderView, list_repair_orders
from tests.ui.conftest import all_texts, settle
from tests.ui.orders_stage import leave, notes, opened, overview, page, type_into, work
from tests.ui.two_bays import Bay, furnish, until
from ui import orders_reading, theme
from ui.pages.customer_sheet import CustomerSheet, NewCustomerSheet
from ui.pages.order_moving import MoveSheet
from ui.pages.orders import OrdersPage
from ui.pages.orders_new import NewOrderSheet
from ui.pages.orders_picker import PickerSheet
from ui.pages.orders_promise import PromiseSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast


def shows(found: OrdersPage, complaint: str) -> bool:
    return found.editor.shown is not None and found.editor.shown.order.complaint == complaint


def plates(found: OrdersPage) -> list[str]:
    return [each.vehicle_plate or "" for each in found.list.shown.rows]


# --- the list


def test_the_list_is_newest_first_and_fetches_as_it_scrolls(
    one: Bay, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders_reading, "PAGE", 20)
    made = [one.new_order(complaint=f"Job {n}").id for n in range(50)]
    shell = one.window()
    found = page(shell)
    until(lambda: len(found.list.shown.rows) >= 20, "the first page comes")
    assert len(found.list.shown.rows) < 50, "not all at once"

    def all_read() -> bool:
        found.list.scrollToBottom()
        return len(found.list.shown.rows) == 50

    until(all_read, "the rest comes")
    assert [each.id for each in found.list.shown.rows] == list(reversed(made))
    shell.end()
    shell.deleteLater()


def test_the_search_finds_orders_by_plate_customer_and_words(one: Bay, window: Shell) -> None:
    furnish(one)
    found = page(window)
    until(lambda: len(found.list.shown.rows) == 6, "all are there")
    for typed, plate in (("hh-ab", "HH AB 123"), ("kowal", "B CD 77"), ("tyres", "K LM 9"), ("backerei", "S TU 2024")):
        found.search.setText(typed)
        until(partial(lambda wanted: plates(found) == [wanted], plate), f"{typed} is found")
    found.search.setText("zeppelin")
    until(lambda: not found.list.shown.rows and "Nothing found" in found.empty.text(), "nothing is said to be found")
    found.search.clear()
    until(lambda: len(found.list.shown.rows) == 6, "all are back")


def test_a_late_promise_has_the_word_and_a_ready_car_is_not_late(one: Bay, window: Shell) -> None:
    past = round(time.time() * 1000) - 3_600_000
    late = one.new_order(complaint="Late", promised_at=past, status="in_progress")
    ready = one.new_order(complaint="Ready", promised_at=past, status="ready")
    found = page(window)
    until(lambda: len(found.list.shown.rows) == 2, "both are there")
    spoken = {each: found.list.shown.index(found.list.shown.place(each), 0).data() for each in (late.id, ready.id)}
    assert "Late:" in spoken[late.id]
    assert "Late:" not in spoken[ready.id]
    assert "Promised:" in spoken[ready.id]


def test_a_first_order_is_taught(window: Shell) -> None:
    found = page(window)
    until(lambda: "No repair orders yet" in found.empty.text(), "it is said")


def test_without_a_workshop_the_way_to_one_is_shown(dressed: QApplication, one: Bay) -> None:
    one.context.membership = None
    shell = one.window()
    shell.go("orders")
    texts = all_texts(shell.content.pages["orders"].findChildren)
    assert "No workshop yet" in texts
    shell.end()
    shell.deleteLater()


# --- new orders


def test_a_new_order_takes_a_known_vehicle_or_makes_one(one: Bay, window: Shell) -> None:
    one.records.change("system", lambda session: create_vehicle(session, one.actor, {"plate": "HH AB 123"}))
    found = page(window)
    for plate, asked in (("hh-ab 123", "Oil service"), ("M XY 1", "Brakes")):
        found.new.click()
        sheet = dialogs.sheets(window)[-1]
        assert isinstance(sheet, NewOrderSheet)
        sheet.plate.setText(plate)
        sheet.complaint.setPlainText(asked)
        sheet.make.click()
        until(partial(shows, found, asked), "it is shown")
    with one.records.read() as session:
        assert sorted(each.plate or "" for each in list_vehicles(session).items) == ["HH AB 123", "M XY 1"]
    assert plates(found) == ["M XY 1", "HH AB 123"]


def test_a_new_order_asks_for_a_plate_and_who_brings_one_nobody_knows(one: Bay, window: Shell) -> None:
    found = page(window)
    found.open_new()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, NewOrderSheet)
    sheet.submit()
    assert "Type a plate" in sheet.trouble.words.text()
    assert not sheet.whose.isVisible()
    sheet.plate.setText("ZZ NEW 1")
    sheet.look()
    until(sheet.whose.isVisible, "who brings a vehicle nobody knows is asked for")
    sheet.whose.name.setText("Bill Brown")
    sheet.whose.phone.setText("0170 555")
    sheet.submit()
    head = found.editor.head
    until(lambda: head.customer.text() == "Bill Brown · 0170 555", "and stands in the order")


# --- saving


def test_a_field_is_kept_when_it_is_left(one: Bay, order: str, window: Shell) -> None:
    field = work(window, order).texts["cause"]
    type_into(field, "Pads worn to 1 mm")
    assert one.order(order).cause is None
    leave(field)
    until(lambda: one.order(order).cause == "Pads worn to 1 mm", "it is kept")
    until(lambda: field.state.text() == "Saved", "it is said")


@pytest.mark.parametrize("away", ["page", "order", "window"])
def test_what_is_being_typed_is_kept_wherever_one_goes(one: Bay, order: str, window: Shell, away: str) -> None:
    second = one.new_order(complaint="Another one")
    found = opened(window, order)
    type_into(work(window, order).texts["correction"], "Pads and discs fitted")
    notes(window, order).notes.editor.setPlainText("Test drive done")
    if away == "page":
        window.go("changes")
    elif away == "order":
        found.show_order(second.id)
    else:
        window.close()
    until(lambda: one.order(order).correction == "Pads and discs fitted", "it is kept")

    def noted() -> bool:
        with one.records.read() as session:
            return [each.text for each in list_notes(session, order).items] == ["Test drive done"]

    until(noted, "the note is kept")


def test_a_pause_in_typing_keeps_what_is_there_so_far(one: Bay, order: str, window: Shell) -> None:
    field = work(window, order).texts["cause"]
    field._pause.setInterval(10)
    type_into(field, "Pads worn")
    until(lambda: one.order(order).cause == "Pads worn", "it is kept")
    QTest.keyClicks(field.editor, " to 1 mm")
    until(lambda: one.order(order).cause == "Pads worn to 1 mm", "the rest too")
    assert field.text() == "Pads worn to 1 mm"
    assert field.editor.hasFocus()


def test_what_the_disk_refuses_stays_in_the_field_and_is_said(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = work(window, order).texts["cause"]

    def full(*_: object) -> RepairOrderView:
        raise DiskFull("records.db")

    with monkeypatch.context() as patched:
        patched.setattr(orders_reading, "save_field", full)
        type_into(field, "Pads worn")
        leave(field)
        until(field.trouble.isVisible, "it is said")
    assert "The disk is full" in field.trouble.words.text()
    assert "stays here" in field.trouble.words.text()
    assert field.text() == "Pads worn"
    field.trouble.button.click()
    until(lambda: one.order(order).cause == "Pads worn", "the second try keeps it")
    until(lambda: not field.trouble.isVisible(), "the trouble is over")


def test_text_of_an_order_left_behind_that_cannot_be_kept_is_not_lost(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = one.new_order(complaint="Another one")
    found = opened(window, order, "work")

    def full(*_: object) -> RepairOrderView:
        raise DiskFull("records.db")

    monkeypatch.setattr(orders_reading, "save_field", full)
    type_into(work(window, order).texts["cause"], "Pads worn to 1 mm")
    found.show_order(second.id)
    until(lambda: any("Pads worn to 1 mm" in each.detail for each in window.context.problems), "it is in the problems")


def test_a_status_is_chosen_kept_and_taken_back(one: Bay, order: str, window: Shell) -> None:
    track = overview(window, order).track
    until(track.stops["in_progress"].isEnabled, "it may go there")
    track.stops["in_progress"].click()
    until(lambda: one.order(order).status == "in_progress", "it is kept")
    until(lambda: toast.shown(window), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: one.order(order).status == "booked", "it is taken back")
    until(lambda: track.stops["booked"].here, "it is shown")


def test_only_moves_that_are_allowed_are_offered(one: Bay, order: str, window: Shell) -> None:
    track = overview(window, order).track
    assert not track.stops["delivered"].isEnabled(), "a car is handed over when it is ready"
    one.set(order, status="ready")
    until(track.stops["delivered"].isEnabled, "now it can be")


def test_what_is_missing_is_said_before_an_order_is_moved_anyway(one: Bay, order: str, window: Shell) -> None:
    one.set(order, status="quality_check")
    track = overview(window, order).track
    until(track.stops["ready"].isEnabled, "it may go there")
    track.stops["ready"].click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, MoveSheet)
    assert any("No quality check was passed" in text for text in all_texts(sheet.findChildren))
    assert one.order(order).status == "quality_check"
    sheet.anyway.click()
    until(lambda: one.order(order).status == "ready", "it is moved")


def test_a_promise_is_two_presses_and_can_be_taken_back(one: Bay, order: str, window: Shell) -> None:
    overview(window, order).tiles["promise"].click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, PromiseSheet)
    sheet.day_buttons[1].click()
    next(button for moment, button in sheet.times.items() if (moment.hour, moment.minute) == (16, 30)).click()
    until(lambda: one.order(order).promised_at, "it is kept")
    at = time.localtime((one.order(order).promised_at or 0) / 1000)
    tomorrow = time.localtime(time.time() + 86_400)
    assert (at.tm_mon, at.tm_mday, at.tm_hour, at.tm_min) == (tomorrow.tm_mon, tomorrow.tm_mday, 16, 30)
    until(lambda: overview(window, order).tiles["promise"].text().strip().endswith("16:30"), "it is shown")
    until(lambda: toast.shown(window), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: one.order(order).promised_at is None, "it is taken back")


def test_a_vehicle_and_a_customer_are_found_or_made(one: Bay, order: str, window: Shell) -> None:
    furnish(one)
    overview(window, order).tiles["vehicle"].click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, PickerSheet)
    QTest.keyClicks(sheet.field, "golf")
    until(lambda: len(sheet.options) == 1 and "HH AB 123" in sheet.options[0].accessibleName(), "it is found")
    sheet.options[0].click()
    until(lambda: one.order(order).vehicle_plate == "HH AB 123", "it is kept")
    overview(window, order).tiles["customer"].click()
    second = dialogs.sheets(window)[-1]
    assert isinstance(second, PickerSheet)
    QTest.keyClicks(second.field, "Ada Newcomer")
    until(lambda: not second.options, "there is none")
    second.make.click()
    form = dialogs.sheets(window)[-1]
    assert isinstance(form, NewCustomerSheet)
    QTest.keyClicks(form.texts["phone"], "0151 2345678")
    QTest.keyClick(form.texts["phone"], Qt.Key.Key_Return)
    until(lambda: one.order(order).customer_name == "Ada Newcomer", "it is made")
    head = page(window).editor.head
    until(lambda: head.customer.text() == "Ada Newcomer · 0151 2345678", "whom to ring stands in the head")
    assert overview(window, order).captions["customer"].text() == "Customer · 0151 2345678"
    overview(window, order).edit_customer.click()
    until(lambda: dialogs.sheets(window), "the sheet is open")
    known = dialogs.sheets(window)[-1]
    assert isinstance(known, CustomerSheet)
    known.texts["email"].setText("ada at home")
    known.keep.click()
    until(lambda: "not an e-mail address" in known.trouble.words.text(), "what is wrong is said")
    known.texts["email"].setText("ada@example.org")
    known.texts["phone"].setText("0151 999")
    known.keep.click()
    until(lambda: head.customer.text() == "Ada Newcomer · 0151 999", "it is put right")
    with one.records.read() as session:
        [ada] = list_customers(session, name="Ada Newcomer").items
        assert (ada.phone, ada.email) == ("0151 999", "ada@example.org")
    toast.shown(window)[-1].undo.click()
    until(lambda: head.customer.text() == "Ada Newcomer · 0151 2345678", "it is taken back")
    assert [each.title for each in orders_reading.find_customers(one.records, "2345678")] == ["Ada Newcomer"]


def test_a_new_customer_of_an_order_is_taken_back_whole(one: Bay) -> None:
    order = orders_reading.new_order(one.records, one.actor, "ZZ NEW 1", "Brakes hum")
    made = orders_reading.new_customer(one.records, one.actor, order, {"name": "Bill Brown", "mobile": "0170 1"})
    with one.records.read() as session:
        assert list_vehicles(session, plate="ZZ NEW 1").items[0].customer_id == made.customer_id
    orders_reading.without_customer(one.records, one.actor, order, made.customer_id or "")
    with one.records.read() as session:
        assert list_vehicles(session, plate="ZZ NEW 1").items[0].customer_id is None
        assert not list_customers(session).items
    assert one.order(order.id).customer_id is None


def test_a_note_is_added_and_stands_on_top(one: Bay, order: str, window: Shell) -> None:
    box = notes(window, order).notes
    for text in ("First", "Second"):
        box.editor.setPlainText(text)
        box.add.click()
        until(partial(lambda wanted: box.cards and box.cards[0].note.text == wanted, text), "it is there")
    assert [card.note.text for card in box.cards] == ["Second", "First"]
    assert box.editor.toPlainText() == ""


# --- for a glove


def test_what_is_typed_into_stays_in_sight_above_the_keyboard(order: str, window: Shell) -> None:
    window.context.preferences.touch = True
    window.dress()
    field = work(window, order).texts["correction"].editor
    field.setFocus()
    assert window.keyboard is not None
    until(window.keyboard.isVisible, "the keyboard comes")
    keyboard = window.keyboard
    until(lambda: field.mapTo(window, field.rect().bottomLeft()).y() <= keyboard.y(), "the page follows")


@pytest.mark.parametrize("scale", [min(theme.SCALES), max(theme.SCALES)])
def test_everything_pressed_is_large_enough_and_nothing_pushes_the_page_aside(
    one: Bay, other: Bay, window: Shell, scale: float
) -> None:
    furnish(one)
    other.meet(one)
    with one.records.read() as session:
        rows = [each.id for each in list_repair_orders(session).items]
    one.set(rows[2], status="ready")
    other.set(rows[2], status="diagnosing", cause="x" * 300)
    other.meet(one)
    window.context.preferences.text_scale = scale
    window.dress()
    settle()
    found = opened(window, rows[2])
    until(lambda: found.editor.cards, "the card is there")
    settle()
    small = [
        (type(widget).__name__, widget.accessibleName(), widget.height())
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit)
        and widget.isVisible()
        and widget.height() < theme.target
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert small == []
    for each in found.editor.sections.values():
        viewport = each.parentWidget()
        assert viewport is not None
        assert each.width() <= viewport.width(), "nothing is cut off at the right"
