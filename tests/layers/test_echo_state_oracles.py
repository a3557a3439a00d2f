"""Reservoir and read-out against reservoirpy, scikit-learn, the twin, and what is known of reservoirs."""

import numpy as np
import pytest
import scipy.sparse
from reservoirpy.nodes import Reservoir, Ridge
from sklearn import linear_model

from course_kit import reference
from course_kit.cells import EchoStateCell
from course_kit.datasets.dynamics import lorenz, mackey_glass, narma10
from course_kit.layers import EchoState
from course_kit.reference.echo_state import ridge_read_out
from tests.cells.table import OUT, UNITS, M, N, T, largest_difference, numpy, randomise


@pytest.fixture
def rng():
    return np.random.default_rng(71)


def test_the_states_are_those_of_reservoirpy(rng):
    """300 steps of Lorenz' series on the same matrices: the twin to the last bit, the layer's two loops to rounding."""
    x = lorenz(300)[np.newaxis] / 20
    layer = EchoState(60, 3, leak=0.3, seed=5, dtype="float64", return_sequences=True, return_state=True)
    layer.build(x.shape)
    _, _, W, U, b = layer.get_weights()
    expected = Reservoir(W=U.T, Win=W.T, bias=b, lr=0.3).run(x[0])

    twin_states = reference.echo_state_forward(x, np.zeros((1, 60)), W, U, b, 0.3)[0]
    _, last = numpy(layer(x))

    assert np.abs(expected).max() > 0.5
    assert largest_difference(twin_states, expected) == 0
    assert largest_difference(layer.reservoir_states(x)[0], expected) < 2e-15
    assert largest_difference(last[0], expected[-1]) < 2e-15


@pytest.mark.parametrize("input_skip", [False, True])
@pytest.mark.parametrize("ridge", [1e-2, 1e-5])
def test_the_read_out_is_the_ridge_regression_of_others(input_skip, ridge):
    """scikit-learn's through its singular values, reservoirpy's and the twin's through the normal equations."""
    x = lorenz(700)[np.newaxis] / 20
    layer = EchoState(40, 3, leak=0.5, input_skip=input_skip, seed=2, dtype="float64")
    layer.fit(x[:, :600], x[:, 1:601], washout=100, ridge=ridge)
    V, b_y, *_ = layer.get_weights()
    seen = layer.reservoir_states(x)[0]
    seen = np.concatenate([x[0], seen], axis=1) if input_skip else seen

    theirs = linear_model.Ridge(ridge, solver="svd").fit(seen[100:600], x[0, 101:601])
    rpy = Ridge(ridge=ridge).fit(seen[100:600], x[0, 101:601])
    V_twin, b_twin = ridge_read_out(seen[100:600], x[0, 101:601], ridge)

    assert largest_difference([V, b_y], [theirs.coef_.T, theirs.intercept_]) < 1e-11
    # the normal equations square the condition number, about 1e4 here
    assert largest_difference([V, b_y], [rpy.Wout, rpy.bias]) < 1e-6
    assert largest_difference([V, b_y], [V_twin, b_twin]) < 1e-6
    assert largest_difference(layer.predict(x)[0], rpy.run(seen)) < 1e-6


def test_without_penalty_it_is_least_squares_and_learns_a_linear_read_out_exactly(rng):
    """Targets that are a read-out of the reservoir are found again, with and without bias."""
    x = rng.normal(size=(2, 80, 1))
    for use_bias in (True, False):
        layer = EchoState(12, 2, use_bias=use_bias, seed=4, dtype="float64")
        V, b = rng.normal(size=(12, 2)), np.array([3.0, -1.0]) * use_bias
        y = layer.reservoir_states(x) @ V + b

        layer.fit(x, y, washout=5, ridge=0)

        found = numpy(list(layer.cell.trainable_variables))
        assert largest_difference(found[0], V) < 1e-10
        assert not use_bias or largest_difference(found[1], b) < 1e-10


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_predict_is_the_layer_at_every_step(dtype, rng):
    """The arrays of `predict` are what the layer gives in a model, with another activation and a mask too."""
    for own in ({}, {"activation": "softsign"}, {"input_skip": True, "use_bias": False}):
        layer = EchoState(20, 2, leak=0.7, seed=1, return_sequences=True, dtype=dtype, **own)
        layer.build((N, T, M))
        randomise(layer, rng)
        x, valid = rng.normal(size=(N, T, M)), np.ones((N, T), dtype=bool)
        valid[1, [2, 5]] = False
        obtained, expected = layer.predict(x, mask=valid), numpy(layer(x.astype(dtype), mask=valid))
        assert largest_difference(obtained[valid], expected[valid]) < {"float64": 1e-14, "float32": 2e-6}[dtype]


def test_steps_that_do_not_count_do_not_count(rng):
    """What stands in washed-out and masked steps of the targets, and in masked steps of the inputs, changes nothing."""
    x, y = rng.normal(size=(N, 50, M)), rng.normal(size=(N, 50, 2))
    valid = np.ones((N, 50), dtype=bool)
    valid[1, 30:] = valid[0, 20] = False
    layer = EchoState(15, 2, seed=1, dtype="float64").fit(x, y, washout=10, mask=valid)
    fitted = layer.get_weights()
    y[:, :10] = y[~valid] = x[~valid] = 99.0

    again = EchoState(15, 2, seed=1, dtype="float64").fit(x, y, washout=10, mask=valid).get_weights()

    assert largest_difference(again, fitted) == 0
    y[0, 10] = 0.0
    assert largest_difference(layer.fit(x, y, washout=10, mask=valid).get_weights(), fitted) > 1e-3


def test_generating_is_predicting_on_what_was_generated(rng):
    """Fed its own outputs as inputs, `predict` gives them again, one step later; with and without the input's way."""
    for input_skip in (False, True):
        layer = EchoState(30, M, leak=0.6, input_skip=input_skip, seed=6, dtype="float64")
        layer.build((N, T, M))
        randomise(layer, rng, scale=0.2)
        x = rng.normal(size=(N, T, M))

        generated = layer.generate(x, 5)
        again = layer.predict(np.concatenate([x, generated], axis=1))

        assert generated.shape == (N, 5, M)
        assert largest_difference(again[:, T - 1 : -1], generated) < 1e-13


@pytest.mark.parametrize(("units", "density"), [(1, 0.1), (7, 0.01), (50, 0.1), (200, 0.05), (30, 1.0)])
@pytest.mark.parametrize("radius", [0.5, 1.25])
def test_the_spectral_radius_is_what_was_asked(units, density, radius):
    """To twelve digits, whatever size and density; every unit has as many links, and one at least."""
    cell = EchoStateCell(units, 1, spectral_radius=radius, density=density, seed=9, dtype="float64")
    cell.build((None, 2))
    U = numpy(cell.recurrent_kernel)

    assert np.abs(np.linalg.eigvals(U)).max() == pytest.approx(radius, rel=1e-12)
    assert set(np.count_nonzero(U, axis=0)) == {max(1, round(density * units))}
    assert abs(numpy(cell.kernel)).max() <= 1
    assert abs(numpy(cell.bias)).max() <= 1


def test_a_reservoir_forgets_where_it_started_and_some_do_not(rng):
    """Two starts meet within 200 steps at radius 0.9; at radius 3 without input they do not."""
    x = rng.uniform(-1, 1, size=(1, 200, 1))
    for radius, drive, meet in ((0.9, 1.0, True), (3.0, 0.0, False)):
        layer = EchoState(100, 1, spectral_radius=radius, seed=3, return_state=True, dtype="float64")
        starts = [np.ones((1, 100)), -rng.uniform(size=(1, 100))]
        ends = [numpy(layer(drive * x, initial_state=[h]))[1] for h in starts]
        assert (largest_difference(*ends) < 1e-6) == meet


def test_a_largest_singular_value_below_one_shrinks_every_difference(rng):
    """With leak 1 and tanh, two states come nearer by that factor in each step."""
    cell = EchoStateCell(40, 1, seed=8, dtype="float64")
    cell.build((None, 2))
    U = numpy(cell.recurrent_kernel)
    cell.recurrent_kernel.assign(0.8 * U / np.linalg.norm(U, 2))
    x, one, other = rng.normal(size=(1, 2)), rng.normal(size=(1, 40)), rng.normal(size=(1, 40))
    for _ in range(10):
        before = np.linalg.norm(one - other)
        one, other = (numpy(cell(x, [h])[1][0]) for h in (one, other))
        assert np.linalg.norm(one - other) <= 0.8 * before


def test_a_linear_reservoir_is_a_sum_over_the_past(rng):
    """h_T = sum of (x_t W + b) U^(T-1-t)."""
    layer = EchoState(UNITS, OUT, activation="linear", seed=1, return_state=True, dtype="float64")
    x = rng.normal(size=(N, T, M))
    _, h = numpy(layer(x))
    _, _, W, U, b = layer.get_weights()

    expected = sum((x[:, t] @ W + b) @ np.linalg.matrix_power(U, T - 1 - t) for t in range(T))

    assert largest_difference(h, expected) < 1e-13


def test_it_goes_on_with_mackey_glass_by_itself():
    """200 units, 2000 steps to learn from: 84 steps on (the horizon of the papers) it is off by under 0.02."""
    x = mackey_glass(2100, discard=100)[np.newaxis, :, np.newaxis]
    layer = EchoState(200, 1, leak=0.3, spectral_radius=1.25, seed=1, dtype="float64")

    generated = layer.fit(x[:, :1999], x[:, 1:2000], washout=100, ridge=1e-10).generate(x[:, :2000], 84)

    assert np.abs(generated - x[:, 2000:2084]).max() < 0.02
    assert np.ptp(generated) > 0.5


def test_it_learns_narma10_where_a_line_does_not():
    """On new data the squared error is under a fifth of what least squares on the last ten inputs leaves."""
    u, y = narma10(3000, seed=1)
    layer = EchoState(200, 1, input_scaling=0.3, spectral_radius=0.95, seed=2, dtype="float64")
    x, target = u[np.newaxis, :-1, np.newaxis], y[np.newaxis, 1:, np.newaxis]
    layer.fit(x[:, :2000], target[:, :2000], washout=100)
    error = (layer.predict(x) - target)[0, 2000:, 0]

    windows = np.lib.stride_tricks.sliding_window_view(u[:-1], 10)
    line = linear_model.LinearRegression().fit(windows[: 2000 - 9], y[10:2001])
    left = line.predict(windows[2000 - 9 :]) - y[2001:]

    assert np.mean(error**2) < 0.2 * np.mean(left**2)


def test_numpy_loops_over_the_links_alone():
    """The sparse product is that of the whole matrix."""
    layer = EchoState(50, 1, density=0.1, seed=1, dtype="float64")
    layer.build((None, None, 1))
    U = numpy(layer.cell.recurrent_kernel)
    h = np.random.default_rng(0).normal(size=(3, 50))

    assert scipy.sparse.csr_array(U).nnz == 50 * 5
    _, step = layer._reservoir()
    assert largest_difference(step(np.zeros((3, 50)), h), np.tanh(h @ U + numpy(layer.cell.bias))) < 1e-15
