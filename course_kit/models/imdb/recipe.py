"""Everything that was decided about the review model, as plain numbers that a file can keep."""

from dataclasses import asdict, dataclass

WHOLE = ("vocabulary", "vectors", "units", "segment", "most", "epochs", "batch", "nets")
SHARES = ("word_dropout", "input_dropout", "dropout")


@dataclass(frozen=True)
class Recipe:
    """The choices; the defaults are those that won on validation (docs/imdb-log.md).

    Args:
        vocabulary: int, words that have a vector of their own, the most frequent first; the others share one.
        vectors: int, length of a word's vector.
        grams: int from 0 to 3: with each word go the weights of the n-grams up to this length that end at it.
        units: int, n of each direction of the LSTM.
        segment: int, steps that the LSTM reads from zero before it starts anew, so that the loop is this long.
        most: int, words of a review that are read: of longer ones the first and the last half as many.
        word_dropout: float in [0, 1), share of words that are unknown in training.
        input_dropout: float in [0, 1), share of a vector's features that are zero in training, the same at all steps.
        dropout: float in [0, 1), before the last layer.
        rate: float > 0, the largest learning rate; a tenth of the steps to get there, then a cosine.
        weight_decay: float >= 0, of AdamW.
        epochs: int.
        batch: int, reviews a step.
        nets: int, how many nets, each with a seed of its own, are averaged (their logits).
        threshold: float, the probability from which a review counts as positive.

    Raises:
        ValueError: the rule that a value breaks, and what came.
    """

    vocabulary: int = 30_000
    vectors: int = 100
    grams: int = 3
    units: int = 64
    segment: int = 64
    most: int = 1024
    word_dropout: float = 0.3
    input_dropout: float = 0.3
    dropout: float = 0.5
    rate: float = 0.002
    weight_decay: float = 1e-4
    epochs: int = 3
    batch: int = 64
    nets: int = 1
    threshold: float = 0.5

    def __post_init__(self):
        for name in WHOLE:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be a positive integer. Got {value!r}.")
        if self.vocabulary < 3:
            raise ValueError(f"vocabulary must be at least 3: padding, unknown, one word. Got {self.vocabulary}.")
        if isinstance(self.grams, bool) or self.grams not in (0, 1, 2, 3):
            raise ValueError(f"grams must be 0, 1, 2 or 3. Got {self.grams!r}.")
        for name in SHARES:
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be in [0, 1). Got {getattr(self, name)!r}.")
        if self.most % (2 * self.segment):
            raise ValueError(f"most must be a multiple of twice segment, {2 * self.segment}. Got {self.most}.")
        if not self.rate > 0:
            raise ValueError(f"rate must be positive. Got {self.rate!r}.")
        if not self.weight_decay >= 0:
            raise ValueError(f"weight_decay must not be negative. Got {self.weight_decay!r}.")
        if not 0 < self.threshold < 1:
            raise ValueError(f"threshold must be between 0 and 1. Got {self.threshold!r}.")

    def config(self) -> dict:
        """The fields as a dict that JSON can hold: ``Recipe(**recipe.config()) == recipe``."""
        return asdict(self)
