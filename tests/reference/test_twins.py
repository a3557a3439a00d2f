"""The NumPy twins against each other, against limit cases and against sums written out."""

import numpy as np
import pytest
from scipy.special import expit

from course_kit.reference import (
    elman_forward,
    elman_step,
    identity,
    jordan_forward,
    jordan_step,
    lstm1997_forward,
    lstm1997_step,
    lstm_forward,
    lstm_gates,
    lstm_step,
    peephole_forward,
    peephole_step,
    sigmoid,
    softmax,
)

N, T, M, UNITS, OUT = 2, 7, 3, 5, 2
LSTM = [(M, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,)]
LSTM1997 = [(M, 3 * UNITS), (UNITS, 3 * UNITS), (3 * UNITS,)]
ELMAN = [(M, UNITS), (UNITS, UNITS), (UNITS,), (UNITS, OUT), (OUT,)]
JORDAN = [(M, UNITS), (OUT, UNITS), (UNITS,), (UNITS, OUT), (OUT,)]
PEEPHOLE = [*LSTM, (3, UNITS)]

# forward, step, shapes of the weights, widths of the states, how many answers of a step are carried to the next
TWINS = [
    (elman_forward, elman_step, ELMAN, [UNITS], lambda y, h: [h]),
    (jordan_forward, jordan_step, JORDAN, [OUT], lambda y, h: [y]),
    (lstm_forward, lstm_step, LSTM, [UNITS, UNITS], lambda h, c: [h, c]),
    (lstm1997_forward, lstm1997_step, LSTM1997, [UNITS, UNITS], lambda h, c: [h, c]),
    (peephole_forward, peephole_step, PEEPHOLE, [UNITS, UNITS], lambda h, c: [h, c]),
]
every_twin = pytest.mark.parametrize(
    ("forward", "step", "shapes", "widths", "carried"), TWINS, ids=[t[1].__name__ for t in TWINS]
)


@pytest.fixture
def draw():
    rng = np.random.default_rng(31)
    return lambda shapes: [rng.normal(size=shape, scale=0.7) for shape in shapes]


@every_twin
def test_forward_is_step_after_step(forward, step, shapes, widths, carried, draw):
    """Every row and step of `forward`, with shapes (N, T, .), is one call of the step on that row."""
    weights, (x, *states) = draw(shapes), draw([(N, T, M), *[(N, width) for width in widths]])

    obtained = forward(x, *states, *weights)

    for k in range(N):
        state = [s[k : k + 1] for s in states]
        for t in range(T):
            answers = step(x[k : k + 1, t], *state, *weights)
            state = carried(*answers)
            assert all(np.allclose(o[k, t], a[0], rtol=0, atol=1e-15) for o, a in zip(obtained, answers, strict=True))


@every_twin
def test_the_arrays_of_the_caller_stay_as_they_were(forward, step, shapes, widths, carried, draw):
    """Inputs, states and weights are read only."""
    arrays = draw([(N, T, M), *[(N, width) for width in widths], *shapes])
    before = [a.copy() for a in arrays]

    forward(*arrays)
    step(arrays[0][:, 0], *arrays[1:])

    assert all(np.array_equal(a, b) for a, b in zip(arrays, before, strict=True))


@every_twin
def test_float32_arguments_are_computed_in_float64(forward, step, shapes, widths, carried, draw):
    """A cell's float32 weights lose nothing more on the way."""
    arrays = [a.astype(np.float32) for a in draw([(N, T, M), *[(N, width) for width in widths], *shapes])]

    single, double = forward(*arrays), forward(*[a.astype(np.float64) for a in arrays])

    assert all(np.array_equal(s, d) for s, d in zip(single, double, strict=True))
    assert all(a.dtype == np.float64 for a in step(arrays[0][:, 0], *arrays[1:]))


def test_jordan_whose_output_is_its_hidden_layer_is_elman(draw):
    """V = I, b_y = 0 and a linear output: both networks feed back the same h."""
    W, U, b_h = draw([(M, UNITS), (UNITS, UNITS), (UNITS,)])
    x, h0 = draw([(N, T, M), (N, UNITS)])
    read_out = np.eye(UNITS), np.zeros(UNITS)

    elman, jordan = elman_forward(x, h0, W, U, b_h, *read_out), jordan_forward(x, h0, W, U, b_h, *read_out)

    assert all(np.array_equal(a, b) for a, b in zip(elman, jordan, strict=True))


def test_jordan_context_is_the_sum_of_past_outputs_with_powers_of_the_decay(draw):
    """Every hidden state from the outputs alone: c_t = alpha^t c_0 + sum of alpha^(t-1-s) y_s."""
    W, U, b_h, V, b_y = draw(JORDAN)
    x, y0 = draw([(N, T, M), (N, OUT)])
    alpha = 0.6

    y, h = jordan_forward(x, y0, W, U, b_h, V, b_y, sigma_y=sigmoid, context_decay=alpha)

    for t in range(T):
        context = alpha**t * y0 + sum(alpha ** (t - 1 - s) * y[:, s] for s in range(t))
        assert np.allclose(h[:, t], np.tanh(x[:, t] @ W + context @ U + b_h), rtol=0, atol=1e-14)
        assert np.allclose(y[:, t], expit(h[:, t] @ V + b_y), rtol=0, atol=1e-14)


def test_linear_elman_is_a_sum_over_the_past(draw):
    """With sigma_h linear, h_T is the sum of (x_t W + b_h) U^(T-1-t), and h_0 U^T."""
    W, U, b_h, V, b_y = draw(ELMAN)
    x, h0 = draw([(N, T, M), (N, UNITS)])
    power = np.linalg.matrix_power

    y, h = elman_forward(x, h0, W, U, b_h, V, b_y, sigma_h=identity)
    expected = h0 @ power(U, T) + sum((x[:, t] @ W + b_h) @ power(U, T - 1 - t) for t in range(T))

    assert np.allclose(h[:, -1], expected, rtol=1e-12, atol=1e-12)
    assert np.allclose(y, h @ V + b_y, rtol=0, atol=1e-14)


def test_lstm_gates_are_the_blocks_in_the_order_of_keras(draw):
    """i, f, c_tilde, o, each from its own slice alone."""
    W, U, b = draw(LSTM)
    x, h = draw([(N, M), (N, UNITS)])

    for k, (obtained, squash) in enumerate(zip(lstm_gates(x, h, W, U, b), [expit, expit, np.tanh, expit], strict=True)):
        block = slice(k * UNITS, (k + 1) * UNITS)
        assert np.allclose(obtained, squash(x @ W[:, block] + h @ U[:, block] + b[block]), rtol=0, atol=1e-15)


def test_lstm1997_is_the_lstm_whose_forget_gate_stays_open(draw):
    """W_f = U_f = 0 and b_f = 50, since the logistic function of 50 is 1 in float64."""
    weights, (x, h0, c0) = draw(LSTM1997), draw([(N, T, M), (N, UNITS), (N, UNITS)])
    opened = []
    for a, f in zip(weights, (0.0, 0.0, 50.0), strict=True):
        i, c, o = np.split(a, 3, axis=-1)
        opened.append(np.concatenate([i, np.full_like(i, f), c, o], axis=-1))

    obtained, expected = lstm1997_forward(x, h0, c0, *weights), lstm_forward(x, h0, c0, *opened)

    assert all(np.allclose(a, b, rtol=0, atol=1e-14) for a, b in zip(obtained, expected, strict=True))


def test_paper_squashing_has_the_ranges_of_the_paper():
    """Driven hard, g comes to -2 and 2 and h to 1: four sigmoid(a) - 2 and two sigmoid(a) - 1."""
    W = np.array([[0.0, 1.0, 0.0]])  # the gates stay at a half, the input is the candidate's argument
    U, b, zero = np.zeros((1, 3)), np.zeros(3), np.zeros((1, 1))

    _, low = lstm1997_step([[-60.0]], zero, zero, W, U, b, squashing="paper")
    h, high = lstm1997_step([[60.0]], zero, zero + 60, W, U, b, squashing="paper")
    _, slope = lstm1997_step([[1e-6]], zero, zero, W, U, b, squashing="paper")

    assert (low.item(), high.item(), h.item()) == pytest.approx((0.5 * -2, 60 + 0.5 * 2, 0.5 * 1), abs=1e-12)
    assert slope.item() == pytest.approx(0.5 * 1e-6, rel=1e-9)  # g'(0) = 4 / 4


def test_without_peepholes_it_is_the_lstm(draw):
    """p = 0, exactly."""
    weights, (x, h0, c0) = draw(LSTM), draw([(N, T, M), (N, UNITS), (N, UNITS)])

    obtained, expected = (
        peephole_forward(x, h0, c0, *weights, np.zeros((3, UNITS))),
        lstm_forward(x, h0, c0, *weights),
    )

    assert all(np.array_equal(a, b) for a, b in zip(obtained, expected, strict=True))


@pytest.mark.parametrize(("gate", "moves_c"), [(0, True), (1, True), (2, False)])
def test_a_peephole_is_a_bias_that_follows_the_cell_state(gate, moves_c, draw):
    """One step: p_i and p_f act as a bias p c_old, p_o as a bias p c_new; only the first two move c."""
    W, U, b = draw(LSTM)
    x, h, c, p_gate = draw([(1, M), (1, UNITS), (1, UNITS), (UNITS,)])
    p = np.zeros((3, UNITS))
    p[gate] = p_gate
    plain = lstm_step(x, h, c, W, U, b)
    seen = c if moves_c else plain[1]
    block = slice([0, 1, 3][gate] * UNITS, ([0, 1, 3][gate] + 1) * UNITS)
    biased = b.copy()
    biased[block] += p_gate * seen[0]

    obtained, expected = peephole_step(x, h, c, W, U, b, p), lstm_step(x, h, c, W, U, biased)

    assert all(np.allclose(a, e, rtol=0, atol=1e-14) for a, e in zip(obtained, expected, strict=True))
    assert (np.abs(obtained[1] - plain[1]).max() > 1e-3) == moves_c
    assert np.abs(obtained[0] - plain[0]).max() > 1e-3


def test_sigmoid_is_scipy_expit_without_a_warning():
    """Over the whole range of float64 exponents, and for plain numbers."""
    a = np.concatenate([[-1e4, -745.0, -37.0], np.linspace(-20, 20, 401), [37.0, 745.0, 1e4]])

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.allclose(sigmoid(a), expit(a), rtol=1e-14, atol=1e-300)
        assert sigmoid(0) == 0.5


def test_softmax_sums_to_one_and_ignores_a_shift(draw):
    """Along the asked axis; large arguments do not overflow."""
    (a,) = draw([(N, T, M)])

    assert np.allclose(softmax(a, axis=1).sum(axis=1), 1.0, rtol=0, atol=1e-15)
    assert np.allclose(softmax(a + 1e4), np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True), rtol=1e-10)
