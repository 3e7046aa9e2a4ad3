"""What the car's own monitors measured (service 06): value and limits of every test, in its unit.

On CAN each test names its scaling; 0x80 and above are signed. A scaling nobody knows is shown as the bare number, not
dropped. The numbers of tests from 0x80 on are the maker's and mean something else under each monitor, so a test is
known by monitor and test together (python-OBD overwrites them by name, research §2.3). Older protocols number their
tests by maker without any scaling and are not read here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import resources
from core.language import mark, tr
from core.obd.link import DiagLink, EcuMessage
from core.obd.signals import MASK_PIDS, supported_from_mask

SERVICE = 0x06
TEST_BYTES = 9  # monitor, test, scaling, value, lower limit, upper limit

# SAE J1979-DA appendix D: the test numbers that mean the same under every monitor.
TITLES: Mapping[int, str] = {
    0x01: mark("Rich to lean sensor threshold voltage"),
    0x02: mark("Lean to rich sensor threshold voltage"),
    0x03: mark("Low sensor voltage for switch time"),
    0x04: mark("High sensor voltage for switch time"),
    0x05: mark("Rich to lean sensor switch time"),
    0x06: mark("Lean to rich sensor switch time"),
    0x07: mark("Minimum sensor voltage for test cycle"),
    0x08: mark("Maximum sensor voltage for test cycle"),
    0x09: mark("Time between sensor transitions"),
    0x0A: mark("Sensor period"),
    0x0B: mark("Average misfires over the last ten driving cycles"),
    0x0C: mark("Misfires in the last or current driving cycle"),
}


class ResultsError(ValueError):
    """A reply that is no list of test results."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """``number * factor + offset`` in ``unit``."""

    factor: float
    offset: float
    unit: str


@dataclass(frozen=True, slots=True)
class MonitorTest:
    """One result. ``raw`` are value, lower and upper limit as sent, with their sign; the others are in ``unit``.

    ``known`` is False when the scaling is not in the table: then value and limits are the raw numbers, without a unit.
    """

    ecu: str
    monitor: int
    test: int
    scaling: int
    raw: tuple[int, int, int]
    value: float
    low: float
    high: float
    unit: str
    known: bool

    @property
    def passed(self) -> bool:
        value, low, high = self.raw
        return low <= value <= high

    @property
    def has_run(self) -> bool:
        """False after clearing, until the monitor has run: value and limits are zero (SAE J1979 clause 6.6)."""
        return self.raw != (0, 0, 0)

    @property
    def title(self) -> str:
        """What is measured, or the bare number for a test of the maker's own."""
        words = TITLES.get(self.test)
        return tr(words) if words else tr("Test {number}", number=f"{self.monitor:02X}-{self.test:02X}")


@cache
def scalings() -> Mapping[int, Scaling]:
    """The table of SAE J1979-DA appendix E by number. Raises ``ValueError`` for a row that cannot be."""
    found: dict[int, Scaling] = {}
    with resources.path("signals", "test_scalings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["scaling"], 16)
            if number in found or not row["source"]:
                raise ValueError(f"test_scalings.csv: {row}")
            found[number] = Scaling(float(row["factor"]), float(row["offset"]), row["unit"])
    return found


def decode_tests(message: EcuMessage) -> tuple[MonitorTest, ...]:
    """The results in one message: ``46 01 05 10 00 2A 00 00 00 78`` is 42 ms, allowed 0 to 120.

    Raises ``ResultsError``.
    """
    payload = message.payload
    body = payload[1:]
    if payload[:1] != bytes([SERVICE | 0x40]) or not body or len(body) % TEST_BYTES:
        raise ResultsError(payload.hex())
    if len(set(body[::TEST_BYTES])) > 1:
        raise ResultsError(payload.hex())  # one request names one monitor: anything else is a shifted reply
    return tuple(_test(message.ecu, body[at : at + TEST_BYTES]) for at in range(0, len(body), TEST_BYTES))


def _test(ecu: str, data: bytes) -> MonitorTest:
    monitor, test, number = data[:3]
    signed = number >= 0x80
    raw = tuple(int.from_bytes(data[at : at + 2], "big", signed=signed) for at in (3, 5, 7))
    scaling = scalings().get(number)
    known = scaling is not None
    scale = scaling or Scaling(1.0, 0.0, "")
    value, low, high = (n * scale.factor + scale.offset for n in raw)
    return MonitorTest(ecu, monitor, test, number, (raw[0], raw[1], raw[2]), value, low, high, scale.unit, known)


def read_tests(link: DiagLink, ecu: str) -> dict[tuple[int, int], MonitorTest]:
    """All results of one control unit, by monitor and test. What it does not answer is left out.

    Raises what the link raises.
    """
    results: dict[tuple[int, int], MonitorTest] = {}
    for monitor in _monitors(link, ecu):
        for message in link.request(ecu, bytes([SERVICE, monitor])).messages:
            if message.payload[1:2] != bytes([monitor]):
                continue
            try:
                tests = decode_tests(message)
            except ResultsError:
                continue
            results.update({(test.monitor, test.test): test for test in tests})
    return results


def _monitors(link: DiagLink, ecu: str) -> list[int]:
    monitors: list[int] = []
    for base in sorted(MASK_PIDS):
        if base and base not in monitors:
            break
        for message in link.request(ecu, bytes([SERVICE, base])).messages:
            if message.payload[:2] == bytes([SERVICE | 0x40, base]) and len(message.payload) == 6:
                monitors += sorted(supported_from_mask(base, message.payload[2:]))
    return [monitor for monitor in monitors if monitor not in MASK_PIDS]
