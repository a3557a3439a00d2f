# %% [markdown]
# # 08 LSTM, gate by gate
#
# After this notebook you can
#
# - write one step of an LSTM (long short-term memory) cell as four small functions, and say what each is for,
# - run the whole cell over a batch of sequences and get what `keras.layers.LSTM` gets,
# - read five lectures that write the same cell in four notations and three gate orders,
# - find a misprint in a published formula, and say what a network built from it could not do,
# - say what exactly is linear in an LSTM, and watch a trained cell count.
#
# Slides: D1.16-D1.20, D2.12, D2.14, D3.15-D3.22, D4.30, D4.32, D4.38, D4.41, D5.7-D5.13, and in part D4.35, D4.40. Time: about
# two and a half hours. Before it: notebook 03. NumPy is enough up to the comparison with Keras in E08.5.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import lstm, lstm_whole

# %% [markdown] tags=["slide:D4.30", "slide:D3.16"]
# ## A memory that is squashed at every step
#
# The simplest recurrent network, slide D4.30 (*Простейшая RNN*, the simplest RNN), reads
#
# $$h_t = \tanh(x_t\,W + h_{t-1}\,U + b).$$
#
# Here $x_t$ is $(N, m)$: $N$ examples as rows, $m$ inputs. $h_t$ is $(N, n)$ for $n$ units, $W$ is $(m, n)$, $U$ is $(n, n)$ and $b$ is
# $(n,)$. Slide D3.16 draws the same thing as one box. Everything the network knows of the past has to pass through that box, and it is
# squashed there at every step.
#
# Try to keep a single number in it. One unit, no input, $b = 0$, and the best recurrent weight one could wish for, $U = 1$. Beside it
# stands the plainest memory there is: a number that is multiplied by 1.

# %%
h, c = 1.0, 1.0
print(" t   squashed: h = tanh(1 h)   left alone: c = 1 c")
for t in range(1, 9):
    h, c = np.tanh(1.0 * h), 1.0 * c
    print(f"{t:2d} {h:18.4f} {c:24.4f}")

# %% [markdown]
# After eight steps 61 % of the value is gone, and what is left depends on how many steps have passed, not only on what was stored. The
# number on the right is as good as new. But it is of no use either: nothing can be written to it, and it can never be cleared.
#
# The LSTM takes the number on the right and puts valves around it: one that clears it, one that lets something new in, one that lets it be
# seen. Each valve is a number between 0 and 1 that a small layer of its own computes from $x_t$ and $h_{t-1}$. That is the whole idea. The
# following four exercises are the four steps of D1.17-D1.20.
#
# ## Two squashing functions
#
# A valve needs values between 0 and 1, which the logistic function $\sigma(a) = 1/(1+e^{-a})$ gives. Content may have either sign, so it comes
# from $\tanh$. They are the same curve, stretched and shifted: $\sigma(a) = \tfrac12\,(1 + \tanh\tfrac a2)$. Written this way $\sigma$
# cannot overflow, whatever the argument. Use the function of the next cell in all exercises.


# %%
def sigmoid(a):
    """Logistic function 1 / (1 + exp(-a)), entry by entry, for any size of a."""
    return 0.5 * (1.0 + np.tanh(0.5 * a))


print(sigmoid(np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0])))

# %% tags=["figure"]
lstm.squashing(sigmoid)

# %% [markdown]
# Left, a gate that is driven far to one side stays there: at $a = 4$ it is open to 98 %. Right, the price. Where a curve is flat its derivative
# is next to nothing, so a gate that is wide open or tight shut learns slowly. What the figure does not show is that $\sigma$ is never
# exactly 0 or 1 for a finite argument; in floating-point numbers it is, with the formula above, beyond $|a| = 38$ or so.
#
# ## The cell on one page

# %% tags=["figure"]
lstm.cell_diagram()

# %% [markdown] tags=["slide:D1.16", "slide:D4.32", "slide:D3.15", "slide:D5.7"]
# Slides D1.16, D3.15, D4.32 and D5.7 show drawings of this cell. Follow the thick line first. On it the cell state $c$ meets one
# multiplication and one addition and nothing else. Then look where the four layers lead: three of them end at a multiplication, they are
# the gates; the fourth, with $\tanh$, is what may be added.
#
# The five documents do not agree on letters. This notebook keeps to one set, with examples as rows and the batch first, as Keras has it.
#
# | here | D1.17-D1.20 | D2.12, D3.19-D3.22, D5.9-D5.12 | D3.18 | D4.35-D4.41 |
# | --- | --- | --- | --- | --- |
# | forget gate $f$ | $\mathbf f_k$ | $f_t$ | $f_t$ | $f_t$ |
# | input gate $i$ | $i_k$ | $i_t$ | $i_t$ | $i_t$ |
# | candidate $\tilde c$ | $\tilde c_k$ | $\tilde C_t$ | $u_t$ | $g_t$ |
# | output gate $o$ | $\mathbf o_k$ | $o_t$ | $o_t$ | $o_t$ |
# | cell state $c$ | $\mathbf c_k$ | $C_t$ | $c_t$ | $c_t$ |
# | $x_t\,W_f$ | $\mathbf W_f\mathbf x_k$ | in $W_f\cdot[h_{t-1}, x_t]$ | $W^{(f)}x_t$ | in $V x_t$ |
# | $h_{t-1}\,U_f$ | $\mathbf U_f\mathbf h_{k-1}$ | in $W_f\cdot[h_{t-1}, x_t]$ | $U^{(f)}h_{t-1}$ | in $W h_{t-1}$ |
# | $\odot$, entry by entry | $*$ | $*$ | $\odot$ | $\cdot$ |
# | order of the blocks | f, i, c, o | f, i, C, o | i, f, o, u | g, i, o, f |
#
# Two traps are in this table. The lecturers multiply matrices from the left with columns, so their $\mathbf W_f$ is our $W_f$ transposed. And
# the $W$ of D4 multiplies $h$, not $x$. Keras stacks its blocks in yet another order, i, f, c, o.
#
# ## The four steps

# %% [markdown] tags=["slide:D1.17", "slide:D3.19", "slide:D5.9"]
# ### E08.1 Forget gate
#
# D1.17, *Рекуррентные сети VII (3/6): Forget gate* (Recurrent networks VII, build 3: forget gate); D3.19, *LSTM: bramka zapominania* (LSTM:
# forget gate); D5.9, *LSTM (3/6): забвение* (LSTM, 3: forgetting).
#
# Text that has changed its topic should not be read with the old topic in mind. So the cell decides at every step, for every number
# in its state, how much of it to keep:
#
# $$f_t = \sigma(x_t\,W_f + h_{t-1}\,U_f + b_f)$$
#
# with $f_t$ $(N, n)$, as many shares as there are numbers in $c$. A share of 1 keeps, 0 erases. Mind the direction: the gate is called *forget*, and
# it is open when nothing is forgotten.
#
# **Write** `forget_gate(x, h, W_f, U_f, b_f)`, where `h` is $h_{t-1}$. **Checked for:** values on random numbers; biases of $\pm 800$, which
# drive the gate to its ends; the second block of a stacked LSTM.


# %% tags=["stub", "E08.1"]
def forget_gate(x, h, W_f, U_f, b_f):
    """Shares of the old cell state to keep.

    x (N, m), h (N, n), W_f (m, n), U_f (n, n), b_f (n,); returns f (N, n).
    """
    return None  # replace this line


# %% tags=["solution", "E08.1"]
def forget_gate(x, h, W_f, U_f, b_f):
    """Shares of the old cell state to keep.

    x (N, m), h (N, n), W_f (m, n), U_f (n, n), b_f (n,); returns f (N, n).
    """
    return sigmoid(x @ W_f + h @ U_f + b_f)


# %% tags=["check", "E08.1"]
check("E08.1")

# %% tags=["hint", "E08.1"]
# hint("E08.1", 1)

# %% tags=["figure", "E08.1"]
lstm.forget_gate(forget_gate)

# %% [markdown]
# The left panel is one unit with $W_f = 1$. The bias shifts the curve: with $b_f = 3$ the gate is open for every input above $-3$, which is why
# notebook 09 starts networks with a high $b_f$. The two matrices on the right are the same question asked twice: which entry of $h$ moves which entry of
# $f$. With rows as examples the answer stands in row "unit of $h$", column "unit of $f$". What the figure does not show: $x$ and $h$ act
# together here, a large $x$ can shut a gate that $h$ holds open.
#
# **To think about.** Suppose all weights of the forget gate are 0 and only $b_f$ is left. After how many steps is half of a stored value gone, for
# $b_f = 0$ and for $b_f = 4$, if nothing is written?

# %% [markdown] tags=["solution", "E08.1"]
# **Answer.** $f = \sigma(b_f)$ is then constant and $c_t = f^t c_0$, so the half-life is $\ln 2 / (-\ln f)$. For $b_f = 0$ it is one step
# ($f = 0.5$), for $b_f = 4$ it is 38 steps ($f = 0.982$). From then on each unit of $b_f$ multiplies the half-life by about $e$.

# %% [markdown] tags=["slide:D1.18", "slide:D3.20", "slide:D5.10"]
# ### E08.2 Input gate and candidate
#
# D1.18, *Рекуррентные сети VII (4/6): Input gate & activation* (Recurrent networks VII, build 4: input gate and candidate); D3.20, *LSTM: input
# gate i kandydaci* (LSTM: input gate and candidates); D5.10, *LSTM (4/6): гипотеза и обновление* (LSTM, 4: hypothesis and update).
#
# Two questions are asked at once. What could be written to the cell? That is the candidate $\tilde c_t$. And how much of it should be? That is
# the input gate $i_t$. Each has a layer of its own, on the same $x_t$ and $h_{t-1}$:
#
# $$i_t = \sigma(x_t\,W_i + h_{t-1}\,U_i + b_i), \qquad \tilde c_t = \tanh(x_t\,W_c + h_{t-1}\,U_c + b_c),$$
#
# both $(N, n)$. D1.18 writes $\mathrm{th}$ for $\tanh$, as Russian textbooks do. D5.10 calls the two "update" and "hypothesis".
#
# **Write** `input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c)`; return `i, c_tilde` in this order. **Checked for:** values; biases that
# drive both to the ends of their range.


# %% tags=["stub", "E08.2"]
def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):
    """How much to write, and what.

    x (N, m), h (N, n), W_* (m, n), U_* (n, n), b_* (n,); returns i and c_tilde, (N, n) each.
    """
    return None  # replace this line


# %% tags=["solution", "E08.2"]
def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):
    """How much to write, and what.

    x (N, m), h (N, n), W_* (m, n), U_* (n, n), b_* (n,); returns i and c_tilde, (N, n) each.
    """
    i = sigmoid(x @ W_i + h @ U_i + b_i)
    c_tilde = np.tanh(x @ W_c + h @ U_c + b_c)
    return i, c_tilde


# %% tags=["check", "E08.2"]
check("E08.2")

# %% tags=["hint", "E08.2"]
# hint("E08.2", 1)

# %% tags=["figure", "E08.2"]
lstm.input_gate_and_candidate(input_gate_and_candidate)

# %% [markdown]
# The grey bands are the ranges. The gate stays in the upper half, a share cannot be negative; the candidate uses both halves, so that a cell
# can count down as well as up. The circles mark the inputs at which each layer's argument is zero. The figure shows the two layers with
# different biases on purpose: they have nothing in common but their inputs, which will matter in E08.7.
#
# **To think about.** What is lost if the candidate is squashed by $\sigma$ instead of $\tanh$?

# %% [markdown] tags=["solution", "E08.2"]
# **Answer.** Then only positive amounts can be added, and the state of a unit could go down by forgetting alone. The counter in E08.9 adds about 0.2 for
# one symbol and takes 0.2 away for another; that needs both signs.

# %% [markdown] tags=["slide:D1.19", "slide:D3.21", "slide:D4.40", "slide:D5.8", "slide:D5.11"]
# ### E08.3 Cell state
#
# D1.19, *Рекуррентные сети VII (5/6): Internal state* (Recurrent networks VII, build 5: internal state); D3.21, *LSTM: nowy stan komórkowy* (LSTM: new cell
# state); D4.40, *LSTM: нет нелинейности* (LSTM: no non-linearity in the state recursion); D5.8, *LSTM (2/6): C* (LSTM, 2: C is the stored
# value); D5.11, *LSTM (5/6): новое значение* (LSTM, 5: new value).
#
# Now the valves act:
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t,$$
#
# with $\odot$ for entry by entry; the slides write it as a star or a dot. All four arrays are $(N, n)$. The two gates are independent: $f = i = 1$
# adds to what is there, $f = 0$ and $i = 1$ replaces it, $f = 1$ and $i = 0$ leaves it untouched. D4.40 draws the conclusion: there is no
# squashing on the way from $c_{t-1}$ to $c_t$, so a state that nobody rewrites stays as it is.
#
# **Write** `new_cell_state(f, c, i, c_tilde)`, where `c` is $c_{t-1}$. Leave the caller's arrays as they are. **Checked for:** values; $f = 1$, $i = 0$
# and $f = 0$, $i = 1$, both to the last bit.


# %% tags=["stub", "E08.3"]
def new_cell_state(f, c, i, c_tilde):
    """The new cell state from the old one, c, and the candidate; all arrays (N, n)."""
    return None  # replace this line


# %% tags=["solution", "E08.3"]
def new_cell_state(f, c, i, c_tilde):
    """The new cell state from the old one, c, and the candidate; all arrays (N, n)."""
    return f * c + i * c_tilde


# %% tags=["check", "E08.3"]
check("E08.3")

# %% tags=["hint", "E08.3"]
# hint("E08.3", 1)

# %% tags=["figure", "E08.3"]
lstm.cell_state(new_cell_state)

# %% [markdown]
# Compare the level line with the table at the top of this notebook: a hundred steps, and nothing is lost. The dashed line is what a forget gate of 0.9
# does, which looks like "almost open" and is a half-life of 6.6 steps. What the figure does not show is where $f$ and $i$ come from. Here they
# were set by hand; in a network they must be learned, and a $\sigma$ never gives exactly 1.
#
# **To think about.** Can $|c|$ exceed 1? How large can it become in $T$ steps from $c_0 = 0$?

# %% [markdown] tags=["solution", "E08.3"]
# **Answer.** Yes. With $f = i = 1$ and $\tilde c = 1$ every step adds 1, so $|c_T| < T$ and no smaller bound holds. That is what makes an LSTM able
# to count, and it is the reason for the $\tanh$ in the next exercise: the layers that read $h$ are spared such numbers.

# %% [markdown] tags=["slide:D1.20", "slide:D3.22", "slide:D4.38", "slide:D5.12"]
# ### E08.4 Output
#
# D1.20, *Рекуррентные сети VII (6/6): Output gate & value* (Recurrent networks VII, build 6: output gate and value); D3.22, *LSTM: wyjście* (LSTM:
# output); D4.38, *LSTM: состояние и фильтры* (LSTM: state and gates in words); D5.12, *LSTM (6/6): выход* (LSTM, 6: output).
#
# The cell need not show what it stores; D5.12 insists on it. A third gate decides which part is seen, by the layers above and by the cell's own
# gates at the next step:
#
# $$o_t = \sigma(x_t\,W_o + h_{t-1}\,U_o + b_o), \qquad h_t = o_t \odot \tanh(c_t).$$
#
# It is the *new* state $c_t$ that is shown, while the gate reads the *old* $h_{t-1}$. Two slides need care. The formula of D3.22 is right, but
# its text says that the state is multiplied by $\tanh$; it is not, $\tanh$ is applied to it. And D4.38 speaks of three gates and of forgetting while the
# cell on the slides before it has only $i$ and $o$; the forget gate comes in on D4.41.
#
# **Write** `cell_output(x, h, c, W_o, U_o, b_o)`, where `h` is $h_{t-1}$ and `c` is $c_t$; return `o` and the new `h`. **Checked for:** values; a shut gate; a
# state of the order of 1000.


# %% tags=["stub", "E08.4"]
def cell_output(x, h, c, W_o, U_o, b_o):
    """What the cell shows.

    x (N, m), h (N, n) of the step before, c (N, n) of this step, W_o (m, n), U_o (n, n), b_o (n,);
    returns o and the new h, (N, n) each.
    """
    return None  # replace this line


# %% tags=["solution", "E08.4"]
def cell_output(x, h, c, W_o, U_o, b_o):
    """What the cell shows.

    x (N, m), h (N, n) of the step before, c (N, n) of this step, W_o (m, n), U_o (n, n), b_o (n,);
    returns o and the new h, (N, n) each.
    """
    o = sigmoid(x @ W_o + h @ U_o + b_o)
    return o, o * np.tanh(c)


# %% tags=["check", "E08.4"]
check("E08.4")

# %% tags=["hint", "E08.4"]
# hint("E08.4", 1)

# %% tags=["figure", "E08.4"]
lstm.cell_output(cell_output)

# %% [markdown]
# However large the state, $h$ stays between $-o$ and $o$. Read the figure from the right: a state of 6 and one of 60 give the same $h$ to four digits, so what
# the cell shows is a sign and a coarse size, not the stored number. Had you multiplied by $\tanh(c)$, as the words of D3.22 say, the curves
# would be V-shaped, and the sign of the state would be lost.
#
# **To think about.** $o = 0$ gives $h = 0$. Is the stored value lost?

# %% [markdown] tags=["solution", "E08.4"]
# **Answer.** No, $c$ is untouched, and the cell can show it later. But for the next step the cell is blind to its own past: with $h_{t-1} = 0$ the gates see
# only $x_t$. Peephole connections (notebook 11) were invented for exactly this case.

# %% [markdown]
# ## The whole cell

# %% [markdown] tags=["slide:D1.20", "slide:D2.12", "slide:D3.16", "slide:D3.18", "slide:D4.30", "slide:D4.41", "slide:D5.7", "slide:D5.13"]
# ### E08.5 The whole cell, in Keras order
#
# D1.20 and D2.12, *Сети долго-краткосрочной памяти* (LSTM), list the whole cell; so do D3.18, *LSTM równania* (LSTM equations), and D4.41, *LSTM с
# забыванием (1/2)* (LSTM with forgetting, 1). D3.16, *RNN (etykieta rysunku)* (figure labelled "RNN"), and D4.30, *Простейшая RNN* (the simplest RNN), are
# what it is compared with; D5.7, *LSTM (1/6)* (LSTM, 1), introduces it, and D5.13, *Повторение – мать ученья* (repetition is the mother of
# learning), asks for it once more from memory.
#
# D4.41 writes the four layers as one product with stacked matrices, and so does Keras. With $W$ $(m, 4n)$, $U$ $(n, 4n)$ and $b$ $(4n,)$, whose four
# blocks of $n$ columns belong to $i$, $f$, $\tilde c$, $o$ in this order,
#
# $$(a_i \,|\, a_f \,|\, a_c \,|\, a_o) = x_t\,W + h_{t-1}\,U + b, \qquad
# c_t = \sigma(a_f)\odot c_{t-1} + \sigma(a_i)\odot\tanh(a_c), \qquad h_t = \sigma(a_o)\odot\tanh(c_t).$$
#
# **Write** three things.
#
# 1. `lstm_forward(x, h0, c0, W, U, b)` runs the cell over `x` $(N, T, m)$ from `h0` and `c0` $(N, n)$, with weights in the order i, f, c, o, and returns
#    `h, c`, each $(N, T, n)$: the state after every step.
# 2. `reorder(stacked, old, new)` moves the blocks of a stacked array. `old` and `new` are orders of four letters, such as `"giof"` (D4.41), `"ifou"`
#    (D3.18), `"fico"` (D1) or `"ifco"` (Keras). The candidate may be called `c`, `g` or `u`; all three mean the same block. It must
#    serve $W$, $U$ and $b$, so work on the last axis.
# 3. `carried`: what must be handed from one step to the next? `"a"` $h$ alone, `"b"` $c$ alone, `"c"` $h$ and $c$, `"d"` $h$, $c$ and the four
#    activations.
#
# **Checked for:** seven steps from a start that is not zero; a sequence run in two pieces; gates held at 1, 0 and 1, which must leave a plain recurrent
# network; five conversions of order; the letter.


# %% tags=["stub", "E08.5"]
def lstm_forward(x, h0, c0, W, U, b):
    """All steps of an LSTM with blocks in the order i, f, c, o.

    x (N, T, m), h0 and c0 (N, n), W (m, 4n), U (n, 4n), b (4n,); returns h and c, (N, T, n) each.
    """
    return None  # replace this line


def reorder(stacked, old, new):
    """The four blocks on the last axis of stacked, from the order old into the order new.

    stacked (..., 4n); old and new are strings of four letters: i, f, o and one of c, g, u.
    """
    return None  # replace this line


carried = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E08.5"]
def lstm_forward(x, h0, c0, W, U, b):
    """All steps of an LSTM with blocks in the order i, f, c, o.

    x (N, T, m), h0 and c0 (N, n), W (m, 4n), U (n, 4n), b (4n,); returns h and c, (N, T, n) each.
    """
    h, c, hs, cs = h0, c0, [], []
    for t in range(x.shape[1]):
        a_i, a_f, a_c, a_o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
        h = sigmoid(a_o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)


def reorder(stacked, old, new):
    """The four blocks on the last axis of stacked, from the order old into the order new.

    stacked (..., 4n); old and new are strings of four letters: i, f, o and one of c, g, u.
    """
    old, new = (order.replace("g", "c").replace("u", "c") for order in (old, new))
    blocks = dict(zip(old, np.split(stacked, 4, axis=-1), strict=True))
    return np.concatenate([blocks[letter] for letter in new], axis=-1)


carried = "c"

# %% tags=["check", "E08.5"]
check("E08.5")

# %% tags=["hint", "E08.5"]
# hint("E08.5", 1)

# %% [markdown]
# The check compares you with a cell written in NumPy. Here is the same comparison with Keras, which shares no code with either. The weights are random,
# and so is the start. In 32-bit numbers, Keras' default, two right answers agree to about seven digits; in 64-bit numbers to about sixteen.
# The last line counts what slides D3.16 and D4.30 show as one box and D3.18 as four.

# %% tags=["figure", "E08.5"]
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras

rng = np.random.default_rng(8)
m, n = 4, 3
x, h0, c0 = rng.normal(size=(2, 7, m)), 0.5 * rng.normal(size=(2, n)), rng.normal(size=(2, n))
W, U, b = rng.normal(size=(m, 4 * n)), rng.normal(size=(n, 4 * n)), rng.normal(size=4 * n)

mine = lstm_forward(x, h0, c0, W, U, b)
for dtype in ("float32", "float64"):
    layer = keras.layers.LSTM(n, return_sequences=True, dtype=dtype)
    layer.build((None, None, m))
    layer.set_weights([W, U, b])
    start = [keras.ops.convert_to_tensor(state, dtype) for state in (h0, c0)]
    h_keras = keras.ops.convert_to_numpy(layer(x.astype(dtype), initial_state=start))
    if mine is not None:
        print(f"{dtype}: largest difference to keras.layers.LSTM {np.abs(mine[0] - h_keras).max():.1e}")

plain = keras.layers.SimpleRNN(n)
plain.build((None, None, m))
print(f"weights for m = {m}, n = {n}: SimpleRNN {plain.count_params()}, LSTM {layer.count_params()}")

# %% tags=["figure", "E08.5"]
lstm_whole.against_keras(lstm_forward, reorder, x, h0, c0, W, U, b, h_keras)

# %% [markdown]
# Seven steps, three units, and the lines run through the circles. The bars on the right deserve a second look. Weights in the wrong order raise no
# error: the shapes fit, the network runs, and every number is wrong by about 1, which is all the room that $h$ has. Only a comparison of values finds it. For
# the same reason the check uses weights that all differ. With one constant per matrix, even swapped gates pass.
#
# The ratio of the two counts is exactly 4, whatever $m$ and $n$: four layers of the same shape. Notebook 10 builds on it.
#
# **To think about.** One of the cases held $i = 1$, $f = 0$, $o = 1$. What was left of the cell, and in which respect is it still not the network of D4.30?

# %% [markdown] tags=["solution", "E08.5"]
# **Answer.** $c_t = \tanh(x_t W_c + h_{t-1} U_c + b_c)$ and $h_t = \tanh(c_t)$. So $c_t$ is computed as in D4.30, but what is fed back has gone through a
# second $\tanh$. Only if the outer one is left out as well is it the simplest RNN exactly.

# %% [markdown] tags=["slide:D2.12", "slide:D3.19", "slide:D3.20", "slide:D4.35", "slide:D5.9", "slide:D5.10"]
# ### E08.6 [h,x] or W,U
#
# D2.12, *Сети долго-краткосрочной памяти* (LSTM); D3.19, *LSTM: bramka zapominania* (LSTM: forget gate); D3.20, *LSTM: input gate i kandydaci* (LSTM:
# input gate and candidates); D5.9, *LSTM (3/6): забвение* (LSTM, 3: forgetting); D5.10, *LSTM (4/6): гипотеза и обновление* (LSTM, 4: hypothesis and
# update); D4.35, *LSTM: матричная запись* (LSTM: stacked form).
#
# D1 has two matrices a gate, $\mathbf W_f$ and $\mathbf U_f$. D2, D3 and D5 have one, and write $h_{t-1}$ and $x_t$ one below the other as a single column:
#
# $$M_f \begin{bmatrix} h_{t-1} \\ x_t \end{bmatrix} + b_f = U_f^{\top} h_{t-1} + W_f^{\top} x_t + b_f,
# \qquad M_f = \begin{bmatrix} U_f^{\top} & W_f^{\top} \end{bmatrix}.$$
#
# $M_f$ (they call it $W_f$) is $(n, n + m)$, since it stands on the left of a column of $n + m$ numbers, the $n$ of $h$ first. Our $W_f$ $(m, n)$ and
# $U_f$ $(n, n)$ stand on the right of rows. It is the same layer, written down in another place. D4.35 goes one step further and stacks all layers.
#
# **Write** `to_pair(M)`, which returns `W, U` for one slide matrix `M`; `to_concatenated(W, U)`, the way back; and `stack_for_keras(M_f, M_i, M_C, M_o)`, which
# takes the four matrices in the order of the slides and returns `W` $(m, 4n)$ and `U` $(n, 4n)$ in the order of Keras. **Checked for:** each of the three,
# exactly, since nothing is computed here.


# %% tags=["stub", "E08.6"]
def to_pair(M):
    """M (n, n + m) of a slide with [h, x] as W (m, n) and U (n, n)."""
    return None  # replace this line


def to_concatenated(W, U):
    """W (m, n) and U (n, n) as M (n, n + m) of a slide with [h, x]."""
    return None  # replace this line


def stack_for_keras(M_f, M_i, M_C, M_o):
    """Four slide matrices, (n, n + m) each, as W (m, 4n) and U (n, 4n) in the order i, f, c, o."""
    return None  # replace this line


# %% tags=["solution", "E08.6"]
def to_pair(M):
    """M (n, n + m) of a slide with [h, x] as W (m, n) and U (n, n)."""
    n = M.shape[0]
    return M[:, n:].T, M[:, :n].T


def to_concatenated(W, U):
    """W (m, n) and U (n, n) as M (n, n + m) of a slide with [h, x]."""
    return np.hstack([U.T, W.T])


def stack_for_keras(M_f, M_i, M_C, M_o):
    """Four slide matrices, (n, n + m) each, as W (m, 4n) and U (n, 4n) in the order i, f, c, o."""
    pairs = [to_pair(M) for M in (M_i, M_f, M_C, M_o)]
    return np.hstack([W for W, _ in pairs]), np.hstack([U for _, U in pairs])


# %% tags=["check", "E08.6"]
check("E08.6")

# %% tags=["hint", "E08.6"]
# hint("E08.6", 1)

# %% tags=["figure", "E08.6"]
lstm_whole.notations(to_pair, to_concatenated)

# %% [markdown]
# Two units, three inputs. The first digit of an entry is its source, the second its unit, and a minus marks what comes from $x$. On the slide a unit is a row,
# here it is a column: row u1 of $M$ becomes column u1 of $W$ and of $U$. What the figure does not show is the order inside the bracket. Some
# libraries write $[x, h]$; the shape of $M$ is then the same, and nothing but a comparison of values tells you.
#
# **To think about.** Is one matrix or are two cheaper to compute?

# %% [markdown] tags=["solution", "E08.6"]
# **Answer.** The number of multiplications is the same, $n(n+m)$ an example and gate. In practice the split form wins in training: all $x_t$ are known in
# advance, so the products $x_t W$ of all steps are one large matrix product before the loop, and only $h_{t-1} U$ has to wait for the step before it.

# %% [markdown] tags=["slide:D2.12", "slide:D2.14"]
# ### E08.7 Find the misprint
#
# D2.12, *Сети долго-краткосрочной памяти* (LSTM); D2.14, *Diff hunks (строки 27 и 50)* (Diff hunks: architectures, Elman and Jordan formulas added, LSTM
# formulas corrected).
#
# Document D2 is a page of a university wiki, shown as the difference between two revisions. Its LSTM formulas are below, as printed, with $*$ for
# both kinds of product. In our copy of the diff the old lines break off where the dots are.
#
# | line | before | after |
# | --- | --- | --- |
# | Elman | no formula | $h_t = \sigma_h(W_h x_t + U_h h_{t-1} + b_h)$, $y_t = \sigma_y(W_y h_t + b_y)$ |
# | Jordan | no formula | $h_t = \sigma_h(W_h x_t + U_h y_{t-1} + b_h)$, $y_t = \sigma_y(W_y h_t + b_y)$ |
# | f | $f_t = \sigma(W_f * [\,\dots$ | $f_t = \sigma(W_f * [h_{t-1}, x_t] + b_f)$ |
# | i | $i_t = \sigma(W_f * [\,\dots$ | $i_t = \sigma(W_f * [h_{t-1}, x_t] + b_i)$ |
# | C~ | $\tilde C_t = \tanh(W_C * [\,\dots$ | $\tilde C_t = \tanh(W_C * [h_{t-1}, x_t] + b_C)$ |
# | C | $C_t = f_t * \dots$ | $C_t = f_t * C_{t-1} + i_t * \tilde C_t$ |
# | o | $o_t = \sigma(W_o * [\,\dots$ | $o_t = \sigma(W_o * [h_{t-1}, x_t] + b_o)$ |
# | h | $h_t = o_t * \tanh(C_t)$ | $h_t = o_t * \tanh(C_t)$ |
#
# **Write** three things.
#
# 1. `misprint`: three texts, `(line, printed, meant)`: the line by its name in the first column, the weights that are printed there, and the weights that are
#    meant, for example `("o", "W_o", "W_f")`.
# 2. `changed`: the letters of what the revision did, as one text such as `"be"`. `a` it adds Elman's formulas; `b` it adds Jordan's formulas; `c` it
#    writes out the argument $[h_{t-1}, x_t]$ of the layers; `d` it gives $i_t$ weights of its own; `e` it adds the lines of $o_t$ and $h_t$.
# 3. `wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i)`: `f, i` exactly as the wiki prints them, misprint included, in the split form of E08.6. Some
#    arguments will go unused.
#
# **Checked for:** the two answers; the printed gates on random numbers; the printed gates for $b_i = b_f$.

# %% tags=["stub", "E08.7"]
misprint = None  # replace this line: (line, printed, meant)

changed = None  # replace this line: letters, such as "be"


def wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i):
    """Forget and input gate as the wiki prints them.

    x (N, m), h (N, n), W_* (m, n), U_* (n, n), b_* (n,); returns f and i, (N, n) each.
    """
    return None  # replace this line


# %% tags=["solution", "E08.7"]
misprint = ("i", "W_f", "W_i")

changed = "abc"


def wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i):
    """Forget and input gate as the wiki prints them.

    x (N, m), h (N, n), W_* (m, n), U_* (n, n), b_* (n,); returns f and i, (N, n) each.
    """
    a = x @ W_f + h @ U_f
    return sigmoid(a + b_f), sigmoid(a + b_i)


# %% tags=["check", "E08.7"]
check("E08.7")

# %% tags=["hint", "E08.7"]
# hint("E08.7", 1)

# %% tags=["figure", "E08.7"]
lstm_whole.misprint(wiki_gates)

# %% [markdown]
# Each point is one random input. Where the points lie on a line, one gate tells you the other: there is one decision, not two. The cloud on the right is the
# cell as it is meant, with all four corners in reach. What the figure does not show is how a network trained with the misprint would
# do; it is a smaller model, not a broken one.
#
# **To think about.** Which of the four uses in E08.3, keep, fade, add, replace, can a cell with the misprint not choose freely at each step?

# %% [markdown] tags=["solution", "E08.7"]
# **Answer.** $i$ and $f$ rise and fall together, shifted only by the fixed difference of the biases. So a unit cannot keep ($f = 1$, $i = 0$) at one step and
# replace ($f = 0$, $i = 1$) at another. That is the choice a memory is for. (The GRU of notebook 11 ties its two gates as well, but the
# other way round, $i = 1 - f$, which keeps exactly this choice.)

# %% [markdown]
# ## The cell at work

# %% [markdown] tags=["slide:D1.16", "slide:D4.38"]
# ### E08.8 The conveyor is linear
#
# D1.16, *Рекуррентные сети VII (2/6): конвейер состояния* (Recurrent networks VII, build 2: the state conveyor); D4.38, *LSTM: состояние и фильтры* (LSTM:
# state and gates in words).
#
# D1.16 calls the path $c_{k-1} \to c_k$ a conveyor and says that it holds linear operations only. D4.38 says the same of "a few". Taken at its word this cannot be
# true of the whole cell, since the gates depend on $h$, $h$ on $c$, and both through curves. It is true of the conveyor itself. So let a cell run,
# write down its gates, and then play the conveyor alone with the gates as they were. They are *frozen*: given numbers, whatever $c$ does.
# With $u_t = i_t \odot \tilde c_t$ for what is written,
#
# $$c_t = f_t \odot c_{t-1} + u_t, \qquad t = 1, \dots, K,$$
#
# where $f$ and $u$ are $(N, K, n)$ and $c_0$ is $(N, n)$. Linear means superposition: the ride of $a\,c_0 + b\,d_0$ with $a\,u + b\,v$ is $a$ times one ride plus
# $b$ times the other. For fixed $u$ it means that every ride has the form
#
# $$c_K = A \odot c_0 + B$$
#
# with a gain $A$ and an offset $B$, both $(N, n)$, that do not depend on $c_0$.
#
# **Write** `ride(c_0, f, u)`, which returns $c_K$, and `gain_and_offset(f, u)`, which returns $A$ and $B$. **Checked for:** values; superposition; gain
# and offset; frozen gates of a real LSTM, whose last state your ride must reproduce.


# %% tags=["stub", "E08.8"]
def ride(c_0, f, u):
    """The last state c_K of the conveyor with frozen gates: c_0 (N, n), f and u (N, K, n); returns (N, n)."""
    return None  # replace this line


def gain_and_offset(f, u):
    """A and B of c_K = A * c_0 + B: f and u (N, K, n); returns two arrays (N, n)."""
    return None  # replace this line


# %% tags=["solution", "E08.8"]
def ride(c_0, f, u):
    """The last state c_K of the conveyor with frozen gates: c_0 (N, n), f and u (N, K, n); returns (N, n)."""
    c = c_0
    for k in range(f.shape[1]):
        c = f[:, k] * c + u[:, k]
    return c


def gain_and_offset(f, u):
    """A and B of c_K = A * c_0 + B: f and u (N, K, n); returns two arrays (N, n)."""
    return f.prod(axis=1), ride(np.zeros_like(u[:, 0]), f, u)


# %% tags=["check", "E08.8"]
check("E08.8")

# %% tags=["hint", "E08.8"]
# hint("E08.8", 1)

# %% tags=["figure", "E08.8"]
lstm_whole.conveyor(ride, gain_and_offset)

# %% [markdown]
# The cross is a run of a whole LSTM from $c_0 = 1$. Its gates were written down there and frozen. With them the last state is a straight line in the first. The
# dashed curve is the same LSTM from other starts, with gates that react to what they see. It meets the line at the cross, where the frozen
# gates are the true ones, and leaves it elsewhere. So "only linear operations" is a statement about the belt, not about the hands that work at
# it.
#
# **To think about.** Is the slope of the dashed curve at the cross the gain $A$?

# %% [markdown] tags=["solution", "E08.8"]
# **Answer.** In general not. The true derivative of $c_K$ with respect to $c_0$ has the direct part, the product of the forget gates, and the paths through $h$ and
# the gates. D4.39, which sets the derivative to 1, means the direct part alone; notebook 09 measures both. A small difference in the figure can be
# seen for unit 1, where the dashed curve is nearly level at the cross.

# %% [markdown] tags=["slide:D3.15", "slide:D3.17", "slide:D4.32", "slide:D5.13"]
# ### E08.9 Watch the gates
#
# D3.15, *(rysunek bez tekstu)* (figure without text); D3.17, *# sages (rysunek)* (figure page with the company name); D4.32, *LSTM (рисунок)* (LSTM picture);
# D5.13, *Повторение – мать ученья* (repetition is the mother of learning). These pages are pictures of the cell. Instead of one more, here is a cell that works.
#
# The kit ships a small LSTM, $m = 3$ inputs and $n = 6$ units, that was trained on strings of `(`, `)` and a filler `x`. Its one task was to predict the next
# symbol. It never saw a number. On strings that it has not seen, its loss is 0.9917 nats a symbol. Guessing by the shares of the three symbols costs
# 1.0530, and the best that any predictor can do is 0.9893 (`data/README.md`). So it has found nearly all there is to find, and somewhere in its six states
# must stand what it takes.
#
# **Write** three things.
#
# 1. `gate_traces(x, W, U, b)` for one string `x` $(T, m)$, from $h_0 = c_0 = 0$, with weights in the order i, f, c, o; returns `f, i, o, c`, each $(T, n)$, where
#    `c` is the state after each step.
# 2. `best_unit(c, quantity)`: the index of the unit whose state `c` $(T, n)$ goes with `quantity` $(T,)$ most closely, by the absolute value of the correlation. A
#    unit that falls when the quantity rises follows it just as well.
# 3. `counts`: what does the cell count? One of the letters of `quantities` below: `"a"` the symbols read so far, `"b"` the opening brackets so far, `"c"` the closing
#    ones, `"d"` the brackets that are open now, `"e"` the fillers so far. The table below the check has the evidence; the figure shows how well your letter fits.
#
# **Checked for:** traces on random numbers and on a random string; the unit, on made-up states; the letter.


# %%
def quantities(string):
    """What could be counted in a string, after each symbol: a letter maps to an array (T,)."""
    opened, closed, filled = (np.cumsum([s == symbol for s in string]) for symbol in "()x")
    return {"a": opened + closed + filled, "b": opened, "c": closed, "d": opened - closed, "e": filled}


for letter, values in quantities("((x)x(").items():
    print(letter, values)


# %% tags=["stub", "E08.9"]
def gate_traces(x, W, U, b):
    """Gates and state of an LSTM on one string, from zeros.

    x (T, m), W (m, 4n), U (n, 4n), b (4n,) in the order i, f, c, o; returns f, i, o, c, (T, n) each.
    """
    return None  # replace this line


def best_unit(c, quantity):
    """Index of the column of c (T, n) with the largest absolute correlation with quantity (T,)."""
    return None  # replace this line


counts = None  # replace this line: "a", "b", "c", "d" or "e"


# %% tags=["solution", "E08.9"]
def gate_traces(x, W, U, b):
    """Gates and state of an LSTM on one string, from zeros.

    x (T, m), W (m, 4n), U (n, 4n), b (4n,) in the order i, f, c, o; returns f, i, o, c, (T, n) each.
    """
    n = U.shape[0]
    h, c, kept = np.zeros(n), np.zeros(n), []
    for x_t in x:
        a_i, a_f, a_c, a_o = np.split(x_t @ W + h @ U + b, 4)
        i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
        c = f * c + i * np.tanh(a_c)
        h = o * np.tanh(c)
        kept.append((f, i, o, c))
    return tuple(np.stack(trace) for trace in zip(*kept, strict=True))


def best_unit(c, quantity):
    """Index of the column of c (T, n) with the largest absolute correlation with quantity (T,)."""
    return int(np.argmax([abs(np.corrcoef(unit, quantity)[0, 1]) for unit in c.T]))


counts = "d"

# %% tags=["check", "E08.9"]
check("E08.9")

# %% tags=["hint", "E08.9"]
# hint("E08.9", 1)

# %% [markdown]
# The next cell loads the trained weights and asks your functions, over 40 strings of 60 symbols, which unit goes with which quantity.

# %% tags=["figure", "E08.9"]
from course_kit.datasets.bracket import bracket_lstm, one_hot, strings

trained = bracket_lstm()
texts = strings(40, 60, seed=8)
print("a string:", texts[0])
runs = [gate_traces(one_hot(text), trained.W, trained.U, trained.b) for text in texts]
if runs[0] is not None:
    states = np.concatenate([c for _, _, _, c in runs])
    for letter in "abcde":
        values = np.concatenate([quantities(text)[letter] for text in texts])
        unit = best_unit(states, values)
        if unit is not None:
            print(f"{letter}: unit {unit}, correlation {np.corrcoef(states[:, unit], values)[0, 1]:.3f}")

# %% tags=["figure", "E08.9"]
lstm_whole.gates(gate_traces, best_unit, counts, quantities, trained, "(((xxx)x(x))((((x)x)))xxxxx)")

# %% [markdown]
# In the top panel your quantity is drawn as a staircase, scaled to the state of the unit that goes with it best. If your letter is right, the thick line sits on
# the stairs after about six symbols; before that the cell is still on its way from its start at zero. Below are the other five units and the three gates of
# this one. Look at what the gates do *not* do. None of them snaps open or shut, $f$ stays between 0.90 and 0.96, and $i$ only moves from about 0.3 on a
# filler to 0.45 on a bracket. A correlation, finally, says that a state goes with a quantity. It does not say that the network uses it.
#
# **To think about.** $f$ is about 0.93, so the state should be halved within ten steps. On a run of fillers it hardly changes. What holds it? And
# what would you expect on forty fillers in a row?

# %% [markdown] tags=["solution", "E08.9"]
# **Answer.** The cell counts the brackets that are open, its nesting depth: unit 2 has a correlation of $-0.99$ with it, and none of the other quantities is followed
# by any unit more closely than 0.86. It counts downwards, about $-0.2$ for each opening bracket and $+0.2$ for each closing one. Depth is what the task
# calls for: the strings were made so that the next bracket opens with probability $(8-d)/8$ at depth $d$, and whoever knows $d$ reaches the loss of 0.9893.
#
# The sign of a step comes from the candidate, which is about $-0.45$ on `(`, $+0.4$ on `)` and near 0 on `x`; the input gate only sets its size. On a filler
# the candidate is not quite 0. It depends on $h$ as well, and puts back most of what $f$ takes away: the state is held by the loop through $h$, not by
# the gate alone. The balance is not perfect. After `(((` and forty fillers the state has drifted to $-0.11$, which is nearer to its mean at depth 2, $-0.07$,
# than to that at depth 3, $-0.24$. The training strings hardly ever had such runs, so nobody taught it better. It is a counter, but a leaky one. And it is not the only
# trace of the depth: unit 1 has a correlation of 0.70 with it, and all six states together explain 99.4 % of its variance.

# %% [markdown]
# ## What you have now
#
# A cell that agrees with Keras to rounding, in any gate order and any of the notations of the five lectures, and a way to look inside one that was trained. Notebook 09 takes
# the forget gate away again, to see what the cell of 1997 could and could not do; notebook 10 counts its weights.

# %% tags=["figure"]
progress()
