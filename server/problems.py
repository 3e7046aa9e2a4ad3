"""Errors as problem details (RFC 9457): one shape for every refusal, in words a person can act on."""

import json
import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.language import tr

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field("about:blank", description="A kind of problem; about:blank says no more than the status.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What happened and what to do.", examples=["There is nothing at /api/v1/nothing."])


# For the description of the interface. FastAPI would list a model under application/json, which is not what is sent.
DOCUMENTED: dict[str, Any] = {
    "description": "It could not be answered; the detail says why.",
    "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
}


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem details response."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(json.dumps(body), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error of ``app`` be a problem."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail
    if detail == HTTPStatus(error.status_code).phrase:  # nobody has said more yet
        detail = _usual_words(error.status_code, request)
    return problem(error.status_code, detail, dict(error.headers or {}))


def _usual_words(status: int, request: Request) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return tr("There is nothing at {path}.", path=request.url.path[:200])
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return tr("{path} can only be read, with GET.", path=request.url.path[:200])
    return tr("The request cannot be answered.")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(_complaint(each) for each in error.errors()[:5]))


def _complaint(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'][1:])}: {error['msg']}"


def refuse_unknown_query(request: Request) -> None:
    """A dependency: a query parameter the route does not have is refused, so that a typing error is noticed."""
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    known = {field.alias for field in dependant.query_params} if dependant else set()
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        words = tr("There is no query parameter “{name}” here.", name=unknown[0][:80])
        if known:
            words += " " + tr("There is: {names}.", names=", ".join(sorted(known)))
        raise HTTPException(HTTPStatus.BAD_REQUEST, words)
