"""The rolling origin: scikit-learn's own splitter where the two agree, brute force elsewhere."""

import itertools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, cross_val_predict, cross_val_score

from course_kit.evaluation import RollingOrigin, errors_by_horizon


def brute_force(n, initial, horizon, step, gap, window):
    """Fold by fold, observation by observation."""
    folds, origin = [], initial
    while True:
        train = [t for t in range(n) if t < origin and (window is None or t >= origin - window)]
        test = [t for t in range(origin + gap, origin + gap + horizon)]
        if test[-1] >= n:
            return folds
        folds.append((train, test))
        origin += step


GRID = [
    (n, initial, horizon, step, gap, window)
    for n, initial, horizon, step, gap, window in itertools.product(
        (9, 20), (1, 5), (1, 3), (1, 2, 4), (0, 2), (None, 2, 50)
    )
    if n >= initial + gap + horizon  # else it is refused: see below
]


@pytest.mark.parametrize("n,initial,horizon,step,gap,window", GRID)
def test_folds_are_those_of_brute_force(n, initial, horizon, step, gap, window):
    """Every index of every fold, and their number."""
    splitter = RollingOrigin(initial, horizon=horizon, step=step, gap=gap, window=window)
    expected = brute_force(n, initial, horizon, step, gap, window)

    obtained = [(train.tolist(), test.tolist()) for train, test in splitter.split(np.zeros((n, 2)))]

    assert expected == obtained
    assert len(expected) == splitter.get_n_splits(np.zeros(n))
    assert [len(t) and t[-1] + 1 for t, _ in expected] == splitter.origins(np.zeros(n)).tolist()


@pytest.mark.parametrize(
    "n,folds,horizon,gap,window", list(itertools.product((30, 31), (2, 4), (1, 3), (0, 2), (None, 7)))
)
def test_folds_are_those_of_time_series_split(n, folds, horizon, gap, window):
    """With step = horizon, and an initial that leaves room for just so many folds, the two cannot be told apart."""
    theirs = TimeSeriesSplit(folds, max_train_size=window, test_size=horizon, gap=gap)
    ours = RollingOrigin(n - folds * horizon - gap, horizon=horizon, step=horizon, gap=gap, window=window)
    x = np.zeros(n)

    for (train, test), (their_train, their_test) in zip(ours.split(x), theirs.split(x), strict=True):
        np.testing.assert_array_equal(their_train, train)
        np.testing.assert_array_equal(their_test, test)


def test_window_alone_gives_the_first_origin():
    """A sliding window is full in the first fold."""
    assert list(range(4)) == next(RollingOrigin(window=4).split(range(9)))[0].tolist()


def test_step_of_the_horizon_tests_nothing_twice():
    """Then the tests are the rest of the series, each observation once."""
    tests = [t for _, test in RollingOrigin(4, horizon=3, step=3).split(range(16)) for t in test]

    assert list(range(4, 16)) == tests


def test_cross_val_score_takes_it():
    """The scores are those of a loop by hand."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 3)), rng.normal(size=30)
    splitter = RollingOrigin(10, horizon=4, step=5, window=9)

    obtained = cross_val_score(Ridge(), X, y, cv=splitter, scoring="neg_mean_absolute_error")
    expected = [-np.abs(y[b] - Ridge().fit(X[a], y[a]).predict(X[b])).mean() for a, b in splitter.split(X)]

    np.testing.assert_allclose(obtained, expected, rtol=1e-12)


def test_grid_search_and_data_frames_take_it():
    """Habits of scikit-learn's users: search, pandas, lists."""
    frame = pd.DataFrame({"x": range(20)})
    search = GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=RollingOrigin(8, horizon=2, step=2))

    search.fit(frame, frame["x"])

    assert search.n_splits_ == 6
    assert RollingOrigin(3).get_n_splits(list("abcdef")) == 3


def test_cross_val_predict_refuses_it_as_it_refuses_theirs():
    """Rows before the first origin are never tested, so there is no prediction for each row."""
    with pytest.raises(ValueError, match="partition"):
        cross_val_predict(DummyRegressor(), np.zeros((9, 1)), np.zeros(9), cv=RollingOrigin(3))


def test_it_says_what_it_is():
    """Printed as scikit-learn's are, with the parameters that reproduce it."""
    assert repr(RollingOrigin(5, gap=2)) == "RollingOrigin(gap=2, horizon=1, initial=5, step=1, window=None)"


REFUSED = {
    "initial": (RollingOrigin(0), "initial must be an integer of at least 1. Got 0."),
    "horizon": (RollingOrigin(3, horizon=0), "horizon must be an integer of at least 1. Got 0."),
    "step": (RollingOrigin(3, step=1.5), "step must be an integer of at least 1. Got 1.5."),
    "gap": (RollingOrigin(3, gap=-1), "gap must be an integer of at least 0. Got -1."),
    "window": (RollingOrigin(3, window=True), "window must be an integer of at least 1. Got True."),
    "neither": (RollingOrigin(), "initial or window must be given: where does the first origin lie? Got neither."),
    "too short": (
        RollingOrigin(8, horizon=2, gap=1),
        "a fold needs 11 observations (initial 8, gap 1, horizon 2). Got 10.",
    ),
}


@pytest.mark.parametrize("splitter,sentence", REFUSED.values(), ids=REFUSED)
def test_wrong_use_is_told_in_one_sentence(splitter, sentence):
    """The rule, then what came; from split and from get_n_splits alike."""
    for use in (splitter.get_n_splits, lambda X: next(splitter.split(X))):
        with pytest.raises(ValueError) as error:
            use(np.zeros(10))
        assert sentence == str(error.value)


def test_number_of_folds_needs_the_series():
    """As for LeaveOneOut."""
    with pytest.raises(ValueError, match=r"get_n_splits needs X: .* Got None\."):
        RollingOrigin(3).get_n_splits()


@pytest.mark.parametrize("gap,window", list(itertools.product((0, 2), (None, 6))))
def test_errors_by_horizon_are_those_of_a_double_loop(gap, window):
    """Each entry by hand, for a forecaster that uses all of its history."""
    y = np.random.default_rng(3).normal(size=40).cumsum()

    def forecast(history, steps):
        return history.mean() + np.arange(1, steps + 1) * (history[-1] - history[0])

    found = errors_by_horizon(y, forecast, RollingOrigin(9, horizon=3, step=4, gap=gap, window=window))

    expected = []
    for origin in range(9, 40 - gap - 3 + 1, 4):
        history = y[0 if window is None else origin - window : origin]
        expected.append([y[origin + gap + k] - forecast(history, gap + k + 1)[-1] for k in range(3)])
    np.testing.assert_allclose(found.errors, expected, rtol=1e-12)
    np.testing.assert_allclose(found.mae, np.mean(np.abs(expected), axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.rmse, np.sqrt(np.mean(np.square(expected), axis=0)), rtol=1e-12)
    assert [gap + 1, gap + 2, gap + 3] == found.horizons.tolist()


def test_forecaster_sees_no_future_and_spoils_nothing():
    """It gets a copy of the past of each fold, and nothing else."""
    y, seen = np.arange(12.0), []

    def greedy(history, steps):
        seen.append(history.tolist())
        history[:] = -1
        return np.zeros(steps)

    errors_by_horizon(y, greedy, RollingOrigin(5, horizon=2, step=3))

    assert [list(range(5)), list(range(8))] == seen
    np.testing.assert_array_equal(np.arange(12.0), y)


@pytest.mark.parametrize(
    "series,forecast,sentence",
    [
        ([1.0, np.nan, 2.0], None, "series must be a row"),
        (np.zeros((4, 2)), None, "series must be a row"),
        (np.zeros(9), lambda h, k: np.zeros(k + 1), r"a forecast must be 2 finite numbers, here for the origin 4"),
        (np.zeros(9), lambda h, k: np.full(k, np.nan), r"with NaN or infinity\."),
    ],
)
def test_errors_by_horizon_refuses_what_cannot_be_compared(series, forecast, sentence):
    """A forecast of the wrong length would otherwise be broadcast."""
    with pytest.raises(ValueError, match=sentence):
        errors_by_horizon(series, forecast, RollingOrigin(4, horizon=2))


def test_needs_no_keras():
    """Three seconds saved for whoever only wants the folds; F1 still comes from the same package."""
    code = (
        "import sys; from course_kit.evaluation import RollingOrigin, errors_by_horizon; "
        "assert not {'keras', 'tensorflow'} & set(sys.modules); import course_kit.evaluation as e; "
        "assert 'BinaryF1' in dir(e)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_name_is_an_attribute_error():
    """The package is lazy, not silent."""
    import course_kit.evaluation

    with pytest.raises(AttributeError, match="no attribute 'F2'"):
        _ = course_kit.evaluation.F2
