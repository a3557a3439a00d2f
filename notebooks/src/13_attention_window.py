# %% [markdown]
# # 13 The attention window
#
# After this notebook you can
#
# - write the weighted moving average that a slide calls an attention module, its ends included,
# - turn it into attention proper, with weights that look at content, and get what Keras gets,
# - tell a filter from attention by two tests, and say which of them content weights fail,
# - move and sharpen an address as a neural Turing machine does, and say where the slide's formula is in it.
#
# Slides: D1.25, D1.26. Time: about 80 minutes. Before it: notebook 02; notebook 08 helps with the purpose. NumPy is enough but for three comparisons
# with Keras.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import attention as attention_plots
from course_kit.plots import slider, windows

# %% [markdown]
# ## One state is not enough
#
# A recurrent network hands its state $h_k$ on to whatever reads it, one state for each step. But $h_k$ is what the network has made of the steps up to $k$, and the latest ones
# weigh most; what was said three steps before may be there only faintly, and what comes next is not there at all. The plainest remedy is to give the reader not one
# state but a mean of several, those of the neighbourhood.
#
# A mean needs weights. Here are five states of one unit and three ways to look at the third of them.

# %%
h = np.array([1.0, 2.0, 6.0, 3.0, -2.0])
for name, a in (
    ("itself alone", [0, 0, 1, 0, 0]),
    ("five equal weights", [0.2] * 5),
    ("nearer is more", [0.1, 0.2, 0.4, 0.2, 0.1]),
):
    terms = " + ".join(f"{weight:.1f} * {value:g}" for weight, value in zip(a, h, strict=True))
    print(f"{name:20s} o = {terms} = {np.dot(a, h):.2f}")

# %% [markdown]
# The third line is the model of this notebook: weights that add up to 1, one for each place in a window. From it two roads lead on. If the weights may depend on *what stands* in the
# window, it becomes attention, the module of 2014 that has since replaced recurrence in many programs. If the weights themselves are *moved about*, it becomes the address of a memory,
# and that is the neural Turing machine. Slide D1.25 has the formula, and D1.26 names the second road.

# %% [markdown] tags=["slide:D1.25"]
# ## A window with fixed weights
#
# ### E13.1 Weighted moving average
#
# D1.25, *Рекуррентные сети XII (1/2) — Attention* (Recurrent networks XII, build 1: attention module). The slide has the formula
#
# $$\mathbf o_k = \sum_{i=0}^{2n} a_i\, \mathbf h_{k+(i-n)}, \qquad \sum_i a_i = 1,$$
#
# and the reason: a weighted moving average gives the state of the cell its surroundings as a context.
#
# | here | D1.25 | shape |
# | --- | --- | --- |
# | states $h$ | $\mathbf h_k$ | $(N, T, m)$: examples, steps, features |
# | weights $a$ | $a_i$ | $(2n + 1,)$ |
# | means $o$ | $\mathbf o_k$ | $(N, T, m)$ |
# | half-width $n$ | $n$ | a number; *not* the number of units, which $n$ is on the other slides of D1 |
#
# Read the index with care. $a_0$ belongs to step $k - n$, the earliest in the window, $a_n$ to step $k$ itself and $a_{2n}$ to the latest. All features of a step get the same
# weight.
#
# What the slide does not say is what happens at the ends, where $k + (i - n)$ is no step of the sequence. There are half a dozen customs, such as adding zeros or repeating the last step. The condition $\sum_i a_i = 1$ decides
# between them: it says that $o_k$ is a mean. So we leave such steps out and divide by the sum of the weights that remain,
#
# $$o_k = \frac{\sum_{i \in S_k} a_i\, h_{k+i-n}}{\sum_{i \in S_k} a_i}, \qquad S_k = \{\, i : 0 \le k + i - n < T \,\},$$
#
# and a constant stays what it is, to both ends.
#
# **Write** `window_average(h, a)` for `h` $(N, T, m)$ and positive weights `a` $(2n + 1,)$; it returns `o` $(N, T, m)$. If the weights do not add up to 1 (allow for rounding, $10^{-6}$), raise a `ValueError`. **Checked for:** values,
# with the ends; `numpy.convolve` away from the ends; a constant; a window wider than the sequence; weights that do not add up to 1.


# %% tags=["stub", "E13.1"]
def window_average(h, a):
    """Means over a window of 2n + 1 steps, with the same weights at each step.

    h (N, T, m), a (2n + 1,) positive with the sum 1; returns o (N, T, m). Raises ValueError for another sum.
    """
    return None  # replace this line


# %% tags=["solution", "E13.1"]
def window_average(h, a):
    """Means over a window of 2n + 1 steps, with the same weights at each step.

    h (N, T, m), a (2n + 1,) positive with the sum 1; returns o (N, T, m). Raises ValueError for another sum.
    """
    if abs(np.sum(a) - 1) > 1e-6:
        raise ValueError(f"the weights must add up to 1. Got {np.sum(a):g}.")
    T, n = h.shape[1], len(a) // 2
    o = np.zeros(h.shape)
    for k in range(T):
        seen = [i for i in range(2 * n + 1) if 0 <= k + i - n < T]
        o[:, k] = sum(a[i] * h[:, k + i - n] for i in seen) / sum(a[i] for i in seen)
    return o


# %% tags=["check", "E13.1"]
check("E13.1")

# %% tags=["hint", "E13.1"]
# hint("E13.1", 1)

# %% tags=["figure", "E13.1"]
windows.window(window_average)

# %% [markdown]
# Look at the left panel twice. There is one impulse, at step 6, and the first answer to it comes at step 4, *before* it: a window that looks ahead sees it coming. And the weights appear in reverse, the largest first. The formula
# with $h_{k+i-n}$ is a correlation; a convolution, which is what signal processing calls a filter and `numpy.convolve` computes, has $h_{k-i+n}$. The two differ by turning $a$ round, and nothing else. The right panel shows the ends:
# the constant is level. The ramp comes out too early all along, since these weights lean to the later steps, and it bends where the window is cut off on one side.
#
# How wide should the window be? Move the slider. The series is made up: a slow wave of 120 steps, a fast one of 12, a jump of 2 in the middle, and noise.

# %% tags=["figure", "E13.1"]
slider(
    lambda n: windows.smoothing(window_average, n),
    windows.smoothing_still(window_average),
    n=(0, 40, 1, 6),
)

# %% [markdown]
# With $n = 1$ much of the noise is still there. With $n = 6$ it is nearly gone, and the fast wave with it: the window of 13 steps holds just about one period of the wave of 12, and the mean over a period is 0. With $n = 20$
# the jump has become a slope of 41 steps. The right panel says the same for all waves at once. A moving average lets long waves pass and stops short ones, and no choice of width removes noise without removing
# what is as short as noise. The figure does not show any other shape of window; with weights that fall off gently the dips of the curve fill up.
#
# Keras has no layer of this name. The kit's `LocalAttention` is one, and `Conv1D` can be made one, since a convolution layer of Keras is in truth a correlation. It adds zeros at the ends, however, so it agrees
# in between only.

# %% tags=["figure", "E13.1"]
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras
from keras import ops

from course_kit.layers import LocalAttention

rng = np.random.default_rng(25)
h, a = rng.normal(size=(2, 12, 3)), np.array([0.05, 0.1, 0.2, 0.25, 0.4])
mine = window_average(h, a)
layer = LocalAttention(5, a, dtype="float64")
convolution = keras.layers.DepthwiseConv1D(5, padding="same", use_bias=False, dtype="float64")
convolution.build(h.shape)
convolution.set_weights([np.repeat(a[:, None, None], 3, axis=1)])
if mine is None:
    print("Answer E13.1 first: this cell compares it with Keras.")
else:
    apart = np.abs(mine - ops.convert_to_numpy(convolution(h))).max(axis=(0, 2))
    print(f"largest difference to LocalAttention(5, a):  {np.abs(mine - ops.convert_to_numpy(layer(h))).max():.1e}")
    print(f"to DepthwiseConv1D, away from the ends:      {apart[2:-2].max():.1e}")
    print(f"to DepthwiseConv1D, at the ends:             {apart.max():.1e}")

# %% [markdown]
# **To think about.** The window reads $h_{k+1}, \dots, h_{k+n}$. When is that not allowed, and what is left of the formula then?

# %% [markdown] tags=["solution", "E13.1"]
# **Answer.** Whenever $o_k$ is needed at step $k$: in a forecast, in live captions, in a model that predicts the next character. Then the window must end at $k$: $o_k = \sum_{i} a_i h_{k+i-n}$ over $i \le n$ only, with weights that add up to 1 there.
# `LocalAttention(w, a, causal=True)` is that form. D1.25 does not say for which tasks its module is meant; notebook 12 asks the same question of networks that read from both ends.

# %% [markdown] tags=["slide:D1.25"]
# ## Weights that look
#
# ### E13.2 Weights that look at content
#
# D1.25, *Рекуррентные сети XII (1/2) — Attention* (Recurrent networks XII, build 1: attention module).
#
# The slide before, D1.24, cites arXiv 1409.0473, the paper in which attention first appeared. What that paper calls attention is not the formula of D1.25 as printed. There the weights carry *two* indices: how much step $k$ takes of step $j$ is computed anew for
# each $k$, from what stands in both places. One adds an index to $a$ and says where it comes from, and the moving average becomes attention:
#
# $$o_k = \sum_{j=k-n}^{k+n} A_{kj}\, h_j, \qquad A_{kj} = \frac{e^{s_{kj}}}{\sum_{l=k-n}^{k+n} e^{s_{kl}}}, \qquad s_{kj} = \frac{h_k \cdot h_j}{\sqrt m}.$$
#
# The score $s_{kj}$ is large where two states point the same way. The exponential makes it positive, and the sum below the line makes each row of $A$ add up to 1, so the slide's condition holds in each row. The paper computed its scores with a small
# network; the dot product is the simplest choice, and the one that is common today. The root of $m$ keeps it from growing with the width of the states.
#
# With matrices it is three lines. $h$ is $(N, T, m)$, all scores at once are $(N, T, T)$, and the window is a mask $(T, T)$: True where $|j - k| \le n$. Where the mask is False the score is set to $-\infty$, of which the exponential is 0.
#
# **Write** `window_mask(T, n)`, which returns the mask as a $(T, T)$ array of True and False, and `content_attention(h, n)`, which returns `o, A` of the shapes $(N, T, m)$ and $(N, T, T)$. At the ends a window simply has fewer members. **Checked for:** the mask; values; states of the order of 100, whose scores overflow the
# exponential; windows of one step and of all.


# %% tags=["stub", "E13.2"]
def window_mask(T, n):
    """True where step k (row) sees step j (column), that is where |j - k| <= n: (T, T)."""
    return None  # replace this line


def content_attention(h, n):
    """Means over a window of 2n + 1 steps with weights from the content.

    h (N, T, m); returns o (N, T, m) and the weights A (N, T, T), whose rows add up to 1.
    """
    return None  # replace this line


# %% tags=["solution", "E13.2"]
def window_mask(T, n):
    """True where step k (row) sees step j (column), that is where |j - k| <= n: (T, T)."""
    k = np.arange(T)
    return np.abs(k[:, None] - k[None, :]) <= n


def content_attention(h, n):
    """Means over a window of 2n + 1 steps with weights from the content.

    h (N, T, m); returns o (N, T, m) and the weights A (N, T, T), whose rows add up to 1.
    """
    scores = h @ h.swapaxes(1, 2) / np.sqrt(h.shape[2])
    scores = np.where(window_mask(h.shape[1], n), scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = e / e.sum(axis=-1, keepdims=True)
    return A @ h, A


# %% tags=["check", "E13.2"]
check("E13.2")

# %% tags=["hint", "E13.2"]
# hint("E13.2", 1)

# %% [markdown]
# The words of a sentence stand for states in the next figure. Each different word has a random vector of 16 numbers, so that equal words have equal vectors and different ones have little to do with each other.

# %% tags=["figure", "E13.2"]
words = ["the", "cat", "sat", "and", "the", "dog", "sat", "and", "the", "bird", "sang"]
rng = np.random.default_rng(4)
vectors = {word: rng.normal(size=16) for word in sorted(set(words))}
states = np.array([[vectors[word] for word in words]])

attention_plots.heat_maps(window_average, content_attention, states, words, 4)

# %% [markdown]
# On the left each row is, away from the ends, the row above it moved on by one: one stripe for each $a_i$, whatever the words are. On the right the rows have nothing in common. Each word looks most at itself, and where the same word stands again within four steps, it
# looks there just as much: follow "the" from corner to corner, and "sat" and "and" beside it. What the figure does not show is where useful vectors come from. Here they are random and know nothing of cats. In a network, $h_k$ is
# learned, and the scores usually get matrices of their own for the one that looks and the one that is looked at.
#
# Now Keras. `keras.layers.Attention` computes the same softmax without a window and without the root, and it takes one mask for all steps of a sequence, where we need one for each. So each step asks by itself: the batch has $N T$ members with one query
# each, and the mask of each is a row of yours.

# %% tags=["figure", "E13.2"]
h, n = np.random.default_rng(26).normal(size=(2, 7, 4)), 2
N, T, m = h.shape
mine, mask = content_attention(h, n), window_mask(T, n)
if mine is None or mask is None:
    print("Answer E13.2 first: this cell compares it with Keras.")
else:
    queries = h.reshape(N * T, 1, m) / np.sqrt(m)
    values = np.repeat(h, T, axis=0)
    masks = [np.ones((N * T, 1), dtype=bool), np.tile(mask, (N, 1))]
    theirs, scores = keras.layers.Attention(dtype="float64")(
        [queries, values], mask=masks, return_attention_scores=True
    )
    print(f"o, to keras.layers.Attention:        {np.abs(mine[0].reshape(N * T, 1, m) - theirs).max():.1e}")
    print(f"A, to keras.layers.Attention:        {np.abs(mine[1].reshape(N * T, 1, T) - scores).max():.1e}")
    print(
        f"o, to LocalAttention(5, 'content'):  {np.abs(mine[0] - LocalAttention(5, 'content', dtype='float64')(h)).max():.1e}"
    )
    print(
        f"rows of A add up to                  {mine[1].sum(axis=-1).min():.15f} ... {mine[1].sum(axis=-1).max():.15f}"
    )

# %% [markdown]
# **To think about.** Without the window, $n = T$, and with the steps of the sequence dealt in another order: what happens to the set of all $o_k$? What does that say about the place of a word in attention?

# %% [markdown] tags=["solution", "E13.2"]
# **Answer.** They come out in the same new order and are otherwise the same: $A_{kj}$ depends on the two states, not on $k$ and $j$. Attention over everything does not know where anything stands. Whoever does without recurrence has to write the place into the states; here the
# window still knows near from far, and the recurrent network below it has put the order into $h$.

# %% [markdown] tags=["slide:D1.25"]
# ## Is the slide's module attention?
#
# ### E13.3 Filter or attention?
#
# D1.25, *Рекуррентные сети XII (1/2) — Attention* (Recurrent networks XII, build 1: attention module).
#
# As printed, $a_i$ has one index. It depends neither on $k$ nor on $h$, and then, whatever it is called, the module is a *linear time-invariant filter*. That is no matter of taste. Such a filter is defined by two properties of a system $S$, which takes a sequence and returns one:
#
# $$S(a\,x + b\,y) = a\,S(x) + b\,S(y) \qquad\text{(superposition)},$$
# $$S(x\ \text{shifted by}\ s) = S(x)\ \text{shifted by}\ s \qquad\text{(invariance)}.$$
#
# Both can be tested on numbers. The second is tested away from the ends, where a shifted sequence has other neighbours: `np.roll` shifts in a circle, so the first $s$ steps of the shifted sequence come from its end, and a window of half-width up to `margin` sees
# that from `margin` steps further on. Steps $s + \text{margin}$ to $T - \text{margin} - 1$ are safe.
#
# **Write** three things.
#
# 1. `superposition_error(system, x, y, a, b)`: the largest absolute difference of the two sides of the first line, for sequences `x`, `y` $(N, T, m)$ and numbers `a`, `b`.
# 2. `shift_error(system, x, s, margin)`: the largest absolute difference of the two sides of the second line, for a shift by `s` steps with `np.roll` along the time, on the safe steps only.
# 3. `verdict`: which tests do the four systems in the cell below pass? For each name `"both"`, `"superposition"` (this one alone), `"shift"` (this one alone) or `"neither"`.
#
# **Checked for:** your two tests, on four other systems of ours; the four verdicts.

# %%
rng = np.random.default_rng(27)
T_tests, a_fixed = 24, np.array([0.05, 0.1, 0.2, 0.25, 0.4])
other_states = rng.normal(size=(2, T_tests, 3))  # another sequence, to compute weights from once and for all


def by_position(x):
    """A window whose weights differ from step to step and do not look at x: a matrix (T, T)."""
    weights = np.random.default_rng(28).uniform(size=(T_tests, T_tests)) * window_mask(T_tests, 2)
    return weights / weights.sum(axis=1, keepdims=True) @ x


systems = {
    "fixed": lambda x: window_average(x, a_fixed),
    "content": lambda x: content_attention(x, 2)[0],
    "position": by_position,
    "frozen": lambda x: content_attention(other_states, 2)[1] @ x,
}


# %% tags=["stub", "E13.3"]
def superposition_error(system, x, y, a, b):
    """Largest difference between system(a x + b y) and a system(x) + b system(y); x, y (N, T, m)."""
    return None  # replace this line


def shift_error(system, x, s, margin):
    """Largest difference between system(x shifted) and system(x) shifted, on the steps s + margin to T - margin - 1."""
    return None  # replace this line


verdict = None  # replace this line: {"fixed": "...", "content": "...", "position": "...", "frozen": "..."}


# %% tags=["solution", "E13.3"]
def superposition_error(system, x, y, a, b):
    """Largest difference between system(a x + b y) and a system(x) + b system(y); x, y (N, T, m)."""
    return np.abs(system(a * x + b * y) - (a * system(x) + b * system(y))).max()


def shift_error(system, x, s, margin):
    """Largest difference between system(x shifted) and system(x) shifted, on the steps s + margin to T - margin - 1."""
    difference = system(np.roll(x, s, axis=1)) - np.roll(system(x), s, axis=1)
    return np.abs(difference[:, s + margin : x.shape[1] - margin]).max()


verdict = {"fixed": "both", "content": "shift", "position": "superposition", "frozen": "superposition"}

# %% tags=["check", "E13.3"]
check("E13.3")

# %% tags=["hint", "E13.3"]
# hint("E13.3", 1)

# %% tags=["figure", "E13.3"]
found = {}
if window_average(other_states, a_fixed) is not None and content_attention(other_states, 2) is not None:
    x, y = np.random.default_rng(29).normal(size=(2, 2, T_tests, 3))
    for name, system in systems.items():
        found[name] = superposition_error(system, x, y, 1.7, -0.6), shift_error(system, x, 3, 2)

attention_plots.errors(found or {"fixed": (None, None)})

# %% [markdown]
# Only the fixed window passes both tests. So the formula of D1.25 as printed, with an $a_i$ that does not depend on $k$, is a filter, and everything that is known about filters holds for it; the curves of E13.1 describe it completely. That is the slip of this slide: the word *attention* belongs to the second row.
#
# That row is worth a second look. Content weights fail *superposition* only. They pass the shift test: move the whole text by three words, and each word looks at the same words as before. What makes it attention is not that the weights change with $k$, which they do in the third row as
# well. It is that they come from the data. The last row makes the point: the same matrix $A$, computed once from another sequence and then kept, is linear again. The figure does not show that one or the other is better at anything.
#
# **To think about.** What does content attention make of $2h$, and of $0.001\,h$? Compare with the filter.

# %% [markdown] tags=["solution", "E13.3"]
# **Answer.** The filter makes $2o$ and $0.001\,o$ of them. With content weights all scores are multiplied by 4: the largest of each row gains, and for larger and larger $h$ each step takes the one best match alone. For $0.001\,h$ all scores are next to 0, all weights are equal, and what is left is a moving average with
# $a_i = 1/(2n+1)$. The fixed window with equal weights is the limit of attention for small states.

# %% [markdown] tags=["slide:D1.26"]
# ## The other road
#
# ### E13.4 Towards the Neural Turing Machine
#
# D1.26, *Рекуррентные сети XII (2/2)* (Recurrent networks XII, build 2: link to neural Turing machines). It repeats the formula,
#
# $$\mathbf o_k = \sum_{i=0}^{2n} a_i\, \mathbf h_{k+(i-n)}, \qquad \sum_i a_i = 1,$$
#
# and adds one sentence: there is a direct link to the neural Turing machine. Which link?
#
# A neural Turing machine is a recurrent network with a memory of $R$ rows. It reads by an *address* $w$ $(R,)$ of weights that add up to 1, as the mean of the rows under them, so an address is what a row of $A$ was in E13.2. Part of it comes from content, by a softmax of scores. The other
# part is new: the network may take the address of the step before and *move* it, one row on or one row back, like the head of a tape. To be trainable by gradients, the move itself is a mean. With shares $s$ $(2n + 1,)$ for the moves $-n, \dots, n$, which add up to 1 (in the letters of
# the paper; it is not on the slide),
#
# $$\tilde w(i) = \sum_{j=0}^{R-1} w(j)\, s(i - j),$$
#
# all indices modulo $R$. In an array, `s[n + d]` is the share that goes `d` rows on. Here is the link: this is the slide's sum, run in a circle, over weights in place of states.
#
# A move by shares blurs: of an address that stood on one row, four fifths go on and one fifth lags behind, and each move spreads it further. So the machine *sharpens* after each move, with a power $\gamma \ge 1$:
#
# $$w(i) = \frac{\tilde w(i)^\gamma}{\sum_j \tilde w(j)^\gamma}.$$
#
# **Write** three things.
#
# 1. `shift_address(w, s)` for addresses `w` $(N, R)$ and one kernel `s` $(2n + 1,)$; returns $(N, R)$.
# 2. `sharpen(w, gamma)` for addresses `w` $(N, R)$ and a number; returns $(N, R)$. Mind that $0.2^{900}$ is 0 in floating point.
# 3. `kernel_of_window(a)`: the kernel `s` with which `shift_address` computes the slide's window with weights `a` $(2n + 1,)$, run in a circle: $\tilde w(k) = \sum_i a_i\, w(k + i - n)$.
#
# **Checked for:** the shift against its definition and against Fourier transforms; sharp addresses at both ends; the power, at $\gamma = 900$ too; the kernel of a window, exactly.


# %% tags=["stub", "E13.4"]
def shift_address(w, s):
    """Addresses w (N, R), moved in a circle by the shares s (2n + 1,) for the moves -n, ..., n; returns (N, R)."""
    return None  # replace this line


def sharpen(w, gamma):
    """Addresses w (N, R) raised to the power gamma, each again with the sum 1; returns (N, R)."""
    return None  # replace this line


def kernel_of_window(a):
    """The shares s (2n + 1,) that make of shift_address the slide's window with weights a (2n + 1,)."""
    return None  # replace this line


# %% tags=["solution", "E13.4"]
def shift_address(w, s):
    """Addresses w (N, R), moved in a circle by the shares s (2n + 1,) for the moves -n, ..., n; returns (N, R)."""
    n = len(s) // 2
    return sum(s[n + d] * np.roll(w, d, axis=-1) for d in range(-n, n + 1))


def sharpen(w, gamma):
    """Addresses w (N, R) raised to the power gamma, each again with the sum 1; returns (N, R)."""
    p = (w / w.max(axis=-1, keepdims=True)) ** gamma
    return p / p.sum(axis=-1, keepdims=True)


def kernel_of_window(a):
    """The shares s (2n + 1,) that make of shift_address the slide's window with weights a (2n + 1,)."""
    return a[::-1]


# %% tags=["check", "E13.4"]
check("E13.4")

# %% tags=["hint", "E13.4"]
# hint("E13.4", 1)

# %% tags=["figure", "E13.4"]
attention_plots.addresses(shift_address, sharpen)

# %% [markdown]
# On the left a kernel with a single 1 carries the address along as it is, over the last row and in again at the first. In the middle a fifth stays behind at each move, so that the address spreads and falls behind the circles. After a turn and a half nobody could say which row is meant, and a mean over all rows is
# what the machine would read. On the right the same blur, with $\gamma = 2$ after each move: what is large gains on what is small, and the address stays together. The figure does not show who chooses $s$ and $\gamma$. In the machine they are outputs of an LSTM, computed anew at each
# step; in its terms the slide's window is a head whose kernel was fixed once and for all.
#
# The kit has the machine as `course_kit.cells.NTMCell`. Its two functions for these two formulas are written for Keras, with another way to the power (a softmax of logarithms). They agree with yours.

# %% tags=["figure", "E13.4"]
from course_kit.cells.ntm_addressing import sharpened, shifted

rng = np.random.default_rng(30)
w, s = rng.dirichlet(np.ones(8), size=(2, 1)), rng.dirichlet(np.ones(3), size=(2, 1))  # (N, heads, rows)
moved = [shift_address(w[k], s[k, 0]) for k in range(2)]
if moved[0] is None or sharpen(moved[0], 2.5) is None:
    print("Answer E13.4 first: this cell compares it with the kit's machine.")
else:
    theirs = ops.convert_to_numpy(shifted(w, s))
    powers = np.full((2, 1, 1), 2.5)
    print(f"shift:   {np.abs(np.stack(moved) - theirs).max():.1e}")
    print(
        f"sharpen: {np.abs(np.stack([sharpen(one, 2.5) for one in moved]) - ops.convert_to_numpy(sharpened(theirs, powers))).max():.1e}"
    )

# %% [markdown]
# **To think about.** Sharpening makes of $(0.5, 0.3, 0.2)$ something like $(0.66, 0.24, 0.11)$ with $\gamma = 2$. Is it linear? And what would happen to the machine if it used $\gamma = \infty$ and always pointed at one row?

# %% [markdown] tags=["solution", "E13.4"]
# **Answer.** It is not: each weight is divided by a sum that depends on all of them, as in a softmax (it *is* a softmax, of $\gamma \log \tilde w$). With $\gamma = \infty$ the address would be a choice and no longer a mean. A small change of $s$ would then change nothing, until the head jumps to another row; the gradient
# would be 0 almost everywhere, and nothing could be learned. Turing's own machine points at one row. That this one does not is what makes it *neural*.

# %% [markdown]
# ## What you have now
#
# One formula and three readings of it. With weights fixed it is a filter, and D1.25 prints that. With weights from the content it is attention, and notebook 20 uses it to translate. With the weights themselves as what is averaged it moves the head of a neural Turing machine.

# %% tags=["figure"]
progress()
