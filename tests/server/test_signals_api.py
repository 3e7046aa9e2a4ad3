"""``GET /api/v1/signals``: the latest of everything, and never a number that the car did not send."""

import math

import httpx
import pytest

from core.diagnostics.alarm_rules import AlarmRule, Severity
from server import asking
from tests.server.conftest import wait_until
from tests.server.fake_source import FakeSource


def rows(http: httpx.Client) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in http.get("/api/v1/signals").json()["signals"]}


def test_a_live_value_has_its_pid_unit_and_age(http: httpx.Client, source: FakeSource) -> None:
    source.put("engine_speed", 1726.0, age=0.5)

    row = rows(http)["engine_speed"]

    assert set(row) == {"pid", "name", "value", "unit", "age_s", "state"}
    assert (row["pid"], row["value"], row["unit"], row["state"]) == ("0C", 1726.0, "rpm", "live")
    assert isinstance(row["age_s"], float)
    assert 0.5 <= row["age_s"] < 2.0


def test_the_value_is_the_very_number_of_the_store(http: httpx.Client, source: FakeSource) -> None:
    source.put("engine_load", 198 * 100 / 255)
    assert rows(http)["engine_load"]["value"] == 198 * 100 / 255


def test_a_value_older_than_two_seconds_is_stale_with_its_age(http: httpx.Client, source: FakeSource) -> None:
    source.put("engine_speed", 1726.0, age=7.0)

    row = rows(http)["engine_speed"]

    assert (row["value"], row["state"]) == (1726.0, "stale")
    assert isinstance(row["age_s"], float)
    assert row["age_s"] >= 7.0


def test_a_signal_that_was_offered_but_never_came_is_no_answer_not_zero(http: httpx.Client) -> None:
    row = rows(http)["vehicle_speed"]
    assert (row["value"], row["age_s"], row["state"], row["unit"]) == (None, None, "no answer", "km/h")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_is_no_answer(http: httpx.Client, source: FakeSource, value: float) -> None:
    source.put("engine_speed", value)
    row = rows(http)["engine_speed"]
    assert (row["value"], row["state"]) == (None, "no answer")


def test_a_derived_signal_has_no_pid(http: httpx.Client, source: FakeSource) -> None:
    source.offered = ("gear_ratio",)
    source.put("gear_ratio", 3.1)
    assert rows(http)["gear_ratio"]["pid"] == ""


def test_a_second_control_unit_has_its_own_row(http: httpx.Client, source: FakeSource) -> None:
    source.put("coolant_temperature", 88.0, ecu="7E8")
    source.put("coolant_temperature", 86.0, ecu="7E9")

    found = rows(http)

    assert found["coolant_temperature"]["value"] == 88.0
    second = found["coolant_temperature@7E9"]
    assert (second["pid"], second["value"], second["unit"]) == ("05", 86.0, "°C")


def test_before_a_car_is_connected_there_is_nothing(http: httpx.Client, source: FakeSource) -> None:
    source.offered = ()
    assert http.get("/api/v1/signals").json() == {"signals": []}


def test_while_somebody_polls_the_car_is_asked_for_everything_and_no_longer(
    http: httpx.Client, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FOR", 0.2)
    assert source.watched == {}
    rows(http)
    assert source.watched == {"tablet:api": {"engine_speed": 1.0, "vehicle_speed": 1.0, "coolant_temperature": 1.0}}
    wait_until(lambda: source.watched == {})


def test_the_catalogue_has_words_in_the_language_asked_for_and_limits(http: httpx.Client, source: FakeSource) -> None:
    reply = http.get("/api/v1/catalogue", params={"language": "en-GB"}).json()

    dial = reply["signals"][0]
    assert (dial["name"], dial["title"], dial["unit"]) == ("engine_speed", "Engine speed", "rpm")
    assert dial["limits"] == {"warn_low": None, "warn_high": 6000.0, "crit_low": None, "crit_high": None}
    assert dial["low"] < dial["high"]


def test_the_catalogue_draws_the_limits_of_this_vehicle(http: httpx.Client, source: FakeSource) -> None:
    before = http.get("/api/v1/catalogue").json()
    rule = AlarmRule("engine_speed", Severity.WARNING, above=4500.0)
    source.profile.limits[rule.id] = rule

    after = http.get("/api/v1/catalogue").json()

    assert after["signals"][0]["limits"]["warn_high"] == 4500.0
    assert after["mark"] != before["mark"], "the page must notice that the dials have changed"


def test_a_misspelt_query_parameter_is_refused_in_words(http: httpx.Client) -> None:
    reply = http.get("/api/v1/catalogue", params={"langauge": "de"})

    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert "langauge" in reply.json()["detail"]
    assert "language" in reply.json()["detail"]
