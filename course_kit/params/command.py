"""``course-kit params MODEL.keras``: the table of ``explain`` for a saved model."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from course_kit.params.explanation import explain
from course_kit.quiet import quiet_tensorflow

if TYPE_CHECKING:
    from rich.console import Console

DONE, DISAGREES, WRONG_USE = 0, 1, 2


def run(path: str, console: "Console") -> int:
    """Print the table of a saved model.

    Returns:
        0 if every formula agrees, 1 if one does not, 2 if there was nothing to compare.
    """
    file = Path(path)
    try:
        table = explain(_load(file, _config(file)))
    except (WrongUse, ValueError) as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return WRONG_USE
    console.print(table)
    return DONE if table.agrees else DISAGREES


class WrongUse(Exception):
    """What the user should do instead, in one line."""


def _config(file: Path) -> dict:
    """The configuration in a .keras file, which is a zip archive."""
    if not file.exists():
        raise WrongUse(f"{file} does not exist. Give the path of a model saved with model.save('name.keras').")
    rule = f"{file} is not a .keras file. Save the model with model.save('name.keras')."
    if file.suffix != ".keras" or not zipfile.is_zipfile(file):
        raise WrongUse(rule)
    try:
        with zipfile.ZipFile(file) as archive:
            config = json.loads(archive.read("config.json"))
    except (KeyError, ValueError, zipfile.BadZipFile, OSError):
        raise WrongUse(rule) from None
    if not isinstance(config, dict):
        raise WrongUse(rule)
    return config


def _load(file: Path, config: dict) -> object:
    """The model, loaded as somebody else's: in safe mode, with the kit's own classes and no others."""
    quiet_tensorflow()
    import keras

    import course_kit.cells  # noqa: F401  (registers them)

    strangers = [name for name in _classes(config) if keras.saving.get_registered_object(name) is None]
    if strangers:
        names = ", ".join(dict.fromkeys(strangers))
        raise WrongUse(
            f"{file} needs classes that are not in Keras or the kit: {names}. "
            "Import them in Python, load the model there and call course_kit.params.explain(model)."
        )
    try:
        return keras.saving.load_model(file, compile=False, safe_mode=True)
    except Exception as error:
        if "Lambda" in str(error):
            raise WrongUse(
                f"{file} holds a Lambda layer, that is Python code, which is not run from a file. "
                "If you trust it, load it in Python and call course_kit.params.explain(model)."
            ) from None
        raise WrongUse(f"{file} cannot be loaded: {_reason(error)}") from None


def _classes(config: object) -> Iterator[str]:
    """The names of the classes in a configuration that do not come with Keras; functions are left to the loader."""
    if isinstance(config, dict):
        module, name = str(config.get("module")), config.get("registered_name")
        if name and config.get("class_name") != "function" and module.split(".")[0] != "keras":
            yield name
        for key, value in config.items():
            if key != "compile_config":  # losses and metrics are not loaded
                yield from _classes(value)
    elif isinstance(config, list):
        for value in config:
            yield from _classes(value)


def _reason(error: Exception) -> str:
    """The sentence that tells most: Keras quotes a whole configuration before it comes to a function it misses."""
    missing = re.search(r"Could not locate \w+ '[^']+'", str(error))
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{missing[0]}." if missing else lines[0].split(". ")[0].rstrip(".") + "."
