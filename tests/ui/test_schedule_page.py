"""The schedule under mouse, finger and keys: blocks go where they are put, are written, and can be taken back."""

import datetime as dt
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.people.customers import create_customer
from core.people.roles import Actor, Role
from core.planning.allocations import AllocationView, change_allocation, get_allocation, list_allocations
from core.planning.appointments import list_appointments
from core.planning.schedule_views import Block
from core.planning.work_bays import list_work_bays
from core.workshop.orders import get_repair_order
from tests.ui.conftest import settle
from tests.ui.schedule_stage import clock, furnish_schedule, page, window, work_day
from tests.ui.two_bays import Bay, until
from ui import schedule_reading
from ui.pages.schedule import MINE, SchedulePage
from ui.pages.schedule_block import BlockSheet
from ui.pages.schedule_booking import BookingSheet
from ui.pages.schedule_canvas import ScheduleCanvas
from ui.pages.schedule_layout import Placed
from ui.pages.schedule_planning import PlanningSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast

DAY = work_day(dt.date(2026, 11, 24))
QUARTER = 900_000


@pytest.fixture(autouse=True)
def _on_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Tuesday, 10:40."""
    monkeypatch.setattr(schedule_reading, "today", lambda: DAY)
    monkeypatch.setattr(schedule_reading, "now", lambda session: clock(DAY, "10:40"))
    monkeypatch.setattr("core.planning.finding.present", lambda session: clock(DAY, "10:40"))
    monkeypatch.setattr(ScheduleCanvas, "now", lambda self: clock(DAY, "10:40"))


@pytest.fixture
def made(one: Bay) -> dict[str, list[str]]:
    return furnish_schedule(one, DAY)


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    found = window(one)
    settle()
    yield found
    found.end()
    found.deleteLater()
    settle()


@pytest.fixture
def found(made: dict[str, list[str]], shell: Shell) -> SchedulePage:
    shown = page(shell)
    until(lambda: shown.board is not None and shown.canvas.laid is not None, "the day is read")
    settle()
    return shown


def placed(found: SchedulePage, plate: str) -> Placed:
    laid = found.canvas.laid
    assert laid is not None
    return next(each for each in laid.blocks if each.block.job.plate == plate)


def drag(canvas: ScheduleCanvas, start: QPointF, end: QPointF) -> None:
    """With the finger down from one place to another, by way of the middle."""
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, (start + (end - start) * share).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end.toPoint())


def tap(canvas: ScheduleCanvas, at: QPointF) -> None:
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at.toPoint())


def stored(bay: Bay, block: str) -> AllocationView:
    with bay.records.read() as session:
        return get_allocation(session, block)


def here(block: Block | AllocationView) -> tuple[int, int]:
    return (block.start, block.end) if isinstance(block, Block) else (block.starts_at or 0, block.ends_at or 0)


def undo(found: SchedulePage) -> None:
    until(lambda: [each for each in toast.shown(found.window()) if hasattr(each, "undo")], "there is a way back")
    toast.shown(found.window())[-1].undo.click()


# Dragging ------------------------------------------------------------------------------------------------------------


def test_a_block_goes_where_it_is_dragged_and_comes_back(
    one: Bay, found: SchedulePage, made: dict[str, list[str]]
) -> None:
    before = placed(found, "F QR 314")
    laid = found.canvas.laid
    assert laid is not None
    lift = next(line for line in laid.lines if line.row.id == made["bays"][0])
    hour = laid.x_of(clock(DAY, "14:00")) - laid.x_of(clock(DAY, "13:00"))
    start = before.rect.center()
    drag(found.canvas, start, QPointF(start.x() + hour, lift.rect.center().y()))
    moved = before.block.start + 3_600_000, before.block.end + 3_600_000
    assert here(placed(found, "F QR 314").block) == moved, "it stays there at once, before it is written"
    until(lambda: stored(one, before.block.id).bay_id == made["bays"][0], "it is written")
    assert here(stored(one, before.block.id)) == moved
    assert stored(one, before.block.id).staff_id == made["people"][1], "who does it stays"
    undo(found)
    until(lambda: stored(one, before.block.id).bay_id == made["bays"][2], "it is back")
    assert here(stored(one, before.block.id)) == here(before.block)


def test_an_end_is_dragged_to_a_quarter_of_an_hour(one: Bay, found: SchedulePage) -> None:
    before = placed(found, "F QR 314")
    laid = found.canvas.laid
    assert laid is not None
    edge = QPointF(before.rect.right() - 4, before.rect.center().y())
    half = laid.x_of(clock(DAY, "15:30")) - laid.x_of(clock(DAY, "15:00"))
    wanted = QPointF(laid.x_of(clock(DAY, "15:00")) + 3 + half, edge.y())
    drag(found.canvas, edge, wanted)
    until(lambda: stored(one, before.block.id).ends_at == clock(DAY, "15:30"), "it is longer")
    assert stored(one, before.block.id).starts_at == before.block.start
    far = placed(found, "F QR 314").rect
    drag(found.canvas, QPointF(far.right() - 4, far.center().y()), QPointF(far.left() - 200, far.center().y()))
    until(lambda: stored(one, before.block.id).ends_at == before.block.start + QUARTER, "never shorter than a quarter")


def test_work_is_dragged_from_the_tray_onto_a_bay(one: Bay, found: SchedulePage, made: dict[str, list[str]]) -> None:
    laid = found.canvas.laid
    assert laid is not None
    card = next(each for each in laid.cards if each.card.job.plate == "GE BC 40")
    line = next(each for each in laid.lines if each.row.id == made["bays"][0])
    drag(found.canvas, card.rect.center(), QPointF(laid.x_of(clock(DAY, "14:00")) + 1, line.rect.center().y()))
    order = card.card.job.order_id or ""

    def blocks() -> tuple[AllocationView, ...]:
        with one.records.read() as session:
            return list_allocations(session, order_id=order).items

    until(blocks, "time is set aside")
    [block] = blocks()
    assert (block.bay_id, block.staff_id) == (made["bays"][0], None)
    assert here(block) == (clock(DAY, "14:00"), clock(DAY, "15:00")), "as long as it was said to take"
    until(
        lambda: found.canvas.laid and not any(c.card.job.order_id == order for c in found.canvas.laid.cards),
        "it left the tray",
    )
    undo(found)
    until(lambda: not blocks(), "and is taken back")


def test_a_card_is_tapped_and_then_a_time(one: Bay, found: SchedulePage, made: dict[str, list[str]]) -> None:
    laid = found.canvas.laid
    assert laid is not None
    card = next(each for each in laid.cards if each.card.carried)
    tap(found.canvas, card.rect.center())
    assert found.canvas.armed is not None
    line = next(each for each in laid.lines if each.row.id == made["bays"][2])
    tap(found.canvas, QPointF(laid.x_of(clock(DAY, "16:00")) + 1, line.rect.bottom() - 5))
    order = card.card.job.order_id

    def again() -> bool:
        with one.records.read() as session:
            return any(
                each.starts_at == clock(DAY, "16:00") for each in list_allocations(session, order_id=order).items
            )

    until(again, "what was carried over has a new time")
    assert found.canvas.armed is None


def test_pushing_where_nothing_is_scrolls_and_moves_nothing(one: Bay, found: SchedulePage) -> None:
    found.window().resize(1280, 560)
    settle()
    laid = found.canvas.laid
    assert laid is not None
    assert laid.rows_height > laid.chart.height()
    before = [each.block for each in laid.blocks]
    at = QPointF(laid.chart.right() - 30, laid.chart.bottom() - 20)
    drag(found.canvas, at, at - QPointF(0, 120))
    assert found.canvas.laid is not None
    assert found.canvas.laid.lines[0].rect.top() < laid.lines[0].rect.top()
    assert [each.block for each in found.canvas.laid.blocks] == before
    tray = laid.tray.center()
    drag(found.canvas, tray, tray - QPointF(0, 150))
    assert found.canvas.laid.cards[0].rect.top() < laid.cards[0].rect.top()


def test_who_may_not_plan_moves_nothing(
    one: Bay, found: SchedulePage, made: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    jonas = Actor("staff", made["people"][0], "Jonas Weber", Role.TECHNICIAN)
    monkeypatch.setattr(type(one.context), "actor", property(lambda self: jonas))
    found.refresh()
    assert not found.book.isVisible()
    assert not found.planning.isVisible()
    before = placed(found, "D EF 55")
    drag(found.canvas, before.rect.center(), before.rect.center() + QPointF(150, 0))
    settle()
    assert here(stored(one, before.block.id)) == here(before.block)
    assert here(placed(found, "D EF 55").block) == here(before.block)


# Keys ----------------------------------------------------------------------------------------------------------------


def test_keys_choose_move_resize_and_remove(one: Bay, found: SchedulePage, made: dict[str, list[str]]) -> None:
    canvas = found.canvas
    canvas.setFocus()
    block = placed(found, "B CD 77").block
    canvas.chosen = block.id
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.chosen == placed(found, "F QR 314").block.id
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.chosen == block.id
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    until(lambda: stored(one, block.id).starts_at == block.start + QUARTER, "a quarter of an hour on")
    until(lambda: placed(found, "B CD 77").block.start == block.start + QUARTER, "and read again")
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    until(lambda: stored(one, block.id).ends_at == block.end + 2 * QUARTER, "and longer")
    QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    until(lambda: stored(one, block.id).bay_id == made["bays"][1], "in the bay above")
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    until(lambda: "B CD 77" not in [each.job.plate for each in canvas.blocks()], "its time is free")
    undo(found)
    until(lambda: "B CD 77" in [each.job.plate for each in canvas.blocks()], "and set aside again")


def test_keys_turn_the_days(found: SchedulePage) -> None:
    found.canvas.setFocus()
    QTest.keyClick(found.canvas, Qt.Key.Key_Plus)
    assert found.day == DAY + dt.timedelta(days=1)
    until(lambda: found.board is not None and found.board.day == found.day, "the day after is read")
    QTest.keyClick(found.canvas, Qt.Key.Key_Minus)
    QTest.keyClick(found.canvas, Qt.Key.Key_Minus)
    assert found.day == DAY - dt.timedelta(days=1)
    QTest.keyClick(found.canvas, Qt.Key.Key_T)
    assert found.day == DAY
    found.spans.chosen.emit("week")
    QTest.keyClick(found.canvas, Qt.Key.Key_Plus)
    assert found.day == DAY + dt.timedelta(days=7), "a week, when a week is shown"


# What is shown -------------------------------------------------------------------------------------------------------


def test_what_another_terminal_writes_appears_and_a_bay_booked_twice_says_so(
    one: Bay, other: Bay, found: SchedulePage, made: dict[str, list[str]]
) -> None:
    other.meet(one)
    block = placed(found, "F QR 314").block
    fields = {"bay_id": made["bays"][1]}
    other.records.change(other.actor.reference, lambda s: change_allocation(s, other.actor, block.id, fields))
    one.meet(other)
    until(lambda: placed(found, "F QR 314").row == made["bays"][1], "it moved here, too")
    assert "bay" in {each.kind for each in placed(found, "F QR 314").block.conflicts}
    found.canvas.grab()
    assert "Booked twice" in [each.words for each in placed(found, "D EF 55").block.conflicts]


def test_by_technician_a_block_is_given_to_somebody_else(
    one: Bay, found: SchedulePage, made: dict[str, list[str]]
) -> None:
    found.views.chosen.emit("technician")
    until(lambda: found.board is not None and found.board.by == "technician", "people stand down the side")
    before = placed(found, "F QR 314")
    laid = found.canvas.laid
    assert laid is not None
    piotr = next(each for each in laid.lines if each.row.id == made["people"][2])
    drag(found.canvas, before.rect.center(), QPointF(before.rect.center().x(), piotr.rect.center().y()))
    until(lambda: stored(one, before.block.id).staff_id == made["people"][2], "it is his")
    assert stored(one, before.block.id).bay_id == made["bays"][2]


def test_in_a_week_a_block_goes_to_another_day_at_the_same_time(one: Bay, found: SchedulePage) -> None:
    found.spans.chosen.emit("week")
    until(lambda: found.board is not None and found.board.span == "week", "the week is read")
    before = placed(found, "HB RS 7")
    laid = found.canvas.laid
    assert laid is not None
    friday = next(each for each in laid.columns if each.day == DAY + dt.timedelta(days=3))
    drag(found.canvas, before.rect.center(), QPointF((friday.left + friday.right) / 2, before.rect.center().y()))
    until(lambda: stored(one, before.block.id).starts_at == clock(friday.day, "8:00"), "it is on Friday, at eight")


def test_a_row_is_shown_on_its_day(found: SchedulePage, made: dict[str, list[str]]) -> None:
    thursday = DAY + dt.timedelta(days=2)
    block = made["blocks"][-3]
    assert found.show_row("allocations", block)
    until(lambda: found.board is not None and found.board.day != DAY, "its day comes to the front")
    assert found.board is not None
    assert found.board.day >= thursday
    assert found.canvas.chosen == block
    assert not found.show_row("vehicles", block)


def test_hours_left_are_said_and_listed(found: SchedulePage) -> None:
    assert "brakes" in found.strip.sentence()
    names = [name for name, _ in found.strip.entries]
    assert names[0] == "Everybody"
    assert "four-post lift" in names
    hours = dict(found.strip.entries)
    assert hours["air conditioning"].on_shift < hours["two-post lift"].on_shift, "a skill is not what a bay has"
    assert "Bay: air conditioning" in names
    found.strip.click()
    settle()
    assert dialogs.sheets(found.window())


def test_a_block_close_up_opens_its_order_and_is_changed_by_buttons(one: Bay, found: SchedulePage) -> None:
    block = placed(found, "D EF 55").block
    tap(found.canvas, placed(found, "D EF 55").rect.center())
    assert found.canvas.chosen == block.id
    tap(found.canvas, placed(found, "D EF 55").rect.center())
    [sheet] = dialogs.sheets(found.window())
    assert isinstance(sheet, BlockSheet)
    sheet._shift(0, QUARTER)
    until(lambda: stored(one, block.id).ends_at == block.end + QUARTER, "it is longer")
    sheet._give("bay_id", "")
    until(lambda: stored(one, block.id).bay_id is None, "it needs no bay")
    sheet._open()
    until(lambda: not found.isVisible(), "the page Orders is in front")


def test_a_vehicle_that_comes_is_received(one: Bay, found: SchedulePage) -> None:
    coming = next(each for each in found.canvas.blocks() if each.kind == "appointment" and each.job.plate == "WI DE 21")
    found.open_block(coming)
    [sheet] = dialogs.sheets(found.window())
    assert isinstance(sheet, BlockSheet)
    sheet._receive()

    def arrived() -> bool:
        with one.records.read() as session:
            return get_repair_order(session, coming.job.order_id or "").status == "arrived"

    until(arrived, "its order stands at arrived")


# Booking, bays and people --------------------------------------------------------------------------------------------


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

    def days() -> set[int | None]:
        from core.planning.shifts import list_shifts

        with one.records.read() as session:
            return {each.weekday for each in list_shifts(session, staff_id=made["people"][0]).items}

    until(lambda: days() == {2, 3, 4, 5, 6}, "Saturday instead of Monday")
    sheet.absences.who.setCurrentIndex(sheet.absences.who.findText("Bay 1"))
    sheet.absences.kind.setCurrentIndex(sheet.absences.kind.findData("repair"))
    sheet.absences.first.put(DAY)
    sheet.absences.last.put(DAY)
    sheet.absences.save()

    def away() -> bool:
        rows = found.board.schedule.rows if found.board is not None else ()
        return any(each.kind == "repair" for row in rows if row.id == made["bays"][0] for each in row.away)

    until(away, "the bay is out of use that day")


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
