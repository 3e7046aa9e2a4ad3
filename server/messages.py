"""What a tablet may say on ``/live``, read from untrusted text: a message of ours, or a refusal in words."""

import json
import math
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from core import language
from core.language import tr
from core.obd.signals import UnknownSignal, find
from server.snapshot import signal_of

LEAST_RATE, MOST_RATE, USUAL_RATE = 0.1, 30.0, 10.0  # Hz
MOST_SIGNALS = 256  # in one subscription; the tables have fewer
LONGEST_NAME = 80

Channel = Literal["signals", "status", "alarms"]
CHANNELS: tuple[Channel, ...] = ("signals", "status", "alarms")


class BadMessage(ValueError):  # noqa: N818 - said to a person, like BadRequest elsewhere
    """The client's message cannot be followed; the text says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Send this channel from now on. ``signals`` are keys of the store, None means all that are offered.

    ``rate_hz`` is what is granted; ``told`` that the client has to hear of it, because it asked for something else or
    asked to be told.
    """

    channel: Channel
    rate_hz: float = USUAL_RATE
    signals: tuple[str, ...] | None = None
    language: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    channel: Channel


@dataclass(frozen=True, slots=True)
class Ping:
    """Answered with a pong that carries the same ``id`` (a number, a text or nothing)."""

    id: str | int | float | None = None


Message = Subscribe | Unsubscribe | Ping


def parse(text: str) -> Message:
    """The message in ``text``. Raises ``BadMessage``, in the words for the person who writes the client."""
    fields = _fields(text)
    match fields.get("type"):
        case "subscribe":
            return _subscribe(fields)
        case "unsubscribe":
            return Unsubscribe(_channel(fields))
        case "ping":
            return _ping(fields)
        case str() as kind:
            raise BadMessage(
                tr("There is no message type “{kind}”: send subscribe, unsubscribe or ping.", kind=kind[:40])
            )
        case _:
            raise BadMessage(tr("A message needs a “type”: subscribe, unsubscribe or ping."))


def _fields(text: str) -> dict[str, object]:
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadMessage(tr("The message is not JSON.")) from None
    if not isinstance(found, dict):
        raise BadMessage(tr("A message is a JSON object such as {example}.", example='{"type": "ping"}'))
    return cast("dict[str, object]", found)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON (RFC 8259, section 6)")


def _subscribe(fields: dict[str, object]) -> Subscribe:
    channel = _channel(fields)
    asked = _rate(fields)
    granted = min(MOST_RATE, max(LEAST_RATE, asked))
    confirm = fields.get("confirm", False)
    if not isinstance(confirm, bool):
        raise BadMessage(tr("“confirm” is true or false."))
    return Subscribe(channel, granted, _signals(fields), _language(fields), told=confirm or granted != asked)


def _channel(fields: dict[str, object]) -> Channel:
    wanted = fields.get("channel", "signals")
    for channel in CHANNELS:
        if wanted == channel:
            return channel
    raise BadMessage(tr("“channel” is one of {channels}.", channels=", ".join(CHANNELS)))


def _rate(fields: dict[str, object]) -> float:
    wanted = fields.get("rate_hz", USUAL_RATE)
    sentence = tr("“rate_hz” is a number above 0; from {least} to {most} is granted.", least=LEAST_RATE, most=MOST_RATE)
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        raise BadMessage(sentence)
    try:
        rate = float(wanted)
    except OverflowError:
        raise BadMessage(sentence) from None
    if not math.isfinite(rate) or rate <= 0:
        raise BadMessage(sentence)
    return rate


def _signals(fields: dict[str, object]) -> tuple[str, ...] | None:
    wanted = fields.get("signals")
    if wanted is None:
        return None
    if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
        raise BadMessage(
            tr("“signals” is a list of names or PIDs, such as {example}.", example='["engine_speed", "0C"]')
        )
    if len(wanted) > MOST_SIGNALS:
        raise BadMessage(tr("At most {count} signals can be chosen at once.", count=MOST_SIGNALS))
    return tuple(dict.fromkeys(key for name in wanted for key in _keys(name)))


def _keys(name: str) -> tuple[str, ...]:
    """Keys of the store for what a client calls a signal: a name, a PID, a title, or a name of one control unit."""
    if len(name) > LONGEST_NAME:
        raise BadMessage(tr("A signal's name has at most {count} characters.", count=LONGEST_NAME))
    plain, at, unit = name.partition("@")
    if at and signal_of(plain) is not None and unit.isalnum() and unit.isascii() and len(unit) <= 8:
        return (name,)
    try:
        return tuple(signal.name for signal in find(name))
    except UnknownSignal as unknown:
        raise BadMessage(str(unknown)) from None


def _language(fields: dict[str, object]) -> str:
    wanted = fields.get("language", "")
    if not isinstance(wanted, str):
        raise BadMessage(tr("“language” is a text such as {example}.", example='"de"'))
    return wanted if wanted in language.AVAILABLE else ""


def _ping(fields: dict[str, object]) -> Ping:
    given = fields.get("id")
    good = (
        isinstance(given, str | int | float | None) and not isinstance(given, bool) and len(str(given)) <= LONGEST_NAME
    )
    if not good or (isinstance(given, float) and not math.isfinite(given)):
        raise BadMessage(tr("“id” is a number or a short text."))
    return Ping(cast("str | int | float | None", given))
