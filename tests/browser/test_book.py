"""The book of the solved notebooks in a browser: it fits a phone, and every formula is drawn."""

import pytest

from course_kit.authoring.source import sources

WIDER = """() => [...document.querySelectorAll("main *")].filter(
    e => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest(".wide, .formula, pre, figure, .output_subarea, mjx-container, math")
  ).map(e => e.tagName + " " + e.className + " " + e.textContent.slice(0, 60))"""
FLAT = """() => [...document.querySelectorAll("math")].filter(e => e.getBoundingClientRect().height < 4).length"""


@pytest.mark.parametrize("name", ["index", *(s.stem for s in sources())])
def test_page_fits_and_is_drawn(name, page, book_folder):
    """Nothing is wider than the screen, no formula is without height, nothing is fetched, nothing fails."""
    page.goto((book_folder / f"{name}.html").as_uri())

    assert [] == page.evaluate(WIDER)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert 0 == page.evaluate(FLAT)
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert [] == page.errors
