"""Settings take effect at once, are kept, and can be taken back; what needs a PIN asks for it."""

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from core import language
from tests.ui.conftest import Desk, all_texts, settle
from ui import licences, theme
from ui.pages.settings import SettingsPage
from ui.pages.settings_about import AboutCard, LicenceSheet, ProblemSheet
from ui.pages.settings_kiosk import KioskCard
from ui.pages.settings_link import AdapterCard, PageCard
from ui.pages.settings_screen import ScreenCard, SoundCard
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.buttons import Segmented
from ui.widgets.connection_panel import ConnectionPanel
from ui.widgets.numberpad import ENTER
from ui.widgets.pin_sheet import NewPinSheet, PinPad, UnlockSheet
from ui.widgets.search_box import SearchBox

REPOSITORY = Path(__file__).resolve().parents[2]


Kind = TypeVar("Kind")


def card(shell: Shell, kind: type[Kind]) -> Kind:
    """The card of that kind on the settings page as it is now."""
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    return next(each for each in page.cards if isinstance(each, kind))


def press(choice: Segmented, value: object) -> None:
    choice._segments[value].click()
    settle()


def undo(shell: Shell) -> None:
    toast.shown(shell)[-1].undo.click()
    settle()


def type_pin(sheet: PinPad, digits: str) -> None:
    for digit in digits:
        sheet.pad.keys[digit].click()
    sheet.pad.keys[ENTER].click()


def sheet_of(shell: Shell, kind: type[Kind]) -> Kind:
    found = dialogs.sheets(shell)[-1]
    assert isinstance(found, kind)
    return found


@pytest.fixture
def settings(shell: Shell) -> Shell:
    shell.go("settings")
    settle()
    return shell


def test_the_theme_changes_at_once_is_kept_and_can_be_taken_back(settings: Shell, desk: Desk) -> None:
    press(card(settings, ScreenCard).theme, "day")
    assert theme.current() == "day"
    assert desk.saved[-1].theme == "day"
    undo(settings)
    assert theme.current() == "night"
    assert desk.saved[-1].theme == "night"
    assert card(settings, ScreenCard).theme.value() == "night"


def test_the_language_changes_at_once_and_can_be_taken_back(settings: Shell, desk: Desk) -> None:
    press(card(settings, ScreenCard).language, "de")
    assert (language.current(), desk.saved[-1].language) == ("de", "de")
    assert card(settings, ScreenCard).language.value() == "de"
    undo(settings)
    assert (language.current(), desk.saved[-1].language) == ("en", "en")


def test_units_are_spoken_everywhere(settings: Shell, desk: Desk) -> None:
    press(card(settings, ScreenCard).units, "imperial")
    assert desk.saved[-1].units == "imperial"
    settings.open_search("coolant")
    assert [note for note in _notes(settings) if note.endswith("°F")]


def _notes(shell: Shell) -> list[str]:
    return [line.finding.note for line in sheet_of(shell, SearchBox).lines]


def test_a_larger_text_size_grows_the_frame(settings: Shell, desk: Desk) -> None:
    before = settings.content.top.height()
    press(card(settings, ScreenCard).text_size, 1.3)
    assert settings.content.top.height() > before
    assert desk.saved[-1].text_scale == 1.3


def test_alarm_sound_and_keyboard_are_kept(settings: Shell, desk: Desk) -> None:
    card(settings, SoundCard).sound.click()
    card(settings, SoundCard).touch.click()
    assert (desk.saved[-1].alarm_sound, desk.saved[-1].touch) == (True, True)
    assert settings.keyboard is not None
    assert settings.keyboard.enabled
    undo(settings)
    assert not card(settings, SoundCard).touch.isChecked()


def test_a_choice_that_cannot_be_saved_holds_and_says_so(settings: Shell, desk: Desk) -> None:
    desk.save_error = OSError("read-only file system")
    press(card(settings, ScreenCard).theme, "day")
    assert theme.current() == "day"
    assert "could not be saved" in toast.shown(settings)[-1].accessibleName()
    assert settings.context.problems


def test_the_adapter_card_leads_to_the_connection_panel(settings: Shell) -> None:
    assert card(settings, AdapterCard).row.meaning.text() == "tcp://127.0.0.1:35000"
    card(settings, AdapterCard).button.click()
    sheet_of(settings, ConnectionPanel)


def test_opening_to_the_lan_restarts_the_page_and_can_be_taken_back(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    card(settings, PageCard).lan.click()
    assert not card(settings, PageCard).lan.isEnabled(), "while it restarts"
    qtbot.waitUntil(lambda: settings.context.preferences.lan)
    assert desk.saved[-1].lan is True
    undo(settings)
    qtbot.waitUntil(lambda: not settings.context.preferences.lan)
    assert desk.lan_calls == [True, False]


def test_who_can_see_what_is_said_before_the_switch_is_touched(settings: Shell) -> None:
    said = " ".join(all_texts(card(settings, PageCard).findChildren))
    assert "everyone in the same network can see" in said
    assert "nobody can change anything" in said


def test_a_page_that_cannot_be_opened_stays_closed_and_says_why(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    desk.lan_error = OSError("Port 8420 is taken.")
    card(settings, PageCard).lan.click()
    qtbot.waitUntil(lambda: bool(toast.shown(settings)))
    assert settings.context.preferences.lan is False
    assert not card(settings, PageCard).lan.isChecked()
    assert any("Port 8420 is taken." in text for text in all_texts(toast.shown(settings)[-1].findChildren))


def test_kiosk_without_a_pin_asks_for_one_first(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    card(settings, KioskCard).kiosk.click()
    assert not settings.kiosk.locked
    assert not card(settings, KioskCard).kiosk.isChecked()
    sheet = sheet_of(settings, NewPinSheet)
    type_pin(sheet, "2580")
    type_pin(sheet, "2580")
    qtbot.waitUntil(lambda: settings.kiosk.locked)
    assert desk.pin == "2580"
    assert desk.saved[-1].kiosk is True
    assert card(settings, KioskCard).kiosk.isChecked()


def test_giving_up_on_the_pin_leaves_kiosk_off(settings: Shell, desk: Desk) -> None:
    card(settings, KioskCard).kiosk.click()
    sheet_of(settings, NewPinSheet).close_sheet()
    settle()
    assert (settings.kiosk.locked, desk.pin, desk.saved) == (False, "", [])


def test_a_new_pin_is_long_enough_and_typed_twice_alike(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    card(settings, KioskCard).change.click()
    sheet = sheet_of(settings, NewPinSheet)
    type_pin(sheet, "12")
    assert "too few" in sheet.prompt.text()
    type_pin(sheet, "2580")
    type_pin(sheet, "2589")
    assert "not the same" in sheet.prompt.text()
    assert desk.pin == ""
    type_pin(sheet, "2580")
    type_pin(sheet, "2580")
    qtbot.waitUntil(lambda: desk.pin == "2580")


def test_changing_the_pin_takes_the_old_one(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    desk.pin = "2580"
    card(settings, KioskCard).refresh()
    card(settings, KioskCard).change.click()
    type_pin(sheet_of(settings, UnlockSheet), "2580")
    qtbot.waitUntil(lambda: any(isinstance(sheet, NewPinSheet) for sheet in dialogs.sheets(settings)))
    sheet = sheet_of(settings, NewPinSheet)
    type_pin(sheet, "1470")
    type_pin(sheet, "1470")
    qtbot.waitUntil(lambda: desk.pin == "1470")


def test_leaving_kiosk_from_the_settings_takes_the_pin(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    desk.pin = "2580"
    card(settings, KioskCard).kiosk.click()
    settle()
    assert settings.kiosk.locked
    card(settings, KioskCard).kiosk.click()
    assert card(settings, KioskCard).kiosk.isChecked()
    type_pin(sheet_of(settings, UnlockSheet), "2580")
    qtbot.waitUntil(lambda: not settings.kiosk.locked)
    settle()
    assert not card(settings, KioskCard).kiosk.isChecked()


def test_a_locked_terminal_is_opened_to_the_lan_with_the_pin_only(settings: Shell, desk: Desk, qtbot: QtBot) -> None:
    desk.pin = "2580"
    card(settings, KioskCard).kiosk.click()
    settle()
    card(settings, PageCard).lan.click()
    assert desk.lan_calls == []
    type_pin(sheet_of(settings, UnlockSheet), "2580")
    qtbot.waitUntil(lambda: desk.lan_calls == [True])


def test_problems_are_listed_when_there_are_any(settings: Shell) -> None:
    about = card(settings, AboutCard)
    assert not about.show_problems.isEnabled()
    settings.context.note("The disk is full.", "/var/lib/bayline")
    about.refresh()
    about.show_problems.click()
    assert "The disk is full." in all_texts(sheet_of(settings, ProblemSheet).findChildren)


def test_the_data_folder_and_the_version_are_shown(settings: Shell) -> None:
    said = all_texts(card(settings, AboutCard).findChildren)
    assert str(settings.context.home) in said
    assert "Bayline 0.1.0" in said


def test_every_library_we_ship_is_named_with_its_licence(settings: Shell) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in project["dependencies"]}
    named = {library.name.lower() for library in licences.libraries()}
    assert needed - named == set()
    assert all(library.licence for library in licences.libraries())
    assert project["license"]["text"] == "GPL-3.0-or-later"
    LicenceSheet(settings).open()
    said = all_texts(sheet_of(settings, LicenceSheet).findChildren)
    assert "GPL-3.0-or-later" in said
    assert any("without any warranty" in text for text in said)
