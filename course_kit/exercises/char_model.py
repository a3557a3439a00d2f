"""Notebook 19, the model in Keras: E19.3. Embedding, LSTM, dense layer; its count; and one batch learned by heart."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.char_nets import logits_of, weights
from course_kit.reference.activations import softmax

E19_3 = Exercise(
    "E19.3",
    "The model",
    slides=("D5.18",),
    names=("build_model", "count_weights", "overfit"),
    hints=(
        "Three layers in a row, an answer for every step: without return_sequences=True an LSTM gives its last h only.",
        "keras.Sequential([keras.Input((None,), dtype='int32'), keras.layers.Embedding(S, d), keras.layers.LSTM(n, "
        "return_sequences=True), keras.layers.Dense(S)]). In overfit: model.compile(keras.optimizers.Adam(0.02), keras."
        "losses.SparseCategoricalCrossentropy(from_logits=True)), then train_on_batch(x, y) in a loop.",
    ),
    limit=60.0,
)
STEPS, BOUND = 100, 0.2


def model_probe(names, task, sizes, ids, values):
    """What build_model makes: its weights' shapes, its logits with given weights, or its logits after overfit."""
    import keras

    S, d, n = sizes
    keras.utils.set_random_seed(1)
    model = names["build_model"](S, d, n)
    if model is None:
        return None
    if not isinstance(model, keras.Model):
        return f"a {type(model).__name__}"
    if task == "learn":
        x, y, steps = ids[0], ids[1], values
        names["overfit"](model, x, y, steps)
        iterations = int(model.optimizer.iterations) if getattr(model, "optimizer", None) else 0
        if iterations == 0:
            return None
        return keras.ops.convert_to_numpy(model(x)), iterations
    model(ids)
    shapes = [list(map(int, w.shape)) for w in model.get_weights()]
    if task == "shapes":
        return [type(layer).__name__ for layer in model.layers if type(layer).__name__ != "InputLayer"], shapes
    if shapes == [list(v.shape) for v in values]:
        model.set_weights(values)
    return keras.ops.convert_to_numpy(model(ids))


def real_model(found) -> None:
    require(not isinstance(found, str), f"build_model must return a Keras model. Got {found}.")


@E19_3.case("the layers and their weights", hint="Embedding(S, d), LSTM(n, return_sequences=True), Dense(S).")
def _(answer, draw):
    S = draw.integer(9, 14)
    d, n = draw.sizes()
    found = answer.probe(model_probe, "shapes", (S, d, n), draw.integers(0, S - 1, 2, 7), None)
    real_model(found)
    kinds, shapes = found
    expect(kinds, ["Embedding", "LSTM", "Dense"], "the layers")
    due = [[S, d], [d, 4 * n], [n, 4 * n], [4 * n], [n, S], [S]]
    known = {
        "d and n are exchanged: d numbers a character, n units": [
            [S, n], [n, 4 * d], [d, 4 * d], [4 * d], [d, S], [S]
        ],
        "the last layer has one score for each character: Dense(S)": [*due[:4], [n, 1], [1]],
        "use_bias=False was set for the last layer": due[:5],
    }  # fmt: skip
    expect(shapes, due, f"for S={S}, d={d}, n={n}: shape", known=known)


@E19_3.case("logits at every step")
def _(answer, draw):
    S = draw.integer(9, 14)
    d, n = draw.sizes()
    ids, p = draw.integers(0, S - 1, 2, 7), weights(draw, S, d, n)
    found = answer.probe(model_probe, "run", (S, d, n), ids, list(p))
    real_model(found)
    due = logits_of(ids, p)
    known = {
        "these are probabilities; scores before the softmax are due, and the loss is told from_logits=True": softmax(
            due
        ),
        "only the last step came back: return_sequences=True": due[:, -1],
        "a ReLU stands behind the last layer: scores may be negative": np.maximum(due, 0),
    }
    expect(found, due, "logits", tolerance=1e-4, known=known)


@E19_3.case(
    "how many weights", hint="V d for the embedding, 4 (n n + d n + n) for the LSTM, n S + S for the last layer."
)
def _(answer, draw):
    S = draw.integer(20, 40)
    d, n = draw.sizes()
    lstm = 4 * (n * n + d * n + n)
    due = S * d + lstm + n * S + S
    known = {
        "the embedding is missing": due - S * d,
        "the bias of the last layer is missing": due - S,
        "the LSTM was counted as a simple recurrent layer: it has four blocks": S * d + lstm // 4 + n * S + S,
        "the LSTM reads d numbers a step, not S": S * d + 4 * (n * n + S * n + n) + n * S + S,
        "an embedding has no bias": due + d,
    }
    expect(answer.count_weights(S, d, n), due, f"count_weights({S}, {d}, {n})", tolerance=0.0, known=known)


@E19_3.case(
    "one batch by heart",
    hint="Adam with a rate of 0.02, and nothing but this batch. If the loss stays near ln S, are logits told?",
)
def _(answer, draw):
    S, n = 8, 32
    x = draw.integers(0, S - 1, 4, 12)
    x[:, 0] = draw.rng.permutation(S)[:4]  # rows that differ from the start can all be known by heart
    y = np.concatenate([x[:, 1:], draw.integers(0, S - 1, 4, 1)], axis=1)
    found = answer.probe(model_probe, "learn", (S, 8, n), [x, y], STEPS)
    real_model(found)
    logits, steps = found
    require(steps <= STEPS, f"overfit must take at most {STEPS} steps. It took {steps}.")
    due = (4, 12, S)
    require(np.shape(logits) == due, f"the model must give logits of shape {due}. Got {np.shape(logits)}.")
    p = np.take_along_axis(softmax(logits), y[..., None], axis=-1)
    loss = float(-np.log(np.maximum(p, 1e-30)).mean())
    known = "this is near ln S: next to nothing was learned" if abs(loss - np.log(S)) < 0.5 else ""
    sentence = (
        f"after {steps} steps the loss on the batch must be below {BOUND}. It is {loss:.3f}, measured by the check."
    )
    require(loss < BOUND, sentence, known=known)
