"""Strips are added, moved and taken away, come back with a layout, and never lose what they need to be told apart."""

from types import SimpleNamespace

import pytest

from tests.ui.fake_session import FakeSession
from ui.widgets.trend_model import MOST_STRIPS, TrendModel
from ui.widgets.trend_traces import COLORS, IN_A_STRIP


@pytest.fixture
def model(qapp: object) -> TrendModel:
    found = TrendModel()
    found.set_source(FakeSession(20))
    return found


def shown(model: TrendModel) -> list[tuple[str, ...]]:
    return [strip.keys for strip in model.strips]


def test_signals_are_added_as_strips_and_into_strips(model: TrendModel) -> None:
    strip = model.add(["engine_speed"])
    assert strip is not None
    assert model.add_line(strip.id, "vehicle_speed")
    model.add(["coolant_temperature"])
    assert shown(model) == [("engine_speed", "vehicle_speed"), ("coolant_temperature",)]


def test_the_same_signal_is_not_twice_in_a_strip(model: TrendModel) -> None:
    strip = model.add(["engine_speed"])
    assert strip is not None
    assert not model.add_line(strip.id, "engine_speed")


def test_a_strip_takes_as_many_lines_as_can_be_told_apart(model: TrendModel) -> None:
    strip = model.add(["engine_speed", "vehicle_speed", "engine_load", "fuel_level", "throttle_position"])
    assert strip is not None
    assert len(strip.lines) == IN_A_STRIP
    assert not model.add_line(strip.id, "coolant_temperature")


def test_eight_lines_have_eight_colours_whatever_was_removed_before(model: TrendModel) -> None:
    names = ["engine_speed", "vehicle_speed", "engine_load", "fuel_level"]
    first, second = model.add(names), model.add(names)
    assert first is not None
    assert second is not None
    model.remove(first.id)
    model.add(names)
    assert len({line.trace.token for line in model.lines()}) == COLORS


def test_taking_a_line_away_leaves_the_others_apart(model: TrendModel) -> None:
    strip = model.add(["engine_speed", "vehicle_speed", "engine_load"])
    assert strip is not None
    model.remove_line(strip.id, "engine_speed")
    assert strip.keys == ("vehicle_speed", "engine_load")
    assert [line.trace.place for line in strip.lines] == [0, 1]


def test_the_strip_goes_with_its_last_line(model: TrendModel) -> None:
    strip = model.add(["engine_speed"])
    assert strip is not None
    model.remove_line(strip.id, "engine_speed")
    assert model.strips == []


def test_strips_move_up_and_down_but_not_out(model: TrendModel) -> None:
    strips = [model.add([name]) for name in ("engine_speed", "vehicle_speed", "engine_load")]
    ids = [strip.id for strip in strips if strip]
    assert model.move(ids[2], -1)
    assert shown(model) == [("engine_speed",), ("engine_load",), ("vehicle_speed",)]
    assert not model.move(ids[0], -1)
    assert not model.move(ids[1], 1)


def test_there_is_an_end_to_strips(model: TrendModel) -> None:
    for _ in range(MOST_STRIPS):
        assert model.add(["engine_speed"])
    assert model.full
    assert model.add(["engine_speed"]) is None


def test_a_layout_comes_back(model: TrendModel) -> None:
    strip = model.add(["coolant_temperature", "intake_air_temperature"])
    model.add(["engine_speed"])
    assert strip is not None
    model.share(strip.id, True)
    kept = model.state()
    other = TrendModel()
    other.set_source(FakeSession(5))
    other.restore(kept)
    assert shown(other) == shown(model)
    assert [each.shared for each in other.strips] == [True, False]


@pytest.mark.parametrize(
    "broken", [None, 7, "x", [None], [{}], [{"signals": "engine_speed"}], [{"signals": [1, None]}], {"strips": []}]
)
def test_a_broken_layout_shows_what_can_be_understood(model: TrendModel, broken: object) -> None:
    model.add(["engine_speed"])
    model.restore(broken)
    assert model.strips == []


def test_what_was_undone_has_its_past(model: TrendModel) -> None:
    strip = model.add(["engine_speed"])
    model.add(["engine_load"])
    model.pull()
    back = model.undo_point()
    assert strip is not None
    model.remove(strip.id)
    back()
    model.pull()
    assert shown(model) == [("engine_speed",), ("engine_load",)]
    assert all(line.history.size for line in model.lines())


def test_every_line_has_its_own_scale_unless_a_person_wants_one(model: TrendModel) -> None:
    strip = model.add(["coolant_temperature", "intake_air_temperature", "engine_speed"])
    assert strip is not None
    assert len(strip.scales) == 3
    model.share(strip.id, True)
    assert len(strip.scales) == 2
    assert strip.scale_of(strip.lines[0]) is strip.scale_of(strip.lines[1])


def test_what_is_drawn_is_asked_for_at_least_every_second(model: TrendModel) -> None:
    model.add(["engine_speed", "fuel_level"])
    model.add(["coolant_temperature@7E9"])
    wants = model.wants()
    assert set(wants) == {"engine_speed", "fuel_level", "coolant_temperature"}
    assert wants["fuel_level"] == 1.0
    assert wants["engine_speed"] == 10.0


def test_units_follow_the_person(model: TrendModel) -> None:
    model.add(["coolant_temperature"])
    model.system = "imperial"
    model.describe_again()
    assert next(iter(model.lines())).trace.unit == "°F"


def test_a_recording_shows_what_comes_after_its_position(model: TrendModel) -> None:
    session = FakeSession(20)
    empty = FakeSession()
    recording = SimpleNamespace(signals=empty.signals, whole=session.signals, profile=session.profile)
    model.add(["engine_speed"])
    model.set_source(recording)
    model.pull()
    assert next(iter(model.lines())).history.last == pytest.approx(1020, abs=0.11)
