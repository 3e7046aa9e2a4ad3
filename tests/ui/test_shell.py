"""The frame: it says how things are, stays where it is, and can be used with a glove or with keys only."""

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from core import language
from core.diagnostics.files import NoticeKind, StorageNotice
from core.diagnostics.recording import Recorder
from core.obd.status import LinkState, Trouble
from tests.ui.conftest import BARE, SETTINGS, BarePage, settle
from tests.ui.fake_session import FakeSession
from ui import theme
from ui.context import Session, UiContext
from ui.pages.settings import SettingsPage
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.buttons import Button, IconButton, Switch
from ui.widgets.key_help import KeyCaps, KeyHelp
from ui.widgets.page_address import Code, PageAddressSheet
from ui.widgets.panels import ElidedLabel
from ui.widgets.search_box import SearchBox
from ui.widgets.status_chip import ICON_PX
from ui.widgets.top_bar import LINK_SHAPES


def bare(shell: Shell) -> BarePage:
    page = shell.content.pages["live"]
    assert isinstance(page, BarePage)
    return page


def on_top(shell: Shell) -> dialogs.Sheet:
    return dialogs.sheets(shell)[-1]


def test_pages_are_built_at_their_first_show_and_told_when_they_are_seen(shell: Shell) -> None:
    assert list(shell.content.pages) == ["live"]
    shell.go("settings")
    shell.go("live")
    assert isinstance(shell.content.pages["settings"], SettingsPage)
    assert bare(shell).told == ["shown", "hidden", "shown"]


def test_the_rail_has_only_pages_that_exist_and_marks_the_one_in_front(shell: Shell) -> None:
    assert [button.text() for button in shell.content.rail.buttons.values()] == ["Live", "Settings"]
    shell.go("settings")
    assert [button.isChecked() for button in shell.content.rail.buttons.values()] == [False, True]


def test_each_link_state_has_its_own_shape_and_words(shell: Shell, session: FakeSession) -> None:
    seen = set()
    for state in LinkState:
        session.become(state=state, trouble=Trouble.NONE if state is LinkState.CONNECTED else Trouble.CAR_SILENT)
        shell.show_now()
        seen.add((shell.content.top.link.words(), shell.content.top.link.shape()[0]))
    assert len(seen) == len(LinkState) == len({icon for icon, _ in LINK_SHAPES.values()})


def test_no_adapter_chosen_yet_is_not_shown_as_a_fault(shell: Shell, session: FakeSession) -> None:
    session.become(state=LinkState.NO_ADAPTER, trouble=Trouble.NO_ADDRESS)
    shell.show_now()
    assert shell.content.top.link.shape() == ("plug-off", "info")


def test_the_top_bar_says_rate_page_recording_and_alarms(shell: Shell, session: FakeSession) -> None:
    top = shell.content.top
    shell.show_now()
    assert "52" in top.link.caption()
    assert top.server.words() == "192.168.1.20:8420"
    assert top.recording.words() == "11:20"  # 660 s before the test began, and 20 s of it
    assert top.bell.words() == "None"
    session.overheat()
    session.over_rev()
    shell.show_now()
    assert (top.bell.words(), top.bell.caption(), top.bell.shape()[0]) == ("2 alarms", "Critical", "critical")


def test_a_recording_that_does_not_reach_the_disk_is_not_shown_as_running(shell: Shell, session: FakeSession) -> None:
    session.recorder.trouble = StorageNotice(NoticeKind.DISK_FULL, shell.context.home)
    shell.show_now()
    assert shell.content.top.recording.shape() == ("warning", "warning")


def test_what_the_disk_did_is_said_and_kept(shell: Shell, session: FakeSession) -> None:
    class Noticed:
        notice = StorageNotice(NoticeKind.DISK_FULL, shell.context.home)

    session.tell(Noticed())
    settle()
    assert len(toast.shown(shell)) == 1
    assert "The disk is full" in shell.context.problems[-1].what


def test_the_frame_never_jumps(shell: Shell, session: FakeSession) -> None:
    frame = shell.content
    places = (frame.rail, frame.top, frame.stack, frame.top.link, frame.top.server, frame.top.recording, frame.top.bell)

    def geometry() -> list[object]:
        settle()
        return [part.geometry() for part in places]

    before = geometry()
    session.overheat()
    session.recorder.recording = False
    shell.context.page_addresses = lambda: ("http://a-terminal-with-a-very-long-name.workshop.local:18420/",)
    session.become(state=LinkState.NO_ADAPTER, trouble=Trouble.PORT_MISSING, retry_in=7.2, values_per_second=0.0)
    shell.show_now()
    assert frame.strip.isVisible()
    assert geometry() == before


@pytest.mark.parametrize("scale", theme.SCALES)
@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_no_two_parts_of_the_top_bar_overlap(shell: Shell, scale: float, width: int) -> None:
    shell.resize(width, 800)
    shell.context.preferences.text_scale = scale
    shell.dress()
    settle()
    top = shell.content.top
    parts = [top.name, top.link, top.server, top.recording, top.bell, top.clock]
    assert all(one.geometry().right() < other.geometry().left() for one, other in itertools.pairwise(parts))
    assert top.clock.geometry().right() <= top.width()


@pytest.mark.parametrize("name", ["Reception", "Harbour Street 3", "Hebebühne 12 Hof"])
def test_the_name_of_the_terminal_stands_whole_on_a_small_screen(
    dressed: QApplication, context: UiContext, name: str
) -> None:
    context.terminal_name = name
    window = Shell(context, (BARE, SETTINGS))
    window.resize(1280, 800)
    window.show()
    settle()
    top = window.content.top
    assert [each.width() >= each.sizeHint().width() for each in top.name.findChildren(ElidedLabel)] == [True]
    word = QFontMetrics(theme.font(theme.scaled(17), "semibold", tabular=True)).horizontalAdvance("Kein Adapter")
    assert min(top.link.width(), top.sync.width()) >= word + ICON_PX + 27, "a state has its icon and its words"
    window.end()
    window.deleteLater()
    settle()


@pytest.mark.parametrize("scale", theme.SCALES)
def test_everything_pressed_is_large_enough_for_a_glove(shell: Shell, scale: float) -> None:
    shell.context.preferences.text_scale = scale
    shell.dress()
    settle()
    shell.go("settings")
    shell.open_connection()
    settle()
    small = [
        (type(widget).__name__, widget.accessibleName(), widget.height())
        for widget in shell.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit)
        and widget.isVisible()
        and not isinstance(widget.parent(), QComboBox)
        and widget.height() < theme.target
    ]
    assert small == []


def test_everything_pressed_has_a_name_for_a_screen_reader(shell: Shell) -> None:
    shell.go("settings")
    shell.open_connection()
    nameless = [
        type(widget).__name__
        for widget in shell.findChildren(QAbstractButton)
        if widget.isVisible() and not widget.accessibleName() and not widget.text()
    ]
    assert nameless == []


def test_ctrl_and_a_digit_change_the_page(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert shell.content.current == "settings"
    QTest.keyClick(shell, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert shell.content.current == "live"


def test_arrows_move_along_the_rail(shell: Shell) -> None:
    live, settings = shell.content.rail.buttons.values()
    live.setFocus()
    QTest.keyClick(live, Qt.Key.Key_Down)
    assert shell.focusWidget() is settings
    QTest.keyClick(settings, Qt.Key.Key_Space)
    assert shell.content.current == "settings"


def test_keys_of_the_page_work_wherever_the_focus_is(shell: Shell) -> None:
    for focus in (bare(shell), shell.content.rail.finder):
        focus.setFocus()
        QTest.keyClick(focus, Qt.Key.Key_P)
    assert bare(shell).told[-2:] == ["key P", "key P"]
    assert dialogs.sheets(shell) == []


def test_a_touch_leaves_no_focus_ring_behind(shell: Shell) -> None:
    QTest.mouseClick(shell.content.rail.buttons["settings"], Qt.MouseButton.LeftButton)
    assert not shell.content.rail.buttons["settings"].hasFocus()
    assert shell.focusWidget() is shell.content.pages["settings"]


def test_what_went_wrong_before_there_was_a_window_is_said(shell: Shell) -> None:
    shell.context.note("The settings were damaged; they were kept aside.")
    shell.present()
    assert [each.accessibleName() for each in toast.shown(shell)] == [
        "The settings were damaged; they were kept aside."
    ]


def test_typing_opens_the_search_with_what_was_typed(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_C)
    box = on_top(shell)
    assert isinstance(box, SearchBox)
    assert box.field.text() == "c"
    QTest.keyClicks(box.field, "oolant")
    assert [line.finding.title for line in box.lines] == ["Coolant temperature"]
    assert box.lines[0].finding.note.endswith("°C")
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert bare(shell).signals_shown == ["coolant_temperature"]
    assert dialogs.sheets(shell) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [("sett", "Settings"), ("0c", "Engine speed"), ("connect", "Connect to an adapter…"), ("paus", "Pause")],
)
def test_the_search_finds_pages_commands_and_signals(shell: Shell, typed: str, first: str) -> None:
    shell.open_search(typed)
    box = on_top(shell)
    assert isinstance(box, SearchBox)
    assert box.lines[0].finding.title == first


def test_the_search_says_when_nothing_fits(shell: Shell) -> None:
    shell.open_search("zzz")
    box = on_top(shell)
    assert isinstance(box, SearchBox)
    assert box.lines == []


def test_the_page_in_front_offers_its_commands(shell: Shell) -> None:
    shell.open_search("pause")
    box = on_top(shell)
    assert isinstance(box, SearchBox)
    box.lines[0].click()
    assert bare(shell).told[-1] == "paused"


def test_escape_closes_a_sheet_and_gives_the_focus_back(shell: Shell) -> None:
    shell.content.rail.finder.setFocus()
    QTest.keyClick(shell.content.rail.finder, Qt.Key.Key_Space)
    box = on_top(shell)
    assert isinstance(box, SearchBox)
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert dialogs.sheets(shell) == []
    assert shell.focusWidget() is shell.content.rail.finder


def test_tab_stays_inside_a_sheet(shell: Shell) -> None:
    shell.open_connection()
    sheet = on_top(shell)
    for _ in range(20):
        QTest.keyClick(shell.focusWidget() or sheet, Qt.Key.Key_Tab)
        assert sheet.isAncestorOf(shell.focusWidget())


def test_nothing_but_the_window_is_ever_a_window(shell: Shell, session: FakeSession) -> None:
    """A part shown before it has a parent flashes up as a window of its own, and takes the focus with it."""
    windows: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                windows.append(type(watched).__name__)
            return False

    watch = Watch()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    session.overheat()
    deeds = (shell.open_connection, shell.open_alarms, shell.open_page_address, shell.open_search, shell.open_help)
    for deed in (*deeds, lambda: shell.go("settings"), shell.retranslate, lambda: toast.show(shell, "done", undo=list)):  # type: ignore[arg-type]
        deed()
        shell.show_now()
        settle()
    app.removeEventFilter(watch)
    assert windows == []


def test_a_tap_beside_a_sheet_closes_it(shell: Shell) -> None:
    shell.open_help()
    QTest.mouseClick(on_top(shell), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert dialogs.sheets(shell) == []


def test_f1_shows_the_keys_of_the_frame_and_of_the_page(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_F1)
    sheet = on_top(shell)
    assert isinstance(sheet, KeyHelp)
    caps = [each.accessibleName() for each in sheet.findChildren(KeyCaps)]
    assert {"Ctrl+1", "Ctrl+2", "Ctrl+K", "F1", "F11", "P"} <= set(caps)


@pytest.mark.parametrize(
    ("keys", "caps"), [("Ctrl+K", ["Ctrl", "K"]), ("+", ["+"]), ("Ctrl++", ["Ctrl", "+"]), ("F1", ["F1"])]
)
def test_keys_are_drawn_as_caps(dressed: QApplication, keys: str, caps: list[str]) -> None:
    assert KeyCaps(keys)._caps == caps


def test_another_language_builds_every_page_anew_and_stays_on_the_same(shell: Shell) -> None:
    shell.go("settings")
    before = shell.content.pages["settings"]
    shell.context.preferences.language = "de"
    shell.retranslate()
    settle()
    assert language.current() == "de"
    assert shell.content.current == "settings"
    assert shell.content.pages["settings"] is not before


def test_a_page_closed_to_the_lan_has_no_code_that_would_not_work(shell: Shell) -> None:
    shell.open_page_address()
    sheet = on_top(shell)
    assert isinstance(sheet, PageAddressSheet)
    assert sheet.findChildren(Code) == []
    sheet.settings.click()
    assert shell.content.current == "settings"


def test_a_page_open_to_the_lan_is_shown_as_a_code(shell: Shell) -> None:
    shell.context.preferences.lan = True
    shell.open_page_address()
    (code,) = on_top(shell).findChildren(Code)
    assert code.accessibleName() == "http://192.168.1.20:8420/"


def test_the_code_can_be_read_by_a_phone(shell: Shell) -> None:
    """Dark modules on light paper with the quiet zone the standard asks for, in the dark theme too."""
    shell.context.preferences.lan = True
    shell.open_page_address()
    settle()
    (code,) = on_top(shell).findChildren(Code)
    image = code.grab().toImage()
    border = {image.pixelColor(x, image.height() // 2).name() for x in range(12, 30)}
    assert border == {theme.read("day").colors["surface_raised"]}


def test_messages_are_few_and_can_take_a_deed_back(shell: Shell) -> None:
    undone: list[str] = []
    for number in range(5):
        toast.show(shell, f"deed {number}", undo=lambda number=number: undone.append(f"deed {number}"))  # type: ignore[misc]
    assert len(toast.shown(shell)) == toast.MOST
    toast.shown(shell)[-1].undo.click()
    assert undone == ["deed 4"]
    assert len(toast.shown(shell)) == toast.MOST - 1


def test_a_message_lies_in_the_bar_and_covers_no_button_of_a_page(shell: Shell) -> None:
    first = toast.show(shell, "deed", tone="critical")
    newest = toast.show(shell, "another", undo=lambda: None)
    top = shell.content.top
    assert newest.isVisible()
    assert not first.isVisible(), "the newest lies on top"
    place = QRect(newest.mapTo(shell, QPoint(0, 0)), newest.size())
    assert QRect(top.mapTo(shell, QPoint(0, 0)), top.size()).contains(place)
    for chip in (top.bell, top.clock, top.name):
        assert not place.intersects(QRect(chip.mapTo(shell, QPoint(0, 0)), chip.size()))
    newest.leave()
    assert first.isVisible(), "a failure waits for a person"


def test_closing_ends_the_page_and_the_subscription(shell: Shell, session: FakeSession) -> None:
    shell.close()
    assert bare(shell).told[-1] == "hidden"
    assert session.listeners == []


def test_the_real_session_is_what_the_window_asks_for() -> None:
    """mypy checks the shape; this holds the two names the protocol reads from the recorder."""
    assert all(hasattr(Recorder, name) for name in ("recording", "began", "trouble"))

    def takes(session: Session) -> Session:
        return session

    assert takes(FakeSession())


def test_states_in_words_differ_between_every_two_captions(shell: Shell, session: FakeSession) -> None:
    captions = []
    for change in (
        {"retry_in": 3.0, "state": LinkState.NO_ADAPTER},
        {"retry_in": None},
        {"state": LinkState.CONNECTED},
    ):
        session.become(**change)
        shell.show_now()
        captions.append(shell.content.top.link.caption())
    assert all(one != other for one, other in itertools.combinations(captions, 2))
    assert "3 s" in captions[0]


def test_context_notes_what_could_not_be_saved(context: UiContext) -> None:
    def refuse(preferences: object) -> None:
        raise OSError("read-only file system")

    context.save = refuse
    problem = context.keep_preferences()
    assert problem is not None
    assert "read-only" in problem.detail
    assert list(context.problems) == [problem]


def test_enter_presses_what_has_the_focus_as_the_space_bar_does(shell: Shell) -> None:
    pressed: list[str] = []
    top, rail = shell.content.top, shell.content.rail
    top.adapter.connect(lambda: pressed.append("adapter"))
    QTest.keyClick(top.link, Qt.Key.Key_Return)
    assert pressed == ["adapter"]
    dialogs.close_all(shell)
    QTest.keyClick(rail.buttons["settings"], Qt.Key.Key_Enter)
    assert shell.content.current == "settings"


@pytest.mark.parametrize(
    "make", [lambda: Button("Open"), lambda: IconButton("close", "Close"), lambda: Switch(False, "Sound")]
)
def test_enter_presses_every_kind_of_button(qapp: QApplication, make: Callable[[], QAbstractButton]) -> None:
    button = make()
    pressed: list[bool] = []
    button.clicked.connect(lambda on=False: pressed.append(on))
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert len(pressed) == 1
