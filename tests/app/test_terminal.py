"""Session and page together: started in order, stopped within their time, open to the LAN and closed again."""

import errno
import os
import socket
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import control
from app.control import Control
from app.database import VARIABLE
from app.failure import BadArgument, Failure
from app.home import Home
from app.settings import FILE, Settings, SettingsFile
from app.terminal import Terminal, Wishes
from app.window import context_of
from core.obd.simulator.car import load_car
from core.obd.simulator.server import SimulatedAdapter
from core.records.records import Records
from core.sync.founding import found
from core.sync.views import SyncError
from core.workshop.default_inspections import default_templates
from core.workshop.inspection_templates import list_templates
from server.certificate import Leaf
from tests.app.conftest import PATIENCE_S, eventually


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    home.take()
    yield home
    home.release()


def _answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}health", timeout=PATIENCE_S) as answer:
        return bool(answer.status == 200)


def test_a_terminal_shows_a_car_and_opens_itself_to_the_lan(folder: Home) -> None:
    with SimulatedAdapter(load_car(None), "ideal") as adapter:
        terminal = Terminal(folder, Settings(terminal_name="Bay 7"), Wishes(port=0, address=adapter.address))
        try:
            terminal.start()
            (address,) = terminal.page_addresses()
            assert address.startswith("http://127.0.0.1:")
            assert _answers(address)
            eventually(lambda: terminal.session.signals.latest("engine_speed") is not None, "no values")
            port = address.rstrip("/").rpartition(":")[2]
            terminal.set_lan(True)
            assert terminal.lan
            assert all(one.rstrip("/").endswith(f":{port}") for one in terminal.page_addresses())
            assert _answers(address)
            terminal.set_lan(False)
            assert terminal.page_addresses() == (address,)
        finally:
            terminal.stop()
        assert terminal.page_addresses() == ()
        terminal.stop()


def test_a_page_that_cannot_be_opened_leaves_the_window_its_gauges(folder: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = Terminal(folder, Settings(port=port), Wishes(window=True))
        try:
            terminal.start()
            assert terminal.page_addresses() == ()
            assert f"Port {port}" in terminal.troubles[0]
        finally:
            terminal.stop()


def test_without_a_window_a_page_that_cannot_be_opened_is_the_end(folder: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        terminal = Terminal(folder, Settings(port=taken.getsockname()[1]), Wishes(window=False))
        try:
            with pytest.raises(Failure, match="in use"):
                terminal.start()
        finally:
            terminal.stop()


def test_the_demo_takes_the_next_free_port(folder: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = Terminal(folder, Settings(port=port), Wishes(next_free_port=True))
        try:
            terminal.start()
            (address,) = terminal.page_addresses()
            assert int(address.rstrip("/").rpartition(":")[2]) in range(port + 1, port + 20)
            assert f"Port {port} is in use" in capsys.readouterr().err
        finally:
            terminal.stop()


def test_an_impossible_adapter_in_the_settings_is_told_and_the_terminal_starts(folder: Home) -> None:
    terminal = Terminal(folder, Settings(address="nonsense", port=0), Wishes())
    try:
        terminal.start()
        assert "nonsense" in terminal.troubles[0]
        assert terminal.address == ""
        assert terminal.page_addresses()
    finally:
        terminal.stop()


def test_an_impossible_adapter_on_the_command_line_is_a_bad_argument(folder: Home) -> None:
    terminal = Terminal(folder, Settings(port=0), Wishes(address="nonsense"))
    try:
        with pytest.raises(BadArgument, match="nonsense"):
            terminal.start()
    finally:
        terminal.stop()


def test_the_window_keeps_what_a_person_chose_and_nothing_of_this_run_only(folder: Home) -> None:
    file = SettingsFile(folder.folder)
    file.save(Settings(address="tcp://10.0.0.1:35000", port=9000))
    wishes = Wishes(lan=True, address="tcp://10.0.0.2:35000")
    context = context_of(Terminal(folder, file.load(), wishes), file)
    assert (context.preferences.lan, context.preferences.address) == (True, "tcp://10.0.0.2:35000")
    context.preferences.theme = "day"
    context.preferences.language = "de"
    context.save(context.preferences)
    kept = SettingsFile(folder.folder).load()
    assert (kept.theme, kept.language, kept.port) == ("day", "de", 9000)
    assert (kept.lan, kept.address) == (False, "tcp://10.0.0.1:35000")
    context.preferences.address = ""
    context.save(context.preferences)
    assert SettingsFile(folder.folder).load().address == ""


def test_what_was_found_wrong_is_among_the_windows_problems(folder: Home) -> None:
    (folder.folder / FILE).write_text("[screen]\ntheme = 3\n")
    file = SettingsFile(folder.folder)
    context = context_of(Terminal(folder, file.load(), Wishes()), file)
    assert "screen.theme" in context.problems[0].what


def test_the_window_sets_and_checks_the_pin(folder: Home) -> None:
    context = context_of(Terminal(folder, Settings(), Wishes()), SettingsFile(folder.folder))
    assert not context.has_pin()
    context.set_pin("2468")
    assert context.has_pin()
    assert context.check_pin("2468")
    assert not context.check_pin("1357")


def _bytes_of(folder: Home) -> bytes:
    return (folder.folder / "records.db").read_bytes()


@pytest.fixture
def founded(folder: Home) -> Home:
    found(folder.folder, "Miller's Garage", "Lift 4")
    return folder


def test_in_a_workshop_a_terminal_opens_its_records_and_takes_commands(founded: Home) -> None:
    terminal = Terminal(founded, Settings(network=False), Wishes(port=0))
    try:
        terminal.start()
        assert terminal.name == "Lift 4"
        assert terminal.bay is not None
        (address,) = terminal.page_addresses()
        assert _answers(address)
        assert Control.of(founded.folder).port == int(address.rstrip("/").rpartition(":")[2])
    finally:
        terminal.stop()
    assert terminal.bay is None
    assert not (founded.folder / control.FILE).exists()


@pytest.mark.parametrize(
    ("settings", "wishes", "open_"),
    [
        (Settings(), Wishes(), True),
        (Settings(network=False), Wishes(), False),
        (Settings(network=False), Wishes(lan=True), True),
        (Settings(), Wishes(host="127.0.0.1"), False),
        (Settings(), Wishes(demo=True), False),
        (Settings(), Wishes(demo=True, lan=True), True),
    ],
)
def test_in_a_workshop_others_reach_the_terminal_unless_somebody_wants_otherwise(
    founded: Home, settings: Settings, wishes: Wishes, open_: bool
) -> None:
    terminal = Terminal(founded, settings, replace(wishes, port=0))
    try:
        terminal.start()
        assert terminal.lan == open_
    finally:
        terminal.stop()


@pytest.mark.parametrize("network", [True, False])
def test_the_switch_of_the_network_is_the_workshops_in_a_workshop(founded: Home, network: bool) -> None:
    file = SettingsFile(founded.folder)
    file.save(Settings(network=network))
    terminal = Terminal(founded, file.load(), Wishes(port=0))
    try:
        terminal.start()
        context = context_of(terminal, file)
        assert context.preferences.lan == network
        context.preferences.lan = not network
        context.save(context.preferences)
    finally:
        terminal.stop()
    kept = SettingsFile(founded.folder).load()
    assert (kept.network, kept.lan) == (not network, False)


def _damage(folder: Home) -> None:
    (folder.folder / "records.db").write_bytes(b"this was a database" * 1000)


def _newer(folder: Home) -> None:
    with sqlite3.connect(folder.folder / "records.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    connection.close()


def _no_key(folder: Home) -> None:
    (folder.folder / "identity" / "device.key").write_text("no key")


@pytest.mark.parametrize("spoil", [_damage, _newer, _no_key])
def test_records_that_cannot_be_opened_leave_the_gauges(
    founded: Home, spoil: Callable[[Home], None], capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(founded)
    before = _bytes_of(founded)
    with SimulatedAdapter(load_car(None), "ideal") as adapter:
        terminal = Terminal(founded, Settings(), Wishes(port=0, address=adapter.address))
        try:
            terminal.start()
            assert terminal.troubles[0].startswith("The gauges work, but the workshop's records do not.")
            assert "Traceback" not in capsys.readouterr().err  # it is said in words
            assert (terminal.bay, terminal.lan) == (None, False)  # nobody could be told apart
            (address,) = terminal.page_addresses()
            assert _answers(address)
            eventually(lambda: terminal.session.signals.latest("engine_speed") is not None, "no values")
            assert context_of(terminal, SettingsFile(founded.folder)).membership is None
        finally:
            terminal.stop()
    assert _bytes_of(founded) == before


def test_a_window_founds_a_workshop_while_it_is_open(folder: Home) -> None:
    terminal = Terminal(folder, Settings(network=False), Wishes(port=0))
    try:
        terminal.start()
        context = context_of(terminal, SettingsFile(folder.folder))
        assert context.membership is None
        assert context.found is not None
        (address,) = terminal.page_addresses()
        membership = context.found("Miller's Garage", "Lift 4")
        assert membership is not None
        assert (membership.workshop, membership.actor.name) == ("Miller's Garage", "Lift 4")
        assert membership.actor.reference == f"terminal:{membership.terminal_id}"
        assert terminal.page_addresses() == (address,)
        assert _answers(address)
        with membership.records.read() as session:
            begins_with = [each.name for each in list_templates(session, active=True).items]
        assert begins_with == [each.name["en"] for each in default_templates()], "nobody has to look for them"
        with pytest.raises(SyncError, match="belongs to a workshop already"):
            context.found("Another", "Lift 4")
    finally:
        terminal.stop()


def test_a_demo_never_uses_the_database_of_the_environment(founded: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql+psycopg://nobody@192.0.2.1/real")
    terminal = Terminal(founded, Settings(), Wishes(port=0, demo=True))
    try:
        terminal.start()
        assert terminal.bay is not None
    finally:
        terminal.stop()


def test_what_is_asked_of_the_others_survives_the_switch_of_the_network(founded: Home) -> None:
    terminal = Terminal(founded, Settings(network=False), Wishes(port=0))
    try:
        terminal.start()
        membership = context_of(terminal, SettingsFile(founded.folder)).membership
        assert membership is not None
        assert terminal.here == ""
        terminal.set_lan(True)
        assert _answers(terminal.here)
        assert membership.link.open_pairing().address.startswith("https://")
        terminal.set_lan(False)
        assert Control.of(founded.folder).peers() == []
    finally:
        terminal.stop()
    assert membership.link.summary().problem


def test_addresses_in_the_settings_that_cannot_be_are_told_and_left_out(founded: Home) -> None:
    settings = Settings(network=False, peers="192.168.1.20, no address, https://bay-3.local:9000")
    terminal = Terminal(founded, settings, Wishes(port=0, peers=("https://bay-4.local:8420",)))
    try:
        terminal.start()
        assert any("“no address”" in trouble for trouble in terminal.troubles)
        assert terminal.page_addresses()
    finally:
        terminal.stop()


def test_a_clock_that_lost_its_battery_is_told(founded: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Records, "clock_is_wrong", True)
    terminal = Terminal(founded, Settings(network=False), Wishes(port=0))
    try:
        terminal.start()
        assert any("clock cannot be right" in trouble for trouble in terminal.troubles)
        assert terminal.bay is not None
    finally:
        terminal.stop()


def test_a_certificate_that_cannot_be_made_leaves_the_gauges_their_page(
    founded: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(leaf: Leaf) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Leaf, "renew", full)
    terminal = Terminal(founded, Settings(), Wishes(port=0, window=False))
    try:
        terminal.start()
        (address,) = terminal.page_addresses()
        assert address.startswith("http://127.0.0.1:")  # nobody could be told apart
        assert _answers(address)
        assert "No space left" in terminal.troubles[0]
        assert terminal.bay is not None  # what is here can be read and written
    finally:
        terminal.stop()
