"""Alarms reach a person: on the strip, in the list, by ear; and only a person makes them quiet."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.diagnostics.alarms import AlarmRule, Severity
from tests.ui.conftest import all_texts, settle
from tests.ui.fake_session import FakeSession
from ui import alarm_attention, theme
from ui.shell import Shell
from ui.widgets import alarm_strip, alarm_words, dialogs, toast
from ui.widgets.alarm_drawer import AlarmDrawer
from ui.widgets.dialogs import BOTTOM_INSET


def drawer(shell: Shell) -> AlarmDrawer:
    shell.content.top.bell.click()
    settle()
    found = dialogs.sheets(shell)[-1]
    assert isinstance(found, AlarmDrawer)
    return found


def test_there_is_no_strip_without_an_alarm(shell: Shell) -> None:
    shell.show_now()
    assert not shell.content.strip.isVisible()


def test_the_strip_says_severity_signal_limit_peak_and_since(shell: Shell, session: FakeSession) -> None:
    alarm = session.overheat()
    shell.show_now()
    said = shell.content.strip.accessibleName()
    assert shell.content.strip.isVisible()
    for part in ("Critical", "Coolant temperature", "over 110 °C", "peak 113 °C", "since"):
        assert part in said
    assert alarm_words.span(alarm, session.now()) in said


def test_a_limit_is_said_as_it_was_set(session: FakeSession) -> None:
    alarm = replace(session.overheat(), rule=AlarmRule("engine_load", Severity.WARNING, above=90.0))
    assert alarm_words.limit(alarm) == "over 90 %"
    alarm = replace(alarm, rule=AlarmRule("engine_load", Severity.WARNING, above=90.5, below=10.0))
    assert alarm_words.limit(alarm) == "outside 10 % to 90.5 %"
    alarm = replace(alarm, rule=AlarmRule("coolant_temperature", Severity.WARNING, below=60.0))
    assert alarm_words.limit(alarm) == "under 60 °C"


def test_the_strip_speaks_the_units_in_use(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    shell.context.preferences.units = "imperial"
    shell.retranslate()
    settle()
    shell.show_now()
    assert "peak 235 °F" in shell.content.strip.accessibleName()


def test_the_strip_lies_over_the_page_which_does_not_move(shell: Shell, session: FakeSession) -> None:
    page = shell.content.pages["live"]
    before = page.geometry()
    session.overheat()
    shell.show_now()
    settle()
    assert page.geometry() == before
    assert shell.content.strip.parent() is shell.content.stack


@pytest.mark.parametrize("scale", theme.SCALES)
@pytest.mark.parametrize("width", [1024, 1280])
def test_the_strip_leaves_the_head_of_the_page_to_pause_and_arrange(
    shell: Shell, session: FakeSession, scale: float, width: int
) -> None:
    shell.resize(width, 800)
    shell.context.preferences.text_scale = scale
    shell.dress()
    settle()
    session.overheat()
    session.over_rev()
    shell.show_now()
    settle()
    strip, stack = shell.content.strip, shell.content.stack
    assert strip.geometry().top() > stack.height() - alarm_strip.room()
    assert strip.geometry().bottom() < stack.height()
    assert strip.button.height() >= theme.target
    assert strip.rect().contains(strip.button.geometry())
    assert strip.rect().contains(strip.others.geometry())


def test_the_strip_stands_above_the_on_screen_keyboard(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    shell.show_now()
    shell.setProperty(BOTTOM_INSET, 300)
    settle()
    strip = shell.content.strip
    assert strip.mapTo(shell, strip.rect().bottomLeft()).y() < shell.height() - 300


def test_a_message_stands_above_the_strip_and_does_not_move_when_one_comes(shell: Shell, session: FakeSession) -> None:
    message = toast.show(shell, "Kept.")
    settle()
    before = message.mapTo(shell, message.rect().bottomLeft()).y()
    session.overheat()
    shell.show_now()
    settle()
    strip = shell.content.strip
    assert message.mapTo(shell, message.rect().bottomLeft()).y() == before
    assert before < strip.mapTo(shell, strip.rect().topLeft()).y()


def test_a_critical_alarm_comes_before_a_later_warning(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    session.over_rev()
    shell.show_now()
    strip = shell.content.strip
    assert strip.alarm is not None
    assert strip.alarm.rule.signal == "coolant_temperature"
    assert strip.others.accessibleName() == "1 more"


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_A])
def test_a_key_acknowledges_one_after_the_other(shell: Shell, session: FakeSession, key: Qt.Key) -> None:
    session.overheat()
    session.over_rev()
    shell.show_now()
    QTest.keyClick(shell, key)
    assert [alarm.state for alarm in session.alarms.active()] == ["acknowledged", "active"]
    assert shell.content.strip.isVisible()
    QTest.keyClick(shell, key)
    assert not shell.content.strip.isVisible()
    assert {alarm.acknowledged_by for alarm in session.alarms.active()} == {"Bay 3"}
    assert shell.content.top.bell.words() == "2 alarms", "acknowledged is not over"


def test_without_an_alarm_the_key_is_a_letter_like_any_other(shell: Shell) -> None:
    shell.show_now()
    QTest.keyClick(shell, Qt.Key.Key_A)
    assert len(dialogs.sheets(shell)) == 1


def test_a_touch_acknowledges(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    shell.show_now()
    shell.content.strip.button.click()
    assert session.alarms.active()[0].state == "acknowledged"
    assert not shell.content.strip.isVisible()


def test_one_that_is_over_and_unseen_stays_and_looks_different(shell: Shell, session: FakeSession) -> None:
    session.over_rev()
    shell.show_now()
    while_on = shell.content.strip.grab().toImage()
    session.advance(5)
    shell.show_now()
    assert session.alarms.active()[0].state == "cleared"
    assert shell.content.strip.isVisible()
    assert "Warning, over" in shell.content.strip.accessibleName()
    assert shell.content.strip.grab().toImage() != while_on
    shell.content.strip.button.click()
    assert not shell.content.strip.isVisible()
    assert shell.content.top.bell.words() == "None"


def test_the_list_has_what_is_on_and_what_was_seen(shell: Shell, session: FakeSession) -> None:
    session.over_rev()
    session.advance(5)
    session.alarms.acknowledge(session.alarms.active()[0].id, "Bay 3")
    session.overheat()
    shell.show_now()
    texts = all_texts(drawer(shell).findChildren)
    assert texts.index("Now") < texts.index("Coolant temperature over 110 °C") < texts.index("Earlier")
    assert texts.index("Earlier") < texts.index("Engine speed over 6000 rpm")
    assert "Over, acknowledged by Bay 3" in texts


def test_the_list_acknowledges_one_or_all(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    session.over_rev()
    panel = drawer(shell)
    panel.items[1].button.click()
    shell.show_now()
    assert [alarm.state for alarm in session.alarms.active()] == ["active", "acknowledged"]
    assert not panel.all.isVisible(), "one is left: its own button does"
    panel.items[0].button.click()
    assert {alarm.state for alarm in session.alarms.active()} == {"acknowledged"}


def test_acknowledge_all_leaves_none(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    session.over_rev()
    drawer(shell).all.click()
    assert {alarm.state for alarm in session.alarms.active()} == {"acknowledged"}


def test_the_list_is_not_rebuilt_under_a_finger(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    panel = drawer(shell)
    items = list(panel.items)
    session.advance(3)
    shell.show_now()
    assert panel.items == items


def test_an_empty_list_teaches_where_limits_are_set(shell: Shell) -> None:
    texts = all_texts(drawer(shell).findChildren)
    assert any("open a gauge on the Live page" in text for text in texts)


def test_a_silent_signal_is_said_not_to_be_known(shell: Shell, session: FakeSession) -> None:
    session.overheat()
    session.advance(30)
    assert any("nobody knows" in text for text in all_texts(drawer(shell).findChildren))


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    heard: list[float] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(1.0))
    return heard


def test_sound_is_a_choice(shell: Shell, session: FakeSession, beeps: list[float]) -> None:
    session.overheat()
    shell.show_now()
    assert beeps == []


def test_a_new_alarm_sounds_once_a_critical_one_again_until_acknowledged(
    shell: Shell, session: FakeSession, beeps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.context.preferences.alarm_sound = True
    session.over_rev()
    shell.show_now()
    shell.show_now()
    assert len(beeps) == 1
    monkeypatch.setattr(alarm_attention, "REPEAT_S", 0.0)
    shell.show_now()
    assert len(beeps) == 1, "a warning sounds once"
    session.overheat()
    shell.show_now()
    shell.show_now()
    assert len(beeps) == 3
    shell.acknowledge()
    shell.acknowledge()
    heard = len(beeps)
    shell.show_now()
    assert len(beeps) == heard
