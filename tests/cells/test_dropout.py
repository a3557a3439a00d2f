"""Dropout in the kit's cells: which mask was drawn is read off the output, by trying every mask on the twin."""

from itertools import product

import keras
import numpy as np
import pytest

from tests.cells.table import OUT, ROWS, M, T, numpy, randomise

ROWS = [row for row in ROWS if row.trained]
every_cell = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
every_class = pytest.mark.parametrize("row", [r for r in ROWS if not r.variant], ids=lambda row: row.name)
UNITS = 3  # eight masks of a state are tried


def mask_of(obtained, candidates):
    """The one mask whose twin gives this output at every step."""
    found = [mask for mask, expected in candidates if np.abs(obtained - expected).max() < 1e-10]
    assert len(found) == 1, f"{len(found)} constant masks explain the output"
    return found[0]


def candidates(row, where, x, states, weights):
    """(mask, outputs of the twin under it) for every mask of kept and dropped units; kept ones count double."""
    width = M if where == "dropout" else row.state_widths(UNITS, OUT)[0]
    for mask in product([0.0, 2.0], repeat=width):
        if where == "dropout":
            yield mask, row.twin(x * np.array(mask), states, weights)[0]
        else:
            kernel, recurrent_kernel, *rest = weights
            yield mask, row.twin(x, states, [kernel, row.masked(np.array(mask), recurrent_kernel), *rest])[0]


@every_cell
@pytest.mark.parametrize("where", ["dropout", "recurrent_dropout"])
def test_a_mask_is_constant_over_time_and_redrawn_for_each_batch(row, where):
    """Each of eight eager calls is explained by one mask for all seven steps, and the masks differ."""
    rng = np.random.default_rng(3)
    layer = row.layer(units=UNITS, seed=1, **{where: 0.5})
    layer.build((1, T, M))
    weights, x = randomise(layer, rng), rng.normal(size=(1, T, M))
    states = row.states(rng, batch=1, units=UNITS)
    masks = list(candidates(row, where, x, states, weights))

    drawn = [mask_of(numpy(layer(x, initial_state=states, training=True))[0], masks) for _ in range(8)]
    quiet = numpy(layer(x, initial_state=states, training=False))[0]

    assert len(set(drawn)) > 2
    assert np.abs(quiet - row.twin(x, states, weights)[0]).max() < 1e-12


@every_class
def test_fit_redraws_the_masks_and_can_be_compiled_twice(row):
    """In a stack, on one batch, with a learning rate of zero: only new masks can change the loss."""
    rng = np.random.default_rng(4)
    cells = [row.make(4, OUT, dropout=0.3, recurrent_dropout=0.3, seed=k) for k in (1, 2)]
    model = keras.Sequential([keras.Input((T, M)), keras.layers.RNN(cells)])
    randomise(model, rng)
    x, y = rng.normal(size=(4, T, M)), rng.normal(size=(4, cells[-1].output_size or 4))

    for _ in range(2):
        model.compile(keras.optimizers.SGD(0.0), loss="mse")
        losses = model.fit(x, y, batch_size=4, epochs=4, verbose=0).history["loss"]
        assert np.all(np.isfinite(losses))
        assert min(abs(a - b) for k, a in enumerate(losses) for b in losses[:k]) > 1e-5
