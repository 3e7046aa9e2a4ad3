"""``/api/v1/files`` takes the bytes of a picture or a document, ``/api/v1/documents/{id}/file`` gives them back.

Rows name files by their SHA-256. Bytes that no row names yet stay at this terminal; once one does, they travel to the
others by themselves.
"""

import tempfile
from http import HTTPStatus
from typing import Annotated, BinaryIO, cast

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.files import FileRef, FileStore, is_name
from core.vehicles.documents import DocumentView, get_document
from core.vehicles.fleet_access import require_seeing
from server.api.collection import Asker, RowId
from server.api.shown import answer
from server.desk import Desk
from server.problems import Refusal

LARGEST = 64 * 1024 * 1024  # bytes of one file: it travels to every terminal
_HELD = 1024 * 1024  # bytes in memory before a disk is used
_FIRST = 1024  # bytes that say what it is
# What it begins with -> what it is, and how the name of a copy ends.
TYPES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"GIF8": ("image/gif", "gif"),
    b"BM": ("image/bmp", "bmp"),
    b"II*\x00": ("image/tiff", "tif"),
    b"MM\x00*": ("image/tiff", "tif"),
}
_ENDINGS = dict(TYPES.values()) | {"image/webp": "webp"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7 …"}
        },
    }
}


class File(BaseModel):
    """A file that is kept now, in the fields that a row names it with."""

    file_sha256: str = Field(examples=["ab" * 32])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(description="Bytes.", examples=[48_000])


def router(desk: Desk, who: Asker, files: FileStore) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter()

    @routes.post(
        "/api/v1/files",
        tags=["vehicles"],
        summary="The bytes of a picture or a document",
        description="Send the file itself as the body: PDF, JPEG, PNG, WebP, GIF, BMP or TIFF, 64 MB at most; what it "
        "is is told by its content. The answer has the fields a new row at `/api/v1/documents` needs of it.",
        response_model=File,
        status_code=HTTPStatus.CREATED,
        openapi_extra=_BODY,
    )
    async def take(request: Request, actor: Annotated[Actor, Depends(who)]) -> Response:
        require(actor, "vehicles.change")
        with tempfile.SpooledTemporaryFile(max_size=_HELD) as held:
            kind = await _received(request, held)
            held.seek(0)

            def keep() -> FileRef:
                return files.add(cast("BinaryIO", held))

            ref = await desk.run(keep)
        return answer({"file_sha256": ref.sha256, "media_type": kind, "size": ref.size}, HTTPStatus.CREATED)

    @routes.get(
        "/api/v1/documents/{id}/file",
        tags=["vehicles"],
        summary="The file of a paper",
        response_class=FileResponse,
        responses={200: {"description": "The bytes, as they were added.", "content": _anything()}},
    )
    async def give(actor: Annotated[Actor, Depends(who)], id_: RowId) -> Response:
        """The bytes of one paper for whoever may see its vehicle. 404 while they are still at another terminal."""

        def look() -> DocumentView:
            with desk.records.read() as session:
                found = get_document(session, id_)
                require_seeing(session, actor, found.vehicle_id or "")
                return found

        found = await desk.run(look)
        name = found.file_sha256
        if name is None or not is_name(name) or not files.has(name):
            raise Refusal(HTTPStatus.NOT_FOUND, tr("Its bytes are still at another terminal; they come by themselves."))
        known = found.media_type if found.media_type in _ENDINGS else "application/octet-stream"
        file_name = f"{found.name or 'document'}.{_ENDINGS.get(known, 'bin')}"
        headers = {"X-Content-Type-Options": "nosniff"}
        return FileResponse(files.path(name), media_type=known, filename=file_name, headers=headers)

    return routes


async def _received(request: Request, held: "tempfile.SpooledTemporaryFile[bytes]") -> str:
    """Take the body, and what it is. Raises ``Refusal``: 413, 415."""
    size, first = 0, b""
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST:
            most = LARGEST // (1024 * 1024)
            words = tr("This file is larger than {count} MB: it is not added.", count=most)
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
        first = first + chunk if len(first) < _FIRST else first
        held.write(chunk)
    kind = _kind(first[:_FIRST])
    if kind is None:
        words = tr("This is neither a picture nor a PDF: it could be opened nowhere here.")
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words)
    return kind


def _kind(first: bytes) -> str | None:
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in first:  # a few bytes may stand before it (ISO 32000-1, annex H.3.4.1)
        return TYPES[b"%PDF-"][0]
    return next((kind for begins, (kind, _) in TYPES.items() if first.startswith(begins)), None)


def _anything() -> dict[str, object]:
    schema = {"type": "string", "format": "binary", "examples": ["%PDF-1.7 …"]}
    return {"application/octet-stream": {"schema": schema}}
