"""A source of values without a car: the tests put samples in, and see what was asked for."""

import time
from collections.abc import Mapping

from core.diagnostics.profiles import VehicleProfile
from core.obd.status import AdapterInfo, EcuInfo, LinkState, LinkStatus, Trouble
from core.obd.store import Signals

CONNECTED = LinkStatus(
    state=LinkState.CONNECTED,
    trouble=Trouble.NONE,
    adapter=AdapterInfo("ELM327 v1.5", "elm327"),
    protocol="ISO 15765-4 (CAN 11 bit, 500 kbit/s)",
    ecus=(EcuInfo("7E8"), EcuInfo("7E9")),
    vin="WVWZZZ1JZXW000001",
)


class FakeSource:
    """Implements ``core.diagnostics.source.Source``. Ages are against ``now``, which a test may move."""

    def __init__(self, *offered: str, status: LinkStatus = CONNECTED) -> None:
        self.signals = Signals()
        self.offered = offered
        self.link = status
        self.watched: dict[str, dict[str, float]] = {}
        self.later = 0.0  # s added to the clock
        self._profile = VehicleProfile("vin-WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001", "Golf of Mrs Ott")

    def put(self, name: str, value: float, *, age: float = 0.0, ecu: str = "7E8") -> None:
        """A sample that was received ``age`` seconds ago."""
        self.signals.write(name, self.now() - age, value, ecu)

    def now(self) -> float:
        return time.monotonic() + self.later

    def status(self) -> LinkStatus:
        return self.link

    def available(self) -> tuple[str, ...]:
        return self.offered

    def watch(self, owner: str, wants: Mapping[str, float]) -> None:
        if wants:
            self.watched[owner] = dict(wants)
        else:
            self.watched.pop(owner, None)

    @property
    def profile(self) -> VehicleProfile:
        return self._profile
