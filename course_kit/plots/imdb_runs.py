"""Notebook 21: three seeds of the student's own model, trained with progress, and what is handed in of them.

Ctrl-C ("interrupt the kernel") keeps the seeds that are finished; running the cell again goes on with the next one.
"""

import base64
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_kit.datasets.imdb.held_out import digest
from course_kit.plots.ask import NothingToDraw, ask
from course_kit.plots.imdb_reviews import KitReviews
from course_kit.reference.scores import best_f1, f1

SEEDS = (0, 1, 2)
PREDICTED = ("validation", "test", "held_out")
WIDTH = 104  # letters in a line of the text that is pasted
_finished: dict[tuple, "Run"] = {}


@dataclass(frozen=True)
class Run:
    """One seed: validation F1 after each epoch, seconds, shapes of the weights, bytes of the probabilities."""

    seed: int
    curve: tuple[float, ...]
    seconds: float
    weights: tuple[tuple[int, ...], ...]
    bytes: dict[str, bytes]

    def probabilities(self, part: str) -> np.ndarray:
        """(N,), as the judge reads them: 255 steps."""
        return np.frombuffer(self.bytes[part], dtype=np.uint8) / 255.0


def train(build_model: Callable, settings: dict, reviews: KitReviews, seeds=SEEDS) -> list[Run]:
    """Train ``build_model(vocabulary, length)`` once a seed. An untouched stub gives no run.

    Args:
        build_model: function that returns a compiled keras.Model, (N, 40) numbers to (N, 1) probabilities.
        settings: "epochs" and "batch".
        reviews: KitReviews; the training part is learnt, the validation part is looked at after each epoch.
        seeds: ints.
    """
    print(reviews.source)
    try:
        return [_one(build_model, settings, reviews, seed) for seed in seeds]
    except NothingToDraw as nothing:
        print(str(nothing) or "The training starts when build_model is written.")
    except KeyboardInterrupt:
        print("stopped; finished seeds are kept, run the cell again to go on")
    return []


def _one(build_model, settings: dict, reviews: KitReviews, seed: int) -> Run:
    key = (_source(build_model), str(sorted(settings.items())), seed, digest(reviews.texts["train"]))
    if key in _finished:
        print(f"seed {seed}: done before, {max(_finished[key].curve):.3f} at its best")
        return _finished[key]
    import keras

    keras.utils.set_random_seed(seed)
    started, curve = time.perf_counter(), []
    model = build_model(reviews.vocabulary, reviews.ids["train"].shape[1])
    if model is None:
        raise NothingToDraw("")
    if getattr(model, "optimizer", None) is None:
        raise NothingToDraw("build_model must compile the model before it returns it.")
    for epoch in range(int(settings["epochs"])):
        batch = int(settings["batch"])
        model.fit(reviews.ids["train"], reviews.labels["train"].astype("float32"), batch_size=batch, verbose=0)
        curve.append(best_f1(reviews.labels["validation"], _predicted(model, reviews, "validation"))[1])
        seconds = time.perf_counter() - started
        of = f"epoch {epoch + 1:2d} of {settings['epochs']}"
        print(f"seed {seed}, {of}: validation F1 {curve[-1]:.3f}, {seconds:5.1f} s", flush=True)
    _finished[key] = Run(
        seed,
        tuple(curve),
        time.perf_counter() - started,
        tuple(tuple(int(size) for size in w.shape) for w in model.trainable_weights),
        {part: _in_bytes(_predicted(model, reviews, part)) for part in PREDICTED if reviews.texts[part]},
    )
    return _finished[key]


def _predicted(model, reviews: KitReviews, part: str) -> np.ndarray:
    p = np.asarray(model.predict(reviews.ids[part], batch_size=200, verbose=0), dtype=float)
    if p.shape != (len(reviews.ids[part]), 1) or not (np.isfinite(p) & (p >= 0) & (p <= 1)).all():
        raise NothingToDraw("build_model must give one probability for each review, shape (N, 1).")
    return p[:, 0]


def _source(function: Callable):
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return function  # no text to go by: the object itself


def _in_bytes(p: np.ndarray) -> bytes:
    return np.round(255.0 * p).astype(np.uint8).tobytes()


def hand_in(runs: list[Run], choose_threshold: Callable, reviews: KitReviews) -> None:
    """Print the cell to paste: probabilities, thresholds by ``choose_threshold``, and the scores of the three runs."""
    if not runs:
        print("There is something to hand in when three seeds are trained.")
        return
    truth, rows = reviews.labels["validation"], []
    try:
        for run in runs:
            p = run.probabilities("validation")
            threshold = float(ask(choose_threshold, truth, p, shapes=((),))[0])
            rows.append((threshold, f1(truth, p >= threshold)))
    except NothingToDraw:
        print('choose_threshold of E21.5 gives no threshold yet: see what check("E21.5") says.')
        return
    scores = np.array([score for _, score in rows])
    print("# paste this over the line my_model = None")
    print("my_model = {")
    print(f'    "for": "{digest(reviews.texts["held_out"])}",')
    print(f'    "weights": {list(runs[0].weights)},')
    print(f'    "thresholds": {[threshold for threshold, _ in rows]},')
    print(f'    "validation_f1": ({scores.mean():.4f}, {scores.std(ddof=1):.4f}),')
    for part in ("validation", "held_out"):
        print(f'    "{part}": [')
        for run in runs:
            print("        " + "\n        ".join(_lines(base64.b64encode(run.bytes[part]).decode())) + ",")
        print("    ],")
    print("}")


def _lines(text: str) -> list[str]:
    return [f'"{text[k : k + WIDTH]}"' for k in range(0, len(text), WIDTH)]
