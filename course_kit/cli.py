"""The ``course-kit`` command: parses, calls one function, prints."""

import argparse
import sys
from pathlib import Path


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

    grade = verbs.add_parser("grade", help="grade a folder of submissions")
    grade.add_argument("folder", type=Path)
    grade.add_argument("--out", type=Path, required=True, help="folder for gradebook and report")
    grade.add_argument("--seed", type=int, help="deals the inputs; random if not given, kept in results.json")
    grade.add_argument("--jobs", type=positive, help="how many submissions at a time (default: cores)")
    grade.add_argument("--sandbox", choices=("auto", "none"), default="auto")

    params = verbs.add_parser("params", help="explain the parameter counts of a saved model")
    params.add_argument("model", help="a .keras file")
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
    if arguments.verb == "release":
        from course_kit.grading import release

        return release.run(arguments.folder, console)
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
    )


if __name__ == "__main__":
    sys.exit(main())
