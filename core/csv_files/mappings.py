"""Which column of a file is what: found by its names, or said by a mapping, ours for a known program or the user's.

A mapping is a TOML file::

    words = "LubeLogger, service records"
    kind = "history"
    distance = "mi"             # km when not said
    day_order = "mdy"           # ymd, dmy, mdy; found by looking when not said
    decimal = ","
    delimiter = ";"
    encoding = "cp1252"
    needs = ["plate"]           # what no column has, and whoever imports must say

    [columns]
    date = "Date"               # ours = theirs

    [constants]
    make = "Volkswagen"         # the same in every row
"""

import tomllib
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.csv_files.cells import DayOrder
from core.csv_files.kinds import KINDS, Kind
from core.language import tr
from resources import path

FOLDER = path("mappings")
_TEXTS = ("words", "kind", "distance", "day_order", "decimal", "delimiter", "encoding")


class MappingError(ValueError):
    """A mapping that cannot be used. The message is in the user's words."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a file's columns are. What is None is found by looking at the file.

    ``only``: ``columns`` names all that are taken; none is found by its name besides.
    """

    kind: str
    words: str = ""
    columns: Mapped[str, str] = field(default_factory=dict)
    constants: Mapped[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    distance: str = "km"
    day_order: DayOrder | None = None
    decimal: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    only: bool = False

    def saying(self, **constants: str) -> "Mapping":
        """The same, with these in every row."""
        return replace(self, constants={**self.constants, **constants})


def ready() -> dict[str, Mapping]:
    """The mappings that come with the program, by name."""
    files = sorted(Path(str(FOLDER)).glob("*.toml"))
    return {file.stem: _read(tomllib.loads(file.read_text("utf-8")), file.stem) for file in files}


def mapping_of(kind: str, name: str | None) -> Mapping:
    """The mapping of this name for ``kind``, or the one in a file; None: by the names of the columns alone.

    A ready one of a program serves several kinds: "lubelogger" is "lubelogger-history" for a history. Raises
    ``MappingError``.
    """
    if name is None:
        return Mapping(kind)
    known = ready()
    found = known.get(name) or known.get(f"{name}-{kind}")
    if found is None:
        file = Path(name)
        if not file.is_file():
            names = ", ".join(known)
            raise MappingError(
                tr("There is no mapping “{name}”, and no such file. Ready ones are: {names}.", name=name, names=names)
            )
        try:
            found = _read(tomllib.loads(file.read_text("utf-8")), str(file))
        except (OSError, ValueError) as error:
            raise MappingError(tr("The mapping {file} cannot be read: {why}.", file=file, why=error)) from error
    if found.kind != kind:
        raise MappingError(
            tr("The mapping “{name}” is for {theirs}, not for {kind}.", name=name, theirs=found.kind, kind=kind)
        )
    return found


def kind_of(header: tuple[str, ...]) -> str:
    """The kind whose columns are named by the most of ``header``; one that lacks a needed column comes last."""

    def fits(kind: Kind) -> tuple[bool, int]:
        found = matched(kind, header, Mapping(kind.name))
        needed = {name for name, column in kind.columns.items() if column.required}
        return needed <= found.keys(), len(found)

    return max(KINDS.values(), key=fits).name


def fitting(kind: str, header: tuple[str, ...]) -> str | None:
    """The ready mapping for ``kind`` all of whose columns the file has, the one with the most; None: none."""
    there = {name.casefold() for name in header}
    found = [
        (len(each.columns), name)
        for name, each in ready().items()
        if each.kind == kind and {theirs.casefold() for theirs in each.columns.values()} <= there
    ]
    return max(found)[1] if found else None


def matched(kind: Kind, header: tuple[str, ...], mapping: Mapping) -> dict[str, int]:
    """For each of our columns the place of theirs. Raises ``MappingError`` when a column that is named is not there."""
    places = {name.casefold(): place for place, name in enumerate(header) if name}
    found: dict[str, int] = {}
    for ours, theirs in mapping.columns.items():
        if theirs.casefold() not in places:
            raise MappingError(
                tr("The file has no column “{name}”. It has: {names}.", name=theirs, names=", ".join(header))
            )
        found[ours] = places[theirs.casefold()]
    if mapping.only:
        return found
    taken = set(found.values())
    for ours, column in kind.columns.items():
        if ours in found or ours in mapping.constants:
            continue
        for name in (ours, ours.replace("_", " "), *column.names):
            place = places.get(name)
            if place is not None and place not in taken:
                found[ours] = place
                taken.add(place)
                break
    return found


def _read(given: Mapped[str, Any], name: str) -> Mapping:
    texts = {key: given[key] for key in _TEXTS if isinstance(given.get(key), str)}
    kind = texts.get("kind", "")
    columns, constants = (_texts(given.get(part)) for part in ("columns", "constants"))
    order = texts.get("day_order")
    unknown = sorted(set(given) - {*_TEXTS, "columns", "constants", "needs"})
    strange = [ours for ours in (*columns, *constants) if kind in KINDS and ours not in KINDS[kind].columns]
    if kind not in KINDS:
        raise MappingError(tr("The mapping {file} must say its kind: {kinds}.", file=name, kinds=", ".join(KINDS)))
    if unknown or strange or (order is not None and order not in list(DayOrder)):
        wrong = ", ".join([*unknown, *strange, *([f"day_order = {order}"] if not unknown + strange else [])])
        raise MappingError(tr("The mapping {file} has what no such mapping has: {names}.", file=name, names=wrong))
    return Mapping(
        kind=kind,
        words=texts.get("words", name),
        columns=columns,
        constants=constants,
        needs=tuple(str(each) for each in given.get("needs", ())),
        distance="mi" if texts.get("distance") == "mi" else "km",
        day_order=DayOrder(order) if order else None,
        decimal=texts.get("decimal"),
        delimiter=texts.get("delimiter"),
        encoding=texts.get("encoding"),
    )


def _texts(given: object) -> dict[str, str]:
    return {str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
