"""The car that is connected and the vehicle it is: one press from the gauges to its profile, from there to a recording
and back; a VIN nobody knows makes a new vehicle, one that is missing is filled in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.vehicles.vehicles import VehicleView, change_vehicle, get_vehicle
from tests.core.diagnostics.a_drive import META, drive, record
from tests.ui.conftest import all_texts, settle
from tests.ui.live_stage import Garage
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import change, opened, parked
from ui.pages.live import LivePage
from ui.pages.registry import ENTRIES
from ui.pages.vehicles import VehiclesPage
from ui.pages.vehicles_edit import VehicleSheet
from ui.pages.vehicles_health import RecordingsTab
from ui.pages.vehicles_overview import OverviewTab
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.connection_panel import ConnectionPanel

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("live", "vehicles"))
GOLF, VIN = "HH AB 123", META.vin  # of the fake session, too


@pytest.fixture
def cars(one: Bay, tmp_path: Path) -> dict[str, str]:
    record(tmp_path, list(drive(4)), meta=META)
    one.context.session = Garage(tmp_path)
    return parked(one)


@pytest.fixture
def window(dressed: QApplication, one: Bay, cars: dict[str, str]) -> Iterator[Shell]:
    shell = Shell(one.context, PAGES)
    shell.resize(1280, 800)
    shell.show()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def live(window: Shell) -> LivePage:
    found = window.content.pages["live"]
    assert isinstance(found, LivePage)
    return found


def vehicles(window: Shell) -> VehiclesPage:
    """Without going there, which would close what lies over it."""
    found = window.content.pages["vehicles"]
    assert isinstance(found, VehiclesPage)
    return found


def vehicle(bay: Bay, row: str) -> VehicleView:
    with bay.records.read() as session:
        return get_vehicle(session, row)


def said(window: Shell) -> list[str]:
    return [text for each in toast.shown(window) for text in all_texts(each.findChildren)]


def press(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def test_a_recording_plays_at_one_press_in_the_profile_and_the_way_back_is_one_too(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    change(one, change_vehicle, cars[GOLF], {"vin": VIN})
    profile = opened(window, cars[GOLF], "recordings")
    tab = profile.tab("recordings")
    assert isinstance(tab, RecordingsTab)
    until(lambda: tab.list.lines, "it is listed")
    press(tab.list.lines[0])
    until(lambda: window.content.current == "live" and live(window).toolbar.playing, "it plays")
    back = live(window).toolbar.vehicle
    assert back.isVisible()
    assert back.height() >= 48
    press(back)
    assert window.content.current == "vehicles"
    until(lambda: vehicles(window).profile.row == cars[GOLF] and profile.front == "recordings", "as it was left")
    until(tab.isVisible, "in its tab")
    live(window).stop_playing()


def test_a_known_vin_opens_its_vehicle_from_the_gauges_the_list_and_the_connection(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    change(one, change_vehicle, cars[GOLF], {"vin": VIN})
    assert window.content.current == "live"
    press(live(window).toolbar.vehicle)
    until(lambda: vehicles(window).profile.row == cars[GOLF], "from the gauges")
    vehicles(window).close_vehicle()
    assert vehicles(window).connected.isVisible()
    press(vehicles(window).connected)
    until(lambda: vehicles(window).profile.row == cars[GOLF], "from the list")
    vehicles(window).close_vehicle()
    window.open_connection()
    panel = dialogs.sheets(window)[-1]
    assert isinstance(panel, ConnectionPanel)
    panel.open_vehicle.click()
    until(lambda: vehicles(window).profile.row == cars[GOLF], "from the connection")


def test_a_vin_nobody_knows_is_offered_as_a_new_vehicle_filled_with_what_it_tells(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    press(live(window).toolbar.vehicle)
    until(lambda: dialogs.sheets(window), "a new one is offered")
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, VehicleSheet)
    until(lambda: sheet.form.value("make") == "Honda", "the VIN told it")
    QTest.keyClicks(sheet.form.fields["plate"], "K ON 1")
    press(sheet.keep)
    profile = vehicles(window).profile
    until(lambda: profile.shown is not None, "it is open")
    shown = profile.shown
    assert shown is not None
    assert (shown.vehicle.plate, shown.vehicle.vin, shown.vehicle.make) == ("K ON 1", VIN, "Honda")


def test_a_profile_without_a_vin_takes_that_of_the_connected_car_with_a_way_back(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    astra = cars["F QR 314"]
    tab = opened(window, astra).tab("overview")
    assert isinstance(tab, OverviewTab)
    until(tab.read_vin.isVisible, "it is offered")
    assert VIN in tab.read_vin.text()
    press(tab.read_vin)
    until(lambda: vehicle(one, astra).vin == VIN, "it is written")
    assert vehicle(one, astra).make == "Opel", "what is written stays"
    until(lambda: not tab.read_vin.isVisible(), "and offered no more")
    until(lambda: toast.shown(window), "it is said")
    undo = toast.shown(window)[-1].undo
    assert undo is not None
    undo.click()
    until(lambda: vehicle(one, astra).vin is None, "taken back")
    change(one, change_vehicle, cars[GOLF], {"vin": VIN})
    until(tab.read_vin.isVisible, "it is offered again")
    press(tab.read_vin)
    until(lambda: any("HH AB 123 has this VIN" in text for text in said(window)), "whose it is, is said")
    assert vehicle(one, astra).vin is None
