"""Four networks that evaluate propositional formulas: three over the tree, one over the words alone."""

from collections.abc import Sequence

import keras
import numpy as np

from course_kit.datasets.formulas import WORDS, Formula, words
from course_kit.layers import NaryTreeLSTM, RecursiveNetwork, RecursiveTensorNetwork, encode_trees

NETWORKS = ("recursive net", "tensor network", "Tree-LSTM", "LSTM")
# Units that give all four about 2,300 parameters; the two recursive nets have words of their own width.
UNITS = {"recursive net": 32, "tensor network": 8, "Tree-LSTM": 13, "LSTM": 20}
WORD_WIDTH = 8
AT_ONCE = 500  # formulas that are evaluated together
LAYERS = {"recursive net": RecursiveNetwork, "tensor network": RecursiveTensorNetwork}


def build(network: str, units: int | None = None) -> keras.Model:
    """A network that gives the probability that a formula is true.

    Args:
        network: one of `NETWORKS`.
        units: width of a node or of the state. Default: that of `UNITS`.

    Returns:
        keras.Model, not compiled. Its inputs are what `arrays` makes: tokens `(N, S)`, and for the three over trees
        children `(N, S, 2)` and levels `(N, L, W)` beside them; it returns `(N, 1)`.

    Raises:
        ValueError: there is no such network.
    """
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {', '.join(NETWORKS)}. Got {network!r}.")
    units = units or UNITS[network]
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    width = units if network in LAYERS else WORD_WIDTH
    # Words from a wider start than Keras' 0.05: tanh of small numbers is linear, and logic is not.
    start = keras.initializers.RandomUniform(-0.5, 0.5)
    read = keras.layers.Embedding(len(WORDS), width, mask_zero=True, embeddings_initializer=start)(tokens)
    if network == "LSTM":
        inputs, root = tokens, keras.layers.LSTM(units)(read)
    else:
        children = keras.Input((None, 2), dtype="int32", name="children")
        levels = keras.Input((None, None), dtype="int32", name="levels")
        layer = LAYERS[network](units) if network in LAYERS else NaryTreeLSTM(units)
        inputs, root = [tokens, children, levels], layer(read, children, levels)
    return keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(root), name=network.replace(" ", "_"))


def arrays(network: str, formulas: Sequence[Formula]) -> np.ndarray | list[np.ndarray]:
    """The formulas as `build(network)` takes them: the LSTM gets the words, the others the tree with the same words."""
    if network != "LSTM":
        return list(encode_trees([f.tree for f in formulas], arity=2))
    read = [words(f.tree) for f in formulas]
    tokens = np.zeros((len(read), max(map(len, read))), dtype="int32")
    for row, sentence in enumerate(read):
        tokens[row, : len(sentence)] = sentence
    return tokens


def values(formulas: Sequence[Formula]) -> np.ndarray:
    """The truth values, `(N, 1)`, 1 for true."""
    return np.array([[f.value] for f in formulas], dtype="float32")


def accuracy(model: keras.Model, network: str, formulas: Sequence[Formula]) -> float:
    """The share of formulas of which the model says rightly whether they are true."""
    right = 0
    for start in range(0, len(formulas), AT_ONCE):
        some = formulas[start : start + AT_ONCE]
        # The model itself, not predict: that is traced anew for each size of tree.
        said = keras.ops.convert_to_numpy(model(arrays(network, some), training=False)) > 0.5
        right += int(np.sum(said == (values(some) > 0.5)))
    return right / len(formulas)
