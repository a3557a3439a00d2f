"""The gallery, `docs/gallery.md`: each system with its equation, its count and a figure of what it does.

Slides, sources and import lines come from the table of systems, counts from `course_kit.params`; equations and the
words of the figures stand in `gallery_entries`. `docs/make_gallery.py` draws the figures and writes the page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from course_kit.authoring.source import ROOT
from course_kit.authoring.systems import SYSTEMS, System
from course_kit.params import Count

PAGE = ROOT / "docs" / "gallery.md"
FOLDER = ROOT / "docs" / "gallery"
HEAD = """\
# Gallery

<!-- Written by docs/make_gallery.py from course_kit/authoring/gallery_entries.py and course_kit.params. -->

Every system of the lectures: what it computes, how many parameters that takes, and one picture of what it does. Row
vectors throughout, as in Keras: $x_t$ has m numbers, $h_t$ has n, $\\sigma$ is the logistic function and $\\odot$ the
product entry by entry. The figures are drawn by `python docs/make_gallery.py` with the kit's own layers.
"""


@dataclass(frozen=True)
class Stated:
    """A number of parameters whose formula is no polynomial that `course_kit.params` prints."""

    latex: str
    value: int
    numbers: dict[str, int]


@dataclass(frozen=True)
class Entry:
    """What the gallery says of one system beside its row in the table of systems.

    Args:
        system: the name of its row.
        equation: LaTeX.
        count: gives its parameters; None for what has none of its own.
        alt: the figure in words, for one who cannot see it.
        shows: what to look at.
        aside: what else should be said of equation or count.
    """

    system: str
    equation: str
    count: Callable[[], Count | Stated] | None
    alt: str
    shows: str
    aside: str = ""

    @property
    def picture(self) -> str:
        return f"{anchor(self.system)}.png"


def anchor(title: str) -> str:
    """A heading's name in a link, as GitHub makes it.

    >>> anchor("Tree-LSTM, child-sum and N-ary"), anchor("Gomez's numeric LSTM")
    ('tree-lstm-child-sum-and-n-ary', 'gomezs-numeric-lstm')
    """
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def entries() -> list[Entry]:
    """All entries, in the order of the table of systems."""
    from course_kit.authoring.gallery_entries import ENTRIES

    return [ENTRIES[system.name] for system in SYSTEMS if system.name in ENTRIES]


def page() -> str:
    """The whole page."""
    rows = {system.name: system for system in SYSTEMS}
    links = " · ".join(f"[{entry.system}](#{anchor(entry.system)})" for entry in entries())
    return "\n".join([HEAD, links, *(section(rows[entry.system], entry) for entry in entries()), ""])


def section(system: System, entry: Entry) -> str:
    parts = [
        f"\n## {system.name}",
        f"Slides {system.slides}; {system.source}.",
        f"```python\n{system.use}\n```",
        f"$$\n{entry.equation.strip()}\n$$",
        parameters(entry),
        *([entry.aside] if entry.aside else []),
        f"![{entry.alt}](gallery/{entry.picture})",
        f"*{entry.shows}*",
    ]
    return "\n\n".join(parts)


def parameters(entry: Entry) -> str:
    """The formula, the numbers put in, the number."""
    if entry.count is None:
        return "Parameters: none of its own."
    counted = entry.count()
    letters = ", ".join(f"{letter} = {number}" for letter, number in counted.numbers.items())
    frozen = getattr(counted, "non_trainable", 0)
    trained = f", of which {frozen} are not trained" if frozen else ""
    return f"Parameters: ${counted.latex}$, that is **{_grouped(counted.value)}**{trained}, with {letters}."


def _grouped(number: int) -> str:
    """ "1 406 560": as the rest of the documents write large numbers."""
    return f"{number:,}".replace(",", " ")


def write() -> None:
    """Make the page new."""
    PAGE.write_text(page(), encoding="utf-8")
