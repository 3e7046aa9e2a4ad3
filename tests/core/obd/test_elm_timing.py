"""The adapter's wait for the car (AT ST) follows what is measured, and never makes a slow unit look silent."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.obd.elm_link import ElmLink
from core.obd.elm_timing import (
    DEFAULT_MS,
    ENOUGH,
    HIGHEST_MS,
    LOWEST_MS,
    STEP_MS,
    AdaptiveTimeout,
    steps,
)
from core.obd.gaps import GapCounter, GapKind
from core.obd.poller import Poller
from core.obd.simulator.car import load_car
from tests.core.obd.terminal import COUNTING_PIDS, RememberingCar
from tests.core.obd.virtual import Bench, CarT, Said, bench, patcher


def fed(timeout: AdaptiveTimeout, times: Sequence[float], ecu: str = "7E8") -> list[str]:
    """What is to be sent while these answers come in."""
    said = []
    for ms in times:
        timeout.answered(ecu, ms)
        change = timeout.change()
        if change is not None:
            said.append(change)
    return said


def test_it_begins_with_the_data_sheets_default_and_stays_there_until_enough_was_heard() -> None:
    timeout = AdaptiveTimeout()
    assert timeout.text == "32"
    assert fed(timeout, [8.0] * (ENOUGH - 1)) == []


def test_it_follows_twice_the_slowest_answer() -> None:
    timeout = AdaptiveTimeout()
    assert fed(timeout, [20.0] * 40) == ["0D"]  # 2 * 20 + 12.3 = 52.3 ms: 13 steps
    assert fed(timeout, [60.0]) == ["20"]  # 132.3 ms: up at once
    assert fed(timeout, [20.0] * 31) == [], "remembered for a while"
    assert fed(timeout, [20.0]) == ["0D"]


def test_small_changes_are_not_worth_a_command() -> None:
    timeout = AdaptiveTimeout()
    fed(timeout, [40.0] * 40)
    assert fed(timeout, [36.0] * 40) == []


def test_a_unit_that_is_asked_now_and_then_is_not_taken_for_a_fast_one() -> None:
    timeout = AdaptiveTimeout()
    timeout.answered("7E9", 90.0)
    assert fed(timeout, [8.0] * 200) == [], "too little is known of the second unit"
    fed(timeout, [90.0] * ENOUGH, "7E9")
    assert timeout.current_ms >= 180


def test_a_missing_answer_raises_it_at_once_and_is_remembered() -> None:
    timeout = AdaptiveTimeout()
    fed(timeout, [10.0] * 40)
    before = timeout.current_ms
    timeout.missing()
    assert timeout.change() is not None
    assert timeout.current_ms >= 1.2 * before
    raised = timeout.current_ms
    fed(timeout, [10.0] * 100)
    assert timeout.current_ms == raised


@given(
    st.lists(
        st.one_of(st.tuples(st.sampled_from(["7E8", "7E9", "10"]), st.floats(0, 2000)), st.just(("missing", 0.0))),
        max_size=200,
    )
)
def test_it_stays_within_its_limits_and_says_what_it_holds(events: list[tuple[str, float]]) -> None:
    timeout = AdaptiveTimeout()
    sent = "32"
    for ecu, ms in events:
        if ecu == "missing":
            timeout.missing()
        else:
            timeout.answered(ecu, ms)
        sent = timeout.change() or sent
        assert LOWEST_MS <= timeout.current_ms <= HIGHEST_MS + STEP_MS / 2
        assert sent == timeout.text == f"{steps(timeout.current_ms):02X}"


# --- with an adapter --------------------------------------------------------------------------------------------------


def connected(
    rig: Bench[CarT], ecu: str = "7E8", pids: Sequence[int] = COUNTING_PIDS
) -> tuple[ElmLink, Poller, GapCounter]:
    link = rig.plug_in()
    assert link.find_car().messages
    link.learn_abilities(ecu, list(pids))
    gaps = GapCounter()
    return link, Poller(link, gaps, lambda kind, detail: None, lambda message, request: None), gaps


@pytest.mark.parametrize("dialect", [None, "clone-bt", "clone-v2.1", "elm327-v1.4", "stn"])
@pytest.mark.parametrize("model", ["usb115200", "usb38400", "bluetooth", "clone"])
def test_it_settles_without_one_false_silence(model: str, dialect: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path("compact_petrol"), seed=5), model=model, dialect=dialect)
    _, poller, gaps = connected(rig, pids=(0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x0F))
    for n in range(400):
        assert poller.poll("7E8", (0x0C,) if n % 2 else (0x0D,)).data
        assert n % 20 or poller.poll("7E9", (0x05,)).data
    assert gaps.snapshot() == {}
    if dialect in (None, "elm327-v1.4", "stn"):  # the others forget it or do not know it
        assert rig.adapter.settings.st * STEP_MS < 0.6 * DEFAULT_MS


@pytest.mark.parametrize("model", ["usb115200", "bluetooth", "clone"])
def test_what_a_silence_costs_is_less_once_it_has_settled(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), RememberingCar(), model=model)
    _, poller, _ = connected(rig)
    costs = []
    for polls in (1, 200):
        for _ in range(polls):
            poller.poll("7E8", (0x0C,))
        rig.board.inject("no_data")
        began = rig.clock.now
        poller.poll("7E8", (0x0C,))
        costs.append(rig.clock.now - began)
    assert costs[1] < 0.7 * costs[0]


class Slowing(RememberingCar):
    """Answers in 8 ms, and when it gets warm in 90."""

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        self.delay_s = 0.09 if self.count > 200 else 0.008
        return super().answer(request, target, now)


def test_a_unit_that_becomes_slow_is_heard_again_after_a_few_silences(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), Slowing(), model="usb115200")
    _, poller, gaps = connected(rig)
    answered = [bool(poller.poll("7E8", (0x0C,)).data) for _ in range(400)]
    assert all(answered[:150])
    assert all(answered[-150:])
    assert gaps.snapshot()[GapKind.NO_DATA] < 12


def test_a_pid_that_never_answered_does_not_slow_the_others_down(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), RememberingCar(), model="usb115200")
    _, poller, _ = connected(rig)
    for n in range(300):
        poller.poll("7E8", (0x0C,) if n % 10 else (0x3E,))  # 3E is no PID of this car
    assert rig.adapter.settings.st * STEP_MS < 0.5 * DEFAULT_MS


class SlowSecond(RememberingCar):
    """A second unit that takes its time, and is not polled."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.other = RememberingCar(ecu=0x7E9, delay_s=0.15)

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        return [*super().answer(request, target, now), *self.other.answer(request, target, now)]


def test_a_question_to_everybody_waits_for_units_that_are_not_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan while values stream must not lose the slow ones: they would look like units without faults."""
    rig = bench(patcher(monkeypatch), SlowSecond(), model="ideal", dialect="elm327")
    link, poller, _ = connected(rig)
    for _ in range(200):
        poller.poll("7E8", (0x0C,))
    assert link.request("7E8", b"\x01\x0c").messages
    assert {message.ecu for message in link.request(None, b"\x01\x0c").messages} == {"7E8", "7E9"}
    poller.poll("7E8", (0x0C,))
    assert rig.adapter.settings.st * STEP_MS < DEFAULT_MS, "and back"
