"""Bays: who belongs to the workshop, how each stands, pairing and removing; and the way in while there is none."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from core.people.roles import Actor, Role
from core.records.records import Records
from core.sync.views import PairingOffer, PeerState, Progress, SyncError, SyncSummary, UnreachableError, WrongCodeError
from tests.ui.conftest import Desk, all_texts, settle
from tests.ui.fake_link import FakeLink, ms, peer, workshop_of_all_states
from tests.ui.two_bays import until
from ui import theme
from ui.context import UiContext
from ui.membership import JoiningCancelled, Membership, NearbyWorkshop
from ui.pages.bays import BaysPage, in_order
from ui.pages.bays_pairing import PairingSheet
from ui.pages.bays_sheets import AddressSheet, RemoveSheet
from ui.pages.registry import ENTRIES
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.numberpad import ENTER
from ui.widgets.pin_sheet import UnlockSheet

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("bays", "settings"))
TERMINAL = "01999999-0000-7000-8000-000000000001"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    made = Records.open(tmp_path / "records.db")
    made.join(TERMINAL)
    yield made
    made.close()


def membership(records: Records, link: FakeLink) -> Membership:
    actor = Actor("terminal", TERMINAL, "Bay 3", Role.MANAGER)
    return Membership("Schmidt & Daughters", TERMINAL, "K7QF-3MZ2", records, link, actor)


@pytest.fixture
def link() -> FakeLink:
    return workshop_of_all_states()


@pytest.fixture
def window(dressed: QApplication, context: UiContext, records: Records, link: FakeLink) -> Iterator[Shell]:
    context.membership = membership(records, link)
    yield from shown(context)


@pytest.fixture
def empty(dressed: QApplication, context: UiContext) -> Iterator[Shell]:
    context.found = lambda workshop, terminal: None
    context.join = lambda address, code, terminal, progress: None
    yield from shown(context)


def shown(context: UiContext) -> Iterator[Shell]:
    shell = Shell(context, PAGES)
    shell.resize(1280, 800)
    shell.show()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def page(shell: Shell) -> BaysPage:
    found = shell.content.pages["bays"]
    assert isinstance(found, BaysPage)
    return found


def on_top(shell: Shell) -> dialogs.Sheet:
    return dialogs.sheets(shell)[-1]


# --- the list


def test_this_terminal_stands_on_top_and_then_what_needs_a_person(window: Shell) -> None:
    rows = sorted(page(window).rows.values(), key=lambda row: row.y())
    assert page(window).own.y() < rows[0].y()
    assert [row.name.text() for row in rows] == [
        "Bay 7", "Parts counter", "Bay 1", "Bay 2", "Body shop", "Reception", "Old tablet",
    ]  # fmt: skip
    assert page(window).own.name.text() == "Bay 3"
    assert page(window).own.address.text() == "192.168.1.20:8420"


def test_a_terminal_is_said_with_its_state_contact_clock_and_what_waits(window: Shell) -> None:
    rows = page(window).rows
    away = rows["terminal-Reception"]
    assert (away.state.text(), away.address.text()) == ("Away", "192.168.1.29:8420")
    contact, clock, out, into = away.facts.texts()
    assert contact.count(":") == 1
    assert (clock, out, into) == ("7 min behind", "6", "nothing")
    assert rows["terminal-Bay 2"].facts.texts()[3] == "1,240"
    assert rows["terminal-Body shop"].facts.texts()[:2] == ["never", "not known"]
    assert not rows["terminal-Old tablet"].remove.isVisible()


def test_problems_are_said_in_words(window: Shell) -> None:
    rows = page(window).rows
    assert "same id" in rows["terminal-Bay 7"].problem.text()
    assert "nothing is lost" in rows["terminal-Parts counter"].problem.text()
    assert "clock is 7 min behind" in rows["terminal-Reception"].problem.text()
    assert rows["terminal-Bay 1"].problem.text() == ""


def test_news_of_the_link_come_from_any_thread_and_rows_keep_their_place(window: Shell, link: FakeLink) -> None:
    row = page(window).rows["terminal-Reception"]
    link.shown = [
        replace(each, state=PeerState.IN_STEP, waiting_out=0) if each.name == "Reception" else each
        for each in link.shown
    ]
    thread = threading.Thread(target=link.tell)
    thread.start()
    thread.join()
    until(lambda: row.state.text() == "In step", "the row follows")
    assert page(window).rows["terminal-Reception"] is row


def test_the_frame_says_it_too_never_moves_and_leads_here(window: Shell, link: FakeLink) -> None:
    window.go("settings")
    settle()
    chip = window.content.top.sync
    before = chip.geometry()
    link.said = SyncSummary(True, peers=6, offline_since=ms(3600), waiting=6)
    link.tell()
    until(lambda: chip.words().startswith("Offline since"), "the frame follows")
    assert chip.caption() == "6 changes waiting"
    link.said = SyncSummary(True, in_step=6, peers=6)
    link.tell()
    until(lambda: chip.words() == "In step with 6 bays", "the frame follows")
    assert chip.geometry() == before
    chip.click()
    assert window.content.current == "bays"


def test_the_first_terminal_is_told_how_a_second_one_comes(
    dressed: QApplication, context: UiContext, records: Records
) -> None:
    context.membership = membership(records, FakeLink())
    for shell in shown(context):
        assert "No other terminal yet" in all_texts(shell.findChildren)
        assert shell.content.top.sync.words() == "On its own"


# --- pairing


def test_pairing_shows_the_code_in_two_groups_the_address_the_time_and_the_tries(window: Shell, link: FakeLink) -> None:
    page(window).pair.click()
    sheet = on_top(window)
    assert isinstance(sheet, PairingSheet)
    until(sheet.code.text, "the code comes")
    assert sheet.code.text() == "4821 0937"
    assert sheet.address.text() == "192.168.1.20:8420"
    assert sheet.left.text() in ("Valid for 2:00 more", "Valid for 1:59 more")
    assert link.open is not None
    link.open = replace(link.open, tries_left=1)
    sheet.show_now()
    assert sheet.tries.text() == "1 try left"


def test_an_address_only_this_machine_can_reach_is_said_to_be_one(window: Shell, link: FakeLink) -> None:
    sheet = PairingSheet(window, link)
    sheet.open()
    until(sheet.code.text, "the code comes")
    assert not sheet.closed_here.isVisible()
    for address, only_here in (("https://127.0.0.1:8420", True), ("https://[::1]:8420", True)):
        sheet._opened(PairingOffer("48210937", address, ms(-120)))
        assert sheet.closed_here.isVisible() is only_here


def test_a_code_that_ran_out_says_so_and_a_new_one_is_a_press_away(window: Shell, link: FakeLink) -> None:
    now = [ms() / 1000]
    sheet = PairingSheet(window, link, wall=lambda: now[0])
    sheet.open()
    until(sheet.code.text, "the code comes")
    now[0] += 121
    sheet.show_now()
    assert sheet.headline.text() == "The code has expired"
    now[0] -= 121
    sheet.again.click()
    until(lambda: sheet.offer is not None, "a new code comes")
    assert sheet.code.isVisible()
    assert [call[0] for call in link.calls].count("open_pairing") == 2


def test_a_code_tried_too_often_is_gone_before_its_time(window: Shell, link: FakeLink) -> None:
    sheet = PairingSheet(window, link)
    sheet.open()
    until(sheet.code.text, "the code comes")
    link.open = None
    sheet.show_now()
    assert sheet.headline.text() == "The code is no longer valid"


def test_who_joined_is_said_by_name(window: Shell, link: FakeLink) -> None:
    sheet = PairingSheet(window, link)
    sheet.open()
    until(sheet.code.text, "the code comes")
    link.shown.append(peer("Bay 9"))
    link.open = None
    sheet.show_now()
    assert sheet.headline.text() == "Bay 9 has joined"
    assert not sheet.code.isVisible()


def test_closing_the_sheet_ends_the_offer(window: Shell, link: FakeLink) -> None:
    sheet = PairingSheet(window, link)
    sheet.open()
    until(sheet.code.text, "the code comes")
    sheet.cancel.click()
    until(lambda: ("close_pairing",) in link.calls, "pairing is closed")


def test_pairing_that_cannot_be_opened_says_why(window: Shell, link: FakeLink) -> None:
    link.error = SyncError("The page is closed to the LAN. Open it in the settings.")
    sheet = PairingSheet(window, link)
    sheet.open()
    until(sheet.headline.isVisible, "the reason comes")
    assert "Open it in the settings" in sheet.detail.text()


def test_a_locked_terminal_asks_for_its_pin_before_it_shows_a_code(window: Shell, desk: Desk) -> None:
    desk.pin = "4711"
    window.context.preferences.kiosk = True
    page(window).open_pairing()
    sheet = on_top(window)
    assert isinstance(sheet, UnlockSheet)
    for digit in "4711":
        sheet.press(digit)
    sheet.press(ENTER)
    until(lambda: isinstance(on_top(window), PairingSheet) if dialogs.sheets(window) else False, "the code comes")


# --- removing, addresses, sync


def test_removing_asks_first_and_names_who_did_it(window: Shell, link: FakeLink) -> None:
    page(window).rows["terminal-Bay 1"].remove.click()
    sheet = on_top(window)
    assert isinstance(sheet, RemoveSheet)
    assert link.calls == []
    sheet.keep.click()
    assert link.calls == []
    page(window).rows["terminal-Bay 1"].remove.click()
    again = on_top(window)
    assert isinstance(again, RemoveSheet)
    again.yes.click()
    until(lambda: page(window).rows["terminal-Bay 1"].state.text() == "Removed", "it is removed")
    assert link.calls == [("remove", "device-Bay 1", f"terminal:{TERMINAL}")]


def test_an_address_is_typed_and_a_wrong_one_is_explained(window: Shell, link: FakeLink) -> None:
    page(window).add.click()
    sheet = on_top(window)
    assert isinstance(sheet, AddressSheet)
    sheet.submit()
    assert "Type an address" in sheet.trouble.words.text()
    link.error = SyncError("“bay” is not an address. Example: 192.168.1.21:8420")
    sheet.field.setText("bay")
    sheet.submit()
    until(lambda: "not an address" in sheet.trouble.words.text(), "it is explained")
    link.error = None
    sheet.field.setText("192.168.1.21:8420")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    until(lambda: not dialogs.sheets(window), "the sheet closes")
    assert link.calls[-1] == ("add_address", "192.168.1.21:8420")


def test_sync_now_says_that_it_runs_and_why_it_failed(window: Shell, link: FakeLink) -> None:
    link.error = SyncError("Reception does not answer.")
    page(window).sync.click()
    assert not page(window).sync.isEnabled()
    until(page(window).sync.isEnabled, "it ends")
    assert link.calls == [("sync_now",)]
    assert window.context.problems[-1].detail == "Reception does not answer."


def test_the_order_of_the_list() -> None:
    peers = (peer("b"), peer("a", PeerState.REMOVED), peer("c", PeerState.DIFFERS), peer("A", PeerState.AWAY))
    assert [each.name for each in in_order(peers)] == ["c", "A", "b", "a"]


# --- the way in


def test_without_a_workshop_there_are_two_big_choices(empty: Shell) -> None:
    view = page(empty).entering
    assert view is not None
    assert view.shown() is view.choices
    assert view.choices.found.height() >= 2 * theme.target
    assert empty.content.top.sync.words() == "Not part of a workshop"


def test_founding_needs_both_names_and_says_that_a_restart_is_needed_when_it_is(empty: Shell) -> None:
    asked: list[tuple[str, str]] = []
    empty.context.found = lambda workshop, terminal: asked.append((workshop, terminal))
    view = page(empty).entering
    assert view is not None
    view.choices.found.click()
    form = view.founding
    form.submit()
    assert form.trouble.words.text() == "The workshop needs a name."
    form.workshop.setText("Schmidt & Daughters")
    assert form.terminal.text() == "Bay 3"
    form.submit()
    until(lambda: view.shown() is view.restart, "it is done")
    assert asked == [("Schmidt & Daughters", "Bay 3")]


def test_after_founding_the_terminal_goes_on_without_a_restart(empty: Shell, records: Records) -> None:
    link = FakeLink()
    empty.context.found = lambda workshop, terminal: membership(records, link)
    view = page(empty).entering
    assert view is not None
    view.show_form(view.founding)
    view.founding.workshop.setText("Schmidt & Daughters")
    view.founding.submit()
    until(lambda: empty.content.top.sync.words() == "On its own", "the frame knows")
    until(lambda: page(empty).link is link, "the page is built anew")
    assert link.listeners


def test_founding_that_fails_keeps_what_was_typed_and_says_why(empty: Shell) -> None:
    def found(workshop: str, terminal: str) -> Membership | None:
        raise OSError("The disk is full.")

    empty.context.found = found
    view = page(empty).entering
    assert view is not None
    view.show_form(view.founding)
    view.founding.workshop.setText("Schmidt")
    view.founding.submit()
    until(lambda: view.founding.trouble.words.text() == "The disk is full.", "it is said")
    assert view.shown() is view.founding
    assert view.founding.workshop.text() == "Schmidt"


def test_joining_takes_what_the_network_offers_and_groups_the_code(empty: Shell) -> None:
    asked: list[tuple[str, str, str]] = []
    empty.context.nearby = lambda: (NearbyWorkshop("Schmidt & Daughters", "Bay 1", "https://192.168.1.21:8420"),)
    empty.context.join = lambda address, code, terminal, progress: asked.append((address, code, terminal))
    view = page(empty).entering
    assert view is not None
    view.choices.join.click()
    form = view.joining
    offer = next(button for button in form.offers.findChildren(QAbstractButton) if "Bay 1" in button.accessibleName())
    offer.click()
    assert form.address.text() == "192.168.1.21:8420"
    assert form.code.hasFocus()
    QTest.keyClicks(form.code, "48210937")
    assert form.code.text() == "4821 0937"
    form.terminal.setText("Reception")
    form.submit()
    until(lambda: view.shown() is view.restart, "it is done")
    assert asked == [("192.168.1.21:8420", "48210937", "Reception")]


@pytest.mark.parametrize(
    ("error", "cure", "to_type"),
    [
        (WrongCodeError("The code was wrong. Type it again."), "Type it again", "4821 0937"),
        (UnreachableError("Nobody answers at 192.168.1.21:8420."), "both are in the same network", ""),
    ],
)
def test_joining_that_fails_says_what_to_do(empty: Shell, error: SyncError, cure: str, to_type: str) -> None:
    def join(address: str, code: str, terminal: str, progress: Progress) -> Membership | None:
        raise error

    empty.context.join = join
    view = page(empty).entering
    assert view is not None
    fill(view.joining)
    view.joining.submit()
    until(lambda: cure in view.joining.trouble.words.text(), "it is said")
    assert str(error) in view.joining.trouble.words.text()
    assert view.joining.code.selectedText() == to_type, "typing replaces what was wrong"
    assert view.joining.address.text() == "192.168.1.21:8420"


def test_seeding_shows_how_far_it_is_and_can_be_stopped(empty: Shell) -> None:
    shown_half, told = threading.Event(), []

    def join(address: str, code: str, terminal: str, progress: Progress) -> Membership | None:
        progress("Fetching the records", 50, 200)
        assert shown_half.wait(10)
        try:
            while True:
                progress("Fetching the records", 51, 200)
        except JoiningCancelled:
            told.append("stopped")
            raise

    empty.context.join = join
    view = page(empty).entering
    assert view is not None
    fill(view.joining)
    view.joining.submit()
    until(lambda: view.progress.share.text() == "25 %", "it is shown")
    assert view.progress.step.text() == "Fetching the records"
    view.progress.cancel.click()
    shown_half.set()
    until(lambda: view.shown() is view.joining, "it stops")
    assert told == ["stopped"]
    assert any("Nothing was kept" in each.accessibleName() for each in toast.shown(empty))


def fill(form: object) -> None:
    for name, text in (("address", "192.168.1.21:8420"), ("code", "48210937"), ("terminal", "Reception")):
        field = getattr(form, name)
        field.setText("4821 0937" if name == "code" else text)


def test_a_code_of_other_than_eight_digits_is_not_sent(empty: Shell) -> None:
    empty.context.join = lambda address, code, terminal, progress: pytest.fail("it was sent")
    view = page(empty).entering
    assert view is not None
    fill(view.joining)
    view.joining.code.setText("4821")
    view.joining.submit()
    assert view.joining.trouble.words.text() == "The code has 8 digits."


@pytest.mark.parametrize(("demo", "words"), [(True, "demonstration"), (False, "could not be opened")])
def test_where_neither_is_possible_it_says_why(
    dressed: QApplication, context: UiContext, demo: bool, words: str
) -> None:
    context.demo = demo
    for shell in shown(context):
        view = page(shell).entering
        assert view is not None
        assert not view.choices.found.isEnabled()
        assert words in view.choices.why_not.text()
        assert view.choices.why_not.isVisible()
        assert shell.content.top.sync.words() == ("Not part of a workshop" if demo else "Records not open")


# --- for a glove, and for those who do not see


@pytest.mark.parametrize("scale", theme.SCALES)
def test_everything_pressed_is_large_enough_and_has_a_name(window: Shell, scale: float) -> None:
    window.context.preferences.text_scale = scale
    window.dress()
    settle()
    page(window).open_pairing()
    settle()
    pressed = [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit) and widget.isVisible()
    ]
    assert [widget.accessibleName() for widget in pressed if widget.height() < theme.target] == []
    assert [type(widget).__name__ for widget in pressed if not widget.accessibleName()] == []


def test_the_code_fits_its_place_at_every_text_size(window: Shell) -> None:
    for scale in theme.SCALES:
        window.context.preferences.text_scale = scale
        window.dress()
        settle()
        sheet = PairingSheet(window, FakeLink())
        sheet._opened(PairingOffer("88888888", "https://192.168.100.200:18420", ms(-100)))
        sheet.open()
        settle()
        assert sheet.code.width() <= window.width()
        assert sheet.panel.geometry().bottom() <= window.height()
        sheet.close_sheet()


def test_pairing_and_removing_are_offered_only_to_who_may(window: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    found = page(window)
    row = next(each for each in found.rows.values() if each.remove.isVisible())
    technician = Actor("staff", TERMINAL, "Tom Huber", Role.TECHNICIAN)
    monkeypatch.setattr(UiContext, "actor", property(lambda _: technician))
    found.refresh()
    assert not any(button.isVisible() for button in (found.add, found.pair, row.remove))
    assert found.rights.isVisible()
    assert "Owner, Manager" in found.rights.text()
    assert [command.title for command in found.commands()] == ["Sync now"]
    monkeypatch.undo()
    found.refresh()
    assert found.pair.isVisible()
    assert row.remove.isVisible()
