"""A headless Chromium, driven over its DevTools socket: enough to open a page, ask it things and touch it."""

import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20.0  # s


def chromium() -> str | None:
    """The path of a Chromium or Chrome on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


class Page:
    """One tab of 390 by 844 pixels, a phone's."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []  # errors of scripts, and what could not be loaded
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._do(f"{domain}.enable")
        metrics = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        self._do("Emulation.setDeviceMetricsOverride", **metrics)

    def open(self, url: str) -> None:
        """Go there; return when the document and all it names are loaded."""
        self.evaluate("window.left = true")
        self._do("Page.navigate", url=url)
        self.until('window.left === undefined && document.readyState === "complete"')

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression on the page."""
        answer = self._do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def until(self, script: str) -> None:
        """Return when the expression is true."""
        deadline = time.monotonic() + PATIENCE
        while not self.evaluate(script):
            assert time.monotonic() < deadline, f"never true: {script}; complaints: {self.complaints}"
            time.sleep(0.05)

    def press(self, selector: str) -> None:
        self.until(f"document.querySelector({json.dumps(selector)}) !== null")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def text(self, selector: str) -> str:
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def _do(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=PATIENCE))
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self._note(message)

    def _note(self, event: dict[str, Any]) -> None:
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(str(event["params"]["exceptionDetails"]))
            case "Log.entryAdded" if event["params"]["entry"]["level"] == "error":
                self.complaints.append(str(event["params"]["entry"]["text"]))
            case "Network.responseReceived" if event["params"]["response"]["status"] >= 400:
                self.complaints.append(str(event["params"]["response"]["url"]))


@contextmanager
def browser(program: str, profile: Path, language: str = "en-GB") -> Iterator[Page]:
    """A browser with a fresh ``profile`` folder and one empty tab; ended on leaving."""
    command = [
        program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", f"--lang={language}",
        f"--accept-lang={language}", "about:blank",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with connect(_tab(profile), max_size=None, proxy=None, close_timeout=0.2) as socket:
                yield Page(socket)
        finally:
            process.kill()


def _tab(profile: Path) -> str:
    """The DevTools address of the first tab: Chromium writes its port into the profile when it is up."""
    note = profile / "DevToolsActivePort"
    deadline = time.monotonic() + PATIENCE
    while True:
        assert time.monotonic() < deadline, "the browser did not come up"
        time.sleep(0.05)
        if not note.exists() or not (lines := note.read_text().splitlines()):
            continue
        tabs = httpx.get(f"http://127.0.0.1:{lines[0]}/json", trust_env=False).json()
        pages = [tab for tab in tabs if tab["type"] == "page"]
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
