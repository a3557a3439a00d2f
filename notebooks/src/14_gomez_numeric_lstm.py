# %% [markdown]
# # 14 One training step, with every number
#
# After this notebook you can
#
# - follow one training step of an LSTM (long short-term memory) from the inputs to the new weights, number by number,
# - write the way back through one step as six lines, and say where its two messengers from the future come in,
# - check a gradient in three ways that share no code,
# - say when a label cannot be reached, and how low the loss can then go,
# - say which numbers change when backpropagation through time is truncated, and which cannot.
#
# Slide: D1.27. Time: about two hours. Before it: notebook 05 for backpropagation through time, notebook 08 for the cell. NumPy is enough but for the
# tape in E14.6.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import gomez as figures

# %% [markdown] tags=["slide:D1.27"]
# ## The example
#
# Slide D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained), says three things about the training of an LSTM. The error is
# kept in the cell like on a carousel (notebook 09 sends one round); training is done by truncated backpropagation through time (notebook 07); and
# there is a numerical example by Aidan Gomez, *Backpropagating an LSTM: A Numerical Example*. Here it is. One unit, two inputs, two time steps,
# sixteen weights: small enough for pencil and paper, and large enough for everything that happens in a large network to happen once.
#
# The letters are Gomez's, since one wants to lay his page beside this one. He calls the candidate $a$ and stacks the layers $a, i, f, o$:
#
# | here | notebook 08, Keras |
# | --- | --- |
# | $a_t$ | candidate $\tilde c_t$ |
# | $i_t, f_t, o_t$ | the same |
# | $\text{state}_t$ | $c_t$ |
# | $\text{out}_t$ | $h_t$ |
# | order $a, i, f, o$ | order $i, f, \tilde c, o$ |
# | $\delta\,$something, in code `d_something` | $\partial L/\partial\,$something |
#
# There is one example and one unit, so batch and unit axes are left out: $x$ is $(T, m)$ with $T = m = 2$, $W$ is $(m, 4)$ with a column for each
# layer, $U$ and $b$ are $(4,)$; state and out are numbers. The loss is half the squared distance to the labels, added over the steps:
#
# $$L = \sum_{t=0}^{T-1} \tfrac12\,(\text{out}_t - \text{label}_t)^2.$$
#
# A word on the source: the slide gives the title of the page and no numbers, and the copies of the page that we could read have lost their formulas.
# The weights, inputs and labels below are as we remember them. Everything that follows from them was computed anew for this course and does not
# depend on the page.

# %%
# columns: the layers a, i, f, o; rows of W: the two inputs; rows of x: t = 0 and t = 1
W = np.array([[0.45, 0.95, 0.70, 0.60], [0.25, 0.80, 0.45, 0.40]])
U = np.array([0.15, 0.80, 0.10, 0.25])
b = np.array([0.20, 0.65, 0.15, 0.10])

x = np.array([[1.0, 2.0], [0.5, 3.0]])
labels = np.array([0.5, 1.25])
rate = 0.1


def sigmoid(a):
    """Logistic function 1 / (1 + exp(-a)), entry by entry, for any size of a."""
    return 0.5 * (1.0 + np.tanh(0.5 * a))


# %% [markdown]
# One number by hand before any function is written. The candidate at $t = 0$ sees the two inputs and its bias; there is no out before:

# %%
before_squashing = 0.45 * 1.0 + 0.25 * 2.0 + 0.20
print(f"0.45 * 1 + 0.25 * 2 + 0.20 = {before_squashing:.2f}, and tanh of it is a_0 = {np.tanh(before_squashing):.5f}")

# %% [markdown] tags=["slide:D1.27"]
# ## There
#
# ### E14.1 Forward, t=0
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). At the first step nothing has been, so
# $\text{out}_{-1} = \text{state}_{-1} = 0$, and $U$ and $f$ have nothing to act on:
#
# $$\begin{aligned}
# z &= x_0\,W + b, & a_0 &= \tanh(z_a), \\
# (i_0, f_0, o_0) &= \sigma(z_i, z_f, z_o), & \text{state}_0 &= a_0\,i_0, \\
# \text{out}_0 &= o_0 \tanh(\text{state}_0). &&
# \end{aligned}$$
#
# Take pencil, paper and a pocket calculator if you like; it is eleven lines. **Write** `first_step(x, W, b)` with `x` $(m,)$, `W` $(m, 4)$, `b`
# $(4,)$; return the six numbers `a, i, f, o, state, out`. **Checked for:** the numbers of the example, to $10^{-5}$; other numbers, with more inputs.


# %% tags=["stub", "E14.1"]
def first_step(x, W, b):
    """a, i, f, o, state, out of the first step: x (m,), W (m, 4), b (4,); columns in the order a, i, f, o."""
    return None  # replace this line


# %% tags=["solution", "E14.1"]
def first_step(x, W, b):
    """a, i, f, o, state, out of the first step: x (m,), W (m, 4), b (4,); columns in the order a, i, f, o."""
    z = x @ W + b
    a = np.tanh(z[0])
    i, f, o = sigmoid(z[1:])
    state = a * i
    return a, i, f, o, state, o * np.tanh(state)


# %% tags=["check", "E14.1"]
check("E14.1")

# %% tags=["hint", "E14.1"]
# hint("E14.1", 1)

# %% tags=["figure", "E14.1"]
figures.one_step(first_step)

# %% [markdown]
# Follow the arrows upwards. The input meets four layers; $a$ and $i$ make the state, $o$ decides how much of it shows. $f_0 = 0.85$ is drawn with its
# arrow, and it is computed like the others, but it multiplies a zero. Remember this when gradients come back: whatever multiplies a zero can be
# changed without consequence. What the figure does not show is the label at work; the label 0.5 and $\text{out}_0 = 0.536$ are not far apart.
#
# **To think about.** Which of the sixteen numbers in $W$, $U$, $b$ could be replaced by any others without changing $\text{out}_0$?

# %% [markdown] tags=["solution", "E14.1"]
# **Answer.** Seven: the four of $U$, which multiply $\text{out}_{-1} = 0$, and the three of the forget gate in $W$ and $b$, since $f_0$ multiplies
# $\text{state}_{-1} = 0$. (The one of $U$ that belongs to $f$ is among the four.) A network that is only ever trained on sequences of length one
# learns nothing about forgetting.

# %% [markdown] tags=["slide:D1.27"]
# ### E14.2 Forward, t=1
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). Now there is a past, and it comes in by two ways:
#
# $$z = x_t\,W + \text{out}_{t-1}\,U + b, \qquad \text{state}_t = f_t\,\text{state}_{t-1} + a_t\,i_t, \qquad \text{out}_t = o_t \tanh(\text{state}_t),$$
#
# with the squashing functions as before. **Write** `step(x, out, state, W, U, b)`, where `out` and `state` are those of the step before; return
# `a, i, f, o, state, out` of this step. **Checked for:** the numbers of the example, to $10^{-5}$; other numbers; from `out = state = 0` it must
# agree with E14.1.


# %% tags=["stub", "E14.2"]
def step(x, out, state, W, U, b):
    """a, i, f, o, state, out of a step: x (m,), out and state of the step before, W (m, 4), U (4,), b (4,)."""
    return None  # replace this line


# %% tags=["solution", "E14.2"]
def step(x, out, state, W, U, b):
    """a, i, f, o, state, out of a step: x (m,), out and state of the step before, W (m, 4), U (4,), b (4,)."""
    z = x @ W + out * U + b
    a = np.tanh(z[0])
    i, f, o = sigmoid(z[1:])
    state = f * state + a * i
    return a, i, f, o, state, o * np.tanh(state)


# %% tags=["check", "E14.2"]
check("E14.2")

# %% tags=["hint", "E14.2"]
# hint("E14.2", 1)

# %% tags=["figure", "E14.2"]
figures.two_steps(first_step, step)

# %% [markdown]
# Two ways lead from the left half to the right. The thick one is the conveyor of notebook 08: the state, shortened by $f_1 = 0.87$, goes into a sum.
# The other one starts at $\text{out}_0$ and reaches all four layers. On the way back the same two ways will be used in the opposite direction. The
# state has passed 1, which no out can do. What the figure does not show is which of the two ways matters more; E14.4 has the numbers.
#
# **To think about.** The label at $t = 1$ is 1.25. How far is $\text{out}_1$ from it, and where does the largest part of the loss come from?

# %% [markdown] tags=["solution", "E14.2"]
# **Answer.** $0.772 - 1.25 = -0.478$; half its square is 0.1143. At $t = 0$ it is $0.0007$. The total loss is 0.11491, and 99.4 % of it comes from
# the second label. E14.7 asks whether that is the network's fault.

# %%
NAMES = ("a", "i", "f", "o", "state", "out")


def forward(x, W, U, b):
    """The six numbers of every step as dicts, by your step; None while it is a stub."""
    steps, out, state = [], 0.0, 0.0
    for row in x:
        six = step(row, out, state, W, U, b)
        if six is None:
            return None
        steps.append(dict(zip(NAMES, six, strict=True)))
        out, state = steps[-1]["out"], steps[-1]["state"]
    return steps


steps = forward(x, W, U, b)
for t, numbers in enumerate(steps or []):
    print(f"t = {t}:  " + "  ".join(f"{name} {value:.5f}" for name, value in numbers.items()))

# %% [markdown] tags=["slide:D1.27"]
# ## And back
#
# ### E14.3 Backward, t=1
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). Let $\delta v$ be the slope of the loss in a number $v$: by how much
# $L$ grows for each bit that $v$ grows. The way back begins at the last step, since nothing comes after it. There is no more to it than the chain
# rule, taken from the top of the figure downwards: at a multiplication the slope of one factor is the other factor, at a squashing it is its
# derivative.
#
# $$\begin{aligned}
# \Delta_t &= \text{out}_t - \text{label}_t, \\
# \delta\text{out}_t &= \Delta_t + \Delta\text{out}_t, \\
# \delta\text{state}_t &= \delta\text{out}_t\,o_t\,(1 - \tanh^2(\text{state}_t)) + \delta\text{state}_{t+1}\,f_{t+1},
# \end{aligned}$$
#
# where the second summands come from the step after; at the last step both are 0. For the four layers, before their squashing, and then for what they
# read,
#
# $$\begin{aligned}
# \delta a_t &= \delta\text{state}_t\,i_t\,(1 - a_t^2), & \delta i_t &= \delta\text{state}_t\,a_t\,i_t(1 - i_t), \\
# \delta f_t &= \delta\text{state}_t\,\text{state}_{t-1}\,f_t(1 - f_t), & \delta o_t &= \delta\text{out}_t \tanh(\text{state}_t)\,o_t(1 - o_t), \\
# \delta x_t &= W\,\delta\text{gates}_t, & \Delta\text{out}_{t-1} &= U \cdot \delta\text{gates}_t,
# \end{aligned}$$
#
# with $\delta\text{gates}_t = (\delta a_t, \delta i_t, \delta f_t, \delta o_t)$ $(4,)$. Gomez's $\Delta_t$ is the part of the slope that comes from
# the label of step $t$, his $\Delta\text{out}_t$ the part that comes back from step $t + 1$ by way of $U$.
#
# **Write** `backward_last(label, now, before, W, U)`. `now` and `before` are dicts with the six numbers of this step and of the one before it. Return
# `Delta, d_out, d_state, d_gates, dx, Delta_out`: numbers but for `d_gates` $(4,)$ and `dx` $(m,)$; the last one is what this step sends to the step
# before. **Checked for:** the numbers of the example, to $10^{-5}$; other numbers.


# %% tags=["stub", "E14.3"]
def backward_last(label, now, before, W, U):
    """The way back through the last step.

    now, before: dicts with a, i, f, o, state, out of this step and the one before; W (m, 4), U (4,).
    Returns Delta, d_out, d_state, d_gates (4,), dx (m,), and Delta_out for the step before.
    """
    return None  # replace this line


# %% tags=["solution", "E14.3"]
def backward_last(label, now, before, W, U):
    """The way back through the last step.

    now, before: dicts with a, i, f, o, state, out of this step and the one before; W (m, 4), U (4,).
    Returns Delta, d_out, d_state, d_gates (4,), dx (m,), and Delta_out for the step before.
    """
    a, i, f, o, squashed = now["a"], now["i"], now["f"], now["o"], np.tanh(now["state"])
    Delta = now["out"] - label
    d_out = Delta
    d_state = d_out * o * (1 - squashed**2)
    d_gates = np.array(
        [
            d_state * i * (1 - a**2),
            d_state * a * i * (1 - i),
            d_state * before["state"] * f * (1 - f),
            d_out * squashed * o * (1 - o),
        ]
    )
    return Delta, d_out, d_state, d_gates, W @ d_gates, U @ d_gates


# %% tags=["check", "E14.3"]
check("E14.3")

# %% tags=["hint", "E14.3"]
# hint("E14.3", 1)

# %%
QUANTITIES = ("Delta", "d_out", "d_state", "d_gates", "dx", "Delta_out")


def tell(results):
    """Print the six results of a step back."""
    for name, value in zip(QUANTITIES, results, strict=True):
        print(
            f"{name:10s}", np.array2string(np.asarray(value) + 0.0, precision=5, suppress_small=True, floatmode="fixed")
        )


last = None if steps is None else backward_last(labels[1], steps[1], steps[0], W, U)
if last is not None:
    tell(last)

# %% tags=["figure", "E14.3"]
figures.slopes_of_the_last_step(backward_last)

# %% [markdown]
# The bars are your slopes, and each circle was found without any of these formulas: the loss was computed twice, with the number in question moved up
# and down a little by hand while what lies above it followed. The slope at out is $-0.478$: the loss falls if out grows. The state gets only $-0.071$
# of it, because $\tanh$ is already flat at 1.52, and the layers get less still, because a gate at 0.98 is flat, too. One layer stands out. $\delta o$
# is nearly three times as large as the next, since it does not have to pass the $\tanh$. What the figure does not show is how large the *useful*
# change is: a small slope may be multiplied by a large input.
#
# **To think about.** $\delta i_1$ is seventeen times smaller than $\delta a_1$, though both come from the product $a_1 i_1$ of two similar numbers.
# Why?

# %% [markdown] tags=["solution", "E14.3"]
# **Answer.** The factors $i_1 = 0.98$ and $a_1 = 0.85$ are similar; the slopes of the squashings are not. $1 - a_1^2 = 0.278$, but
# $i_1(1 - i_1) = 0.0185$: the gate is nearly saturated. Saturated gates learn slowly, and with pre-activations of about 4 (look:
# $0.5 \cdot 0.95 + 3 \cdot 0.8 + \dots$) inputs of this size are already too large for them. One reason to scale inputs.

# %% [markdown] tags=["slide:D1.27"]
# ### E14.4 Backward, t=0
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). One step earlier the two summands are there. They are the two ways
# of the forward figure, walked backwards: $\Delta\text{out}_0$ comes by way of $U$ and is added at out; $\delta\text{state}_1\,f_1$ comes along the
# conveyor and is added at the state, *behind* $o$ and $\tanh$. The second one is the error carousel of D1.27. Note which gate it passes: $f_1$, the
# gate of the later step, which decided how much of $\text{state}_0$ went on.
#
# **Write** `backward_step(label, now, before, later, W, U)`: as before, with `later` a dict of what comes from the step after, `"Delta_out"`,
# `"d_state"` and `"f"`. **Checked for:** the numbers of the example, to $10^{-5}$; a step in the middle of a longer sequence; with zeros in `later`
# it is the last step.


# %% tags=["stub", "E14.4"]
def backward_step(label, now, before, later, W, U):
    """The way back through any step.

    now, before: dicts with a, i, f, o, state, out of this step and the one before; later: dict with Delta_out,
    d_state and f of the step after; W (m, 4), U (4,).
    Returns Delta, d_out, d_state, d_gates (4,), dx (m,), and Delta_out for the step before.
    """
    return None  # replace this line


# %% tags=["solution", "E14.4"]
def backward_step(label, now, before, later, W, U):
    """The way back through any step.

    now, before: dicts with a, i, f, o, state, out of this step and the one before; later: dict with Delta_out,
    d_state and f of the step after; W (m, 4), U (4,).
    Returns Delta, d_out, d_state, d_gates (4,), dx (m,), and Delta_out for the step before.
    """
    a, i, f, o, squashed = now["a"], now["i"], now["f"], now["o"], np.tanh(now["state"])
    Delta = now["out"] - label
    d_out = Delta + later["Delta_out"]
    d_state = d_out * o * (1 - squashed**2) + later["d_state"] * later["f"]
    d_gates = np.array(
        [
            d_state * i * (1 - a**2),
            d_state * a * i * (1 - i),
            d_state * before["state"] * f * (1 - f),
            d_out * squashed * o * (1 - o),
        ]
    )
    return Delta, d_out, d_state, d_gates, W @ d_gates, U @ d_gates


# %% tags=["check", "E14.4"]
check("E14.4")

# %% tags=["hint", "E14.4"]
# hint("E14.4", 1)

# %%
NOTHING = dict.fromkeys(NAMES, 0.0)
NO_LATER = {"Delta_out": 0.0, "d_state": 0.0, "f": 0.0}


def backward(labels, steps, W, U):
    """The six results of every step, by your backward_step; None while it is a stub."""
    results, later = [], NO_LATER
    for t in reversed(range(len(steps))):
        result = backward_step(labels[t], steps[t], steps[t - 1] if t else NOTHING, later, W, U)
        if result is None:
            return None
        results.insert(0, result)
        later = {"Delta_out": result[5], "d_state": result[2], "f": steps[t]["f"]}
    return results


back = None if steps is None else backward(labels, steps, W, U)
if back is not None:
    tell(back[0])

# %% tags=["figure", "E14.4"]
figures.there_and_back(backward_last, backward_step)

# %% [markdown]
# All numbers of the example are in this figure. Look at $\text{state}_0$. Its own label would like it smaller: $\text{out}_0 = 0.536$ is above 0.5,
# and by that way alone the slope would be $+0.017$. But $\delta\text{state}_0$ is $-0.053$. The second label wants more, and what it wants comes
# round on the carousel, $\delta\text{state}_1\,f_1 = -0.062$, nearly four times as strong as the wish of the first. What the loss at $t = 1$ says to
# step 0 goes almost entirely along the conveyor; by way of $U$ only $-0.018$ comes, of which $-0.009$ arrives at the state. Then look at the layers:
# $a_0$ and $i_0$ got their minus signs from the future, while $o_0$, which the carousel passes by, kept its plus. And $\delta f_0$ is 0. What the
# figure does not show are the weights; that is the next exercise.
#
# **To think about.** $\delta f_0 = 0$ in this example, whatever the weights are. Will the forget gate ever learn anything?

# %% [markdown] tags=["solution", "E14.4"]
# **Answer.** From $t = 0$ never, because $\text{state}_{-1} = 0$. From $t = 1$ on it does: $\delta f_1 = -0.0063$. The weights of $f$ are shared by
# all steps, so what is learned at $t = 1$ serves $t = 0$ as well. If the start state were not zero but a learned number, as some do, $\delta f_0$
# would be there, too.

# %% [markdown] tags=["slide:D1.27"]
# ## The step itself
#
# ### E14.5 Update
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). Every step used the same weights, so a weight collects what all
# steps have to say. Each layer's slope meets what that layer had read: the inputs, out of the step before, and the constant 1 of the bias:
#
# $$\delta W = \sum_{t=0}^{T-1} x_t^{\top}\,\delta\text{gates}_t, \qquad \delta U = \sum_{t=1}^{T-1} \text{out}_{t-1}\,\delta\text{gates}_t, \qquad \delta b = \sum_{t=0}^{T-1} \delta\text{gates}_t.$$
#
# The sum of $U$ starts at 1, since nothing came in by $U$ at $t = 0$. Then all weights go a step of length $\eta = 0.1$ against the slope,
# $W \leftarrow W - \eta\,\delta W$ and so on.
#
# **Write** `sum_up(x, out, d_gates)` with `x` $(T, m)$, `out` $(T,)$, the outs of all steps, and `d_gates` $(T, 4)$; it returns `dW, dU, db` of the
# shapes of $W$, $U$, $b$. And `update(W, U, b, dW, dU, db, rate)`, which returns the new `W, U, b`; leave the old ones as they are. **Checked for:**
# sums and new weights of the example, to $10^{-5}$; seven steps of other numbers; another rate.


# %% tags=["stub", "E14.5"]
def sum_up(x, out, d_gates):
    """dW (m, 4), dU (4,), db (4,) from x (T, m), out (T,) and d_gates (T, 4) of all steps."""
    return None  # replace this line


def update(W, U, b, dW, dU, db, rate):
    """The weights after one step downhill, as new arrays W, U, b."""
    return None  # replace this line


# %% tags=["solution", "E14.5"]
def sum_up(x, out, d_gates):
    """dW (m, 4), dU (4,), db (4,) from x (T, m), out (T,) and d_gates (T, 4) of all steps."""
    return x.T @ d_gates, out[:-1] @ d_gates[1:], d_gates.sum(axis=0)


def update(W, U, b, dW, dU, db, rate):
    """The weights after one step downhill, as new arrays W, U, b."""
    return W - rate * dW, U - rate * dU, b - rate * db


# %% tags=["check", "E14.5"]
check("E14.5")

# %% tags=["hint", "E14.5"]
# hint("E14.5", 1)

# %%
sums = None
if back is not None:
    sums = sum_up(x, np.array([s["out"] for s in steps]), np.stack([r[3] for r in back]))
new = None if sums is None else update(W, U, b, *sums, rate)
if new is not None:
    for name, old, slope, moved in zip("WUb", (W, U, b), sums, new, strict=True):
        for k, layer in enumerate("aifo"):
            row = [np.array2string(np.asarray(v[..., k]), precision=5, floatmode="fixed") for v in (old, slope, moved)]
            print(f"{name}_{layer}   {row[0]:18s} slope {row[1]:22s} new {row[2]}")

# %% tags=["figure", "E14.5"]
figures.training(sum_up, update)

# %% [markdown]
# One step, and the loss falls from 0.11491 to 0.11088, by 3.5 %. That is the first of the three hundred in the figure, and Gomez's example ends here.
# Ours goes on, because the curve has something to tell: it falls fast, then slowly, and the floor drawn below it seems to hold it up from a distance.
# E14.7 is about that distance. What the figure does not show is a different step length; try one.
#
# **To think about.** How much should the loss fall to first order, and how much does it? Compute
# $\eta\,(\|\delta W\|^2 + \|\delta U\|^2 + \|\delta b\|^2)$.

# %% tags=["solution", "figure"]
if new is not None:
    print(f"foretold {rate * sum((s**2).sum() for s in sums):.6f}, and it falls from 0.114910 by", end=" ")
    out = [s["out"] for s in forward(x, *new)]
    print(f"{0.1149103630586 - sum(0.5 * (o - label) ** 2 for o, label in zip(out, labels, strict=True)):.6f}")

# %% [markdown] tags=["solution", "E14.5"]
# **Answer.** Foretold are 0.00420, and it falls by 0.00403. The difference is the curvature: the slopes become smaller on the way. (Notebook 05,
# E05.2, has the reason.)

# %% [markdown] tags=["slide:D1.27"]
# ## Is it true?
#
# ### E14.6 Check it yourself
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). Sixteen slopes came out of a page of formulas. There are two ways to
# be sure of them, and both know nothing of that page.
#
# The first is the definition of a slope. Move one weight by $\varepsilon$ to either side, and see what the loss does:
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2\,\varepsilon}.$$
#
# The second is the machine that trains all networks in this course: `keras.layers.LSTM` with one unit, and TensorFlow's tape. Keras wants its blocks
# in the order $i, f, \tilde c, o$, so the columns have to be moved on the way in, and its gradients on the way out.
#
# **Write** three functions.
#
# 1. `loss(x, labels, W, U, b)`: $L$, by your `step`.
# 2. `differences(x, labels, W, U, b, step_size)`: `dW, dU, db` by central differences with $\varepsilon$ = `step_size`.
# 3. `tape_gradients(x, labels, W, U, b)`: the same by an LSTM layer of one unit with `dtype="float64"` and `tf.GradientTape`; NumPy arrays of the
#    shapes of $W$, $U$, $b$, in Gomez's order.
#
# **Checked for:** the loss; all sixteen numbers of the example to $10^{-8}$; other numbers; whether your differences use the step they are given.


# %% tags=["stub", "E14.6"]
def loss(x, labels, W, U, b):
    """Half the squared distance of out to the labels (T,), added over the steps of x (T, m)."""
    return None  # replace this line


def differences(x, labels, W, U, b, step_size):
    """Central differences of the loss in every entry of W (m, 4), U (4,) and b (4,): dW, dU, db."""
    return None  # replace this line


def tape_gradients(x, labels, W, U, b):
    """dW (m, 4), dU (4,), db (4,) by keras.layers.LSTM(1) and tf.GradientTape, in the order a, i, f, o."""
    return None  # replace this line


# %% tags=["solution", "E14.6"]
def loss(x, labels, W, U, b):
    """Half the squared distance of out to the labels (T,), added over the steps of x (T, m)."""
    out = np.array([s["out"] for s in forward(x, W, U, b)])
    return 0.5 * ((out - labels) ** 2).sum()


def differences(x, labels, W, U, b, step_size):
    """Central differences of the loss in every entry of W (m, 4), U (4,) and b (4,): dW, dU, db."""
    weights, slopes = [W, U, b], []
    for k, w in enumerate(weights):
        slope = np.empty_like(w)
        for index in np.ndindex(w.shape):
            ends = []
            for move in (step_size, -step_size):
                moved = w.copy()
                moved[index] += move
                ends.append(loss(x, labels, *weights[:k], moved, *weights[k + 1 :]))
            slope[index] = (ends[0] - ends[1]) / (2 * step_size)
        slopes.append(slope)
    return tuple(slopes)


def tape_gradients(x, labels, W, U, b):
    """dW (m, 4), dU (4,), db (4,) by keras.layers.LSTM(1) and tf.GradientTape, in the order a, i, f, o."""
    from course_kit.quiet import quiet_tensorflow

    quiet_tensorflow()
    import keras
    import tensorflow as tf

    to_keras, from_keras = [1, 2, 0, 3], [2, 0, 1, 3]  # a, i, f, o -> i, f, a, o, and back
    layer = keras.layers.LSTM(1, return_sequences=True, dtype="float64")
    layer.build((1, *x.shape))
    layer.set_weights([W[:, to_keras], U[None, to_keras], b[to_keras]])
    with tf.GradientTape() as tape:
        out = layer(x[None])[0, :, 0]
        L = 0.5 * tf.reduce_sum((out - labels) ** 2)
    dW, dU, db = (np.asarray(g)[..., from_keras] for g in tape.gradient(L, layer.trainable_variables))
    return dW, dU[0], db


# %% tags=["check", "E14.6"]
check("E14.6")

# %% tags=["hint", "E14.6"]
# hint("E14.6", 1)

# %% tags=["figure", "E14.6"]
if sums is not None and loss(x, labels, W, U, b) is not None:
    for name, found in (
        ("central differences, 1e-5", differences(x, labels, W, U, b, 1e-5)),
        ("Keras and the tape", tape_gradients(x, labels, W, U, b)),
    ):
        if found is not None:
            off = max(np.abs(f - s).max() for f, s in zip(found, sums, strict=True))
            print(f"{name:26s} largest difference to the sixteen numbers by hand: {off:.1e}")

# %% tags=["figure", "E14.6"]
figures.step_sizes(differences, tape_gradients)

# %% [markdown]
# The V is the signature of a right gradient. On its right arm the step is too large, and the curvature shows; the arm falls with the square of the
# step, which is what *central* buys. On the left the step is so small that both losses agree in most of their digits, and their difference is
# rounding. In between ten digits are right. Were one of the sixteen slopes wrong, the curve would go flat at the size of the mistake. The tape
# computes by the chain rule, as you did, and agrees to rounding. What the figure does not show is that both could be run on a wrong *forward* pass
# and agree happily; that is why E14.2 was checked by itself.
#
# **To think about.** Differences need no formulas at all. Why is nobody training networks with them?

# %% [markdown] tags=["solution", "E14.6"]
# **Answer.** Each slope costs two forward passes. For the sixteen weights here that is thirty-two; for a million it is two million forward passes for
# a single step, while the way back costs about as much as two. As a check on a small example they are unbeatable.

# %% [markdown] tags=["slide:D1.27"]
# ### E14.7 A label out of reach
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained). The example trains the network towards $\text{label}_1 = 1.25$. It
# cannot get there, by any weights. If $|\text{out}|$ always stays below some bound $B$, then a label beyond $B$ leaves a loss of at least
#
# $$\tfrac12\,\max(0,\ |\text{label}| - B)^2.$$
#
# **Write** three answers.
#
# 1. `loss_floor(label, bound)`: that number, for labels of either sign.
# 2. `largest_out(t)`: the smallest $B$ such that $|\text{out}_t| < B$ holds for *all* weights and inputs of a unit that starts from state 0, at the
#    step $t = 0, 1, 2, \dots$ One is a bound for every step. For early steps there is a smaller one; ask what the state can be.
# 3. `reason`: why 1.25 is out of reach:
#    - `"a"` the state cannot exceed 1;
#    - `"b"` two steps of training are too few, or the rate is too small;
#    - `"c"` $\text{out} = o \tanh(\text{state})$, and both factors are below 1 in size;
#    - `"d"` the labels 0.5 and 1.25 contradict each other.
#
# **Checked for:** the floor for 1.25 and $B = 1$, which is 0.03125, and for other labels and bounds, to $10^{-12}$; the bound at the first steps; the
# letter.


# %% tags=["stub", "E14.7"]
def loss_floor(label, bound):
    """What half the squared distance of out to label cannot fall below if |out| < bound."""
    return None  # replace this line


def largest_out(t):
    """The smallest bound of |out| at step t = 0, 1, ... of a unit that starts from state 0."""
    return None  # replace this line


reason = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E14.7"]
def loss_floor(label, bound):
    """What half the squared distance of out to label cannot fall below if |out| < bound."""
    return 0.5 * max(0.0, abs(label) - bound) ** 2


def largest_out(t):
    """The smallest bound of |out| at step t = 0, 1, ... of a unit that starts from state 0."""
    return np.tanh(t + 1)  # each step keeps at most the whole state and adds a i < 1


reason = "c"

# %% tags=["check", "E14.7"]
check("E14.7")

# %% tags=["hint", "E14.7"]
# hint("E14.7", 1)

# %% tags=["figure", "E14.7"]
figures.out_of_reach(loss_floor, largest_out)

# %% [markdown]
# Left, the reach of out over the steps. At $t = 1$ it ends at $\tanh 2 = 0.964$: after two steps the state is below 2, because each step adds less
# than 1. So the floor of this example is not 0.03125 but $\tfrac12(1.25 - 0.96403)^2 = 0.04089$. Right, the training agrees. It goes on for some
# eight thousand updates at five times the rate, and settles a little above the upper line; the lower one is never approached. A bound that is true
# need not be tight, and only the measurement showed that this one was not. What the figure does not show is the price: to come this close the network
# must open all its gates, and open gates are flat.
#
# **To think about.** What would you change in the example so that 1.25 can be learned?

# %% [markdown] tags=["solution", "E14.7"]
# **Answer.** The read-out. Almost every network puts a linear layer behind the LSTM, $y_t = \text{out}_t\,v + b_y$, and then any label is within
# reach. Or scale the labels into $(-1, 1)$, and, since the ends of that interval are reached by infinite weights only, better into $(-0.8, 0.8)$.
# Gomez's example leaves the read-out away to stay small, which is fair; its author remarks in a later copy that the label is beyond the range.

# %% [markdown] tags=["slide:D1.27"]
# ### E14.8 Truncate it
#
# D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained), says that LSTMs are trained by *truncated* backpropagation through
# time. Notebook 07 defines it: the error of each step is sent back through $\tau$ steps and no further. For $\tau = 1$ each loss speaks to its own
# step alone. The way forward is not touched; the state goes on and out is read by the next step as before. Only the two summands that come from the
# later step, $\Delta\text{out}_t$ and $\delta\text{state}_{t+1}\,f_{t+1}$, are left out.
#
# **Write** `truncated_gradients(x, labels, W, U, b)`, which returns `dW, dU, db` for $\tau = 1$, and `changed`: a dict that names for `"W"`, `"U"`
# and `"b"` the layers whose numbers differ from the full gradient *in the example*, as letters out of `a`, `i`, `f`, `o`; for instance
# `{"W": "ao", "U": "i", "b": ""}`. **Checked for:** the example, to $10^{-8}$; five steps of other numbers; the letters.


# %% tags=["stub", "E14.8"]
def truncated_gradients(x, labels, W, U, b):
    """dW (m, 4), dU (4,), db (4,) with every loss sent back through its own step alone."""
    return None  # replace this line


changed = None  # replace this line: a dict such as {"W": "ao", "U": "i", "b": ""}


# %% tags=["solution", "E14.8"]
def truncated_gradients(x, labels, W, U, b):
    """dW (m, 4), dU (4,), db (4,) with every loss sent back through its own step alone."""
    steps = forward(x, W, U, b)
    d_gates = [
        backward_step(labels[t], steps[t], steps[t - 1] if t else NOTHING, NO_LATER, W, U)[3] for t in range(len(x))
    ]
    return sum_up(x, np.array([s["out"] for s in steps]), np.stack(d_gates))


changed = {"W": "aio", "U": "", "b": "aio"}

# %% tags=["check", "E14.8"]
check("E14.8")

# %% tags=["hint", "E14.8"]
# hint("E14.8", 1)

# %% tags=["figure", "E14.8"]
cut = truncated_gradients(x, labels, W, U, b)
if sums is not None and cut is not None:
    for name, full, short in zip("WUb", sums, cut, strict=True):
        for k, layer in enumerate("aifo"):
            row = [
                np.array2string(np.asarray(v[..., k]), precision=5, suppress_small=True, floatmode="fixed")
                for v in (full, short)
            ]
            print(f"{name}_{layer}   full {row[0]:22s} tau = 1 {row[1]}")

# %% tags=["figure", "E14.8"]
figures.truncation(truncated_gradients)

# %% [markdown]
# The pairs of bars differ in $a$ and $i$ most. There the truncated slope is not merely shorter; for the first input of $a$ it is a sixth of the full
# one. Half of the reason is on the figure of E14.4: step 0 heard from its own label that the state should shrink, and from the later one that it
# should grow. With $\tau = 1$ it hears its own label only. What does not change is $U$, all of it, and $f$. Nothing came in by $U$ at $t = 0$ and
# there was nothing to forget, so for them step 0 had nothing to say in the first place. What the figure does not show is a longer sequence, where $U$
# and $f$ lose, too.
#
# **To think about.** In this example $\tau = 2$ is the full gradient. Suppose the unit reads a hundred steps and $f$ is about 0.87 throughout, as
# here. Beyond which $\tau$ would you expect to see no difference in the second digit?

# %% [markdown] tags=["solution", "E14.8"]
# **Answer.** What comes along the conveyor shrinks by $f$ in each step, so what is cut at $\tau$ is about $0.87^{\tau}$ of what a single loss sends
# back. For one hundredth $\tau = \ln 0.01/\ln 0.87 = 33$. With $f = 0.99$ it would be 458: the better the memory, the more does truncation cost, and
# D1.27 recommends the two in one breath.

# %% [markdown]
# ## What you have now
#
# One training step of an LSTM with no number hidden: six going up, six coming down at each of two steps, sixteen sums, sixteen new weights; checked
# by two methods that know nothing of your formulas. On the way the example turned out to ask for something that it cannot have, and a bound from the
# literature of this course, 0.03125, to be a true and not a tight one. Everything a large network does in training is this, with longer vectors.

# %% tags=["figure"]
progress()
