"""A terminal that only announces itself and tells on its output whom it sees; run as a process of its own."""

import asyncio
import json
import signal
import sys

from server.discovery import Discovery, Presence, Sighting


class Teller:
    """Prints one JSON line for whatever it hears."""

    def seen(self, sighting: Sighting) -> None:
        self._say(seen=sighting.device_id, urls=list(sighting.urls), workshop=sighting.workshop, name=sighting.name)

    def lost(self, sighting: Sighting) -> None:
        self._say(lost=sighting.device_id)

    def cloned(self, sighting: Sighting | None) -> None:
        self._say(cloned=None if sighting is None else list(sighting.urls))

    def network_changed(self) -> None:
        self._say(network="changed")

    def _say(self, **what: object) -> None:
        print(json.dumps(what), flush=True)


async def announce(device_id: str, port: int) -> None:
    presence = Presence(device_id, "00" * 8, "ab" * 8)
    discovery = Discovery(
        terminal="Bay",
        version="1",
        port=port,
        presence=lambda: presence,
        watcher=Teller(),
        interfaces=sys.argv[3:] or None,
    )
    running = asyncio.create_task(discovery.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await asyncio.wait({running}, timeout=60)  # a test that is killed leaves nothing behind


if __name__ == "__main__":
    asyncio.run(announce(sys.argv[1], int(sys.argv[2])))
