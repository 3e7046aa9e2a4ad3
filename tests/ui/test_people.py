"""People at a shared terminal: who they are by touch, what each sees, and whose words are whose."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from core.people.roles import SYSTEM, Denied, Role
from core.people.staff import change_staff, set_pin
from core.records import journal
from tests.ui.conftest import all_texts, settle
from tests.ui.orders_stage import type_into, work
from tests.ui.people_stage import PINS, Staff, hire, sheet, type_pin
from tests.ui.two_bays import Bay, until
from ui import idle, theme
from ui.context import UiContext
from ui.idle import AUTOMATIC, IdleWatch, minutes
from ui.pages.bays import BaysPage
from ui.pages.orders import OrdersPage
from ui.pages.registry import ENTRIES
from ui.people_present import Standing
from ui.people_rights import may_open
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.sign_in_sheet import SignInSheet

SHOWN = tuple(entry for entry in ENTRIES if entry.name in ("orders", "changes", "bays", "settings"))


def window_of(bay: Bay) -> Shell:
    shell = Shell(bay.context, SHOWN)
    shell.resize(1280, 800)
    shell.show()
    settle()
    return shell


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    made = window_of(one)
    yield made
    made.end()
    made.deleteLater()
    settle()


@pytest.fixture
def staff(shell: Shell, one: Bay) -> Staff:
    return hire(one)


def _says(asked: SignInSheet, words: str) -> bool:
    return words in asked.prompt.text()


def said(shell: Shell) -> str:
    return " ".join(" ".join(all_texts(each.findChildren)) for each in toast.shown(shell))


def orders(shell: Shell) -> OrdersPage:
    shell.go("orders")
    found = shell.content.pages["orders"]
    assert isinstance(found, OrdersPage)
    return found


# Who acts ------------------------------------------------------------------------------------------------------------


def test_outside_of_a_workshop_nobody_is_asked(context: UiContext, dressed: QApplication) -> None:
    assert context.people.standing is Standing.NO_WORKSHOP
    assert context.actor is None


def test_before_there_are_people_the_terminal_itself_works(shell: Shell, one: Bay) -> None:
    people = one.context.people
    assert (people.standing, people.actor) == (Standing.OPEN, one.context.membership and one.context.membership.actor)
    assert not shell.content.band.isVisible()
    shell.content.top.person.click()  # nudges to where people are added
    assert shell.content.current == "settings"
    assert "Add a person" in said(shell)


def test_once_an_owner_has_a_pin_nobody_writes_unsigned(shell: Shell, staff: Staff, one: Bay) -> None:
    people = one.context.people
    assert people.standing is Standing.NOBODY
    assert people.actor is not None
    assert (people.actor.kind, people.actor.role) == ("terminal", Role.VIEWER)
    assert shell.content.band.isVisible()
    with pytest.raises(Denied, match=r"Nobody is signed in at this terminal\. This is for: Owner, .*Technician"):
        one.new_order(complaint="Noise")


def test_what_is_written_bears_the_name_of_who_is_signed_in(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    one.new_order(complaint="Noise")
    with one.records.read() as session:
        newest = journal.changes(one.records, session, before=1 << 62, limit=1)[0]
    assert newest.actor == f"staff:{staff.ids['Anna Berg']}"


def test_somebody_who_left_the_shop_is_signed_out_wherever_they_stand(
    shell: Shell, staff: Staff, one: Bay, other: Bay
) -> None:
    other.meet(one)
    staff.sign_in("Tom Huber")
    other.records.change(
        "system", lambda session: change_staff(session, SYSTEM, staff.ids["Tom Huber"], {"active": False})
    )
    one.meet(other)
    until(lambda: one.context.people.person is None, "Tom is out")


def test_another_role_counts_at_once(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Tom Huber")
    one.records.change(
        "system", lambda session: change_staff(session, SYSTEM, staff.ids["Tom Huber"], {"role": "manager"})
    )
    until(lambda: one.context.actor is not None and one.context.actor.role is Role.MANAGER, "Tom is a manager")


# Signing in by touch -------------------------------------------------------------------------------------------------


def test_a_tap_on_the_chip_one_on_the_name_and_the_pin(shell: Shell, staff: Staff, one: Bay) -> None:
    shell.content.top.person.click()
    asked = sheet(shell)
    assert list(asked.tiles) == [staff.ids[name] for name in sorted(PINS)]
    asked.tiles[staff.ids["Anna Berg"]].click()
    type_pin(asked, "1111")
    until(lambda: one.context.people.person is not None, "Anna is in")
    until(lambda: not dialogs.sheets(shell), "the sheet is gone")
    assert shell.content.top.person.words() == "Anna Berg"
    assert not shell.content.band.isVisible()


def test_who_goes_on_before_the_pin_was_looked_at_is_in_all_the_same(shell: Shell, staff: Staff, one: Bay) -> None:
    shell.content.top.person.click()
    asked = sheet(shell)
    asked.tiles[staff.ids["Anna Berg"]].click()
    type_pin(asked, "1111")
    asked.close_sheet()  # a tap beside it
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    until(lambda: one.context.people.person is not None, "Anna is in")
    settle()  # a window that is gone is not touched


def test_who_was_here_last_needs_the_pin_only(shell: Shell, staff: Staff, one: Bay) -> None:
    for name in ("Marta Weiss", "Tom Huber", "Anna Berg"):
        staff.sign_in(name)
    one.context.people.sign_out()
    assert [person.name for person in one.context.people.recent] == ["Anna Berg", "Tom Huber", "Marta Weiss"]
    shell.content.band.faces[1].click()  # one tap for each of the last three
    asked = sheet(shell)
    assert asked.chosen is not None
    assert asked.chosen.name == "Tom Huber"
    type_pin(asked, "2222")
    until(lambda: shell.content.top.person.words() == "Tom Huber", "Tom is in")


def test_the_order_of_the_names_survives_a_restart(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Tom Huber")
    kept = one.context.home / "recent_people.json"
    until(kept.exists, "it is on the disk")
    again = UiContext(one.context.session, home=one.context.home, membership=one.context.membership)
    again.people.refresh()
    until(lambda: again.people.people, "the staff is read")
    assert again.people.people[0].name == "Tom Huber"


def test_who_may_do_without_a_pin_is_in_by_one_tap_and_a_manager_is_not(shell: Shell, staff: Staff, one: Bay) -> None:
    shell.people.open_sheet()
    asked = sheet(shell)
    jonas = asked.tiles[staff.ids["Jonas Keller"]]
    assert not jonas.usable
    jonas.click()
    until(lambda: "no PIN yet" in asked.prompt.text(), "Jonas is told why")
    assert not asked.pad.isEnabled()
    asked.tiles[staff.ids["Yusuf Demir"]].click()
    until(lambda: one.context.people.person is not None, "Yusuf is in")


def test_a_wrong_pin_says_so_and_the_third_makes_wait_also_after_a_restart(
    shell: Shell, staff: Staff, one: Bay
) -> None:
    shell.people.open_sheet()
    asked = sheet(shell)
    asked.tiles[staff.ids["Marta Weiss"]].click()
    for words in ("2 more tries", "One more try", "wrong too often"):
        type_pin(asked, "0000")
        until(partial(_says, asked, words), words)
    assert not asked.pad.isEnabled()
    asked.tiles[staff.ids["Anna Berg"]].click()  # her tries are her own
    assert asked.pad.isEnabled()
    again = UiContext(one.context.session, home=one.context.home, membership=one.context.membership)
    assert again.people.tries.wait(staff.ids["Marta Weiss"]) > 0


def test_signing_out_is_in_the_same_place(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    shell.content.top.person.click()
    assert staff.ids["Anna Berg"] not in sheet(shell).tiles  # she is above them
    sheet(shell).out.click()
    assert one.context.people.standing is Standing.NOBODY


def test_everybody_sets_a_pin_of_their_own(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Yusuf Demir")
    shell.people.ask_own_pin()
    asked = dialogs.sheets(shell)[-1]
    for _ in range(2):
        asked.finished("9876")  # type: ignore[attr-defined]
    until(lambda: any(person.name == "Yusuf Demir" and person.has_pin for person in one.context.people.people))


# Whose words are whose -----------------------------------------------------------------------------------------------


def test_half_typed_words_are_nobody_else_s_and_come_back(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    hers = orders(shell)
    hers.search.setText("half a wor")
    staff.sign_in("Tom Huber")
    his = orders(shell)
    assert his is not hers
    assert his.search.text() == ""
    staff.sign_in("Anna Berg")
    assert shell.content.pages["orders"] is hers
    assert hers.search.text() == "half a wor"
    assert hers.isVisible()


def test_a_sheet_is_put_away_with_what_is_in_it(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    page = orders(shell)
    page.open_new()
    until(lambda: dialogs.sheets(shell), "the sheet is open")
    hers = dialogs.sheets(shell)[-1]
    one.context.people.sign_out(idle=True)
    assert not dialogs.sheets(shell)
    staff.sign_in("Tom Huber")
    assert not dialogs.sheets(shell)
    staff.sign_in("Anna Berg")
    assert dialogs.sheets(shell) == [hers]


def test_what_was_typed_into_an_order_is_kept_in_the_name_of_who_typed_it(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Tom Huber")
    order = one.new_order(complaint="Noise").id
    type_into(work(shell, order).texts["cause"], "Pads worn to 1 mm")
    one.context.people.sign_out(idle=True)
    until(lambda: one.order(order).cause == "Pads worn to 1 mm", "it is on the disk")
    with one.records.read() as session:
        assert journal.history(one.records, session, order)[0].actor == f"staff:{staff.ids['Tom Huber']}"


def test_the_undo_of_one_is_not_pressed_by_another(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    toast.show(shell, "Promised: 14:00", undo=lambda: None)
    staff.sign_in("Tom Huber")
    assert "Promised" not in said(shell)


def test_pages_that_wait_hear_of_changes(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    hers = orders(shell)
    staff.sign_in("Marta Weiss")
    orders(shell)
    made = one.new_order(complaint="Noise")
    until(lambda: any(each.id == made.id for each in hers.list.shown.rows), "her list has it")


# Nobody there --------------------------------------------------------------------------------------------------------


def test_the_clock_signs_out_softly(shell: Shell, staff: Staff, one: Bay) -> None:
    staff.sign_in("Anna Berg")
    shell.people.idle.gone.emit()
    assert one.context.people.standing is Standing.NOBODY
    assert "Anna Berg" in shell.content.band.detail.text()
    shell.people.open_sheet()
    chosen = sheet(shell).chosen
    assert chosen is not None
    assert chosen.name == "Anna Berg"  # for her it is the PIN only


def test_it_counts_only_while_there_is_somebody_to_sign_out(
    shell: Shell, staff: Staff, one: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr(shell.people.idle, "watch", counted.append)
    one.context.preferences.sign_out_after = 2
    shell.people.watch_idle()
    staff.sign_in("Anna Berg")
    one.context.people.sign_out()
    assert counted == [0, 120_000, 0]


def test_by_itself_it_counts_in_kiosk_mode_only() -> None:
    assert [minutes(AUTOMATIC, kiosk=True), minutes(AUTOMATIC, kiosk=False)] == [5, 0]
    assert [minutes(0, kiosk=True), minutes(10, kiosk=False)] == [0, 10]


def test_it_warns_first_and_a_touch_keeps_somebody_in(
    dressed: QApplication, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "WARN_S", 1)
    told: list[str] = []
    watch = IdleWatch(shell)
    for name in ("soon", "back", "gone"):
        getattr(watch, name).connect(partial(told.append, name))
    watch.watch(1050)
    until(lambda: told, "the warning")
    watch.touched()
    until(lambda: "gone" in told, "nobody came")
    assert told == ["soon", "back", "soon", "gone"]
    watch.watch(0)


# What each sees ------------------------------------------------------------------------------------------------------


def test_the_rail_greys_what_is_not_for_somebody_and_says_for_whom_it_is(shell: Shell, staff: Staff, one: Bay) -> None:
    rail = shell.content.rail
    assert {name for name, button in rail.buttons.items() if button.is_closed()} == {"changes", "settings"}
    rail.buttons["changes"].click()
    assert shell.content.current == "orders"
    assert rail.buttons["orders"].isChecked()
    assert "Sign in first" in said(shell)
    assert "Technician" in said(shell)
    staff.sign_in("Tom Huber")
    assert not any(button.is_closed() for button in rail.buttons.values())


def test_figures_are_for_those_who_answer_for_them(staff: Staff) -> None:
    people = staff.bay.context.people
    seen = {person.name for person in people.people if may_open(person.actor, "insights")}
    assert seen == {"Marta Weiss", "Anna Berg", "Jonas Keller"}


def test_a_place_that_is_closed_is_not_opened_from_anywhere_else(shell: Shell, staff: Staff, one: Bay) -> None:
    shell.open_row("no such table", "x")
    assert shell.go("changes") is False
    staff.sign_in("Marta Weiss")
    assert shell.go("changes") is True
    one.context.people.sign_out()
    assert shell.content.current == "orders"


def test_a_pin_taken_from_the_last_owner_opens_the_terminal_again(shell: Shell, staff: Staff, one: Bay) -> None:
    one.records.change("system", lambda session: set_pin(session, SYSTEM, staff.ids["Marta Weiss"], ""))
    until(lambda: one.context.people.standing is Standing.OPEN, "everybody works here")
    assert not shell.content.band.isVisible()


def test_who_joins_the_workshop_or_leaves_it_is_not_for_everybody(shell: Shell, staff: Staff, one: Bay) -> None:
    shell.go("bays")
    for name in ("", "Tom Huber"):
        if name:
            staff.sign_in(name)
        page = shell.content.pages["bays"]
        assert isinstance(page, BaysPage)
        page.open_pairing()
        page.add_address()
        page.ask_remove(next(iter(page.rows.values())).peer)
        assert not dialogs.sheets(shell)
        assert "This is for: Owner, Manager." in said(shell)
    staff.sign_in("Marta Weiss")
    page = shell.content.pages["bays"]
    assert isinstance(page, BaysPage)
    page.open_pairing()
    assert dialogs.sheets(shell)


def test_no_name_is_cut_at_the_edge(shell: Shell, staff: Staff, dressed: QApplication) -> None:
    for width, scale in ((1280, 1.0), (1920, 1.0), (1280, 1.3), (1024, 1.3)):
        theme.use(dressed, "night", scale)
        shell.resize(width, 800)
        shell.people.open_sheet()
        settle()
        found = sheet(shell)
        area = found._holder.parentWidget()
        assert area is not None
        assert found.tiles
        for tile in found.tiles.values():
            assert tile.mapTo(area, tile.rect().topRight()).x() < area.width(), f"{tile.text()} at {width}, {scale}"
        dialogs.close_all(shell)
