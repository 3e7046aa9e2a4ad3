"""Alarms on a phone: what, how bad, how far; told when they change, and acknowledged at the terminal only."""

from collections.abc import Iterator

import httpx
import pytest

from core.diagnostics.alarms import AlarmBook
from server.api.alarms import Alarms
from server.api.signals import Catalogue, SignalValues
from server.service import Server
from tests.server.conftest import PATIENCE, tablet_of
from tests.server.fake_source import FakeSource


class Alarmed(FakeSource):
    """A session that raises alarms, as the live one does."""

    def __init__(self) -> None:
        super().__init__("engine_speed", "coolant_temperature", "fuel_system_1_status")
        self.alarms = AlarmBook(wall=lambda: 1_795_392_000.0)

    def rev(self, rpm: float) -> None:
        self.put("engine_speed", rpm)
        self.alarms.evaluate(self.signals, self.now())


@pytest.fixture
def car() -> Alarmed:
    return Alarmed()


@pytest.fixture
def terminal(car: Alarmed) -> Iterator[Server]:
    running = Server(car, port=0, terminal="Bay 3", version="9.9")
    running.start()
    yield running
    running.stop()


def get(terminal: Server, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{terminal.port}{path}", trust_env=False, timeout=PATIENCE)


def test_an_alarm_says_what_how_bad_and_how_far(terminal: Server, car: Alarmed) -> None:
    assert get(terminal, "/api/v1/alarms").json() == {"alarms": []}
    car.rev(6400.0)

    [row] = get(terminal, "/api/v1/alarms").json()["alarms"]

    assert (row["signal"], row["severity"], row["state"]) == ("engine_speed", "warning", "active")
    assert row["words"] == "Engine speed over 6000 rpm"
    assert (row["peak"], row["unit"]) == (6400.0, "rpm")
    assert row["raised_at"] == pytest.approx(1_795_392_000.0, abs=1.0)


def test_a_phone_is_told_when_an_alarm_comes_is_seen_and_goes(terminal: Server, car: Alarmed) -> None:
    with tablet_of(terminal) as phone:
        phone.say(type="subscribe", channel="alarms")
        assert phone.hear() == {"type": "alarms", "alarms": []}

        car.rev(6400.0)
        [row] = phone.hear()["alarms"]
        assert row["state"] == "active"

        car.alarms.acknowledge(row["id"], "Ada")
        assert [each["state"] for each in phone.hear()["alarms"]] == ["acknowledged"]

        car.rev(900.0)
        assert phone.hear()["alarms"] == []


def test_a_source_without_alarms_has_none(lasting_http: httpx.Client) -> None:
    assert lasting_http.get("/api/v1/alarms").json() == {"alarms": []}


def test_what_is_sent_is_what_is_documented(terminal: Server, car: Alarmed) -> None:
    """The answers are written past their models, for speed; so they are held against them here."""
    car.rev(6400.0)
    car.put("fuel_system_1_status", 2.0)
    for path, model in (
        ("/api/v1/alarms", Alarms),
        ("/api/v1/signals", SignalValues),
        ("/api/v1/catalogue", Catalogue),
    ):
        sent = get(terminal, path).json()
        assert model.model_validate(sent).model_dump() == sent
