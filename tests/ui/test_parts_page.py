"""The page Parts: the store, moves by touch, a barcode scan, and what another terminal takes meanwhile."""

import re
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from core.people.roles import Actor, Role
from core.workshop.parts import create_part, get_part
from core.workshop.stock_moves import move_stock
from tests.ui.conftest import all_texts
from tests.ui.parts_stage import ONE, PAGES, busy, change, page, stocked  # noqa: F401 - PAGES: of the fixture window
from tests.ui.two_bays import Bay, until
from ui import parts_reading
from ui.pages import papers_printer
from ui.pages.parts import PartsPage, UnknownCodeSheet
from ui.pages.parts_edit import EditPartSheet
from ui.pages.parts_labels import LabelSheet
from ui.pages.parts_moves import BRING, COUNT, TAKE, AnywaySheet
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.dialogs import Sheet

Kind = TypeVar("Kind", bound=Sheet)


@pytest.fixture
def parts(one: Bay) -> dict[str, str]:
    return stocked(one)


def shown(found: PartsPage) -> list[str]:
    return [each.number or "" for each in found.stock.list.shown.rows]


def finds(found: PartsPage, *numbers: str) -> bool:
    return shown(found) == list(numbers)


def opened(shell: Shell, row: str) -> PartsPage:
    found = page(shell)
    found.show_part(row)
    until(lambda: found.stock.sheet.shown is not None and found.stock.sheet.shown.part.id == row, "the part is shown")
    return found


def on_hand(bay: Bay, row: str) -> int:
    with bay.records.read() as session:
        return get_part(session, row).on_hand


def top(shell: Shell, kind: type[Kind]) -> Kind:
    until(lambda: any(isinstance(each, kind) for each in dialogs.sheets(shell)), f"{kind.__name__} is open")
    return next(each for each in dialogs.sheets(shell) if isinstance(each, kind))


def pad(shell: Shell) -> AmountSheet:
    found = top(shell, AmountSheet)
    assert isinstance(found, AmountSheet)
    return found


def scan(target: QWidget, code: str) -> None:
    """As a scanner types it."""
    QTest.keyClicks(target, code)
    QTest.keyClick(target, Qt.Key.Key_Return)


# --- the list


def test_the_store_is_listed_by_name_with_what_lies_there(window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    until(lambda: len(shown(found)) == len(parts), "all are there")
    names = [each.name for each in found.stock.list.shown.rows]
    assert names == sorted(names, key=lambda name: str(name).lower())
    spoken = {number: found.stock.list.shown.index(at, 0).data() for at, number in enumerate(shown(found))}
    assert spoken["5W-30"] == "Engine oil 5W-30, drum, 5W-30, Oil room, 96.5\N{NO-BREAK SPACE}l"
    assert spoken["1 457 434 310"].endswith("0, None left")


def test_it_fetches_as_it_scrolls_and_never_all_at_once(
    one: Bay, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_reading, "PAGE", 20)

    def many(session: object) -> None:
        for number in range(50):
            create_part(session, one.actor, {"number": f"N{number:03}", "name": f"Bolt {number:03}"})  # type: ignore[arg-type]

    one.records.change(one.actor.reference, many)
    found = page(window)
    until(lambda: len(shown(found)) >= 20, "the first page comes")
    assert len(shown(found)) < 50

    def all_read() -> bool:
        found.stock.list.scrollToBottom()
        return len(shown(found)) == 50

    until(all_read, "the rest comes")
    assert shown(found) == [f"N{number:03}" for number in range(50)]


def test_the_search_follows_what_is_typed(window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    for typed, number in (("w712", "W 712/95"), ("spark", "ZKR7A-10"), ("e0-01", "S4 008"), ("ruv", "LR 1260")):
        found.field.setText(typed)
        until(partial(finds, found, number), f"{typed} is found")
    found.field.setText("zeppelin")
    until(lambda: found.stock.stack.currentWidget() is found.stock.none, "nothing is said to be found")
    found.field.clear()
    until(lambda: len(shown(found)) == len(parts), "all are back")


def test_only_those_there_are_too_few_of(window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    found.stock.which.set_value("low")
    found.stock.refresh()
    until(lambda: shown(found) == ["1 457 434 310", "OX 188D"], "the two are there")


def test_an_empty_store_teaches_the_first_step(window: Shell) -> None:
    found = page(window)
    until(lambda: found.stock.stack.currentWidget() is found.stock.empty, "it is empty")
    assert "No parts yet" in all_texts(found.findChildren)
    assert any("scan the barcode" in words for words in all_texts(found.findChildren))


# --- moves


def test_parts_are_taken_out_and_the_way_back_is_offered(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    oil = parts["W 712/95"]
    found = opened(window, oil)
    found.stock.sheet.ask(TAKE)
    pad(window).type("4")
    assert "2 afterwards" in pad(window).verdict.text()
    pad(window).keep.click()
    until(lambda: on_hand(one, oil) == 2 * ONE, "it is written")
    until(lambda: bool(toast.shown(window)), "it is told")
    (said,) = toast.shown(window)
    assert said.accessibleName() == "Oil filter: Fitted. 2 in store."
    until(lambda: found.stock.sheet.shown is not None and found.stock.sheet.shown.part.on_hand == 2 * ONE, "shown")
    said.undo.click()
    until(lambda: on_hand(one, oil) == 6 * ONE, "it is taken back")
    until(lambda: len(found.stock.sheet.moves) == 1, "the ledger too")


def test_counting_writes_the_difference(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    oil = parts["5W-30"]
    found = opened(window, oil)
    found.stock.sheet.ask(COUNT)
    pad(window).type("90.5")
    assert "−6" in pad(window).verdict.text()
    pad(window).keep.click()
    until(lambda: on_hand(one, oil) == 90_500, "it is written")
    until(lambda: len(found.stock.sheet.moves) == 2, "the ledger has it")
    assert found.stock.sheet.moves[0].accessibleName().startswith("Counted")


def test_more_than_there_is_is_asked_about_once(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    belt = parts["VKMA 01250"]
    found = opened(window, belt)
    found.stock.sheet.ask(TAKE)
    pad(window).type("2")
    assert "More than there is" in pad(window).verdict.text()
    pad(window).keep.click()
    asked = top(window, AnywaySheet)
    assert on_hand(one, belt) == ONE
    assert isinstance(asked, AnywaySheet)
    asked.anyway.click()
    until(lambda: on_hand(one, belt) == -ONE, "it is taken all the same")
    until(lambda: found.stock.sheet.state.text().startswith("Below zero"), "and shown")


def test_what_comes_is_brought_in(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    fuel = parts["1 457 434 310"]
    opened(window, fuel).stock.sheet.ask(BRING)
    pad(window).type("3")
    pad(window).keep.click()
    until(lambda: on_hand(one, fuel) == 3 * ONE, "it is written")


def test_what_another_terminal_takes_appears(one: Bay, other: Bay, window: Shell, parts: dict[str, str]) -> None:
    oil = parts["W 712/95"]
    found = opened(window, oil)
    other.meet(one)
    change(other, move_stock, {"part_id": oil, "reason": "fitted", "quantity": 5 * ONE})
    other.meet(one)
    until(lambda: found.stock.sheet.shown is not None and found.stock.sheet.shown.part.on_hand == ONE, "on the sheet")
    until(lambda: next(p for p in found.stock.list.shown.rows if p.id == oil).on_hand == ONE, "in the list")


def test_a_part_made_elsewhere_comes_to_the_list(one: Bay, other: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    until(lambda: len(shown(found)) == len(parts), "all are there")
    other.meet(one)
    change(other, create_part, {"number": "AA-1", "name": "Air filter"})
    other.meet(one)
    until(lambda: "AA-1" in shown(found), "it is there")


# --- scanning


def test_a_scan_opens_the_part_wherever_the_focus_is(window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    for target in (found, found.field):
        found.stock.forget()
        target.setFocus()
        scan(target, "4011558540296")
        until(lambda: found.stock.sheet.row == parts["CU 2939"], "it is opened")


def test_a_scan_from_another_section_opens_the_part_too(window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    found.open_section("reorder")
    scan(found, "4024")
    top(window, UnknownCodeSheet).close_sheet()
    scan(found, "3165143623480")
    until(lambda: found.stock.sheet.row == parts["0 986 479 677"], "it is opened")
    assert found.which.value() == "stock"


def test_a_code_nobody_knows_is_offered_to_be_made(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    scan(found, "5901234123457")
    asked = top(window, UnknownCodeSheet)
    assert isinstance(asked, UnknownCodeSheet)
    asked.as_barcode.click()
    form = top(window, EditPartSheet)
    assert isinstance(form, EditPartSheet)
    assert form.texts["barcode"].text() == "5901234123457"
    form.submit()
    until(form.trouble.isVisible, "what is missing is said")
    assert form.trouble.words.text() == "Name: This is needed.\nPart number: This is needed."
    form.texts["name"].setText("Tail light")
    form.texts["number"].setText("TL-1")
    form.numbers["here"].set_value(4 * ONE)
    form.submit()
    until(lambda: bool(found.stock.sheet.row), "it is opened")
    assert on_hand(one, found.stock.sheet.row) == 4 * ONE


def test_typing_without_a_scanner_goes_to_the_search(window: Shell, parts: dict[str, str]) -> None:
    found = page(window)
    QTest.keyClick(found, Qt.Key.Key_W)
    until(lambda: found.field.text() == "w", "it is in the field")
    assert found.field.hasFocus()


# --- what is known of it


def test_a_part_is_changed_and_what_is_wrong_is_said(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    found = opened(window, parts["CU 2939"])
    found.stock.sheet.open_edit()
    form = top(window, EditPartSheet)
    assert isinstance(form, EditPartSheet)
    form.texts["number"].setText("W 712/95")
    form.numbers["minimum"].field.setText("3")
    form.submit()
    until(lambda: "Oil filter" in form.trouble.words.text(), "the other part is named")
    form.texts["number"].setText("CU 2940")
    form.submit()
    until(lambda: found.stock.sheet.about.text().startswith("CU 2940"), "it is kept and shown")
    with one.records.read() as session:
        assert get_part(session, parts["CU 2939"]).minimum == 3 * ONE


def test_a_label_is_set_with_the_code_that_opens_the_part(window: Shell, parts: dict[str, str]) -> None:
    found = opened(window, parts["CU 2939"])
    found.stock.sheet.open_label()
    sheet = top(window, LabelSheet)
    assert isinstance(sheet, LabelSheet)
    until(lambda: not sheet.picture.isNull() and sheet.print.isEnabled(), "it is set")
    assert sheet.picture.width() > sheet.picture.height() > 100


def test_a_label_goes_to_the_printer_of_labels_or_into_a_file_of_its_own(
    window: Shell, parts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_file(name: str) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / f"{name}.pdf"))
        return printer

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["Office", "Labels"]))
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", staticmethod(lambda: "Office"))
    monkeypatch.setattr(papers_printer, "printer_named", to_file)
    found = opened(window, parts["CU 2939"])
    found.stock.sheet.open_label()
    sheet = top(window, LabelSheet)
    until(sheet.print.isEnabled, "it is set")
    sheet.print.click()
    top(window, ChoiceSheet).buttons["Labels"].click()
    until(lambda: any("The label went to" in each.accessibleName() for each in toast.shown(window)), "it is said")
    printed = (tmp_path / "Labels.pdf").read_bytes()
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", printed)
    assert box is not None
    assert float(box[1]) > float(box[2]), "as wide as the label is"
    window.context.preferences.kiosk = True
    for _ in range(2):
        found.stock.sheet.open_label()
        again = top(window, LabelSheet)
        until(again.save.isEnabled, "it is set")
        again.save.click()
    until(lambda: len([*(window.context.home / "exports").glob("*.pdf")]) == 2, "nothing is replaced")


def test_who_waits_and_what_brings_it_is_a_press_away(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    purchase = busy(one, parts)
    found = opened(window, parts["0 986 494 373"])
    (waits,) = found.stock.sheet.use_buttons
    assert "waits for 1" in waits.accessibleName()
    found.show_part(parts["OX 188D"])
    until(
        lambda: any("brings 9" in each.accessibleName() for each in found.stock.sheet.use_buttons), "it is on its way"
    )
    found.stock.sheet.use_buttons[0].click()
    until(lambda: found.purchases.sheet.row == purchase and found.which.value() == "purchases", "it is in front")


def test_who_may_not_order_is_not_offered_it(one: Bay, window: Shell, parts: dict[str, str]) -> None:
    assert one.context.membership is not None
    busy(one, parts)
    found = opened(window, parts["CU 2939"])
    assert found.stock.sheet.order.isEnabled()
    found.desk.context.people = Viewing()  # type: ignore[union-attr]
    found.stock.sheet.read()
    until(lambda: not found.stock.sheet.order.isEnabled(), "nothing to press")
    assert not found.stock.sheet.take.isEnabled()
    assert not found.stock.sheet.edit.isEnabled()


class Viewing:
    """Somebody who only looks is at the terminal."""

    actor = Actor("staff", "01890000-0000-7000-8000-00000000000a", "Vera", Role.VIEWER)
