"""The system libraries Qt is linked with: which of them are missing here, and what to install.

``python -m app.libraries`` prints the names of the missing Debian packages, for installer/setup.sh. Only the standard
library is imported here.
"""

import ctypes
import re
import sys
from importlib.util import find_spec
from pathlib import Path

# soname -> package of Debian 12 and Ubuntu 24.04 (where libglib2.0-0 is provided by libglib2.0-0t64).
# From `ldd` of Qt 6.11's QtWidgets, libqxcb.so, libqwayland.so and libqoffscreen.so.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
_MISSING = re.compile(r"(lib[\w.+-]+\.so[.\d]*)")


def missing_packages() -> list[str]:
    """Debian packages to install before Qt can open a window; empty off Linux, where PySide6 brings everything."""
    if not sys.platform.startswith("linux"):
        return []
    return sorted({package for soname, package in PACKAGES.items() if not _loads(soname)})


def _loads(library: str | Path) -> bool:
    try:
        ctypes.CDLL(str(library))
    except OSError:
        return False
    return True


def missing_library(error: object) -> str:
    """The library that an ``ImportError`` or ``OSError`` of the loader names; "" when it is about something else."""
    found = _MISSING.search(str(error))
    return found[1] if found else ""


def plugin_obstacle(platform: str) -> str:
    """The library that keeps Qt's platform plugin (``"xcb"``) from loading; "" when it loads or is not there.

    Qt itself would end the whole process over it, with a message for programmers.
    """
    spec = find_spec("PySide6")
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        plugin = Path(folder) / "Qt" / "plugins" / "platforms" / f"libq{platform}.so"
        if not plugin.exists():
            continue
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            return missing_library(error) or str(error)
    return ""


if __name__ == "__main__":
    print(" ".join(missing_packages()))
