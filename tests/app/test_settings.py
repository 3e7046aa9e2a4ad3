"""Settings survive a restart, a bad value costs only itself, a damaged file is kept and said."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import FILE, Settings, SettingsFile, declared, peek_language, spoken_language
from core import language


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("BAYLINE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    language.use("en")


def _written(home: Path, text: str) -> SettingsFile:
    (home / FILE).write_text(text, "utf-8")
    return SettingsFile(home)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    assert file.load() == Settings()
    assert file.notices == []
    assert not (tmp_path / FILE).exists()


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    chosen = Settings(
        terminal_name="Bühne 3",
        language="de",
        units="imperial",
        theme="day",
        text_scale=1.3,
        touch=True,
        alarm_sound=True,
        kiosk=True,
        sign_out_after=10,
        address="tcp://192.168.0.10:35000",
        record=False,
        port=9000,
        lan=True,
        network=False,
        discovery=False,
        interfaces="eth0, wlan0",
        peers="https://192.168.1.20:8420",
    )
    assert all(getattr(chosen, one.name) != one.default for one, _ in declared())  # every setting is tried
    SettingsFile(tmp_path).save(chosen)
    assert SettingsFile(tmp_path).load() == chosen


def test_only_what_differs_from_its_default_is_written(tmp_path: Path) -> None:
    SettingsFile(tmp_path).save(replace(Settings(), theme="day"))
    assert (tmp_path / FILE).read_text("utf-8") == '[screen]\ntheme = "day"\n'


@pytest.mark.parametrize(
    "line",
    [
        '[screen]\ntheme = "pink"',
        "[screen]\ntheme = 3",
        '[screen]\nkiosk = "yes"',
        "[screen]\ntext_scale = 5.0",
        "[page]\nport = 70000",
        "[page]\nport = -1",
        "[page]\nport = true",
        "[page]\nport = 8420.5",
        "[page]\nlan = 1",
        '[workshop]\ndiscovery = "no"',
        "[workshop]\npeers = 8420",
        '[terminal]\nlanguage = "fr"',
        f'[terminal]\nname = "{"x" * 61}"',
    ],
)
def test_a_value_that_cannot_be_is_told_and_its_default_holds(tmp_path: Path, line: str) -> None:
    file = _written(tmp_path, f'{line}\n\n[adapter]\naddress = "tcp://10.0.0.1:35000"\n')
    assert file.load() == Settings(address="tcp://10.0.0.1:35000")
    (notice,) = file.notices
    table, key = line.splitlines()
    assert f"{table[1:-1]}.{key.split(' = ')[0]}" in notice


def test_a_whole_number_is_a_number(tmp_path: Path) -> None:
    assert _written(tmp_path, "[screen]\ntext_scale = 1\n").load().text_scale == 1.0


@pytest.mark.parametrize(
    "damage",
    [b"[screen\ntheme", b"\xff\xfe\x00", b'theme = "day', b"a = " + b"[" * 50_000, b"a = " + b"9" * 5000],
    ids=["cut", "no text", "open quote", "too deep", "too many digits"],
)
def test_a_damaged_file_is_kept_under_another_name(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    file = SettingsFile(tmp_path)
    assert file.load() == Settings()
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == damage
    assert kept.name in file.notices[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_in_place_of_the_file_does_not_hold_up_the_start(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    file = SettingsFile(tmp_path)
    assert file.load() == Settings()
    assert "this is not a file" in file.notices[0]


def test_what_windows_editors_write_at_the_beginning_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'\xef\xbb\xbf[screen]\r\ntheme = "day"\r\n')
    file = SettingsFile(tmp_path)
    assert file.load().theme == "day"
    assert file.notices == []


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    file = SettingsFile(tmp_path)
    assert file.load() == Settings()
    assert str(tmp_path / FILE) in file.notices[0]


def test_settings_of_a_newer_version_stay(tmp_path: Path) -> None:
    file = _written(tmp_path, "[screen]\nhologram = true\n\n[robot]\narms = 2\n")
    file.save(replace(file.load(), theme="day"))
    assert (tmp_path / FILE).read_text("utf-8") == '[screen]\nhologram = true\ntheme = "day"\n\n[robot]\narms = 2\n'
    assert file.notices == []


def test_a_line_outside_a_table_is_told(tmp_path: Path) -> None:
    file = _written(tmp_path, 'theme = "day"\n')
    assert file.load() == Settings()
    assert "“theme”" in file.notices[0]


def test_every_setting_has_a_type_a_default_and_a_description() -> None:
    keys = [said.key for _, said in declared()]
    assert len(set(keys)) == len(keys)
    for one, said in declared():
        assert isinstance(one.default, bool | int | float | str)
        assert said.meaning.endswith(".")
        assert not said.choices or one.default in said.choices


@pytest.mark.parametrize(
    ("environment", "chosen", "spoken"),
    [
        ({}, "", "en"),
        ({"LANG": "de_AT.UTF-8"}, "", "de"),
        ({"LANG": "de_AT.UTF-8", "LC_ALL": "C.UTF-8"}, "", "en"),
        ({"LANG": "fr_FR.UTF-8"}, "", "en"),
        ({"LANG": "de_DE.UTF-8"}, "en", "en"),
        ({"LANG": "en_GB.UTF-8"}, "de", "de"),
        ({"BAYLINE_LANGUAGE": "de"}, "en", "de"),
        ({"BAYLINE_LANGUAGE": "DE-at"}, "", "de"),
        ({"BAYLINE_LANGUAGE": "klingon"}, "de", "de"),
    ],
)
def test_which_language_is_spoken(
    environment: dict[str, str], chosen: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert spoken_language(chosen) == spoken


@pytest.mark.parametrize("text", ['[terminal]\nlanguage = "de"\n', "[terminal", "terminal = 3\n", None])
def test_a_look_for_the_language_changes_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / FILE).write_text(text)
    assert peek_language(tmp_path) == ("de" if text and "de" in text else "en")
    assert [one.name for one in tmp_path.iterdir()] == ([] if text is None else [FILE])


def test_a_terminal_without_a_name_is_called_like_its_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "bay-3.workshop.example")
    assert Settings().name() == "bay-3"
    assert Settings(terminal_name="Lift 1").name() == "Lift 1"
