"""``course-kit slides``: every slide of the lectures, its exercises, and whether their notebooks have them."""

from collections import Counter
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from course_kit.authoring.source import ID, read, sources
from course_kit.checking import all_exercises
from course_kit.exercises.inventory import exercises_of, inventory


@dataclass(frozen=True)
class Coverage:
    """One slide: ``gap`` is empty where all its exercises stand in their notebooks, else a sentence."""

    slide: str
    title: str
    exercises: tuple[str, ...]
    gap: str


def coverage() -> list[Coverage]:
    """All slides in the order of the inventory."""
    texts = notebook_texts()
    there = {e.id: e.slides for e in all_exercises()}
    return [
        Coverage(slide, entry["title_original"], exercises_of(slide), _gap(slide, entry, there, texts))
        for slide, entry in inventory()["slides"].items()
    ]


def notebook_texts() -> dict[str, tuple[set[str], str]]:
    """Maps each notebook's number to the tags of its cells and its text, blanks and line ends made one blank."""
    found = {}
    for source in sources():
        cells = read(source)
        words = " ".join(c.source for c in cells if c.kind == "markdown")
        found[source.stem[:2]] = ({t for c in cells for t in c.tags}, " ".join(words.split()))
    return found


def _gap(slide: str, entry: dict, there: dict[str, tuple], texts: dict) -> str:
    for exercise in exercises_of(slide):
        number = exercise[1:3]
        if number not in texts:
            return f"notebook {number} is not there yet"
        if exercise not in there:
            return f"{exercise} is not there yet"
        tags, words = texts[number]
        if slide not in there[exercise]:
            return f"{exercise} does not name it"
        if exercise not in tags:
            return f"notebook {number} does not ask {exercise}"
        if f"slide:{slide}" not in tags:
            return f"notebook {number} has no cell tagged slide:{slide}"
        if " ".join(entry["title_original"].split()) not in words:
            return f"notebook {number} does not give its title"
    return ""


def stray() -> list[str]:
    """Sentences about exercises that the inventory does not have, or has for other slides; empty when all is well."""
    known = inventory()["exercises"]
    found = [f"{e.id} is not in the inventory" for e in all_exercises() if e.id not in known]
    for id, entry in known.items():
        if not entry["slides"]:
            found.append(f"{id} belongs to no slide")
        found += [f"{id} names {s}, which does not name it" for s in entry["slides"] if id not in exercises_of(s)]
    asked = {t for tags, _ in notebook_texts().values() for t in tags if ID.fullmatch(t)}
    return found + [f"a notebook asks {id}, which is not in the inventory" for id in sorted(asked - known.keys())]


def run(console: Console) -> int:
    """Print the coverage. Returns 0 when every slide is covered, else 1."""
    rows = coverage()
    table = Table("slide", "title", "exercises", "state", box=None)
    for row in rows:
        table.add_row(row.slide, row.title, " ".join(row.exercises), row.gap or "covered")
    console.print(table)
    odd = stray()
    for sentence in odd:
        console.print(sentence)
    covered = Counter(not row.gap for row in rows)[True]
    console.print(f"{covered} of {len(rows)} slides have their exercises", highlight=False)
    return 0 if covered == len(rows) and not odd else 1
