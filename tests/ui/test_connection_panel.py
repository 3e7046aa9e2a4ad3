"""The connection panel says what is wrong and what to try, takes an address, and shows what the link achieves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.diagnostics.profiles import ProfileError
from core.obd import ports
from core.obd.gaps import WORDS, GapKind
from core.obd.ports import Port
from core.obd.signals import SIGNALS
from core.obd.status import LinkState, Trouble
from core.obd.words import explain
from tests.ui.conftest import Desk, settle
from tests.ui.fake_session import FakeSession
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.connection_panel import ConnectionPanel, mode_words


@pytest.fixture
def panel(shell: Shell) -> ConnectionPanel:
    shell.content.top.link.click()
    settle()
    found = dialogs.sheets(shell)[-1]
    assert isinstance(found, ConnectionPanel)
    return found


def now(panel: ConnectionPanel, session: FakeSession) -> None:
    panel.show_now(session.status())
    settle()


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble])
def test_every_trouble_is_explained_with_all_its_steps(
    panel: ConnectionPanel, session: FakeSession, trouble: Trouble
) -> None:
    session.become(state=LinkState.NO_ADAPTER, trouble=trouble, detail="[Errno 2] no such port")
    now(panel, session)
    said = explain(session.status())
    assert panel.headline.text() == said.headline
    assert panel.detail.text() == said.detail
    assert [step for _, step in panel.tries.facts()] == list(said.tries)
    assert panel.tries.isVisible() == bool(said.tries)


def test_the_next_try_is_counted_down(panel: ConnectionPanel, session: FakeSession) -> None:
    for seconds, shown in ((7.4, "7 s"), (2.9, "3 s"), (0.0, "0 s")):
        session.become(state=LinkState.NO_ADAPTER, trouble=Trouble.PORT_MISSING, retry_in=seconds)
        now(panel, session)
        assert shown in panel.retry.text()
    session.become(retry_in=None)
    now(panel, session)
    assert not panel.retry.isVisible()


def test_it_follows_the_link_by_itself(panel: ConnectionPanel, shell: Shell, session: FakeSession) -> None:
    session.become(state=LinkState.BUS_ASLEEP, trouble=Trouble.IGNITION_OFF)
    shell.show_now()
    assert panel.headline.text() == "Bus asleep"


def test_a_refresh_changes_words_only(panel: ConnectionPanel, session: FakeSession) -> None:
    """The same labels in the same places: nothing may flicker twice a second."""
    now(panel, session)
    before = [(id(label), label.geometry()) for label in panel.findChildren(QLabel)]
    session.become(values_per_second=48.0, voltage=13.7)
    now(panel, session)
    assert [(id(label), label.geometry()) for label in panel.findChildren(QLabel)] == before


def test_adapter_and_car_are_described(panel: ConnectionPanel) -> None:
    facts = dict(panel.adapter.facts.facts())
    assert facts["Adapter"] == "STN1110 v4.0.4"
    assert facts["Protocol"] == "ISO 15765-4 (CAN 11 bit, 500 kbit/s)"
    assert facts["Control units"] == "7E8 (Engine), 7E9"
    assert facts["VIN"] == "1HGCM82633A004352"
    assert facts["Voltage"] == "13.9 V"
    assert facts["Way of asking"] == "up to 6 values a request, answers counted"
    assert "Reconnected" not in facts


def test_what_is_not_known_takes_no_line(panel: ConnectionPanel, session: FakeSession) -> None:
    session.become(adapter=None, protocol="", ecus=(), vin="", voltage=None, mode="", hz={}, values_per_second=0.0)
    now(panel, session)
    assert panel.adapter.facts.facts() == []
    assert not panel.adapter.isVisible()
    assert not panel.rates.isVisible()
    assert not panel.gaps.isVisible()


def test_the_achieved_rate_is_shown_for_each_signal(panel: ConnectionPanel) -> None:
    assert panel.rates.heading.text() == "Values a second: 52"
    rates = panel.rates.facts.facts()
    assert ("Engine speed", "10.0 Hz") in rates
    assert rates[-1] == ("Fuel level", "0.5 Hz")


def test_a_long_name_wraps_and_pushes_no_number_out(panel: ConnectionPanel, session: FakeSession) -> None:
    long = max(SIGNALS, key=lambda name: len(SIGNALS[name].title))
    session.become(hz={long: 2.0, "engine_speed": 10.0})
    now(panel, session)
    numbers = [label for label in panel.rates.facts.findChildren(QLabel) if label.text().endswith("Hz")]
    assert all(label.mapTo(panel, label.rect().topRight()).x() < panel.width() for label in numbers)


def test_gaps_are_counted_in_words(panel: ConnectionPanel, session: FakeSession) -> None:
    session.become(gaps={GapKind.LATE: 2, GapKind.NO_DATA: 1234})
    now(panel, session)
    assert panel.gaps.facts.facts() == [(WORDS[GapKind.NO_DATA], "1,234"), (WORDS[GapKind.LATE], "2")]


def test_reconnects_are_counted(panel: ConnectionPanel, session: FakeSession) -> None:
    session.become(reconnects=1)
    now(panel, session)
    assert dict(panel.adapter.facts.facts())["Reconnected"] == "1 time"
    session.become(reconnects=3)
    now(panel, session)
    assert dict(panel.adapter.facts.facts())["Reconnected"] == "3 times"


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("elm-single", "one value a request"),
        ("can-isotp", "directly on the bus, up to 6 values a request"),
        ("odd", "odd"),
    ],
)
def test_the_way_of_asking_is_said_in_words(mode: str, words: str) -> None:
    assert mode_words(mode) == words


def test_an_address_that_is_none_is_refused_in_words(panel: ConnectionPanel, session: FakeSession, desk: Desk) -> None:
    panel.form.show_address("serial://")
    panel.form.connect_button.click()
    settle()
    assert panel.form.problem.isVisible()
    assert "The port is missing" in panel.form.problem.text()
    assert (session.calls, desk.saved) == ([], [])


def test_typing_on_takes_the_complaint_away(panel: ConnectionPanel) -> None:
    panel.form.show_address("nonsense")
    panel.form.submit()
    QTest.keyClick(panel.form.field, Qt.Key.Key_X)
    assert not panel.form.problem.isVisible()


def test_a_good_address_is_connected_to_and_kept(panel: ConnectionPanel, session: FakeSession, desk: Desk) -> None:
    panel.form.show_address("192.168.0.10:35000")
    QTest.keyClick(panel.form.field, Qt.Key.Key_Return)
    assert session.calls == [("connect", "192.168.0.10:35000")]
    assert desk.saved[-1].address == "192.168.0.10:35000"


def test_disconnecting_is_kept_too(panel: ConnectionPanel, session: FakeSession, desk: Desk) -> None:
    panel.form.disconnect_button.click()
    assert session.calls == [("disconnect", "")]
    assert desk.saved[-1].address == ""


def test_there_is_nothing_to_disconnect_without_an_address(panel: ConnectionPanel, session: FakeSession) -> None:
    session.become(address="")
    now(panel, session)
    assert not panel.form.disconnect_button.isEnabled()


def test_what_is_plugged_in_can_be_chosen(
    shell: Shell, session: FakeSession, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    found = [Port("serial:///dev/ttyUSB0", "USB adapter: OBDLink SX", "usb-serial")]
    monkeypatch.setattr(ports, "list_ports", lambda: found)
    panel = ConnectionPanel(shell, shell.context)
    panel.open()
    qtbot.waitUntil(lambda: panel.form.field.count() == 1)
    assert panel.form.address() == "tcp://127.0.0.1:35000", "what stood in the field stays"
    panel.form.field.activated.emit(0)
    assert panel.form.address() == "serial:///dev/ttyUSB0"
    panel.form.submit()
    assert session.calls == [("connect", "serial:///dev/ttyUSB0")]


def test_looking_for_ports_that_fails_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    def broken() -> list[Port]:
        raise OSError("sysfs is not mounted")

    monkeypatch.setattr(ports, "list_ports", broken)
    panel = ConnectionPanel(shell, shell.context)
    qtbot.waitUntil(lambda: "sysfs" in panel.form.found.text())


def test_the_vehicle_is_named_beside_its_vin(panel: ConnectionPanel, session: FakeSession, qtbot: QtBot) -> None:
    field = panel.vehicle.field
    assert field.text() == "Accord"
    field.selectAll()
    QTest.keyClicks(field, "Golf  of Mrs Ott ")
    now(panel, session)
    assert field.text() == "Golf  of Mrs Ott ", "what is being typed stays"
    assert session.car.name == "Accord"
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.car.name == "Golf of Mrs Ott")
    now(panel, session)
    assert field.text() == "Golf of Mrs Ott"


def test_a_name_that_was_typed_is_kept_when_the_panel_is_closed(
    panel: ConnectionPanel, session: FakeSession, qtbot: QtBot
) -> None:
    panel.vehicle.field.setFocus()
    QTest.keyClicks(panel.vehicle.field, " 2")
    panel.close_sheet()
    qtbot.waitUntil(lambda: session.car.name == "Accord 2")


def test_a_car_that_does_not_say_who_it_is_cannot_be_named(panel: ConnectionPanel, session: FakeSession) -> None:
    assert panel.vehicle.isVisible()
    session.become(vin="")
    now(panel, session)
    assert not panel.vehicle.isVisible()
    session.become(vin="WVWZZZ1JZXW000001")
    now(panel, session)
    assert not panel.vehicle.isVisible(), "its profile is not in front yet"


def test_a_name_the_disk_refuses_says_so(
    panel: ConnectionPanel, session: FakeSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(edit: object) -> None:
        raise ProfileError("The disk is full.")

    monkeypatch.setattr(session, "edit_profile", refuse)
    QTest.keyClicks(panel.vehicle.field, " 2")
    QTest.keyClick(panel.vehicle.field, Qt.Key.Key_Return)
    qtbot.waitUntil(panel.vehicle.problem.isVisible)
    assert panel.vehicle.problem.text() == "The disk is full."
