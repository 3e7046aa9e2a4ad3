"""Reading a TOML table key by key, so that every mistake names the file, the table, the key and what to write."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from core.language import tr


class CarFileError(ValueError):
    """A car file that cannot be used; the message says where, what is wrong and what to do."""


class FileTable:
    """One table of the file. Take each key with a typed method, then ``close()``: a key nobody took is a mistake."""

    def __init__(self, file: str, name: str, data: object) -> None:
        self.file = file
        self.name = name
        if not isinstance(data, dict):
            raise CarFileError(
                tr("{file}: [{table}] must be a table. Begin it with a line [{table}].", file=file, table=name)
            )
        self._data: Mapping[str, Any] = data
        self._taken: set[str] = set()

    def wrong(self, key: str, what: str, remedy: str) -> CarFileError:
        """The error to raise for ``key``; ``what`` and ``remedy`` are sentences, already translated."""
        place = f"[{self.name}] " if self.name else ""
        return CarFileError(f"{self.file}: {place}{key}: {what} {remedy}".rstrip())

    def take(self, key: str, default: object = None) -> object:
        self._taken.add(key)
        return self._data.get(key, default)

    def has(self, key: str) -> bool:
        return key in self._data

    def keys(self) -> Iterable[str]:
        return self._data.keys()

    def close(self) -> None:
        """Raise ``CarFileError`` for the first key that no method took."""
        for key in self._data:
            if key not in self._taken:
                near = difflib.get_close_matches(key, self._taken, n=1)
                known = near[0] if near else ", ".join(sorted(self._taken))
                raise self.wrong(
                    key,
                    tr("nothing here has this name."),
                    tr("Did you mean {known}?", known=known) if near else tr("Known here: {known}.", known=known),
                )

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(
                key,
                tr("this must be a number, not {value!r}.", value=value) if value is not None else tr("it is missing."),
                tr("Give a number from {low:g} to {high:g}.", low=low, high=high),
            )
        if not low <= value <= high:
            raise self.wrong(
                key,
                tr("{value:g} is out of range.", value=value),
                tr("Give a number from {low:g} to {high:g}.", low=low, high=high),
            )
        return float(value)

    def optional_number(self, key: str, low: float, high: float) -> float | None:
        self._taken.add(key)
        return self.number(key, None, low, high) if self.has(key) else None

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        value = self.number(key, default, low, high)
        if value != int(value):
            raise self.wrong(key, tr("{value:g} is not a whole number.", value=value), tr("Leave the fraction out."))
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, tr("this must be true or false, not {value!r}.", value=value), "")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key, default)
        if not isinstance(value, str):
            raise self.wrong(
                key,
                tr("this must be text, not {value!r}.", value=value) if value is not None else tr("it is missing."),
                tr('Write it in quotes: {key} = "…".', key=key),
            )
        return value

    def choice(self, key: str, default: str | None, among: Iterable[str]) -> str:
        value = self.text(key, default)
        if value not in among:
            raise self.wrong(
                key,
                tr("“{value}” is not known.", value=value),
                tr("Choose one of {known}.", known=", ".join(among)),
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, tr("this must be a list of texts."), tr('Write it like {key} = ["…", "…"].', key=key))
        return tuple(value)

    def numbers(self, key: str, default: tuple[float, ...], low: float, high: float) -> tuple[float, ...]:
        value = self.take(key, list(default))
        if not isinstance(value, list) or not all(
            isinstance(item, int | float) and not isinstance(item, bool) and low <= item <= high for item in value
        ):
            raise self.wrong(
                key,
                tr("this must be a list of numbers."),
                tr("Give numbers from {low:g} to {high:g}.", low=low, high=high),
            )
        return tuple(float(item) for item in value)

    def hex_number(self, key: str, default: str | None, digits: int) -> int:
        """A hexadecimal number of at most ``digits`` digits, written as text: ``"7E8"``."""
        return self.parse_hex(key, self.text(key, default), digits)

    def parse_hex(self, key: str, text: str, digits: int) -> int:
        try:
            number = int(text, 16)
        except ValueError:
            number = -1
        if number < 0 or number >= 16**digits:
            raise self.wrong(
                key,
                tr("“{value}” is not a hexadecimal number.", value=text),
                tr(
                    "Write up to {digits} digits, like {example}.", digits=digits, example="7E8" if digits > 2 else "0C"
                ),
            )
        return number

    def hex_numbers(self, key: str) -> tuple[int, ...]:
        """Hexadecimal bytes with spaces between: ``"04 05 0C"``."""
        return tuple(self.parse_hex(key, part, 2) for part in self.text(key, "").split())

    def parse_bytes(self, key: str, text: object) -> bytes:
        """Bytes as text, spaces allowed: ``"1A F8"``; or ``"ascii:TEXT"``."""
        if isinstance(text, str) and text.startswith("ascii:"):
            return text.removeprefix("ascii:").encode("ascii", "replace")
        try:
            return bytes.fromhex(text)  # type: ignore[arg-type]
        except (ValueError, TypeError):
            raise self.wrong(
                key,
                tr("{value!r} are not bytes.", value=text),
                tr('Write pairs of hexadecimal digits, "1A F8", or "ascii:TEXT".'),
            ) from None

    def table(self, key: str) -> "FileTable":
        """A table inside this one; an absent one reads as empty."""
        return FileTable(self.file, f"{self.name}.{key}" if self.name else key, self.take(key, {}))

    def tables(self, key: str) -> list["FileTable"]:
        """An array of tables, ``[[key]]``, numbered from 1 in messages; an absent one reads as empty."""
        value = self.take(key, [])
        name = f"{self.name}.{key}" if self.name else key
        if not isinstance(value, list):
            raise CarFileError(
                tr("{file}: [{table}] must stand in double brackets: [[{table}]].", file=self.file, table=name)
            )
        return [FileTable(self.file, f"{name} {n}", item) for n, item in enumerate(value, 1)]
