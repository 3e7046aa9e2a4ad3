"""The phone page and the API's page: plain files from ``resources/web``, complete without the internet."""

import gzip
import json
import mimetypes
import tomllib
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import resources
from core import language
from core.obd.units import UNIT_WORDS
from server.api.signals import Language, spoken
from server.page_words import WORDS

FRESH = {"cache-control": "no-cache"}  # kept by the browser, but asked about each time: an update shows at once
ICONS = (
    "arrow-down", "arrow-up", "asleep", "chevron-down", "critical", "grid", "help", "minus", "network-off", "ok",
    "phone", "plug", "plug-off", "resize", "stale", "theme", "warning",
)  # fmt: skip
# Windows takes types from its registry, where any program may have written text/plain; a browser would run nothing.
KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webmanifest": "application/manifest+json",
}
SWAGGER = resources.path("web", "docs", "swagger-ui-bundle.js.gz")


class _Files(StaticFiles):
    """Static files that a browser keeps but asks about (``ETag``)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(FRESH)
        return response


def install(app: FastAPI) -> None:
    """Serve ``/``, ``/docs`` and what they need."""
    for ending, kind in KINDS.items():
        mimetypes.add_type(kind, ending)
    app.include_router(_router())
    app.mount("/page", _Files(directory=resources.path("web", "page")))
    app.mount("/docs", _Files(directory=resources.path("web", "docs")))
    app.mount("/fonts", _Files(directory=resources.path("fonts")))


def _router() -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    colours, shapes = theme_css(), icons_css()

    @routes.get("/")
    async def page() -> Response:
        return FileResponse(resources.path("web", "page", "index.html"), headers=FRESH)

    @routes.get("/docs")
    async def docs() -> Response:
        return FileResponse(resources.path("web", "docs", "index.html"), headers=FRESH)

    @routes.get("/page/theme.css")
    async def theme() -> Response:
        return Response(colours, media_type="text/css", headers=FRESH)

    @routes.get("/page/icons.css")
    async def icons() -> Response:
        return Response(shapes, media_type="text/css", headers=FRESH)

    @routes.get("/page/words.json")
    async def words(language: Language = None) -> Response:
        return Response(_words(language), media_type="application/json", headers=FRESH)

    @routes.get("/docs/swagger-ui-bundle.js")
    async def swagger(request: Request) -> Response:
        """The bundle is kept compressed: 1.7 MB of text are 0.5 MB in the repository and on the way."""
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {**FRESH, "content-encoding": "gzip", "vary": "accept-encoding"}
            return FileResponse(SWAGGER, media_type="text/javascript", headers=headers)
        return Response(gzip.decompress(SWAGGER.read_bytes()), media_type="text/javascript", headers=FRESH)

    return routes


def _words(wanted: str | None) -> str:
    tongue = spoken(wanted)
    with language.speaking(tongue):
        return json.dumps({"language": tongue, "words": {text: language.tr(text) for text in (*WORDS, *UNIT_WORDS)}})


def theme_css() -> str:
    """Both themes of ``resources/themes`` as custom properties: night, unless the phone or the person says day."""
    night, day = _colours("night"), _colours("day")
    return (
        f":root {{ color-scheme: dark; {night} }}\n"
        f"@media (prefers-color-scheme: light) {{ :root:not([data-theme=night]) {{ color-scheme: light; {day} }} }}\n"
        f":root[data-theme=day] {{ color-scheme: light; {day} }}\n"
    )


def icons_css() -> str:
    """The icons as rules, drawings included: "out of reach" must be there when nothing can be fetched any more."""
    drawings = {name: quote(resources.path("icons", f"{name}.svg").read_text("utf-8")) for name in ICONS}
    return "".join(
        f'.icon-{name} {{ --icon: url("data:image/svg+xml,{drawing}"); }}\n' for name, drawing in drawings.items()
    )


def _colours(name: str) -> str:
    with resources.path("themes", f"{name}.toml").open("rb") as file:
        colours: Mapping[str, str] = tomllib.load(file)["colors"]
    return " ".join(f"--{token.replace('_', '-')}: {colour};" for token, colour in colours.items())
