"""Papers as PDF and as pictures: the templates of ``resources/papers``, set by typst.

A template gets its data as JSON, and everything in it is placed as text: what a customer wrote is never read as typst.
What stands in the data is made by ``papers_of_money``, ``papers_of_work`` and ``papers_of_vehicle``, in the language of
the paper; this module only sets it.
"""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import typst

import resources
from core.language import mark

Data = Mapping[str, Any]

KINDS: Mapping[str, str] = {
    "estimate": mark("Estimate"),
    "order": mark("Job sheet"),
    "inspection": mark("Inspection"),
    "invoice": mark("Invoice"),
    "credit_note": mark("Credit note"),
    "receipt": mark("Receipt"),
    "history": mark("Vehicle history"),
    "part_label": mark("Part label"),
    "key_tag": mark("Key tag"),
}
_TEMPLATES = {kind: f"{kind}.typ" for kind in KINDS} | {"credit_note": "invoice.typ"}
_ARCHIVE = "a-2u"  # PDF/A: to be read in ten years, its text too (ISO 19005-2)
PREVIEW_PPI = 110
UNBROKEN = 28  # letters without a blank: longer than any word of ours, shorter than a column
_UNBROKEN = re.compile(rf"\S{{{UNBROKEN}}}(?=\S)")

setting = threading.Lock()  # typst keeps what it has set in memory, for all threads


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that can be set. ``name``: what a file of it is called, without its ending; ``title``: on its window."""

    kind: str
    data: Data
    language: str
    name: str

    @property
    def title(self) -> str:
        return str(self.data.get("title") or self.name)

    def file(self) -> bytes:
        """What is saved of it."""
        return self.pdf()

    def pdf(self) -> bytes:
        return paper(self.kind, self.data, language=self.language)

    def pages(self, ppi: float = PREVIEW_PPI) -> tuple[bytes, ...]:
        return pages_png(self.kind, self.data, language=self.language, ppi=ppi)


def paper(kind: str, data: Data, *, language: str) -> bytes:
    """A paper as PDF/A; as plain PDF when a letter in it is in no font of this computer. ``kind``: in ``KINDS``.

    Raises ``ValueError`` for a kind there is not.
    """
    try:
        return _set(kind, data, language, "pdf", pdf_standards=[_ARCHIVE])[0]
    except typst.TypstError:
        return _set(kind, data, language, "pdf")[0]


def pages_png(kind: str, data: Data, *, language: str, ppi: float = PREVIEW_PPI) -> tuple[bytes, ...]:
    """The pages of a paper as PNG pictures of ``ppi`` pixels an inch. Raises ``ValueError`` as ``paper``."""
    return _set(kind, data, language, "png", ppi=ppi)


def _set(kind: str, data: Data, language: str, form: Any, **options: Any) -> tuple[bytes, ...]:
    if kind not in _TEMPLATES:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
    told = json.dumps(_breakable({**data, "lang": language}), ensure_ascii=False)
    folder = resources.path("papers")
    with setting:
        compiler = typst.Compiler(root=folder, font_paths=_fonts(), sys_inputs={"data": told})
        found = compiler.compile(folder / _TEMPLATES[kind], format=form, **options)
    if found is None:
        raise RuntimeError(f"typst gave nothing for {kind}")
    return tuple(found) if isinstance(found, list) else (found,)


def _breakable(value: Any) -> Any:
    """The same with places to break a line in what has none: a web address, or a cat on the keyboard."""
    if isinstance(value, str):
        picture = value.startswith(("<svg", "<?xml"))
        return value if picture or len(value) <= UNBROKEN else _UNBROKEN.sub(lambda word: f"{word[0]}\u200b", value)
    if isinstance(value, Mapping):
        return {key: _breakable(each) for key, each in value.items()}
    return [_breakable(each) for each in value] if isinstance(value, list | tuple) else value


@cache
def _fonts() -> typst.Fonts:
    """Ours, and behind them those of the computer: for names in letters that ours do not have."""
    return typst.Fonts(include_system_fonts=True, font_paths=[resources.path("fonts")])
