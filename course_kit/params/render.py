"""The table of ``explain`` as text, as HTML and on a terminal."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from course_kit.params import expression

if TYPE_CHECKING:
    from course_kit.params.explanation import Explanation

HEADS = ("layer", "class", "formula", "numbers put in", "expected", "actual", "")
_NUMBERS = (4, 5)  # the columns that stand right
_COLOURS = {"agrees": "green", "disagrees": "bold red", "unknown": "yellow", "not built": "yellow"}


def text(table: Explanation) -> str:
    rows, notes = _cells(table)
    lines = columns([HEADS, *rows], right=_NUMBERS)
    return "\n".join([*lines[:-1], lines[1], lines[-1], *_foot(table), *_numbered(notes)])


def columns(rows: list[tuple[str, ...]], right: tuple[int, ...] = ()) -> list[str]:
    """The lines of a table whose first row is its head, with a rule under it; columns in `right` stand right."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]

    def line(cells: tuple[str, ...]) -> str:
        aligned = (
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(aligned).rstrip()

    head, *body = rows
    return [line(head), "  ".join("-" * width for width in widths).rstrip(), *map(line, body)]


def html(table: Explanation) -> str:
    rows, notes = _cells(table)

    def line(cells: tuple[str, ...], tag: str = "td") -> str:
        texts = [expression.html(escape(cell)) if place in (2, 3) else escape(cell) for place, cell in enumerate(cells)]
        sides = ["right" if place in _NUMBERS else "left" for place in range(len(cells))]
        filled = zip(texts, sides, strict=True)
        return "<tr>" + "".join(f'<{tag} style="text-align:{side}">{cell}</{tag}>' for cell, side in filled) + "</tr>"

    caption = f"<caption>Parameters of {escape(table.name)}: what the formulas expect, what the layers hold</caption>"
    body = "".join(map(line, rows))
    below = "".join(f"<p>{escape(sentence)}</p>" for sentence in (*_foot(table), *_numbered(notes)))
    return f"<table>{caption}<thead>{line(HEADS, 'th')}</thead><tbody>{body}</tbody></table>{below}"


def rich(table: Explanation) -> object:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    rows, notes = _cells(table)
    drawn = Table(title=f"Parameters of {table.name}", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("layer", "class", "formula", "expected", "actual", ""):
        number = head in ("expected", "actual")
        drawn.add_column(head, justify="right" if number else "left", no_wrap=number, overflow="fold")
    for cells, verdict in zip(rows, [*(row.verdict for row in table.rows), table.verdict], strict=True):
        if cells is rows[-1]:
            drawn.add_section()
        layer, kind, formula, put_in, expected, actual, last = cells
        # Two lines in one column, so that a terminal of 80 columns holds the table.
        both = formula if put_in == formula else f"{formula}\n= {put_in}"
        # Text, not markup: a layer may be called "a[bold]".
        drawn.add_row(*map(Text, (layer, kind, both, expected, actual)), Text(last, style=_COLOURS.get(verdict, "")))
    return Group(drawn, *(Text(sentence) for sentence in (*_foot(table), *_numbered(notes))))


def _cells(table: Explanation) -> tuple[list[tuple[str, ...]], list[str]]:
    """The cells of every row and of the total, and the notes that the last column refers to."""
    notes = list(dict.fromkeys(note for row in table.rows for note in row.notes))
    cells = []
    for row in table.rows:
        mark = "".join(f" [{notes.index(note) + 1}]" for note in row.notes)
        cells.append(
            (
                row.layer,
                row.kind,
                row.formula,
                row.put_in,
                _number(row.expected),
                _number(row.actual),
                row.verdict + mark,
            )
        )
    cells.append(("total", "", "", "", _number(table.expected), _number(table.actual), table.verdict))
    return cells, notes


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def _foot(table: Explanation) -> list[str]:
    lines = [f"{table.trainable} trainable, {table.non_trainable} not trainable."]
    if table.unknown:
        held = sum(row.actual for row in table.unknown)
        lines.append(f"The expected total leaves out {held} parameters for which there is no formula.")
    if table.verdict == "disagrees" and all(row.verdict != "disagrees" for row in table.rows):
        lines.append(
            "Every layer agrees by itself and the total does not: some layers share weights, which count once."
        )
    return lines


def _numbered(notes: list[str]) -> list[str]:
    return [f"[{place}] {note}" for place, note in enumerate(notes, 1)]
