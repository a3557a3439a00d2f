"""``course-kit demo``: the main job on real input, from the notebooks' sources to a gradebook."""

from pathlib import Path

from rich.console import Console

from course_kit.authoring.source import ROOT, SourceError, build
from course_kit.grading import command, isolation
from course_kit.grading.release import ReleaseError, release
from course_kit.grading.watch import say

SAMPLE_CLASS = ROOT / "data" / "sample_class"


def run(out: Path, console: Console) -> int:
    """Build the notebooks, hand them out into ``out/handout``, grade the sample class into ``out/grades``.

    Returns:
        int, the exit code.
    """
    if not SAMPLE_CLASS.is_dir():
        say(console, f"{SAMPLE_CLASS} is not there: the demo needs the kit's own repository")
        return 2
    try:
        written = build()
        made = release(out / "handout")
    except (SourceError, ReleaseError) as error:
        say(console, str(error))
        return 2
    except OSError as error:
        say(console, f"{error.filename} cannot be written: {error.strerror}")
        return 2
    say(console, f"built      {len(written)} notebooks, half of them with solutions, from notebooks/src")
    say(console, f"hand-out   {out / 'handout'} ({sum(n.endswith('.ipynb') for n in made)} notebooks for students)")
    say(console, f"class      {SAMPLE_CLASS} (eight submissions of notebook 08)")
    found = isolation.available()
    if found.level == "none":
        say(
            console,
            f"sandbox    none: this machine refuses one ({found.reason}); the sample class is the kit's own work",
        )
    return command.run(
        SAMPLE_CLASS, out / "grades", sandbox="none" if found.level == "none" else "auto", console=console
    )
