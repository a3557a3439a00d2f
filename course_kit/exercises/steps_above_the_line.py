"""Notebook 21, the student's own model: E21.7, in steps of F1 above the n-gram model on the same reviews.

Three things are counted again: parameters, from the shapes of the weights; thresholds, from the validation
probabilities; F1, from the held-out ones. The lowest of the three seeds counts, so no lucky run buys a step.
"""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.handed_in_runs import VALIDATION_LABELS, judged, read
from course_kit.reference.scores import best_f1

E21_7 = Exercise(
    "E21.7",
    "Your model",
    slides=("D1.35", "D2.20"),
    names=("build_model", "my_model"),
    hints=(
        "Run the training cell when build_model is written; it prints the dict to paste. Below the line after all "
        "epochs: more epochs, a higher learning rate, or no dropout on the way to the LSTM.",
        "Embedding(vocabulary, 16), LSTM(24), Dense(1, activation='sigmoid') with Adam(0.01) and 8 epochs passes all "
        "three steps with each of the seeds 0, 1, 2.",
    ),
    points=3,
    limit=30.0,
)
BUDGET = 40_000
STEPS = (0.02, 0.04, 0.06)
VOCABULARY, LENGTH = 177, 40


def looked_into(names, ids, seed):
    """Shapes of the weights that a fresh model trains, and its outputs on ``ids`` before any training."""
    import keras

    keras.utils.set_random_seed(seed)
    model = names["build_model"](177, ids.shape[1])
    if model is None:
        return None
    out = keras.ops.convert_to_numpy(model(ids, training=False))
    return [tuple(int(size) for size in w.shape) for w in model.trainable_weights], out


@E21_7.case("a recurrent model within the budget", hint="The order must matter: an LSTM, a GRU or a cell of your own.")
def _(answer, draw):
    ids = draw.integers(3, VOCABULARY - 1, 4, LENGTH)
    ids = np.concatenate([ids, ids[:, ::-1]])  # the same words backwards
    found = answer.probe(looked_into, ids, draw.seed())
    shapes, out = found
    require(getattr(out, "shape", None) == (8, 1), "build_model must give outputs of shape (N, 1).")
    require(np.isfinite(out).all() and (out >= 0).all() and (out <= 1).all(), "the outputs must be probabilities.")
    total = sum(int(np.prod(shape)) for shape in shapes)
    require(total <= BUDGET, f"the model has {total:,} parameters, and the budget is {BUDGET:,}.")
    require(
        np.abs(out[:4] - out[4:]).max() > 1e-7,
        "a review and the same words backwards have the same output: the model does not see the order.",
        "pooling over an embedding is a bag of words",
    )


@E21_7.case(
    "what is handed in", hint="Paste the whole dict that the cell below the training prints, after the last one."
)
def _(answer, draw):
    runs = read(answer["my_model"])
    shapes, _ = answer.probe(looked_into, draw.integers(3, VOCABULARY - 1, 1, LENGTH), draw.seed())
    total = sum(int(np.prod(shape)) for shape in shapes)
    require(
        runs.parameters == total,
        f"my_model was made by a net with {runs.parameters:,} parameters, build_model makes one with {total:,}: "
        "run the training cell again and paste what it prints.",
    )
    expect(sorted(map(list, runs.weights)), sorted(map(list, shapes)), "shapes of the weights", tolerance=0)


@E21_7.case(
    "thresholds chosen on validation", hint="Of each seed its own, by choose_threshold of E21.5, on its bytes / 255."
)
def _(answer, draw):
    runs = read(answer["my_model"])
    reached, best = runs.scores(VALIDATION_LABELS, runs.validation), runs.best()
    worst = int(np.argmax(best - reached))
    require(
        reached[worst] >= best[worst] - 1e-9,
        f"run {worst}: at the threshold {runs.thresholds[worst]:.4f} the validation F1 is {reached[worst]:.4f}; at "
        f"{best_f1(VALIDATION_LABELS, runs.validation[worst])[0]:.4f} it is {best[worst]:.4f}.",
        "the usual 0.5 was kept" if runs.thresholds[worst] == 0.5 else "",
    )
    own = sum(len(set(map(bytes, (255 * p).astype(np.uint8)))) == 3 for p in (runs.validation, runs.held_out))
    require(own == 2, "two of the three runs are one and the same: three seeds are due.")


@E21_7.case("mean and spread over three seeds", hint="np.mean(f1s) and np.std(f1s, ddof=1), of the validation F1.")
def _(answer, draw):
    runs = read(answer["my_model"])
    scores = runs.scores(VALIDATION_LABELS, runs.validation)
    expect(
        runs.validation_f1,
        (float(scores.mean()), float(scores.std(ddof=1))),
        "mean of the validation F1, spread of it",
        tolerance=5e-4,
        known={
            "the spread was divided by 3; of three runs the sum of squares is divided by 2 (ddof=1)": (
                scores.mean(),
                scores.std(),
            ),
            "this is the best of the three seeds, and the mean is due": (scores.max(), scores.std(ddof=1)),
        },
    )


def step(number: int, above: float) -> None:
    """Make the case of a step: all three runs at least ``above`` over the n-gram model."""

    @E21_7.case(
        f"step {number}: {above:.2f} above the n-gram model",
        hint="Look at the learning curve: still rising (train longer), or falling again (stop sooner, drop more)?",
        points=1,
    )
    def _(answer, draw):
        where, scores, line = judged(read(answer["my_model"]))
        listed = ", ".join(f"{score:.3f}" for score in scores)
        require(
            scores.min() >= line + above,
            f"step {number} asks for F1 {line + above:.3f} on the {where} with each seed, {above:.2f} above the "
            f"n-gram model's {line:.3f}. Your three runs have {listed}.",
            "this is what everybody has who calls all reviews positive" if abs(scores.min() - 2 / 3) < 1e-9 else "",
        )


for _number, _above in enumerate(STEPS, 1):
    step(_number, _above)
