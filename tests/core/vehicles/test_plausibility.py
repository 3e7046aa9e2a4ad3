"""Which odometers are believed."""

import pytest

from core.vehicles.plausibility import Point, doubt, furthest

DAY = 86_400_000
NOW = 1_795_000_000_000


@pytest.mark.parametrize(
    ("before", "value", "days", "verdict"),
    [
        (84_210, 84_210, 0, ""),
        (84_210, 84_209, 400, "decrease"),
        (84_210, 85_900, 1, ""),  # a truck with two drivers
        (84_210, 86_300, 1, "too_fast"),
        (84_210, 99_000, 9, ""),
        (84_210, 150_000, 365, ""),  # a taxi
        (84_210, 842_100, 365, "too_fast"),  # a digit too many
        (15_000, 150_000, 365, "too_fast"),  # a digit too many in a young car
        (84_210, 184_210, 3650, ""),
    ],
)
def test_a_value_is_believed_or_asked_about(before: int, value: int, days: int, verdict: str) -> None:
    assert doubt(Point(value, NOW + days * DAY), Point(before, NOW), None) == verdict


def test_the_first_reading_of_all_is_believed() -> None:
    assert doubt(Point(9_999_999, NOW), None, None) == ""


def test_a_reading_of_the_past_has_to_fit_between_its_neighbours() -> None:
    before, after = Point(10_000, NOW), Point(12_000, NOW + 100 * DAY)
    assert doubt(Point(11_000, NOW + 50 * DAY), before, after) == ""
    assert doubt(Point(9_000, NOW + 50 * DAY), before, after) == "decrease"
    assert doubt(Point(12_001, NOW + 50 * DAY), before, after) == "decrease"
    assert doubt(Point(100, NOW + 50 * DAY), None, Point(200_000, NOW + 60 * DAY)) == "too_fast"


def test_a_vehicle_that_is_driven_more_is_believed_more() -> None:
    first, before = Point(0, NOW), Point(300_000, NOW + 300 * DAY)
    then = Point(500_000, NOW + 500 * DAY)
    assert doubt(then, before, None) == "too_fast"
    assert doubt(then, before, None, first) == ""


def test_how_far_only_grows_with_time() -> None:
    far = [furthest(days * DAY) for days in range(0, 4000)]
    assert far == sorted(far)
    assert furthest(365 * DAY) < 135_000 < furthest(500 * DAY)
