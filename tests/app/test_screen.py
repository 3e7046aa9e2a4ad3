"""Whether a window can be opened is found out beforehand, and said in one sentence."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from app import libraries, screen

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is a screen")


@linux_only
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ""}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"QT_QPA_PLATFORM": "xcb"}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":4711"}, "“:4711” cannot be reached"),
        ({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "/nowhere"}, "“wayland-7” cannot be reached"),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4711", "WAYLAND_DISPLAY": "wayland-0"}, "“:4711” cannot be reached"),
    ],
)
def test_a_missing_display_is_named(environment: dict[str, str], said: str) -> None:
    assert said in screen.no_display(environment)


@linux_only
@pytest.mark.parametrize("platform", ["offscreen", "eglfs", "linuxfb:fb=/dev/fb0", "vnc:size=800x600"])
def test_who_names_a_platform_without_a_display_gets_it(platform: str) -> None:
    assert screen.no_display({"QT_QPA_PLATFORM": platform}) == ""


@linux_only
def test_a_wayland_socket_is_a_display(tmp_path: Path) -> None:
    (tmp_path / "wayland-0").touch()
    assert screen.no_display({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}) == ""
    assert screen.no_display({"WAYLAND_DISPLAY": str(tmp_path / "wayland-0")}) == ""


def test_qt_loads_here() -> None:
    assert screen.no_toolkit({"QT_QPA_PLATFORM": "offscreen"}) == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "sudo apt install libegl1"),
        ("libstrange-2.so.7: cannot open shared object file", "system library libstrange-2.so.7 is missing"),
        ("cannot import name 'QtWidgets'", "Reinstall the program"),
    ],
)
def test_a_missing_library_is_named_with_what_to_install(
    error: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_qt(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ui.start":
            raise ImportError(error)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_qt)
    assert said in screen.no_toolkit({})
    assert "no window is opened" in screen.no_toolkit({})


@linux_only
def test_the_platform_plugin_is_tried_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setattr("ctypes.CDLL", refuse)
    assert libraries.plugin_obstacle("xcb") == "libxcb-cursor.so.0"
    assert "sudo apt install libxcb-cursor0" in screen.no_toolkit({"QT_QPA_PLATFORM": "xcb"})
    assert libraries.plugin_obstacle("no_such_platform") == ""


@linux_only
def test_missing_packages_are_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_loads", lambda library: library != "libGL.so.1" and "glib" not in library)
    monkeypatch.setattr(libraries, "PACKAGES", {"libGL.so.1": "libgl1", "libglib-2.0.so.0": "g", "libgthread-2": "x"})
    assert libraries.missing_packages() == ["g", "libgl1"]
