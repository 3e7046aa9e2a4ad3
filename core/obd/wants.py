"""From signals that people want to PIDs of control units that can say them."""

from collections.abc import Iterable, Mapping

from core.obd import derived
from core.obd.scheduler import Priority, Want
from core.obd.signals import SIGNALS, by_pid
from core.obd.status import EcuInfo

LOWEST_HZ, HIGHEST_HZ = 0.02, 1000.0


def priority_of(owner: str) -> Priority:
    """``screen…`` first, then ``tablet:…``, then everybody else."""
    if owner.startswith("screen"):
        return Priority.SCREEN
    return Priority.TABLET if owner.startswith("tablet") else Priority.BACKGROUND


def owner_of(pid: int, ecus: Iterable[EcuInfo]) -> str | None:
    """The ECU that is asked for a PID: the first that supports it (7E8 is the engine's, ISO 15765-4 clause 8)."""
    return next((ecu.id for ecu in ecus if pid in ecu.supported), None)


def owners(ecus: tuple[EcuInfo, ...]) -> dict[str, str]:
    """Which ECU the plain name of each signal stands for."""
    return {
        signal.name: owner
        for pid in set().union(*(ecu.supported for ecu in ecus))
        for signal in by_pid(pid)
        if (owner := owner_of(pid, ecus)) is not None
    }


def available(ecus: tuple[EcuInfo, ...]) -> tuple[str, ...]:
    """Names of the signals these ECUs can say, and of those that can be derived from them."""
    pids = sorted(set().union(*(ecu.supported for ecu in ecus)))
    direct = [signal.name for pid in pids for signal in by_pid(pid)]
    return (*direct, *derived.available(direct))


def resolve(wants: Mapping[str, Mapping[str, float]], ecus: tuple[EcuInfo, ...]) -> list[Want]:
    """Wants by owner and signal name to PIDs; what this car cannot say is left out.

    A name may carry an ECU (``coolant_temperature@7E9``); a derived signal asks for the first inputs the car has.
    """
    known = set(available(ecus))
    out: list[Want] = []
    for owner, signals in wants.items():
        for key, hz in signals.items():
            name, _, ecu = key.partition("@")
            rate = min(HIGHEST_HZ, max(LOWEST_HZ, hz))
            for needed in _inputs(name, known):
                pid = SIGNALS[needed].pid
                if pid is None:
                    continue
                asked = ecu if any(e.id == ecu and pid in e.supported for e in ecus) else owner_of(pid, ecus)
                if asked is not None:
                    out.append(Want(asked, pid, rate, priority_of(owner)))
    return out


def _inputs(name: str, known: set[str]) -> tuple[str, ...]:
    signal = SIGNALS.get(name)
    if signal is None:
        return ()
    return (name,) if signal.pid is not None else derived.inputs_offered(name, known)
