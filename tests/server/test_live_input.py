"""Whatever a client sends, it gets an answer in words and the connection stays; nothing it sends costs others."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from server.messages import LEAST_RATE, MOST_RATE, BadMessage, Message, Ping, Subscribe, Unsubscribe, parse
from tests.server.conftest import Tablet

WRONG = {
    "not JSON": "hello",
    "half of JSON": '{"type": "subscribe"',
    "not an object": "[1, 2, 3]",
    "a number": "17",
    "null": "null",
    "no type": "{}",
    "a type of the wrong kind": '{"type": 7}',
    "an unknown type": '{"type": "reboot"}',
    "an unknown channel": '{"type": "subscribe", "channel": "secrets"}',
    "a channel of the wrong kind": '{"type": "subscribe", "channel": ["signals"]}',
    "a rate in words": '{"type": "subscribe", "rate_hz": "fast"}',
    "a rate that is true": '{"type": "subscribe", "rate_hz": true}',
    "a rate of zero": '{"type": "subscribe", "rate_hz": 0}',
    "a rate below zero": '{"type": "subscribe", "rate_hz": -3}',
    "a rate that is no number": '{"type": "subscribe", "rate_hz": NaN}',
    "an endless rate": '{"type": "subscribe", "rate_hz": Infinity}',
    "an overflowing rate": '{"type": "subscribe", "rate_hz": 1e999}',
    "an enormous rate": '{"type": "subscribe", "rate_hz": 1' + "0" * 400 + "}",
    "signals in one text": '{"type": "subscribe", "signals": "engine_speed"}',
    "signals of the wrong kind": '{"type": "subscribe", "signals": [12]}',
    "an unknown signal": '{"type": "subscribe", "signals": ["warp_speed"]}',
    "an endless name": '{"type": "subscribe", "signals": ["' + "x" * 5000 + '"]}',
    "too many signals": json.dumps({"type": "subscribe", "signals": ["0C"] * 300}),
    "half a surrogate pair": '{"type": "\\ud800"}',
    "a nest without end": "[" * 20_000,
    "an id of the wrong kind": '{"type": "ping", "id": {}}',
    "an endless id": '{"type": "ping", "id": 1e999}',
    "a confirm of the wrong kind": '{"type": "subscribe", "confirm": "yes"}',
    "nothing": "",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_message_is_answered_in_words_and_the_connection_stays(lasting_tablet: Tablet, text: str) -> None:
    lasting_tablet.socket.send(text)

    answer = lasting_tablet.hear()
    assert set(answer) == {"type", "message"}
    assert answer["type"] == "error"
    assert answer["message"].endswith((".", "?"))

    lasting_tablet.say(type="ping", id=1)
    assert lasting_tablet.hear() == {"type": "pong", "id": 1}


def test_a_wrong_message_does_not_disturb_what_was_subscribed_to(lasting_tablet: Tablet) -> None:
    lasting_tablet.say(type="subscribe", channel="signals", rate_hz=30)
    assert lasting_tablet.hear()["seq"] == 1
    lasting_tablet.socket.send("nonsense")
    heard = [lasting_tablet.hear() for _ in range(10)]
    assert sum(message["type"] == "error" for message in heard) == 1
    assert [message["seq"] for message in heard if message["type"] == "signals"] == list(range(2, 11))


def test_bytes_are_refused_in_words(lasting_tablet: Tablet) -> None:
    lasting_tablet.socket.send(b"\x00\x01")
    assert lasting_tablet.hear() == {"type": "error", "message": "Send text, not binary."}


def test_a_misspelt_signal_is_answered_with_the_near_ones(lasting_tablet: Tablet) -> None:
    lasting_tablet.say(type="subscribe", signals=["engine_sped"])
    assert "engine_speed" in lasting_tablet.hear()["message"]


def test_a_message_of_64_kib_is_read_and_a_longer_one_closes_with_1009(lasting_tablet: Tablet) -> None:
    lasting_tablet.socket.send("x" * 65_536)
    assert lasting_tablet.hear()["type"] == "error"

    lasting_tablet.socket.send("x" * 65_537)
    with pytest.raises(ConnectionClosed) as closed:
        lasting_tablet.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NEARLY_RIGHT = st.fixed_dictionaries(
    {"type": st.sampled_from(["subscribe", "unsubscribe", "ping"])},
    optional={
        "channel": st.sampled_from(["signals", "status", "alarms"]) | JSON,
        "rate_hz": st.floats() | st.integers() | JSON,
        "signals": st.lists(st.sampled_from(["0C", "engine_speed", "05@7E9", "ff"]) | JSON, max_size=5) | JSON,
        "language": st.sampled_from(["de", "en", "xx"]) | JSON,
        "confirm": st.booleans() | JSON,
        "id": JSON,
    },
)
ANYTHING = st.one_of(NEARLY_RIGHT.map(json.dumps), JSON.map(json.dumps), st.text(max_size=60))


@given(ANYTHING)
def test_any_text_is_a_message_or_a_refusal_in_words(text: str) -> None:
    message: Message | None = None
    refusal = ""
    try:
        message = parse(text)
    except BadMessage as bad:
        refusal = str(bad)
    assert (message is None) == bool(refusal)
    if message is None:
        return
    assert isinstance(message, Subscribe | Unsubscribe | Ping)
    if isinstance(message, Subscribe):
        assert LEAST_RATE <= message.rate_hz <= MOST_RATE
    if isinstance(message, Ping):
        json.dumps(message.id, allow_nan=False)


@given(texts=st.lists(ANYTHING, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_ends_the_connection(lasting_tablet: Tablet, texts: list[str]) -> None:
    for text in texts:
        lasting_tablet.socket.send(text)
    lasting_tablet.say(type="unsubscribe", channel="signals")
    lasting_tablet.say(type="ping", id="still there")
    while lasting_tablet.hear() != {"type": "pong", "id": "still there"}:
        pass
