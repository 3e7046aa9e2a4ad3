"""The live channel, as the issue fixes it: subscribe, and get numbered values at the rate asked for."""

from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from core.obd.status import LinkState, LinkStatus, Trouble
from server import live as live_module
from server.service import Server
from server.snapshot import Snapshots
from tests.server.conftest import Tablet, wait_until
from tests.server.fake_source import FakeSource


def test_after_subscribing_values_come_numbered_from_one(tablet: Tablet, source: FakeSource) -> None:
    source.put("engine_speed", 1726.0)
    tablet.say(type="subscribe", channel="signals", rate_hz=20)

    first = tablet.hear()
    others = [tablet.hear() for _ in range(5)]

    assert set(first) == {"type", "seq", "data"}
    assert first["type"] == "signals"
    speed = first["data"]["engine_speed"]
    assert set(speed) == {"value", "unit", "age_s", "state"}
    assert (speed["value"], speed["unit"], speed["state"]) == (1726.0, "rpm", "live")
    assert first["data"]["vehicle_speed"] == {"value": None, "unit": "km/h", "age_s": None, "state": "no answer"}
    assert [message["seq"] for message in (first, *others)] == [1, 2, 3, 4, 5, 6]


def test_new_values_are_in_the_next_message(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="signals", rate_hz=30)
    tablet.hear()
    source.put("engine_speed", 2000.0)
    wait_until(lambda: tablet.hear()["data"]["engine_speed"]["value"] == 2000.0)


def test_a_tablet_chooses_signals_by_name_and_by_pid(tablet: Tablet) -> None:
    tablet.say(type="subscribe", channel="signals", signals=["engine_speed", "0D", "0x05"])
    assert list(tablet.hear()["data"]) == ["engine_speed", "vehicle_speed", "coolant_temperature"]


def test_a_chosen_signal_that_this_car_does_not_offer_is_no_answer(tablet: Tablet) -> None:
    tablet.say(type="subscribe", channel="signals", signals=["oil_temperature"])
    assert tablet.hear()["data"]["oil_temperature"]["state"] == "no answer"


def test_a_later_subscription_replaces_the_first_and_numbering_goes_on(tablet: Tablet) -> None:
    tablet.say(type="subscribe", channel="signals", signals=["engine_speed"])
    assert tablet.hear()["seq"] == 1
    tablet.say(type="subscribe", channel="signals", signals=["vehicle_speed"])
    seq, message = 1, tablet.hear()
    while "engine_speed" in message["data"]:
        assert message["seq"] == seq + 1
        seq, message = message["seq"], tablet.hear()
    assert list(message["data"]) == ["vehicle_speed"]
    assert message["seq"] == seq + 1


@pytest.mark.parametrize(("asked", "granted"), [(1000, 30.0), (0.001, 0.1), (30, 30.0)])
def test_a_rate_is_granted_between_a_tenth_and_thirty_and_told(tablet: Tablet, asked: float, granted: float) -> None:
    tablet.say(type="subscribe", channel="signals", rate_hz=asked, confirm=True)
    assert tablet.hear() == {"type": "subscribed", "channel": "signals", "rate_hz": granted}
    assert tablet.hear()["seq"] == 1


def test_a_rate_that_was_changed_is_told_unasked(tablet: Tablet) -> None:
    tablet.say(type="subscribe", channel="signals", rate_hz=500)
    assert tablet.hear() == {"type": "subscribed", "channel": "signals", "rate_hz": 30.0}


def test_nothing_comes_after_unsubscribing(tablet: Tablet) -> None:
    tablet.say(type="subscribe", channel="signals", rate_hz=30)
    tablet.hear()
    tablet.say(type="unsubscribe", channel="signals")
    tablet.say(type="ping", id="after")
    tablet.hear_of("pong")
    with pytest.raises(TimeoutError):
        tablet.socket.recv(timeout=0.2)


@pytest.mark.parametrize("id", [7, "seven", None])
def test_a_ping_is_answered_with_its_id(tablet: Tablet, id: object) -> None:
    tablet.say(type="ping", id=id)
    assert tablet.hear() == {"type": "pong", "id": id}


def test_the_session_is_asked_for_what_a_tablet_looks_at_until_it_goes(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="signals", signals=["0C", "05"], rate_hz=10)
    tablet.hear()

    [(owner, wants)] = source.watched.items()
    assert owner.startswith("tablet:")
    assert wants == {"engine_speed": 10.0, "coolant_temperature": 1.0}, "coolant cannot change ten times a second"

    tablet.socket.close()
    wait_until(lambda: source.watched == {})


def test_a_slow_tablet_still_asks_often_enough_to_be_sent_fresh_values(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="signals", signals=["0C"], rate_hz=0.1)
    tablet.hear()
    assert list(source.watched.values()) == [{"engine_speed": 1.0}]


def test_one_control_units_value_is_asked_for_by_the_signals_name(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="signals", signals=["coolant_temperature@7E9"])
    assert list(tablet.hear()["data"]) == ["coolant_temperature@7E9"]
    assert list(source.watched.values()) == [{"coolant_temperature": 1.0}]


def test_unsubscribing_ends_the_interest(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="signals")
    tablet.hear()
    assert source.watched
    tablet.say(type="unsubscribe", channel="signals")
    wait_until(lambda: source.watched == {})


def test_who_wants_everything_follows_what_the_car_offers(tablet: Tablet, source: FakeSource) -> None:
    source.offered = ()
    tablet.say(type="subscribe", channel="signals", rate_hz=30)
    assert tablet.hear()["data"] == {}

    source.offered = ("engine_speed", "engine_load")

    wait_until(lambda: list(tablet.hear()["data"]) == ["engine_speed", "engine_load"])
    assert list(source.watched.values()) == [{"engine_speed": 10.0, "engine_load": 5.0}]


def test_the_link_is_told_in_words_now_and_when_it_changes(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="status")

    status = tablet.hear()
    assert status["type"] == "status"
    assert (status["state"], status["words"]) == ("connected", "Connected, 2 control units")
    assert status["vehicle"] == "Golf of Mrs Ott"

    source.link = LinkStatus(LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF)
    status = tablet.hear()
    assert (status["state"], status["words"]) == ("bus asleep", "Bus asleep")
    assert "Switch the ignition on" in status["tries"][0]


def test_only_what_was_subscribed_to_is_sent(tablet: Tablet, source: FakeSource) -> None:
    tablet.say(type="subscribe", channel="signals", rate_hz=30)
    source.link = LinkStatus(LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF)
    assert {tablet.hear()["type"] for _ in range(20)} == {"signals"}


def test_tablets_that_want_the_same_share_what_is_written(
    open_tablet: Callable[[], Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[str, ...]] = []
    write = Snapshots.data

    def counting(self: Snapshots, names: tuple[str, ...], now: float) -> str:
        written.append(names)
        return write(self, names, now)

    monkeypatch.setattr(Snapshots, "data", counting)
    tablets = [open_tablet() for _ in range(8)]
    for tablet in tablets:
        tablet.say(type="subscribe", channel="signals", rate_hz=20)
    received = sum(1 for _ in range(20) for tablet in tablets if tablet.hear())

    assert received == 160
    assert len(written) < received / 2


def test_one_tablet_too_many_is_told_so(open_tablet: Callable[[], Tablet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "MOST_CLIENTS", 2)
    first, second = open_tablet(), open_tablet()
    third = open_tablet()

    assert third.hear() == {
        "type": "error",
        "message": "2 devices are connected already. Close the page on one of them.",
    }
    with pytest.raises(ConnectionClosed) as closed:
        third.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013

    first.say(type="ping")
    assert first.hear()["type"] == "pong"
    second.socket.close()

    def admitted() -> bool:
        again = open_tablet()
        again.say(type="ping")
        return bool(again.hear()["type"] == "pong")

    wait_until(admitted)


def test_a_stopping_server_says_goodbye(tablet: Tablet, server: Server) -> None:
    tablet.say(type="subscribe", channel="signals", rate_hz=30)
    tablet.hear()
    server.stop()
    with pytest.raises(ConnectionClosed) as closed:
        tablet.hear_of("the end")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001
