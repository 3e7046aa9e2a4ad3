"""Session and page together: started in order, stopped within their time, open to the LAN and closed again."""

import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.failure import BadArgument, Failure
from app.home import Home
from app.settings import FILE, Settings, SettingsFile
from app.terminal import Terminal, Wishes
from app.window import context_of
from core.obd.simulator.car import load_car
from core.obd.simulator.server import SimulatedAdapter
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
