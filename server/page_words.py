"""The phone page's own words. The page asks for them in the browser's language; its script holds only the English.

``tests/server/test_page.py`` holds this table against the script and the page: none missing, none left over.
"""

from core.language import mark

WORDS: tuple[str, ...] = (mark("Bayline"),)
