"""The grading's pages in a real browser: they sort, print, fit a phone, and do nothing that a submission asks for."""

import re

import pytest

from course_kit.checking import State
from course_kit.grading.report import write_report
from tests.grading.report_class import EXERCISES, class_of, outcome, run_over, submission
from tests.grading.test_report_safety import NASTY

R, W, C, N = State.RIGHT, State.WRONG, State.COULD_NOT_RUN, State.NOT_ATTEMPTED


def opened(page, path):
    """The page at ``path``, once it has noted every try to reach another file or address."""
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    page.asked = [url for url in page.asked if url != path.as_uri()]
    return page


@pytest.fixture
def index(page, tmp_path):
    """The index of a class of forty."""
    return opened(page, write_report(class_of(40), tmp_path))


@pytest.fixture
def feedback(page, tmp_path):
    """A student's page with an answer in each state, and a long cell."""
    answers = submission("ada", dict(zip(EXERCISES, (R, W, C, N), strict=False)), output="x" * 5000)
    write_report(run_over(answers), tmp_path)
    return opened(page, tmp_path / "feedback" / "ada.html")


def column(page, table, number):
    return page.eval_on_selector_all(
        f"#{table} tbody tr", f"rows => rows.map(r => r.cells[{number}].textContent.trim())"
    )


def test_pages_stand_alone_and_fit_their_window(page, tmp_path):
    """One file, no request, no error, and nothing to the right of the window."""
    index = write_report(class_of(40), tmp_path)
    for path in (index, tmp_path / "feedback" / "zhang.html"):
        opened(page, path)
        assert [] == page.asked
        assert [] == page.errors
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("table,head", [("grades", "Points"), ("exercises", "Right")])
def test_heading_sorts_by_its_numbers_and_turns(index, table, head):
    """Ten comes after nine; the order is told to a screen reader."""
    button = index.locator(f"#{table} th button", has_text=head).first
    cell = index.locator(f"#{table} thead th", has_text=head).first

    button.click()
    numbers = [float(re.match(r"[\d.]+", text)[0]) for text in column(index, table, 1)]
    assert sorted(numbers) == numbers
    assert len(set(numbers)) > 2
    assert "ascending" == cell.get_attribute("aria-sort")
    button.click()
    assert numbers[::-1] == [float(re.match(r"[\d.]+", text)[0]) for text in column(index, table, 1)]
    assert f"Sorted by {head}, descending" == index.locator("#sorted").text_content()


def test_keyboard_alone_sorts_and_opens_a_student(index):
    """Tab reaches a heading and a name, with a frame around what has the focus; Enter does it."""
    index.locator("#grades th button").first.focus()
    index.keyboard.press("Tab")
    assert "Points" in index.evaluate("document.activeElement.textContent")
    assert "solid" == index.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    index.keyboard.press("Enter")
    points = [float(text) for text in column(index, "grades", 1)]
    assert sorted(points) == points
    first = index.locator("#grades tbody a").first
    name = first.text_content()
    first.focus()
    index.keyboard.press("Enter")
    index.wait_for_url("**/feedback/*.html")
    assert f"Feedback for {name}" == index.locator("h1").text_content()


def tree(page) -> list[tuple[str, str]]:
    """Role and name of everything that a screen reader meets, from the browser's own accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    told = [n for n in nodes if not n.get("ignored")]
    return [(n["role"]["value"], (n.get("name") or {}).get("value", "")) for n in told if "role" in n]


def test_screen_reader_hears_states_as_words(index):
    """A cell of the table says "right", not a sign; tables, buttons and landmarks have names."""
    heard = tree(index)
    cells = {name for role, name in heard if role in ("cell", "gridcell")}

    assert {"right", "wrong", "could not run", "not attempted"} <= cells
    assert not cells & {"✓", "✗", "!", "–"}
    for role in ("button", "link", "table", "region", "image", "heading"):
        names = [name for found, name in heard if found == role]
        assert names, role
        assert all(names), role
    assert {"main", "banner", "contentinfo", "navigation"} <= {role for role, _ in heard}


def test_feedback_opens_what_went_wrong(feedback):
    """The student's own cell is open where something is wrong, and one key away where all is right."""
    cells = feedback.eval_on_selector_all("details", "all => all.map(d => d.open)")

    assert [False, True, True, False] == cells
    feedback.locator("summary").first.focus()
    feedback.keyboard.press("Enter")
    assert feedback.locator("pre").first.is_visible()
    assert {"wrong", "right"} <= set(" ".join(name for _, name in tree(feedback)).split())


def test_text_has_contrast(index):
    """At least 4.5 to 1 for every text that is shown (WCAG 2.2, 1.4.3), in the light and the dark scheme."""
    script = """() => {
      const parse = (text) => { const c = document.createElement("canvas").getContext("2d");
        c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
      const light = ([r, g, b]) => { const l = [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
      const below = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
        if (c[3] > 0) return c; } return [255, 255, 255, 255]; };
      const worst = {};
      for (const e of document.querySelectorAll("p, dt, dd, th, td, li, h1, h2, caption, a, button, figcaption")) {
        const style = getComputedStyle(e);
        const color = parse(style.color);
        if (color[3] === 0 || !e.textContent.trim() || parseFloat(style.fontSize) < 5) continue;
        const [a, b] = [light(color), light(below(e))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) worst[e.tagName + "." + e.className] = ratio;
      }
      return worst; }"""
    for scheme in ("light", "dark"):
        index.emulate_media(color_scheme=scheme)
        assert {} == index.evaluate(script), scheme


def test_print_shows_all_rows_and_no_navigation(index):
    """On paper a table is whole: nothing scrolls, and what only a screen can do is gone."""
    index.emulate_media(media="print")

    assert not index.locator("nav").is_visible()
    assert index.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollHeight <= e.clientHeight + 1)")
    index.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins, at 96 dots an inch
    assert index.evaluate("[...document.querySelectorAll('table')].every(t => t.getBoundingClientRect().right <= 718)")


def test_widest_table_of_exercises_prints_within_the_page(page, tmp_path):
    """Twelve columns of states stand side by side on A4, with names of some length."""
    outcomes = tuple(outcome("E08.1", R, exercise=f"E08.{k}") for k in range(1, 13))
    name = "Maria Montserrat Sepulveda-Echeverria"
    index = opened(page, write_report(run_over(submission(name, {}, outcomes=outcomes)), tmp_path))

    index.emulate_media(media="print")
    index.set_viewport_size({"width": 718, "height": 1000})
    assert 12 == index.locator("#grades thead th.mark").count()
    assert index.evaluate("[...document.querySelectorAll('table')].every(t => t.getBoundingClientRect().right <= 718)")


def test_whole_course_prints_within_the_page(page, tmp_path):
    """Ninety exercises of thirteen notebooks: a column a notebook, whose points add up."""
    ids = [f"E{book:02}.{k}" for book in range(13) for k in range(1, 8)]
    outcomes = tuple(outcome("E08.1", R if k % 3 else N, exercise=id, points=k % 3 and 1) for k, id in enumerate(ids))
    index = opened(page, write_report(run_over(submission("ada", {}, outcomes=outcomes)), tmp_path))

    assert [f"Notebook {book:02}" for book in range(13)] == [
        text.strip() for text in index.locator("#grades thead th").all_text_contents()[2:15]
    ]
    (points,) = column(index, "grades", 1)
    row = index.eval_on_selector("#grades tbody tr", "row => [...row.cells].slice(2, 15).map(c => c.textContent)")
    assert float(points) == sum(map(float, row)) == sum(o.points for o in outcomes)
    index.emulate_media(media="print")
    index.set_viewport_size({"width": 718, "height": 1000})
    assert index.evaluate("[...document.querySelectorAll('table')].every(t => t.getBoundingClientRect().right <= 718)")


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nothing_that_a_submission_brings_runs_or_loads(page, tmp_path, text):
    """Markup in a name, a note, a message, a cell and the output: no dialogue, no request, no element of its own."""
    answers = submission(
        text,
        {"E08.1": W},
        notebook=text,
        path=text,
        notes=(text,),
        cells={"E08.1": text},
        output=text,
        outcomes=(outcome("E08.1", W, hint=text, case_messages={"values": text}),),
    )
    write_report(run_over(answers), tmp_path)
    dialogues = []
    page.on("dialog", lambda dialogue: (dialogues.append(dialogue.message), dialogue.dismiss()))
    for path in (tmp_path / "index.html", *(tmp_path / "feedback").iterdir()):
        opened(page, path)
        assert [] == page.asked
        assert 0 == page.locator("img, iframe, b, body > script:not(:last-of-type)").count()

    assert [] == dialogues
    assert [] == page.errors
