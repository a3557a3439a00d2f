"""The ``course-kit`` command: parses, calls one function, prints."""

import argparse
import sys
from pathlib import Path

from course_kit.models.characters import command as characters
from course_kit.models.imdb import command as imdb


def parser() -> argparse.ArgumentParser:
    """The command line of the kit."""
    top = argparse.ArgumentParser(prog="course-kit", description="Recurrent networks, from the slide to the gradebook.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    demo = verbs.add_parser("demo", help="hand out, solve and grade a sample class")
    demo.add_argument("--out", type=Path, default=Path("build/demo"), help="folder for gradebook and report")

    notebooks = verbs.add_parser("notebooks", help="build, check or run them, or make a book of the solved ones")
    notebooks.add_argument("action", choices=("build", "check", "run", "book"))
    notebooks.add_argument("--jobs", type=positive, default=2, help="how many run at a time (default 2)")
    notebooks.add_argument("--only", default="", metavar="TEXT", help="only notebooks whose name contains TEXT")

    verbs.add_parser("slides", help="every slide of the lectures, its exercises, and what is covered")

    release = verbs.add_parser("release", help="make the folder that a student gets")
    release.add_argument("folder", type=Path)

    grade = verbs.add_parser("grade", help="grade a folder of submissions, or a class's zip")
    grade.add_argument("folder", type=Path)
    grade.add_argument("--out", type=Path, required=True, help="folder for gradebook and report")
    grade.add_argument("--seed", type=int, help="deals the inputs; random if not given, kept in results.json")
    grade.add_argument("--jobs", type=positive, help="how many submissions at a time (default: cores)")
    grade.add_argument("--sandbox", choices=("auto", "none"), default="auto")
    grade.add_argument("--resume", action="store_true", help="go on with the last run into --out, with its seed")
    grade.add_argument("--manual", type=Path, metavar="CSV", help="marks by hand; the columns are in docs/grading.md")
    grade.add_argument("--due", action="append", default=[], metavar="TIME", help="2026-03-02T23:59, or 08=...")
    grade.add_argument("--late-percent", type=float, default=0.0, metavar="P", help="off for each begun day late")
    grade.add_argument("--late-most", type=float, default=100.0, metavar="P", help="and never more than this")
    grade.add_argument("--title", default="course-kit", help='the assignment in Canvas: "LSTM (4711)"')
    grade.add_argument("--config", type=Path, metavar="FILE", help="limits (default: grading.toml, if it is here)")
    grade.add_argument("--cluster", metavar="ADDRESS", help="grade on a Dask cluster: tcp://host:8786")
    grade.add_argument(
        "--feedback", choices=("full", "terse"), default="full", help="terse leaves numbers and errors' texts out"
    )

    rubric = verbs.add_parser("rubric", help="a form for the texts that a person reads, and a page to read them on")
    rubric.add_argument("folder", type=Path, help="what was handed in, as `course-kit grade` takes it")
    rubric.add_argument("--out", type=Path, required=True, metavar="CSV", help="the form; the page goes beside it")

    verbs.add_parser("doctor", help="what this machine can do, and what to install or switch on for more")

    similar = verbs.add_parser("similar", help="pairs of submissions to look at side by side")
    similar.add_argument("folder", type=Path)
    similar.add_argument("--out", type=Path, metavar="CSV", help="write all pairs there")
    similar.add_argument("--starter", type=Path, metavar="DIR", help="what was handed out, if not the kit's notebooks")
    similar.add_argument("--top", type=positive, default=20, help="how many to print (default 20)")

    params = verbs.add_parser("params", help="explain the parameter counts of a saved model")
    params.add_argument("model", help="a .keras file")

    imdb.add(verbs)
    characters.add(verbs)
    return top


def positive(text: str) -> int:
    """An argument type: a whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1 is due. Got {text}.")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """Run the command. Returns 0 when done, 1 when the work found something wrong, 2 for wrong use."""
    arguments = parser().parse_args(argv)
    from rich.console import Console

    console = Console()
    try:
        return dispatch(arguments, console)
    except KeyboardInterrupt:
        console.print("stopped")
        return 1
    except BrokenPipeError:
        return 1


def dispatch(arguments: argparse.Namespace, console) -> int:
    """Call the one function that the verb stands for."""
    if arguments.verb == "notebooks":
        from course_kit.authoring import command as authoring

        if arguments.action == "build":
            return authoring.build_command(console)
        if arguments.action == "check":
            return authoring.check_command(console)
        if arguments.action == "book":
            return authoring.book_command(console, jobs=arguments.jobs)
        return authoring.run_command(console, jobs=arguments.jobs, only=arguments.only)
    if arguments.verb == "slides":
        from course_kit.authoring import slides

        return slides.run(console)
    if arguments.verb == "params":
        from course_kit.params import command as params

        return params.run(arguments.model, console)
    if arguments.verb == "imdb":
        return imdb.run(arguments, console)
    if arguments.verb == "characters":
        return characters.run(arguments, console)
    if arguments.verb == "release":
        from course_kit.grading import release

        return release.run(arguments.folder, console)
    if arguments.verb == "similar":
        from course_kit.grading import similar

        return similar.run(arguments.folder, console, arguments.out, arguments.starter, arguments.top)
    if arguments.verb == "rubric":
        from course_kit.grading import rubric

        return rubric.run(arguments.folder, arguments.out, console)
    if arguments.verb == "doctor":
        from course_kit.grading import doctor

        return doctor.run(console)
    if arguments.verb == "demo":
        from course_kit.grading import demo

        return demo.run(arguments.out, console)
    from course_kit.grading import command as grading

    return grading.run(
        arguments.folder,
        arguments.out,
        seed=arguments.seed,
        jobs=arguments.jobs,
        sandbox=arguments.sandbox,
        console=console,
        config=arguments.config,
        feedback=arguments.feedback,
        resume=arguments.resume,
        manual=arguments.manual,
        late=(arguments.due, arguments.late_percent, arguments.late_most),
        title=arguments.title,
        cluster=arguments.cluster,
    )


if __name__ == "__main__":
    sys.exit(main())
