"""What a client sends: one JSON object of bearable size, or a refusal that says what was wrong with it."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request

from core.language import tr
from server.problems import Refusal

LARGEST = 1024 * 1024  # bytes: a repair order with its longest texts, every letter escaped, has a third of it


async def json_object(request: Request) -> dict[str, Any]:
    """The fields that were sent. Raises ``Refusal``: 400, 413, 415, 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/merge-patch+json"):
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, tr("Send JSON, with Content-Type: application/json."))
    found = parsed(await body_of(request, LARGEST))
    if not isinstance(found, dict):
        words = tr("A JSON object with the fields is expected.")
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words, [("", words)])
    return found


async def body_of(request: Request, most: int) -> bytes:
    """The body, read no further than it may be. Raises ``Refusal``: 413."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            words = tr("This is too much: {most} bytes are the most that is taken.", most=most)
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
    return bytes(body)


def parsed(body: bytes) -> Any:
    """The JSON in ``body``, strictly RFC 8259: UTF-8, no NaN, no name twice. Raises ``Refusal``: 400."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        why = tr("it is not UTF-8")
    except RecursionError:
        why = tr("it is nested too deeply")
    except ValueError as error:  # json's own faults, and numbers of more digits than Python reads
        why = str(error)
    raise Refusal(HTTPStatus.BAD_REQUEST, tr("The body is not JSON: {why}.", why=why))


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(tr("a name is there twice"))
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(tr("{name} is no number there", name=name))
