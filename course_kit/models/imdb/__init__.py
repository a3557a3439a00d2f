"""Models that tell good film reviews from bad ones, and the honest table of them.

    recipe = imdb.Recipe(units=64)
    trained = imdb.train(recipe, parts.train, parts.validation)
    trained.model.predict(["raw review", ...])

Importing this package loads no Keras; its first use does.
"""

from course_kit.models.imdb.recipe import Recipe

LAZY = {
    "Trained": "training", "train": "training", "predict": "training", "count": "net", "ReviewModel": "net",
    "ReviewReader": "reading",
}  # fmt: skip

__all__ = ["Recipe", *LAZY]


def __getattr__(name: str):
    if name not in LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{LAZY[name]}"), name)
