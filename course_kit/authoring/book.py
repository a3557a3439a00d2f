"""The solved notebooks as a small web site that needs no network: ``build/book``, with an index by slide and by topic.

Formulas become MathML, which browsers draw themselves; figures carry their text alternative inside the page.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader
from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_kit.authoring.source import ROOT, read
from course_kit.exercises.inventory import exercises_of, inventory

BOOK = ROOT / "build" / "book"
EXERCISE = re.compile(r"E\d\d\.\d+")
DOCUMENTS = {"D1": "ru", "D2": "ru", "D3": "pl", "D4": "ru", "D5": "ru"}
# A slider's handle cannot be moved on a page; its still figure stands there.
WIDGET = "application/vnd.jupyter.widget-view+json"
# Commands that the converter to MathML does not know, in words that it does.
SPELLED = {r"\lVert": r"\|", r"\rVert": r"\|", r"\lvert": "|", r"\rvert": "|"}


@dataclass(frozen=True)
class Chapter:
    """One notebook: its file name without ending, title, and exercises as (id, heading)."""

    name: str
    title: str
    exercises: tuple[tuple[str, str], ...]


class Renderer(IPythonRenderer):
    """Markdown to HTML: formulas as MathML, and a heading's exercise as its anchor."""

    def heading(self, text: str, level: int, **attrs) -> str:
        exercise = EXERCISE.match(text)
        anchor = f' id="{exercise.group()}"' if exercise else ""
        return f"<h{level}{anchor}>{text}</h{level}>\n"

    def block_math(self, body: str) -> str:
        return f'<div class="formula" tabindex="0">{convert(spelled(body), display="block")}</div>'

    def inline_math(self, body: str) -> str:
        return convert(spelled(body))


def spelled(formula: str) -> str:
    """The formula in commands that the converter knows."""
    return re.sub(r"\\[lr][Vv]ert", lambda command: SPELLED[command.group()] + " ", formula)


def rendered(markdown: str) -> str:
    """Markdown as HTML."""
    html = MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(markdown)
    # A table or a program wider than a phone moves within itself.
    return html.replace("<table>", '<div class="wide" tabindex="0"><table>').replace("</table>", "</table></div>")


def chapter(source: Path) -> Chapter:
    """Title and exercises of a notebook, from its headings."""
    lines = [line for c in read(source) if c.kind == "markdown" for line in c.source.splitlines()]
    title = next(line.removeprefix("# ") for line in lines if line.startswith("# "))
    headings = [line.lstrip("# ") for line in lines if line.startswith("#") and EXERCISE.match(line.lstrip("# "))]
    return Chapter(source.stem, title, tuple((EXERCISE.match(h).group(), h) for h in headings))


def write(executed: dict[Path, Path], folder: Path = BOOK) -> list[Path]:
    """Make the book.

    Args:
        executed: for each source the solved notebook with its outputs.
        folder: where the pages go; pages of notebooks that are gone are removed.

    Returns:
        The files written, the index first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.html"):
        old.unlink()
    chapters = [chapter(s) for s in executed]
    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    exporter.register_filter("markdown2html", rendered)
    pages = Environment(loader=PackageLoader("course_kit.authoring"), autoescape=True)
    style = Markup(pages.get_template("book.css").render())
    written = [folder / "index.html"]
    index = pages.get_template("book_index.html")
    written[0].write_text(index.render(chapters=chapters, slides=_slides(chapters), style=style), encoding="utf-8")
    page = pages.get_template("book_page.html")
    for k, path in enumerate(executed.values()):
        body, _ = exporter.from_notebook_node(_still(nbformat.read(path, as_version=4)))
        before = chapters[k - 1] if k else None
        after = chapters[k + 1] if k + 1 < len(chapters) else None
        html = page.render(chapter=chapters[k], before=before, after=after, body=Markup(body), style=style)
        written.append(folder / f"{chapters[k].name}.html")
        written[-1].write_text(html, encoding="utf-8")
    return written


def _still(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def _slides(chapters: list[Chapter]) -> list[dict]:
    """For the index: every slide with both titles and the links to its exercises."""
    page = {id: c.name for c in chapters for id, _ in c.exercises}
    return [
        {
            "id": id,
            "title": entry["title_original"],
            "english": entry["title_en"],
            "language": DOCUMENTS[entry["document"]],
            "exercises": [(e, page.get(e)) for e in exercises_of(id)],
        }
        for id, entry in inventory()["slides"].items()
    ]
