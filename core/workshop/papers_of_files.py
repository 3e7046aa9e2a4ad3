"""Files that were kept - scanned papers, photographs - as pages to look at and to print: PDF and pictures, by typst."""

from dataclasses import dataclass
from pathlib import Path

import typst

from core.language import mark
from core.records.errors import RecordsError
from core.workshop.papers import setting

MOST_PAGES = 40  # of one file: a service booklet has fewer, and each is a picture in memory
PDF = "application/pdf"
_SHEET = (190, 277)  # mm: what an A4 printer prints on; a photograph fills it
_LARGEST = (420, 420)  # mm: a plan of a whole wall would be no picture a screen can keep
# A page in its own size; nothing of the file is read as typst.
_PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#context {
  let told = sys.inputs
  let content = read(told.file, encoding: none)
  let shown(..size) = if told.page == "" { image(content, ..size) } else {
    image(content, format: "pdf", page: int(told.page), ..size)
  }
  let size = measure(shown())
  let factor = calc.min(int(told.width) * 1mm / size.width, int(told.height) * 1mm / size.height)
  if told.grows == "" { factor = calc.min(1, factor) }
  shown(width: size.width * factor)
}
"""


class CannotBeShown(RecordsError):  # noqa: N818 - said to a person
    words = mark("{path} cannot be shown here: it is damaged, or locked with a password. A copy of it can be saved.")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept. ``path``: where; ``picture``: what is set in its place when it is no PDF (JPEG or PNG).

    ``name`` is what a copy of it is called, without its ending.
    """

    name: str
    path: Path
    media_type: str
    picture: Path | None = None

    kind = "document"

    @property
    def title(self) -> str:
        return self.name

    def file(self) -> bytes:
        """The file itself, as it is kept. Raises ``OSError``."""
        return self.path.read_bytes()

    def pages(self, ppi: float) -> tuple[bytes, ...]:
        """As PNG of ``ppi`` pixels an inch, ``MOST_PAGES`` at most. Raises ``CannotBeShown``."""
        if self.media_type != PDF:
            return (self._page(self.picture or self.path, "", ppi),)
        found = []
        for number in range(1, MOST_PAGES + 1):
            try:
                found.append(self._page(self.path, str(number), ppi))
            except CannotBeShown:
                if not found:
                    raise
                break  # typst has no other way to say that there are no more
        return tuple(found)

    def first(self, ppi: float) -> bytes:
        """The first page alone. Raises ``CannotBeShown``."""
        return self._page(self.picture or self.path, "1" if self.media_type == PDF else "", ppi)

    def _page(self, path: Path, page: str, ppi: float) -> bytes:
        width, height = _SHEET if page == "" else _LARGEST
        told = {
            "file": f"/{path.name}", "page": page, "width": str(width), "height": str(height),
            "grows": "yes" if page == "" else "",
        }  # fmt: skip
        try:
            with setting:
                compiler = typst.Compiler(root=path.parent, sys_inputs=told)
                found = compiler.compile(_PAGE, format="png", ppi=ppi)
        except typst.TypstError as error:
            raise CannotBeShown(self.name) from error
        made = found[0] if isinstance(found, list) else found
        if made is None:
            raise RuntimeError("typst gave nothing for a page")
        return made
