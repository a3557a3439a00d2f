"""config.json: what was asked, by which it is known whether a folder may be gone on with. Loads no Keras."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from course_kit.datasets.imdb import Corpus, Split, split
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.runs.files import RunError, read_json

NAME = "config.json"
# Another value of one of these is another run.
SAME = ("recipe", "seed", "all", "patience", "reviews")
PACKAGES = ("course-kit", "keras", "tensorflow", "numpy")


def parted(corpus: Corpus, everything: bool) -> Split:
    """The reviews to train on and those to choose with; none of the latter if everything is trained on."""
    if everything:
        return Split(corpus.train, corpus.train.take([]), "No validation: trained on all training reviews.")
    return split(corpus.train)


def described(
    recipe: Recipe, seed: int, everything: bool, patience: int, corpus: Corpus, how: str, command: str
) -> dict:
    """The content of config.json."""
    return {
        "source": corpus.source,
        "reviews": fingerprint(corpus),
        "split": how,
        "recipe": recipe.config(),
        "seed": seed,
        "all": everything,
        "patience": patience,
        "command": command,
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }


def fingerprint(corpus: Corpus) -> str:
    """The same for the same texts and labels, from whatever form they were read."""
    digest = hashlib.sha256()
    for half in (corpus.train, corpus.test):
        digest.update(half.labels.astype(np.int8).tobytes())
        for text in half.texts:
            digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def require_same(folder: Path, there: dict, asked: dict) -> None:
    """The folder's run is the one that is asked for.

    Raises:
        RunError: with the first thing that differs.
    """
    for name in SAME:
        if there.get(name) != asked[name]:
            raise RunError(f"{folder} holds a run {_other(name, there, asked)}: name another folder, or delete it.")


def _other(name: str, there: dict, asked: dict) -> str:
    if name == "reviews":
        return f"on other reviews ({there.get('source', 'unknown').rstrip('.')})"
    old, new = there.get(name), asked[name]
    if name != "recipe":
        return f"with {name} {old}, not {new}"
    old = old if isinstance(old, dict) else {}
    other = next((key for key in {**new, **old} if old.get(key) != new.get(key)), "")
    return f"of another recipe ({other} {old.get(other)}, not {new.get(other)})"


def read_recipe(path: Path) -> dict:
    """The fields of a recipe in a JSON file: by themselves, or under "recipe" as in config.json and best.json.

    Raises:
        RunError: there is no such file, or it holds another thing.
    """
    try:
        content = read_json(path)
    except OSError as error:
        raise RunError(f"{path} must be a file that can be read. {error.strerror}.") from error
    if content is None:
        raise RunError(f"{path} must be a recipe, as best.json or config.json. It does not exist.")
    fields = content.get("recipe", content)
    if not isinstance(fields, dict) or not set(fields) <= set(Recipe().config()):
        strange = next(iter(set(fields) - set(Recipe().config())), "") if isinstance(fields, dict) else fields
        raise RunError(f"{path} must hold fields of a recipe. Got {json.dumps(strange)}.")
    return fields
