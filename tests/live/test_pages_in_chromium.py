"""The pages in a real Chromium: every one without a barrier that axe-core finds, by keyboard, without script, small, large, dark, printed.

Every page is looked at that the menu names, so that a new one is looked at too, and one of each further kind.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from casereviews import Collection
from casereviews.repository.home import Home
from casereviews.web.menu import MENU
from tests.web.page_server import page_server

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed here"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed here"),
]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SMALL, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
CASE = "A baby of five months has a small bruise on the cheek; a new partner lives in the home."
QUERY = "neglect"


@dataclass(frozen=True)
class Served:
    """A server over a home of its own; `paths` are the pages to look at, by what kind they are; `logged` is a log of one search."""

    base: str
    session: dict[str, Any]
    paths: dict[str, str]
    home: Home
    logged: str


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as program:
        browser = program.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(
    built: Home, tmp_path_factory: pytest.TempPathFactory, chromium: Any
) -> Iterator[Served]:
    home = Home(tmp_path_factory.mktemp("chromium") / "home")
    shutil.copytree(built.root, home.root)
    with Collection(home, warn=lambda _: None) as collection:
        collection.saved.add("neglect-in-england", QUERY, filters={"nation": ["England"]})
        logged = json.dumps(collection.record_of_search(collection.search(QUERY)).to_json())
        report = collection.search('"professional curiosity"').hits[0]
        text = collection.search("exploited").hits[0]
    paths = {item.name: item.path for item in MENU} | {
        "search with hits": f"/?q={QUERY}",
        "search with most of the words": f"/?q={QUERY}+helicopter+bruising",
        "search of everything": "/?q=*&scope=all&sort=date",
        "search with a filter": f"/?q={QUERY}&nation=England",
        "search without hits": "/?q=%22no+such+phrase+anywhere%22",
        "search that is wrong": "/?q=%28neglect+AND",
        "reader with a picture": f"/read/{report.document_id}/2?q={QUERY}",
        "reader of a text": f"/read/{text.document_id}/1?q=exploited",
        "review": f"/review/{report.review_id}?q={QUERY}",
        "status": "/status",
        "not found": "/nothing",
        "unknown review": "/review/nothing-123",
    }
    with page_server(home.root) as server:
        with chromium.new_context() as context:
            page = context.new_page()
            page.goto(server.address)
            page.wait_for_url(f"{server.base}/")
            session = context.storage_state()
        yield Served(server.base, session, paths, home, logged)


Open = Callable[..., Any]


@pytest.fixture
def browser(served: Served, chromium: Any) -> Iterator[Open]:
    """Opens a page in a new context with a session; what is asked of the browser's context is given."""
    contexts = []

    def opened(**wishes: Any) -> Any:
        context = chromium.new_context(
            base_url=served.base, storage_state=served.session, viewport=WIDE, **wishes
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def sent(page: Any) -> None:
    """Send the page's form and wait for the answer."""
    with page.expect_navigation():
        page.locator("main form button").first.click()


def each_page(page: Any, served: Served) -> Iterator[str]:
    """Go to every page in turn, the answers to a form among them; gives what it is."""
    for name, path in served.paths.items():
        page.goto(path)
        yield name
    page.goto("/similar")
    page.fill("textarea", CASE)
    sent(page)
    yield "similar cases that were found"
    exclude = page.locator("ol.hits li button", has_text="Exclude").first
    with page.expect_navigation():
        exclude.click()
    yield "similar cases, one excluded without a reason"
    page.goto("/marks/flow")
    page.fill("#log", served.logged)
    sent(page)
    yield "flow with a log"
    page.goto("/saved")
    sent(page)
    yield "what is new of a saved search"


def barriers(page: Any, rules: dict[str, Any]) -> list[str]:
    """What axe-core finds on a page: each rule that it breaks, with where."""
    violations = axe.Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in violations for node in one["nodes"]]


def test_no_page_has_a_barrier_that_axe_finds(served: Served, browser: Open, chromium: Any) -> None:
    page = browser()
    found = {name: barriers(page, RULES) for name in each_page(page, served)}
    with chromium.new_context(base_url=served.base) as stranger:
        refused = stranger.new_page()
        refused.goto("/")
        found["without a session"] = barriers(refused, RULES)
    assert {name: told for name, told in found.items() if told} == {}


def test_every_dark_page_has_the_contrast_that_axe_wants(served: Served, browser: Open) -> None:
    page = browser(color_scheme="dark")
    found = {name: barriers(page, CONTRAST) for name in each_page(page, served)}
    assert {name: told for name, told in found.items() if told} == {}


TOO_WIDE = """() => {
    const root = document.documentElement, right = root.clientWidth + 1;
    if (root.scrollWidth <= root.clientWidth) return "";
    return [...document.querySelectorAll("body *")].filter(one => !one.closest(".scroll"))
        .filter(one => one.getBoundingClientRect().right > right).map(one => one.outerHTML.slice(0, 120)).slice(-3)
        .join(" | ") || "the page";
}"""
"""What is wider than the window, where one would have to scroll sideways; what may be scrolled alone (a table) is none."""


@pytest.mark.parametrize(
    ("size", "text"),
    [(SMALL, "100%"), (SMALL, "200%"), ({"width": 640, "height": 900}, "200%"), (WIDE, "200%")],
    ids=["320", "320-large", "640-large", "1280-large"],
)
def test_nothing_is_read_by_scrolling_sideways(
    served: Served, browser: Open, size: dict[str, int], text: str
) -> None:
    page = browser()
    page.set_viewport_size(size)
    wider = {}
    for name in each_page(page, served):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        if told := page.evaluate(TOO_WIDE):
            wider[name] = told
    assert wider == {}


def in_focus(page: Any) -> dict[str, Any]:
    """What has the keyboard's focus: its words, where it leads, and whether one sees that it has it."""
    found: dict[str, Any] = page.evaluate(
        """() => {
            const one = document.activeElement, style = getComputedStyle(one);
            return {id: one.id, words: one.innerText || "", href: one.getAttribute("href") || "",
                    seen: style.boxShadow !== "none" || parseFloat(style.outlineWidth) > 0}
        }"""
    )
    return found


def tab_to(page: Any, wanted: Callable[[dict[str, Any]], bool], most: int = 80) -> int:
    """Press Tab until the wanted thing has the focus; gives how often. Everything on the way is seen to have it."""
    for pressed in range(1, most):
        page.keyboard.press("Tab")
        now = in_focus(page)
        assert now["seen"], now
        if wanted(now):
            return pressed
    raise AssertionError(f"not reached with {most} tabs")


def test_by_keyboard_from_the_box_to_the_marked_page_and_on(served: Served, browser: Open) -> None:
    page = browser()
    page.goto("/")
    page.keyboard.press("Tab")
    assert in_focus(page)["words"] == "Skip to the content"
    page.keyboard.press("Enter")
    assert tab_to(page, lambda now: now["id"] == "q") == 1
    page.keyboard.type("child OR sleep OR housing")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.hits")
    tab_to(page, lambda now: now["href"].startswith("/read/"))
    page.keyboard.press("Enter")
    page.wait_for_selector("mark")
    at = urlsplit(page.url).path
    tab_to(page, lambda now: now["words"].startswith("Next page with a match"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != at)
    assert page.locator("mark").count() > 0
    tab_to(page, lambda now: now["id"] == "citation")


def test_everything_works_without_script(served: Served, browser: Open) -> None:
    page = browser(java_script_enabled=False)
    answered = {name: page.locator("main h1").inner_text() for name in each_page(page, served)}
    assert all(answered.values())
    page.goto("/")
    page.fill("#q", "child OR housing")
    page.click(".box button")
    page.locator("ol.hits .pages a").first.click()
    page.click("text=Next page >> nth=0")
    with page.expect_download() as taken:
        page.locator("a[download]").first.click()
    assert "TY  - " in Path(taken.value.path()).read_text("utf-8")


def test_the_dark_page_is_dark_and_the_forced_colours_keep_the_marks(
    served: Served, browser: Open
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = browser(color_scheme="light"), browser(color_scheme="dark")
    forced = browser(forced_colors="active")
    for page in (light, dark, forced):
        page.goto(served.paths["reader with a picture"])
    assert sum(map(int, re.findall(r"\d+", light.evaluate(ground))[:3])) > 700
    assert sum(map(int, re.findall(r"\d+", dark.evaluate(ground))[:3])) < 120
    for mark in ("mark", ".place"):
        assert forced.locator(mark).first.is_visible()
    assert forced.evaluate("getComputedStyle(document.querySelector('.place')).stroke") != "none"


def test_a_printed_page_has_its_words_and_marks_and_no_menu(served: Served, browser: Open) -> None:
    import pypdfium2

    page = browser()
    page.goto(served.paths["reader with a picture"])
    printed = pypdfium2.PdfDocument(page.pdf())
    words = " ".join(one.get_textpage().get_text_range() for one in printed)
    printed.close()
    assert "recorded neglect in the home" in words
    for left_out in ("Saved searches", "Previous page", "Next page"):
        assert left_out not in words


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed here")
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("word", ["neglect", "curiosity", "fictional"])
def test_the_marks_lie_on_the_words(served: Served, browser: Open, width: int, word: str) -> None:
    """What the marks change of the screen is each word's box as another reader of PDFs (poppler) tells it, and no more."""
    from PIL import Image, ImageChops

    number = {"neglect": 2, "curiosity": 2, "fictional": 1}[word]
    report = served.paths["reader with a picture"].split("/")[2]
    with (
        Collection(served.home) as collection,
        collection.kept_file(collection.document(report)) as file,
    ):
        told = subprocess.run(
            ["pdftotext", "-bbox", "-f", str(number), "-l", str(number), str(file), "-"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    (paper,) = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', told)
    box = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">%s</word>'
    boxes = [tuple(map(float, one)) for one in re.findall(box % word, told)]
    assert boxes

    page = browser()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/read/{report}/{number}?q={word}&exact=1")
    picture = page.locator(".sheet img")
    shots = []
    for seen in ("visible", "hidden"):
        page.evaluate(
            "seen => { document.querySelector('.sheet svg').style.visibility = seen }", seen
        )
        shots.append(Image.open(io.BytesIO(picture.screenshot())).convert("RGB"))
    bands = ImageChops.difference(*shots).split()
    changed = reduce(ImageChops.lighter, bands).point(lambda value: 255 * (value > 8))
    ink = (
        shots[1].convert("L").point(lambda value: 255 * (value < 160))
    )  # it stays as dark as it is
    covered = ImageChops.lighter(changed, ink)
    scale = changed.width / float(paper[0])
    around = 4  # pixels: the mark's own line, and rounding
    for left, top, right, bottom in boxes:
        within = [round(scale * one) for one in (left, top, right, bottom)]
        middle = (within[1] + within[3]) // 2
        row = covered.crop((within[0], middle, within[2], middle + 1))
        assert row.getextrema() == (255, 255), "a part of the word is not marked"
        edges = (within[0] - around, within[1] - around, within[2] + around, within[3] + around)
        changed.paste(0, edges)
    assert changed.getbbox() is None, "something else is marked"


def test_nobody_but_this_machine_is_asked_and_nothing_is_kept(
    served: Served, browser: Open
) -> None:
    page = browser()
    asked: set[str] = set()
    page.context.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    kept = []
    for _ in each_page(page, served):
        kept += page.evaluate(
            """async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage),
                ...(await indexedDB.databases()).map(one => one.name), ...(await caches.keys()),
                ...(await navigator.serviceWorker.getRegistrations()).map(one => one.scope)]"""
        )
    cookies = page.context.cookies()
    assert asked == {"127.0.0.1"}
    assert kept == []
    assert [(one["httpOnly"], one["sameSite"], one["expires"]) for one in cookies] == [
        (True, "Strict", -1)
    ]
    assert [one for one in told if "404" not in one and "400" not in one] == []


def test_what_is_described_stands_in_no_address_and_no_history(
    served: Served, browser: Open
) -> None:
    page = browser()
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto("/similar")
    page.fill("textarea", "quillfeather " + CASE)
    sent(page)
    assert page.url == f"{served.base}/similar"
    page.locator("main a").first.click()
    assert not [one for one in asked if "quillfeather" in one]
