# %% [markdown]
# # 12 Reading from both ends
#
# After this notebook you can
#
# - build a bidirectional recurrent network by hand, in four ways to merge, and get what `keras.layers.Bidirectional` gets,
# - say what a layer with `go_backwards=True` returns, and in which order,
# - show by a perturbation who sees whom: past, future, or both,
# - decide when reading from the end is allowed, and recognise a forecast that has read the answer,
# - measure how much a summary of a sequence hangs on each of its steps.
#
# Slides: D1.24, D4.45, D4.46. Time: about an hour and a half. Before it: notebook 03. NumPy is enough; Keras enters for the
# comparison.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import bidirectional as plots

# %% [markdown] tags=["slide:D1.24", "slide:D4.45"]
# ## Two readers
#
# "He went to the bank and sat down on the grass beside the" ... Only at "grass" does one know which bank. A network that reads from left to right has
# long passed the word by then. Slide D1.24, *Рекуррентные сети XI — Bidirectional* (Recurrent networks XI: bidirectional RNN), puts the remedy into one sentence: the
# "future" influences the "past". Slide D4.45, *Двунаправленные рекуррентные сети (1/2)* (Bidirectional networks, 1), draws it. Two recurrent neural networks
# (RNNs) read the same sequence, one from its start, one from its end, and at each time their states are put together:
#
# $$h_t=\tanh(x_t W+h_{t-1}U+b), \qquad g_t=\tanh(x_t W'+g_{t+1}U'+b'), \qquad y_t=\operatorname{merge}(h_t,\,g_t).$$
#
# $x$ is $(N, T, m)$, $h_t$ and $g_t$ are $(N, n)$; the start states are $h_{-1}=0$ and $g_T=0$. The slide writes $\overrightarrow h_k$ for our $h_t$,
# $\overleftarrow h_k$ for our $g_t$ and $h_k=[\overrightarrow h_k;\overleftarrow h_k]$ for the merged state. The weights of the two are different: reading backwards is another
# task.

# %% tags=["figure"]
plots.unrolled()

# %% [markdown]
# Look for what is *not* there: an arrow between the two rows of states. Each reader is an ordinary network that knows nothing of the other, which is why a few lines are enough. The one
# thing to get right is the order of time. Here is the ordinary network; use it in what follows.


# %%
def one_way(x, W, U, b):
    """States (N, T, n) of a plain RNN that reads x (N, T, m) from its first step on, from zeros."""
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


# One unit that forgets slowly: a single 1 at time 2 leaves a trail to the right of it, whatever we do.
pulse = np.array([0, 0, 1.0, 0, 0, 0])[None, :, None]
weights = np.array([[0.5]]), np.array([[0.9]]), np.array([0.0])
print("forward ", one_way(pulse, *weights)[0, :, 0].round(2))
print("reversed", one_way(pulse[:, ::-1], *weights)[0, :, 0].round(2), " <- in the order of reading")

# %% [markdown] tags=["slide:D1.24", "slide:D4.45"]
# ### E12.1 By hand
#
# D1.24, *Рекуррентные сети XI — Bidirectional* (Recurrent networks XI: bidirectional RNN); D4.45, *Двунаправленные рекуррентные сети (1/2)* (Bidirectional
# networks, 1).
#
# The last line above shows the trap. Run on the reversed sequence, the network returns its states in the order in which it has *read*: its first state belongs to the last time. The
# backward pass thus has three parts: reverse the input, run, and put the states back to their own times.
#
# Then come four ways to merge. `"concat"` puts the two side by side, $(N, T, 2n)$, forward first, and keeps everything. `"sum"`, `"ave"` and `"mul"` join them unit by unit to $(N, T, n)$: $h+g$, $(h+g)/2$,
# $h\odot g$.
#
# **Write** `backward_pass(x, W, U, b)`, the states $g$ $(N, T, n)$ with $g_t$ at index $t$, and `bidirectional(x, forward, backward, merge)`, where `forward` and `backward` are triples
# `(W, U, b)`. **Checked for:** values, in all four merges, with different weights; a sequence that reads the same from both ends.


# %% tags=["stub", "E12.1"]
def backward_pass(x, W, U, b):
    """States of an RNN that reads x (N, T, m) from its last step on; returns (N, T, n), each state at its own time."""
    return None  # replace this line


def bidirectional(x, forward, backward, merge="concat"):
    """Both ways over x (N, T, m), merged at each time.

    forward and backward are triples (W, U, b); merge is "concat", "sum", "ave" or "mul".
    Returns (N, T, 2n) for "concat", else (N, T, n).
    """
    return None  # replace this line


# %% tags=["solution", "E12.1"]
def backward_pass(x, W, U, b):
    """States of an RNN that reads x (N, T, m) from its last step on; returns (N, T, n), each state at its own time."""
    return one_way(x[:, ::-1], W, U, b)[:, ::-1]


def bidirectional(x, forward, backward, merge="concat"):
    """Both ways over x (N, T, m), merged at each time.

    forward and backward are triples (W, U, b); merge is "concat", "sum", "ave" or "mul".
    Returns (N, T, 2n) for "concat", else (N, T, n).
    """
    h, g = one_way(x, *forward), backward_pass(x, *backward)
    if merge == "concat":
        return np.concatenate([h, g], axis=-1)
    return {"sum": h + g, "ave": (h + g) / 2, "mul": h * g}[merge]


# %% tags=["check", "E12.1"]
check("E12.1")

# %% tags=["hint", "E12.1"]
# hint("E12.1", 1)

# %% tags=["figure", "E12.1"]
plots.by_hand(bidirectional)

# %% [markdown]
# The four panels hold the same two states a time. Only `"concat"` keeps them apart; from a sum nobody can tell which reader has said what. The price is width: the next layer sees $2n$ inputs, and
# notebook 10 counts what that costs. The figure does not show which merge is best; that hangs on the task.
#
# Now Keras, which shares no code with either of us. `Bidirectional` takes a layer, makes a second one like it, and holds the six arrays in the order forward, backward. If you hand it a
# layer that already has weights, they are not kept: it builds both anew from the layer's configuration. So the weights are set afterwards.

# %% tags=["figure", "E12.1"]
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras

from course_kit.reference.bidirectional import bidirectional_forward

rng = np.random.default_rng(12)
m, n = 3, 4
x = rng.normal(size=(2, 7, m))
ways = [tuple(rng.normal(size=s, scale=0.7) for s in ((m, n), (n, n), (n,))) for _ in range(2)]


def in_keras(dtype, **kwargs):
    """keras.layers.Bidirectional around a SimpleRNN with our weights, on x."""
    sequences = kwargs.pop("return_sequences", True)
    rnn = keras.layers.SimpleRNN(n, return_sequences=sequences, dtype=dtype)
    layer = keras.layers.Bidirectional(rnn, dtype=dtype, **kwargs)
    layer.build((None, None, m))
    layer.set_weights([*ways[0], *ways[1]])
    return keras.ops.convert_to_numpy(layer(x.astype(dtype)))


print("largest difference to keras.layers.Bidirectional")
print("merge      twin, 64 bits   yours, 64 bits   yours, 32 bits")
for merge in ("concat", "sum", "ave", "mul"):
    wide, narrow = (in_keras(dtype, merge_mode=merge) for dtype in ("float64", "float32"))
    mine = bidirectional(x, *ways, merge)
    row = [bidirectional_forward(x, *ways, merge) - wide]
    if mine is not None:
        row += [mine - wide, mine - narrow]
    print(f"{merge:8s}", *(f"{np.abs(d).max():14.1e}  " for d in row))

# %% [markdown]
# In 64-bit numbers the twin in NumPy, `course_kit/reference/bidirectional.py`, and Keras agree to fourteen digits, in 32-bit numbers, Keras' default, to six or seven.
#
# **To think about.** Can a bidirectional layer be `stateful`, so that a long sequence is read in pieces?

# %% [markdown] tags=["solution", "E12.1"]
# **Answer.** The forward half can: its state at the end of a piece is the start of the next. The backward half cannot: at the end of a piece it needs the state that comes from the *following* pieces, which have not been
# read. In pieces, it has to start each piece from zeros, and the result is not that of the whole sequence.

# %% [markdown] tags=["slide:D1.24"]
# ### E12.2 go_backwards is not flip
#
# D1.24, *Рекуррентные сети XI — Bidirectional* (Recurrent networks XI: bidirectional RNN).
#
# Keras' recurrent layers have an argument `go_backwards=True`. It reverses the input, and that is all: the states come back in the order of reading. `Bidirectional` turns them for you. Whoever builds
# the two ways from single layers has to do it, and if it is forgotten, nothing complains; the shapes fit. Here is such a network, as one finds it in the wild.


# %%
def buggy_bidirectional(h, g):
    """h (N, T, n) of a forward layer and g (N, T, n) of a layer with go_backwards=True, merged. Wrong."""
    return np.concatenate([h, g], axis=-1)


# %% [markdown]
# The second trap lies in the *summary*: one vector for the whole sequence, as a classifier wants it. Each network is to give the state at which it has read everything. For the forward one that is the last
# state. For the other one, think.
#
# **Write** three functions, where `h` is the output of a forward layer and `g` that of a layer with `go_backwards=True`, as it comes out, $(N, T, n)$ each.
#
# 1. `index_map(T)`: an array $(T,)$; entry $k$ is the time to which position $k$ of `g` belongs.
# 2. `merged(h, g)`: the two side by side at the right times, $(N, T, 2n)$; the repair of the cell above.
# 3. `summary(h, g)`: the two states at which everything has been read, side by side, $(N, 2n)$.
#
# **Checked for:** the map, exactly, for three lengths; values of the other two, against two separate runs of the network.


# %% tags=["stub", "E12.2"]
def index_map(T):
    """The time that each position in the output of go_backwards=True belongs to; returns (T,) integers."""
    return None  # replace this line


def merged(h, g):
    """h and g (N, T, n), g in the order of reading, side by side at the right times; returns (N, T, 2n)."""
    return None  # replace this line


def summary(h, g):
    """The state of each when it has read everything: h and g (N, T, n) as above; returns (N, 2n)."""
    return None  # replace this line


# %% tags=["solution", "E12.2"]
def index_map(T):
    """The time that each position in the output of go_backwards=True belongs to; returns (T,) integers."""
    return np.arange(T)[::-1]


def merged(h, g):
    """h and g (N, T, n), g in the order of reading, side by side at the right times; returns (N, T, 2n)."""
    return np.concatenate([h, g[:, ::-1]], axis=-1)


def summary(h, g):
    """The state of each when it has read everything: h and g (N, T, n) as above; returns (N, 2n)."""
    return np.concatenate([h[:, -1], g[:, -1]], axis=-1)


# %% tags=["check", "E12.2"]
check("E12.2")

# %% tags=["hint", "E12.2"]
# hint("E12.2", 1)

# %% tags=["figure", "E12.2"]
plots.not_a_flip(index_map, merged, summary)

# %% [markdown]
# One pulse tells the two halves apart: the forward one trails off to the right, the backward one to the left, and both are zero where they had not read the pulse yet. With the bug, the orange trail would hang at the
# mirror image of the pulse. The two crosses lie at *different* times. What the figure does not show is that a trained network often works in spite of the bug, only worse, because the layers above learn to
# live with it.
#
# The same with Keras: two of its single layers, put together by your functions, against its own `Bidirectional`.

# %% tags=["figure", "E12.2"]
single = []
for weights_of_way, backwards in zip(ways, (False, True), strict=True):
    layer = keras.layers.SimpleRNN(n, return_sequences=True, go_backwards=backwards, dtype="float64")
    layer.build((None, None, m))
    layer.set_weights(list(weights_of_way))
    single.append(keras.ops.convert_to_numpy(layer(x)))
both, last = in_keras("float64"), in_keras("float64", return_sequences=False)
print(f"as in the wild                  {np.abs(buggy_bidirectional(*single) - both).max():.1e}")
if merged(*single) is not None:
    print(f"merged                          {np.abs(merged(*single) - both).max():.1e}")
print(f"last position of Bidirectional  {np.abs(both[:, -1] - last).max():.1e}  against return_sequences=False")
if summary(*single) is not None:
    print(
        f"summary                         {np.abs(summary(*single) - last).max():.1e}  against return_sequences=False"
    )

# %% [markdown]
# A third trap belongs here. Sequences of different lengths are padded at their ends, and what comes last for one reader comes *first* for the other: the backward network starts by reading padding, and arrives at the true
# end in a state that padding has made. A mask tells Keras to skip it. Here is a sequence of 5 steps, padded to 7 with values of 1, against the same 5 steps alone.

# %% tags=["figure"]
padded = np.concatenate([x[:, :5], np.ones_like(x[:, 5:])], axis=1)
mask = np.arange(7)[None, :] < np.array([[5], [5]])
layer = keras.layers.Bidirectional(keras.layers.SimpleRNN(n, return_sequences=True, dtype="float64"), dtype="float64")
layer.build((None, None, m))
layer.set_weights([*ways[0], *ways[1]])
alone = keras.ops.convert_to_numpy(layer(x[:, :5]))
for name, given in (("without a mask", None), ("with a mask", keras.ops.convert_to_tensor(mask))):
    gap = np.abs(keras.ops.convert_to_numpy(layer(padded, mask=given))[:, :5] - alone)
    print(f"{name:15s} forward half {gap[..., :n].max():.1e}, backward half {gap[..., n:].max():.1e}")

# %% [markdown]
# **To think about.** The third line of the cell before says that the last position of the merged output is *not* the summary. What does a classifier see that takes `y[:, -1]`?

# %% [markdown] tags=["solution", "E12.2"]
# **Answer.** The forward half has read all. The backward half has read one step, the last, so half of the vector is nearly wasted. With `return_sequences=False` Keras takes the right states by itself.

# %% [markdown]
# ## Who sees whom

# %% [markdown] tags=["slide:D1.24", "slide:D4.46"]
# ### E12.3 Future influences past
#
# D1.24, *Рекуррентные сети XI — Bidirectional* (Recurrent networks XI: bidirectional RNN); D4.46, *Двунаправленные рекуррентные сети (2/2)* (Bidirectional networks, 2). The second slide says it more
# exactly: each element gets a hidden state that reflects its context on the left *and* on the right.
#
# That can be tested without knowing anything of the inside. Move one step of the input, $x_t\leftarrow x_t+\delta$, and see which outputs move. Where an output does not depend on $x_t$, nothing moves: not "little", but
# exactly 0, to the last bit, because the same numbers go through the same operations. This is the *causality test*, and it fits any model.
#
# **Write** two functions.
#
# 1. `change(x, forward, backward, t, delta)` adds `delta` $(m,)$ to step $t$ of all sequences, in a copy, and returns two arrays $(T,)$: for each time the largest absolute change, over batch and units, of the forward states and
#    of the output merged by `"concat"`.
# 2. `pattern(T, kind)`: a matrix $(T, T)$ of ones and zeros, 1 where the output of time (row) can depend on the input of time (column), for `kind` `"forward"`, `"backward"` and `"both"`.
#
# **Checked for:** values when the last step moves and when a step in the middle moves, exact zeros included; the patterns, exactly; that `x` is left as it was.


# %% tags=["stub", "E12.3"]
def change(x, forward, backward, t, delta):
    """How far the states move when delta (m,) is added to step t of x (N, T, m).

    Returns two arrays (T,): the largest change of the forward states, and that of the merged output, at each time.
    """
    return None  # replace this line


def pattern(T, kind):
    """Which output (row) can depend on which input (column): a (T, T) array of 1 and 0."""
    return None  # replace this line


# %% tags=["solution", "E12.3"]
def change(x, forward, backward, t, delta):
    """How far the states move when delta (m,) is added to step t of x (N, T, m).

    Returns two arrays (T,): the largest change of the forward states, and that of the merged output, at each time.
    """
    moved = x.copy()
    moved[:, t] += delta
    alone = np.abs(one_way(moved, *forward) - one_way(x, *forward))
    both = np.abs(bidirectional(moved, forward, backward) - bidirectional(x, forward, backward))
    return alone.max(axis=(0, 2)), both.max(axis=(0, 2))


def pattern(T, kind):
    """Which output (row) can depend on which input (column): a (T, T) array of 1 and 0."""
    everything = np.ones((T, T))
    return {"forward": np.tril(everything), "backward": np.triu(everything), "both": everything}[kind]


# %% tags=["check", "E12.3"]
check("E12.3")

# %% tags=["hint", "E12.3"]
# hint("E12.3", 1)

# %% tags=["figure", "E12.3"]
plots.who_sees_what(change, pattern)

# %% [markdown]
# When the last step moves, the forward network moves there and nowhere else; on a logarithmic axis its zeros have no place and are drawn at the bottom. The bidirectional output moves at all times: the future does influence
# the past. But the influence falls off with the distance, by five decades over eleven steps here. "Depends on" and "depends noticeably on" are two things, and the patterns on the right only show the first. The circles in them were found by trying, one step at a time.
#
# **To think about.** You stack two layers, a bidirectional one below and a forward one on top. What is the pattern of the whole?

# %% [markdown] tags=["solution", "E12.3"]
# **Answer.** All ones. The lower layer has brought the whole sequence to each time, and no layer above can take it away. One bidirectional layer anywhere makes the whole model non-causal.

# %% [markdown] tags=["slide:D4.46"]
# ### E12.4 When is it allowed?
#
# D4.46, *Двунаправленные рекуррентные сети (2/2)* (Bidirectional networks, 2). The slide allows the second reader only for sequences that are given whole, such as sentences and audio, and forbids it where we see
# the past alone, as with an exchange rate. The rule is about the moment at which the answer is *due*: does the end of the sequence exist then?
#
# Here are eight tasks.
#
# - `a` say whether a film review, given as a text, is friendly;
# - `b` write down what is said in a recorded audio file;
# - `c` caption a live speech, without delay;
# - `d` forecast tomorrow's exchange rate from all rates up to today;
# - `e` fill a gap of three hours in last year's temperature record;
# - `f` generate a text character by character, each from those before;
# - `g` stop a fraudulent payment before it is made, from the payments of that card so far;
# - `h` encode a sentence that is to be translated.
#
# **Write** three things.
#
# 1. `allowed`: the letters of the tasks for which the network that reads the data may be bidirectional, such as `"cd"`.
# 2. `live(y)`: the part of an output `y` $(N, T, 2n)$, merged by `"concat"`, that may be used at time $t$ when nothing after $t$ exists.
# 3. `delay`: live captions may be shown two seconds late. How can a backward network be used? `"a"` As for a file: it starts at the end of the speech; `"b"` not at all; `"c"` for each output anew: it starts two seconds ahead and reads back to
#    $t$; `"d"` it runs along, and its old states are corrected when new steps arrive, without reading again.
#
# **Checked for:** the letters; the part of a random output.

# %% tags=["stub", "E12.4"]
allowed = None  # replace this line: letters, such as "cd"


def live(y):
    """The part of y (N, T, 2n), merged by "concat", that has read nothing after its time; returns (N, T, n)."""
    return None  # replace this line


delay = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E12.4"]
allowed = "abeh"


def live(y):
    """The part of y (N, T, 2n), merged by "concat", that has read nothing after its time; returns (N, T, n)."""
    return y[..., : y.shape[-1] // 2]


delay = "c"

# %% tags=["check", "E12.4"]
check("E12.4")

# %% tags=["hint", "E12.4"]
# hint("E12.4", 1)

# %% [markdown]
# What happens to those who do it all the same? Take a random walk, whose next move nobody can forecast. Feed its moves to two networks with random weights, and fit a linear read-out on the states at time $t$, by least squares on
# the first half of the series, to say the move at $t+1$. Once it may use what `live` leaves, once the whole output.

# %% tags=["figure", "E12.4"]
plots.leak(bidirectional, live)

# %% [markdown]
# On the left, nothing: the share explained is even slightly negative, because the fit has learned noise. On the right 94 % of a pure chance series is "explained", on data that were not fitted to. The state $g_t$ has read $x_{t+1}$, so
# the read-out need only look it up. No split into training and test data shows such an error, since the test data leak in the same way. In the figure only the task was impossible from the start, and that gave it away; with a real exchange
# rate it would look like genius. E12.3's test finds it without data.
#
# **To think about.** Your colleague's forecaster is not recurrent at all, and has no backward pass. Name another way in which the future gets into its inputs.

# %% [markdown] tags=["solution", "E12.4"]
# **Answer.** Scaling by mean and deviation of the *whole* series, a centred moving average, gaps filled by interpolation between both neighbours, a random split of overlapping windows into training and test. Each lets later values act on earlier
# inputs. Notebook 18 splits in time for that reason.

# %% [markdown] tags=["slide:D4.46"]
# ### E12.5 The end weighs more
#
# D4.46, *Двунаправленные рекуррентные сети (2/2)* (Bidirectional networks, 2). Its first sentence gives the motive: by the end of the sequence a recurrent network often has forgotten how it began, so the last elements
# will *always* be more important than the first. That can be measured. How much the last state hangs on the input at time $t$ is told by the matrix of derivatives $\partial h_{T-1}/\partial x_t$. With rows for the entries of $x_t$ and columns for those of
# $h_{T-1}$, $(m, n)$, and $s_t=1-h_t^2$ $(n,)$, the slope of $\tanh$ at time $t$,
#
# $$\frac{\partial h_{T-1}}{\partial x_t}=(W\odot s_t)\,J_t, \qquad J_{T-1}=I, \qquad J_{t-1}=(U\odot s_t)\,J_t .$$
#
# $J_t=\partial h_{T-1}/\partial h_t$ is $(n, n)$, and $W\odot s_t$ multiplies the columns of $W$ by the entries of $s_t$, as NumPy does with `W * s`. The size of a matrix is its Frobenius norm, the root of the sum of all squares:
# `np.linalg.norm` without further arguments.
#
# **Write** `sensitivity(x, W, U, b)` for *one* sequence `x` $(T, m)$, the norms $(T,)$; and `both_ends(x, forward, backward)`, the norms $(T,)$ for the summary $[h_{T-1}, g_0]$ of E12.2. The derivative of the two together consists of two blocks side by side, so the
# squares of the norms are added. **Checked for:** the norms, each to one part in ten thousand, for 7 and for 100 steps.


# %% tags=["stub", "E12.5"]
def sensitivity(x, W, U, b):
    """Frobenius norms (T,) of the derivatives of the last state with respect to each step of x (T, m)."""
    return None  # replace this line


def both_ends(x, forward, backward):
    """The same for the summary [h_{T-1}, g_0] of two directions; forward and backward are triples (W, U, b)."""
    return None  # replace this line


# %% tags=["solution", "E12.5"]
def sensitivity(x, W, U, b):
    """Frobenius norms (T,) of the derivatives of the last state with respect to each step of x (T, m)."""
    slopes = 1 - one_way(x[None], W, U, b)[0] ** 2
    after, norms = np.eye(len(b)), np.empty(len(x))
    for t in reversed(range(len(x))):
        norms[t] = np.linalg.norm((W * slopes[t]) @ after)
        after = (U * slopes[t]) @ after
    return norms


def both_ends(x, forward, backward):
    """The same for the summary [h_{T-1}, g_0] of two directions; forward and backward are triples (W, U, b)."""
    return np.hypot(sensitivity(x, *forward), sensitivity(x[::-1], *backward)[::-1])


# %% tags=["check", "E12.5"]
check("E12.5")

# %% tags=["hint", "E12.5"]
# hint("E12.5", 1)

# %% tags=["figure", "E12.5"]
plots.end_weighs_more(sensitivity, both_ends)

# %% [markdown]
# Left and in the middle the slide is right, and how right depends on $U$: shrunk to 0.7 of a rotation, the first of 60 steps counts $10^{-11}$ of what the last one counts. Two directions mend the two ends. They do *not* mend the
# middle: it is far from both, and now weighs least. On the right the slide's "always" fails. A somewhat larger $U$ makes up for the slope of $\tanh$, and all steps count about alike. So the end weighs more in a network that
# *forgets*, which depends on weights, and on the cell: notebooks 06 and 09 have other examples. The figure shows weights as drawn, not as trained.
#
# And the same by automatic differentiation in TensorFlow, which knows none of the formulas above:

# %% tags=["figure", "E12.5"]
from course_kit.gradients import sensitivity as by_tape

layer = keras.layers.Bidirectional(keras.layers.SimpleRNN(n, dtype="float64"), dtype="float64")
layer.build((None, None, m))
layer.set_weights([*ways[0], *ways[1]])
slopes = by_tape(layer, x)[0]  # (T, 2n, m) of the first sequence
if sensitivity(x[0], *ways[0]) is not None and both_ends(x[0], *ways) is not None:
    for name, obtained, expected in (
        ("one direction", sensitivity(x[0], *ways[0]), np.linalg.norm(slopes[:, :n], axis=(1, 2))),
        ("two directions", both_ends(x[0], *ways), np.linalg.norm(slopes, axis=(1, 2))),
    ):
        print(f"{name:15s} largest relative difference {np.abs(obtained / expected - 1).max():.1e}")

# %% [markdown]
# **To think about.** A sentence has its decisive word in the middle. Which summary would you use in place of $[h_{T-1}, g_0]$?

# %% [markdown] tags=["solution", "E12.5"]
# **Answer.** One that does not have to carry the word to an end at all: all $y_t$, joined by a mean, a maximum over time, or a weighted mean whose weights are computed from the $y_t$ themselves. The last is attention, and notebook 13 leads there. D1.24 cites the paper
# (arXiv 1409.0473) that put it on top of a bidirectional encoder.

# %% [markdown]
# ## What you have now
#
# A bidirectional network by hand that agrees with Keras to rounding; a pulse and a perturbation as two tests that find a missing flip and a leak in any model; and a measurement of what the slide says of the end of a sequence: often, not always.

# %% tags=["figure"]
progress()
