"""Notebook 21, the program of slides D2.15-D2.19 in Keras 3: E21.1."""

import numpy as np

from course_kit.checking import Exercise, expect, require

E21_1 = Exercise(
    "E21.1",
    "Renames",
    slides=("D2.15", "D2.16", "D2.17", "D2.18", "D2.19"),
    names=("renames", "start_anew", "wiki_model"),
    hints=(
        "dropout_W drops inputs and dropout_U drops the state that is fed back; nb_ has become num_ in one place and "
        "vanished in another. Embedding's dropout is gone: use the WordDropoutEmbedding of the cell above.",
        "Sequential([WordDropoutEmbedding(5000, 32, 0.2), LSTM(100, dropout=0.2, recurrent_dropout=0.2), Dense(1, "
        'activation="sigmoid")]), compiled with binary_crossentropy, adam and accuracy; start_anew calls '
        "keras.utils.set_random_seed(seed).",
    ),
    limit=30.0,
)
RENAMES = {
    "load_data(nb_words=5000)": "num_words",
    "LSTM(100, dropout_W=0.2)": "dropout",
    "LSTM(100, dropout_U=0.2)": "recurrent_dropout",
    "fit(nb_epoch=7)": "epochs",
}
WORDS = np.tile(np.arange(5, 405), (2, 1))  # each word in two sequences
SHAPES = [(5000, 32), (32, 400), (100, 400), (400,), (100, 1), (1,)]


@E21_1.case("four new names")
def _(answer, draw):
    found = answer["renames"]
    require(isinstance(found, dict), "renames must stay a dict: fill in its values.")
    blank = [name for name in RENAMES if found.get(name) is None]
    require(not blank, f"renames has no new name yet for {blank[:1]}.")
    for name, right in RENAMES.items():
        expect(
            found[name],
            right,
            f"renames[{name!r}]",
            known={
                "dropout_W is for the inputs (kernel W), dropout_U for the state (kernel U)": {
                    "dropout": "recurrent_dropout",
                    "recurrent_dropout": "dropout",
                }.get(right, ""),
                "that is the old name without its nb_; Keras 3 has num_words": "words" if "nb_words" in name else "",
                "Keras 3 has epochs, in the plural": "epoch" if "nb_epoch" in name else "",
                "num_ stayed with the words only": "num_epochs" if "nb_epoch" in name else "",
            },
            reveal=False,
        )


def built(names, ids, words, seed):
    """What there is to see of the model: shapes, settings, outputs, and the first layer's rows in training."""
    import keras

    keras.utils.set_random_seed(seed)
    model = names["wiki_model"]()
    if model is None:
        return None
    plain, layers = keras.ops.convert_to_numpy, model.layers
    out = plain(model(ids, training=False))
    lstm = [layer for layer in layers if isinstance(layer, keras.layers.LSTM)]
    embeddings = [layer for layer in layers if isinstance(layer, keras.layers.Embedding)]
    return {
        "shapes": [tuple(int(size) for size in w.shape) for w in model.trainable_weights],
        "out": out,
        "dropouts": [(float(layer.dropout), float(layer.recurrent_dropout)) for layer in lstm],
        "activation": str(getattr(getattr(layers[-1], "activation", None), "__name__", "")),
        "loss": str(getattr(model, "loss", None)),
        "optimizer": type(getattr(model, "optimizer", None)).__name__,
        "rows": [(plain(layer.embeddings), plain(layer(words, training=True))) for layer in embeddings],
    }


def reviews(draw, count: int = 256) -> np.ndarray:
    """(count, 80) numbers of words, padded in front as the program does it."""
    ids = draw.integers(4, 4999, count, 80)
    for row in range(count):
        ids[row, : draw.integer(0, 60)] = 0
    ids[:, -1] = 7  # one word in every review
    return ids


@E21_1.case("213,301 parameters, on 256 reviews", hint="Three layers: 5000 words of 32 numbers, 100 units, one output.")
def _(answer, draw):
    found = answer.probe(built, reviews(draw), WORDS, draw.seed())
    shapes = found["shapes"]
    require(
        shapes and all(len(s) in (1, 2) for s in shapes) and len(shapes) <= 50, "the model has other weights than due."
    )
    total = sum(int(np.prod(s)) for s in shapes)
    known = {
        "the LSTM has no bias": total == 213301 - 400,
        "the LSTM is not there": total == 160000 + 33,
        "a GRU came in place of the LSTM": total in (160000 + 40200 + 101, 160000 + 39900 + 101),
        "the embedding has a row for 5001 words": total == 213301 + 32,
        "the LSTM reads in both directions; the slide's reads forwards": total == 160000 + 2 * 53200 + 201,
    }
    name = next((sentence for sentence, holds in known.items() if holds), "")
    require(total == 213301, f"the model has {total:,} parameters, and 213,301 are due: 160,000 + 53,200 + 101.", name)
    expect([tuple(s) for s in shapes], SHAPES, "shapes of the weights", tolerance=0)
    out = found["out"]
    require(getattr(out, "shape", None) == (256, 1), "256 reviews must give outputs of shape (256, 1).")
    require(np.isfinite(out).all() and (out > 0).all() and (out < 1).all(), "the outputs must be probabilities.")
    expect(found["activation"], "sigmoid", "activation of the last layer")
    require(out.std() > 0, "all 256 reviews have one and the same output: the model does not read them.")


@E21_1.case(
    "dropouts and compilation",
    hint="LSTM(100, dropout=0.2, recurrent_dropout=0.2), and compile as slide D2.19 has it.",
)
def _(answer, draw):
    found = answer.probe(built, reviews(draw, 2)[:, -3:], WORDS, draw.seed())
    expect(
        found["dropouts"],
        [(0.2, 0.2)],
        "(dropout, recurrent_dropout)",
        known={
            "neither dropout_W nor dropout_U was carried over": [(0.0, 0.0)],
            "dropout_U, that of the state, is missing": [(0.2, 0.0)],
            "dropout_W, that of the inputs, is missing": [(0.0, 0.2)],
        },
    )
    require(found["loss"] != "None", "the model is not compiled: call model.compile(...) before you return it.")
    expect(found["loss"], "binary_crossentropy", "loss")
    expect(found["optimizer"], "Adam", "optimizer")


@E21_1.case(
    "a fifth of the words dropped, the others scaled",
    hint="Dropout after the embedding drops numbers, not words. Use WordDropoutEmbedding of the cell above.",
)
def _(answer, draw):
    found = answer.probe(built, reviews(draw, 2)[:, -3:], WORDS, draw.seed())
    require(len(found["rows"]) == 1, "the model must have one embedding layer, made by a class of keras.layers.")
    E, rows = found["rows"][0]
    require(np.shape(rows) == (2, 400, 32), "the embedding must give 32 numbers for each word.")
    gone = (rows == 0).all(axis=2)
    plain = E[WORDS]
    require(
        gone.any(),
        "the embedding drops no word in training, and 20 % are due.",
        "the argument dropout of Embedding was left out: the model learns more by heart than that of the slide"
        if np.array_equal(rows, plain)
        else "",
    )
    require(np.array_equal(gone[0], gone[1]), "a word must be dropped in the whole batch or not at all.")
    require(0.1 < gone.mean() < 0.3, f"{gone.mean():.0%} of the words are dropped, and 20 % are due.")
    expect(rows[~gone], 1.25 * plain[~gone], "rows of the words that stay", tolerance=1e-5)


def started(names, seeds):
    """First weights of the model after each call of start_anew, the dice of NumPy and Keras in any state before."""
    import keras
    import numpy

    found = []
    for k, seed in enumerate(seeds):
        keras.utils.set_random_seed(1000 + k)
        numpy.random.seed(2000 + k)
        names["start_anew"](seed)
        model = names["wiki_model"]()
        if model is None:
            return None
        model(numpy.ones((1, 3), dtype="int32"))
        found.append(keras.ops.convert_to_numpy(model.trainable_weights[1]))
    return found


@E21_1.case(
    "the same start twice",
    hint="np.random.seed(42) was enough for Keras 1 on Theano. Keras 3 has its own dice: keras.utils.set_random_seed.",
)
def _(answer, draw):
    seed = draw.seed() % 10000
    first, again, other = answer.probe(started, [seed, seed, seed + 1])
    require(
        np.array_equal(first, again),
        "start_anew with the same seed twice gave two different starts.",
        "np.random.seed alone does not reach Keras' initialisers, or the seed is not used",
    )
    require(not np.array_equal(first, other), "two seeds gave the same start: start_anew must use its argument.")
