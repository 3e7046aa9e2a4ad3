"""The templates that a workshop begins with: complete in every language, and only installed where they are not."""

import pytest
from sqlalchemy.orm import Session

from core.language import AVAILABLE
from core.people.roles import Denied, Role
from core.workshop.default_inspections import (
    DefaultPoint,
    DefaultTemplate,
    default_templates,
    install_default_templates,
)
from core.workshop.inspection_templates import (
    CHECK,
    change_template,
    delete_template,
    list_templates,
    points_of,
)
from tests.core.people.desk import Desk, meet

TEMPLATES = default_templates()
POINTS = [(template, words, point) for template in TEMPLATES for words, points in template.sections for point in points]


def test_the_four_everyday_inspections_are_there() -> None:
    assert [each.key for each in TEMPLATES] == ["arrival", "annual", "brakes_tyres", "pre_purchase"]
    assert all(len(each.sections) >= 3 for each in TEMPLATES)


@pytest.mark.parametrize(("template", "section", "point"), POINTS, ids=lambda each: getattr(each, "key", ""))
def test_every_point_has_words_in_every_language(
    template: DefaultTemplate, section: dict[str, str], point: DefaultPoint
) -> None:
    languages = set(AVAILABLE)
    for words, most in ((template.name, 120), (section, 80), (point.name, 160)):
        assert set(words) == languages
        assert all(0 < len(each) <= most and each == each.strip() for each in words.values())
    assert set(template.description) == languages
    assert set(point.line) in (set(), languages)
    assert point.name["en"] != point.name["de"], "no word was left in the other language"


def test_limits_have_a_source_and_lie_the_right_way_round() -> None:
    limits = {point.limit for _, _, point in POINTS if point.limit is not None}
    assert len(limits) == 8, "every one is used"
    for each in limits:
        assert len(each.source) > 20
        assert len(each.valid_from) == 10
        assert each.yellow_at > each.red_at if each.worse_below else each.yellow_at < each.red_at
        assert all(abs(value) >= 1000 for value in (each.yellow_at, each.red_at)), "thousandths"


def test_a_point_that_two_templates_have_is_called_and_measured_the_same() -> None:
    known: dict[str, DefaultPoint] = {}
    for _, _, point in POINTS:
        assert known.setdefault(point.name["en"], point) == point, "its history is found by its name"


def test_no_point_stands_twice_in_a_template() -> None:
    for template in TEMPLATES:
        names = [point.name["en"] for _, points in template.sections for point in points]
        assert len(names) == len(set(names))


def test_they_become_rows_of_the_shop_in_its_language(desk: Desk) -> None:
    assert desk.do(install_default_templates, "de") == 4
    found = desk.see(list_templates).items
    assert [each.name for each in found] == [each.name["de"] for each in TEMPLATES]
    points = desk.see(points_of, found[2].id)
    assert len(points) == found[2].points
    assert (points[0].section, points[0].name, points[0].unit) == ("Reifen", "Profiltiefe vorn links", "mm")
    assert (points[0].worse_below, points[0].yellow_at, points[0].red_at) == (True, 3_000, 1_600)
    assert points[0].line_description == "Reifen vorn ersetzen"
    assert desk.see(points_of, found[0].id)[0].kind == CHECK


def test_what_the_shop_made_of_them_stays(desk: Desk) -> None:
    desk.do(install_default_templates)
    first, second, *_ = desk.see(list_templates).items
    desk.do(change_template, first.id, {"name": "Ours"})
    desk.do(delete_template, second.id)
    assert desk.do(install_default_templates) == 0
    left = desk.see(list_templates).items
    assert (left[0].name, len(left)) == ("Ours", 3)
    with pytest.raises(Denied):
        desk.as_(Role.ADVISER).do(install_default_templates)


def test_two_terminals_that_install_them_apart_have_them_once(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    for desk in two_desks:
        desk.do(install_default_templates)
    meet(here, there)
    assert len(here.see(list_templates).items) == len(there.see(list_templates).items) == 4

    def counts(session: Session) -> list[int]:
        return [each.points for each in list_templates(session).items]

    assert sum(here.see(counts)) == len(POINTS)
