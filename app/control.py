"""How the command line reaches the terminal that runs in a data folder: HTTP on loopback, with a secret only it has.

The running terminal writes ``control.json`` (``{"port", "secret", "pid"}``, mode 0600) into its data folder once its
page answers, and removes it when it stops. Whoever may read that file may use the workshop's records anyway: they lie
beside it. A file that a killed terminal left behind is recognised by the folder's lock, which the system takes back.

Every request carries ``Authorization: Bearer SECRET``; bodies and answers are JSON, errors problem details (RFC 9457):

=========================================  ==================  =================================================
``POST /control/v1/pairing``               nothing             ``{"code", "address", "expires_s", "tries_left"}``
``DELETE /control/v1/pairing``             nothing             204
``GET /control/v1/peers``                                      ``{"peers": [fields of PeerView, …]}``
``DELETE /control/v1/peers/{device_id}``                       204; 404 for a device that is not known
``POST /control/v1/tokens``                ``{"role","name"}``  ``{"token"}``; 422 for a role that is not known
``GET /control/v1/tokens``                                     ``{"tokens": [fields of TokenView, …]}``
``DELETE /control/v1/tokens/{id}``                             204; 404 for a token that is not known
``POST /control/v1/imports``               ``{"path", …}``     what ``core.csv_files.requests`` tells; 422 with words
``GET /control/v1/imports``                                    ``{"imports": [fields of Batch, …]}``
``DELETE /control/v1/imports/{id}``                            ``{"hidden", "stayed"}``; 422 with words
=========================================  ==================  =================================================
"""

import contextlib
import http.client
import json
import os
import secrets
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.failure import Failure
from core.diagnostics.files import read_whole, sync_folder
from core.language import tr

FILE = "control.json"
PREFIX = "/control/v1"
LOOPBACK = "127.0.0.1"
WITHIN_S = 15.0  # opening a pairing looks at the network's addresses; removing a terminal writes to disk
LONG_S = 3600.0  # a large import
_MOST_BYTES = 64 * 1024


def new_secret() -> str:
    """What a running terminal lets its own command line in with."""
    return secrets.token_urlsafe(32)


def announce(home: Path, port: int, secret: str) -> None:
    """Say in ``home`` that a terminal answers on ``port``. Raises ``OSError``."""
    file = home / FILE
    beside = file.with_name(f".{FILE}.{secrets.token_hex(4)}.new")
    text = json.dumps({"port": port, "secret": secret, "pid": os.getpid()})
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # nobody else reads it, from the start on
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(home)


def withdraw(home: Path) -> None:
    """Nobody answers any more. Only for who holds the folder's lock: also removes what a killed terminal left."""
    with contextlib.suppress(OSError):
        (home / FILE).unlink(missing_ok=True)


class Refused(Failure):
    """The running terminal would not; the message is its own. ``http`` is the status of its answer."""

    def __init__(self, words: str, http: int) -> None:
        super().__init__(words)
        self.http = http


class NoAnswer(Failure):
    """A terminal runs in the folder, but its control channel does not answer."""


@dataclass(frozen=True, slots=True)
class Control:
    """The running terminal of a data folder."""

    port: int
    secret: str

    @classmethod
    def of(cls, home: Path) -> "Control":
        """The terminal that runs in ``home``. Raises ``NoAnswer`` when it has not said where it is."""
        try:
            said = json.loads(read_whole(home / FILE, _MOST_BYTES))
            port, secret = said["port"], said["secret"]
        except FileNotFoundError:
            raise NoAnswer(_silent(home)) from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise NoAnswer(tr("{path} cannot be used: {why}.", path=home / FILE, why=error)) from error
        if type(port) is not int or not isinstance(secret, str) or not 0 < port < 65536:
            raise NoAnswer(tr("{path} cannot be used: {why}.", path=home / FILE, why=tr("it is damaged")))
        return cls(port, secret)

    def call(self, method: str, path: str, body: Any = None, *, within_s: float = WITHIN_S) -> Any:
        """The answer to ``method /control/v1/path``; None when it is empty. Raises ``Refused`` and ``NoAnswer``."""
        headers = {"Authorization": f"Bearer {self.secret}", "Accept": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=within_s)
        try:
            connection.request(method, PREFIX + path, sent, headers)
            answer = connection.getresponse()
            status, got = answer.status, answer.read(_MOST_BYTES * 16)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(
                tr("The terminal that runs in this data folder does not answer: {why}.", why=_reason(error))
            ) from error
        finally:
            connection.close()
        try:
            said = json.loads(got) if got else None
        except ValueError:
            said = None
        if 200 <= status < 300:
            return said
        detail = said.get("detail") if isinstance(said, dict) else None
        raise Refused(str(detail or tr("The running terminal refused ({status}).", status=status)), status)

    def open_pairing(self) -> dict[str, Any]:
        """Show a code; ``code``, ``address``, ``expires_s``."""
        return dict(self.call("POST", "/pairing"))

    def peers(self) -> list[dict[str, Any]]:
        """The other terminals of the workshop, as the running one sees them now."""
        return list(self.call("GET", "/peers")["peers"])

    def remove(self, device_id: str) -> None:
        """Take a terminal out of the workshop."""
        self.call("DELETE", f"/peers/{urllib.parse.quote(device_id, safe='')}")

    def new_token(self, role: str, name: str) -> str:
        """A new token for the HTTP interface; it is told this once."""
        return str(self.call("POST", "/tokens", {"role": role, "name": name})["token"])

    def tokens(self) -> list[dict[str, Any]]:
        """The tokens that were given out, without their secrets."""
        return list(self.call("GET", "/tokens")["tokens"])

    def imported(self, path: str, request: dict[str, Any]) -> dict[str, Any]:
        """Import a file of this machine; what was found and written."""
        return dict(self.call("POST", "/imports", {**request, "path": path}, within_s=LONG_S))

    def imports(self) -> list[dict[str, Any]]:
        """The imports there were."""
        return list(self.call("GET", "/imports")["imports"])

    def take_back(self, import_id: str) -> dict[str, Any]:
        """Take back an import; ``hidden`` and ``stayed``."""
        return dict(self.call("DELETE", f"/imports/{urllib.parse.quote(import_id, safe='')}", within_s=LONG_S))

    def revoke(self, token_id: str) -> None:
        """Take a token back."""
        self.call("DELETE", f"/tokens/{urllib.parse.quote(token_id, safe='')}")


def _silent(home: Path) -> str:
    return tr(
        "A Bayline is running with the data folder {path}, but it takes no commands: it is still starting, it is "
        "stopping, or its records or its page could not be opened, which it said when it started.",
        path=home,
    )


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


__all__ = ["FILE", "PREFIX", "Control", "NoAnswer", "Refused", "announce", "new_secret", "withdraw"]
