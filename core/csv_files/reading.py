"""A CSV file as a table: its encoding, delimiter and lines, found by looking and told to whoever imports it."""

import codecs
import csv
import io
from dataclasses import dataclass

from core.language import tr

LARGEST = 200 * 1024 * 1024  # bytes; a spreadsheet program gives up long before
_DELIMITERS = ",;\t|"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 64  # lines looked at for the delimiter


class UnreadableError(ValueError):
    """The file is no table. The message is in the user's words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file. ``line``: where it begins, as an editor counts."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read. ``encoding`` and ``delimiter`` are what it was read by."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """The table in ``data``; what is not said is found out. Raises ``UnreadableError``."""
    if len(data) > LARGEST:
        raise UnreadableError(tr("The file is larger than 200 MB: please split it."))
    used, text = _decoded(data, encoding)
    if "\0" in text:
        raise UnreadableError(tr("This is no CSV file: it has bytes that no text has. Save the table as CSV first."))
    separator = delimiter or _delimiter(text)
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(begins, tuple(cell.strip() for cell in cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        words = tr("Line {line} cannot be read: a quotation mark does not end, or stands where none may.", line=begins)
        raise UnreadableError(words) from error
    if not rows:
        raise UnreadableError(tr("The file is empty."))
    header = rows[0].cells
    if len(set(map(str.casefold, filter(None, header)))) != len([each for each in header if each]):
        raise UnreadableError(tr("Two columns have the same name. Please give each its own."))
    return Table(used, separator, header, tuple(rows[1:]))


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    if encoding is not None:
        try:
            return encoding, data.decode(encoding)
        except (LookupError, UnicodeDecodeError) as error:
            raise UnreadableError(tr("The file is not in the encoding {encoding}.", encoding=encoding)) from error
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return name, data.decode(name)
            except UnicodeDecodeError as error:
                raise UnreadableError(tr("The file is not in the encoding {encoding}.", encoding=name)) from error
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        # What spreadsheet programs of the West write when they are not asked; every byte means something in it.
        return "cp1252", data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that parts the most lines into as many cells as the first one has, and into the most."""
    lines = text.splitlines()[:_SAMPLE]
    best, most = ",", (0, 0)
    for sign in _DELIMITERS:
        try:
            counts = [len(cells) for cells in csv.reader(lines, delimiter=sign) if cells]
        except csv.Error:
            continue
        if counts and counts[0] > 1:
            alike = sum(count == counts[0] for count in counts)
            if (alike, counts[0]) > most:
                best, most = sign, (alike, counts[0])
    return best
