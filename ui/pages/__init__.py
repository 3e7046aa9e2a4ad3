"""The screens of the terminal: each is a ``Page``, built when it is first shown."""

from ui.pages.page import Command, Page, PageEntry

__all__ = ["Command", "Page", "PageEntry", "entries"]


def entries() -> tuple[PageEntry, ...]:
    """The pages that exist, in the order of the rail."""
    from ui.pages import registry

    return registry.ENTRIES
