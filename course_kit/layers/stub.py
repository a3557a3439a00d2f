"""The signatures of `recurrent.py` for editors, which read source and not what Python computes.

`python -m course_kit.layers.stub` writes `recurrent.pyi` from the classes; a test holds it to them.
"""

import inspect
from pathlib import Path

from course_kit.layers import recurrent
from course_kit.layers.base import RecurrentLayer

HEAD = """\
# Written by `python -m course_kit.layers.stub` from the signatures of the cells.
from course_kit.layers.base import RecurrentLayer
"""
PATH = Path(recurrent.__file__).with_suffix(".pyi")


def stub() -> str:
    """The text of `recurrent.pyi`."""
    layers = [c for c in vars(recurrent).values() if inspect.isclass(c) and c.__module__ == recurrent.__name__]
    return HEAD + "".join(f"\n{_class(layer)}" for layer in layers)


def _class(layer: type[RecurrentLayer]) -> str:
    parameters = list(inspect.signature(layer).parameters.values())
    by_name = [p.kind for p in parameters].index(inspect.Parameter.KEYWORD_ONLY)
    arguments = ["self", *map(str, parameters[:by_name]), "*", *map(str, parameters[by_name:])]
    lines = "".join(f"        {argument},\n" for argument in arguments).replace("'", '"')
    return f"class {layer.__name__}(RecurrentLayer):\n    def __init__(\n{lines}    ) -> None: ...\n"


if __name__ == "__main__":
    PATH.write_text(stub(), encoding="utf-8")
