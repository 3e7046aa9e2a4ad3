"""The phone page: complete without the internet, readable, in the person's language, and touched with a thumb."""

import re
import tomllib
from pathlib import Path

import httpx
import pytest

import resources
from core import language
from core.obd.units import UNIT_WORDS
from server.page import ICONS, theme_css
from server.page_words import WORDS

PAGE = resources.path("web", "page")
SCRIPTS = sorted(PAGE.glob("*.js"))
SHEETS = sorted(PAGE.glob("*.css"))


def text_of(files: list[Path]) -> str:
    return "\n".join(file.read_text("utf-8") for file in files)


def test_the_page_is_served_at_the_root(lasting_http: httpx.Client) -> None:
    reply = lasting_http.get("/")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["cache-control"] == "no-cache"


def test_everything_the_page_names_is_served(lasting_http: httpx.Client) -> None:
    page = (PAGE / "index.html").read_text("utf-8")
    named = set(re.findall(r'(?:href|src)="(/[^"]+)"', page))
    named |= {f"/page/{name}" for name in re.findall(r'from "\./([^"]+)"', text_of(SCRIPTS))}
    named |= set(re.findall(r'url\("(/[^"]+)"\)', text_of(SHEETS)))
    named |= set(re.findall(r'"src": "([^"]+)"', (PAGE / "app.webmanifest").read_text("utf-8")))

    assert len(named) > 15
    for path in sorted(named):
        assert lasting_http.get(path).status_code == 200, path


def test_scripts_are_served_as_scripts(lasting_http: httpx.Client) -> None:
    # A browser told "nosniff" runs nothing else; the system's own table of types (Windows' registry) may be wrong.
    for script in SCRIPTS:
        assert "javascript" in lasting_http.get(f"/page/{script.name}").headers["content-type"]
    assert lasting_http.get("/page/page.css").headers["content-type"].startswith("text/css")
    assert lasting_http.get("/page/icon.svg").headers["content-type"].startswith("image/svg+xml")


def test_a_file_that_is_known_is_not_sent_again(lasting_http: httpx.Client) -> None:
    first = lasting_http.get("/page/main.js")
    again = lasting_http.get("/page/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_nothing_outside_the_page_can_be_fetched(lasting_http: httpx.Client) -> None:
    for path in ("/page/../themes/night.toml", "/page/%2e%2e/themes/night.toml", "/page/..%2f..%2f__init__.py"):
        assert lasting_http.get(path).status_code == 404


def test_the_page_works_with_the_network_cable_out() -> None:
    # The one absolute URL is the name of the SVG namespace, which nobody fetches.
    everything = text_of([*SCRIPTS, *SHEETS, PAGE / "index.html", PAGE / "icon.svg", PAGE / "app.webmanifest"])
    assert set(re.findall(r"https?://[^\s\"'`)]+", everything)) <= {"http://www.w3.org/2000/svg"}


def test_nothing_inline_so_that_the_policy_can_be_strict() -> None:
    page = (PAGE / "index.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert "innerHTML" not in text_of(SCRIPTS), "text from the car or the terminal is never read as markup"


def test_every_word_of_the_page_is_in_the_table_and_none_is_left_over() -> None:
    used = set(re.findall(r'\bt\("((?:[^"\\]|\\.)*)"', text_of(SCRIPTS)))
    used |= set(re.findall(r'data-t="([^"]+)"', (PAGE / "index.html").read_text("utf-8")))
    assert used == set(WORDS)
    assert len(WORDS) == len(set(WORDS))


@pytest.mark.parametrize(("asked", "spoken"), [("de", "de"), ("de-AT", "de"), ("en-US", "en"), ("fr", "en")])
def test_the_page_gets_its_words_in_the_browsers_language(lasting_http: httpx.Client, asked: str, spoken: str) -> None:
    reply = lasting_http.get("/page/words.json", params={"language": asked}).json()
    assert reply["language"] == spoken
    assert set(reply["words"]) == {*WORDS, *UNIT_WORDS}
    assert reply["words"]["rpm"] == ("1/min" if spoken == "de" else "rpm")


def test_no_unit_goes_round_the_words_of_the_language() -> None:
    shown = [line for line in text_of(SCRIPTS).splitlines() if re.search(r"\.unit\b|\$\{unit\}", line)]
    bare = [line.strip() for line in shown if not re.search(r"\bt\((?:\w+\.)*unit\)|[=!]== \"", line)]
    assert bare == [], "what the terminal names a unit is shown through t(...)"


def test_asking_in_german_does_not_change_the_terminals_own_language(lasting_http: httpx.Client) -> None:
    lasting_http.get("/page/words.json", params={"language": "de"})
    assert language.current() == "en"


def test_every_icon_of_the_page_is_there_without_a_further_request() -> None:
    used = set(re.findall(r"icon-([a-z-]+)", text_of([*SCRIPTS, PAGE / "index.html"])))
    used |= set(re.findall(r'(?:icon: |icon\(|: )"([a-z-]+)",? ?(?:words|\})', text_of([PAGE / "reading.js"])))
    used |= {"warning", "critical", "help", "stale"}  # named by the kind of trouble
    assert used - {"180.png"} <= set(ICONS) | {"180"}


# Readability ---------------------------------------------------------------------------------------------------------


def declarations(name: str) -> list[str]:
    """Values of a CSS property anywhere on the page."""
    return re.findall(rf"(?<![-\w]){name}:\s*([^;}}]+)", text_of(SHEETS))


def test_no_colour_stands_outside_the_themes() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text_of(SHEETS))


def test_every_colour_named_is_in_both_themes() -> None:
    named = set(re.findall(r"var\(--([a-z0-9-]+)\)", text_of(SHEETS))) - {"icon"}
    for theme in ("night", "day"):
        with resources.path("themes", f"{theme}.toml").open("rb") as file:
            tokens = {token.replace("_", "-") for token in tomllib.load(file)["colors"]}
        assert named <= tokens


def test_night_is_the_default_and_day_follows_the_phone_or_the_person() -> None:
    css = theme_css()
    assert css.index("color-scheme: dark") < css.index("prefers-color-scheme: light") < css.index("[data-theme=day]")


TEXT_ON = {
    "text": ("surface", "surface_raised", "surface_sunken", "surface_pressed", "warning_surface", "critical_surface"),
    "text_muted": ("surface", "surface_raised", "surface_sunken"),
    "on_accent": ("accent",),
}


@pytest.mark.parametrize("theme", ["night", "day"])
def test_text_has_a_contrast_of_seven_to_one(theme: str) -> None:
    with resources.path("themes", f"{theme}.toml").open("rb") as file:
        colours = tomllib.load(file)["colors"]
    for ink, papers in TEXT_ON.items():
        for paper in papers:
            assert contrast(colours[ink], colours[paper]) >= 7, f"{ink} on {paper}"


def test_text_is_written_in_no_other_ink() -> None:
    inks = {ink.strip() for ink in declarations("color")}
    # The four beside the text are those of icons, which need 3:1 (WCAG 2.2, 1.4.11) and stand beside a word; links
    # are underlined and told apart by that.
    icons = {"var(--warning)", "var(--critical)", "var(--ok)", "var(--accent)"}
    assert inks <= {f"var(--{ink.replace('_', '-')})" for ink in TEXT_ON} | icons | {"inherit"}


def test_no_text_is_smaller_than_fifteen_pixels_and_the_base_is_eighteen() -> None:
    sizes = [float(size) for size in re.findall(r"(\d+(?:\.\d+)?)px", " ".join(declarations("font-size")))]
    assert min(sizes) >= 15
    assert declarations("font")[0].split()[1].startswith("18px")


def test_what_can_be_touched_is_at_least_forty_eight_pixels_high() -> None:
    for rule in (".link", ".tile", ".bar button", ".button", ".search", ".choice"):
        found = re.search(rf"(?m)^{re.escape(rule)} \{{[^}}]*min-height: (\d+)px", text_of(SHEETS))
        assert found is not None, rule
        assert int(found[1]) >= 48, rule


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
