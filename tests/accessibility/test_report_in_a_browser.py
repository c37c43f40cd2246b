"""The report in a browser: no violations of WCAG, reachable by keyboard, whole on paper.

Needs Chromium and Playwright, which drives it; axe-core, the checker, comes with
axe-playwright-python. Where the browser is missing these tests say so and skip.
"""

import os
import shutil
from pathlib import Path

import pytest

from sim.model.outcomes import OUTCOMES
from sim.report.explanation_files import write_explanation
from sim.report.page import write_report
from sim.scenario.loading import load_study
from sim.study.explaining import explain
from sim.study.running import run_study
from tests import reports

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install '.[dev]'")
sync_api = pytest.importorskip("playwright.sync_api", reason="pip install '.[dev]'")

pytestmark = pytest.mark.accessibility

NAMES = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"desktop": (1280, 900), "phone": (360, 780), "400 % zoom": (320, 256)}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser():
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    # Chromium has no sandbox for root, whom continuous integration often runs as.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """The report of an average authority, and one in which every name is hostile."""
    folder = tmp_path_factory.mktemp("reports")
    demo = load_study("demo", OUTCOMES)
    demo = demo.model_copy(update={"policies": demo.policies[:2]})
    average = run_study(demo, replications=2, years=0.3, jobs=2, out=folder / "average")
    hostile = reports.run(folder / "hostile")
    explanation = explain(hostile.folder, "support", ["expected_incidents"], replications=2, jobs=1)
    write_explanation(explanation, hostile.folder / "why-support")
    return {
        "average": write_report(average),
        "hostile": write_report(hostile, small_counts=True),
    }


@pytest.fixture
def opened(browser, files):
    """Open a report in a window of a size."""
    pages = []

    def opened(which: str, size: str):
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        page.goto(files[which].as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", ["average", "hostile"])
def test_axe_finds_no_violations(opened, which, size):
    page = opened(which, size)
    page.evaluate(OPEN_ALL)
    assert violations(page) == []


def test_axe_finds_no_violations_while_tables_are_folded(opened):
    assert violations(opened("average", "desktop")) == []


def violations(page) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong: the rule, and where."""
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": CRITERIA}})
    assert len(found.response["passes"]) > 20
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"]])
        for each in found.response["violations"]
    ]


@pytest.mark.parametrize("which", ["average", "hostile"])
def test_only_tables_scroll_sideways_even_at_400_percent(opened, which):
    for size in SIZES:
        page = opened(which, size)
        page.evaluate(OPEN_ALL)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), size


def test_of_each_picture_the_one_that_fits_is_shown(opened):
    shown = (
        "[...document.querySelectorAll('figure')].map(each => "
        "[...each.querySelectorAll('svg')].filter(svg => svg.checkVisibility()).length)"
    )
    for size in SIZES:
        counts = opened("average", size).evaluate(shown)
        assert counts == [1] * len(counts)
    letters = (
        "Math.min(...[...document.querySelectorAll('figure svg text')]"
        ".filter(text => text.checkVisibility() && text.textContent.trim())"
        ".map(text => text.getBoundingClientRect().height))"
    )
    # Pixels, of which a browser counts fractions: none is too small to read.
    assert round(opened("average", "phone").evaluate(letters), 1) >= 9


def test_everything_can_be_reached_and_opened_with_the_keyboard(opened):
    page = opened("average", "desktop")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Go to the question"
    assert skip.bounding_box()["x"] >= 0  # it is to be seen once it is reached
    wanted = page.locator("a, summary, main > section > .scroll, .as-drawn").count()
    reached = set()
    for _ in range(wanted + 5):
        described = page.evaluate(
            "[document.activeElement.tagName, "
            "[...document.querySelectorAll('*')]"
            ".indexOf(document.activeElement)].join(' ')"
        )
        reached.add(described)
        page.keyboard.press("Tab")
    stops = [each for each in reached if not each.startswith("BODY")]
    assert len(stops) == wanted
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


def test_on_paper_what_is_folded_is_open_but_for_the_long_list(opened):
    page = opened("average", "desktop")
    page.emulate_media(media="print")
    visible = "[...document.querySelectorAll('SELECTOR table')].map(each => each.checkVisibility())"
    folded = page.evaluate(visible.replace("SELECTOR", "details:not(.not-on-paper)"))
    assert len(folded) > 8
    assert all(folded)
    long_list = page.evaluate(visible.replace("SELECTOR", ".not-on-paper"))
    assert long_list == [False]
    assert not page.locator("nav").is_visible()
    page.emulate_media(media="screen")
    assert not any(page.evaluate(visible.replace("SELECTOR", "details:not(.not-on-paper)")))


def test_nothing_is_wider_than_a_sheet_of_paper(opened):
    """Else the whole page is printed smaller."""
    page = opened("average", "desktop")
    wide = round((210 - 32) * 96 / 25.4)  # A4 upright less the margins
    page.set_viewport_size({"width": wide, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= wide + 1


def test_a_drawn_week_fits_on_a_sheet_of_paper(opened):
    """A4 upright less the margins: what is too tall for it would be cut through its lines."""
    wide, high = (millimetres * 96 / 25.4 for millimetres in (210 - 32, 297 - 36))
    page = opened("average", "desktop")
    page.set_viewport_size({"width": round(wide), "height": round(high)})
    page.emulate_media(media="print")
    drawn = page.locator("#week svg")
    box = drawn.bounding_box()
    section = page.locator("#week")
    margin = section.evaluate("each => parseFloat(getComputedStyle(each).marginTop)")
    head = margin + box["y"] - section.bounding_box()["y"]  # a margin stays at the top of a page
    assert box["width"] <= wide + 1
    assert head + box["height"] < high
    drawn.evaluate("each => each.setAttribute('viewBox', '0 0 960 3000')")  # a large team
    drawn.evaluate("each => { each.setAttribute('height', 3000) }")
    assert head + drawn.bounding_box()["height"] < high


def test_what_scrolls_sideways_on_a_phone_says_so(opened):
    """Just above each table or drawing that is wider than the screen; nowhere on a wide one."""
    page = opened("average", "phone")
    page.evaluate(OPEN_ALL)
    wider = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > "
        "each.clientWidth + 8).map(each => each.previousElementSibling?.className)"
    )
    assert len(wider) > 5
    assert set(wider) == {"hint"}
    assert not opened("average", "desktop").locator(".hint").first.is_visible()


def test_on_paper_headings_stay_with_what_they_head(browser, files):
    """As the style asks of the browser; a head of a table is nothing without its rows."""
    page = browser.new_page()
    page.goto(files["average"].as_uri())
    page.emulate_media(media="print")
    kept = page.evaluate(
        "['h2', 'h3', 'figcaption', 'caption', 'thead'].map(name => "
        "getComputedStyle(document.querySelector(name)).breakAfter + ' ' + "
        "getComputedStyle(document.querySelector(name)).breakInside)"
    )
    page.close()
    assert kept == ["avoid avoid"] * 5


def test_hostile_names_run_nothing(opened):
    page = opened("hostile", "desktop")
    assert page.locator("h1").inner_text() == reports.HOSTILE
    assert page.title() == reports.HOSTILE
    assert page.locator("script").count() == 0
