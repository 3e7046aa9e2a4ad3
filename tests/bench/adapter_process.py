"""A simulated adapter in a process of its own, so that it shares no interpreter lock with what is measured."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from core.obd.simulator.car import load_car
from core.obd.simulator.server import SimulatedAdapter


class AdapterProcess:
    """``with AdapterProcess("usb115200", ecu_s=0.008) as sim: sim.address``. Ends when this process does."""

    def __init__(
        self, model: str, *, ecu_s: float | None = None, car: str = "compact_petrol", listen: str = ""
    ) -> None:
        arguments = [model, str(ecu_s or 0), car, listen or "tcp:127.0.0.1:0"]
        self._arguments = [sys.executable, "-m", "tests.bench.adapter_process", *arguments]
        self.address = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        return self

    def say(self, line: str) -> None:
        """A fault to inject: ``silence seconds=3``."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(5)


def main() -> None:
    model, ecu_s, car, listen = sys.argv[1:5]
    sim = SimulatedAdapter(load_car(Path(car)), model=model, listen=listen, ecu_s=float(ecu_s) or None)
    with sim:
        print(sim.address, flush=True)
        for line in sys.stdin:
            kind, *parameters = line.split()
            values = {name: float(text) for name, _, text in (one.partition("=") for one in parameters)}
            sim.faults.inject(kind, **values)


if __name__ == "__main__":
    main()
