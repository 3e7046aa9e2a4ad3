"""Whether a window can be opened here, found out before Qt tries: Qt ends the process when it cannot."""

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app import libraries
from core.language import tr

_NEEDS_A_SERVER = ("xcb", "wayland", "wayland-egl")


def no_display(environment: Mapping[str, str] = os.environ) -> str:
    """One sentence saying why there is no screen to open a window on; "" when there is one.

    A caller who sets ``QT_QPA_PLATFORM`` to a platform without a display server (offscreen, eglfs, linuxfb, vnc)
    knows what they want.
    """
    if not sys.platform.startswith("linux"):
        return ""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform and platform not in _NEEDS_A_SERVER:
        return ""
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        return tr("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window is opened.")
    if platform == "xcb" or not environment.get("WAYLAND_DISPLAY"):
        return _unreachable_x(environment.get("DISPLAY", ""))
    return _unreachable_wayland(environment)


def _unreachable_x(display: str) -> str:
    """Knock at the X server as Qt will: a variable left over from a closed session is common in ssh and cron."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return ""  # said by ``no_toolkit``, with what to install
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode() or None, None)
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if not refused:
        return ""
    return tr("The display “{display}” cannot be reached, so no window is opened.", display=display)


def _unreachable_wayland(environment: Mapping[str, str]) -> str:
    name = environment["WAYLAND_DISPLAY"]
    socket = Path(environment.get("XDG_RUNTIME_DIR", "/")) / name  # an absolute name stays as it is
    if socket.exists():
        return ""
    return tr("The display “{display}” cannot be reached, so no window is opened.", display=name)


def no_toolkit(environment: Mapping[str, str] = os.environ) -> str:
    """One sentence saying why Qt cannot be loaded, and what to install; "" when it can. Loads Qt."""
    try:
        import ui.start  # noqa: F401 - whether it loads is the question
    except ImportError as error:
        return _advice(libraries.missing_library(error), str(error))
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0] or (
        "wayland" if environment.get("WAYLAND_DISPLAY") else "xcb"
    )
    if sys.platform.startswith("linux") and (missing := libraries.plugin_obstacle(platform)):
        return _advice(missing, missing)
    return ""


def _advice(library: str, why: str) -> str:
    if not library:
        return tr("Qt cannot be loaded ({why}), so no window is opened. Reinstall the program.", why=why)
    package = libraries.PACKAGES.get(library)
    if package is None:
        return tr(
            "Qt cannot be loaded because the system library {library} is missing, so no window is opened.",
            library=library,
        )
    return tr(
        "Qt cannot be loaded because the system library {library} is missing, so no window is opened: "
        "sudo apt install {package}",
        library=library,
        package=package,
    )
