"""Settings, Import and export: a file is understood, shown, written on a yes and taken back; everything goes out."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from sqlalchemy import event
from sqlalchemy.engine import Engine

from core.csv_files.kinds import KINDS
from core.language import tr
from core.vehicles.vehicles import VehicleView, list_vehicles
from core.workshop.orders import list_repair_orders
from tests.ui.conftest import all_texts, settle
from tests.ui.people_stage import hire
from tests.ui.test_people import window_of
from tests.ui.two_bays import Bay, until
from ui import transfer_reading
from ui.pages.settings import SettingsPage
from ui.pages.settings_transfer import TransferCard, folder_name
from ui.pages.settings_transfer_parts import cell_words
from ui.pages.settings_transfer_sheet import ImportSheet
from ui.shell import Shell
from ui.transfer_reading import Wanted, look, write_problems
from ui.widgets import dialogs, file_sheet, toast
from ui.widgets.buttons import Button
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.file_sheet import FileSheet
from ui.widgets.panels import ElidedLabel
from ui.widgets.progress_sheet import ProgressSheet, Telling
from ui.widgets.words_sheet import WordsSheet

CARS = """Kennzeichen;Marke;Modell;Baujahr;Kilometerstand;Halter;Erstzulassung;Lackcode
B-MW 1;BMW;320d;2019;84.210;Anna Ott;22.03.2019;A96
B-VW 2;VW;Golf;2020;12.000;Anna Ott;13.01.2020;LC9A
B-OP 3;Opel;Astra;zwölf;9.120;Paul Neumann;31.02.2012;
"""
LUBELOGGER = "Date,Odometer,Description,Notes,Cost,Tags\n11/22/2025,12000,Oil change,5W30,49.90,\n"
Over = TypeVar("Over", bound=dialogs.Sheet)


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    made = window_of(one)
    yield made
    made.end()
    made.deleteLater()
    settle()


def card(shell: Shell) -> TransferCard:
    shell.go("settings")
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    found = next(each for each in page.cards if isinstance(each, TransferCard))
    until(found.intro.text, "the card is filled")
    return found


def over(shell: Shell, kind: type[Over]) -> Over:
    until(lambda: any(isinstance(each, kind) for each in dialogs.sheets(shell)), f"{kind.__name__} is open")
    return next(each for each in reversed(dialogs.sheets(shell)) if isinstance(each, kind))


def opened(shell: Shell, text: str, name: str = "theirs.csv") -> ImportSheet:
    card(shell).open_import(name, text.encode())
    sheet = over(shell, ImportSheet)
    until(lambda: sheet.found is not None, "the file is read")
    return sheet


def again(sheet: ImportSheet) -> None:
    """Wait until the file was read another way."""
    before = sheet.found
    until(lambda: sheet.found is not before, "it is read again")


def cars(one: Bay) -> tuple[VehicleView, ...]:
    with one.records.read() as session:
        return list_vehicles(session).items


def test_a_file_is_understood_and_nothing_is_written_before_the_yes(shell: Shell, one: Bay) -> None:
    before = one.records.vector()
    sheet = opened(shell, CARS)
    assert sheet.kind.value() == "vehicles"
    assert [each.number.text() for each in (sheet.new, sheet.already, sheet.bad)] == ["2", "0", "1"]
    assert sheet.reading.choices["delimiter"].currentData() == ";"
    assert sheet.reading.choices["day_order"].currentData() == "dmy"
    assert sheet.columns.buttons["Lackcode"].accessibleName() == "Left out"
    assert sheet.keep.accessibleName() == "Write 2 rows"
    sheet.show_part("rows")
    assert "84,210 km" in [each.text() for each in sheet.rows.findChildren(ElidedLabel)]
    sheet.close_sheet()
    settle()
    assert one.records.vector() == before


def test_written_on_a_yes_and_taken_back_from_the_message(shell: Shell, one: Bay) -> None:
    sheet = opened(shell, CARS, "cars.csv")
    sheet.keep.click()
    until(lambda: len(cars(one)) == 2, "the two good rows are there")
    found = card(shell)
    until(lambda: found.rows, "the import is listed")
    assert getattr(found.rows[0], "title", "") == "cars.csv"
    toast.shown(shell)[-1].undo.click()
    until(lambda: not cars(one), "they are gone again")
    until(lambda: getattr(found.rows[0], "state", "") == "Taken back", "and the list says so")
    found.open_batch(found.found[0])
    button = over(shell, dialogs.Sheet).findChild(QPushButton, "bring-back")
    assert button is not None
    button.click()
    until(lambda: len(cars(one)) == 2, "they are there again")


def test_an_older_import_is_taken_back_from_the_list(shell: Shell, one: Bay) -> None:
    opened(shell, CARS).keep.click()
    found = card(shell)
    until(lambda: found.rows and len(cars(one)) == 2, "it is written and listed")
    found.open_batch(found.found[0])
    button = over(shell, dialogs.Sheet).findChild(QPushButton, "take-back")
    assert button is not None
    button.click()
    until(lambda: not cars(one), "its rows are gone")


def test_what_is_here_already_is_counted_and_left_as_it_is(shell: Shell, one: Bay) -> None:
    opened(shell, CARS).keep.click()
    until(lambda: len(cars(one)) == 2, "they are there")
    sheet = opened(shell, CARS)
    assert (sheet.new.number.text(), sheet.already.number.text()) == ("0", "2")
    assert not sheet.keep.isEnabled()
    assert sheet.keep.accessibleName() == "Nothing to write"


def test_a_column_becomes_another_by_touch(shell: Shell, one: Bay) -> None:
    sheet = opened(shell, CARS)
    sheet.columns.buttons["Lackcode"].click()
    over(shell, ChoiceSheet).buttons["notes"].click()
    again(sheet)
    assert sheet.columns.buttons["Lackcode"].accessibleName() == "Notes"
    sheet.columns.buttons["Marke"].click()
    over(shell, ChoiceSheet).none.click()
    again(sheet)
    assert sheet.columns.buttons["Marke"].accessibleName() == "Left out"
    sheet.keep.click()
    until(lambda: len(cars(one)) == 2, "they are written")
    bmw = next(each for each in cars(one) if each.plate == "B-MW 1")
    assert (bmw.notes, bmw.make) == ("A96", None)


def test_another_decimal_sign_or_delimiter_is_read_at_once(shell: Shell, one: Bay) -> None:
    sheet = opened(shell, "number,name,price\nA-1,Oil filter,7.90\n")
    assert sheet.kind.value() == "parts"
    choice = sheet.reading.choices["delimiter"]
    choice.setCurrentIndex(choice.findData(";"))
    choice.activated.emit(choice.currentIndex())
    until(sheet.trouble.isVisible, "the columns are not found so")
    assert "Part number" in sheet.trouble.words.text()
    assert not sheet.keep.isEnabled()
    choice = sheet.reading.choices["delimiter"]
    choice.setCurrentIndex(choice.findData(","))
    choice.activated.emit(choice.currentIndex())
    until(sheet.keep.isEnabled, "and are again")


def test_problems_have_line_column_words_and_cure_and_can_be_saved(shell: Shell, one: Bay, tmp_path: Path) -> None:
    sheet = opened(shell, CARS)
    sheet.show_part("problems")
    said = all_texts(sheet.problems.findChildren)
    assert "Line 4" in said
    assert "“zwölf” is no number." in said
    assert "“31.02.2012” is no day." in said
    assert sheet.found is not None
    file = tmp_path / "bad.csv"
    assert write_problems(sheet.found, file) == 1
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert (rows[0]["Kennzeichen"], rows[0]["Line"]) == ("B-OP 3", "4")
    assert "Baujahr: “zwölf” is no number." in rows[0]["What is wrong"]
    mended = file.read_text("utf-8-sig").replace("zwölf", "2012").replace("31.02.2012", "28.02.2012")
    again_read = look(one.records, one.actor, mended.encode(), Wanted())
    assert again_read.plan is not None
    assert (len(again_read.plan.rows), again_read.plan.problems) == (1, ())


def test_lubeloggers_history_asks_for_the_plate_and_gets_it_for_every_row(shell: Shell, one: Bay) -> None:
    opened(shell, CARS).keep.click()
    until(lambda: len(cars(one)) == 2, "the cars are here")
    with one.records.read() as session:
        before = len(list_repair_orders(session).items)
    sheet = opened(shell, LUBELOGGER)
    assert sheet.kind.value() == "history"
    assert sheet.wanted.mapping == "lubelogger-history", "it is known by its columns"
    assert "Plate" in sheet.trouble.words.text()
    assert not sheet.keep.isEnabled()
    sheet.columns.same.click()
    over(shell, ChoiceSheet).buttons["plate"].click()
    asked = over(shell, WordsSheet)
    asked.field.setText("B-MW 1")
    asked.submit()
    until(sheet.keep.isEnabled, "now it can be written")
    sheet.keep.click()

    def written() -> bool:
        with one.records.read() as session:
            return len(list_repair_orders(session).items) == before + 1

    until(written, "the visit is there")


def test_what_is_no_table_is_said_in_words(shell: Shell, one: Bay) -> None:
    card(shell).open_import("picture.csv", b"\x89PNG\r\n\x00\x00")
    sheet = over(shell, ImportSheet)
    until(sheet.trouble.isVisible, "it says so")
    assert "no CSV file" in sheet.trouble.words.text()
    assert not sheet.keep.isEnabled()


def test_in_kiosk_mode_a_file_is_chosen_on_a_stick_or_in_the_terminals_own_folder_and_nowhere_else(
    shell: Shell, one: Bay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "media" / "stick"
    (stick / "lists").mkdir(parents=True)
    (stick / "lists" / "cars.csv").write_text(CARS, "utf-8")
    (stick / "escape").symlink_to(tmp_path)
    monkeypatch.setattr(file_sheet, "_PLUGGED_IN", (str(tmp_path / "media"),))
    monkeypatch.setattr(file_sheet.FileSheet, "last", Path.home())
    one.context.preferences.kiosk = True
    found = card(shell)
    found.bring.click()
    sheet = over(shell, FileSheet)
    until(sheet.none.isVisible, "its own folder is shown, though somebody was elsewhere before")

    def offered() -> list[str]:
        return [each.text().strip() for each in sheet.findChildren(Button) if each.isVisible()]

    assert sorted(offered()) == ["Cancel", "This terminal", "stick"], "no home of anybody, and no way up"
    sheet.look(stick)
    until(lambda: "lists" in offered(), "what is on the stick")
    assert "escape" not in offered(), "a link leads nowhere else"
    for outside in (tmp_path, stick / "escape", Path("/")):
        sheet.look(outside)
    assert sheet.here.text() == "stick"
    sheet.look(stick / "lists")
    until(lambda: stick / "lists" / "cars.csv" in sheet.files, "the file is listed")
    until(lambda: "One folder up" in offered(), "to the stick, not beyond")
    sheet.files[stick / "lists" / "cars.csv"].click()
    until(lambda: over(shell, ImportSheet).found is not None, "it is read")


def test_in_kiosk_mode_an_export_goes_to_a_stick_or_the_terminals_own_folder(
    shell: Shell, one: Bay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(file_sheet, "places", lambda: (Path.home(), stick))
    monkeypatch.setattr(file_sheet, "_PLUGGED_IN", (str(tmp_path / "no media"),))
    found = card(shell)
    assert Path.home() in found.targets()
    one.context.preferences.kiosk = True
    assert found.targets() == (one.context.home / "exports",)
    monkeypatch.setattr(file_sheet, "_PLUGGED_IN", (str(tmp_path),))
    assert found.targets()[-1] == one.context.home / "exports"
    assert stick in found.targets()
    assert Path.home() not in found.targets()


def test_everything_goes_into_a_new_folder(shell: Shell, one: Bay, tmp_path: Path) -> None:
    opened(shell, CARS).keep.click()
    until(lambda: len(cars(one)) == 2, "there is something to export")
    folder = tmp_path / "out"
    (folder).mkdir()
    found = card(shell)
    found.export_to(folder)
    there = tmp_path / "out (2)"
    until(lambda: any("exported" in each for each in all_texts(shell.findChildren)), "it is done")
    assert {f"{kind}.csv" for kind in KINDS} <= {each.name for each in there.iterdir()}
    assert "B-MW 1" in (there / "vehicles.csv").read_text("utf-8-sig")
    assert not list(folder.iterdir()), "what was there is left alone"


def test_a_stopped_export_leaves_nothing_behind(
    shell: Shell, one: Bay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telling, "stop", lambda self: True)
    found = card(shell)
    found.export_to(tmp_path / "out")
    until(lambda: not shell.findChildren(ProgressSheet), "it has stopped")
    assert not (tmp_path / "out").exists()


def test_a_stopped_import_says_what_is_there_and_can_be_taken_back(
    shell: Shell, one: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter((False, True))  # after the first hundred
    monkeypatch.setattr(Telling, "stop", lambda self: next(answers))
    text = "plate,make\n" + "".join(f"HY {number},VW\n" for number in range(150))
    opened(shell, text).keep.click()
    until(lambda: any("100 rows were written" in each for each in all_texts(shell.findChildren)), "it says so")
    assert any("Stopped before the end" in each for each in all_texts(shell.findChildren))
    toast.shown(shell)[-1].undo.click()
    until(lambda: not cars(one), "what was written is gone")


def test_it_is_for_the_office(shell: Shell, one: Bay) -> None:
    hire(one).sign_in("Tom Huber")
    found = card(shell)
    assert not found.bring.isVisible()
    assert "This is for:" in found.intro.text()


def test_values_are_shown_as_they_will_be() -> None:
    assert cell_words("parts", "price", 790, "EUR") == "€7.90"
    assert cell_words("parts", "stock", 4500, None) == "4.5"
    assert cell_words("vehicles", "odometer_km", 84_210, None) == "84,210 km"
    assert cell_words("vehicles", "fuel_type", "petrol", None) == tr("Petrol")
    assert cell_words("vehicles", "first_registration", "2019-03-22", None) == "22 Mar 2019"


def test_a_folder_bears_a_name_every_disk_accepts() -> None:
    assert folder_name("Weiss: Töchter/", dt.date(2026, 11, 22)) == "Bayline Weiss Töchter 2026-11-22"


def test_looking_takes_as_many_statements_for_a_long_file_as_for_a_short_one(one: Bay) -> None:
    def statements(rows: int) -> int:
        said: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            said.append(statement)

        text = "plate,make\n" + "".join(f"HY {number},VW\n" for number in range(rows))
        event.listen(Engine, "before_cursor_execute", note)
        try:
            look(one.records, one.actor, text.encode(), Wanted())
            transfer_reading.read_imports(one.records)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(said)

    assert statements(2) == statements(300)
