"""``course-kit notebooks build|check|run|book``."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from course_kit.authoring.execute import Executed, execute_all
from course_kit.authoring.source import (
    ROOT,
    SOLUTIONS,
    SourceError,
    build,
    read,
    solution_path,
    sources,
    stale,
    student_path,
)


def build_command(console: Console) -> int:
    """Write both editions of every notebook. Returns the exit code."""
    try:
        written = build()
    except SourceError as error:
        console.print(str(error))
        return 1
    for path in written:
        console.print(f"wrote {path}", highlight=False, soft_wrap=True)
    return 0


def check_command(console: Console) -> int:
    """Compare the committed student notebooks with their sources. Returns the exit code."""
    try:
        found = stale()
    except SourceError as error:
        found = [str(error)]
    for sentence in found:
        console.print(sentence, highlight=False, soft_wrap=True)
    if not found:
        console.print(f"{len(sources())} notebooks are what their sources give")
    return 1 if found else 0


def run_command(console: Console, jobs: int = 2, only: str = "", limit: float = 120.0) -> int:
    """Run both editions of every notebook whose name contains ``only``. Returns the exit code.

    The student edition must run to its end with every check "not attempted", the solved one with every check
    "right", each within ``limit`` seconds.
    """
    chosen = [s for s in sources() if only in s.stem]
    if not chosen:
        console.print(f"no notebook's name contains {only!r}; there are {', '.join(s.stem for s in sources())}")
        return 2
    build()
    # The solved editions take longest, so they start first.
    wanted = {solution_path(s): "right" for s in chosen} | {student_path(s): "not attempted" for s in chosen}
    due = {p: {c.exercise for c in read(s) if "check" in c.tags} for s in chosen for p in _editions(s)}
    results: list[Executed] = []
    with _progress(console) as progress:
        task = progress.add_task("", total=len(wanted))
        for executed in execute_all(list(wanted), jobs, limit, save=_executed_path):
            results.append(executed)
            progress.advance(task)
    table = Table("notebook", "edition", "seconds", "cells", "checks", "result")
    failed = 0
    for executed in sorted(results, key=lambda e: (e.path.stem, e.path.parent.name)):
        sentence = verdict(executed, wanted[executed.path], due[executed.path], limit)
        failed += bool(sentence)
        edition = "solution" if executed.path.parent == SOLUTIONS else "student"
        numbers = (f"{executed.seconds:.1f}", str(executed.cells), str(len(executed.states)))
        table.add_row(executed.path.stem, edition, *numbers, sentence or "ok")
    console.print(table)
    console.print(f"{len(results) - failed} of {len(results)} notebooks ran as they should")
    return 1 if failed else 0


def book_command(console: Console, jobs: int = 2, limit: float = 120.0) -> int:
    """Make the HTML edition of the solved notebooks under ``build/book``. Returns the exit code.

    Notebooks that were executed since they and the kit last changed are taken as they are, so that an interrupted run
    goes on where it stopped.
    """
    build()
    executed = {s: _executed_path(solution_path(s)) for s in sources()}
    changed = max(p.stat().st_mtime for p in (ROOT / "course_kit").rglob("*.py"))
    due = [s for s, p in executed.items() if not p.exists() or p.stat().st_mtime < max(changed, s.stat().st_mtime)]
    failed = []
    with _progress(console) as progress:
        task = progress.add_task("", total=len(due))
        for one in execute_all([solution_path(s) for s in due], jobs, limit, save=_executed_path):
            failed += [f"{one.path.stem}: {one.failure}"] if one.failure else []
            progress.advance(task)
    for sentence in failed:
        console.print(sentence, highlight=False, soft_wrap=True)
    if failed:
        return 1
    from course_kit.authoring import book

    index = book.write(executed)[0]
    console.print(f"{len(executed)} notebooks in {index}", highlight=False, soft_wrap=True)
    return 0


def verdict(executed: Executed, wanted: str, due: set[str], limit: float) -> str:
    """Empty when the notebook ran as it should, else a sentence."""
    if executed.failure:
        return executed.failure
    silent = sorted(due - executed.states.keys())
    if silent:
        return f"no answer from the checks of {', '.join(silent)}"
    other = [f"{id} {state}" for id, state in sorted(executed.states.items()) if id in due and state != wanted]
    if other:
        return f"not {wanted}: {', '.join(other)}"
    return f"took {executed.seconds:.0f} s, over {limit:.0f} s" if executed.seconds > limit else ""


def _progress(console: Console) -> Progress:
    columns = (TextColumn("running notebooks"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _editions(source: Path) -> tuple[Path, Path]:
    return student_path(source), solution_path(source)


def _executed_path(path: Path) -> Path:
    edition = "solutions" if path.parent == SOLUTIONS else "student"
    return SOLUTIONS.parent / "executed" / edition / path.name
