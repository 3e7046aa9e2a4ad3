"""``/control/v1/imports``: the command line's imports, written by the terminal that has the records open."""

import dataclasses
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from core.csv_files.batches import imports, take_back_import
from core.csv_files.kinds import KINDS
from core.csv_files.mappings import MappingError
from core.csv_files.reading import UnreadableError
from core.csv_files.requests import Request as Wanted
from core.csv_files.requests import run_import
from core.language import tr
from core.people.roles import SYSTEM
from server.api.bodies import json_object
from server.desk import Desk
from server.problems import Refusal
from server.security import CONTROL, in_control


def router(desk: Desk, secret: str) -> APIRouter:
    """The verbs, for who knows ``secret``, and so may read any file of this machine's owner anyway."""
    routes = APIRouter(prefix=f"{CONTROL}/imports", include_in_schema=False, dependencies=[Depends(in_control(secret))])

    @routes.post("")
    async def bring_in(request: Request) -> Response:
        path, wanted = _wanted(await json_object(request))

        def work() -> dict[str, Any]:
            try:
                return run_import(desk.records, SYSTEM, wanted, path.read_bytes())
            except (UnreadableError, MappingError) as error:
                raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
            except OSError as error:
                words = tr("{path} cannot be read: {why}.", path=path, why=error.strerror or error)
                raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words) from error

        return JSONResponse(await desk.run(work))

    @routes.get("")
    async def all_of_them() -> Response:
        def read() -> list[dict[str, Any]]:
            with desk.records.read() as session:
                return [dataclasses.asdict(each) for each in imports(session)]

        return JSONResponse({"imports": await desk.run(read)})

    @routes.delete("/{id_}")
    async def take_back(id_: str) -> Response:
        done = await desk.run(lambda: take_back_import(desk.records, SYSTEM, id_))
        return JSONResponse(dataclasses.asdict(done))

    return routes


def _wanted(fields: dict[str, Any]) -> tuple[Path, Wanted]:
    """Raises ``Refusal``."""
    path, kind, mapping = (fields.get(name) for name in ("path", "kind", "mapping"))
    constants = fields.get("constants") or {}
    whole = isinstance(path, str) and kind in KINDS and isinstance(mapping, str | None) and isinstance(constants, dict)
    if not whole:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, tr("An import needs a kind and the path of a file."))
    wanted = Wanted(
        kind=str(kind),
        file=str(fields.get("file") or Path(str(path)).name),
        mapping=mapping,
        constants={str(name): str(value) for name, value in constants.items()},
        dry_run=bool(fields.get("dry_run")),
        skip_bad=bool(fields.get("skip_bad")),
    )
    return Path(str(path)), wanted
