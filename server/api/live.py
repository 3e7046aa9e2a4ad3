"""``/live``: the WebSocket, and for whoever asks without one, what it is."""

from http import HTTPStatus

from fastapi import APIRouter, WebSocket
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.language import tr
from server.live import Hub
from server.problems import DOCUMENTED

PROTOCOL = """\
A WebSocket. Every message is one JSON object.

You send:

- `{"type": "subscribe", "channel": "signals", "rate_hz": 10}` – all signals, ten times a second. Choose some with
  `"signals": ["engine_speed", "0C"]` (names or PIDs). Rates from 0.1 to 30 are granted; when yours is changed, or you
  add `"confirm": true`, a `{"type": "subscribed", "channel": "signals", "rate_hz": 30.0}` comes first.
- `{"type": "subscribe", "channel": "status", "language": "de"}` – the state of the link in words, now and on change.
- `{"type": "subscribe", "channel": "alarms", "language": "de"}` – the alarms raised now, and again when they change.
- `{"type": "unsubscribe", "channel": "signals"}`
- `{"type": "ping", "id": 7}` – answered with `{"type": "pong", "id": 7}`.

You get:

- `{"type": "signals", "seq": 1, "data": {"engine_speed": {"value": 1726.0, "unit": "rpm", "age_s": 0.12, "state":
  "live"}}}`. `seq` starts at 1 and has no gaps. If you read more slowly than you asked for, you get fewer messages,
  always the newest; after ten seconds without reading the connection is closed.
- `{"type": "status", "state": "connected", "words": "Connected, 2 control units", …}`
- `{"type": "alarms", "alarms": [{"signal": "coolant_temperature", "severity": "critical", "state": "active", …}]}`
- `{"type": "error", "message": "…"}` – what you sent cannot be followed, and why. The connection stays.

A message over 64 KiB closes the connection (1009), so does the 65th device (1013). While a signal is subscribed to, the
terminal asks the car for it.
"""


def router(hub: Hub) -> APIRouter:
    """The live channel."""
    routes = APIRouter(tags=["live"])

    @routes.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await hub.serve(socket)

    @routes.get(
        "/live",
        summary="The live channel (WebSocket)",
        description=PROTOCOL,
        status_code=HTTPStatus.UPGRADE_REQUIRED,
        response_class=Response,
        responses={HTTPStatus.UPGRADE_REQUIRED: DOCUMENTED | {"description": "Asked for without a WebSocket."}},
    )
    async def explain() -> None:
        words = tr("This is the live channel: open it as a WebSocket. /docs says what to send.")
        raise HTTPException(HTTPStatus.UPGRADE_REQUIRED, words, {"Upgrade": "websocket"})

    return routes
