"""The board on the screen: moved by mouse, finger, key and tap; what cannot be comes back, and says why."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from core.people.roles import Role
from core.workshop.clock import clocked_on
from core.workshop.lines import create_line
from core.workshop.models import QualityCheck
from tests.ui.board_stage import PAGES, Hand, column_of, corner, key, move_there, new_card, opened, somebody, wait
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from ui.pages.board_head import BAY, NONE, TECHNICIAN
from ui.pages.board_sheets import CardSheet, FilterSheet, WhoSheet
from ui.pages.order_moving import MoveSheet
from ui.pages.orders_new import NewOrderSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    made = Shell(one.context, PAGES)
    made.resize(1280, 800)
    made.show()
    settle()
    yield made
    made.end()
    made.deleteLater()
    settle()


def said(shell: Shell) -> list[str]:
    return [each.accessibleName() for each in toast.shown(shell)]


def sheet_of(shell: Shell, kind: type) -> dialogs.Sheet:
    until(lambda: any(isinstance(each, kind) for each in dialogs.sheets(shell)), f"{kind.__name__} is open")
    return next(each for each in dialogs.sheets(shell) if isinstance(each, kind))


def as_person(bay: Bay, name: str, role: Role) -> None:
    """Whoever stands there is this person from now on."""
    member, actor = bay.context.membership, somebody(bay, name, role)
    assert member is not None
    bay.context.membership = replace(member, actor=actor)


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger"])
def test_a_card_is_dragged_and_is_there_at_once_and_can_be_taken_back(one: Bay, shell: Shell, finger: bool) -> None:
    made = new_card(one, "B-OA 1", status="arrived").id
    new_card(one, status="diagnosing")
    page = opened(shell)
    Hand(page, finger).drag(made, "diagnosing")
    assert column_of(page, made) == "diagnosing", "for the eye at once"
    until(lambda: one.order(made).status == "diagnosing", "in the records soon")
    until(lambda: not page.pending, "and the board was read again")
    assert column_of(page, made) == "diagnosing"
    assert said(shell) == ["B-OA 1: Diagnosing"]
    toast.shown(shell)[0].undo.click()
    until(lambda: one.order(made).status == "arrived" and column_of(page, made) == "arrived", "it is back")


def test_with_every_state_in_use_all_are_in_sight_at_1280_and_take_a_card(one: Bay, shell: Shell) -> None:
    states = ("booked", "arrived", "diagnosing", "awaiting_approval", "awaiting_parts", "in_progress",
              "quality_check", "ready")  # fmt: skip
    first, *_ = (new_card(one, f"PE AB {n}{n}44", status=state).id for n, state in enumerate(states))
    page = opened(shell)
    assert page.canvas.breadth() == 0
    assert [box.status for box in page.canvas.boxes if box.folded] == ["booked", "delivered"]
    page.canvas.toggle("booked")
    assert page.canvas.breadth() == 0, "nor with a strip opened"
    page.canvas.grab()
    hand = Hand(page, finger=True)
    hand.drag(first, "quality_check")
    until(lambda: one.order(first).status == "quality_check", "a narrow column takes a card")
    until(lambda: page.in_step, "and it is read again")
    page.canvas.toggle("booked")
    hand.drag(first, "booked")
    until(lambda: one.order(first).status == "booked", "a strip takes one, too")
    until(lambda: page.in_step, "and it is read again")
    page.canvas.toggle("booked")
    page.canvas.select(first)
    key(page, Qt.Key.Key_Right, shift=True)
    until(lambda: one.order(first).status == "arrived", "keys move it as well")


def test_a_finger_pushes_the_board_and_a_tremble_moves_nothing(one: Bay, shell: Shell) -> None:
    made = [new_card(one, f"B-{n}", status="ready").id for n in range(12)]
    page = opened(shell)
    hand = Hand(page, finger=True)
    start = hand.middle(made[1])
    hand.down(start)
    hand.to(start - QPointF(0, 40))
    hand.to(start - QPointF(0, 90))
    hand.up(start - QPointF(0, 90))
    assert page.canvas.scrolled("ready") > 40
    assert page.canvas.lifted is None
    mouse = Hand(page)
    mouse.down(start)
    mouse.to(start + QPointF(4, 4))
    assert page.canvas.lifted is None
    mouse.up(start + QPointF(4, 4))
    assert {one.order(each).status for each in made} == {"ready"}


def test_let_go_beside_the_columns_it_falls_back(one: Bay, shell: Shell) -> None:
    made = new_card(one, status="arrived").id
    page = opened(shell)
    hand = Hand(page)
    hand.down(hand.middle(made))
    hand.to(hand.middle(made) + QPointF(30, 30))
    assert page.canvas.lifted is not None
    hand.to(QPointF(-60, 300))
    hand.up(QPointF(-60, 300))
    assert page.canvas.lifted is None
    assert column_of(page, made) == "arrived"
    assert said(shell) == []


def test_what_is_missing_is_shown_and_whoever_may_goes_on_anyway(one: Bay, shell: Shell) -> None:
    made = new_card(one, "B-OA 1", status="quality_check").id
    page = opened(shell)
    Hand(page).drag(made, "ready")
    sheet = sheet_of(shell, MoveSheet)
    assert column_of(page, made) == "quality_check", "it came back"
    assert any("quality check" in each.text() for each in sheet.findChildren(QLabel))
    sheet.anyway.click()  # type: ignore[attr-defined]
    until(lambda: one.order(made).status == "ready", "it went anyway")


def test_who_may_not_is_told_and_the_card_comes_back(one: Bay, shell: Shell) -> None:
    as_person(one, "Vera", Role.VIEWER)
    made = new_card(replace_actor(one, Role.OWNER), "B-OA 1", status="arrived").id
    page = opened(shell)
    Hand(page).drag(made, "diagnosing")
    until(lambda: said(shell), "it is said")
    assert column_of(page, made) == "arrived"
    assert one.order(made).status == "arrived"


def replace_actor(bay: Bay, role: Role) -> Bay:
    """The same terminal for somebody else, for what happened before."""
    member = bay.context.membership
    assert member is not None
    other = replace(bay, context=type(bay.context)(bay.context.session))
    other.context.membership = replace(member, actor=replace(bay.actor, role=role))
    return other


def test_by_tapping_every_state_is_a_target_with_what_is_missing_below(one: Bay, shell: Shell) -> None:
    made = new_card(one, "B-OA 1", status="quality_check").id
    page = opened(shell)
    hand = Hand(page, finger=True)
    hand.tap(hand.middle(made))
    sheet = sheet_of(shell, CardSheet)
    assert isinstance(sheet, CardSheet)
    until(lambda: sheet.targets, "the targets are there")
    assert "quality check" in sheet.targets["ready"].missing
    assert sheet.targets["in_progress"].missing == ""
    assert all(each.button.height() >= 56 for each in sheet.targets.values())
    sheet.targets["in_progress"].button.click()
    until(lambda: one.order(made).status == "in_progress", "it is moved")


def test_a_car_that_is_only_booked_is_offered_what_comes_next_and_a_jump_below_more(one: Bay, shell: Shell) -> None:
    made = new_card(one, "B-OA 2", status="booked").id
    opened(shell).open_card(made)
    sheet = sheet_of(shell, CardSheet)
    assert isinstance(sheet, CardSheet)
    until(lambda: sheet.targets, "the targets are there")
    assert [name for name, each in sheet.targets.items() if each.isVisible()] == ["arrived"]
    assert sheet.more is not None
    sheet.more.click()
    assert all(each.isVisible() for each in sheet.targets.values())
    assert "Nobody has clocked on" in sheet.targets["ready"].button.accessibleDescription()
    sheet.targets["in_progress"].button.click()
    until(lambda: one.order(made).status == "in_progress", "a quick job may jump")


def test_by_keys_one_selects_moves_and_opens(one: Bay, shell: Shell) -> None:
    first = new_card(one, "B-A 1", status="arrived", promised_at=1_900_000_000_000).id
    second = new_card(one, "B-A 2", status="arrived").id
    far = new_card(one, "B-A 3", status="ready").id
    page = opened(shell)
    page.canvas.setFocus()
    key(page, Qt.Key.Key_Right)
    assert page.canvas.selected == first
    key(page, Qt.Key.Key_Down)
    assert page.canvas.selected == second
    assert "B-A 2, Arrived" in page.canvas.accessibleDescription()
    key(page, Qt.Key.Key_Right)
    assert page.canvas.selected == far
    key(page, Qt.Key.Key_Left)
    assert page.canvas.selected in (first, second)
    page.canvas.select(second)
    key(page, Qt.Key.Key_Right, shift=True)
    until(lambda: one.order(second).status == "diagnosing", "moved to the next state")
    assert page.canvas.selected == second, "and goes on from there"
    key(page, Qt.Key.Key_Space)
    sheet_of(shell, CardSheet).close_sheet()
    page.canvas.setFocus()
    key(page, Qt.Key.Key_Return)
    until(lambda: shell.content.current == "orders", "the order opens")


def test_a_technician_goes_to_the_next_state_that_is_theirs(one: Bay, shell: Shell) -> None:
    made = new_card(one, status="arrived").id
    as_person(one, "Tom", Role.TECHNICIAN)
    page = opened(shell)
    page.canvas.select(made)
    page.canvas.setFocus()
    key(page, Qt.Key.Key_Right, shift=True)
    until(lambda: one.order(made).status == "diagnosing", "arrived, diagnosing")
    until(lambda: not page.pending)
    key(page, Qt.Key.Key_Up, shift=True)
    wait(0.1)
    assert one.order(made).status == "diagnosing", "up and down are no states"


def test_a_card_moved_at_another_terminal_moves_here_and_says_who(one: Bay, other: Bay, shell: Shell) -> None:
    made = new_card(one, "B-OA 1", status="arrived").id
    marek = somebody(one, "Marek")
    other.meet(one)
    page = opened(shell)
    move_there(other, marek, made, "in_progress")
    other.meet(one)
    until(lambda: column_of(page, made) == "in_progress", "it moves here")
    fresh = page.canvas.shown.look.fresh
    assert fresh is not None
    assert fresh[made] == "Bay 2 · Marek"
    page.canvas.select(made)
    assert "Bay 2 · Marek" in page.canvas.accessibleDescription()


def test_what_one_moves_oneself_says_nothing_of_the_kind(one: Bay, shell: Shell) -> None:
    made = new_card(one, status="arrived").id
    page = opened(shell)
    one.set(made, status="in_progress")
    until(lambda: column_of(page, made) == "in_progress", "it moves")
    assert page.canvas.shown.look.fresh == {}


def test_moved_meanwhile_elsewhere_is_said_and_not_fought(
    one: Bay, other: Bay, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_card(one, "B-OA 1", status="arrived").id
    marek = somebody(one, "Marek")
    other.meet(one)
    page = opened(shell)
    with monkeypatch.context() as patch:
        patch.setattr(page, "on_change", lambda changes: None)  # the news is still on its way to the window
        move_there(other, marek, made, "in_progress")
        other.meet(one)
        page.move_card(made, "diagnosing")
        until(lambda: said(shell), "it is said")
    assert "Marek" in said(shell)[0]
    until(lambda: column_of(page, made) == "in_progress", "and shown where it is")
    assert one.order(made).status == "in_progress"


def test_a_card_set_apart_on_two_terminals_says_so_and_moving_it_settles_it(one: Bay, other: Bay, shell: Shell) -> None:
    made = new_card(one, status="arrived").id
    other.meet(one)
    one.set(made, status="diagnosing")
    other.set(made, status="in_progress")
    other.meet(one)
    page = opened(shell)
    card = page.card(made)
    assert card is not None
    assert set(card.disputed) == {"diagnosing", "in_progress"}
    page.move_card(made, "diagnosing")
    until(lambda: one.order(made).disputed == (), "it is settled")


def test_the_clock_of_a_card_belongs_to_who_is_signed_in(one: Bay, shell: Shell) -> None:
    made = new_card(one, "B-OA 1", status="in_progress").id
    as_person(one, "Tom", Role.TECHNICIAN)
    page = opened(shell)
    Hand(page, finger=True).tap(corner(page, made))
    until(lambda: page.board is not None and page.board.mine == (made,), "on")
    card = page.card(made)
    assert card is not None
    assert [each.name for each in card.on] == ["Tom"]
    Hand(page, finger=True).tap(corner(page, made))
    until(lambda: page.board is not None and page.board.mine == (), "off")
    with one.records.read() as session:
        assert clocked_on(session) == ()


def test_switching_is_one_tap_and_can_be_taken_back(one: Bay, shell: Shell) -> None:
    first, second = (new_card(one, f"B-{n}", status="in_progress").id for n in range(2))
    as_person(one, "Tom", Role.TECHNICIAN)
    page = opened(shell)
    page.clock(first)
    until(lambda: page.board is not None and page.board.mine == (first,), "on the first")
    page.clock(second)
    until(lambda: page.board is not None and page.board.mine == (second,), "on the second alone")
    toast.shown(shell)[-1].undo.click()
    until(lambda: page.board is not None and page.board.mine == (first,), "on the first again")


def test_where_nobody_signs_in_the_clock_asks_who_it_is(one: Bay, shell: Shell) -> None:
    made = new_card(one, status="in_progress").id
    somebody(one, "Tom")
    page = opened(shell)
    page.clock(made)
    sheet = sheet_of(shell, WhoSheet)
    assert isinstance(sheet, WhoSheet)
    sheet.buttons[0].click()
    until(lambda: (card := page.card(made)) is not None and bool(card.on), "Tom is on it")


def test_lanes_and_filters(one: Bay, shell: Shell) -> None:
    tom = somebody(one, "Tom")
    mine = new_card(one, "B-A 1", technician_id=tom.id, status="arrived", promised_at=1).id
    one.set(mine, bay="Bay 2")
    other_card = new_card(one, "B-A 2", status="arrived").id
    page = opened(shell)
    page.show_lanes(TECHNICIAN)
    assert [lane.name for lane in page.canvas.shown.lanes] == ["Tom", "Nobody yet"]
    first, second = page.canvas.rect_of(mine), page.canvas.rect_of(other_card)
    assert first is not None
    assert second is not None
    assert first.bottom() < second.top(), "one lane below the other"
    page.show_lanes(BAY)
    assert [lane.name for lane in page.canvas.shown.lanes] == ["Bay 2", "No bay"]
    page.show_lanes(NONE)
    page.head.late.click()
    until(lambda: set(page.canvas.cards) == {mine}, "late only")
    page.head.late.click()
    until(lambda: len(page.canvas.cards) == 2, "all")
    page.head.search.setText("b-a 2")
    until(lambda: set(page.canvas.cards) == {other_card}, "found by its plate")
    page.head.search.setText("nothing like it")
    until(lambda: page.middle.currentWidget() is page.nothing, "and says when nothing is like that")
    page.nothing.button.click()
    until(lambda: len(page.canvas.cards) == 2, "everything")
    page.open_filters()
    sheet = sheet_of(shell, FilterSheet)
    assert isinstance(sheet, FilterSheet)
    sheet.technician.setCurrentIndex(sheet.technician.findData(tom.id))
    until(lambda: set(page.canvas.cards) == {mine}, "of Tom")
    sheet.clear.click()
    until(lambda: len(page.canvas.cards) == 2, "everything again")


def test_in_lanes_a_card_is_given_to_who_it_is_let_go_at(one: Bay, shell: Shell) -> None:
    tom, ann = somebody(one, "Tom"), somebody(one, "Ann")
    mine = new_card(one, "B-A 1", technician_id=tom.id, status="arrived").id
    hers = new_card(one, "B-A 2", technician_id=ann.id, status="diagnosing").id
    page = opened(shell)
    page.show_lanes(TECHNICIAN)
    hand = Hand(page)
    end = QPointF(hand.middle(mine).x(), hand.middle(hers).y())
    hand.down(hand.middle(mine))
    hand.to((hand.middle(mine) + end) / 2)
    hand.to(end)
    hand.up(end)
    until(lambda: one.order(mine).technician_id == ann.id, "it is hers now")
    assert one.order(mine).status == "arrived"
    until(lambda: page.in_step and page.canvas.lane_of(mine) == ann.id, "and in her lane")
    toast.shown(shell)[-1].undo.click()
    until(lambda: one.order(mine).technician_id == tom.id, "and his again")


def test_an_empty_board_teaches_and_leads_on(one: Bay, shell: Shell) -> None:
    page = opened(shell)
    until(lambda: page.middle.currentWidget() is page.empty, "it is empty")
    page.empty.button.click()
    [sheet] = dialogs.sheets(shell)
    assert isinstance(sheet, NewOrderSheet), "one press asks for the plate"
    sheet.plate.setText("HH NEW 1")
    sheet.complaint.setPlainText("Brakes")
    sheet.submit()
    until(lambda: page.middle.currentWidget() is page.canvas, "it is a card here")
    [card] = page.canvas.cards.values()
    assert (card.plate, shell.content.current) == ("HH NEW 1", "board")


def test_a_folded_column_opens_and_takes_a_card_too(one: Bay, shell: Shell) -> None:
    made = new_card(one, status="arrived").id
    page = opened(shell)
    box = page.canvas.box_of("diagnosing")
    assert box is not None
    assert box.folded, "nothing is in it"
    Hand(page).drag(made, "diagnosing")
    until(lambda: one.order(made).status == "diagnosing", "a stripe takes a card")
    until(lambda: not page.pending)
    page.canvas.toggle("diagnosing")
    box = page.canvas.box_of("diagnosing")
    assert box is not None
    assert box.folded
    page.canvas.toggle("diagnosing")
    box = page.canvas.box_of("diagnosing")
    assert box is not None
    assert not box.folded


def test_the_wall_lies_over_the_window_and_goes_with_a_touch(one: Bay, shell: Shell) -> None:
    new_card(one, "B-OA 1", status="in_progress")
    page = opened(shell)
    wall = page.open_wall()
    assert wall is not None
    assert wall.geometry() == shell.rect()
    assert not wall.grab().isNull()
    new_card(one, "B-OA 2", status="ready")
    until(lambda: page.board is not None and len(page.board.cards) == 2, "it lives on")
    QTest.mouseClick(wall, Qt.MouseButton.LeftButton)
    assert page.wall is None


def test_three_hundred_cards_paint_only_what_is_seen(one: Bay, shell: Shell) -> None:
    def many(session: object) -> None:
        from core.workshop.models import RepairOrder

        rows = (RepairOrder(complaint=f"Job {n}", status="in_progress") for n in range(300))
        session.add_all(rows)  # type: ignore[attr-defined]

    one.records.change("system", many)
    page = opened(shell)
    column = next(each for each in page.canvas.shown.columns if each.status == "in_progress")
    assert (column.count, column.more) == (300, 250)
    assert len(list(page.canvas.visible())) < 12
    page.canvas.push("in_progress", 0, 1_000_000)
    box = page.canvas.box_of("in_progress")
    assert box is not None
    tail = page.canvas.more_rect(column, box)
    assert tail is not None
    Hand(page).tap(tail.center())
    until(lambda: len(page.canvas.cards) == 150, "more of them")


def test_what_stands_on_a_card_follows_what_others_write(one: Bay, other: Bay, shell: Shell) -> None:
    made = new_card(one, "B-OA 1", status="in_progress").id
    other.meet(one)
    page = opened(shell)
    line = {"order_id": made, "kind": "part", "description": "Pads"}
    other.records.change("system", lambda session: create_line(session, other.actor, line))
    other.meet(one)
    until(lambda: (card := page.card(made)) is not None and card.parts is not None, "its part is shown")


def test_a_check_that_was_passed_lets_a_technician_finish(one: Bay, shell: Shell) -> None:
    made = new_card(one, status="quality_check").id
    passed = {"order_id": made, "passed": True, "checked_at": 2_000_000_000_000}
    one.records.change("system", lambda session: session.add(QualityCheck(**passed)))
    as_person(one, "Tom", Role.TECHNICIAN)
    page = opened(shell)
    page.move_card(made, "ready")
    until(lambda: one.order(made).status == "ready", "without a question")


def test_its_pictures_can_be_taken_and_leave_nothing_behind(one: Bay, shell: Shell) -> None:
    new_card(one, "B-OA 1", status="quality_check")
    page = opened(shell)
    for name, pose in page.scenes():
        pose()
        settle()
        assert not shell.grab().isNull(), name
        dialogs.close_all(shell)
        shell.go("orders")
        shell.go("board")
        assert (page.by, page.wall) == (NONE, None), name
