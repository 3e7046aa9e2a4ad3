"""The alarm book over the real store: every sample counts, one alarm an event, nothing vanishes unseen."""

import threading
from dataclasses import replace

import pytest

from core.diagnostics.alarms import (
    MOST_VISIBLE,
    AlarmBook,
    AlarmChange,
    AlarmChanged,
    AlarmRule,
    RuleError,
    Severity,
    UnknownAlarm,
)
from core.obd.store import Signals

REVS = AlarmRule("engine_speed", Severity.WARNING, above=6000.0, hysteresis=200.0)
WALL = 1_790_000_000.0


class Bench:
    """A store, a book, and everything the book told."""

    def __init__(self, *rules: AlarmRule) -> None:
        self.signals = Signals()
        self.book = AlarmBook(rules or (REVS,), wall=lambda: WALL)
        self.told: list[AlarmChanged] = []
        self.unsubscribe = self.book.subscribe(self.told.append)

    def feed(self, *samples: tuple[float, float], name: str = "engine_speed", ecu: str = "7E8") -> None:
        for t, value in samples:
            self.signals.write(name, t, value, ecu)

    @property
    def changes(self) -> list[AlarmChange]:
        return [one.change for one in self.told]


def test_a_spike_between_two_looks_is_not_missed() -> None:
    bench = Bench()
    bench.feed((0.0, 800), (0.1, 6500), (0.2, 900))
    bench.book.evaluate(bench.signals, 1.0)
    assert bench.changes == [AlarmChange.RAISED, AlarmChange.CLEARED]
    (alarm,) = bench.book.active()
    assert (alarm.peak, alarm.raised_at, alarm.cleared_at, alarm.state) == (6500, 0.1, 0.2, "cleared")
    assert alarm.raised_wall == pytest.approx(WALL - 0.9)


def test_a_sample_is_looked_at_once_even_when_two_bear_one_time() -> None:
    bench = Bench()
    for n in range(5):
        bench.feed((1.0, 800 + n))
        bench.book.evaluate(bench.signals, 1.0)
    bench.feed((1.0, 6500))
    bench.book.evaluate(bench.signals, 1.0)
    bench.book.evaluate(bench.signals, 1.0)
    assert bench.changes == [AlarmChange.RAISED]
    bench.feed((1.0, 800))
    bench.book.evaluate(bench.signals, 1.0)
    assert bench.changes == [AlarmChange.RAISED, AlarmChange.CLEARED]


def test_one_alarm_for_one_event_however_many_samples_and_the_peak_is_kept() -> None:
    bench = Bench()
    for n in range(200):
        bench.feed((n / 10, 6100 + n % 50))
        bench.book.evaluate(bench.signals, n / 10)
    assert bench.changes == [AlarmChange.RAISED]
    (alarm,) = bench.book.active()
    assert (alarm.state, alarm.peak) == ("active", 6149)


def test_it_clears_by_itself_and_stays_visible_until_a_person_saw_it() -> None:
    bench = Bench()
    bench.feed((0, 6500), (1, 800))
    bench.book.evaluate(bench.signals, 1)
    (alarm,) = bench.book.active()
    assert alarm.state == "cleared"
    seen = bench.book.acknowledge(alarm.id, "Kim")
    assert (seen.state, seen.acknowledged_by, seen.acknowledged_at) == ("closed", "Kim", WALL)
    assert bench.book.active() == ()
    assert bench.book.history() == (seen,)


def test_an_acknowledged_alarm_goes_when_it_clears() -> None:
    bench = Bench()
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    id = bench.book.active()[0].id
    assert bench.book.acknowledge(id, "Kim").state == "acknowledged"
    assert bench.book.acknowledge(id, "Lee").acknowledged_by == "Kim", "the first one stands"
    bench.feed((1, 800))
    bench.book.evaluate(bench.signals, 1)
    assert bench.book.active() == ()
    assert bench.book.history()[0].acknowledged_by == "Kim"
    assert bench.changes == [AlarmChange.RAISED, AlarmChange.ACKNOWLEDGED, AlarmChange.CLEARED]


def test_acknowledging_needs_an_alarm_and_somebody() -> None:
    bench = Bench()
    with pytest.raises(UnknownAlarm):
        bench.book.acknowledge("nothing", "Kim")
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    with pytest.raises(ValueError, match="who"):
        bench.book.acknowledge(bench.book.active()[0].id, "  ")


def test_an_alarm_does_not_clear_because_the_data_stopped() -> None:
    bench = Bench()
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    bench.book.evaluate(bench.signals, 60)
    bench.book.evaluate(bench.signals, 61)
    (alarm,) = bench.book.active()
    assert (alarm.state, alarm.stale) == ("active", True)
    bench.feed((62, 6400))
    bench.book.evaluate(bench.signals, 62)
    assert not bench.book.active()[0].stale
    bench.feed((63, 800))
    bench.book.evaluate(bench.signals, 63)
    assert bench.changes == [AlarmChange.RAISED, AlarmChange.STALE, AlarmChange.FRESH, AlarmChange.CLEARED]


def test_each_control_unit_has_its_own_alarm() -> None:
    bench = Bench()
    bench.feed((0, 6500))
    bench.feed((0.1, 6600), ecu="7E9")
    bench.book.evaluate(bench.signals, 1)
    assert {(alarm.key, alarm.ecu) for alarm in bench.book.active()} == {
        ("engine_speed", "7E8"),
        ("engine_speed@7E9", "7E9"),
    }


def test_a_warning_and_a_critical_rule_of_one_signal_are_two_alarms_the_critical_first() -> None:
    bench = Bench(REVS, replace(REVS, severity=Severity.CRITICAL, above=6400.0))
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    assert [alarm.rule.severity for alarm in bench.book.active()] == [Severity.CRITICAL, Severity.WARNING]


def test_a_disabled_rule_is_silent_and_disabling_ends_its_alarm() -> None:
    bench = Bench()
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    bench.book.set_rules([replace(REVS, enabled=False)])
    assert bench.book.active()[0].state == "cleared"
    bench.feed((1, 6700))
    bench.book.evaluate(bench.signals, 1)
    assert len(bench.book.active()) == 1


def test_changing_one_rule_leaves_the_others_alone_and_does_not_dig_up_the_past() -> None:
    load = AlarmRule("engine_load", Severity.WARNING, above=90.0, hysteresis=5.0)
    bench = Bench(REVS, load)
    bench.feed((0, 6500))
    bench.feed((0, 95), (1, 50), name="engine_load")
    bench.book.evaluate(bench.signals, 1)
    bench.book.set_rules([REVS, replace(load, above=80.0)])
    bench.book.evaluate(bench.signals, 2)
    assert bench.changes == [AlarmChange.RAISED, AlarmChange.RAISED, AlarmChange.CLEARED]
    bench.feed((3, 85), name="engine_load")
    bench.book.evaluate(bench.signals, 3)
    assert bench.changes[3:] == [AlarmChange.RAISED]
    assert {alarm.rule.signal for alarm in bench.book.active() if alarm.state == "active"} == {
        "engine_speed",
        "engine_load",
    }


def test_one_bad_rule_changes_nothing() -> None:
    bench = Bench()
    with pytest.raises(RuleError):
        bench.book.set_rules([replace(REVS, above=5000.0), replace(REVS, signal="flux_capacitor")])
    assert bench.book.rules() == (REVS,)


def test_the_book_starts_with_the_defaults() -> None:
    assert {rule.signal for rule in AlarmBook().rules()} == {"coolant_temperature", "engine_speed", "engine_load"}


def test_another_car_ends_the_alarms_of_the_last() -> None:
    bench = Bench()
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    bench.book.begin()
    assert bench.book.active()[0].state == "cleared"
    bench.signals.clear()
    bench.feed((1, 6500))
    bench.book.evaluate(bench.signals, 1)
    assert len(bench.book.active()) == 2


def test_rewinding_the_source_raises_nothing_twice() -> None:
    bench = Bench()
    bench.feed((10, 6500), (11, 800))
    bench.book.evaluate(bench.signals, 11)
    rewound = Signals()
    rewound.write("engine_speed", 5.0, 6500, "7E8")
    bench.book.evaluate(rewound, 5)
    assert bench.changes == [AlarmChange.RAISED, AlarmChange.CLEARED]
    rewound.write("engine_speed", 6.0, 6600, "7E8")
    bench.book.evaluate(rewound, 6)
    assert bench.changes[2:] == [AlarmChange.RAISED]


def test_a_flapping_value_cannot_fill_the_memory() -> None:
    bench = Bench()
    for n in range(MOST_VISIBLE + 50):
        bench.feed((2 * n, 6500), (2 * n + 1, 800))
    bench.book.evaluate(bench.signals, 1000)
    assert len(bench.book.active()) == MOST_VISIBLE
    assert len(bench.book.history()) == 50
    assert all(alarm.state == "cleared" for alarm in bench.book.history()), "and it does not claim anybody saw them"


def test_listeners_may_ask_the_book_and_may_leave() -> None:
    bench = Bench()
    shown: list[int] = []
    bench.book.subscribe(lambda change: shown.append(len(bench.book.active())))
    bench.unsubscribe()
    bench.feed((0, 6500))
    bench.book.evaluate(bench.signals, 0)
    assert shown == [1]
    assert bench.told == []


def test_people_and_samples_at_the_same_time() -> None:
    bench = Bench()
    done = threading.Event()

    def people() -> None:
        while not done.is_set():
            for alarm in bench.book.active():
                if alarm.state == "cleared":
                    bench.book.acknowledge(alarm.id, "Kim")

    reader = threading.Thread(target=people)
    reader.start()
    for n in range(300):
        bench.feed((n, 6500 if n % 2 else 800))
        bench.book.evaluate(bench.signals, n)
    done.set()
    reader.join(5)
    raised = bench.changes.count(AlarmChange.RAISED)
    assert raised == 150
    assert len(bench.book.active()) + len(bench.book.history()) == raised
