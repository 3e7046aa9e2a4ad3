"""Ten tablets that stream and fifty requests a second, from a process of their own. Ends when its input does."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Self

import httpx
import websockets

TABLETS = 10
RATE_HZ = 10
REQUESTS_PER_SECOND = 50


class Tablets:
    """``with Tablets("http://127.0.0.1:8420")``: the load runs inside; ``counts`` tells afterwards what was served."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.counts: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.tablets", self._address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # "running"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        out, _ = self._process.communicate("", timeout=10)
        self.counts = json.loads(out)


async def _tablet(address: str, counts: dict[str, int]) -> None:
    async with websockets.connect(address.replace("http", "ws") + "/live") as socket:
        await socket.send(json.dumps({"type": "subscribe", "channel": "signals", "rate_hz": RATE_HZ}))
        async for message in socket:
            counts["messages"] += json.loads(message).get("type") == "signals"


async def _requests(address: str, counts: dict[str, int]) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        due = time.monotonic()
        while True:
            due += 1 / REQUESTS_PER_SECOND
            answer = await client.get("/api/v1/signals")
            counts["requests"] += answer.status_code == 200
            await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _main(address: str) -> None:
    counts = {"messages": 0, "requests": 0}
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(done.set)), daemon=True).start()
    tasks = [asyncio.create_task(_tablet(address, counts)) for _ in range(TABLETS)]
    tasks.append(asyncio.create_task(_requests(address, counts)))
    await asyncio.sleep(1.0)
    counts.update(messages=0, requests=0)
    began = time.monotonic()
    print("running", flush=True)
    await done.wait()
    seconds = time.monotonic() - began
    for task in tasks:
        task.cancel()
    print(json.dumps({name: round(count / seconds, 1) for name, count in counts.items()}), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
