"""A short drive for the tests: what a link gives a recorder, event by event, made of real encodings."""

import math
from collections.abc import Iterator
from pathlib import Path

from core.diagnostics.chunks import Event, Frame, Gap, Reply, State, Values, row_of
from core.diagnostics.recording import Recorder
from core.diagnostics.session import SessionIndex, SessionMeta, new_id
from core.diagnostics.session_writer import SessionWriter
from core.obd.signals import decode, encode

META = SessionMeta(
    vin="1HGCM82633A004352",
    vehicle="Accord",
    profile="vin-1HGCM82633A004352",
    address="tcp://127.0.0.1:35000",
    protocol="ISO 15765-4 (CAN 11 bit, 500 kbit/s)",
    adapter="STN1110 v4.0.4",
    mode="stn-batch6-count",
    version="0.1.0",
    ecus={"7E8": (0x04, 0x05, 0x0C, 0x0D), "7E9": (0x05,)},
)
BEGAN = 5000.0  # the monotonic clock when the drive begins
BEGAN_WALL = 1_790_000_000.25
BATCH = b"\x01\x0c\x0d\x04"


def seconds(t: float) -> float:
    """As a recording keeps it: whole microseconds."""
    return round(t * 1e6) / 1e6


def drive(duration: float = 10.0, hz: float = 10.0, *, can: bool = False) -> Iterator[Event]:
    """States, batched replies with their values, a derived value, a second ECU, refusals, gaps, and frames on CAN."""
    yield State(0.0, "connected")
    for n in range(int(duration * hz)):
        t = seconds(n / hz + 0.0123)
        rpm, speed, load = 2000 + 1500 * math.sin(t), 60 + 30 * math.sin(t / 3), 50 + 45 * math.sin(t / 2)
        pieces = [(0x0C, {"engine_speed": rpm}), (0x0D, {"vehicle_speed": speed}), (0x04, {"engine_load": load})]
        payload = b"\x41" + b"".join(bytes([pid]) + encode(pid, values) for pid, values in pieces)
        if can:
            yield Frame(t, 0x7E0, False, b"\x04" + BATCH, True)
            yield Frame(seconds(t + 0.004), 0x18DAF110, True, bytes([0x10, len(payload)]) + payload[:6], False)
        yield Reply(t, "7E8", BATCH, payload)
        for pid, values in pieces:
            yield Values(t, "7E8", decode(pid, encode(pid, values)))
        if n % 5 == 0:
            yield Values(t, "7E8", {"distance_driven": n * 0.01})
            t5 = seconds(t + 0.011)
            for ecu, degrees in (("7E9", 70.0), ("7E8", 80.0 + n / 10)):
                yield Reply(t5, ecu, b"\x01\x05", b"\x41\x05" + encode(0x05, {"coolant_temperature": degrees}))
                yield Values(t5, ecu, {"coolant_temperature": float(round(degrees))})
        if n % 20 == 7:
            yield Reply(seconds(t + 0.02), "7E8", b"\x01\x0f", b"\x7f\x01\x12")
            yield Gap(seconds(t + 0.02), "refused", "7E8: sub-function not supported")
        if n % 30 == 11:  # a late answer: it fits its question, but the link did not believe it, so it has no values
            yield Reply(seconds(t + 0.03), "7E8", b"\x01\x0c", b"\x41\x0c\xff\xff")
            yield Gap(seconds(t + 0.03), "late", "7E8: 410cffff")
    yield State(seconds(duration), "stale: car silent")


def feed(recorder: Recorder, event: Event) -> None:
    """Give one event to a recorder, as a link would, on its clock."""
    t = recorder.began + event.t
    match event:
        case Reply():
            recorder.reply(t, event.ecu, event.request, event.payload)
        case Values():
            recorder.values(t, event.ecu, event.values)
        case Gap():
            recorder.gap(t, event.kind, event.detail)
        case State():
            recorder.state(t, event.text)
        case Frame():
            recorder.frame(t, event.arbitration_id, event.extended, event.data, event.outgoing)


def record(
    home: Path, events: list[Event] | None = None, *, meta: SessionMeta = META, roll_bytes: int = 1 << 20
) -> str:
    """Record a whole drive and return its id; the writer takes it in several turns."""
    recorder = Recorder(
        home, clock=lambda: BEGAN, wall=lambda: BEGAN_WALL, sync_s=0.005, roll_bytes=roll_bytes, queue_rows=10**6
    )
    id = recorder.start(meta)
    for event in list(drive()) if events is None else events:
        feed(recorder, event)
    assert recorder.stop(20)
    return id


def record_in_parts(home: Path, events: list[Event], parts: int, *, meta: SessionMeta = META) -> str:
    """Record a drive cut into so many chunks of about equal length, and return its id."""
    index = SessionIndex(new_id(round(BEGAN_WALL * 1000)), round(BEGAN_WALL * 1000), BEGAN, meta)
    writer = SessionWriter(home, index, lambda: BEGAN, lambda: BEGAN_WALL)
    rows = [row_of(event) for event in events]
    for part in range(parts):
        writer.keep(rows[len(rows) * part // parts : len(rows) * (part + 1) // parts])
        writer.roll()
    writer.finish()
    return index.id
