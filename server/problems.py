"""Errors as problem details (RFC 9457): one shape for every refusal, in words a person can act on."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Mount
from starlette.types import Receive, Scope, Send

from core.language import mark, tr
from core.people.roles import Denied
from core.records.errors import DiskFull, RecordsError
from core.records.input import NotFound, Refused

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field of what was sent."""

    field: str = Field(description="The field's name; empty for the whole.", examples=["plate"])
    detail: str = Field(description="What to do about it.", examples=["This must be filled in."])


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field("about:blank", description="A kind of problem; about:blank says no more than the status.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What happened and what to do.", examples=["There is nothing at /api/v1/nothing."])
    errors: list[FieldProblem] = Field(default=[], description="Of single fields, where the problem is with them.")


def _schema() -> dict[str, Any]:
    """In one piece: a reference would point into components that only FastAPI's own models get to."""
    schema = Problem.model_json_schema()
    part = schema.pop("$defs")["FieldProblem"]
    schema["properties"]["errors"]["items"] = part
    return schema


# For the description of the interface. FastAPI would list a model under application/json, which is not what is sent.
DOCUMENTED: dict[str, Any] = {
    "description": "It could not be answered; the detail says why.",
    "content": {MEDIA_TYPE: {"schema": _schema()}},
}


class Refusal(HTTPException):
    """A request that cannot be done as it was sent; ``errors`` tells it by field: (field, what to do)."""

    def __init__(self, status: int, detail: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(status, detail)
        self.errors = tuple(errors)


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: Sequence[tuple[str, str]] = ()
) -> Response:
    """A problem details response; ``errors`` are (field, what to do)."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body["detail"] = detail
    if errors:
        body["errors"] = [{"field": field, "detail": words} for field, words in errors]
    return Response(json.dumps(body), status, headers, MEDIA_TYPE)


async def refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send ``answer`` in place of what was asked for: to a request, or to the handshake of a WebSocket."""
    if scope["type"] == "http":
        await answer(scope, receive, send)
        return
    await send({"type": "websocket.http.response.start", "status": answer.status_code, "headers": answer.raw_headers})
    await send({"type": "websocket.http.response.body", "body": answer.body})


def of_records(error: RecordsError, path: str) -> Response:
    """What the records say of themselves, as the answer to a request for ``path``."""
    log.error("the records failed at %s: %s", path, error)
    full = isinstance(error, DiskFull)
    return problem(HTTPStatus.INSUFFICIENT_STORAGE if full else HTTPStatus.SERVICE_UNAVAILABLE, str(error))


def install(app: FastAPI) -> None:
    """Let every error of ``app`` be a problem."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(RecordsError, _records)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Denied, _denied)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail, headers = error.detail, dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = _allowed(request)
        headers["Allow"] = ", ".join(allowed)
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        detail = _not_so(request, allowed)
    elif detail == HTTPStatus(error.status_code).phrase:  # nobody has said more yet
        detail = _usual_words(error.status_code, request)
    return problem(error.status_code, detail, headers, error.errors if isinstance(error, Refusal) else ())


def _usual_words(status: int, request: Request) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return tr("There is nothing at {path}.", path=request.url.path[:200])
    return tr("The request cannot be answered.")


def _not_so(request: Request, allowed: Sequence[str]) -> str:
    path = request.url.path[:200]
    if not set(allowed) - {"GET", "HEAD", "OPTIONS"}:
        return tr("{path} can only be read, with GET.", path=path)
    return tr("{method} is not possible at {path}; what is: {methods}.", method=request.method, path=path,
              methods=", ".join(allowed))  # fmt: skip


def _allowed(request: Request) -> list[str]:
    """What can be done at this path: each route knows one method only, so all are asked. Mounts hold files."""
    methods = {"OPTIONS"}
    for route in request.app.routes:
        for method in ("GET",) if isinstance(route, Mount) else ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if route.matches({**request.scope, "method": method})[0] is Match.FULL:
                methods.add(method)
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _refused(request: Request, error: Exception) -> Response:
    """What a room of core would not keep, field by field."""
    assert isinstance(error, Refused)
    return _complaint(error.problems)


async def _not_found(request: Request, error: Exception) -> Response:
    return problem(HTTPStatus.NOT_FOUND, str(error))


async def _denied(request: Request, error: Exception) -> Response:
    return problem(HTTPStatus.FORBIDDEN, str(error))


async def _records(request: Request, error: Exception) -> Response:
    """The disk is full or cannot be written, or the database is not what it should be: in the words of who found it."""
    assert isinstance(error, RecordsError)
    return of_records(error, request.url.path)


# What is wrong with a value, in the words of a form. Keys: pydantic.dev, "Validation errors".
_KINDS = {
    "missing": mark("This must be filled in."),
    "extra_forbidden": mark("There is no such field."),
    "string_type": mark("This must be text."),
    "string_unicode": mark("This is not proper text."),
    "string_too_short": mark("This must not be empty."),
    "string_too_long": mark("This is too long: {max_length} characters at most."),
    "string_pattern_mismatch": mark("This does not have the form it needs."),
    "int_type": mark("This must be a whole number."),
    "int_from_float": mark("This must be a whole number."),
    "int_parsing": mark("This must be a whole number."),
    "greater_than_equal": mark("This must be {ge} or more."),
    "less_than_equal": mark("This must be {le} or less."),
    "bool_type": mark("This must be true or false."),
    "literal_error": mark("This must be one of: {expected}."),
    "model_attributes_type": mark("A JSON object with the fields is expected."),
    "dict_type": mark("A JSON object with the fields is expected."),
}


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return problem(HTTPStatus.BAD_REQUEST, tr("The body is not JSON: {why}.", why=_json_trouble(found)))
    return _complaint(list(_complaints(found)))


def _complaint(complaints: Sequence[tuple[str, str]]) -> Response:
    shown = [(field[:80], words) for field, words in complaints[:20]]
    detail = "; ".join(f"{field}: {words}" if field else words for field, words in shown[:5])
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=shown)


def _complaints(found: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for each in found:
        words = _KINDS.get(each["type"])
        field = ".".join(str(part)[:80] for part in each["loc"][1:])
        yield field, tr(words, **each.get("ctx", {})) if words else str(each["msg"])


def _json_trouble(found: Sequence[Any]) -> str:
    for each in found:
        if each["type"] == "json_invalid":
            return str(each.get("ctx", {}).get("error", each["msg"]))
    return ""


def _query_of(dependant: Any) -> Iterator[str]:
    """The query parameters of a route, with those that several routes share as a dependency."""
    yield from (field.alias for field in dependant.query_params)
    for each in dependant.dependencies:
        yield from _query_of(each)


async def refuse_unknown_query(request: Request) -> None:
    """A dependency: a query parameter the route does not have is refused, so that a typing error is noticed.

    Asynchronous only because FastAPI would run it on a thread otherwise, which costs more than a whole small answer.
    """
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    known = set(_query_of(dependant)) if dependant else set()
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        words = tr("There is no query parameter “{name}” here.", name=unknown[0][:80])
        if known:
            words += " " + tr("There is: {names}.", names=", ".join(sorted(known)))
        raise HTTPException(HTTPStatus.BAD_REQUEST, words)
