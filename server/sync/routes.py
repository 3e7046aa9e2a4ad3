"""What other terminals may ask: ``/sync/v1``. Each request is signed by a device key; strangers get one answer, no.

================================  ====================================================================================
``POST session``                  a session for the requests to come (``core.trust.signing``)
``POST hello pull push …``        the exchange: the kinds of ``core.sync.messages``
``POST poke``                     "something new": whoever is poked comes and fetches it
``GET files/{sha256}``            bytes of a photo or a document, with Range
``GET snapshot``                  the whole workshop for who joins, with Range; 202 while it is being made
``DELETE snapshot``               it was fetched
``POST pair/1``, ``POST pair/2``  pairing (``core.trust.pairing``), while a code is on the screen
================================  ====================================================================================

Messages are those of ``server.sync.packing``. Nothing here blocks the server's loop: what touches the records runs in a
small pool, so that many terminals that come at once wait in a line instead of fighting for the disk.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response

from core.language import tr
from core.sync.messages import KINDS, RefusedError
from core.trust.errors import CodeRefusedError, PairingError, PairingPausedError
from core.trust.pairing import MOST_MESSAGE
from core.trust.signing import DEVICE_HEADER, RequestRefusedError, RequestVerifier, SessionOverError
from server.desk import run_in
from server.problems import problem
from server.sync.membership import Membership
from server.sync.packing import MEDIA_TYPE, MOST_PACKED, PackingError, pack, unpack
from server.sync.pairing_desk import PairingDesk
from server.sync.seeds import Seeds, TooManySeedsError
from server.sync.sightings import url

log = logging.getLogger(__name__)

PREFIX = "/sync/v1"
REFUSAL_HEADER = "bayline-refusal"  # for the caller's program: "member", "session", "code" or "exchange"
DIGEST_HEADER = "bayline-sha256"
PORT_HEADER = "bayline-port"  # where the caller itself listens: a hint, and not signed
SIZE_HEADER = "bayline-size"
BODY_WITHIN = 30.0  # s for the rest of a request


class Answers(Protocol):
    """The exchange, as a server needs it. Raises ``ValueError`` for a message without sense, ``RefusedError``."""

    def answer(self, kind: str, message: dict[str, Any], caller: str) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Behind:
    """What the routes stand before.

    ``file`` finds the bytes of a SHA-256. On the loop: ``heard`` is told who calls, and from where it says it can be
    reached; ``poked`` hears of a poke, and answers it.
    """

    members: Membership
    verifier: RequestVerifier
    exchange: Answers
    pool: Executor
    desk: PairingDesk
    seeds: Seeds
    file: Callable[[str], Path | None]
    heard: Callable[[str, str], None]
    poked: Callable[[str, dict[str, Any]], dict[str, Any]]


def router(behind: Behind) -> APIRouter:
    """The routes, for the application to include."""
    routes = APIRouter(prefix=PREFIX, include_in_schema=False, dependencies=[Depends(_in_tls)])
    _add_exchange(routes, behind)
    _add_bytes(routes, behind)
    _add_pairing(routes, behind)
    return routes


def _in_tls(request: Request) -> None:
    """Nothing of this is said in the clear, not even to this computer's own programs."""
    if request.scope["scheme"] != "https":
        raise HTTPException(HTTPStatus.FORBIDDEN, tr("Terminals talk to each other encrypted only: use https://."))


def _add_exchange(routes: APIRouter, behind: Behind) -> None:
    @routes.post("/session")
    async def session(request: Request) -> Response:
        try:
            token = behind.verifier.session(request.headers.get(DEVICE_HEADER, ""))
        except RequestRefusedError as error:
            return _refused(error)
        return _packed({"session": token})

    def answering(kind: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            def work(caller: str, message: dict[str, Any]) -> dict[str, Any]:
                return behind.exchange.answer(kind, message, caller)

            return await _answered(request, behind, work)

        return answer

    for kind in KINDS:
        routes.add_api_route(f"/{kind}", answering(kind), methods=["POST"], name=kind)

    @routes.post("/poke")
    async def poke(request: Request) -> Response:
        try:
            caller, body = await _caller(request, behind)
            return _packed(behind.poked(caller, unpack(body)))
        except RequestRefusedError as error:
            return _refused(error)
        except ValueError as error:  # a message without sense
            return problem(HTTPStatus.BAD_REQUEST, str(error))


def _add_bytes(routes: APIRouter, behind: Behind) -> None:
    @routes.get("/files/{sha256}")
    async def file(request: Request, sha256: str) -> Response:
        try:
            await _caller(request, behind)
        except RequestRefusedError as error:
            return _refused(error)
        path = await run_in(behind.pool, lambda: behind.file(sha256))
        if path is None:
            return problem(HTTPStatus.NOT_FOUND, tr("This terminal does not have that file."))
        return FileResponse(path, media_type="application/octet-stream", headers={DIGEST_HEADER: sha256})

    @routes.get("/snapshot")
    async def snapshot(request: Request) -> Response:
        try:
            caller, _ = await _caller(request, behind)
            seed = behind.seeds.get(caller)
        except RequestRefusedError as error:
            return _refused(error)
        except TooManySeedsError:
            words = tr("Other terminals are joining right now. Try again when they are done.")
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, words, {"Retry-After": "5"})
        if seed.failure is not None:
            words = tr("The records could not be copied: {why}", why=seed.failure)
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR, words)
        if not seed.sha256:
            return JSONResponse({"done": seed.done, "total": seed.total}, HTTPStatus.ACCEPTED)
        return FileResponse(
            seed.path,
            media_type="application/octet-stream",
            headers={DIGEST_HEADER: seed.sha256, SIZE_HEADER: str(seed.path.stat().st_size)},
        )

    @routes.delete("/snapshot")
    async def fetched(request: Request) -> Response:
        try:
            caller, _ = await _caller(request, behind)
        except RequestRefusedError as error:
            return _refused(error)
        behind.seeds.drop(caller)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _add_pairing(routes: APIRouter, behind: Behind) -> None:
    def pairing(step: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if behind.desk.offer() is None:
                return _no()
            try:
                message = unpack(await _body(request, MOST_MESSAGE))
                return _packed(await run_in(behind.pool, lambda: step(message)))
            except PairingPausedError as error:
                wait = {"Retry-After": str(math.ceil(error.wait_s))}
                return problem(HTTPStatus.TOO_MANY_REQUESTS, str(error), wait)
            except CodeRefusedError as error:
                return problem(HTTPStatus.FORBIDDEN, str(error), {REFUSAL_HEADER: "code"})
            except (PairingError, PackingError) as error:
                return problem(HTTPStatus.BAD_REQUEST, str(error))

        return answer

    routes.add_api_route("/pair/1", pairing(behind.desk.hello), methods=["POST"], name="pair_hello")
    routes.add_api_route("/pair/2", pairing(behind.desk.finish), methods=["POST"], name="pair_finish")


async def _answered(
    request: Request, behind: Behind, work: Callable[[str, dict[str, Any]], dict[str, Any]]
) -> Response:
    try:
        caller, body = await _caller(request, behind)

        def whole() -> bytes:
            return pack(work(caller, unpack(body)))  # packing takes its time too: not on the loop

        return Response(await run_in(behind.pool, whole), media_type=MEDIA_TYPE)
    except RequestRefusedError as error:
        return _refused(error)
    except RefusedError as error:  # another workshop, another protocol
        return problem(HTTPStatus.CONFLICT, str(error), {REFUSAL_HEADER: "exchange"})
    except ValueError as error:  # a message without sense; the exchange says what is wrong with it
        log.warning("a message from %s was refused: %s", request.headers.get(DEVICE_HEADER, "")[:70], error)
        return problem(HTTPStatus.BAD_REQUEST, str(error))


async def _caller(request: Request, behind: Behind) -> tuple[str, bytes]:
    """Who sent it, and what. A stranger's body is not even read. Raises ``RequestRefusedError``."""
    device_id = request.headers.get(DEVICE_HEADER, "")
    known = behind.members.known(device_id)
    if known is None or known.removed:
        raise RequestRefusedError(device_id[:70])
    body = await _body(request, MOST_PACKED)
    target = request.scope["raw_path"].decode("latin-1")
    if request.scope["query_string"]:
        target += "?" + request.scope["query_string"].decode("latin-1")
    caller = behind.verifier.verify(request.method, target, request.headers, body)
    port = request.headers.get(PORT_HEADER, "")
    if request.client is not None and port.isdecimal() and 0 < int(port[:6]) < 65536:
        behind.heard(caller, url(request.client.host, int(port[:6])))
    return caller, body


async def _body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "0")
    pieces: list[bytes] = []
    total = 0
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for piece in request.stream():
                total += len(piece)
                if total > most or not length.isdigit() or int(length) > most:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, tr("This message is too large."))
                pieces.append(piece)
    except TimeoutError:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, tr("The message did not arrive in time.")) from None
    return b"".join(pieces)


def _packed(message: dict[str, Any]) -> Response:
    return Response(pack(message), media_type=MEDIA_TYPE)


def _refused(error: RequestRefusedError) -> Response:
    """A member whose session is over may ask for another; everybody else hears the same, whatever the reason."""
    if isinstance(error, SessionOverError):
        return problem(HTTPStatus.UNAUTHORIZED, str(error), {REFUSAL_HEADER: "session"})
    log.info("a sync request was refused: %s", type(error).__name__)
    return _no()


def _no() -> Response:
    words = tr("This terminal talks to the terminals of its own workshop only.")
    return problem(HTTPStatus.FORBIDDEN, words, {REFUSAL_HEADER: "member"})
