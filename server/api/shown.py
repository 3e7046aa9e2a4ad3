"""What is shown of a view, or of several, as JSON."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

JSON = "application/json"


def answer(shown: Any, status: int = HTTPStatus.OK) -> Response:
    """A reply with a view, a list of views, or a mapping of them."""
    body = json.dumps(plain(shown), ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, media_type=JSON)


def plain(shown: Any) -> Any:
    """``shown`` as JSON has it: views as objects, without the mark of deletion, with the properties in ``also``."""
    if dataclasses.is_dataclass(shown) and not isinstance(shown, type):
        names = (field.name for field in dataclasses.fields(shown) if field.name != "deleted_at")
        return {name: plain(getattr(shown, name)) for name in (*names, *getattr(shown, "also", ()))}
    if isinstance(shown, Mapping):
        return {str(name): plain(value) for name, value in shown.items()}
    if isinstance(shown, Sequence) and not isinstance(shown, str | bytes):
        return [plain(each) for each in shown]
    return shown
