# %% [markdown]
# # 11 Peepholes and the gated recurrent unit
#
# After this notebook you can
#
# - add peepholes to an LSTM (long short-term memory) cell, in NumPy and as a Keras cell, and say what they let it see,
# - write the gated recurrent unit (GRU) in both conventions in which it is printed, and carry weights from one into the other,
# - say what `reset_after` changes in Keras, and for which weights it changes nothing,
# - measure whether one layer is faster than another, so that the answer can be believed, and read a date from a citation.
#
# Slides: D1.22, D1.23, D2.13, D4.43, D4.44. Time: about two hours. Before it: notebook 08. Keras is used from the second half of
# E11.1 on.

# %% tags=["setup"]
import time

import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import gru as gru_plots
from course_kit.plots import gru_claims, gru_diagram, peephole
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %% [markdown]
# ## What a shut cell cannot see
#
# An LSTM decides with three gates what happens to its cell state $c$. What do the gates know about that state? In the cell of notebook 08 they
# read the input and $h_{t-1} = o_{t-1} \odot \tanh(c_{t-1})$, so what they know has gone through the output gate of the step before. If that gate
# was shut, they know nothing. The next cell asks one unit for its forget gate, at three very different states, with the output gate once half open and
# once all but shut.


# %%
def sigmoid(a):
    """Logistic function 1 / (1 + exp(-a)), entry by entry, for any size of a."""
    return 0.5 * (1.0 + np.tanh(0.5 * a))


print("   o at t-1    c at t-1    h at t-1    f at t     f at t, with a peephole p_f = -1")
for o in (0.5, 1e-6):
    for c in (0.1, 1.0, 10.0):
        h = o * np.tanh(c)
        a_f = 0.8 * h + 1.0  # U_f = 0.8, b_f = 1, and no input
        print(f"{o:11.6f} {c:11.1f} {h:11.6f} {sigmoid(a_f):9.4f} {sigmoid(a_f - 1.0 * c):14.4f}")

# %% [markdown]
# In the last three lines the forget gate is the same to four digits whether 0.1 or 10 is stored. The cell guards a value that it cannot look
# at until it shows it to everybody. It cannot even ask whether the value is large enough to be shown.
#
# The last column has the remedy. A *peephole* is one more weight, from a cell state straight to a gate of the same unit. Slide D1.22 gives the reason in
# five words of Russian: the gates watch the state of the cell. Its picture is redrawn here.

# %% tags=["figure"]
peephole.cell_diagram()

# %% [markdown]
# Look at where the dashed lines start. Those to $f$ and $i$ start on the left, before the step has done anything to the state; there is nothing newer that
# they could see, since they are about to make it. The one to $o$ starts on the right. By the time the cell decides what to show, the new
# state is there, and it is the new state that would be shown. What the figure does not show is that each line joins a unit with itself only: a unit does not look into the others.

# %% [markdown] tags=["slide:D1.22"]
# ## Gates that watch the state
#
# ### E11.1 Peephole LSTM
#
# D1.22, *Рекуррентные сети IX — peephole* (Recurrent networks IX: LSTM with peephole connections). The slide cites Gers and
# Schmidhuber, "Recurrent nets that time and count" (2000), and has a figure but no formula. In the letters of notebook 08, with $a_i, a_f, a_c, a_o$ for the four
# blocks of $x_t W + h_{t-1} U + b$,
#
# $$i_t = \sigma(a_i + p_i \odot c_{t-1}), \qquad f_t = \sigma(a_f + p_f \odot c_{t-1}),$$
# $$c_t = f_t \odot c_{t-1} + i_t \odot \tanh(a_c), \qquad o_t = \sigma(a_o + p_o \odot c_t), \qquad h_t = o_t \odot \tanh(c_t).$$
#
# $x_t$ is $(N, m)$, $h$ and $c$ are $(N, n)$, $W$ is $(m, 4n)$, $U$ $(n, 4n)$ and $b$ $(4n,)$, with the blocks in Keras' order i, f, c, o. The peepholes $p$ are $(3, n)$ with the rows
# $p_i, p_f, p_o$: $3n$ weights more than the LSTM has. Two forms that go by the same name are others: some programs have full matrices $(n, n)$ in
# place of the rows, and some let $o$ look at $c_{t-1}$.
#
# **Write** `peephole_step(x, h, c, W, U, b, p)`, one step in NumPy, which returns the new `h, c`. Then `MyPeepholeLSTMCell`, the same as a cell for
# `keras.layers.RNN`: in `build` add the weight `peephole_kernel` $(3, n)$, and write `call`, which returns the output and the list of the two new states. `ops.matmul`, `ops.split`,
# `ops.sigmoid` and `ops.tanh` stand for `@`, `np.split`, `sigmoid` and `np.tanh`; Keras 3 has no such cell of its own.
#
# **Checked for:** a step on random numbers; a step with $x = h = 0$, where only biases and peepholes speak; $p = 0$, which must leave the LSTM; the
# weights of the Keras cell and their number; seven steps of it from a start that is not zero.

# %%
import keras
from keras import ops


# %% tags=["stub", "E11.1"]
def peephole_step(x, h, c, W, U, b, p):
    """One step of an LSTM with peepholes; blocks in the order i, f, c, o, rows of p in the order i, f, o.

    x (N, m), the previous h and c (N, n), W (m, 4n), U (n, 4n), b (4n,), p (3, n); returns h and c, (N, n) each.
    """
    return None  # replace this line


class MyPeepholeLSTMCell(keras.layers.Layer):
    """The same step for keras.layers.RNN; its states are h and c."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 4 * self.units))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(self.units, 4 * self.units))
        self.bias = self.add_weight(name="bias", shape=(4 * self.units,), initializer="zeros")
        # self.peephole_kernel is still missing

    def call(self, inputs, states):
        """inputs (N, m), states [h (N, n), c (N, n)]; returns h and [h, c], the new ones."""
        return None  # replace this line


# %% tags=["solution", "E11.1"]
def peephole_step(x, h, c, W, U, b, p):
    """One step of an LSTM with peepholes; blocks in the order i, f, c, o, rows of p in the order i, f, o.

    x (N, m), the previous h and c (N, n), W (m, 4n), U (n, 4n), b (4n,), p (3, n); returns h and c, (N, n) each.
    """
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    p_i, p_f, p_o = p
    i, f = sigmoid(a_i + p_i * c), sigmoid(a_f + p_f * c)
    c = f * c + i * np.tanh(a_c)
    o = sigmoid(a_o + p_o * c)
    return o * np.tanh(c), c


class MyPeepholeLSTMCell(keras.layers.Layer):
    """The same step for keras.layers.RNN; its states are h and c."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 4 * self.units))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(self.units, 4 * self.units))
        self.bias = self.add_weight(name="bias", shape=(4 * self.units,), initializer="zeros")
        self.peephole_kernel = self.add_weight(name="peephole_kernel", shape=(3, self.units), initializer="zeros")

    def call(self, inputs, states):
        """inputs (N, m), states [h (N, n), c (N, n)]; returns h and [h, c], the new ones."""
        h, c = states
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)
        p_i, p_f, p_o = (self.peephole_kernel[k] for k in range(3))
        i, f = ops.sigmoid(a_i + p_i * c), ops.sigmoid(a_f + p_f * c)
        c = f * c + i * ops.tanh(a_c)
        h = ops.sigmoid(a_o + p_o * c) * ops.tanh(c)
        return h, [h, c]


# %% tags=["check", "E11.1"]
check("E11.1")

# %% tags=["hint", "E11.1"]
# hint("E11.1", 1)

# %% [markdown]
# The next cell puts your cell beside two others: `keras.layers.LSTM`, with which it must agree as long as the peepholes are 0, and the kit's `PeepholeLSTMCell`, which
# was written by other hands and tested against an LSTM with peepholes in another runtime.

# %% tags=["figure", "E11.1"]
from course_kit.cells import PeepholeLSTMCell

rng = np.random.default_rng(11)
m, n = 4, 3
x = rng.normal(size=(2, 7, m))
W, U, b, p = rng.normal(size=(m, 4 * n)), rng.normal(size=(n, 4 * n)), rng.normal(size=4 * n), rng.normal(size=(3, n))
mine, kit = MyPeepholeLSTMCell(n, dtype="float64"), PeepholeLSTMCell(n, dtype="float64")
plain = keras.layers.LSTM(n, return_sequences=True, dtype="float64")
for layer in (mine, kit):
    layer.build((2, m))
plain.build(x.shape)
plain.set_weights([W, U, b])


def run_cell(cell, p):
    cell.set_weights([W, U, b, p])
    return ops.convert_to_numpy(keras.layers.RNN(cell, return_sequences=True, dtype="float64")(x))


made = tuple(getattr(getattr(mine, "peephole_kernel", None), "shape", ()))
if made == (3, n) and mine.call(x[:, 0], [np.zeros((2, n))] * 2) is not None:
    print(f"p = 0, to keras.layers.LSTM:   {np.abs(run_cell(mine, 0 * p) - plain(x)).max():.1e}")
    print(f"p = 0, to the kit's cell:      {np.abs(run_cell(mine, 0 * p) - run_cell(kit, 0 * p)).max():.1e}")
    print(f"p random, to the kit's cell:   {np.abs(run_cell(mine, p) - run_cell(kit, p)).max():.1e}")
    print(f"p random, to keras.layers.LSTM: {np.abs(run_cell(mine, p) - plain(x)).max():.1e}")
    print(
        f"weights: LSTM {plain.count_params()}, with peepholes {mine.count_params()} = {plain.count_params()} + 3 * {n}"
    )
else:
    print("Answer E11.1 first: this cell compares it, once peephole_kernel is (3, n).")

# %% [markdown]
# What can a cell do that sees its own state? The paper has it in its title: time and count. Here is a clock made of one unit, with weights set by hand. There is
# no input, and $U = 0$, so nothing comes back through $h$. The candidate adds 0.1 at each step. The peepholes compare the state with a threshold of 0.95: below it the
# forget gate is open and the output gate is shut, above it both turn round.

# %% tags=["figure", "E11.1"]
peephole.clock(peephole_step)

# %% [markdown]
# Ten steps a tooth. At the tenth the state has reached 1.0, the output gate sees that *in the same step* and lets $\tanh(1) = 0.76$ out; one step later the forget gate sees it
# too and clears the cell. Had $o$ looked at the old state, as in the common slip, it would open one step late, when the cell is nearly empty again, and
# a tap of 0.1 would be left of the strike. The dashed lines are the same weights without peepholes. The state passes the threshold, but the gates, which see a
# constant bias, never learn of it. What the figure does not show is how such weights are found. These were chosen, with slopes so steep that training
# would get next to no gradient from them. And finding them is hard: when this was written, LSTMs with and without peepholes, of 1, 2 and 4 units, were trained on this very rhythm from four
# starts each, for 1000 steps of Adam. The best of the 24 ended at 84 % of the squared error that a constant output makes. A peephole makes a solution possible, not likely.
#
# **To think about.** Could a plain LSTM of one unit, with some other weights, strike every ten steps without input?

# %% [markdown] tags=["solution", "E11.1"]
# **Answer.** Not in this way. Its gates see $h$ only, and between strikes $h = 0$: they are the same at step 9 as at step 3. It would have to whisper. Let $o$ be 0.001 between strikes instead of 0, and make $U$ a thousand times larger; then the gates hear, one step late,
# how far the count has come. But the strike itself is louder than any whisper, and a gate that opens when $h$ is loud enough is held open by what it has let out. We found no weights that do it, which is no proof that there are none. With a second unit it is easy: the first holds
# the ramp in the open, the second strikes. Peepholes do it within one unit, and in silence.

# %% [markdown] tags=["slide:D2.13"]
# ## One gate less
#
# D2.13, *Управляемые рекуррентные блоки* (Gated recurrent units), says what the GRU is for: fewer parameters than an LSTM, no output gate, and results on speech
# and polyphonic music that bear comparison. D1.23 says how it is done: input and forget gate become one, and so do hidden state and output.
#
# Take the LSTM apart to see it. In $c_t = f \odot c_{t-1} + i \odot \tilde c_t$ the two gates are free of each other. Tie them by $i = z$, $f = 1 - z$: what is written over is
# forgotten, no more and no less. Then leave the output gate out, so that the state is shown as it is and $c$ and $h$ are one thing. That is
# nearly the GRU. What is new is a *reset gate* $r$, which decides for each unit how much of it the candidate gets to see.

# %% tags=["figure"]
gru_diagram.cell_diagram()

# %% [markdown]
# Compare it with the LSTM of notebook 08. There is one thick line and nothing that hides it: what the cell remembers is what everybody sees. The candidate alone does not read the state as it is, but what $r$ lets through. And $z$ leaves
# its box once and is used twice, as itself and as $1 - z$.
#
# One thing has to be agreed upon, and it was not. A gate that mixes two things can be named after either of them.

# %% tags=["figure"]
gru_plots.shares()

# %% [markdown]
# Both pictures are the same picture, turned round. No network learns better in one than in the other, since $1 - \sigma(a) = \sigma(-a)$ and training will find the one sign as
# easily as the other. It matters when weights are carried from one program into another, when a bias is set by hand, and when a plot of "the update gate" is read. Users
# reported the formula in PyTorch's documentation as wrong until the first paper's author came by and wrote that either is fine (pytorch/pytorch, issue 20129).

# %% [markdown] tags=["slide:D1.23", "slide:D2.13"]
# ### E11.2 The slide's GRU
#
# D1.23, *Рекуррентные сети X — GRU* (Recurrent networks X: GRU); D2.13, *Управляемые рекуррентные блоки* (Gated recurrent units).
#
# D1.23 prints four lines, which in rows read
#
# $$z_t = \sigma(x_t W_z + h_{t-1} U_z + b_z), \qquad r_t = \sigma(x_t W_r + h_{t-1} U_r + b_r),$$
# $$\tilde h_t = \tanh\bigl(x_t W_h + (r_t \odot h_{t-1})\, U_h + b_h\bigr), \qquad h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t.$$
#
# All of $z, r, \tilde h, h$ are $(N, n)$. The reset acts *before* the product with $U_h$. Stacked in Keras' order z, r, h the weights are $W$ $(m, 3n)$, $U$ $(n, 3n)$ and $b$ $(3n,)$, three blocks
# where the LSTM has four: $3(n^2 + mn + n)$ numbers, exactly $\tfrac34$ of its count.
#
# | here | D1.23 | D4.44 |
# | --- | --- | --- |
# | update gate | $\mathbf z_k$, share that is written | $u_t$, share that is kept |
# | reset gate $r$ | $\mathbf r_k$ | $r_t$ |
# | candidate $\tilde h$ | $\tilde{\mathbf h}_k$ | $g_t$ |
# | $x_t W$ | $\mathbf W_z\mathbf x_k$ and so on | $V x_t$, $V_g x_t$ |
# | $h_{t-1} U$ | $\mathbf U_z\mathbf h_{k-1}$ and so on | $W h_{t-1}$, $W_g(h_{t-1}\cdot r_t)$ |
# | order of the gates | z, r | r, u |
#
# D1.23 gives a source, the paper with the arXiv number 1406.1078. That paper, and another one of the same group from the same year, have these last lines (in our letters):
#
# | paper | its last line |
# | --- | --- |
# | 1406.1078, Cho and others | $h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t$ |
# | 1412.3555, Chung and others | $h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t$ |
#
# **Write** three things.
#
# 1. `slide_gru(x, h0, W, U, b)`: all steps over `x` $(N, T, m)$ from `h0` $(N, n)$, exactly as D1.23 prints them; returns `h` $(N, T, n)$.
# 2. `from_keras(W, U, b)`: in Keras $z$ is the share that is *kept*. Return the `W, U, b` with which `slide_gru` computes what Keras' GRU with the given weights computes.
# 3. `printed`: which paper's form does each of two slides print? Complete `{"D1.23": "...", "D4.44": "..."}` with the two numbers. The form of D4.44 is in the picture
#    above, with $u$ for $z$ and $g$ for $\tilde h$.
#
# **Checked for:** seven steps from a start that is not zero; a sequence in two pieces; $z$ driven to 0 and to 1; the converted weights, exactly; the two numbers.


# %% tags=["stub", "E11.2"]
def slide_gru(x, h0, W, U, b):
    """All steps of the GRU of D1.23, blocks in the order z, r, h.

    x (N, T, m), h0 (N, n), W (m, 3n), U (n, 3n), b (3n,); returns h (N, T, n).
    """
    return None  # replace this line


def from_keras(W, U, b):
    """W (m, 3n), U (n, 3n), b (3n,) of Keras' GRU(reset_after=False), as slide_gru needs them."""
    return None  # replace this line


printed = None  # replace this line: {"D1.23": "...", "D4.44": "..."}


# %% tags=["solution", "E11.2"]
def slide_gru(x, h0, W, U, b):
    """All steps of the GRU of D1.23, blocks in the order z, r, h.

    x (N, T, m), h0 (N, n), W (m, 3n), U (n, 3n), b (3n,); returns h (N, T, n).
    """
    n = U.shape[0]
    h, hs = h0, []
    for t in range(x.shape[1]):
        a_z, a_r, a_h = np.split(x[:, t] @ W + b, 3, axis=1)
        z = sigmoid(a_z + h @ U[:, :n])
        r = sigmoid(a_r + h @ U[:, n : 2 * n])
        h_tilde = np.tanh(a_h + (r * h) @ U[:, 2 * n :])
        h = (1 - z) * h + z * h_tilde
        hs.append(h)
    return np.stack(hs, axis=1)


def from_keras(W, U, b):
    """W (m, 3n), U (n, 3n), b (3n,) of Keras' GRU(reset_after=False), as slide_gru needs them."""
    sign = np.repeat([-1.0, 1.0, 1.0], U.shape[0])
    return W * sign, U * sign, b * sign


printed = {"D1.23": "1412.3555", "D4.44": "1406.1078"}

# %% tags=["check", "E11.2"]
check("E11.2")

# %% tags=["hint", "E11.2"]
# hint("E11.2", 1)

# %% tags=["figure", "E11.2"]
rng = np.random.default_rng(23)
m, n = 4, 3
x, h0 = rng.normal(size=(2, 12, m)), rng.normal(size=(2, n))
W, U, b = rng.normal(size=(m, 3 * n)), rng.normal(size=(n, 3 * n)), rng.normal(size=3 * n)
layer = keras.layers.GRU(n, reset_after=False, return_sequences=True, dtype="float64")
layer.build(x.shape)
layer.set_weights([W, U, b])
h_keras = ops.convert_to_numpy(layer(x, initial_state=ops.convert_to_tensor(h0)))

gru_plots.conventions(slide_gru, from_keras, (x, h0, W, U, b), h_keras)

# %% [markdown]
# The full line runs through Keras' circles; the two differ by rounding alone. The dashed line is the formula of the slide with Keras' weights as they stand. Nothing warns: the shapes
# fit, the values lie between $-1$ and 1, and the network is another one. The figure does not show which of the two a paper's authors meant. That has to be looked up,
# as you did, and here the looking up shows a slip. D1.23 cites 1406.1078, but its last line is that of 1412.3555.
#
# **To think about.** The counter of notebook 08 reached states well beyond 1. Can the state of a GRU?

# %% [markdown] tags=["solution", "E11.2"]
# **Answer.** No, not from a start within $(-1, 1)$. Each $h_t$ is a mean of $h_{t-1}$ and $\tilde h_t$ with weights $1 - z$ and $z$, so it lies between them, and $\tilde h$ lies in $(-1, 1)$. Tying the gates has
# taken away the use "add" of E08.3, $f = i = 1$. A GRU cannot count without limit in one unit. It is also the reason why it needs no $\tanh$ on the way out.

# %% [markdown] tags=["slide:D4.44"]
# ### E11.3 The other GRU
#
# D4.44, *GRU-ячейка* (GRU cell), writes
#
# $$\begin{pmatrix} r_t \\ u_t \end{pmatrix} = \sigma(V x_t + W h_{t-1} + b), \qquad g_t = \tilde f\bigl(V_g x_t + W_g (h_{t-1} \cdot r_t) + b_g\bigr), \qquad
# h_t = (1 - u_t) \cdot g_t + u_t \cdot h_{t-1}.$$
#
# Two differences to D1.23 are easily missed. $u$ stands with the *old* state. And the two gates are stacked with $r$ first, where Keras has the update gate first. In rows, with our
# letters and $\tanh$ for $\tilde f$,
#
# $$(r_t \,|\, u_t) = \sigma(x_t W_{ru} + h_{t-1} U_{ru} + b_{ru}), \qquad g_t = \tanh\bigl(x_t W_g + (r_t \odot h_{t-1})\, U_g + b_g\bigr), \qquad h_t = (1 - u_t) \odot g_t + u_t \odot h_{t-1},$$
#
# where $W_{ru}$ is $(m, 2n)$, $U_{ru}$ $(n, 2n)$, $b_{ru}$ $(2n,)$, and $W_g$ $(m, n)$, $U_g$ $(n, n)$, $b_g$ $(n,)$.
#
# **Write** `other_gru(x, h0, W_ru, U_ru, b_ru, W_g, U_g, b_g)`, which returns `h` $(N, T, n)$, and `stack_for_keras(W_ru, U_ru, b_ru, W_g, U_g, b_g)`, which returns `W, U, b` in Keras' order: update gate, reset
# gate, candidate. **Checked for:** seven steps from a start that is not zero; $u$ driven to 1 and to 0; the stacked weights, exactly.


# %% tags=["stub", "E11.3"]
def other_gru(x, h0, W_ru, U_ru, b_ru, W_g, U_g, b_g):
    """All steps of the GRU of D4.44, the gates stacked in the order r, u.

    x (N, T, m), h0 (N, n), W_ru (m, 2n), U_ru (n, 2n), b_ru (2n,), W_g (m, n), U_g (n, n), b_g (n,); returns h (N, T, n).
    """
    return None  # replace this line


def stack_for_keras(W_ru, U_ru, b_ru, W_g, U_g, b_g):
    """The same weights as W (m, 3n), U (n, 3n), b (3n,) in the order update gate, reset gate, candidate."""
    return None  # replace this line


# %% tags=["solution", "E11.3"]
def other_gru(x, h0, W_ru, U_ru, b_ru, W_g, U_g, b_g):
    """All steps of the GRU of D4.44, the gates stacked in the order r, u.

    x (N, T, m), h0 (N, n), W_ru (m, 2n), U_ru (n, 2n), b_ru (2n,), W_g (m, n), U_g (n, n), b_g (n,); returns h (N, T, n).
    """
    h, hs = h0, []
    for t in range(x.shape[1]):
        r, u = np.split(sigmoid(x[:, t] @ W_ru + h @ U_ru + b_ru), 2, axis=1)
        g = np.tanh(x[:, t] @ W_g + (r * h) @ U_g + b_g)
        h = (1 - u) * g + u * h
        hs.append(h)
    return np.stack(hs, axis=1)


def stack_for_keras(W_ru, U_ru, b_ru, W_g, U_g, b_g):
    """The same weights as W (m, 3n), U (n, 3n), b (3n,) in the order update gate, reset gate, candidate."""
    stacked = []
    for pair, g in ((W_ru, W_g), (U_ru, U_g), (b_ru, b_g)):
        r, u = np.split(pair, 2, axis=-1)
        stacked.append(np.concatenate([u, r, g], axis=-1))
    return tuple(stacked)


# %% tags=["check", "E11.3"]
check("E11.3")

# %% tags=["hint", "E11.3"]
# hint("E11.3", 1)

# %% tags=["figure", "E11.3"]
g = slice(2 * n, 3 * n)
swapped = [np.concatenate([a[..., n : 2 * n], a[..., :n]], axis=-1) for a in (W, U, b)]  # Keras' z, r as r, u
given = (*swapped, W[:, g], U[:, g], b[g])
mine, stacked = other_gru(x, h0, *given), stack_for_keras(*given)
if mine is None or stacked is None:
    print("Answer E11.3 first: this cell compares it with Keras.")
else:
    layer.set_weights(stacked)
    h_keras = ops.convert_to_numpy(layer(x, initial_state=ops.convert_to_tensor(h0)))
    print(
        f"largest difference to keras.layers.GRU(reset_after=False), with no sign changed: {np.abs(mine - h_keras).max():.1e}"
    )

# %% tags=["figure", "E11.3"]
gru_plots.retention(other_gru)

# %% [markdown]
# D4.44 and Keras need no change of sign, only the blocks in another order. The figure shows where the convention bites. Notebook 09 starts an LSTM with a high forget bias so that it remembers from the
# first step on. Whoever wants the same of a GRU must raise $b_u$ here and *lower* $b_z$ on D1.23; the dotted curve is a network told to remember that forgets everything at
# once. The figure does not show what Keras does by itself: it starts this bias at 0, so that a fresh GRU keeps about half of its state at each step.
#
# **To think about.** How large must $b_u$ be for half of $h_0$ to be left after 60 steps, and where have you seen that number?

# %% [markdown] tags=["solution", "E11.3"]
# **Answer.** $\sigma(b_u)^{60} = \tfrac12$ gives $\sigma(b_u) = 0.5^{1/60} = 0.9885$ and $b_u = \ln\frac{0.9885}{0.0115} = 4.455$. With the candidate at 0 the update gate of D4.44 is a forget gate, and
# this is the number that E09.4 asks for.

# %% [markdown] tags=["slide:D1.23", "slide:D4.44"]
# ### E11.4 reset_after
#
# D1.23, *Рекуррентные сети X — GRU* (Recurrent networks X: GRU); D4.44, *GRU-ячейка* (GRU cell).
#
# Both slides reset *before* the product: $(r \odot h)\,U_h$. Keras' own default is neither slide's GRU. It multiplies first and resets *after*:
#
# $$\text{before:}\ \ \tanh\bigl(x_t W_h + b_h + (r_t \odot h_{t-1})\, U_h\bigr), \qquad
# \text{after:}\ \ \tanh\bigl(x_t W_h + b_h + r_t \odot (h_{t-1} U_h + b'_h)\bigr).$$
#
# The reason is speed. In the first form $r_t$ must be known before the product with $U_h$ can start; in the second one product $h_{t-1}\,(U_z | U_r | U_h)$ serves all three blocks, and NVIDIA's library for graphics processors computes that. With it comes a second
# bias $b'$ in every block, $3n$ numbers more: for $m = 4$, $n = 5$ the slides' GRU has 150 parameters and Keras' has 165. In Keras the bias is then $(2, 3n)$, with the row
# `b[0]` beside $x_t W$ and the row `b[1]` beside $h_{t-1} U$. The update is Keras', $z$ keeps.
#
# (The documentation of Keras 3 describes two variants and calls the one with the reset before the product "the default one". It was, as long as Keras was a package of its own. The cell below asks the layer itself.)
#
# **Write** two things.
#
# 1. `gru(x, h0, W, U, b, reset_after)`: all steps, blocks in the order z, r, h; `b` is $(3n,)$ if `reset_after` is False and $(2, 3n)$ if it is True.
# 2. `make_them_agree(U, b)`: the two forms are two networks. Change `U` $(n, 3n)$ and `b` $(2, 3n)$ as little as possible, by setting entries to 0, such that both forms give the same $h$ for
#    every input (the first one with the bias `b[0] + b[1]`). Return new arrays `U, b`.
#
# **Checked for:** each form on weights of its own; which entries you set to 0; both forms on weights of that kind.

# %% tags=["figure", "E11.4"]
print("keras.layers.GRU(5).reset_after is", keras.layers.GRU(5).reset_after)


# %% tags=["stub", "E11.4"]
def gru(x, h0, W, U, b, reset_after):
    """All steps of Keras' GRU in either form, blocks in the order z, r, h; z is the share that is kept.

    x (N, T, m), h0 (N, n), W (m, 3n), U (n, 3n), b (3n,) or, with reset_after, (2, 3n); returns h (N, T, n).
    """
    return None  # replace this line


def make_them_agree(U, b):
    """U (n, 3n) and b (2, 3n) with as few entries as possible set to 0, so that both forms are one network."""
    return None  # replace this line


# %% tags=["solution", "E11.4"]
def gru(x, h0, W, U, b, reset_after):
    """All steps of Keras' GRU in either form, blocks in the order z, r, h; z is the share that is kept.

    x (N, T, m), h0 (N, n), W (m, 3n), U (n, 3n), b (3n,) or, with reset_after, (2, 3n); returns h (N, T, n).
    """
    n = U.shape[0]
    b_x, b_h = b if reset_after else (b, np.zeros(3 * n))
    h, hs = h0, []
    for t in range(x.shape[1]):
        a = x[:, t] @ W + b_x
        gates = sigmoid(a[:, : 2 * n] + h @ U[:, : 2 * n] + b_h[: 2 * n])
        z, r = gates[:, :n], gates[:, n:]
        U_h = U[:, 2 * n :]
        past = r * (h @ U_h + b_h[2 * n :]) if reset_after else (r * h) @ U_h
        h = z * h + (1 - z) * np.tanh(a[:, 2 * n :] + past)
        hs.append(h)
    return np.stack(hs, axis=1)


def make_them_agree(U, b):
    """U (n, 3n) and b (2, 3n) with as few entries as possible set to 0, so that both forms are one network."""
    n = U.shape[0]
    U, b = U.copy(), b.copy()
    U[:, 2 * n :] *= np.eye(n)
    b[1, 2 * n :] = 0
    return U, b


# %% tags=["check", "E11.4"]
check("E11.4")

# %% tags=["hint", "E11.4"]
# hint("E11.4", 1)

# %% tags=["figure", "E11.4"]
b_two = rng.normal(size=(2, 3 * n))
for reset_after, bias in ((False, b), (True, b_two)):
    layer = keras.layers.GRU(n, reset_after=reset_after, return_sequences=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([W, U, bias])
    h_keras = ops.convert_to_numpy(layer(x, initial_state=ops.convert_to_tensor(h0)))
    mine = gru(x, h0, W, U, bias, reset_after)
    if mine is not None:
        print(
            f"reset_after={reset_after}: {layer.count_params()} weights, largest difference to Keras {np.abs(mine - h_keras).max():.1e}"
        )

# %% tags=["figure", "E11.4"]
gru_plots.resets(gru)

# %% [markdown]
# At the left edge $U_h$ is diagonal and $b'_h = 0$. There $r \odot (h\,U_h)$ multiplies unit $j$ by $r_j\,h_j\,U_{jj}$, and so does $(r \odot h)\,U_h$: with a diagonal it does not matter which of two factors comes first. As soon as
# units talk to each other it does. Before the product, $r_k$ silences unit $k$ as a *sender*, to all others; after it, $r_j$ makes unit $j$ deaf as a *receiver*. The figure does not show that one form learns
# better, and it does not follow from it. But weights trained in the one are worthless in the other, and no conversion exists; `course_kit.cells.gru_weights`, which converts between all conventions of this
# notebook, refuses this one unless $U_h$ is diagonal.
#
# **To think about.** The biases $b_z$ and $b'_z$ are only ever added to each other. Why does nobody remove one of them, and does `count_params()` overstate what the network can do?

# %% [markdown] tags=["solution", "E11.4"]
# **Answer.** Of the $6n$ bias numbers $2n$ are redundant, those of $b'_z$ and $b'_r$: only the sums count. They are there since the library behind `reset_after=True` was given that layout, and so that weights fit it
# number by number. $b'_h$ is not redundant, it alone stands inside the reset. So the network has $3(n^2 + mn) + 4n$ free numbers; `count_params()` counts what is stored.

# %% [markdown] tags=["slide:D4.43"]
# ## Two claims, put to the test
#
# D4.43, *А вот бы весов поменьше бы* (If only there were fewer weights), introduces the GRU with three sentences. It was devised in 2015. It was to keep the memory of the LSTM and be simpler. It trains and runs
# 20 to 50 % faster, with results that are similar in most cases. The last two exercises look at the numbers in these sentences.
#
# What would one expect? Per step and example the LSTM multiplies with $4(n^2 + mn)$ weights and the GRU with $3(n^2 + mn)$. If multiplications were all, the GRU would take $\tfrac34$ of the time, always. They are
# not all: each step also starts a number of small operations, and at 32 units starting them takes longer than computing.

# %% [markdown] tags=["slide:D2.13", "slide:D4.43"]
# ### E11.5 20-50 % faster?
#
# D2.13, *Управляемые рекуррентные блоки* (Gated recurrent units); D4.43, *А вот бы весов поменьше бы* (If only there were fewer weights).
#
# A time is a measurement, and can be done well or badly, whatever comes out. Three rules. The first call is not like the others (Keras translates the model into a graph), so it is made but not counted. The machine has other things
# to do, so one time is none: repeat, and give the median and the range. And it gets warm, or busy, while you measure; so do not time all runs of A and then all of B, but one of each in turn.
#
# "20 % faster" needs a definition as well. A GRU that takes 0.75 s where the LSTM takes 1 s has *saved* 25 % of the time, and *gained* 33 % in speed, since it does 1.33 times as much in a second.
#
# **Write** three things.
#
# 1. `measure(runs, repeats, clock)`: `runs` maps names to functions without arguments. Call each once to warm up; then, `repeats` times, each one in turn. Return a dict that maps each name to the list of its
#    `repeats` times, in the order in which they came. `clock()` gives the time in seconds; read it before and after each call.
# 2. `summary(times)`: for a list of times a dict with `"median"`, `"fastest"` and `"slowest"`.
# 3. `saved_and_gained(lstm, gru)`: two times in, two shares out (0.25, not 25), negative if the GRU is slower.
#
# **Checked for:** the protocol, with functions and a clock of ours; the median, with an outlier; the two shares. What your machine's times *are* is shown below and is not graded.


# %% tags=["stub", "E11.5"]
def measure(runs, repeats=7, clock=time.perf_counter):
    """Times of several functions, in turn and after a warm-up: a dict of lists of seconds."""
    return None  # replace this line


def summary(times):
    """Median, fastest and slowest of a list of times, as a dict with these keys."""
    return None  # replace this line


def saved_and_gained(lstm, gru):
    """The share of time that the GRU saves, and the share of speed that it gains, from two times."""
    return None  # replace this line


# %% tags=["solution", "E11.5"]
def measure(runs, repeats=7, clock=time.perf_counter):
    """Times of several functions, in turn and after a warm-up: a dict of lists of seconds."""
    for run in runs.values():
        run()
    times = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            start = clock()
            run()
            times[name].append(clock() - start)
    return times


def summary(times):
    """Median, fastest and slowest of a list of times, as a dict with these keys."""
    return {"median": float(np.median(times)), "fastest": min(times), "slowest": max(times)}


def saved_and_gained(lstm, gru):
    """The share of time that the GRU saves, and the share of speed that it gains, from two times."""
    return 1 - gru / lstm, lstm / gru - 1


# %% tags=["check", "E11.5"]
check("E11.5")

# %% tags=["hint", "E11.5"]
# hint("E11.5", 1)

# %% [markdown]
# Now the slide's claim. Three layers, the LSTM and the GRU in both forms, at two widths, each for a training step and for a prediction, on 32 sequences of 80 steps with 32 inputs.

# %% tags=["figure", "E11.5"]
x_timed, y_timed = gru_claims.batch()
kinds = {
    "LSTM": lambda n: keras.layers.LSTM(n),
    "GRU": lambda n: keras.layers.GRU(n),
    "GRU, reset before": lambda n: keras.layers.GRU(n, reset_after=False),
}


def timed_model(layer):
    model = keras.Sequential([keras.Input(x_timed.shape[1:]), layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


measured = {}
for n_timed in (32, 256):
    models = {kind: timed_model(new(n_timed)) for kind, new in kinds.items()}
    measured[f"training, n = {n_timed}"] = measure(
        {kind: lambda model=model: model.train_on_batch(x_timed, y_timed) for kind, model in models.items()}, 9
    )
    measured[f"prediction, n = {n_timed}"] = measure(
        {kind: lambda model=model: model.predict_on_batch(x_timed) for kind, model in models.items()}, 9
    )

for workload, times in measured.items():
    found = {kind: summary(own) for kind, own in times.items()} if times else None
    if not found or None in found.values():
        print("Answer E11.5 first: this cell measures with it.")
        break
    print(workload)
    for kind, row in found.items():
        shares = saved_and_gained(found["LSTM"]["median"], row["median"]) or (np.nan, np.nan)
        line = f"  {kind:18s}{1e3 * row['median']:7.1f} ms  ({1e3 * row['fastest']:.1f} to {1e3 * row['slowest']:.1f})"
        print(line + (f"   saved {100 * shares[0]:4.0f} %, gained {100 * shares[1]:4.0f} %" if kind != "LSTM" else ""))

# %% tags=["figure", "E11.5"]
gru_claims.timing(measured)

# %% [markdown]
# Compare your bars with the grey band, where the slide puts the GRU, and with the dotted line, where counting multiplications puts it. A claim of a speed-up is a claim about a width, a program and a machine, and this
# figure is about one program on one machine. Points far to the right of their bar are calls during which something else ran; if there are many, measure again on a quieter machine.
#
# When this was written (Keras 3.15, TensorFlow 2.21, two cores that were shared with other work, no graphics processor), ten such runs gave these times, each compared with the LSTM of the same run; the range is that of the medians.
#
# | | one thread, 4 runs: GRU | GRU, reset before | two threads, 6 runs: GRU | GRU, reset before |
# | --- | --- | --- | --- | --- |
# | training, 32 units | +21 to +27 % | +41 to +47 % | +3 to +18 % | +19 to +71 % |
# | prediction, 32 units | +5 to +25 % | +3 to +18 % | +19 to +38 % | +11 to +43 % |
# | training, 256 units | -34 to -14 % | +80 to +89 % | -54 to -43 % | +10 to +66 % |
# | prediction, 256 units | -26 to -14 % | +11 to +38 % | -41 to +20 % | -17 to +53 % |
#
# Look at the signs, which are steadier than the sizes. At 32 units the GRU was *slower* than the LSTM in all ten runs. At 256 units Keras' GRU was faster in training in all ten, by less than the slide says or by all of it, as the number of threads decided. And the GRU that the slides print, with the reset before
# the product, was slower in training in all ten runs at both widths. So "20-50 % faster" has a case in which it is true. It is not a property of the GRU.
#
# What the figure does not show is whether the GRU also needs as
# many steps to learn; "results similar in most cases" is a second claim, which no single training run can settle, and D2.13's "comparable on speech and polyphonic music" is one about two sets of data that are not here.
#
# **To think about.** At which width would you expect the share of 3/4 most closely, and what else would have to be true?

# %% [markdown] tags=["solution", "E11.5"]
# **Answer.** At a large one: then the products outweigh the starting of operations, which costs an LSTM and a GRU about the same (the GRU with the reset before even has one product more to start, and it has to wait for $r$). But the share is that of
# the multiplications, not of the time they take. It also has to be true that both products run equally well; where the one matrix fits into a fast memory and the other does not, or a library has a better routine for the one, the share is another.

# %% [markdown] tags=["slide:D4.43"]
# ### E11.6 Which year?
#
# D4.43, *А вот бы весов поменьше бы* (If only there were fewer weights), dates the GRU to 2015 and links to a blog post of that year. D1.23 cites the paper itself, by its arXiv number. Since April 2007 these numbers begin with the
# year and the month in which a paper was submitted, two digits each; then come a point, a running number of four digits (five since 2015), and perhaps a version such as `v3`.
#
# **Write** `submitted(number)`, which returns year and month as two integers for texts such as `"1406.1078"`, `"arXiv:1409.0473"` or `"1412.3555v1"`, and `first_year`, the year of the first GRU paper. **Checked for:** numbers of all these forms; the year.


# %% tags=["stub", "E11.6"]
def submitted(number):
    """Year and month, two integers, of an arXiv number such as "1406.1078" or "arXiv:1412.3555v1"."""
    return None  # replace this line


first_year = None  # replace this line: an integer


# %% tags=["solution", "E11.6"]
def submitted(number):
    """Year and month, two integers, of an arXiv number such as "1406.1078" or "arXiv:1412.3555v1"."""
    digits = number.removeprefix("arXiv:").split(".")[0]
    return 2000 + int(digits[:2]), int(digits[2:])


first_year = submitted("1406.1078")[0]

# %% tags=["check", "E11.6"]
check("E11.6")

# %% tags=["hint", "E11.6"]
# hint("E11.6", 1)

# %% tags=["figure", "E11.6"]
gru_claims.timeline(submitted)

# %% [markdown]
# All three papers are older than the slide's year; by December 2014 the GRU had already been compared with the LSTM. The year of the slide is that of the blog post it links to, by which many came to know the GRU. The number
# tells when a paper was *first* submitted; it does not tell what stood in it then. The reset gate is a case in point: by Keras' documentation the first version of 1406.1078 has it after the product and the third before it.
#
# **To think about.** Why does this matter to anyone but a historian?

# %% [markdown] tags=["solution", "E11.6"]
# **Answer.** Because a formula is taken from a source, and sources differ. D1.23 names one paper and prints another one's convention; Keras' two forms are two versions of one paper. Whoever implements "the GRU" should be able to say which one.

# %% [markdown]
# ## What you have now
#
# Two changes to the LSTM, one that adds $3n$ weights and one that takes a quarter of them away, each in agreement with Keras to rounding; and a table in your head of what "GRU" can mean: two conventions for the update gate times two places for the
# reset. The kit has all four as `course_kit.cells.GRUCell`. Notebook 12 reads sequences from both ends.

# %% tags=["figure"]
progress()
