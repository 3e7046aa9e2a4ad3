"""The schedule under mouse, finger and keys: blocks go where they are put, are written, and can be taken back."""

import datetime as dt

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.people.roles import Actor, Role
from core.planning.allocations import AllocationView, change_allocation, list_allocations
from core.workshop.orders import get_repair_order
from tests.ui.conftest import settle
from tests.ui.schedule.hands import drag, here, placed, stored, tap, undo
from tests.ui.schedule.stage import DAY, clock
from tests.ui.two_bays import Bay, until
from ui.pages.schedule import SchedulePage
from ui.pages.schedule_block import BlockSheet
from ui.pages.schedule_mine import DaySheet
from ui.widgets import dialogs

QUARTER = 900_000


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


def test_a_press_on_a_technician_opens_their_day_and_their_calendar(
    found: SchedulePage, made: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found.views.chosen.emit("technician")
    until(lambda: found.board is not None and found.board.by == "technician", "people stand down the side")
    assert found.canvas.laid is not None
    mara = next(each for each in found.canvas.laid.lines if each.row.id == made["people"][1])
    tap(found.canvas, mara.head.center())
    [sheet] = dialogs.sheets(found.window())
    assert isinstance(sheet, DaySheet)
    until(lambda: sheet.mine.cards, "hers")
    assert "Mara Lindt" in sheet.mine.sum.text()
    monkeypatch.setattr(found.context.preferences, "kiosk", True)
    sheet.mine.save()
    until(lambda: list((found.context.home / "exports").glob("Mara Lindt*.ics")), "a calendar of her days")


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
