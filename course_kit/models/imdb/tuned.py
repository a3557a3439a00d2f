"""The rows of the kit's own nets: words alone, words with n-gram weights, and three such nets averaged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course_kit.datasets.imdb.reviews import Reviews
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.rows import Run

SMALL = Recipe(vocabulary=2000, vectors=16, units=8, segment=16, most=64, epochs=2)


@dataclass(frozen=True)
class Tuned:
    """One row.

    Args:
        name: str, for ``--rows``.
        title: str, what the net is.
        recipe: Recipe, every choice made on validation reviews (docs/imdb-log.md).
    """

    name: str
    title: str
    recipe: Recipe
    seeds: bool = True

    @property
    def what(self) -> str:
        """The title and every setting, since a run is used again as long as this is the same."""
        r = self.recipe
        return (
            f"{self.title}; {r.vocabulary} words, {r.most} tokens in segments of {r.segment}, vectors of {r.vectors}, "
            f"{r.units} units each way, dropout {r.word_dropout:g} of words, {r.input_dropout:g} of features, "
            f"{r.dropout:g} before the end, AdamW {r.rate:g} and {r.weight_decay:g}, {r.epochs} epochs of {r.batch}"
        )

    def run(self, train: Reviews, test_texts: Sequence[str], seed: int, folder: Path) -> Run:
        """Train on all reviews, without validation: the recipe says everything."""
        import keras

        from course_kit.models.imdb.net import count
        from course_kit.models.imdb.training import predict
        from course_kit.models.imdb.training import train as fit

        keras.backend.clear_session()
        trained = fit(self.recipe, train, seed=seed, folder=folder)
        return Run(
            predict(trained.model, test_texts, progress=True),
            self.recipe.threshold,
            count(trained.model),
            trained.model.count_params(),
            trained.seconds,
            {"history": trained.history},
        )

    def short(self) -> "Tuned":
        """The same net, small."""
        return replace(self, recipe=replace(SMALL, grams=self.recipe.grams, nets=self.recipe.nets))


ROWS = (
    Tuned("lstm-words", "BiLSTM on word vectors of the training reviews", Recipe(grams=0)),
    Tuned("lstm", "BiLSTM on word vectors and held-out weights of 1-3-grams", Recipe()),
    Tuned("best", "three such nets, logits averaged", Recipe(nets=3)),
)
