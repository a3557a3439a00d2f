"""The book of the solved notebooks: formulas drawn, figures described, links that lead somewhere."""

from html.parser import HTMLParser

import pytest

from course_kit.authoring import book
from course_kit.authoring.source import sources
from course_kit.exercises.inventory import inventory


class Page(HTMLParser):
    """What a page has, outside its programs: text, images, links and anchors."""

    def __init__(self, path):
        super().__init__()
        self.words, self.images, self.links, self.anchors, self.skipped = [], [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors.add(attrs.get("id"))
        if tag in ("pre", "code", "style", "script"):
            self.skipped.append(tag)
        if tag == "img":
            self.images.append(attrs)
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])

    def handle_endtag(self, tag):
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data):
        if not self.skipped:
            self.words.append(data)


@pytest.fixture(scope="session")
def pages(book_folder):
    """Every page."""
    return {path.name: Page(path) for path in book_folder.glob("*.html")}


def test_every_notebook_has_its_page(pages):
    """And the index."""
    assert {"index.html", *(f"{s.stem}.html" for s in sources())} == set(pages)


def test_no_formula_is_left_as_it_was_typed(pages):
    """Neither a dollar sign nor a command of TeX is in the text."""
    for name, page in pages.items():
        text = " ".join(page.words)
        assert "$" not in text, name
        assert not [w for w in text.split() if w.startswith("\\") and w[1:2].isalpha()], name


def test_every_figure_has_a_text_alternative(pages):
    """One who cannot see it is told what it shows."""
    assert all(image.get("alt", "").strip() for page in pages.values() for image in page.images)


def test_every_link_leads_somewhere(pages):
    """Between pages and to exercises within them."""
    for page in pages.values():
        for link in page.links:
            if "://" in link:
                continue
            name, _, anchor = link.partition("#")
            target = pages[name] if name else page
            assert not anchor or anchor in target.anchors, link


def test_index_has_every_slide(pages):
    """By its number."""
    words = {w.strip() for w in pages["index.html"].words}

    assert set(inventory()["slides"]) <= words


def test_formula_becomes_mathml():
    """Fractions, sums and Greek letters are drawn by the browser."""
    html = book.rendered(r"$$\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \sigma(x_t)$$")

    assert "<mfrac>" in html and "<munderover>" in html and "\\" not in html


def test_norm_bars_are_spelled_so_that_the_converter_knows_them():
    r"""It has no \lVert, and would print the word."""
    assert "Vert" not in book.rendered(r"$\lVert W \rVert_F \le \lvert a \rvert$")


def test_exercise_heading_is_an_anchor():
    """The index leads to it."""
    assert '<h3 id="E08.1">' in book.rendered("### E08.1 Forget gate")
