"""Nothing that a submission brings is more than text, and a student's name is never more than a file's name."""

import re
from dataclasses import replace

import pytest

from course_kit.checking import Message, State
from course_kit.grading.report import feedback_name, write_report
from tests.grading import pages
from tests.grading.report_class import (
    class_of,
    feedback_of,
    index_of,
    outcome,
    run_over,
    submission,
)

NASTY = {
    "script": "<script>alert(1)</script>",
    "end of an attribute": "\"><img src=x onerror='alert(1)'>",
    "end of the style": "</style></head><body onload=alert(1)>",
    "end of the code": "</code></pre></details></section></main>",
    "comment": "<!-- x --><!--",
    "cdata": "]]><![CDATA[ x ]]>",
    "entity": "&lt;b&gt;&#0;&amp;quot;",
    "template": "{{ 7 * 7 }}{% raw %}{# x #}",
    "address": "javascript:alert(1)//https://example.org",
    "path": "../../etc/passwd",
    "formula": '=HYPERLINK("http://example.org","x")',
    "lines": "a\nb\r\nc\td",
    "long": "Ä" * 300,
    "one long word": "x" * 100_000,
}
UNSEEN = {
    "a\x00b": "a␀b",
    "a\x1b[31mred\x1b[0m": "ared",
    "a\x1b]0;title\x07b": "a␛]0;title␇b",
    "a\x9bb": "a[U+009B]b",
    "exe\u202etxt.py": "exe[U+202E]txt.py",
    "a\u2066b\u2069": "a[U+2066]b[U+2069]",
    "a\u200bb": "a[U+200B]b",
    "a\udcffb": "a\ufffdb",
}


def everywhere(text: str):
    """A submission that has ``text`` wherever a submission can put one."""
    message = Message(text, obtained=text, expected=text, index=text, known=text)
    bad = outcome("E08.1", State.WRONG, message=message, hint=text, cases={text: State.WRONG}, not_looked_at=(text,))
    own = {"E08.1": text}
    return submission(text, {}, outcomes=(bad,), notebook=text, path=text, notes=(text,), cells=own, output=text)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_no_text_changes_a_page(tmp_path, text):
    """A page has the same elements and attributes whatever the submission wrote, and shows it as text."""
    harmless = everywhere("harmless" if len(text) < 50_000 else "y" * len(text))
    attacked = everywhere(text)

    for page_of in (lambda s: index_of(tmp_path, run_over(s)), lambda s: feedback_of(tmp_path, s)):
        page = page_of(attacked)
        assert pages.shape(pages.read(page_of(harmless))) == pages.shape(pages.read(page))
        assert not pages.faults(page)
    assert " ".join(text.split())[:200] in pages.read(page).one("h1").words


@pytest.mark.parametrize("text", UNSEEN)
def test_characters_that_hide_are_shown(tmp_path, text):
    """Controls, reversals and broken characters are written out: a text can't show itself as another."""
    page = feedback_of(tmp_path, everywhere(text))

    assert page.count(UNSEEN[text]) >= 12
    assert not set(page) & (set(map(chr, range(32))) - {"\n", "\t"})
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", page)


def test_policy_allows_this_pages_style_and_script_alone(tmp_path):
    """Default none; style and script by hash, computed here from what the page holds; feedback has no script."""
    for page, scripts in ((index_of(tmp_path, class_of(3)), 1), (feedback_of(tmp_path, class_of(1).submissions[0]), 0)):
        root = pages.read(page)
        policy = next(m for m in root.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy")
        names = [pages.source_hash(s.text) for s in root.all("script")]
        assert len(names) == scripts
        assert policy.attributes["content"] == (
            f"default-src 'none'; style-src {pages.source_hash(root.one('style').text)}; "
            f"script-src {names[0] if names else chr(39) + 'none' + chr(39)}; base-uri 'none'; form-action 'none'"
        )


def test_pages_are_closed_self_contained_and_named(tmp_path):
    """Well formed, headings in order, tables with caption and scope, nothing from elsewhere, on every page."""
    write_report(class_of(8), tmp_path)

    found = {p.name: pages.faults(p.read_text(encoding="utf-8")) for p in tmp_path.rglob("*.html")}
    assert found == {name: [] for name in found}
    assert len(found) == 9


@pytest.mark.parametrize(
    "broken",
    [
        ("</main>", ""),
        ("<table id=", "<table onclick='x()' id="),
        ('<th scope="col"', "<th"),
        ('href="#scores"', 'href="https://example.org"'),
        ("<caption>", "<caption hidden></caption><caption>"),
        ("<h2 id=", "<h4 id=x></h4><h2 id="),
        ('aria-label="Table of students"', ""),
    ],
    ids=lambda b: b[0],
)
def test_a_fault_would_be_found(tmp_path, broken):
    """The reader of these tests sees a page that is not as it should be."""
    page = index_of(tmp_path, class_of(3))
    assert broken[0] in page

    try:
        assert pages.faults(page.replace(*broken))
    except AssertionError as error:
        assert "closes" in str(error) or "closed" in str(error)


# --- file names


@pytest.mark.parametrize(
    "student,kept",
    [("ada", True), ("ada.lovelace_1", True), ("s1234-5", True), ("Ada", False), ("../ada", False), ("con", False)]
    + [
        ("con.x", False),
        (".ada", False),
        ("ada.", False),
        ("-ada", False),
        ("", False),
        ("a" * 61, False),
        ("ada\n", False),
    ]
    + [
        ("Łukasz Żółw", False),
        ("李", False),
        ("a/b", False),
        ("a\x00b", False),
        ("a\udcffb", False),
        ("x-" + "0" * 20, False),
    ],
)
def test_file_name_is_plain_whatever_the_student(student, kept):
    """A plain name stays; any other becomes one that no system misreads, with a hash."""
    name = feedback_name(student)

    assert re.fullmatch(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.html", name)
    assert len(name) <= 66
    assert (name == f"{student}.html") is kept


def test_file_names_never_clash(tmp_path):
    """Not by case, nor by what is cut, nor by a student who took another's file name."""
    names = [
        "ada",
        "Ada",
        "ADA",
        "a d a",
        "a-d-a",
        "a/d/a",
        "../ada",
        "..\\ada",
        "a" * 300,
        "a" * 301,
        "",
        " ",
        "\n",
        "é",
        "è",
    ]
    names += [feedback_name(n).removesuffix(".html") for n in names]
    names = list(dict.fromkeys(names))
    files = {feedback_name(n).lower() for n in names}

    assert len(files) == len(names)
    write_report(run_over(*(submission(n, {"E08.1": State.RIGHT}) for n in names)), tmp_path)
    assert {p.name for p in (tmp_path / "feedback").iterdir()} == files
    assert {p.name for p in tmp_path.iterdir()} == {".course-kit", "feedback", "index.html"}


def test_report_replaces_an_older_one(tmp_path):
    """A second run over the same class leaves its own pages."""
    answer = submission("ada", {"E08.1": State.WRONG})
    write_report(run_over(answer), tmp_path)
    write_report(run_over(replace(answer, outcomes=(outcome("E08.1", State.RIGHT),))), tmp_path)

    assert "bias b_f is missing" not in (tmp_path / "feedback" / "ada.html").read_text(encoding="utf-8")
