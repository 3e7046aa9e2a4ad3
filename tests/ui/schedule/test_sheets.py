"""The schedule's sheets: booking, bays, shifts and absences, one's own day."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from core.people.customers import CustomerView, create_customer, get_customer
from core.people.roles import Actor, Role
from core.planning.absences import list_absences
from core.planning.allocations import list_allocations
from core.planning.appointments import list_appointments
from core.planning.shifts import ShiftView, shifts_of
from core.planning.work_bays import list_work_bays
from core.vehicles.vehicles import get_vehicle
from core.workshop.orders import get_repair_order
from tests.ui.conftest import settle
from tests.ui.schedule.hands import placed, tap
from tests.ui.schedule.stage import DAY, clock, page
from tests.ui.two_bays import Bay, until
from ui.pages.schedule import MINE, SchedulePage
from ui.pages.schedule_booking import BookingSheet
from ui.pages.schedule_planning import PlanningSheet
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.panels import ElidedLabel


def test_a_vehicle_is_booked_at_one_of_the_next_free_times(one: Bay, found: SchedulePage) -> None:
    found.book.click()
    [sheet] = dialogs.sheets(found.window())
    assert isinstance(sheet, BookingSheet)
    until(lambda: sheet._slots and sheet.takes.count(), "times are offered")
    brakes = next(button for button in sheet.findChildren(type(sheet.slots[0])) if button.text() == "brakes")
    lift = next(button for button in sheet.findChildren(type(brakes)) if button.text() == "four-post lift")
    brakes.click()
    lift.click()
    sheet.lengths.chosen.emit(120)
    until(
        lambda: (
            sheet._slots and sheet._slots[0].bay == "Bay 2" and sheet._slots[0].end - sheet._slots[0].start == 7_200_000
        ),
        "they fit",
    )
    slot = sheet._slots[0]
    sheet.slots[0].click()
    assert sheet.trouble.isVisible(), "what is asked for is needed, and said so"
    QTest.keyClicks(sheet.vehicle, "HH ZZ 1")
    QTest.keyClicks(sheet.asked, "Brakes squeal")
    sheet.slots[0].click()
    until(lambda: not dialogs.sheets(found.window()), "it is booked")
    with one.records.read() as session:
        [coming] = [each for each in list_appointments(session).items if each.title == "Brakes squeal"]
        [block] = list_allocations(session, order_id=coming.order_id).items
    assert (coming.vehicle_plate, coming.starts_at) == ("HH ZZ 1", slot.start)
    assert (block.bay_id, block.staff_id, block.ends_at) == (slot.bay_id, slot.staff_id, slot.end)


def test_a_known_vehicle_is_picked_and_a_tapped_time_is_offered(
    one: Bay, found: SchedulePage, made: dict[str, list[str]]
) -> None:
    laid = found.canvas.laid
    assert laid is not None
    line = next(each for each in laid.lines if each.row.id == made["bays"][1])
    tap(found.canvas, QPointF(laid.x_of(clock(DAY, "11:30")) + 1, line.rect.bottom() - 6))
    [sheet] = dialogs.sheets(found.window())
    assert isinstance(sheet, BookingSheet)
    sheet.vehicle.setText("HH AB")
    sheet._search()
    until(lambda: sheet.known.buttons, "it is found")
    sheet.known.buttons[0].click()
    sheet.asked.setText("Wipers")
    sheet.chosen_time.click()
    until(lambda: not dialogs.sheets(found.window()), "it is booked")
    with one.records.read() as session:
        [coming] = [each for each in list_appointments(session).items if each.title == "Wipers"]
    assert (coming.vehicle_plate, coming.starts_at) == ("HH AB 123", clock(DAY, "11:30"))


def test_a_customer_is_found_by_name_and_one_without_a_vehicle_is_booked(one: Bay, found: SchedulePage) -> None:
    work = lambda session: create_customer(session, one.actor, {"name": "Zora Zimmer"})  # noqa: E731
    zora = one.records.change(one.actor.reference, work).value.id
    sheet = BookingSheet(found, one.records, found.actor, None, found._booked)
    sheet.open()
    sheet.vehicle.setText("Kowalczyk")
    sheet._search()
    until(lambda: sheet.known.buttons, "the customer's vehicle is found")
    assert "B CD 77" in sheet.known.buttons[0].text()
    sheet.vehicle.setText("Zimmer")
    sheet._search()
    until(lambda: sheet.known.buttons and "Zora" in sheet.known.buttons[0].text(), "who has none is found, too")
    sheet.known.buttons[0].click()
    sheet.asked.setText("Noise")
    until(lambda: sheet._slots, "times are offered")
    sheet.slots[0].click()
    until(lambda: not dialogs.sheets(found.window()), "it is booked")
    with one.records.read() as session:
        [coming] = [each for each in list_appointments(session).items if each.title == "Noise"]
    assert (coming.customer_id, coming.vehicle_id) == (zora, None), "no vehicle is made of a name"


def test_the_way_to_the_shifts_is_offered_to_who_may_enter_them(
    one: Bay, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page(shell)
    until(lambda: shown.board is not None, "it is read")
    assert not shown.strip.entries, "nobody is on shift"
    offered = shown.strip.grab().toImage()
    assert shown.strip.isEnabled()
    jonas = Actor("staff", "0" * 32, "Jonas Weber", Role.TECHNICIAN)
    monkeypatch.setattr(type(one.context), "actor", property(lambda self: jonas))
    shown.refresh()
    settle()
    assert not shown.strip.isEnabled()
    assert shown.strip.grab().toImage() != offered, "nor is it said"


def test_without_bays_the_page_teaches_and_makes_them(one: Bay, shell: Shell) -> None:
    shown = page(shell)
    until(lambda: shown.board is not None, "it is read")
    until(lambda: shown.stack.currentWidget() is shown.welcome, "the way to the first bay is shown")
    shown.strip.click()
    dialogs.close_all(shown.window())
    settle()
    shown.welcome.button.click()
    [sheet] = dialogs.sheets(shown.window())
    assert isinstance(sheet, PlanningSheet)
    sheet.bays.add.click()

    def bays() -> list[str | None]:
        with one.records.read() as session:
            return [each.name for each in list_work_bays(session).items]

    until(lambda: bays() == ["Bay 1"], "there is one")
    until(lambda: shown.stack.currentWidget() is shown.canvas, "and the schedule with it")
    until(lambda: sheet.bays.rows, "and its line")
    [(_, _, equipment)] = sheet.bays.rows.values()
    equipment.setText("pit")
    equipment.editingFinished.emit()
    until(
        lambda: [each.words for each in shown.board.schedule.rows] == [("pit",)] if shown.board else False, "with a pit"
    )


def test_a_week_of_somebody_and_an_absence_are_entered(
    one: Bay, found: SchedulePage, made: dict[str, list[str]]
) -> None:
    found.open_planning("shifts")
    [sheet] = dialogs.sheets(found.window())
    assert isinstance(sheet, PlanningSheet)
    until(lambda: sheet.shifts.who.count() == 3, "the people are read")
    sheet.shifts.who.setCurrentIndex(sheet.shifts.who.findData(made["people"][0]))
    sheet.shifts.days[5].works.setChecked(True)
    sheet.shifts.days[0].works.setChecked(False)
    sheet.shifts.save()

    def known() -> list[ShiftView]:
        with one.records.read() as session:
            return [each for each in shifts_of(session) if each.staff_id == made["people"][0]]

    def days() -> set[int | None]:
        return {each.weekday for each in known() if each.until is None}

    until(lambda: days() == {2, 3, 4, 5, 6}, "Saturday instead of Monday")
    assert [each.weekday for each in known() if each.until] == [1], "the Mondays before were worked"
    until(lambda: sheet.shifts.days[5].worked()[0].id, "it is shown as it is stored")
    sheet.shifts.days[5].split()
    sheet.shifts.save()

    def saturday() -> list[tuple[int | None, int | None]]:
        shifts = [each for each in known() if each.weekday == 6 and each.until is None]
        return sorted((each.starts or 0, each.ends) for each in shifts)

    until(lambda: saturday() == [(480, 720), (780, 1020)], "a shift in the morning, one in the afternoon")
    until(lambda: len([each for each in sheet.shifts.days[5].worked() if each.id]) == 2, "both are shown")
    sheet.shifts.days[5].shifts[1].put(replace(sheet.shifts.days[5].worked()[1], hours=(700, 1020, 0)))
    sheet.shifts.save()
    until(sheet.trouble.isVisible, "they may not overlap")
    sheet.absences.who.setCurrentIndex(sheet.absences.who.findText("Bay 1"))
    sheet.absences.kind.setCurrentIndex(sheet.absences.kind.findData("repair"))
    sheet.absences.first.put(DAY)
    sheet.absences.last.put(DAY)
    sheet.absences.save()

    def away() -> bool:
        rows = found.board.schedule.rows if found.board is not None else ()
        return any(each.kind == "repair" for row in rows if row.id == made["bays"][0] for each in row.away)

    until(away, "the bay is out of use that day")
    sheet.absences.who.setCurrentIndex(sheet.absences.who.findText("Mara Lindt"))
    sheet.absences.first.time.setCurrentIndex(sheet.absences.first.time.findData(14 * 60))
    sheet.absences.last.time.setCurrentIndex(sheet.absences.last.time.findData(15 * 60 + 30))
    sheet.absences.save()

    def hours() -> list[tuple[int | None, int | None]]:
        with one.records.read() as session:
            return [(each.starts_at, each.ends_at) for each in list_absences(session, staff_id=made["people"][1]).items]

    until(lambda: hours() == [(clock(DAY, "14:00"), clock(DAY, "15:30"))], "an hour and a half at the doctor's")

    def told() -> list[str]:
        return [words.text() for line in sheet.absences.lines for words in line.findChildren(ElidedLabel)]

    until(lambda: any("14:00–15:30" in each for each in told()), "and said so")
    assert sheet.absences.sizeHint().width() <= sheet.panel.width(), "it is no wider than the sheet"


def test_my_day_shows_who_is_signed_in_their_own(
    one: Bay, made: dict[str, list[str]], found: SchedulePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    jonas = Actor("staff", made["people"][0], "Jonas Weber", Role.TECHNICIAN)
    monkeypatch.setattr(type(one.context), "actor", property(lambda self: jonas))
    assert MINE not in found.views._segments, "a terminal has no day of its own"
    one.context.people.changed.emit()
    found.views.set_value(MINE)
    found.views.chosen.emit(MINE)
    until(lambda: len(found.mine.cards) >= 2, "his blocks are there")
    assert "Jonas Weber" in found.mine.sum.text()
    monkeypatch.setattr(one.context.preferences, "kiosk", True)
    found.mine.save()
    until(lambda: list((one.context.home / "exports").glob("Jonas Weber*.ics")), "and saved as a calendar")


def test_every_scene_can_be_posed_and_is_taken_back(found: SchedulePage) -> None:
    for name, pose in found.scenes():
        pose()
        settle()
        assert found.grab().width() > 0, name
        dialogs.close_all(found.window())
        found.on_hidden()
    assert (found.span, found.by) == ("day", "bay")


def test_a_press_on_nothing_gives_up_what_was_chosen(found: SchedulePage) -> None:
    found.canvas.chosen = placed(found, "D EF 55").block.id
    laid = found.canvas.laid
    assert laid is not None
    QTest.mouseClick(
        found.canvas,
        Qt.MouseButton.LeftButton,
        pos=QPoint(round(laid.chart.right() - 8), round(laid.chart.bottom() - 6)),
    )
    assert found.canvas.chosen == ""
    QTest.keyClick(found.canvas, Qt.Key.Key_Escape)
    assert not dialogs.sheets(found.window())


def test_who_brings_a_vehicle_nobody_knows_is_asked_for_and_may_be_left_out(one: Bay, found: SchedulePage) -> None:
    def sheet_of(plate: str, asked: str) -> BookingSheet:
        sheet = BookingSheet(found, one.records, found.actor, None, found._booked)
        sheet.open()
        until(lambda: sheet._slots, "times are offered")
        assert not sheet.whose.isVisible(), "nothing is asked before a plate is typed"
        sheet.vehicle.setText(plate)
        sheet._search()
        until(sheet.whose.isVisible, "who brings it is asked for")
        sheet.asked.setText(asked)
        return sheet

    def whose(asked: str) -> CustomerView:
        until(lambda: not dialogs.sheets(found.window()), "it is booked")
        with one.records.read() as session:
            [coming] = [each for each in list_appointments(session).items if each.title == asked]
            order = get_repair_order(session, coming.order_id or "")
            vehicle = get_vehicle(session, order.vehicle_id or "")
            assert vehicle.customer_id == order.customer_id, "the vehicle is theirs, too"
            return get_customer(session, order.customer_id or "")

    first = sheet_of("ZZ NEW 1", "Brakes hum")
    QTest.keyClicks(first.whose.phone, "0170 555")
    first.slots[0].click()
    assert first.trouble.isVisible(), "a number of nobody is not kept"
    QTest.keyClicks(first.whose.name, "Bill Brown")
    first.slots[0].click()
    bill = whose("Brakes hum")
    assert (bill.name, bill.phone) == ("Bill Brown", "0170 555")
    second = sheet_of("ZZ NEW 2", "Tow bar")
    second.whose.phone.setText("0170 555")
    second.whose.look()
    until(lambda: second.whose.buttons, "who was here before is offered by the number")
    second.whose.buttons[0].click()
    assert second.whose.name.text() == "Bill Brown"
    second.slots[0].click()
    assert whose("Tow bar").id == bill.id
