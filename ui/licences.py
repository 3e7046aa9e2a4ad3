"""What the program is made of, and under which licences: the notice of our own, and the list of the libraries."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from core.language import mark

NOTICE = mark(
    "Bayline is free software: you can redistribute it and/or modify it under the terms of the GNU General Public "
    "License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any "
    "later version. It is distributed in the hope that it will be useful, but without any warranty; without even the "
    "implied warranty of merchantability or fitness for a particular purpose. The whole licence is in the file LICENSE."
)


@dataclass(frozen=True, slots=True)
class Library:
    """Something we build on. ``version`` is "" for what is not a Python package or is not installed."""

    name: str
    licence: str
    use: str  # marked for translation
    version: str = ""


_LIBRARIES = (
    ("PySide6-Essentials", "LGPL-3.0", mark("windows and drawing")),
    ("pyqtgraph", "MIT", mark("plots")),
    ("numpy", "BSD-3-Clause", mark("numbers")),
    ("obd", "GPL-2.0-or-later", mark("decoder tables and code texts")),
    ("python-can", "LGPL-3.0", mark("CAN interfaces")),
    ("can-isotp", "MIT", mark("long messages on CAN")),
    ("pyserial", "BSD-3-Clause", mark("serial adapters")),
    ("msgpack", "Apache-2.0", mark("recordings")),
    ("zstandard", "BSD-3-Clause", mark("compression")),
    ("sqlalchemy", "MIT", mark("database")),
    ("alembic", "MIT", mark("database")),
    ("psycopg", "LGPL-3.0", mark("database")),
    ("cryptography", "Apache-2.0 or BSD-3-Clause", mark("trust between terminals")),
    ("spake2", "MIT", mark("trust between terminals")),
    ("httpx", "BSD-3-Clause", mark("talking to other terminals")),
    ("fastapi", "MIT", mark("page and API")),
    ("uvicorn", "BSD-3-Clause", mark("page and API")),
    ("websockets", "BSD-3-Clause", mark("page and API")),
    ("zeroconf", "LGPL-2.1-or-later", mark("being found in the network")),
    ("ifaddr", "MIT", mark("this terminal's addresses")),
    ("babel", "BSD-3-Clause", mark("languages")),
    ("argon2-cffi", "MIT", mark("PINs")),
    ("tomli-w", "MIT", mark("settings")),
    ("qrcode", "BSD-3-Clause", mark("codes for phones")),
    ("typst", "Apache-2.0", mark("printed papers")),
    ("python-barcode", "MIT", mark("labels of parts")),
    ("icalendar", "BSD-2-Clause", mark("calendar files")),
    ("vininfo", "BSD-3-Clause", mark("vehicle identification numbers")),
    ("ultravin", "MIT", mark("vehicle identification numbers")),
    ("Inter", "OFL-1.1", mark("typeface")),
)


def libraries() -> Sequence[Library]:
    """The libraries with the versions installed here."""
    return [Library(name, licence, use, _version(name)) for name, licence, use in _LIBRARIES]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
