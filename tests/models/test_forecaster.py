"""The forecasters: what they scale by, what they repeat from a seed, and that scikit-learn takes them."""

import json
import random

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from course_kit.evaluation import RollingOrigin, errors_by_horizon
from course_kit.models import forecasting
from course_kit.models.forecaster import EchoStateForecaster, RecurrentForecaster, windows
from course_kit.reference.echo_state import echo_state_forward, ridge_read_out

WAVE = 20 + 5 * np.sin(np.arange(60) / 2.5) + np.random.default_rng(0).normal(size=60)


def nets(centre="last"):
    return (
        RecurrentForecaster("gru", units=4, epochs=2, centre=centre, seed=3),
        RecurrentForecaster("lstm", units=4, epochs=2, centre=centre, seed=3),
        EchoStateForecaster(units=20, centre=centre, seed=3),
    )


NAMES = ("gru", "lstm", "echo state")


def test_windows_are_those_of_a_loop():
    """Every window once, the newest value last, and what came after it."""
    y = np.arange(9.0) ** 2

    X, Y = windows(y, 4, 2)

    assert [[y[r + k] for k in range(4)] for r in range(4)] == X.tolist()
    assert [[y[r + 4 + k] for k in range(2)] for r in range(4)] == Y.tolist()
    with pytest.raises(ValueError, match="need a row of at least 12 values"):
        windows(y, 10, 2)


@pytest.mark.parametrize("net", nets(), ids=NAMES)
def test_other_units_give_the_same_forecast(net):
    """What is scaled in is scaled back: 10 y + 1000 forecasts ten times as much plus 1000."""
    one = net.forecast(WAVE, 3, window=5)

    other = clone(net).forecast(10 * WAVE + 1000, 3, window=5)

    np.testing.assert_allclose(other, 10 * one + 1000, atol=2e-2)


@pytest.mark.parametrize("net", nets("mean"), ids=NAMES)
def test_scale_is_that_of_the_training_windows(net):
    """Mean and deviation of what fit was given, whatever is predicted afterwards."""
    X, y = windows(WAVE[:40], 5, 3)

    net.fit(X, y)
    net.predict(1e6 * X)

    assert net.mean_ == pytest.approx(X.mean())
    assert net.scale_ == pytest.approx(X.std())


@pytest.mark.parametrize("net", nets(), ids=NAMES)
def test_same_seed_same_forecast(net):
    """Also after a fit on other data in between: the compiled model is put back to its start."""
    one = net.forecast(WAVE, 3, window=5)
    net.forecast(WAVE[::-1], 3, window=5)

    np.testing.assert_allclose(net.forecast(WAVE, 3, window=5), one, atol=1e-4)
    assert np.abs(clone(net).set_params(seed=4).forecast(WAVE, 3, window=5) - one).max() > 1e-3


def test_global_seeds_are_left_alone():
    """A forecaster in the middle of somebody's program does not restart their random numbers."""
    np.random.seed(5)
    random.seed(5)
    expected = np.random.RandomState(5).rand(), random.Random(5).random()

    RecurrentForecaster("gru", units=3, epochs=1).forecast(WAVE, 2, window=5)

    assert (np.random.rand(), random.random()) == expected


def test_echo_state_is_a_ridge_regression_on_the_last_state():
    """By the reference's reservoir and normal equations, with the layer's weights."""
    X, y = windows(WAVE, 6, 2)
    net = EchoStateForecaster(units=12, seed=1, ridge=1e-2).fit(X, y)
    level, scale = X[:, -1:], (X - X[:, -1:]).std()
    _, _, W, U, b = net.layer_.get_weights()

    states = echo_state_forward(((X - level) / scale)[..., None], np.zeros((len(X), 12)), W, U, b, leak=0.5)[:, -1]
    seen = np.concatenate([(X[:, -1:] - level) / scale, states], axis=1)
    V, b_y = ridge_read_out(seen, (y - level) / scale, 1e-2 * len(X))

    np.testing.assert_allclose(net.predict(X), level + scale * (seen @ V + b_y), atol=1e-8)


def test_scikit_learn_takes_them():
    """A rolling origin over the rows of the table, with the gap that its targets need."""
    X, y = windows(WAVE, 5, 3)
    splitter = RollingOrigin(30, horizon=5, step=9, gap=2)

    scores = cross_val_score(EchoStateForecaster(units=20), X, y, cv=splitter, scoring="neg_mean_absolute_error")

    assert scores.shape == (splitter.get_n_splits(X),)
    assert np.isfinite(scores).all()


def test_one_step_ahead_may_be_a_row():
    """y (N,) gives predictions (N,), as scikit-learn has it."""
    X, y = windows(WAVE, 5, 1)

    assert EchoStateForecaster(units=20).fit(X, y[:, 0]).predict(X).shape == (len(X),)


REFUSED = {
    "cell": (RecurrentForecaster("rnn"), 'cell must be "lstm" or "gru". Got \'rnn\'.'),
    "units": (RecurrentForecaster(units=0), "units must be a positive integer. Got 0."),
    "epochs": (RecurrentForecaster(epochs=1.5), "epochs must be a positive integer. Got 1.5."),
    "centre": (EchoStateForecaster(centre="first"), 'centre must be "last" or "mean". Got \'first\'.'),
}


@pytest.mark.parametrize("net,sentence", REFUSED.values(), ids=REFUSED)
def test_wrong_parameter_is_told_in_one_sentence(net, sentence):
    """When fit is called, as scikit-learn's estimators do it."""
    with pytest.raises(ValueError) as error:
        net.fit(*windows(WAVE, 5, 2))

    assert sentence == str(error.value)


@pytest.mark.parametrize(
    "X,y,sentence",
    [
        (np.zeros((4, 3)), np.zeros((5, 2)), "with as many rows"),
        (np.full((4, 3), np.nan), np.zeros((4, 2)), "fill the gaps from the past"),
    ],
)
def test_windows_that_do_not_fit_are_refused(X, y, sentence):
    """Shapes and missing values."""
    with pytest.raises(ValueError, match=sentence):
        EchoStateForecaster().fit(X, y)


def test_no_setting_is_chosen_on_the_test():
    """Targets of the origins on which settings are chosen end before the first test origin; the last test just fits."""
    for plan in forecasting.plans().values():
        first, *_, last = plan.splitter().origins(plan.series.values)

        assert max(plan.earlier()) + plan.horizon <= first
        assert last + plan.horizon == len(plan.series.values)
        phases = {o % plan.series.season for o in plan.splitter().origins(plan.series.values).tolist()}
        assert len(phases) == min(plan.origins, plan.series.season)


@pytest.mark.parametrize("name", ("sunspots", "co2"))
@pytest.mark.parametrize("method", forecasting.CLASSICAL)
def test_methods_without_a_net_forecast(name, method):
    """Each through the kit's own loop, at one origin; none is absurd."""
    plan = forecasting.plans()[name]
    last = len(plan.series.values) - plan.horizon

    found = errors_by_horizon(
        plan.series.values, forecasting.forecaster(plan, method), RollingOrigin(last, horizon=plan.horizon)
    )

    assert found.mae.shape == (plan.horizon,)
    assert found.mae.mean() < 2 * plan.series.values.std()


def test_run_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """What is in the file is not fitted again, and the half line of a killed run is."""
    plan, made = forecasting.plans()["sunspots"], []

    def counted(plan, method, setting=None, seed=0):
        made.append(method)
        return forecasting.naive

    monkeypatch.setattr(forecasting, "forecaster", counted)
    path = tmp_path / "work.jsonl"
    fits = [forecasting.Fit("sunspots", "naive", 0, 0, o) for o in (200, 207, 214)]
    first = forecasting.Done(path)
    values = [first.forecast(fit, plan).tolist() for fit in fits]
    path.write_text(path.read_text()[:-9])

    second = forecasting.Done(path)

    assert len(second.rows) == 2
    assert values == [second.forecast(fit, plan).tolist() for fit in fits]
    assert len(made) == 4
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 3
