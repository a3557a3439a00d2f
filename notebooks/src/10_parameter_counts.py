# %% [markdown]
# # 10 Count before you build
#
# A model that does not fit, or that has ten parameters for every sentence it will ever see, can be recognised before a
# line of it is run. The lectures print two formulas for that, one for the simple recurrent network and one for the long
# short-term memory (LSTM). This notebook takes them apart, extends them to the rest of the family and to whole models,
# and ends with the question that comes up in practice: how wide may a layer be?
#
# After it you can
#
# - list the tensors of a recurrent layer with their shapes, and count from the shapes;
# - say why `keras.layers.GRU` holds 165 numbers where the lecture's formula gives 150;
# - count a whole model on paper and be right to the last digit;
# - find the widest layer for a given number of parameters.
#
# Slides D1.6, D1.21-23, D2.13, D2.19, D4.31 and D4.43. About an hour and a half. Nothing is trained.
#
# Throughout, $m$ is the number of inputs to a layer at each step, $n$ the number of its units and $o$ the number of
# outputs; $d$ is the length of a word vector. Examples are rows: an input $x$ has shape $(N, m)$ and a kernel leads
# *from* its rows *to* its columns.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import counts as plots

# %% [markdown]
# ## A count by hand
#
# One step of the simple recurrent network is
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b).$$
#
# What is learned are the three letters that do not change from step to step: $W$, $U$ and $b$. Let the arrays themselves
# say how many numbers that is. Take $m = 2$ inputs and $n = 3$ units.

# %%
W = np.zeros((2, 3))  # from 2 inputs to 3 units
U = np.zeros((3, 3))  # from 3 units, one step ago, to 3 units
b = np.zeros(3)  # one number for each unit
x, h = np.ones((1, 2)), np.ones((1, 3))
print("one step gives shape", np.tanh(x @ W + h @ U + b).shape)
print("numbers to learn:", W.size, "+", U.size, "+", b.size, "=", W.size + U.size + b.size)

# %% [markdown]
# The length of the sequence is nowhere in it. The same three tensors serve every step, so a network that reads a
# thousand words has as many parameters as one that reads ten.

# %% [markdown] tags=["slide:D1.6", "slide:D4.31"]
# ### E10.1 SimpleRNN
#
# Slide D1.6, "Рекуррентные сети III — Simple Recurrent Network II" (recurrent networks III), states that a layer of type
# SimpleRNN has
#
# $$n^2 + mn + n$$
#
# parameters, $m$ being the dimension of the input vector and $n$ the number of neurons. The letters $m$ and $n$ are ours
# too. For the matrices the lecturers differ: on D1.7 the one that meets the input is $U$ and the one that meets the
# previous state is $W$; on D4.30 they are $V$ and $W$. Here, as in Keras, $W$ `(m, n)` is the kernel that meets the input,
# $U$ `(n, n)` the recurrent kernel and $b$ `(n,)` the bias.
#
# Write two functions.
#
# - `simple_rnn_shapes(m, n)` returns the shapes of $W$, $U$ and $b$, in this order, as a list of three tuples.
# - `simple_rnn_count(m, n, use_bias=True)` returns the number of parameters; with `use_bias=False` the layer has no $b$.
#
# The shapes are compared for other $m$ and $n$ than here, the counts on thirty pairs with the bias and thirty without.


# %% tags=["stub", "E10.1"]
def simple_rnn_shapes(m, n):
    """Shapes of W, U and b of a SimpleRNN with m inputs and n units, as a list of three tuples."""
    return None  # replace this line


def simple_rnn_count(m, n, use_bias=True):
    """Number of parameters of a SimpleRNN with m inputs and n units."""
    return None  # replace this line


# %% tags=["solution", "E10.1"]
def simple_rnn_shapes(m, n):
    """Shapes of W, U and b of a SimpleRNN with m inputs and n units, as a list of three tuples."""
    return [(m, n), (n, n), (n,)]


def simple_rnn_count(m, n, use_bias=True):
    """Number of parameters of a SimpleRNN with m inputs and n units."""
    return n * n + m * n + (n if use_bias else 0)


# %% tags=["check", "E10.1"]
check("E10.1")

# %% tags=["hint", "E10.1"]
# hint("E10.1", 1)

# %% tags=["figure", "E10.1"]
plots.tensors(simple_rnn_shapes, simple_rnn_count)

# %% [markdown]
# Each square is one number to learn. The three blocks are equally wide, since all of them end in the $n$ units, so they
# can be pushed together into one rectangle of $m + n + 1$ rows: the count is $n(m + n + 1)$, and that is how one keeps it
# in mind. The figure does not show what the numbers are worth; it shows that the recurrent kernel, the square block, takes
# over as $n$ grows.
#
# A question to think about: an input of $m = 1000$ numbers is fed to $n = 10$ units. Which block is the largest now, and
# what would you do about it?

# %% [markdown] tags=["solution", "E10.1"]
# $W$ holds 10000 numbers, $U$ holds 100. Nearly everything is spent on reading the input, so a smaller input is what
# helps: a learned projection or, for words, an embedding, which is exactly what stands in front of the LSTM in the model of
# E10.5.

# %% [markdown]
# Keras counts its weights itself once a layer is built. Here is its list for $m = 5$ and $n = 7$, with the count of
# `simple_rnn_count` beside it.

# %% tags=["figure"]
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras

layer = keras.layers.SimpleRNN(7)
layer.build((None, None, 5))
for weight in layer.weights:
    print(f"{weight.name:18}{tuple(weight.shape)}")
print("Keras:", layer.count_params(), " simple_rnn_count:", simple_rnn_count(5, 7))

# %% [markdown] tags=["slide:D1.21", "slide:D4.31"]
# ### E10.2 LSTM
#
# Slide D1.21, "Рекуррентные сети VIII" (recurrent networks VIII), gives for an LSTM layer
#
# $$4(n^2 + mn + n),$$
#
# $n$ being the number of units and the dimension of both $h$ and $c$. Slide D4.31, "Долгая краткосрочная память" (long
# short-term memory), says the same without a formula: memory is modelled explicitly, and that costs parameters.
#
# The 4 counts the layers inside the cell, the input gate $i$, the forget gate $f$, the candidate $\tilde c$ and the output
# gate $o$. Each of them reads the same $x_t$ and the same $h_{t-1}$ and has a kernel, a recurrent kernel and a bias of its
# own. Keras keeps the four side by side in the order $i, f, c, o$: $W$ has shape `(m, 4n)`, $U$ has `(n, 4n)` and $b$ has
# `(4n,)`. The cell state $c$ has no weights at all.
#
# Write two functions.
#
# - `lstm_count(m, n, use_bias=True)` returns the number of parameters.
# - `lstm_sizes(kernel_shape)` goes the other way: somebody hands you the shape of $W$, read from a file, and you return the
#   pair `m, n`.
#
# The counts are compared on thirty pairs with the bias and thirty without, the sizes on five kernels.


# %% tags=["stub", "E10.2"]
def lstm_count(m, n, use_bias=True):
    """Number of parameters of an LSTM with m inputs and n units."""
    return None  # replace this line


def lstm_sizes(kernel_shape):
    """The inputs m and units n of an LSTM whose kernel W has this shape."""
    return None  # replace this line


# %% tags=["solution", "E10.2"]
def lstm_count(m, n, use_bias=True):
    """Number of parameters of an LSTM with m inputs and n units."""
    return 4 * simple_rnn_count(m, n, use_bias)


def lstm_sizes(kernel_shape):
    """The inputs m and units n of an LSTM whose kernel W has this shape."""
    rows, columns = kernel_shape
    return rows, columns // 4


# %% tags=["check", "E10.2"]
check("E10.2")

# %% tags=["hint", "E10.2"]
# hint("E10.2", 1)

# %% tags=["figure", "E10.2"]
plots.four_times(lstm_count, simple_rnn_count)

# %% [markdown]
# Both curves bend: where $n$ is small beside $m$ the count grows in proportion to $n$, because the kernel $W$ dominates;
# where $n$ is large it grows with $n^2$, because $U$ does. The ratio is 4 at every width. The figure says nothing on how
# well the two networks do with their parameters, which is another notebook's subject.
#
# A question to think about: you double the units of an LSTM with $m = 32$ and $n = 128$. Do the parameters double?

# %% [markdown] tags=["solution", "E10.2"]
# They grow from 82432 to 295936, by a factor of 3.6. The recurrent kernel alone grows by four, the kernel and the bias by
# two. Twice the parameters would be reached with $n \approx 187$.

# %% [markdown] tags=["slide:D1.23", "slide:D2.13", "slide:D4.43"]
# ### E10.3 GRU, twice
#
# The gated recurrent unit (GRU) does with three layers what the LSTM does with four. Slide D2.13, "Управляемые
# рекуррентные блоки" (gated recurrent units), and slide D4.43, "А вот бы весов поменьше бы" (if only there were fewer
# weights), praise it for that. Slide D1.23, "Рекуррентные сети X — GRU" (recurrent networks X), writes it down, here with
# row vectors and the matrices named as on the slide, $W$ for the input and $U$ for the state:
#
# $$z = \sigma(x_t W_z + h_{t-1} U_z + b_z), \quad r = \sigma(x_t W_r + h_{t-1} U_r + b_r), \quad
# \tilde h = \tanh(x_t W_h + (r * h_{t-1})\, U_h + b_h).$$
#
# By the pattern of E10.2 this is $3(n^2 + mn + n)$, three quarters of an LSTM, 150 numbers for $m = 4$ and $n = 5$. People
# who build that layer in Keras are told 165, and ask which of the two is wrong. Neither: Keras builds a slightly different
# cell unless it is told `reset_after=False`. With `reset_after=True`, its default, the candidate is
#
# $$\tilde h = \tanh\bigl(x_t W_h + b_h + r * (h_{t-1} U_h + b'_h)\bigr).$$
#
# The reset gate acts *after* the product with $U_h$, which lets one large product serve all three blocks, and the bias
# $b'_h$ stands inside the bracket. For the sake of one layout every block gets such a second bias, $z$ and $r$ too, where it
# is simply added to the first: $\sigma(x_t W_z + b_z + h_{t-1} U_z + b'_z)$.
#
# Three things are asked.
#
# - `gru_count(m, n, reset_after, use_bias=True)` returns the number of parameters that are stored, in either form. With
#   `use_bias=False` neither bias is there.
# - `gru_idle(n)` returns how many of the numbers that the Keras form stores could be left out without losing anything: for
#   any values of the weights there are others, with these fixed at zero, that compute the same.
# - `gru_why` is a letter: where do the 15 numbers between 150 and 165 come from?
#   `"a"` a fourth block of weights; `"b"` weights of the reset gate, which the slide's form does not have; `"c"` a second
#   bias vector for each of the three blocks; `"d"` a learned start of the state $h_0$.


# %% tags=["stub", "E10.3"]
def gru_count(m, n, reset_after, use_bias=True):
    """Number of parameters of a GRU with m inputs and n units."""
    return None  # replace this line


def gru_idle(n):
    """How many parameters of a GRU with reset_after=True could be fixed at zero without losing anything."""
    return None  # replace this line


gru_why = None  # replace this line


# %% tags=["solution", "E10.3"]
def gru_count(m, n, reset_after, use_bias=True):
    """Number of parameters of a GRU with m inputs and n units."""
    biases = (2 * n if reset_after else n) if use_bias else 0
    return 3 * (n * n + m * n + biases)


def gru_idle(n):
    """How many parameters of a GRU with reset_after=True could be fixed at zero without losing anything."""
    return 2 * n


gru_why = "c"

# %% tags=["check", "E10.3"]
check("E10.3")

# %% tags=["hint", "E10.3"]
# hint("E10.3", 1)

# %% tags=["figure", "E10.3"]
plots.two_grus(gru_count, gru_idle)

# %% [markdown]
# The kernels are the same in both bars; all the difference is in the biases, and only a third of the difference does any
# work. The figure counts numbers and does not show that the two cells also compute different things: with a full matrix
# $U_h$ it matters whether $r$ comes before the product or after it.
#
# The claim about idle biases can be tried out. Below, 0.7 is moved from one bias of $z$ to the other; then the same is done
# in the candidate.

# %% tags=["figure"]
rng = np.random.default_rng(10)
gru = keras.layers.GRU(5, reset_after=True, dtype="float64")
x = rng.standard_normal((2, 6, 4))
gru(x)
kernel, recurrent_kernel, bias = (rng.standard_normal(weight.shape) for weight in gru.weights)
print("shapes:", [tuple(weight.shape) for weight in gru.weights], "numbers:", gru.count_params())
for name, block in (("z", slice(0, 5)), ("candidate", slice(10, 15))):
    moved = bias.copy()
    moved[0, block] += 0.7
    moved[1, block] -= 0.7
    outputs = []
    for values in (bias, moved):
        gru.set_weights([kernel, recurrent_kernel, values])
        outputs.append(keras.ops.convert_to_numpy(gru(x)))
    print(f"0.7 moved in {name}: largest change {np.abs(outputs[1] - outputs[0]).max():.1e}")

# %% [markdown]
# A question to think about: does the slide's form, `reset_after=False`, compute everything that the Keras form computes?

# %% [markdown] tags=["solution", "E10.3"]
# No, and not the other way round either. In the one form $r$ weighs the units before they are mixed by $U_h$, in the other
# it weighs what comes out of the mixture. They agree when $U_h$ is diagonal, since then nothing is mixed, and when no $r$ is
# in play. So weights cannot be copied from one form to the other, even where the numbers would fit.

# %% [markdown] tags=["slide:D1.22"]
# ### E10.4 The rest of the family
#
# With a list of tensors in hand every other network is counted in the same way. Slide D1.22, "Рекуррентные сети IX —
# peephole" (recurrent networks IX: LSTM with peephole connections), shows one of them, an LSTM whose gates look at the cell
# state. Here are seven; each sentence says which tensors there are.
#
# - `jordan_count(m, n, o)`. In Jordan's network the $o$ outputs come back, not the $n$ units:
#   $h_t = \tanh(x_t W + y_{t-1} U + b_h)$ and $y_t = h_t V + b_y$. Count both lines.
# - `peephole_count(m, n)`. An LSTM, and three vectors $p_i, p_f, p_o$ by which $i$, $f$ and $o$ see the cell state, each
#   unit its own entry of it.
# - `no_forget_count(m, n)`. The LSTM of 1997: no forget gate, everything else as in E10.2.
# - `bidirectional_count(m, n)`. Two LSTMs of $n$ units, one reading forwards and one backwards, sharing nothing.
# - `stacked_count(m, units)`. LSTMs on top of each other; `units` is a list such as `[64, 32]`, from the bottom up, and
#   each layer reads the $h$ of the one below.
# - `conv_lstm_count(k1, k2, C, F)`. An LSTM on pictures: in place of $x_t W$ a convolution from $C$ channels with a kernel
#   of $k_1 \times k_2$ places, in place of $h_{t-1} U$ one of the same size from its own $F$ channels, and $F$ filters with
#   one bias each in each of the four blocks. No peepholes.
# - `rntn_count(d)`. The recursive tensor network joins two children $a, b$ of length $d$ to a parent of length $d$:
#   $p = \tanh([a; b]\, V\, [a; b]^\top + [a; b]\, W + c)$. $[a; b]$ has length $2d$; $V$ has a slice of $2d \times 2d$ for
#   each entry of the parent; $W$ and the bias $c$ are as in any dense layer. Leave out a classifier.
#
# All biases are there. Each function is compared for five draws of its sizes, the stack for one to four layers.


# %% tags=["stub", "E10.4"]
def jordan_count(m, n, o):
    """Parameters of Jordan's network, read-out included."""
    return None  # replace this line


def peephole_count(m, n):
    """Parameters of an LSTM with peepholes."""
    return None  # replace this line


def no_forget_count(m, n):
    """Parameters of an LSTM without forget gate."""
    return None  # replace this line


def bidirectional_count(m, n):
    """Parameters of two LSTMs of n units, one for each direction."""
    return None  # replace this line


def stacked_count(m, units):
    """Parameters of LSTMs on top of each other; units is a list, from the bottom up."""
    return None  # replace this line


def conv_lstm_count(k1, k2, C, F):
    """Parameters of a convolutional LSTM: kernel k1 x k2, C channels in, F filters."""
    return None  # replace this line


def rntn_count(d):
    """Parameters of a recursive tensor network on vectors of length d, without classifier."""
    return None  # replace this line


# %% tags=["solution", "E10.4"]
def jordan_count(m, n, o):
    """Parameters of Jordan's network, read-out included."""
    return (m * n + o * n + n) + (n * o + o)


def peephole_count(m, n):
    """Parameters of an LSTM with peepholes."""
    return lstm_count(m, n) + 3 * n


def no_forget_count(m, n):
    """Parameters of an LSTM without forget gate."""
    return 3 * simple_rnn_count(m, n)


def bidirectional_count(m, n):
    """Parameters of two LSTMs of n units, one for each direction."""
    return 2 * lstm_count(m, n)


def stacked_count(m, units):
    """Parameters of LSTMs on top of each other; units is a list, from the bottom up."""
    total = 0
    for n in units:
        total += lstm_count(m, n)
        m = n
    return total


def conv_lstm_count(k1, k2, C, F):
    """Parameters of a convolutional LSTM: kernel k1 x k2, C channels in, F filters."""
    return 4 * F * (k1 * k2 * (C + F) + 1)


def rntn_count(d):
    """Parameters of a recursive tensor network on vectors of length d, without classifier."""
    return d * (2 * d) * (2 * d) + 2 * d * d + d


# %% tags=["check", "E10.4"]
check("E10.4")

# %% tags=["hint", "E10.4"]
# hint("E10.4", 1)

# %% tags=["figure", "E10.4"]
plots.family(
    jordan_count=jordan_count,
    simple_rnn_count=simple_rnn_count,
    no_forget_count=no_forget_count,
    peephole_count=peephole_count,
    bidirectional_count=bidirectional_count,
    stacked_count=stacked_count,
    conv_lstm_count=conv_lstm_count,
    rntn_count=rntn_count,
)

# %% [markdown]
# On logarithmic axes the slope of a line is the power of $n$ that decides. Jordan's network stays straight with slope 1:
# nothing in it leads from $n$ to $n$. The tensor network is the steepest, with slope 3, which is why it is used with vectors
# of some 30 numbers and not 300. The peephole LSTM would lie on the plain LSTM: $3n$ is nothing beside $4n^2$. The figure
# counts parameters, not time; the convolution uses each of its weights at every place of the picture, so it is far more
# expensive to run than its height suggests.
#
# A question to think about: you are told that a recurrent layer with $m = 5$ and $n = 7$ has 273 parameters. Which layer
# is it?

# %% [markdown] tags=["solution", "E10.4"]
# It cannot be said. The LSTM of 1997 and the slide's GRU both have three blocks of $7(5 + 7 + 1) = 91$. A count catches a
# mistake in a model; it does not prove that the model is the one that was meant.

# %% [markdown]
# The kit has these formulas as functions, and `count` lists the tensors of any cell or layer, with the formula as a symbol.

# %% tags=["figure"]
from course_kit import params
from course_kit.cells import PeepholeLSTMCell

print(params.count(PeepholeLSTMCell(7), inputs=5))
print()
print(params.count(keras.layers.GRU(5), inputs=4))

# %% [markdown] tags=["slide:D2.19"]
# ### E10.5 Whole models
#
# Slides D2.17 to D2.19 build a classifier of film reviews in three lines; D2.19, "Пример кода: Dense(1, sigmoid), compile"
# (code: output and compilation), closes it with one output. The vocabulary has 5000 words, each becomes a vector of 32
# numbers, an LSTM of 100 units reads the vectors, and a single dense unit decides:
#
# $$5000 \cdot 32 = 160000, \qquad 4(100^2 + 32 \cdot 100 + 100) = 53200, \qquad 100 + 1 = 101,$$
#
# 213301 parameters together. The only thing to look after in such a chain is the width: what comes out of a layer is the
# $m$ of the next.
#
# Write `model_counts(layers)` for a list of layers from the input to the output. It returns two things: a list with the
# count of each layer, and their sum. A layer is a tuple of a name and its sizes:
#
# | layer | sizes | what comes out |
# | --- | --- | --- |
# | `("embedding", words, d)` | one row of `d` numbers for each word | `d` |
# | `("simple_rnn", n)`, `("lstm", n)` | as in E10.1 and E10.2 | `n` |
# | `("gru", n)` | as `keras.layers.GRU(n)` has it | `n` |
# | `("bidirectional_lstm", n)` | two LSTMs of `n` units, outputs side by side | `2n` |
# | `("dropout", rate)` | no parameters, count 0 | as wide as what came in |
# | `("dense", n)` | a kernel and a bias | `n` |
#
# The first layer is an embedding. The model of the slide is `[("embedding", 5000, 32), ("lstm", 100), ("dense", 1)]`. You
# are checked on it, on the Keras example `imdb_lstm` (20000 words of 128 numbers, an LSTM of 128 units, one dense unit,
# 2691713 in all) and on models you have not seen.


# %% tags=["stub", "E10.5"]
def model_counts(layers):
    """A list with the parameters of each layer, and their sum."""
    return None  # replace this line


# %% tags=["solution", "E10.5"]
def model_counts(layers):
    """A list with the parameters of each layer, and their sum."""
    counts, width = [], None
    for kind, *sizes in layers:
        if kind == "embedding":
            words, width = sizes
            counts.append(words * width)
        elif kind == "dropout":
            counts.append(0)
        else:
            (n,) = sizes
            if kind == "simple_rnn":
                counts.append(simple_rnn_count(width, n))
            elif kind == "lstm":
                counts.append(lstm_count(width, n))
            elif kind == "gru":
                counts.append(gru_count(width, n, reset_after=True))
            elif kind == "bidirectional_lstm":
                counts.append(bidirectional_count(width, n))
            elif kind == "dense":
                counts.append(width * n + n)
            width = 2 * n if kind == "bidirectional_lstm" else n
    return counts, sum(counts)


# %% tags=["check", "E10.5"]
check("E10.5")

# %% tags=["hint", "E10.5"]
# hint("E10.5", 1)

# %% tags=["figure", "E10.5"]
plots.shares(model_counts)

# %% [markdown]
# In both models the table of word vectors is by far the largest part, 75 % in the one and 95 % in the other, and the LSTM,
# on which the lectures spend their time, is the smaller. Whoever wants a smaller model starts with the vocabulary. What the
# bars do not show is use: of the table a review of 80 words touches 80 rows at most, while every number of the LSTM is used
# at each step.
#
# Keras lists the same counts in `model.summary()`; `explain` adds what the summary leaves out, the formula with the numbers
# put in, and says whether the two agree.

# %% tags=["figure"]
model = keras.Sequential(
    [
        keras.Input((80,)),
        keras.layers.Embedding(5000, 32),
        keras.layers.LSTM(100),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
params.explain(model)

# %% [markdown]
# A question to think about: the model reads reviews of 80 words. How many parameters has it for reviews of 400 words?

# %% [markdown] tags=["solution", "E10.5"]
# As many: 213301. Neither the embedding nor the LSTM knows how long a review is. It would be another matter if the dense
# layer read the states of all steps: flattened, they are $80 \cdot 100$ numbers, and the dense layer would have 8001
# parameters for 80 words and 40001 for 400.

# %% [markdown]
# ### E10.6 Spend a budget
#
# This exercise belongs to no slide; it puts the formulas to use. A model has to fit into a device, or the data is small and
# you grant yourself a fixed number of parameters. How wide may the layer be?
#
# Write two functions that return the largest whole number $n$ of units such that a layer with $m$ inputs has at most
# `budget` parameters, and 0 if not even one unit fits.
#
# - `largest_lstm(m, budget)` for an LSTM;
# - `largest_gru(m, budget)` for `keras.layers.GRU`, with its two biases.
#
# Your $n$ is compared with the one found by trying them all, also for budgets that are hit exactly and for those that are
# one short.


# %% tags=["stub", "E10.6"]
def largest_lstm(m, budget):
    """The largest n for which an LSTM with m inputs has at most budget parameters; 0 if there is none."""
    return None  # replace this line


def largest_gru(m, budget):
    """The largest n for which a keras.layers.GRU with m inputs has at most budget parameters; 0 if there is none."""
    return None  # replace this line


# %% tags=["solution", "E10.6"]
def largest_lstm(m, budget):
    """The largest n for which an LSTM with m inputs has at most budget parameters; 0 if there is none."""
    n = 0
    while lstm_count(m, n + 1) <= budget:
        n += 1
    return n


def largest_gru(m, budget):
    """The largest n for which a keras.layers.GRU with m inputs has at most budget parameters; 0 if there is none."""
    n = 0
    while gru_count(m, n + 1, reset_after=True) <= budget:
        n += 1
    return n


# %% tags=["check", "E10.6"]
check("E10.6")

# %% tags=["hint", "E10.6"]
# hint("E10.6", 1)

# %% tags=["figure", "E10.6"]
plots.budget(largest_lstm, largest_gru)

# %% [markdown]
# The right $n$ uses as much of the budget as a whole number of units can, and one unit more is too much. For small budgets
# the two curves lie far apart: a single unit is then a large part of the whole. The figure does not say that the budget
# should be spent; more parameters are not always better.
#
# A question to think about: for the same budget, how much wider is a GRU than an LSTM when $n$ is large?

# %% [markdown] tags=["solution", "E10.6"]
# For large $n$ the counts are near $3n^2$ and $4n^2$, so $n$ grows by the square root of $4/3$, about 15 %. With $m = 32$
# and 100000 parameters the LSTM has 142 units and the GRU 166, which is 17 % more: here the kernel, in proportion to $n$,
# still counts.

# %% tags=["figure"]
progress()
