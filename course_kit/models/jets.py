"""Taggers of jets: an LSTM that reads the constituents one by one, and a dense network that has them side by side.

The LSTM is that of Egan and others, arXiv 1711.09059: an LSTM layer, a dense layer, one probability. Theirs has 128 and
64 units; 64 and 32 are the sizes here, since there are thousands of jets and not millions. Beside them three taggers
that no network is needed for: the mass, the N-subjettiness, and both in boosted trees.
"""

import keras
import numpy as np
from keras import layers

from course_kit.datasets.jets import Jets, ordered
from course_kit.datasets.jets_prepared import prepared

CONSTITUENTS = 40
FEATURES = 3
LOG_SPREAD = 8.0  # ln(600 GeV / 0.2 GeV), so that a constituent's feature lies between 0 and 1


def lstm_tagger(constituents: int = CONSTITUENTS, units: int = 64, dense: int = 32) -> keras.Model:
    """Input (N, constituents, 3), rows of zeros are no constituents; output (N, 1), the probability of a top."""
    jet = keras.Input((constituents, FEATURES))
    x = layers.LSTM(units)(layers.Masking()(jet))
    x = layers.Dense(dense, activation="relu")(x)
    return keras.Model(jet, layers.Dense(1, activation="sigmoid")(x))


def dense_tagger(constituents: int = CONSTITUENTS, units: tuple[int, ...] = (128, 64)) -> keras.Model:
    """The same input in one row of ``3 * constituents`` numbers; the parameters are about as many as the LSTM's."""
    jet = keras.Input((constituents, FEATURES))
    x = layers.Flatten()(jet)
    for width in units:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(jet, layers.Dense(1, activation="sigmoid")(x))


def features(jets: Jets, order: str, constituents: int = CONSTITUENTS, seed: int = 0) -> np.ndarray:
    """What the networks are given, (J, constituents, 3) float32: jets moved, turned, flipped, in one of the orders.

    Of pT they get the logarithm: most constituents have a hundredth of the jet's or less, which a network would not
    tell from nothing. 1 is all of 600 GeV in one constituent, 0 is 0.2 GeV; rows of zeros are no constituents.
    """
    rows = prepared(jets.constituents)
    there = rows[..., 0] > 0
    rows[..., 0] = np.where(there, 1 + np.log(np.where(there, rows[..., 0], 1.0)) / LOG_SPREAD, 0.0)
    return ordered(jets, rows, order, constituents, seed).astype(np.float32)


def tau_32(jets: Jets) -> np.ndarray:
    """tau_3 / tau_2 (J,): small where three axes describe a jet much better than two. 1 where tau_2 is 0."""
    two, three = jets.tau[:, 1].astype(float), jets.tau[:, 2].astype(float)
    return np.divide(three, two, out=np.ones_like(two), where=two > 0)


def mass_likelihood(train: Jets, jets: Jets, width: float = 10.0, most: float = 400.0) -> np.ndarray:
    """Log of the ratio of two histograms of the mass, top over the others, (J,).

    Masses beyond ``most`` are in the last bin. One is added to each count, so that an empty bin is no certainty.
    """
    edges = np.arange(0.0, most + width, width)
    place = [np.clip(np.digitize(part.jet[:, 2], edges) - 1, 0, len(edges) - 2) for part in (train, jets)]
    counts = [np.bincount(place[0][train.label == kind], minlength=len(edges) - 1) + 1.0 for kind in (0, 1)]
    ratio = np.log(counts[1] / counts[1].sum()) - np.log(counts[0] / counts[0].sum())
    return ratio[place[1]]


def boosted_trees(train: Jets, jets: Jets) -> np.ndarray:
    """Probability of a top from mass and tau_3 / tau_2, (J,), by scikit-learn's histogram gradient boosting."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    columns = [np.column_stack([part.jet[:, 2], tau_32(part)]) for part in (train, jets)]
    trees = HistGradientBoostingClassifier(max_iter=100, learning_rate=0.05, max_leaf_nodes=8, random_state=0)
    return trees.fit(columns[0], train.label).predict_proba(columns[1])[:, 1]
