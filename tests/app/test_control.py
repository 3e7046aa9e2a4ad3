"""The command line and a running terminal: only who may read the data folder is let in; a dead one is recognised."""

import json
import stat
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from app import control
from app.control import Control, NoAnswer, Refused

SECRET = "the secret"


class _Terminal(BaseHTTPRequestHandler):
    """Answers what it is told to, and remembers what it was asked."""

    answers: ClassVar[dict[tuple[str, str], tuple[int, Any]]] = {}
    asked: ClassVar[list[tuple[str, str, Any]]] = []

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append((self.command, self.path, json.loads(body) if body else None))
        status, said = self.answers.get((self.command, self.path), (404, {"detail": "no such route"}))
        if self.headers["Authorization"] != f"Bearer {SECRET}":
            status, said = 401, {"detail": "not for you"}
        data = b"" if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: Any) -> None:
        """A test is quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    _Terminal.answers, _Terminal.asked = {}, []
    with HTTPServer(("127.0.0.1", 0), _Terminal) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_what_a_terminal_announces_is_found_and_gone_after_it(tmp_path: Path) -> None:
    control.announce(tmp_path, 8420, SECRET)
    assert Control.of(tmp_path) == Control(8420, SECRET)
    control.withdraw(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoAnswer, match=str(tmp_path)):
        Control.of(tmp_path)
    control.withdraw(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits; the profile folder is the user's own")
def test_only_its_own_user_may_read_the_secret(tmp_path: Path) -> None:
    (tmp_path / control.FILE).write_text("left by another")
    (tmp_path / control.FILE).chmod(0o644)
    control.announce(tmp_path, 8420, SECRET)
    assert stat.S_IMODE((tmp_path / control.FILE).stat().st_mode) == 0o600


def test_secrets_are_long_and_never_the_same() -> None:
    assert len({control.new_secret() for _ in range(100)}) == 100
    assert len(control.new_secret()) >= 32


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", "3", '{"port": 8420}', '{"port": "8420", "secret": "s"}', '{"port": 0, "secret": "s"}',
     '{"port": 70000, "secret": "s"}', '{"port": true, "secret": "s"}', '{"port": 8420, "secret": 3}'],
)  # fmt: skip
def test_a_damaged_announcement_is_told_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / control.FILE).write_text(text)
    with pytest.raises(NoAnswer, match="cannot be used"):
        Control.of(tmp_path)


def test_what_can_be_asked(port: int) -> None:
    _Terminal.answers = {
        ("POST", "/control/v1/pairing"): (200, {"code": "12345678", "address": "https://h:1", "expires_s": 120}),
        ("GET", "/control/v1/peers"): (200, {"peers": [{"device_id": "D"}]}),
        ("DELETE", "/control/v1/peers/A%2FB%20C"): (204, None),
        ("POST", "/control/v1/tokens"): (201, {"token": "t0k3n"}),
    }
    terminal = Control(port, SECRET)
    assert terminal.open_pairing() == {"code": "12345678", "address": "https://h:1", "expires_s": 120}
    assert terminal.peers() == [{"device_id": "D"}]
    terminal.remove("A/B C")
    assert terminal.new_token("viewer", "Wall board") == "t0k3n"
    assert _Terminal.asked[-1] == ("POST", "/control/v1/tokens", {"role": "viewer", "name": "Wall board"})


def test_a_refusal_has_the_terminals_own_words(port: int) -> None:
    _Terminal.answers = {("POST", "/control/v1/pairing"): (429, {"detail": "Too many codes: wait a minute."})}
    with pytest.raises(Refused, match="wait a minute") as refused:
        Control(port, SECRET).open_pairing()
    assert refused.value.http == 429


def test_without_the_secret_nothing_is_told(port: int) -> None:
    with pytest.raises(Refused, match="not for you"):
        Control(port, "another").peers()


def test_an_answer_that_is_no_json_is_still_told(port: int) -> None:
    _Terminal.answers = {("POST", "/control/v1/pairing"): (500, b"<html>")}
    with pytest.raises(Refused, match="500"):
        Control(port, SECRET).open_pairing()


def test_nobody_there_is_told_in_words() -> None:
    with HTTPServer(("127.0.0.1", 0), _Terminal) as server:
        port = server.server_address[1]
    with pytest.raises(NoAnswer, match="does not answer"):
        Control(port, SECRET).peers()
