"""Reordering, ordering and receiving on the page Parts."""

from datetime import datetime, timedelta

import pytest

from core.workshop.purchase_lines import list_purchase_lines, receive
from core.workshop.purchasing import list_purchase_orders
from core.workshop.stock_moves import move_stock
from tests.ui.parts_stage import ONE, PAGES, busy, change, page, stocked  # noqa: F401 - PAGES: of the fixture window
from tests.ui.test_parts_page import on_hand, pad, scan
from tests.ui.two_bays import Bay, until
from ui import parts_reading
from ui.pages.parts import PartsPage
from ui.pages.parts_day import DaySheet
from ui.pages.parts_reorder import ReorderSection
from ui.shell import Shell
from ui.widgets import dialogs, toast


@pytest.fixture
def parts(one: Bay) -> dict[str, str]:
    return stocked(one)


def reorder(shell: Shell) -> ReorderSection:
    found = page(shell)
    found.open_section("reorder")
    section = found.sections["reorder"]
    assert isinstance(section, ReorderSection)
    return section


def opened(shell: Shell, row: str) -> PartsPage:
    found = page(shell)
    found.show_purchase(row)
    until(lambda: found.purchases.sheet.shown is not None and found.purchases.sheet.row == row, "it is shown")
    return found


def state(found: PartsPage) -> str:
    return found.purchases.sheet.shown.order.status if found.purchases.sheet.shown is not None else ""


def test_what_is_too_little_is_ticked_changed_and_ordered(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    section = reorder(window)
    lines = section.list.lines
    until(lambda: len(lines.ticked()) == 2, "the list is read")
    assert lines.ticked() == {parts["OX 188D"]: 9 * ONE, parts["1 457 434 310"]: 2 * ONE}
    assert section.sum.text().startswith("2 parts of 1 supplier")
    fuel = next(each for each in lines.lines if each.wanted and each.wanted.part.id == parts["1 457 434 310"])
    section.list.rows.changing.emit(fuel)
    pad(window).type("5")
    pad(window).keep.click()
    assert lines.ticked()[parts["1 457 434 310"]] == 5 * ONE
    supplier = lines.lines[0]
    lines.toggle(supplier)
    assert lines.ticked() == {}
    assert not section.order.isEnabled()
    lines.toggle(supplier)
    lines.toggle(next(each for each in lines.lines if each.wanted and each.wanted.part.id == parts["OX 188D"]))
    assert lines.tick_of(supplier) == "some"
    section.make()
    found = page(window)
    until(lambda: found.which.value() == "purchases" and state(found) == "draft", "the order is in front")
    (line,) = found.purchases.sheet.lines
    assert (line.line.part_id, line.line.quantity) == (parts["1 457 434 310"], 5 * ONE)


def test_many_parts_are_ordered_in_handfuls_and_a_stop_leaves_nothing(
    one: Bay, parts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_reading, "HANDFUL", 1)
    wanted = {parts["OX 188D"]: 9 * ONE, parts["1 457 434 310"]: 2 * ONE}
    seen: list[tuple[int, int]] = []

    def once(done: int, total: int) -> bool:
        seen.append((done, total))
        return done == 0

    assert parts_reading.order_all(one.records, one.actor, wanted, once) is None
    assert seen == [(0, 2), (1, 2)]
    with one.records.read() as session:
        assert list_purchase_orders(session).items == (), "half of it is not ordered"
    made = parts_reading.order_all(one.records, one.actor, wanted, lambda done, total: True)
    assert made is not None
    assert len(made) == 1, "all of one supplier on one"
    with one.records.read() as session:
        assert len(list_purchase_lines(session, made[0].id)) == 2


def test_nothing_to_order_is_said(one: Bay, window: Shell) -> None:
    section = reorder(window)
    until(lambda: section.stack.currentWidget() is section.enough, "enough of everything")


def test_an_order_is_sent_received_and_taken_back(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    section = reorder(window)
    until(lambda: bool(section.list.lines.ticked()), "the list is read")
    section.make()
    found = page(window)
    until(lambda: state(found) == "draft", "the order is in front")
    found.purchases.sheet.send_it()
    until(lambda: state(found) == "ordered", "it is sent")
    assert found.purchases.sheet.shown is not None
    assert found.purchases.sheet.shown.order.expected_on is not None
    first = found.purchases.sheet.shown.lines[0]
    found.purchases.sheet.lines[0].click()
    pad(window).type("1")
    assert "still to come" in pad(window).verdict.text()
    pad(window).keep.click()
    until(lambda: state(found) == "part_received", "a part of it came")
    found.purchases.sheet.all.click()
    until(lambda: state(found) == "received", "all of it came")
    assert on_hand(one, str(first.part_id)) >= first.quantity
    toast.shown(window)[-1].undo.click()
    until(lambda: state(found) == "part_received", "it was a slip")


def test_more_than_was_ordered_is_said_and_kept(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = opened(window, busy(one, parts))
    found.purchases.sheet.lines[0].click()
    pad(window).type("12")
    assert "3 more than were ordered" in pad(window).verdict.text()
    pad(window).keep.click()
    until(lambda: on_hand(one, parts["OX 188D"]) == 13 * ONE, "all of it is kept")


def test_a_scan_receives_what_is_on_the_order_in_front(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = opened(window, busy(one, parts))
    scan(found, "4009026061930")
    asked = pad(window)
    assert asked.value() == 9
    asked.close_sheet()
    scan(found, "4010326001569")
    until(lambda: found.stock.sheet.row == parts["ZKR7A-10"], "another part is opened in the store")


def test_it_is_cancelled_and_goes_on(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = opened(window, busy(one, parts))
    found.purchases.sheet.cancel.click()
    until(lambda: state(found) == "cancelled", "it is cancelled")
    assert found.purchases.sheet.reopen.isVisibleTo(found.purchases.sheet)
    toast.shown(window)[-1].undo.click()
    until(lambda: state(found) == "part_received", "it goes on")


def test_a_day_is_chosen_by_touch(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = opened(window, busy(one, parts))
    found.purchases.sheet.open_day()
    sheet = next(each for each in dialogs.sheets(window) if isinstance(each, DaySheet))
    today = datetime.now().date()
    sheet.days[4].click()

    def kept() -> bool:
        now = found.purchases.sheet.shown
        return now is not None and now.order.expected_on == (today + timedelta(days=4)).isoformat()

    until(kept, "four days from today")


def test_a_new_order_is_made_filled_and_deleted(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    found.open_section("purchases")
    until(lambda: found.purchases.stack.currentWidget() is found.purchases.empty, "nothing is ordered")
    found.new.click()
    until(lambda: state(found) == "draft", "it is in front")
    assert not found.purchases.sheet.send.isEnabled()
    found.purchases.sheet._add_words("Special gasket")
    until(lambda: len(found.purchases.sheet.lines) == 1, "a line by its words")
    found.purchases.sheet.lines[0].click()
    pad(window).type("0")
    pad(window).keep.click()
    until(lambda: found.purchases.sheet.lines == [], "none takes it off")
    found.purchases.sheet.remove.click()
    until(lambda: found.purchases.sheet.row == "", "it is gone")


def test_what_another_terminal_receives_appears(one: Bay, other: Bay, window: Shell, parts: dict[str, str]) -> None:
    row = busy(one, parts)
    found = opened(window, row)
    other.meet(one)
    change(other, receive, row)
    other.meet(one)
    until(lambda: state(found) == "received", "on the sheet")
    until(lambda: all(each.id != row for each in found.purchases.list.shown.rows), "no longer among the open ones")


def test_what_nobody_sees_is_not_read_until_somebody_does(
    one: Bay, window: Shell, parts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    section = reorder(window)
    until(lambda: len(section.list.lines.ticked()) == 2, "the list is read")
    window.go("orders")
    read: list[object] = []
    monkeypatch.setattr(section, "_show", lambda *_: read.append(_))
    change(one, move_stock, {"part_id": parts["S4 008"], "reason": "count", "quantity": 0})
    until(lambda: section.freshness._stale, "it has heard of it")
    assert read == []
    window.go("parts")
    until(lambda: len(read) == 1, "now it is read")
