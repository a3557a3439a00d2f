"""Make the folder that a student gets: notebooks, what they need to run, and nothing that gives an answer away."""

import json
import re
from pathlib import Path

from rich.console import Console

from course_kit.authoring.source import ROOT, SourceError, edition, sources, text

MARKER = ".course-kit-release"
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}
# Of one file the labels are left out: those of the reviews that notebook 21 is judged by.
LABELS = "course_kit/exercises/held_out_labels.py"
LABELS_IN_IT = re.compile(rb"^LABELS: str \| None = \([^()]*\)$", re.MULTILINE)

README = """\
# {count} notebooks

{list}

## Set-up

Python 3.11 or newer. In this folder:

```
python3 -m venv .venv
.venv/bin/python -m pip install -r requirements.txt     # Windows: .venv\\Scripts\\python
.venv/bin/jupyter lab notebooks
```

The install takes some minutes and about 2 GB: TensorFlow is large.

## Work

Replace the last line of each stub, run the cell, then the cell with `check("E...")` below it. The check says `right`,
`wrong`, `not attempted` or `could not run`, and why. `hint("E...", 1)` gives a push, `progress()` the state of the
notebook. Every notebook runs to its end untouched.

## Hand in

The `.ipynb` files, under the names that they have here. Cells may be moved and added; an answer is found by its name,
so keep the names of functions, classes and variables. What a notebook prints, and the outputs that it keeps, do not
count: your functions are called again, with other numbers than the ones your own check deals.

## What else is in here

`kit/` is the course kit itself, which your notebooks import. It is there to be read, and it is honest to say what one
finds in it: `kit/course_kit/exercises` holds what each check asks and compares, `kit/course_kit/reference` the same
formulas in NumPy, `kit/course_kit/cells` some of the networks as Keras layers. Whoever reads them before trying has
read the answers. The solved notebooks are not in here, nor the labels of the held-out reviews of notebook 21: your own
check judges your model by its validation reviews, and your instructor's by the held-out ones.
"""


class ReleaseError(ValueError):
    """The folder cannot be made; the text says what to do."""


def contents() -> dict[str, bytes]:
    """Every file of a release: its path in the folder, and its bytes. Raises ``ReleaseError``."""
    chosen = sources()
    if not chosen:
        raise ReleaseError(f"there is no notebook in {ROOT / 'notebooks' / 'src'}: release from the kit's repository")
    files = {f"notebooks/{s.stem}.ipynb": text(edition(s, solved=False)).encode() for s in chosen}
    for path in sorted((ROOT / "course_kit").rglob("*")):
        if path.is_file() and not LEFT_BEHIND & set(path.parts):
            files[f"kit/{path.relative_to(ROOT).as_posix()}"] = path.read_bytes()
    files[f"kit/{LABELS}"] = _without_labels(files[f"kit/{LABELS}"])
    # course_kit.datasets looks beside the package. Generators stay behind: the one of the sample class holds answers.
    for path in sorted((ROOT / "data").glob("*")):
        if path.is_file() and path.suffix != ".py":
            files[f"kit/data/{path.name}"] = path.read_bytes()
    files["kit/pyproject.toml"] = (ROOT / "pyproject.toml").read_bytes()
    files["kit/README.md"] = b"The course kit, as the notebooks import it. See ../README.md.\n"
    listed = "\n".join(f"- `notebooks/{s.stem}.ipynb`" for s in chosen)
    files["README.md"] = README.format(count=len(chosen), list=listed).encode()
    pinned = ROOT / "requirements.txt"
    lines = pinned.read_text(encoding="utf-8").splitlines() if pinned.exists() else []
    pins = [line for line in lines if "==" in line and not line.startswith(("-", "#"))]
    files["constraints.txt"] = "".join(f"{pin}\n" for pin in pins).encode()
    # Editable, so that the package finds kit/data; in the versions that the kit was tested with.
    files["requirements.txt"] = b"-c constraints.txt\n-e ./kit\n"
    return files


def _without_labels(module: bytes) -> bytes:
    withheld, count = LABELS_IN_IT.subn(b"LABELS: str | None = None  # withheld from students", module)
    if count != 1:
        raise ReleaseError(f"{LABELS} is not as data/make_held_out_reviews.py writes it: make it again")
    return withheld


def release(folder: Path) -> list[str]:
    """Make ``folder``, or make it anew if it is one of ours. Returns the files written, relative to it.

    Raises:
        ReleaseError: if something else lies there, or there is nothing to release.
    """
    folder = Path(folder)
    files = contents()
    _clear(folder)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / MARKER).write_text(json.dumps(list(files), indent=0) + "\n", encoding="utf-8")
    return list(files)


def run(folder: Path, console: Console) -> int:
    """``course-kit release DIR``. Returns the exit code."""
    try:
        made = release(folder)
    except (ReleaseError, SourceError) as error:
        console.print(str(error), highlight=False, soft_wrap=True)
        return 2
    except OSError as error:
        console.print(f"{folder} cannot be written: {error.strerror}", highlight=False, soft_wrap=True)
        return 2
    count = sum(name.endswith(".ipynb") for name in made)
    console.print(f"{count} notebooks and what they need are in {folder}", highlight=False, soft_wrap=True)
    return 0


def _clear(folder: Path) -> None:
    """Take away what an earlier release put there, and that alone."""
    if not folder.exists():
        folder.mkdir(parents=True)
        return
    if not folder.is_dir():
        raise ReleaseError(f"{folder} is a file: name a folder")
    if not any(folder.iterdir()):
        return
    try:
        made = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ReleaseError(
            f"{folder} is not empty and was not made by `course-kit release`: name a new folder, or remove it yourself"
        ) from None
    for name in made:
        path = folder / name
        if ".." not in Path(name).parts and not Path(name).is_absolute() and path.is_file():
            path.unlink()
            for parent in path.parents:
                if parent == folder or any(parent.iterdir()):
                    break
                parent.rmdir()
