"""What a search asks for, as words that are pressed away one by one."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.language import tr, trn
from core.vehicles.search import EVERYTHING, LISTS, VehicleCriteria
from ui import vehicle_words, words
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow

_WORD: Mapping[str, Callable[[str | None], str]] = {
    "fuel_type": vehicle_words.fuel,
    "transmission": vehicle_words.transmission,
    "vehicle_type": vehicle_words.vehicle_type,
    "status": vehicle_words.status,
    "features": lambda word: word or "",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Chip:
    """One thing asked for, in words; ``without``: the search when it is pressed away."""

    words: str
    without: VehicleCriteria


def chips(asked: VehicleCriteria, names: Mapping[str, str]) -> list[Chip]:
    """Everything asked for but the free text, which stands in its own field. ``names``: customer and fleet by id."""
    found = [Chip(said, _replaced(asked, dict.fromkeys(fields))) for said, fields in _single(asked, names)]
    for name in LISTS:
        values = tuple(getattr(asked, name))
        for value in values:
            rest = tuple(each for each in values if each != value)
            found.append(Chip(_WORD[name](value), _replaced(asked, {name: rest})))
    if asked.deleted:
        found.append(Chip(tr("Deleted vehicles"), dataclasses.replace(asked, deleted=False)))
    return found


def _replaced(asked: VehicleCriteria, fields: Mapping[str, Any]) -> VehicleCriteria:
    return dataclasses.replace(asked, **fields)


def _single(asked: VehicleCriteria, names: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, title in (
        ("plate", tr("Plate")),
        ("vin", tr("VIN")),
        ("make", tr("Make")),
        ("model", tr("Model")),
    ):
        if (value := getattr(asked, name)) is not None:
            found.append((tr("{what}: {value}", what=title, value=value), (name,)))
    for title, low, high, shown in (
        (tr("Model year"), "year_from", "year_to", str),
        (tr("Odometer"), "odometer_from", "odometer_to", lambda km: vehicle_words.distance(int(km))),
        (tr("Last service"), "serviced_from", "serviced_to", lambda day: vehicle_words.day(str(day))),
    ):
        least, most = getattr(asked, low), getattr(asked, high)
        if least is not None or most is not None:
            found.append((_span(title, least, most, shown), (low, high)))
    for name, title in (("customer_id", tr("Customer")), ("fleet_id", tr("Fleet"))):
        if (value := getattr(asked, name)) is not None:
            shown_name = names.get(value) or tr("not known here yet")
            found.append((tr("{what}: {value}", what=title, value=shown_name), (name,)))
    return found


def _span(title: str, least: object, most: object, shown: Callable[[object], str]) -> str:
    if least is not None and most is not None:
        return tr("{what}: {least} to {most}", what=title, least=shown(least), most=shown(most))
    if least is not None:
        return tr("{what}: from {least}", what=title, least=shown(least))
    return tr("{what}: up to {most}", what=title, most=shown(most))


def count_words(count: int, asked: VehicleCriteria) -> str:
    """How many are found, for the head of the list."""
    if asked == EVERYTHING:
        return trn("{count} vehicle in all", "All {count} vehicles", count, count=words.count(count))
    return tr("{count} found", count=words.count(count))


class ChipRow(QWidget):
    """``changed(criteria)`` when one was pressed away, ``cleared`` when all were."""

    changed = Signal(object)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(self)
        self.buttons: list[Button] = []
        self.hide()

    def show_asked(self, asked: VehicleCriteria, names: Mapping[str, str]) -> None:
        """Show what is asked for."""
        for old in self.buttons:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        found = chips(asked, names)
        for each in found:
            button = Button(each.words, "close")
            button.setChecked(True)
            button.setAccessibleName(tr("Without {what}", what=each.words))
            button.clicked.connect(lambda _=False, without=each.without: self.changed.emit(without))
            self._add(button)
        if len(found) > 1:
            clear = Button(tr("Clear all"), role="plain")
            clear.clicked.connect(lambda _=False: self.cleared.emit())
            self._add(clear)
        self.setVisible(bool(found))
        self.updateGeometry()

    def _add(self, button: Button) -> None:
        self._flow.addWidget(button)
        button.show()
        self.buttons.append(button)
