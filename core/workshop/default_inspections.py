"""The templates of inspections that a new workshop begins with: ``resources/inspections``, in its own language.

The words stand in the data in every language that is shipped, not in the catalogue: once they are installed they are
rows of the shop, which it changes as it likes, and nothing that a screen could translate.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

import resources
from core.language import current
from core.people.roles import Actor, require
from core.workshop.derived_ids import id_from
from core.workshop.inspection_models import InspectionPoint, InspectionTemplate
from core.workshop.inspection_templates import CHECK, MEASURE, POINT_KINDS
from core.workshop.line_kinds import LABOUR

LIMITS = "limits"  # the file beside the templates
_ORIGIN = "00000000-0000-7000-8000-000000000000"  # their ids follow from their English names, at any terminal
Words = Mapping[str, str]  # language -> text


@dataclass(frozen=True, slots=True)
class DefaultLimit:
    """Limits of a measured value, thousandths of ``unit``. ``source``: who says so."""

    unit: str
    worse_below: bool
    yellow_at: int
    red_at: int
    source: str
    valid_from: str


@dataclass(frozen=True, slots=True)
class DefaultPoint:
    """A point in every language. ``line``: what a finding becomes on the estimate; empty: the point's own name."""

    name: Words
    kind: str
    unit: str | None
    limit: DefaultLimit | None
    line: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DefaultTemplate:
    """A template in every language. ``key``: its file."""

    key: str
    name: Words
    description: Words
    position: int
    sections: tuple[tuple[Words, tuple[DefaultPoint, ...]], ...]


@cache
def default_templates() -> tuple[DefaultTemplate, ...]:
    """All that are shipped, in their order. Raises ``ValueError`` or ``KeyError`` when the data is not what it should
    be.
    """
    limits = {key: DefaultLimit(**each) for key, each in _read(LIMITS).items()}
    keys = [path.stem for path in resources.path("inspections").glob("*.toml") if path.stem != LIMITS]
    made = [_template(key, _read(key), limits) for key in keys]
    return tuple(sorted(made, key=lambda each: each.position))


def install_default_templates(session: Session, actor: Actor, language: str | None = None) -> int:
    """Give the shop the templates that it does not have yet, in ``language`` (the one in use): how many those were.

    One that the shop has changed or deleted stays as it is. Two terminals that both do it do it once. Raises
    ``Denied``.
    """
    require(actor, "workshop.change")
    spoken = language or current()
    fresh = [each for each in default_templates() if session.get(InspectionTemplate, _id(each)) is None]
    for each in fresh:
        session.add(
            InspectionTemplate(
                id=_id(each),
                name=each.name[spoken],
                description=each.description[spoken],
                active=True,
                position=each.position,
            )
        )
        session.add_all(_rows(each, spoken))
    session.flush()
    return len(fresh)


def template_id(key: str) -> str:
    """The id of the row that the template in the file ``key`` becomes, at any terminal."""
    return id_from(_ORIGIN, f"inspection template {key}")


def _rows(template: DefaultTemplate, spoken: str) -> list[InspectionPoint]:
    rows: list[InspectionPoint] = []
    for section, points in template.sections:
        for point in points:
            limit = point.limit
            rows.append(
                InspectionPoint(
                    id=id_from(_ORIGIN, f"{template.key}, {section['en']}, {point.name['en']}"),
                    template_id=_id(template),
                    section=section[spoken],
                    name=point.name[spoken],
                    kind=point.kind,
                    unit=limit.unit if limit else point.unit,
                    worse_below=limit.worse_below if limit else None,
                    yellow_at=limit.yellow_at if limit else None,
                    red_at=limit.red_at if limit else None,
                    position=len(rows) + 1,
                    line_description=point.line.get(spoken),
                    line_kind=LABOUR,
                )
            )
    return rows


def _id(template: DefaultTemplate) -> str:
    return template_id(template.key)


def _read(key: str) -> dict[str, Any]:
    with resources.path("inspections", f"{key}.toml").open("rb") as file:
        return tomllib.load(file)


def _template(key: str, read: Mapping[str, Any], limits: Mapping[str, DefaultLimit]) -> DefaultTemplate:
    sections = tuple(
        (section["name"], tuple(_point(each, limits) for each in section["points"])) for section in read["sections"]
    )
    return DefaultTemplate(key, read["name"], read["description"], read["position"], sections)


def _point(read: Mapping[str, Any], limits: Mapping[str, DefaultLimit]) -> DefaultPoint:
    given = dict(read)
    kind, unit, line = given.pop("kind", CHECK), given.pop("unit", None), given.pop("line", {})
    limit = limits[given.pop("limits")] if "limits" in given else None
    if kind not in POINT_KINDS or (kind == MEASURE) != bool(limit or unit):
        raise ValueError(f"{given}: what is measured has a unit, and nothing else has")
    return DefaultPoint(given, kind, unit, limit, line)
