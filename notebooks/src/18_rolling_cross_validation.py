# %% [markdown]
# # 18 Validation on time series, one horizon at a time
#
# After this notebook you can
#
# - cut a time series into folds that never train on the future, with a window that expands or slides, and say how many there are,
# - write a splitter that scikit-learn takes for one of its own,
# - keep an error for each horizon, and say why one number for all of them can choose the wrong model,
# - find three leaks: a scaler, windows that reach over the border, and a model that was chosen on the test,
# - put a recurrent network beside forecasts that need none, and report what came out, also when it lost.
#
# Slides: D4.48, D4.49, D4.50. Time: about three hours. Before it: notebook 08 or 11. NumPy is enough until E18.6; there Keras comes in.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, plots, progress
from course_kit.plots import forecast_leaks
from course_kit.plots import forecasts as forecast_plots
from course_kit.plots import rolling
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %% [markdown]
# ## Why not shuffle
#
# Cross-validation, as one learns it first, deals the examples into ten heaps at random and tests on each heap what the other nine have taught. For a series that goes through time this is wrong in a way that flatters. The next cell takes a random walk: each step is a coin's, and the best
# forecast of any later value is the last one known. It asks a humble method, the mean of the two nearest days that are in the training part, for the days of a test part; once with heaps dealt at random, once with a test part at the end.

# %%
rng = np.random.default_rng(18)
walk = rng.choice([-1.0, 1.0], size=1000).cumsum()


def error_of_neighbours(train, test):
    """Mean absolute error of the mean of the two training days nearest in time to each test day."""
    nearest = np.abs(test[:, np.newaxis] - train).argsort(axis=1)[:, :2]
    return np.abs(walk[train[nearest]].mean(axis=1) - walk[test]).mean()


days = np.arange(1000)
heap = rng.permutation(days)[:100]
print(f"test days dealt at random: {error_of_neighbours(np.setdiff1d(days, heap), heap):5.2f}")
print(f"the last hundred days:     {error_of_neighbours(days[:900], days[900:]):5.2f}")

# %% [markdown]
# The first number is small because yesterday and tomorrow of each test day are in the training part. Nobody who has to forecast has tomorrow. The second is what a forecast of the next hundred days would really have cost. Both call themselves validation; only one answers the question that was asked.
#
# Slides D4.48 to D4.50 have the remedy. One stands at some day, the *origin*, trains on what lies before it, and tests on what comes after; then one moves the origin on and does it again.

# %% [markdown] tags=["slide:D4.48"]
# ## Folds that respect time
#
# ### E18.1 Rolling origin
#
# D4.48, *Cross validation on a rolling basis (1/3)* (Rolling cross-validation, 1), is a figure: a row for each fold, the training part grows, the test moves along behind it. In words: number the observations $0, \dots, n-1$. At the origin $o$ the first $o$ of them are known, so $o$ is also the number of the first one that is not. A fold has
#
# $$\mathrm{train} = \{0, \dots, o-1\}, \qquad \mathrm{test} = \{o + g, \dots, o + g + H - 1\},$$
#
# with the *horizon* $H$, the number of steps that are tested, and a *gap* $g$ of observations that neither part sees (E18.8 says what it is good for; often it is 0). The origins are $o = o_1, o_1 + s, o_1 + 2s, \dots$: the first one leaves `initial` observations to train on, the *step* $s$ leads to the next. A test that would
# reach over the end of the series is left out, as errors over fewer steps could not be compared with the others.
#
# **Write** `rolling_origin(n, initial, horizon, step, gap)`, the list of folds; each is a pair `(train, test)` of lists of numbers. And `how_many(n, initial, horizon, step, gap)`, their number, without making them; 0 where there is no room for one.
#
# **Checked for:** every number of every fold; that training ends before the gap, and the gap before the test; a test that just fits; a series that is too short; the count.


# %% tags=["stub", "E18.1"]
def rolling_origin(n, initial, horizon, step, gap):
    """The folds of n observations: a list of pairs (train, test), each a list of whole numbers."""
    return None  # replace this line


def how_many(n, initial, horizon, step, gap):
    """How many folds there are, at least 0."""
    return None  # replace this line


# %% tags=["solution", "E18.1"]
def rolling_origin(n, initial, horizon, step, gap):
    """The folds of n observations: a list of pairs (train, test), each a list of whole numbers."""
    return [
        (list(range(o)), list(range(o + gap, o + gap + horizon))) for o in range(initial, n - gap - horizon + 1, step)
    ]


def how_many(n, initial, horizon, step, gap):
    """How many folds there are, at least 0."""
    return max(0, (n - gap - horizon - initial) // step + 1)


# %% tags=["check", "E18.1"]
check("E18.1")

# %% tags=["hint", "E18.1"]
# hint("E18.1", 1)

# %% tags=["figure", "E18.1"]
rolling.expanding(rolling_origin)

# %% [markdown]
# Read it from top to bottom as time going by: each fold knows what the one above has tested, and a little more. What the figure does not show is that the models of the folds differ in more than their origin. The first was trained on 8 values, the last on 16; if the error falls from row to row, more data may be the cause as well as easier days.
#
# **To think about.** In ordinary cross-validation each observation is tested exactly once. Which are never tested here, and which are tested most often?

# %% [markdown] tags=["solution", "E18.1"]
# **Answer.** Never: the first $o_1 + g$, as nothing was known before them, and with some steps a few at the end. Most often: with a step smaller than the horizon, all in the middle, up to $\lceil H/s \rceil$ times each. A mean over all tests therefore counts the middle of the series more often than its ends.

# %% [markdown] tags=["slide:D4.49", "slide:D4.50"]
# ### E18.2 Leave the next one out
#
# D4.49, *Cross validation on a rolling basis (2/3)* (Rolling cross-validation, 2), is the second figure: the training part keeps its length and slides along. D4.50, *Cross validation on a rolling basis (3/3)* (Rolling cross-validation, 3: horizons), says in its first line what *leave one out* means for a series: the test is each time a single observation, the next one.
#
# A window that slides forgets the far past on purpose. That pays where the world changes, and costs data where it does not.
#
# **Write** `next_one_out(n, window)`: all folds of $n$ observations in which the `window` observations before the origin train and the next one is tested, as a list of pairs of lists. Then a closed question: the *usual* leave-one-out makes $n$ folds, fold $k$ tests observation $k$ and trains on all the others. For
# $n = 100$, in how many of them does nothing train that came after the tested observation? Put the number into `honest_folds`.
#
# **Checked for:** every number; a series one longer than the window; the count.


# %% tags=["stub", "E18.2"]
def next_one_out(n, window):
    """Folds with `window` observations to train on and the next one to test: a list of pairs of lists."""
    return None  # replace this line


honest_folds = None  # replace this line: a number from 0 to 100


# %% tags=["solution", "E18.2"]
def next_one_out(n, window):
    """Folds with `window` observations to train on and the next one to test: a list of pairs of lists."""
    return [(list(range(o - window, o)), [o]) for o in range(window, n)]


honest_folds = 1  # the last one


# %% tags=["check", "E18.2"]
check("E18.2")

# %% tags=["hint", "E18.2"]
# hint("E18.2", 1)

# %% tags=["figure", "E18.2"]
rolling.one_out(next_one_out)

# %% [markdown]
# On the left every fold but the last has dark cells to the right of its test: the model that is asked about observation 3 has studied 4 to 9. On the right nothing dark lies there. What the figure does not show is the cost. With one observation in each test there is a model to be trained for nearly every observation; with a network that takes a minute and a series of ten years of days, that is
# two and a half days of training. A longer step is the usual way out.
#
# **To think about.** Slide D4.50 says "the next observation". A shop orders on Friday for the whole coming week. Is leave-the-next-one-out the right test for its forecasts?

# %% [markdown] tags=["solution", "E18.2"]
# **Answer.** No. It measures forecasts of tomorrow, made every day anew, and the shop makes one on Friday for seven days. Its origins are Fridays ($s = 7$), its horizon is 7, and the forecast for Thursday is made without knowing Wednesday. Test as you will use.

# %% [markdown] tags=["slide:D4.48", "slide:D4.49"]
# ### E18.7 A splitter in scikit-learn's habits
#
# The folds of D4.48 (*Cross validation on a rolling basis (1/3)*) and D4.49 (*Cross validation on a rolling basis (2/3)*) are most useful where other tools take them. scikit-learn's `cross_val_score`, `GridSearchCV` and the rest ask a splitter for two things only:
#
# - `split(X, y=None, groups=None)`, a generator that yields pairs of arrays of row numbers, `train, test`,
# - `get_n_splits(X=None, y=None, groups=None)`, how many pairs there will be.
#
# $X$ may be an array, a table of pandas or a list; all that counts is how many rows it has. A constructor in these habits keeps its arguments under their own names and does nothing else. scikit-learn has `TimeSeriesSplit`, which is told the number of folds; it has no step of its own and no first origin.
#
# **Write** the class `RollingSplit(initial, horizon=1, step=1, gap=0, window=None)` with these two methods. Folds as in E18.1; with a `window` training is cut to its last `window` observations (fewer where the past is shorter). A series too short for a fold is refused by a `ValueError` whose text says how many observations came.
#
# **Checked for:** the folds, expanding and sliding, for an array and for a list; a window larger than the past; the scores that `cross_val_score` finds with it for a ridge regression; the refusal.


# %% tags=["stub", "E18.7"]
class RollingSplit:
    """Rolling origin for scikit-learn: expanding, or sliding with a window."""

    def __init__(self, initial, horizon=1, step=1, gap=0, window=None):
        self.initial = initial
        # the others are still missing

    def split(self, X, y=None, groups=None):
        """Yield the pairs of arrays train, test, of row numbers of X."""
        return None  # replace this line

    def get_n_splits(self, X=None, y=None, groups=None):
        """How many pairs there are for X."""
        return None  # replace this line


# %% tags=["solution", "E18.7"]
class RollingSplit:
    """Rolling origin for scikit-learn: expanding, or sliding with a window."""

    def __init__(self, initial, horizon=1, step=1, gap=0, window=None):
        self.initial = initial
        self.horizon = horizon
        self.step = step
        self.gap = gap
        self.window = window

    def split(self, X, y=None, groups=None):
        """Yield the pairs of arrays train, test, of row numbers of X."""
        for o in self._origins(len(X)):
            start = 0 if self.window is None else max(0, o - self.window)
            yield np.arange(start, o), np.arange(o + self.gap, o + self.gap + self.horizon)

    def get_n_splits(self, X=None, y=None, groups=None):
        """How many pairs there are for X."""
        return len(self._origins(len(X)))

    def _origins(self, n):
        due = self.initial + self.gap + self.horizon
        if n < due:
            raise ValueError(f"a fold needs {due} observations, and {n} came")
        return range(self.initial, n - self.gap - self.horizon + 1, self.step)


# %% tags=["check", "E18.7"]
check("E18.7")

# %% tags=["hint", "E18.7"]
# hint("E18.7", 1)

# %% [markdown]
# Move window and gap (a window of 0 is the expanding one). The kit has the same splitter as `course_kit.evaluation.RollingOrigin`, and the cell after the figure compares the two in `cross_val_score`.

# %% tags=["figure", "E18.7"]
plots.slider(
    lambda window, gap: rolling.splitter_bars(RollingSplit, window, gap),
    rolling.splitter_four(RollingSplit),
    window=(0, 12, 1, 4),
    gap=(0, 6, 1, 1),
)

# %% tags=["figure", "E18.7"]
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score

from course_kit.datasets.series import sunspots
from course_kit.evaluation import RollingOrigin

spots = sunspots().values
X_lags = np.lib.stride_tricks.sliding_window_view(spots, 12)[:-1, ::1]  # twelve years, to give the next
y_next = spots[12:]
settings = {"initial": 100, "horizon": 20, "step": 20}
theirs = cross_val_score(
    LinearRegression(), X_lags, y_next, cv=RollingOrigin(**settings), scoring="neg_mean_absolute_error"
)
if RollingSplit(**settings).split(X_lags) is None:
    print("Answer E18.7 first: this cell compares it.")
else:
    mine = cross_val_score(
        LinearRegression(), X_lags, y_next, cv=RollingSplit(**settings), scoring="neg_mean_absolute_error"
    )
    print("MAE of a linear regression on twelve years, one year ahead, fold by fold:", (-mine).round(1))
    print(f"largest difference between your splitter and the kit's: {np.abs(mine - theirs).max():.1e}")

# %% [markdown]
# A longer gap takes folds away from the end and leaves the training parts as they are; a window leaves the folds and takes training data away. What the figure does not show is how the errors move. In the line below it they differ by more than a factor of two from fold to fold, and that is the sun, not the splitter: there are quiet decades and lively ones. A mean over few folds inherits that.
#
# **To think about.** `cross_val_predict` refuses this splitter, and `TimeSeriesSplit` too. Why?

# %% [markdown] tags=["solution", "E18.7"]
# **Answer.** It returns one prediction for every row of X, so each row must be tested exactly once. The rows before the first origin never are, and with a step shorter than the horizon others are tested twice.

# %% [markdown] tags=["slide:D4.49", "slide:D4.50"]
# ## One error for each horizon
#
# ### E18.3 One error per horizon
#
# D4.49, *Cross validation on a rolling basis (2/3)*; D4.50, *Cross validation on a rolling basis (3/3)*. The second line of D4.50 says that different horizons must not be put on a level, and its last that metrics are sometimes computed for each horizon apart. The formula is ours, the slide has none: with $O$ the set of origins,
#
# $$e_{o,h} = |y_{o+h} - \hat y_{o+h|o}|, \qquad \mathrm{MAE}_h = \frac{1}{|O|} \sum_{o \in O} e_{o,h}, \qquad h = 1, \dots, H .$$
#
# $\hat y_{o+h|o}$ is what is forecast from the origin $o$ for $h$ steps ahead. The formula counts observations from 1; in Python's count from 0 the $o$ known ones are `y[:o]`, horizon 1 is `y[o]`, and horizon $h$ is `y[o + h - 1]`.
#
# **Write** `horizon_errors(y, origins, forecasts)`, the matrix $e$ $(|O|, H)$ for a series `y` $(n,)$, a list of origins and forecasts $(|O|, H)$; `mae_by_horizon(errors)`, the $H$ means; and `disjoint_origins(n, first, horizon)`, the list of origins from `first` on, as many as possible, such that no observation is a target of two origins and all targets lie within the series.
#
# **Checked for:** the matrix entry by entry; the means, one for each column; that no target is used twice, and none is beyond the end.


# %% tags=["stub", "E18.3"]
def horizon_errors(y, origins, forecasts):
    """Absolute errors (R, H) of forecasts (R, H) made from R origins for a series y (n,)."""
    return None  # replace this line


def mae_by_horizon(errors):
    """The mean of errors (R, H) for each horizon: (H,)."""
    return None  # replace this line


def disjoint_origins(n, first, horizon):
    """Origins from `first` on without a common target, as a list."""
    return None  # replace this line


# %% tags=["solution", "E18.3"]
def horizon_errors(y, origins, forecasts):
    """Absolute errors (R, H) of forecasts (R, H) made from R origins for a series y (n,)."""
    H = forecasts.shape[1]
    actual = np.array([y[o : o + H] for o in origins])
    return np.abs(actual - forecasts)


def mae_by_horizon(errors):
    """The mean of errors (R, H) for each horizon: (H,)."""
    return errors.mean(axis=0)


def disjoint_origins(n, first, horizon):
    """Origins from `first` on without a common target, as a list."""
    return list(range(first, n - horizon + 1, horizon))


# %% tags=["check", "E18.3"]
check("E18.3")

# %% tags=["hint", "E18.3"]
# hint("E18.3", 1)

# %% [markdown]
# A first real series: the mean number of sunspots of each year from 1700 to 2008, which comes with statsmodels. It rises and falls in cycles of about eleven years. The *seasonal naive* forecast takes the value of eleven years ago, for every horizon.

# %% tags=["figure", "E18.3"]
rolling.by_horizon(horizon_errors, mae_by_horizon)

# %% [markdown]
# The bright rows on the left are the cycles that were larger than the one before them, or came early. On the right the line goes up and down between 16 and 26, but it does not climb: what was eleven years ago is no worse a guess for the eleventh year than for the next. This forecaster does not get tired with the horizon. What the figure does not show is how sure the means are: rows next to each other share targets, so they are not
# independent, and thirty rows are worth fewer than thirty.
#
# **To think about.** Somebody reports "MAE 22 on the next eleven years". What do you need to ask before you compare it with your own number?

# %% [markdown] tags=["solution", "E18.3"]
# **Answer.** Whether it is a mean over horizons 1 to 11 or the error at horizon 11; from which origins; and whether the model was fitted again at each of them. Any of the three can change the number by more than the difference between two models.

# %% [markdown] tags=["slide:D4.50"]
# ### E18.4 Good for a week, bad for a month
#
# D4.50, *Cross validation on a rolling basis (3/3)*: its third line says that a model may forecast well for a week and badly for a month, or the other way round. Here are two that do. *Naive* repeats the last value; the *historical mean* repeats the mean of all values so far,
#
# $$\hat y_{o+h|o} = y_o \qquad \text{and} \qquad \hat y_{o+h|o} = \frac1o \sum_{t \le o} y_t .$$
#
# Take a wave with a period of $P$ days, $y_t = \cos(2\pi t / P)$, whose mean is 0. A difference of cosines is a product of sines, so the error of naive at horizon $h$ is $2\,|\sin(\pi h / P)|$ times the absolute value of another wave of the same height, and the error of the mean is the absolute value of the wave itself. Over all
# phases their means are in the ratio $2\,|\sin(\pi h/P)| : 1$.
#
# **Write** `naive(history, horizon)` and `historical_mean(history, horizon)`, both $(H,)$; `mae_table(y, origins, horizon)`, the $(2, H)$ mean absolute errors of the two at the given origins, naive first; and `flips_at(period)`, the first whole horizon, below half a period, at which the mean is better for a wave of that period (which is no multiple
# of 6). Last a closed question: for $P = 60$, somebody averages the errors over horizons 1 to 30 and takes the forecaster with the smaller number, to use it for *one week* ahead. `chosen_by_one_number` is
#
# - `"a"`: naive is chosen, and that is right for a week,
# - `"b"`: the mean is chosen, and that is wrong for a week,
# - `"c"`: the two numbers are equal.
#
# **Checked for:** both forecasters; the table on random series; that the history ends at the origin; `flips_at` against the wave itself; the letter.


# %% tags=["stub", "E18.4"]
def naive(history, horizon):
    """The last value of history (o,), repeated: (H,)."""
    return None  # replace this line


def historical_mean(history, horizon):
    """The mean of history (o,), repeated: (H,)."""
    return None  # replace this line


def mae_table(y, origins, horizon):
    """Mean absolute errors (2, H) of naive and historical mean over the origins."""
    return None  # replace this line


def flips_at(period):
    """The first horizon at which the mean is better than naive for a wave of this period."""
    return None  # replace this line


chosen_by_one_number = None  # replace this line: "a", "b" or "c"


# %% tags=["solution", "E18.4"]
def naive(history, horizon):
    """The last value of history (o,), repeated: (H,)."""
    return np.full(horizon, history[-1])


def historical_mean(history, horizon):
    """The mean of history (o,), repeated: (H,)."""
    return np.full(horizon, history.mean())


def mae_table(y, origins, horizon):
    """Mean absolute errors (2, H) of naive and historical mean over the origins."""
    rows = []
    for forecast in (naive, historical_mean):
        forecasts = np.array([forecast(y[:o], horizon) for o in origins])
        rows.append(mae_by_horizon(horizon_errors(y, origins, forecasts)))
    return np.array(rows)


def flips_at(period):
    """The first horizon at which the mean is better than naive for a wave of this period."""
    return period // 6 + 1


chosen_by_one_number = "b"


# %% tags=["check", "E18.4"]
check("E18.4")

# %% tags=["hint", "E18.4"]
# hint("E18.4", 1)

# %% tags=["figure", "E18.4"]
rolling.crossing(mae_table, flips_at)

# %% [markdown]
# On the left the error of naive is seven tenths of the mean's at seven days and twice as large at thirty. On the right the same happens to a real series, at the second year already; after nine, when the cycle comes round, naive takes the lead again. Two forecasters that know next to nothing already change places; there is no reason why better ones should not. What the figure does not show is a best forecaster for all horizons: nobody has to choose one. Take naive for the first days and
# the mean for the later ones.
#
# **To think about.** For which series is naive the best forecast at every horizon, and for which the mean?

# %% [markdown] tags=["solution", "E18.4"]
# **Answer.** For a random walk naive, since every later step is as likely up as down (in the sense of a mean or a median; its *error* still grows like $\sqrt h$). For independent noise around a level the mean, already one step ahead: the last value says nothing but the level, and the mean of many says it better. Most series lie between: near to a walk for
# a short time and near to noise for a long one. That is why the curves cross.

# %% [markdown] tags=["slide:D4.50"]
# ## Three leaks
#
# ### E18.5 Scaler leak
#
# D4.50, *Cross validation on a rolling basis (3/3)*. Folds that respect time are of no use if something else has looked ahead. The commonest such thing is the scaler. Networks like inputs around 0 with a deviation near 1, so the first line of many programs subtracts the mean of the *whole* series and divides by its deviation. Both are computed from the future too. Inside the fold they have to be
#
# $$\mu = \frac{1}{|\mathrm{train}|} \sum_{t \in \mathrm{train}} y_t, \qquad \sigma^2 = \frac{1}{|\mathrm{train}|} \sum_{t \in \mathrm{train}} (y_t - \mu)^2, \qquad z_t = \frac{y_t - \mu}{\sigma}$$
#
# for training *and* test, with $\sigma = 1$ where the past is constant.
#
# What is the leak worth? Take the smallest forecaster there is in scaled units: it always says 0. Taken back to units of $y$ this is $\mu$, so its error in the fold is the mean of $|y_t - \mu|$ over the test.
#
# **Write** `fold_scaling(y, train, test)`, which returns the scaled training part, the scaled test part, $\mu$ and $\sigma$; `y` is $(n,)$, `train` and `test` are arrays of indices. And `mean_scores(y, folds)`, which returns two numbers: the error of the forecast 0, in units of $y$, mean over the folds (a list of pairs train, test), first with the scaler of each
# fold, then with one scaler fitted on the whole series.
#
# **Checked for:** the scaled parts and the statistics; a window that does not begin at 0; a constant past; both scores.


# %% tags=["stub", "E18.5"]
def fold_scaling(y, train, test):
    """Scaled y[train], scaled y[test], mean and standard deviation of the training part."""
    return None  # replace this line


def mean_scores(y, folds):
    """MAE of the forecast 0 in scaled units, in units of y: with the scaler in the folds, and with the leak."""
    return None  # replace this line


# %% tags=["solution", "E18.5"]
def fold_scaling(y, train, test):
    """Scaled y[train], scaled y[test], mean and standard deviation of the training part."""
    mean, std = y[train].mean(), y[train].std() or 1.0
    return (y[train] - mean) / std, (y[test] - mean) / std, mean, std


def mean_scores(y, folds):
    """MAE of the forecast 0 in scaled units, in units of y: with the scaler in the folds, and with the leak."""
    clean = [np.abs(y[test] - fold_scaling(y, train, test)[2]).mean() for train, test in folds]
    leaked = [np.abs(y[test] - y.mean()).mean() for _, test in folds]
    return np.mean(clean), np.mean(leaked)


# %% tags=["check", "E18.5"]
check("E18.5")

# %% tags=["hint", "E18.5"]
# hint("E18.5", 1)

# %% [markdown]
# The second real series: carbon dioxide in the air over Mauna Loa, monthly means from 1958 to 2001. It climbs, and breathes once a year.

# %% tags=["figure", "E18.5"]
forecast_leaks.scaler(fold_scaling, mean_scores)

# %% [markdown]
# The leaked forecaster has learned nothing and is far better, because the mean of the whole series tells it where the climb will lead. A network is less helpless than this forecaster, and gains less; but it gains, and what it gains is not there when the model goes to work. What the figure does not show are the disguises. Filling holes by a line to the next value,
# smoothing with a window that is centred, taking a trend off the whole series, choosing the lag with the highest correlation over all years: each of them is fitted, and each belongs into the fold. (The kit's CO2 series has five months filled in such a way, in 1958 and 1964; its first origin in this notebook's comparison is in 1993.)
#
# **To think about.** In scikit-learn, which one-line change turns a leaking scaler into a clean one?

# %% [markdown] tags=["solution", "E18.5"]
# **Answer.** `make_pipeline(StandardScaler(), model)` handed to `cross_val_score` as one estimator, instead of `StandardScaler().fit_transform(X)` before it. The pipeline is fitted anew in each fold, and its scaler with it.

# %% [markdown] tags=["slide:D4.50"]
# ### E18.8 Windows that reach over the border
#
# D4.50, *Cross validation on a rolling basis (3/3)*. A network that forecasts $H$ steps at once learns from a table: row $r$ has a window of $w$ inputs and the $H$ targets after it,
#
# $$X_r = (y_r, \dots, y_{r+w-1}), \qquad Y_r = (y_{r+w}, \dots, y_{r+w+H-1}), \qquad r = 0, \dots, n - w - H .$$
#
# Cross-validation then deals with *rows*. Row $r$ is used at the moment when $y_{r+w-1}$ is the newest value. Train on the rows before $r$, and it looks as if time were respected; but the targets of row $r - 1$ reach up to $y_{r+w+H-2}$, and all of them but the first are values that row $r$ is asked for.
#
# **Write** `table_of_windows(y, window, horizon)`, which returns $X$ $(N, w)$ and $Y$ $(N, H)$; `leaking_rows(train, test, window, horizon)`, the sorted list of those row numbers in `train` that hold a value which is not yet known when the *first* row of `test` is used; and `needed_gap(window, horizon)`, the smallest number of rows to be left out between training and test so
# that no row leaks.
#
# **Checked for:** the table; the list of rows; the gap, for several windows and horizons.


# %% tags=["stub", "E18.8"]
def table_of_windows(y, window, horizon):
    """X (N, window) and Y (N, horizon) of all windows of y (n,)."""
    return None  # replace this line


def leaking_rows(train, test, window, horizon):
    """The row numbers in `train` that hold a value not known yet when the first row of `test` is used."""
    return None  # replace this line


def needed_gap(window, horizon):
    """How many rows must be left out between training and test."""
    return None  # replace this line


# %% tags=["solution", "E18.8"]
def table_of_windows(y, window, horizon):
    """X (N, window) and Y (N, horizon) of all windows of y (n,)."""
    rows = np.array([y[r : r + window + horizon] for r in range(len(y) - window - horizon + 1)])
    return rows[:, :window], rows[:, window:]


def leaking_rows(train, test, window, horizon):
    """The row numbers in `train` that hold a value not known yet when the first row of `test` is used."""
    newest = min(test) + window - 1
    return sorted(int(t) for t in train if t + window + horizon - 1 > newest)


def needed_gap(window, horizon):
    """How many rows must be left out between training and test."""
    return horizon - 1


# %% tags=["check", "E18.8"]
check("E18.8")

# %% tags=["hint", "E18.8"]
# hint("E18.8", 1)

# %% tags=["figure", "E18.8"]
forecast_leaks.border(table_of_windows, needed_gap, leaking_rows)

# %% [markdown]
# Row 16 stands at the black line and knows what is to the left of it. The hatched targets of the rows just above reach over it. Their *inputs* overlap with those of row 16 as well, and that is no leak: these values are known.
#
# How much can it matter? The next figure asks a method that looks for the training window nearest to the test's and adds the changes that came after it, on random walks, where nothing at all can be foreseen. Move window and gap.

# %% tags=["figure", "E18.8"]
plots.slider(
    lambda window, gap: forecast_leaks.gap_curve(table_of_windows, window, gap),
    forecast_leaks.gap_curves(table_of_windows),
    window=(3, 24, 3, 12),
    gap=(0, 12, 1, 0),
)

# %% [markdown]
# Without a gap the method foresees a coin. It finds the neighbouring row, whose window is nearly the same and whose targets are nearly the answer. With every row of the gap it has to look one step further away, and from $H - 1$ on all curves lie on one another: that is what the walk allows. A network is not a nearest neighbour, but one large enough to learn its training rows by heart is not far from it. What the figure does not show is
# what a gap costs where there is no leak: $H - 1$ rows, of several hundred.
#
# **To think about.** The functions of E18.3 and E18.4 cut the *series* at the origin and not a table. Do they need a gap?

# %% [markdown] tags=["solution", "E18.8"]
# **Answer.** No. A forecaster that gets `y[:o]` makes its windows from it, and the last of them ends, targets included, at $y_{o-1}$. The gap is then there without being named: the window that begins $w$ values before the origin has no targets yet and is not in the table. To cut first and make windows afterwards is the safe order.

# %% [markdown] tags=["slide:D4.50"]
# ### E18.9 Chosen on the test
#
# D4.50, *Cross validation on a rolling basis (3/3)*. The last leak needs no wrong line in any program. Somebody tries many models (layers, units, window lengths) from the same origins, reports the smallest error of all, and calls it the error to expect. Let $E$ $(M, R)$ be the errors of $M$ models at $R$ origins, in the order of time. An honest choice for origin $k$ looks at the origins before it,
#
# $$m_k = \operatorname{argmin}_m \frac1k \sum_{j < k} E_{m,j}, \qquad \mathrm{score} = \frac{1}{R-1} \sum_{k=1}^{R-1} E_{m_k,\,k},$$
#
# and the flattering one takes the model that turned out best on the very origins $1, \dots, R-1$ that are reported.
#
# **Write** `chosen_before(E)`, which returns the choices $m_1, \dots, m_{R-1}$ as an array of whole numbers and the score; and `chosen_after(E)`, which returns the number of the one model that is best on average over the origins $1, \dots, R-1$, and that average. Of equally good models the first is taken.
#
# **Checked for:** choices and score; the same origins in both; a single model.


# %% tags=["stub", "E18.9"]
def chosen_before(E):
    """The choices (R - 1,) by the origins before each of 1 ... R - 1, and the mean error of what was chosen."""
    return None  # replace this line


def chosen_after(E):
    """The model with the smallest mean over the origins 1 ... R - 1, and this mean."""
    return None  # replace this line


# %% tags=["solution", "E18.9"]
def chosen_before(E):
    """The choices (R - 1,) by the origins before each of 1 ... R - 1, and the mean error of what was chosen."""
    R = E.shape[1]
    choices = np.array([E[:, :k].mean(axis=1).argmin() for k in range(1, R)])
    return choices, E[choices, np.arange(1, R)].mean()


def chosen_after(E):
    """The model with the smallest mean over the origins 1 ... R - 1, and this mean."""
    means = E[:, 1:].mean(axis=1)
    return int(means.argmin()), means.min()


# %% tags=["check", "E18.9"]
check("E18.9")

# %% tags=["hint", "E18.9"]
# hint("E18.9", 1)

# %% [markdown]
# In the figure all models are worth the same: their errors are drawn from one distribution. Nothing can be gained by choosing.

# %% tags=["figure", "E18.9"]
forecast_leaks.optimism(chosen_before, chosen_after)

# %% [markdown]
# The solid line knows it, the dashed one does not: from 64 worthless candidates and twelve origins it reports little more than half of the true error. What the figure does not show is a case in which the models do differ. There both lines fall, and the distance between them is what the report has to leave out. The remedy is the one of notebook 21 for thresholds: choose on one part, report on another; with time, the earlier part
# and the later.
#
# **To think about.** `GridSearchCV(model, grid, cv=RollingSplit(...))` reports `best_score_`. Which of the two lines is that?

# %% [markdown] tags=["solution", "E18.9"]
# **Answer.** The dashed one. The folds respect time, but the best of the grid was chosen by the same folds that the score is a mean over. Score it on origins later than all of these, or put the whole search, as one estimator, into an outer `cross_val_score` with a rolling origin of its own.

# %% [markdown] tags=["slide:D4.50"]
# ## A network in the loop
#
# ### E18.6 RNN in the loop
#
# D4.50, *Cross validation on a rolling basis (3/3)*. Now all of it at once, with a gated recurrent unit (GRU, notebook 11): at each origin a scaler, a table of windows, a new network, its training, and a forecast that is taken back to units of the series. `small_gru`, below, is given: a GRU that reads a window and a dense layer that gives all horizons up to the largest at once, with seeds for its initial weights.
#
# **Write** `rolling_gru(y, origins, horizons, window, seed, epochs)`. For origin number $k$ (from 0) use the past `y[:origins[k]]` and nothing else: scale it, make its table with `table_of_windows` for the largest horizon, build `small_gru(window, max(horizons), seed + k)`, train it with `model.fit(X[..., np.newaxis], Y, epochs=epochs, shuffle=False, verbose=0)`, forecast from the last `window`
# values, and scale back. Return a dictionary with
#
# - `"forecasts"`: array (origins, horizons), the columns of the horizons that were asked for,
# - `"naive"`: array of the same shape, the last known value; no forecast is worth reporting without it,
# - `"seeds"`: the list of seeds that were used, one for each origin.
#
# **Checked for:** shapes and finite numbers, the naive forecast, the seeds; that no forecast changes when later values do; that a series in other units gives forecasts in these units; that the network is trained. How good the forecasts are is shown and not graded: it depends on the seed.


# %%
def small_gru(window, outputs, seed):
    """A GRU of 8 units on windows (N, window, 1), and a dense layer to (N, outputs); compiled."""
    import keras

    model = keras.Sequential(
        [
            keras.Input((window, 1)),
            keras.layers.GRU(
                8,
                kernel_initializer=keras.initializers.GlorotUniform(seed),
                recurrent_initializer=keras.initializers.Orthogonal(seed=seed),
                unroll=True,
            ),
            keras.layers.Dense(outputs, kernel_initializer=keras.initializers.GlorotUniform(seed + 1)),
        ]
    )
    # A short window is computed sooner than a graph of it is made.
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mae", run_eagerly=window < 10)
    return model


# %% tags=["stub", "E18.6"]
def rolling_gru(y, origins, horizons, window, seed, epochs):
    """Forecasts of a GRU and naive ones, (origins, horizons) each, and the seeds: a dictionary."""
    return None  # replace this line


# %% tags=["solution", "E18.6"]
def rolling_gru(y, origins, horizons, window, seed, epochs):
    """Forecasts of a GRU and naive ones, (origins, horizons) each, and the seeds: a dictionary."""
    columns = np.array(horizons) - 1
    forecasts, last, seeds = [], [], []
    for k, o in enumerate(origins):
        past = y[:o]
        mean, std = past.mean(), past.std() or 1.0
        z = (past - mean) / std
        X, Y = table_of_windows(z, window, max(horizons))
        model = small_gru(window, max(horizons), seed + k)
        model.fit(X[..., np.newaxis], Y, epochs=epochs, shuffle=False, verbose=0)
        ahead = np.asarray(model(z[np.newaxis, -window:, np.newaxis]), dtype=float)[0]
        forecasts.append(mean + std * ahead[columns])
        last.append(np.full(len(horizons), past[-1]))
        seeds.append(seed + k)
    return {"forecasts": np.array(forecasts), "naive": np.array(last), "seeds": seeds}


# %% tags=["check", "E18.6"]
check("E18.6")

# %% tags=["hint", "E18.6"]
# hint("E18.6", 1)

# %% [markdown]
# Three origins and three horizons on the sunspots, with windows of 22 years, 40 epochs, seed 18.

# %% tags=["figure", "E18.6"]
forecast_plots.beside_naive(rolling_gru)

# %% [markdown]
# Right answers draw dots that follow the cycle at least in its direction; dots that lie on one level for every horizon are a network that was not trained, and dots near 0 one that was not scaled back. What the figure does not show is chance. Another seed moves each dot, three origins are three moments in the life of the sun, and "the GRU has beaten naive" is a sentence that
# nine numbers cannot carry. For that more origins, more seeds and better opponents are needed.
#
# **To think about.** Naive is a weak opponent on sunspots, as E18.4 showed. Which would be a fair one, without any training?

# %% [markdown] tags=["solution", "E18.6"]
# **Answer.** At least the seasonal naive forecast of E18.3, and at long horizons the historical mean. A table in which the network beats naive, and no other method stands, shows little more than that the series is no random walk.

# %% [markdown]
# ## The whole comparison
#
# The same on both series, from twelve origins (sunspots) and eight (CO2), with all horizons up to 11 years and 24 months, and with opponents: naive, seasonal naive, exponential smoothing with a season (ETS) and seasonal ARIMA (SARIMAX), the last two of statsmodels; then an LSTM, a GRU and the kit's echo state network (notebook 16), three seeds each. All were fitted anew at every origin from what was known
# there. The nets chose among three settings (window, units or ridge) on three earlier origins whose targets all lie before the first test origin, as in E18.9. ETS and SARIMAX are as textbooks have them for such series, and were not searched for.
#
# That is too much for a notebook, so the forecasts are in `data/forecasts.json`; `python -m course_kit.models.forecasting` makes them again, in minutes, and goes on where it was stopped. The cell below only takes the means.

# %% tags=["figure"]
from course_kit.datasets import forecasts as shipped

found = shipped.forecasts()
for name, result in found.items():
    print(
        f"{name}: MAE over {len(result['origins'])} origins; with a net the mean of three seeds, and from least to largest"
    )
    print(f"{'':16s}" + "".join(f"{'h = ' + str(h):>22s}" for h in result["shown"]))
    for method in result["methods"]:
        mae = shipped.errors(result, method).mean(axis=1)  # (seeds, H)
        print(f"{method:16s}" + "".join(f"{shipped.spread(mae[:, h - 1]):>22s}" for h in result["shown"]))
    for method, kept in result["methods"].items():
        if "settings" in kept:
            told = "; ".join(f"{s}: {e:.2f}" for s, e in zip(kept["settings"], kept["mae_before"], strict=True))
            print(f"  {method} chose number {kept['chosen']} of {told}")
    print()

# %% tags=["figure"]
forecast_plots.comparison(found)

# %% [markdown]
# The sunspots first. For the next year or two the GRU (16.5 and 18.0) and the echo state network (16.9 and 18.7) have the smallest numbers, but SARIMAX, here a linear model with nine lags, stands just behind (17.1 and 18.8), and the difference to the GRU at one year is $0.6 \pm 1.8$ (standard error over the twelve origins): nothing. From five years on SARIMAX is ahead of the GRU, by
# about three with a standard error of about three. Over all horizons the order is SARIMAX 21.9, echo state 22.1, GRU 22.5, LSTM 23.8, and the four cannot be told apart. At eleven years nobody beats the last value (23.5), which by then is the value one cycle ago. ETS, for which a cycle has eleven years, no more and no less, is worse than the seasonal naive forecast from two to seven years and over all (30.4 against 25.5).
#
# On CO2 the classical methods win where it is close to now: 0.20 (SARIMAX) and 0.25 ppm (ETS) at one month, 0.26 and 0.21 at three, against 0.27 and 0.37 of the GRU. After that it stays within two standard errors of SARIMAX, sometimes on this side and mostly on the other. Over all horizons: SARIMAX 0.70, ETS 0.72, GRU 0.74, echo state 0.83, LSTM 1.00. The LSTM's band is the lesson about seeds: its three end between 0.79 and 1.34, and whoever had trained one could have reported either. All of them are far better
# than the two naive forecasts (2.30 and 2.60), since these know nothing of the climb.
#
# Nearly all of the time of the run went into the LSTM and the GRU; the command prints the seconds of a fit. So on two series with a few hundred values each nothing here speaks for an LSTM or a GRU, and the echo state network is at least cheap. Nothing speaks against them where there are
# thousands of series, or inputs besides the series itself. What the figure does not show is how wide the origins scatter around each mean; the twelve and eight origins also overlap in their training data, so the standard errors above are too small rather than too large.

# %% tags=["figure"]
progress()
