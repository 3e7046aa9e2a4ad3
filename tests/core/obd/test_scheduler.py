"""What is asked next."""

from collections import Counter

from core.obd.scheduler import Priority, Scheduler, Task, Want


def drive(scheduler: Scheduler, seconds: float, cost: float, max_pids: int = 6) -> Counter[int]:
    """Ask for ``seconds`` with a request costing ``cost`` seconds; how often each PID was asked."""
    asked: Counter[int] = Counter()
    now = 0.0
    while now < seconds:
        task = scheduler.next(now, max_pids)
        if isinstance(task, Task):
            asked.update(task.pids)
            scheduler.done(task, task.pids, now)
            now += cost
        else:
            now += min(task, 0.05)
    return asked


def test_each_signal_gets_the_rate_it_wants_while_the_link_can_keep_up() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("7E8", 0x0C, 10), Want("7E8", 0x05, 1), Want("7E8", 0x2F, 0.2)], 0.0)
    asked = drive(scheduler, 20.0, 0.01)
    assert 180 <= asked[0x0C] <= 320
    assert 18 <= asked[0x05] <= 40
    assert 3 <= asked[0x2F] <= 12


def test_signals_that_fit_travel_together_in_table_order() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("7E8", pid, 10) for pid in (0x11, 0x0D, 0x0C, 0x05, 0x04, 0x0F, 0x10)], 0.0)
    task = scheduler.next(0.0, 6)
    assert isinstance(task, Task)
    assert len(task.pids) == 6
    assert list(task.pids) == sorted(task.pids)


def test_one_pid_a_request_where_the_adapter_cannot_batch() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("10", pid, 10) for pid in (0x0C, 0x0D)], 0.0)
    task = scheduler.next(0.0, 1)
    assert isinstance(task, Task)
    assert len(task.pids) == 1


def test_control_units_are_never_mixed_in_a_request() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("7E8", 0x0C, 10), Want("7E9", 0x05, 10), Want("7E8", 0x0D, 10)], 0.0)
    seen = set()
    for n in range(4):
        task = scheduler.next(float(n), 6)
        assert isinstance(task, Task)
        scheduler.done(task, task.pids, float(n))
        seen.add((task.ecu, task.pids))
    assert seen == {("7E8", (0x0C, 0x0D)), ("7E9", (0x05,))}


def test_the_screen_goes_first_and_the_background_does_not_starve() -> None:
    scheduler = Scheduler()
    screen = [Want("7E8", pid, 50, Priority.SCREEN) for pid in range(4, 16)]
    scheduler.want([*screen, Want("7E8", 0x2F, 1, Priority.BACKGROUND)], 0.0)
    asked = drive(scheduler, 30.0, 0.1)
    assert min(asked[pid] for pid in range(4, 16)) > 4 * asked[0x2F]
    assert asked[0x2F] >= 5


def test_an_overloaded_link_slows_all_fast_signals_alike() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("7E8", pid, 50) for pid in range(4, 24)], 0.0)
    asked = drive(scheduler, 20.0, 0.05)
    assert max(asked.values()) - min(asked.values()) <= 2


def test_the_set_can_change_while_it_runs() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("7E8", 0x0C, 10)], 0.0)
    scheduler.done(Task("7E8", (0x0C,)), [0x0C], 0.0)
    scheduler.want([Want("7E8", 0x0D, 10)], 0.01)
    task = scheduler.next(0.01, 6)
    assert isinstance(task, Task)
    assert task.pids == (0x0D,)


def test_a_pid_that_never_answers_is_asked_alone_and_then_seldom() -> None:
    scheduler = Scheduler()
    scheduler.want([Want("7E8", 0x0C, 10), Want("7E8", 0x33, 10)], 0.0)
    now, alone, good = 0.0, 0, 0
    for _ in range(600):
        task = scheduler.next(now, 6)
        if not isinstance(task, Task):
            now += min(task, 0.02)
            continue
        alone += task.pids == (0x33,)
        good += 0x0C in task.pids
        scheduler.done(task, [pid for pid in task.pids if pid != 0x33], now)
        now += 0.02
    assert 1 <= alone < 12
    assert good > 100


def test_nothing_wanted_means_nothing_asked() -> None:
    assert Scheduler().next(0.0, 6) == float("inf")
