"""What a person typed, checked before it becomes rows: every problem of a form at once, in the person's words.

A room declares its fields once, ``FIELDS = Fields(plate=Field(text(32), required=True), seats=Field(whole(1, 99)))``,
and ``FIELDS.take(session, given, row, problems)`` gives the values to write. None of this is asked of rows that come
from other terminals: what was accepted there is accepted here.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.language import tr
from core.records.fields import Synced
from core.records.ids import is_id

Value = str | int | bool | None
Check = Callable[[object], Value]

LATEST = 253_370_764_800_000  # UTC ms, the year 9999: calendars end there, in every time zone
LARGEST = (1 << 63) - 1  # of a BIGINT column; JSON has no limit of its own
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:?\d{2})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Problem(NamedTuple):
    """What is wrong with one field. ``field`` is "" when it is about several."""

    field: str
    words: str


class Refused(ValueError):  # noqa: N818 - what happened to the input, as a person would say it
    """Input that cannot be kept. ``problems`` has everything that is wrong, so that a form shows it in one go."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        self.problems = tuple(Problem(*each) for each in problems)
        super().__init__(" ".join(words for _, words in self.problems))


class NotFound(LookupError):  # noqa: N818 - as above
    """There is no such row here, or it was deleted."""

    def __init__(self, table: str, row: str) -> None:
        self.table, self.row = table, row
        super().__init__(tr("This is not here: it was deleted, or it has not arrived yet."))


class Wrong(ValueError):  # noqa: N818 - as above
    """A check's verdict on one value, in words."""


class Problems:
    """Collects what is wrong; ``settle()`` raises it all."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, field: str, words: str) -> None:
        self._found.append((field, words))

    def settle(self) -> None:
        """Raises ``Refused`` when anything was added."""
        if self._found:
            raise Refused(*self._found)


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is checked. ``of``: the field is the id of a row of that table, which must be here."""

    check: Check
    required: bool = False
    of: type[Synced] | None = None


class Fields:
    """The fields of a form by name. A name that is not declared is refused."""

    def __init__(self, **fields: Field) -> None:
        self._fields = fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def settled(self, session: Session, given: Mapping[str, object], row: Synced | None = None) -> dict[str, Value]:
        """The checked values of ``given``, where fields alone decide. Raises ``Refused`` with all that is wrong."""
        problems = Problems()
        values = self.take(session, given, row, problems)
        problems.settle()
        return values

    def take(
        self, session: Session, given: Mapping[str, object], row: Synced | None, problems: Problems
    ) -> dict[str, Value]:
        """The checked values of ``given``. ``row``: what is being changed, None for something new.

        What is wrong goes into ``problems``; values that are wrong are left out.
        """
        values: dict[str, Value] = {}
        for name, value in given.items():
            field = self._fields.get(name)
            if field is None:
                problems.add(str(name), tr("There is no field of this name."))
                continue
            try:
                values[name] = _checked(session, name, field, value, row)
            except Wrong as wrong:
                problems.add(name, str(wrong))
        if row is None:
            for name, field in self._fields.items():
                if field.required and name not in given:
                    problems.add(name, tr("This is needed."))
        return values


def _checked(session: Session, name: str, field: Field, given: object, row: Synced | None) -> Value:
    value = field.check(given)
    if value is None and field.required:
        raise Wrong(tr("This is needed."))
    if value is None or field.of is None:
        return value
    # What is written already stays acceptable: the customer of an old order may have been deleted since.
    if (row is None or getattr(row, name, None) != value) and not is_here(session, field.of, str(value)):
        raise Wrong(tr("There is none with this id here."))
    return value


def is_here(session: Session, model: type[Synced], id_: str) -> bool:
    """Whether there is a row with this id that is not deleted."""
    found = session.get(model, id_)
    return found is not None and found.deleted_at is None


def text(limit: int, *, lines: bool = False) -> Check:
    """Text of at most ``limit`` characters, without the blanks around it; nothing but blanks is nothing.

    ``lines``: may have line breaks and tabs. NUL and other control characters are refused, and halves of surrogate
    pairs, which JSON can carry and UTF-8 cannot.
    """

    def check(value: object) -> Value:
        if value is None:
            return None
        if not isinstance(value, str):
            raise Wrong(tr("This must be text."))
        plain = (value.replace("\r\n", "\n") if lines else value).strip()
        kept = plain.replace("\n", "").replace("\t", "") if lines else plain
        if any(unicodedata.category(each) in ("Cc", "Cs") for each in kept):
            raise Wrong(tr("This has characters that cannot be kept."))
        if len(plain) > limit:
            raise Wrong(tr("This is too long: {limit} characters at most.", limit=limit))
        return plain or None

    return check


def whole(lowest: int = -LARGEST, highest: int = LARGEST) -> Check:
    """A whole number within limits (both included)."""

    def check(value: object) -> Value:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(tr("This must be a whole number."))
        if not lowest <= value <= highest:
            raise Wrong(tr("This must be from {lowest} to {highest}.", lowest=lowest, highest=highest))
        return value

    return check


def yes_no(value: object) -> Value:
    """True or false."""
    if value is None or isinstance(value, bool):
        return value
    raise Wrong(tr("This must be yes or no."))


def one_of(values: Collection[str]) -> Check:
    """One of a few words."""

    def check(value: object) -> Value:
        if value is None:
            return None
        if not isinstance(value, str) or value not in values:
            raise Wrong(tr("This must be one of: {values}.", values=", ".join(values)))
        return str(value)

    return check


def day(value: object) -> Value:
    """A calendar day, ``2026-11-22``."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        pass  # the thirtieth of February
    raise Wrong(tr("This must be a day like 2026-11-22."))


def instant(value: object) -> Value:
    """A moment: UTC milliseconds, or text with its offset as in RFC 3339."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LATEST:
        return value
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            since = (dt.datetime.fromisoformat(value.upper()) - _EPOCH) // dt.timedelta(milliseconds=1)
            if 0 <= since <= LATEST:
                return since
    except (ValueError, OverflowError):
        pass
    raise Wrong(tr("This must be a moment like 2026-11-22T14:30:00Z, or milliseconds since 1970."))


def row_id(value: object) -> Value:
    """The id of another row. Declare ``Field(row_id, of=Model)`` to have it looked up."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not is_id(value):
        raise Wrong(tr("This is not an id."))
    return value


def sha256(value: object) -> Value:
    """The name of a file: SHA-256 of its content, in small hexadecimal digits."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise Wrong(tr("This is not the SHA-256 of a file."))
    return value
