"""Searches that somebody gave a name: one's own, and those of everybody.

What is asked for stands in ``criteria`` as JSON. Of the page of vehicles it is ``VehicleCriteria``, with ``sort`` and
``descending`` beside it, and checked; other pages keep theirs, which they check when they use it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import func, or_
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, Denied, may, require
from core.records.input import Problems, Refused, Value, Wrong, one_of, text
from core.records.rows import added, assign, hide, row_of, shown, unhide
from core.vehicles.models import SavedFilter
from core.vehicles.search import LAST_SERVICE, VehicleCriteria, order_of

VEHICLES = "vehicles"
PAGES: Mapping[str, str] = {
    VEHICLES: mark("Vehicles"),
    "orders": mark("Repair orders"),
    "parts": mark("Parts"),
    "board": mark("Board"),
}
SORTED_BY = ("sort", "descending")  # may stand beside the criteria
MOST = 100  # shown of a page
_LONGEST = 10_000  # characters of JSON
_NAMES = ("name", "page", "criteria", "shared")


@dataclass(frozen=True, slots=True)
class SavedFilterView:
    """A search with a name. ``staff_id`` None: everybody's. ``criteria``: what is asked for, {} when unreadable."""

    table: ClassVar[str] = "saved_filters"

    id: str
    name: str | None
    page: str | None
    staff_id: str | None
    criteria: Mapping[str, Any] = field(default_factory=dict)
    deleted_at: int | None = None

    @property
    def shared(self) -> bool:
        return self.staff_id is None

    def vehicle_criteria(self) -> VehicleCriteria:
        """As it is asked of vehicles. Raises ``Refused``: it was saved by a newer program."""
        return VehicleCriteria.of({name: value for name, value in self.criteria.items() if name not in SORTED_BY})


def save_filter(session: Session, actor: Actor, fields: Mapping[str, object]) -> SavedFilterView:
    """Save a search: ``name``, ``page``, ``criteria`` (a mapping); ``shared`` (yes): for everybody.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "vehicles.read")
    values = _checked(fields, None, needed=("name", "page", "criteria"))
    owner = None if fields.get("shared") else _self(actor)
    _require_keeping(actor, owner)
    values["staff_id"] = owner
    return _view(added(session, SavedFilter, values))


def change_filter(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> SavedFilterView:
    """Change its ``name``, ``criteria``, or whether it is ``shared``. Raises ``Denied``, ``NotFound``, ``Refused``."""
    row = row_of(session, SavedFilter, id_)
    _require_keeping(actor, row.staff_id)
    values = _checked(fields, row.page, needed=())
    if "shared" in fields:
        values["staff_id"] = owner = None if fields["shared"] else _self(actor)
        _require_keeping(actor, owner)
    assign(session, row, values)
    return _view(row)


def delete_filter(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    _require_keeping(actor, row_of(session, SavedFilter, id_).staff_id)
    hide(session, SavedFilter, id_)


def restore_filter(session: Session, actor: Actor, id_: str) -> SavedFilterView:
    """Raises ``Denied``, ``NotFound``."""
    _require_keeping(actor, row_of(session, SavedFilter, id_, deleted=True).staff_id)
    return _view(unhide(session, SavedFilter, id_))


def get_filter(session: Session, actor: Actor, id_: str) -> SavedFilterView:
    """One. Raises ``Denied``: somebody else's, ``NotFound``."""
    require(actor, "vehicles.read")
    found = filter_of(session, id_)
    if not may_see(actor, found):
        raise Denied(actor, "vehicles.read")
    return found


def filter_of(session: Session, id_: str) -> SavedFilterView:
    """One, whosever it is. Raises ``NotFound``."""
    return _view(row_of(session, SavedFilter, id_))


def may_see(actor: Actor, found: SavedFilterView) -> bool:
    """Whether it is theirs, or everybody's."""
    return may(actor, "vehicles.read") and (found.staff_id is None or found.staff_id == _staff(actor))


def list_filters(session: Session, actor: Actor, page: str) -> tuple[SavedFilterView, ...]:
    """One's own and everybody's of a page, one's own first, by name. Raises ``Denied``."""
    require(actor, "vehicles.read")
    mine = or_(SavedFilter.staff_id.is_(None), SavedFilter.staff_id == _staff(actor))
    by_name = func.lower(func.coalesce(SavedFilter.name, ""))
    query = shown(SavedFilter, SavedFilter.page == page, mine)
    rows = session.scalars(query.order_by(SavedFilter.staff_id.is_(None), by_name, SavedFilter.id).limit(MOST))
    return tuple(_view(row) for row in rows)


def _checked(fields: Mapping[str, object], page: str | None, needed: tuple[str, ...]) -> dict[str, Value]:
    problems = Problems()
    values: dict[str, Value] = {}
    for name in fields:
        if name not in _NAMES:
            problems.add(str(name), tr("There is no field of this name."))
    for name, check in (("name", text(120)), ("page", one_of(PAGES))):
        if name in fields or name in needed:
            try:
                values[name] = check(fields.get(name))
            except Wrong as wrong:
                problems.add(name, str(wrong))
            if name in values and values[name] is None:
                problems.add(name, tr("This is needed."))
    if page is not None and values.get("page", page) != page:
        problems.add("page", tr("A search stays one of its page."))
    if "criteria" in fields or "criteria" in needed:
        _check_criteria(fields.get("criteria"), str(values.get("page") or page), values, problems)
    problems.settle()
    return values


def _check_criteria(given: object, page: str, values: dict[str, Value], problems: Problems) -> None:
    if not isinstance(given, Mapping):
        problems.add("criteria", tr("This is needed."))
        return
    try:
        written = json.dumps(dict(given), ensure_ascii=False, sort_keys=True)
        if page == VEHICLES:
            VehicleCriteria.of({name: value for name, value in given.items() if name not in SORTED_BY})
            if given.get("sort") != LAST_SERVICE:
                order_of(str(given.get("sort", "newest")))
    except Refused as refused:
        for each in refused.problems:
            problems.add(f"criteria.{each.field}", each.words)
        return
    except (TypeError, ValueError, RecursionError):
        problems.add("criteria", tr("This has characters that cannot be kept."))
        return
    if len(written) > _LONGEST:
        problems.add("criteria", tr("This is too long: {limit} characters at most.", limit=_LONGEST))
    values["criteria"] = written


def _staff(actor: Actor) -> str | None:
    return actor.id if actor.kind == "staff" and actor.id else None


def _self(actor: Actor) -> str:
    """Whose own search it is. Raises ``Refused``: a program, or the shell, is nobody who has their own."""
    found = _staff(actor)
    if found is None:
        raise Refused(("shared", tr("Only somebody who works here has searches of their own: save it for everybody.")))
    return found


def _require_keeping(actor: Actor, staff_id: str | None) -> None:
    """One's own is one's own; everybody's are kept by who may change vehicles."""
    allowed = may(actor, "vehicles.change") if staff_id is None else staff_id == _staff(actor)
    if not allowed:
        raise Denied(actor, "vehicles.change")


def _view(row: SavedFilter) -> SavedFilterView:
    try:
        criteria = json.loads(row.criteria or "{}")
    except ValueError:
        criteria = {}
    asked = criteria if isinstance(criteria, dict) else {}
    return SavedFilterView(row.id, row.name, row.page, row.staff_id, asked, row.deleted_at)
