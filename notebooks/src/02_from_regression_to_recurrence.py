# %% [markdown]
# # 02 From a straight line to a recurrent network
#
# After this notebook you can
#
# - go from linear regression to a neuron, from autoregression to a neuron that hears itself, and from there to the recurrent network of
#   the lectures, one small change at a time,
# - run that network over a batch of sequences and get what `keras.layers.SimpleRNN` gets,
# - unroll it into a feed-forward network, and count its weights before and after,
# - prove with two lines of arithmetic whether a network has a memory,
# - update a network in which every node hears every other one.
#
# Slides: D1.4, D1.7, D2.4, D3.9-D3.11, D3.16, D4.6-D4.11, D4.30, D5.4, D5.5. Time: about two and a half hours. Before it: notebook 01.
# TensorFlow is needed from the comparison in E02.1 on.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import recurrence, slider
from course_kit.plots import unrolled as chains

# %% [markdown]
# ## Five formulas
#
# Document D4 has the best introduction to recurrent networks of the five: it does not introduce them, it arrives at them. It begins with
# a straight line, and each slide changes one thing. The first four exercises follow it with one number at a time. This is the way:
#
# | slide | formula, in our letters | what is new |
# | --- | --- | --- |
# | D4.6 | $y = b + w\,x$ | a straight line |
# | D4.6 | $y = f(b + w\,x)$ | it is bent: a neuron |
# | D4.7 | $y_t = b + w\,y_{t-1}$ | the line is fed its own output |
# | D4.8 | $h_t = f_h(w\,y_{t-1} + u\,h_{t-1} + b_h), \quad y_t = f_y(v\,h_t + b_y)$ | so is the neuron, and it hears its own state, too |
# | D4.9 | $h_t = f_h(w\,x_t + u\,h_{t-1} + b_h), \quad y_t = f_y(v\,h_t + b_y)$ | the world takes the place of the own output |
#
# Our letters are those of notebook 00, in lower case for single numbers: $w$ for what comes in, $u$ for the own past, $v$ for the
# read-out. D4 uses the same letters for other things, which the exercises point out where it matters.

# %% [markdown] tags=["slide:D4.6"]
# ### E02.1 Regression to neuron
#
# Slide: D4.6 *От регрессии к нейрону* (from regression to a neuron).
#
# Linear regression with one input predicts $y = b + w\,x$. The slide takes the same line, calls its value $h$, and sends it through a
# function:
#
# $$h = b + w\,x, \qquad y = f(h).$$
#
# With this the regression has become a neuron. For $f$ one takes something with a bend in it, an *activation*; if $f$ does nothing, the
# neuron is the regression. Four activations are in the next cell, under the names that Keras has for them. The logistic function is
# written by way of tanh so that it cannot overflow.


# %%
def sigmoid(a):
    """Logistic function 1 / (1 + exp(-a))."""
    return 0.5 * (1.0 + np.tanh(0.5 * a))


activations = {
    "linear": lambda a: a,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda a: np.maximum(a, 0.0),
}

for name, f in activations.items():
    print(f"{name:8s}", np.round(f(np.array([-2.0, -0.5, 0.0, 0.5, 2.0])), 3))

# %% [markdown]
# **Write** `regression(x, w, b)` and `neuron(x, w, b, activation)`, where `x` is an array $(N,)$, `w` and `b` are numbers and
# `activation` is one of the four names. Both return an array $(N,)$.
#
# **Checked for:** values on a grid, for each of the four activations; to $10^{-12}$.


# %% tags=["stub", "E02.1"]
def regression(x, w, b):
    """The straight line: x (N,), w and b numbers; returns y (N,)."""
    return None  # replace this line


def neuron(x, w, b, activation):
    """The neuron: as regression, then the activation of that name; returns y (N,)."""
    return None  # replace this line


# %% tags=["solution", "E02.1"]
def regression(x, w, b):
    """The straight line: x (N,), w and b numbers; returns y (N,)."""
    return b + w * x


def neuron(x, w, b, activation):
    """The neuron: as regression, then the activation of that name; returns y (N,)."""
    return activations[activation](regression(x, w, b))


# %% tags=["check", "E02.1"]
check("E02.1")

# %% tags=["hint", "E02.1"]
# hint("E02.1", 1)

# %% tags=["figure", "E02.1"]
recurrence.line_and_neuron(regression, neuron)

# %% [markdown]
# All four curves are made from one straight line, and $w$ and $b$ mean the same for all of them: $b$ moves the bend, $w$ sets how sharp
# it is. Far from the bend the logistic function and tanh say nothing more about how large $x$ was; that is the price of an output that
# stays within bounds. The figure does not show why one wants a bend at all. One reason comes in E02.3: only with it does feedback become
# interesting.
#
# ### The same in Keras
#
# A `Dense` layer with one unit and one input is this neuron. Keras computes in 32 bits unless told otherwise, so the difference is of the
# order of $10^{-7}$.

# %%
# Keeps TensorFlow's start-up messages off the page.
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %%
import keras
from keras import ops

# %% tags=["figure"]
grid = np.linspace(-3.0, 3.0, 61)
for name in activations:
    layer = keras.layers.Dense(1, activation=name)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.5]]), np.array([-0.75])])
    theirs, mine = ops.convert_to_numpy(layer(grid[:, None]))[:, 0], neuron(grid, 1.5, -0.75, name)
    if mine is None:
        print("Answer E02.1 first: this cell compares it with Keras.")
        break
    print(f"{name:8s} largest difference from Dense(1): {np.abs(theirs - mine).max():.1e}")

# %% [markdown]
# **To think about.** Put a second neuron behind the first: $y = f(b' + w' f(b + w x))$. What can the two do that one cannot, if $f$ is
# linear? And if $f$ is tanh?

# %% [markdown] tags=["solution", "E02.1"]
# **Answer.** Linear: nothing, $b' + w'(b + w x)$ is a straight line again. With tanh the composition is a new curve, though with one unit
# each it is still a rising or falling one; hills and valleys need two units side by side. For a recurrent network the chain of neurons is
# not a choice of design: every step adds one.

# %% [markdown] tags=["slide:D4.7"]
# ### E02.2 AR(1) in closed form
#
# Slide: D4.7 *От авторегрессии к нейрону (1/3)* (from autoregression to a neuron, 1).
#
# Autoregression is a regression of a series on its own past. With one step of past, called AR(1), the slide feeds the straight line its
# own output:
#
# $$y_t = b + w\,y_{t-1}, \qquad t = 1, 2, \dots, \qquad y_0 \text{ given.}$$
#
# It is the smallest thing in this course with a memory, and one of the few that can be solved by hand. Put the formula into itself and see
# a geometric series appear: $y_2 = b + w b + w^2 y_0$, $\;y_3 = b + w b + w^2 b + w^3 y_0$, and in general
#
# $$y_t = w^t\,y_0 + b \sum_{k=0}^{t-1} w^k = w^t\,y_0 + b\,\frac{1 - w^t}{1 - w} \quad (w \ne 1).$$
#
# The first term is what is left of the start, and $w^t$ is how much that is. If $|w| < 1$ the start is forgotten and the path settles at
# $b / (1 - w)$. If $|w| > 1$ it runs away. And in between lies $w = 1$, where the fraction is 0 divided by 0 and the sum is simply $t$.
#
# **Write** three functions.
#
# 1. `ar_loop(y_0, w, b, T)`: the path $y_0, y_1, \dots, y_T$ as an array $(T + 1,)$, by a loop.
# 2. `ar_closed(y_0, w, b, t)`: $y_t$ by the closed form, for an integer array `t` of any shape; it must work for $w = 1$.
# 3. `settles_at(w, b)`: where the path settles from any start, or `np.inf` if it does not.
#
# **Checked for:** $t = 0, \dots, 50$ with $w$ between 0 and 1, negative, above 1, exactly 1 and exactly $-1$; to $10^{-10}$.


# %% tags=["stub", "E02.2"]
def ar_loop(y_0, w, b, T):
    """The path y_0 ... y_T of y_t = b + w y_{t-1}, an array (T + 1,)."""
    return None  # replace this line


def ar_closed(y_0, w, b, t):
    """y_t by the closed form, for an array t of integers."""
    return None  # replace this line


def settles_at(w, b):
    """The limit of y_t from any start, np.inf if there is none."""
    return None  # replace this line


# %% tags=["solution", "E02.2"]
def ar_loop(y_0, w, b, T):
    """The path y_0 ... y_T of y_t = b + w y_{t-1}, an array (T + 1,)."""
    values = [y_0]
    for _ in range(T):
        values.append(b + w * values[-1])
    return np.array(values)


def ar_closed(y_0, w, b, t):
    """y_t by the closed form, for an array t of integers."""
    series = t if w == 1 else (1 - w**t) / (1 - w)
    return w**t * y_0 + b * series


def settles_at(w, b):
    """The limit of y_t from any start, np.inf if there is none."""
    return b / (1 - w) if abs(w) < 1 else np.inf


# %% tags=["check", "E02.2"]
check("E02.2")

# %% tags=["hint", "E02.2"]
# hint("E02.2", 1)

# %% tags=["figure", "E02.2"]
slider(
    lambda w: recurrence.paths(ar_loop, ar_closed, settles_at, (w,)),
    still=recurrence.paths(ar_loop, ar_closed, settles_at),
    w=(-1.1, 1.1, 0.05, 0.9),
)

# %% [markdown]
# All five paths begin at 4. With $w = 0.5$ the start is forgotten after a few steps, with $w = 0.9$ an eighth of it is left after twenty;
# the negative $w$ overshoots at each step. $w = 1$ never forgets, and it never stops adding up either. The fifth path, with $w = 1.05$,
# looks harmless here and passes 100 at step 43. The figure does not show the border itself: a random walk sits on it, and so does the
# memory cell of notebook 08, which is $w = 1$ with a valve for $b$.

# %% tags=["figure"]
path = ar_loop(4.0, 1.05, 0.5, 60)
if path is not None:
    print("w = 1.05 passes 100 at step", int(np.argmax(path > 100)))
    for w in (0.5, 0.9, 0.99):
        print(f"w = {w}: what is left of the start after 10, 20 and 50 steps: {w**10:.4f} {w**20:.6f} {w**50:.2e}")

# %% [markdown]
# **To think about.** For $w = 1 - 10^{-9}$ the loop is right to the last digits, and the closed form $(1 - w^t)/(1 - w)$ is not. Why, and
# what would help?

# %% [markdown] tags=["solution", "E02.2"]
# **Answer.** $w^t$ is rounded to sixteen digits, and $1 - w^t$, about $10^{-9}\,t$, keeps only seven of them; the division by $1 - w$
# makes the error visible. The sum itself, $1 + w + \dots + w^{t-1}$, has no such subtraction, and
# `-np.expm1(t * np.log1p(w - 1)) / (1 - w)` avoids it, too. A formula that is right on paper can be the worse one on a computer.

# %% [markdown] tags=["slide:D4.8"]
# ### E02.3 Feed the neuron its own output
#
# Slide: D4.8 *От авторегрессии к нейрону (2/3)* (from autoregression to a neuron, 2).
#
# What one may do with a line one may do with a neuron. The slide feeds the neuron its own last output $y_{t-1}$, and adds a second loop
# inside, from the state $h_{t-1}$ to the state $h_t$:
#
# $$h_t = \tanh(w\,y_{t-1} + u\,h_{t-1} + b_h), \qquad y_t = \sigma(v\,h_t + b_y),$$
#
# all of them single numbers. The slide leaves the two functions open; here they are tanh and the logistic function. Mind the letters: the
# $w$ of the slide is our $u$, its $v$ our $w$, its $u$ our $v$.
#
# | here | D4.8 and D4.9 | what it weighs |
# | --- | --- | --- |
# | $w$ | $v$ | what comes in: $y_{t-1}$ in this exercise, $x_t$ in the next |
# | $u$ | $w$ | the own past $h_{t-1}$ |
# | $v$ | $u$ | the read-out of $h_t$ |
#
# **Write** `feedback(y_0, h_0, w, u, v, b_h, b_y, T)`; return $y_1, \dots, y_T$ and $h_1, \dots, h_T$, two arrays $(T,)$, in this order.
#
# **Checked for:** twenty steps from a start that is not zero; each of the two loops alone; to $10^{-12}$.


# %% tags=["stub", "E02.3"]
def feedback(y_0, h_0, w, u, v, b_h, b_y, T):
    """T steps of a neuron that hears its own output and its own state.

    All arguments are numbers. Returns y_1 ... y_T and h_1 ... h_T, arrays (T,), in this order.
    """
    return None  # replace this line


# %% tags=["solution", "E02.3"]
def feedback(y_0, h_0, w, u, v, b_h, b_y, T):
    """T steps of a neuron that hears its own output and its own state.

    All arguments are numbers. Returns y_1 ... y_T and h_1 ... h_T, arrays (T,), in this order.
    """
    y, h, ys, hs = y_0, h_0, [], []
    for _ in range(T):
        h = np.tanh(w * y + u * h + b_h)
        y = sigmoid(v * h + b_y)
        ys.append(y)
        hs.append(h)
    return np.array(ys), np.array(hs)


# %% tags=["check", "E02.3"]
check("E02.3")

# %% tags=["hint", "E02.3"]
# hint("E02.3", 1)

# %% tags=["figure", "E02.3"]
recurrence.two_memories(feedback)

# %% [markdown]
# Both runs have the same weights. They start close together and end far apart, and there they stay for ever. No straight line can do
# that: AR(1) either forgets its start or runs away or, with $w = 1$, drifts by $b$ at every step. A neuron with feedback can hold one bit
# without wearing it out, and the bend is what makes it possible: it stops the running away. On the right each run jumps onto the curve
# $y = \sigma(v h + b_y)$ in its first step and never leaves it. So $h$ and $y$ are *not* two memories. After the first step $y_{t-1}$ is
# computed from $h_{t-1}$, and all that the network knows is one number. What the figure does not show is how narrow the choice of weights
# is for which two resting places exist.
#
# **To think about.** Let $f_y$ be linear, $y_t = v h_t + b_y$. Show that the network is then a neuron that hears only its own state, and
# give its weight and its bias.

# %% [markdown] tags=["solution", "E02.3"]
# **Answer.** Put $y_{t-1} = v h_{t-1} + b_y$ into the first formula: $h_t = \tanh\big((u + w v)\,h_{t-1} + (b_h + w\,b_y)\big)$. The loop
# over the output adds $w v$ to the weight of the inner loop. This is why D4 can drop the outer loop on its next slide, and also why the
# Jordan network of notebook 03, which has *only* the outer loop, is not a weaker kind of thing but the same thing with a bottleneck.

# %% [markdown] tags=["slide:D4.9"]
# ### E02.4 Let the world in
#
# Slide: D4.9 *От авторегрессии к нейрону (3/3)* (from autoregression to a neuron, 3).
#
# So far the network talks to itself. D4.9 keeps the inner loop and puts an input from outside in the place of the outer one:
#
# $$h_t = \tanh(w\,x_t + u\,h_{t-1} + b_h), \qquad y_t = v\,h_t + b_y.$$
#
# That is a recurrent neural network, with one input, one unit and one output. Its state is made of what comes in now and of what it was
# before. From here on the network is run on a batch: $x$ is $(N, T)$, a row is an example, and every row has its own state, $h_0$ is
# $(N,)$.
#
# In Keras this is `SimpleRNN(1)` with `Dense(1)` behind it. Keras has matrices even where they have one row and one column: `SimpleRNN`
# has a `kernel` $(1, 1)$, a `recurrent_kernel` $(1, 1)$ and a `bias` $(1,)$, in this order, and `Dense` has a `kernel` $(1, 1)$ and a
# `bias` $(1,)$.
#
# **Write** two functions.
#
# 1. `scalar_rnn(x, h_0, w, u, v, b_h, b_y)`; return $y$ and $h$, both $(N, T)$, in this order.
# 2. `keras_weights(w, u, v, b_h, b_y)`: a list of five arrays, the three of `SimpleRNN` and then the two of `Dense`, shaped as Keras
#    wants them.
#
# **Checked for:** values over seven steps from a start that is not zero; one step, and five rows; the five arrays and their shapes.


# %% tags=["stub", "E02.4"]
def scalar_rnn(x, h_0, w, u, v, b_h, b_y):
    """A recurrent network of one unit: x (N, T), h_0 (N,), five numbers; returns y and h, (N, T) each."""
    return None  # replace this line


def keras_weights(w, u, v, b_h, b_y):
    """The same five numbers as SimpleRNN(1) and Dense(1) hold them: a list of five arrays."""
    return None  # replace this line


# %% tags=["solution", "E02.4"]
def scalar_rnn(x, h_0, w, u, v, b_h, b_y):
    """A recurrent network of one unit: x (N, T), h_0 (N,), five numbers; returns y and h, (N, T) each."""
    h, hs = h_0, []
    for t in range(x.shape[1]):
        h = np.tanh(w * x[:, t] + u * h + b_h)
        hs.append(h)
    h = np.stack(hs, axis=1)
    return v * h + b_y, h


def keras_weights(w, u, v, b_h, b_y):
    """The same five numbers as SimpleRNN(1) and Dense(1) hold them: a list of five arrays."""
    return [np.array([[w]]), np.array([[u]]), np.array([b_h]), np.array([[v]]), np.array([b_y])]


# %% tags=["check", "E02.4"]
check("E02.4")

# %% tags=["hint", "E02.4"]
# hint("E02.4", 1)

# %% tags=["figure", "E02.4"]
slider(
    lambda u: recurrence.echoes(scalar_rnn, (u,)),
    still=recurrence.echoes(scalar_rnn),
    u=(-1.5, 1.5, 0.1, 0.9),
)

# %% [markdown]
# With $u = 0$ the unit has no past: it answers in the step of the pulse and is back at 0. The nearer $u$ is to 1 the longer the echo, and
# a negative $u$ makes it swing. Compare $u = 1$ with the AR(1) path for $w = 1$ in E02.2: there nothing was lost, here the echo fades all
# the same, because tanh takes a little away at every step. With the slider, move $u$ beyond 1 and the unit begins to hold the pulse for
# good. What the figure does not show: where the unit ends then depends on the pulse's sign, and a second pulse finds a network that is
# not at rest.

# %% tags=["figure"]
rng = np.random.default_rng(2)
x, h_0, p = rng.normal(size=(4, 7)), rng.normal(size=4), (0.8, -1.1, 1.7, 0.3, -0.4)
mine, lists = scalar_rnn(x, h_0, *p), keras_weights(*p)
if mine is None or lists is None:
    print("Answer E02.4 first: this cell compares it with Keras.")
else:
    unit = keras.layers.SimpleRNN(1, return_sequences=True, dtype="float64")
    read_out = keras.layers.Dense(1, dtype="float64")
    unit.build((4, 7, 1))
    read_out.build((4, 7, 1))
    unit.set_weights(lists[:3])
    read_out.set_weights(lists[3:])
    theirs = read_out(unit(x[..., None], initial_state=ops.convert_to_tensor(h_0[:, None])))
    print(f"largest difference from SimpleRNN(1) + Dense(1): {np.abs(theirs[..., 0] - mine[0]).max():.1e}")

# %% [markdown]
# The layers were asked to compute in 64 bits, and what is left is one rounding.
#
# **To think about.** For a small pulse tanh hardly matters, $\tanh a \approx a$. How long is the echo then? Answer with E02.2.

# %% [markdown] tags=["solution", "E02.4"]
# **Answer.** With $x_t = 0$ after the pulse and $b_h = 0$ the unit is AR(1) with $w$ there equal to $u$ here, so that $u^t$ of the pulse
# is left after $t$ steps. This simple power is the seed of notebook 06: what a recurrent network remembers, and what it can learn to
# remember, is decided by powers of something.

# %% [markdown] tags=["slide:D3.10", "slide:D5.5"]
# ## Unrolled
#
# ### E02.5 Unroll
#
# Slides: D3.10 *RNN (2/2): rozwinięcie* (RNN unrolled); D5.5 *Из глубины времен* (from the depth of time: unrolling).
#
# A loop in a drawing is hard to read: what is computed first? D3.10 draws the loop once more, as a chain, and D5.5 puts it in words: at
# step $t$ a recurrent network is a feed-forward network of depth $t$. In formulas it is a matter of putting the first line into the
# second, as in E02.2:
#
# $$h_3 = \tanh\Big(x_3 W + \tanh\big(x_2 W + \tanh(x_1 W + h_0 U + b)\,U + b\big)\,U + b\Big).$$
#
# Three nested tanh, three layers. This is a feed-forward network like any other, but for two things: each layer has an input of its own,
# $x_t$ $(N, m)$, beside what the layer before hands on, and all layers have the *same* weights, $W$ $(m, n)$, $U$ $(n, n)$ and $b$
# $(n,)$. Weights that are the same by construction are called *tied*.

# %% tags=["figure"]
chains.chain()

# %%
rng = np.random.default_rng(3)
x, h0 = rng.normal(size=(1, 3, 2)), np.zeros((1, 4))
W, U, b = rng.normal(size=(2, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)

h = h0
for t in range(3):
    h = np.tanh(x[:, t] @ W + h @ U + b)
nested = np.tanh(x[:, 2] @ W + np.tanh(x[:, 1] @ W + np.tanh(x[:, 0] @ W + h0 @ U + b) @ U + b) @ U + b)
print("loop:  ", h)
print("nested:", nested)

# %% [markdown]
# To tie weights in Keras one calls the same layer object again; a layer has its weights, and a second call uses them a second time.
#
# **Write** `unrolled(T, m, n)`: a `keras.Model` with two inputs, `[x, h0]`, of shapes $(T, m)$ and $(n,)$ for each example, and one
# output, all the states $(T, n)$. No recurrent layer may be in it; `Dense`, addition, `ops.tanh`, `ops.stack` and slices such as
# `x[:, t]` are enough. It needs one bias, not two.
#
# **Checked for:** the states of a recurrent network with the same weights, for $T = 1, 2, 7$, to $10^{-6}$, since Keras has 32 bits here;
# no recurrent layer; and as many parameters for $T = 7$ as for $T = 1$.


# %% tags=["stub", "E02.5"]
def unrolled(T, m, n):
    """A feed-forward model of T tied layers: inputs [x (N, T, m), h0 (N, n)], output h (N, T, n)."""
    return None  # replace this line


# %% tags=["solution", "E02.5"]
def unrolled(T, m, n):
    """A feed-forward model of T tied layers: inputs [x (N, T, m), h0 (N, n)], output h (N, T, n)."""
    x, h0 = keras.Input((T, m)), keras.Input((n,))
    from_input, from_state = keras.layers.Dense(n), keras.layers.Dense(n, use_bias=False)
    h, hs = h0, []
    for t in range(T):
        h = ops.tanh(from_input(x[:, t]) + from_state(h))
        hs.append(h)
    return keras.Model([x, h0], ops.stack(hs, axis=1))


# %% tags=["check", "E02.5"]
check("E02.5")

# %% tags=["hint", "E02.5"]
# hint("E02.5", 1)

# %% tags=["figure", "E02.5"]
chains.tied(unrolled)

# %% [markdown]
# Left, the chain and the loop are one network. Right is what tying buys: without it every step more would cost $mn + n^2 + n$ weights
# more, a sequence longer than any in training would meet layers that do not exist, and what was learned about step 3 would be of no use
# at step 4. What the figure does not show is the price: twelve layers deep, gradients have twelve matrix products to survive (notebook
# 06), and for each step the values must be kept until the gradient comes by.
#
# **To think about.** Keras has an argument `unroll=True` for its recurrent layers. What can it speed up, what does it cost, and what must
# be known in advance?

# %% [markdown] tags=["solution", "E02.5"]
# **Answer.** It builds the chain as a graph of $T$ copies of the step and saves the control of the loop, which matters when the steps are
# small. The graph and the memory grow with $T$, and $T$ must be known when the model is built; sequences of any length need the loop.

# %% [markdown] tags=["slide:D1.4", "slide:D1.7", "slide:D3.9", "slide:D3.11", "slide:D3.16", "slide:D4.10", "slide:D4.30"]
# ## With matrices
#
# ### E02.6 Matrix RNN
#
# Slides: D1.4 *Рекуррентные сети I* (recurrent networks I); D1.7 *Рекуррентные сети IV (1/3)* (recurrent networks IV, build 1: vector
# form); D3.9 *RNN (Recurrent Neural Networks) (1/2)* (RNN: a network with a loop); D3.11 *RNN - predykcje* (RNN: predictions); D3.16 *RNN
# (etykieta rysunku)* (figure labelled RNN); D4.10 *Рекуррентная сеть (1/3)* (recurrent network, 1); D4.30 *Простейшая RNN* (the simplest
# RNN).
#
# Seven slides of three documents show one and the same thing, the network of E02.4 with vectors instead of numbers:
#
# $$h_t = \tanh(x_t\,W + h_{t-1}\,U + b), \qquad y_t = h_t\,V + b_y,$$
#
# with $x_t$ $(N, m)$, $h_t$ $(N, n)$, $W$ $(m, n)$, $U$ $(n, n)$, $b$ $(n,)$, $V$ $(n, o)$, $b_y$ $(o,)$. Of D3.16 only the label RNN is
# left in our copy. It belongs to a drawing of this box with its one layer, which notebook 08 sets beside the LSTM with four. The
# lecturers multiply columns from the left, so that their matrices are ours transposed, and each has letters of his own:
#
# | here | D1.7 | D3.9 | D4.10, D4.30 | joins |
# | --- | --- | --- | --- | --- |
# | $W$ | $\mathbf U$ | $W$ | $V$ | input to state |
# | $U$ | $\mathbf W$ | $U$ | $W$ | state to state |
# | $V$ | $\mathbf V$ | | $U$ | state to output |
#
# No two of the three agree on all letters, and two of them call the recurrent matrix $W$. D3.11 adds the question where the output is
# read off, at every step or at the end only. Keras has an argument for that, which D1.4 lists among the things one sets by hand:
# `return_sequences`.
#
# **Write** two things.
#
# 1. `rnn_forward(x, h0, W, U, b, return_sequences)` for `x` $(N, T, m)$ and `h0` $(N, n)$; return all states $(N, T, n)$ if
#    `return_sequences` is True, the last one $(N, n)$ if it is False. The read-out is left to a layer behind it, as in Keras. Leave `h0`
#    as it was.
# 2. `learned`: D1.4 separates what is set by hand from what is learned. Give the letters of what training changes, as one text such as
#    `"ab"`: `a` which layer feeds which (topology); `b` the number of units; `c` `return_sequences`; `d` the activation; `e` the entries
#    of $W$ and $U$; `f` the entries of $b$.
#
# **Checked for:** all steps; the last step; every unit against sums written out number by number, which is the form of D1.5; the letters.


# %% tags=["stub", "E02.6"]
def rnn_forward(x, h0, W, U, b, return_sequences):
    """A recurrent network over a batch.

    x (N, T, m), h0 (N, n), W (m, n), U (n, n), b (n,); returns h (N, T, n), or the last h (N, n) if
    return_sequences is False.
    """
    return None  # replace this line


learned = None  # replace this line: letters, such as "ab"


# %% tags=["solution", "E02.6"]
def rnn_forward(x, h0, W, U, b, return_sequences):
    """A recurrent network over a batch.

    x (N, T, m), h0 (N, n), W (m, n), U (n, n), b (n,); returns h (N, T, n), or the last h (N, n) if
    return_sequences is False.
    """
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        hs.append(h)
    return np.stack(hs, axis=1) if return_sequences else h


learned = "ef"

# %% tags=["check", "E02.6"]
check("E02.6")

# %% tags=["hint", "E02.6"]
# hint("E02.6", 1)

# %% tags=["figure", "E02.6"]
chains.all_and_last(rnn_forward)

# %% [markdown]
# One input, three units, three opinions of it. Unit 3 listens mostly to its own past ($U_{33} = 0.9$) and lags behind, units 1 and 2 push
# each other through $U$. The circles are the ends of the lines: `return_sequences=False` computes just as much and throws the rest away.
# The figure does not show the read-out: $y$ would be a weighted sum of the three curves, the same at every step.
#
# ### The same in Keras
#
# `SimpleRNN` has this formula, and its variables say what is learned.

# %% tags=["figure"]
rng = np.random.default_rng(5)
N, T, m, n = 4, 7, 3, 5
x, h0 = rng.normal(size=(N, T, m)), rng.normal(size=(N, n))
W, U, b = rng.normal(size=(m, n)), rng.normal(size=(n, n)), rng.normal(size=n)
for return_sequences in (True, False):
    layer = keras.layers.SimpleRNN(n, return_sequences=return_sequences, dtype="float64")
    layer.build((N, T, m))
    layer.set_weights([W, U, b])
    theirs = ops.convert_to_numpy(layer(x, initial_state=ops.convert_to_tensor(h0)))
    mine = rnn_forward(x, h0, W, U, b, return_sequences)
    if mine is None:
        print("Answer E02.6 first: this cell compares it with Keras.")
    else:
        print(
            f"return_sequences={return_sequences}: shape {theirs.shape}, difference {np.abs(theirs - mine).max():.1e}"
        )
print("learned:", ", ".join(f"{v.name} {tuple(v.shape)}" for v in layer.trainable_variables))
print("set by hand:", {k: layer.get_config()[k] for k in ("units", "activation", "return_sequences")})

# %% [markdown]
# **To think about.** With which $U$ is the network a `Dense` layer that treats each step by itself? With which is every unit an E02.4 of
# its own?

# %% [markdown] tags=["solution", "E02.6"]
# **Answer.** With $U = 0$ there is no past. With a diagonal $U$ no unit hears another one, and each is the unit of E02.4 with its own
# $u$; the $n^2 - n$ numbers off the diagonal are what makes a layer more than $n$ units side by side. Networks with a diagonal $U$ exist:
# they are cheaper, and their gradients are $n$ separate powers.

# %% [markdown] tags=["slide:D4.11", "slide:D5.4"]
# ### E02.7 Memory or none
#
# Slides: D4.11 *Рекуррентная сеть (2/3)* (recurrent network, 2: time is a new dimension); D5.4 *В поисках памяти* (in search of memory).
#
# D5.4 says that feed-forward networks have no memory because activations pass straight through them, and that recurrent ones have,
# because activations circulate. D4.11 draws the consequence: at every step the network weighs its past experience against what is new,
# and so the derivative must be taken back in time. Here is a test that settles the question for any network. Change the *first* input and
# nothing else, and look at the *last* output:
#
# $$\Delta = y_{T-1}(x_0 + \delta,\, x_1, \dots, x_{T-1}) - y_{T-1}(x_0,\, x_1, \dots, x_{T-1}).$$
#
# (Steps are counted from 0 here, as in Python.) A network without memory has $\Delta = 0$. Not nearly zero: the very same numbers are
# computed twice.
#
# **Write** `last_change(x, delta, h0, W, U, b)`, for $x$ $(N, T, m)$ and $\delta$ $(N, m)$; return two arrays $(N, n)$, new minus old:
# first $\Delta$ for a dense layer that treats each step by itself, $y_t = \tanh(x_t W + b)$; then $\Delta$ for the recurrent network of
# E02.6, with the last $h$ as its output. Mind that $x$ stays as it was.
#
# **Checked for:** values; a first change of exactly zero, and a second one above $10^{-3}$; small changes against the chain rule, to
# $10^{-6}$.


# %% tags=["stub", "E02.7"]
def last_change(x, delta, h0, W, U, b):
    """What adding delta to the first step changes in the last output, without and with memory.

    x (N, T, m), delta (N, m), h0 (N, n), W (m, n), U (n, n), b (n,).
    Returns the change for a dense layer and the change for the recurrent network, (N, n) each.
    """
    return None  # replace this line


# %% tags=["solution", "E02.7"]
def last_change(x, delta, h0, W, U, b):
    """What adding delta to the first step changes in the last output, without and with memory.

    x (N, T, m), delta (N, m), h0 (N, n), W (m, n), U (n, n), b (n,).
    Returns the change for a dense layer and the change for the recurrent network, (N, n) each.
    """
    other = x.copy()
    other[:, 0] += delta
    dense = np.tanh(other[:, -1] @ W + b) - np.tanh(x[:, -1] @ W + b)
    recurrent = rnn_forward(other, h0, W, U, b, False) - rnn_forward(x, h0, W, U, b, False)
    return dense, recurrent


# %% tags=["check", "E02.7"]
check("E02.7")

# %% tags=["hint", "E02.7"]
# hint("E02.7", 1)

# %% tags=["figure", "E02.7"]
chains.ripple(last_change)

# %% [markdown]
# The dense layer notices the change in the very step in which it happens, the point on the left, and then it is over: the crosses are
# exact zeros. In the recurrent network the ripple goes on. It fades along a bumpy straight line, which on this logarithmic axis means by
# a factor a step, and the grey band says which factor: the product of the derivatives along the chain of E02.5. The lecturers' sentence
# "we take the derivative back in time" is that product; notebook 05 computes it, and notebook 06 asks what becomes of it after a hundred
# steps. The figure shows one network; with larger $U$ the ripple can also grow.
#
# **To think about.** A convolution over time with a window of three steps is a feed-forward network, and its last output does depend on
# $x_{T-2}$. Has it a memory?

# %% [markdown] tags=["solution", "E02.7"]
# **Answer.** By the test of this exercise none, once the sequence is longer than the window: $\Delta$ is exactly 0. It sees a piece of
# the past, of a length that was fixed when it was built. A recurrent network has no such edge: its $\Delta$ gets small but has no step at
# which it must be zero. "Feed-forward networks have no memory" is right if the window is one step, and otherwise a matter of words.

# %% [markdown] tags=["slide:D1.4", "slide:D2.4"]
# ## Every node hears every node
#
# ### E02.8 Fully recurrent network
#
# Slides: D2.4 *Архитектуры: Полностью рекуррентная сеть* (architectures: fully recurrent network); D1.4 *Рекуррентные сети I* (recurrent
# networks I).
#
# The networks above have layers. D2.4 goes back to the eighties, to a network that has none: $n$ nodes, each joined to every node by a
# link with a real weight, and all of them changing at once, tick by tick. Some nodes are *input* nodes, where signals from outside
# arrive, some are *output* nodes, whose activation is looked at, and the rest are *hidden*. Williams and Zipser gave in 1989 an algorithm
# to train such a network while it runs (*A learning algorithm for continually running fully recurrent neural networks*, Neural
# Computation 1). The wiki page prints no formula; this one is ours, in the sense of that paper:
#
# $$s_{t+1} = \sigma(s_t\,U + b + u_t),$$
#
# where $s_t$ $(N, n)$ are the activations of all nodes, $U$ $(n, n)$ has in row $j$ and column $k$ the weight of the link *from* node $j$
# *to* node $k$, $b$ is $(n,)$, and $u_t$ $(N, n)$ is $x_t$ in the columns of the input nodes and 0 in all others. D2.4 speaks of all
# *other* nodes; here, as in the paper, a node also hears itself, through $U_{kk}$. Note the index on the left. What arrives during a tick
# is seen after it.
#
# One sentence of D2.4 needs care. It says that every neuron's activation *threshold* changes with time and is a real number. What changes
# with time is the *activation* $s_t$; the threshold is $-b$, a parameter like the weights, and D1.4 rightly lists weights and biases
# among the things that are learned and then stand still.
#
# Here is a net of four nodes. Node 0 is its input, node 3 its output.

# %%
U_four = np.array(
    [
        [0.5, 1.8, -1.2, 0.4],
        [-0.7, 0.3, 1.5, 2.0],
        [1.1, -1.6, 0.6, -1.4],
        [0.2, 0.9, -0.8, 0.7],
    ]
)
b_four = np.array([-0.4, 0.1, 0.3, -0.6])
inputs, outputs = [0], [3]
j, k = np.unravel_index(np.abs(U_four).argmax(), (4, 4))
print(f"the strongest link leads from node {j} to node {k} and has the weight {U_four[j, k]}")

# %% [markdown]
# **Write** three functions.
#
# 1. `tick(s, x, U, b, inputs)`: the next activations, for `s` $(N, n)$, signals `x` $(N, p)$ and a list of the $p$ input nodes; column
#    $k$ of `x` is for node `inputs[k]`. All nodes change at once, from what all nodes were before.
# 2. `run(s_0, x, U, b, inputs)`: the activations after each tick, $(N, T, n)$, for signals `x` $(N, T, p)$.
# 3. `roles(n, inputs, outputs)`: a list of $n$ texts, `"input"`, `"output"` or `"hidden"`, one a node. No node is in both lists.
#
# **Checked for:** one tick; six ticks of four nodes with one and with two signals; roles. Real weights, a start that is not zero.


# %% tags=["stub", "E02.8"]
def tick(s, x, U, b, inputs):
    """One tick: s (N, n), x (N, p) for the p nodes of the list inputs, U (n, n) from row to column, b (n,)."""
    return None  # replace this line


def run(s_0, x, U, b, inputs):
    """The activations after each tick: s_0 (N, n), x (N, T, p); returns (N, T, n)."""
    return None  # replace this line


def roles(n, inputs, outputs):
    """What each of n nodes is: a list of "input", "output" and "hidden"."""
    return None  # replace this line


# %% tags=["solution", "E02.8"]
def tick(s, x, U, b, inputs):
    """One tick: s (N, n), x (N, p) for the p nodes of the list inputs, U (n, n) from row to column, b (n,)."""
    u = np.zeros(s.shape)
    u[:, inputs] = x
    return sigmoid(s @ U + b + u)


def run(s_0, x, U, b, inputs):
    """The activations after each tick: s_0 (N, n), x (N, T, p); returns (N, T, n)."""
    s, kept = s_0, []
    for t in range(x.shape[1]):
        s = tick(s, x[:, t], U, b, inputs)
        kept.append(s)
    return np.stack(kept, axis=1)


def roles(n, inputs, outputs):
    """What each of n nodes is: a list of "input", "output" and "hidden"."""
    return ["input" if k in inputs else "output" if k in outputs else "hidden" for k in range(n)]


# %% tags=["check", "E02.8"]
check("E02.8")

# %% tags=["hint", "E02.8"]
# hint("E02.8", 1)

# %% tags=["figure", "E02.8"]
chains.four_nodes(run, roles, U_four, b_four, inputs, outputs)

# %% [markdown]
# On the right is the reason for the word *synchronous*. The signal of the first tick changes node 0 and no other; the zeros are exact. A
# tick later everybody knows, since every node hears node 0. If yours has no zeros there, the nodes changed one after the other, and some
# heard news that were not out yet. So the output node cannot answer a signal before the second tick, whatever the weights; a layered
# network answers within the step, because its layers are computed one after the other. What the figure does not show is training. With
# real-time recurrent learning, the algorithm of 1989, every one of the $n^2$ weights carries along the derivative of every node, $n^3$
# numbers, and each tick costs about $n^4$ multiplications; backpropagation through time, notebook 05, is much cheaper and has to wait for
# the end.
#
# Is it something new? The next cell gives the net's weights to a `SimpleRNN` with logistic units, whose kernel says which node hears
# which signal.

# %% tags=["figure"]
rng = np.random.default_rng(7)
signals, start = rng.normal(size=(2, 6, 1)), rng.uniform(size=(2, 4))
mine = run(start, signals, U_four, b_four, inputs)
if mine is None:
    print("Answer E02.8 first: this cell compares it with Keras.")
else:
    layer = keras.layers.SimpleRNN(4, activation="sigmoid", return_sequences=True, dtype="float64")
    layer.build((2, 6, 1))
    layer.set_weights([np.eye(4)[inputs], U_four, b_four])
    theirs = layer(signals, initial_state=ops.convert_to_tensor(start))
    print(f"largest difference from SimpleRNN: {np.abs(theirs - mine).max():.1e}")

# %% [markdown]
# It is the state equation of E02.6. The fully recurrent network is the general case, and what we call layers today is a matter of which
# entries of its $U$ are zero.
#
# **To think about.** Write the network of E02.6 with its read-out, $m$ inputs, $n$ units and $o$ outputs, as a fully recurrent network of
# $m + n + o$ nodes. Which blocks of its $U$ are zero, and how many ticks does an answer take?

# %% [markdown] tags=["solution", "E02.8"]
# **Answer.** Order the nodes as inputs, units, outputs. Then the blocks are
#
# $$U_{\text{full}} = \begin{pmatrix} 0 & W & 0 \\ 0 & U & V \\ 0 & 0 & 0 \end{pmatrix},$$
#
# three of nine are not zero. A signal takes one tick to the input nodes, one to the units and one to the outputs: three ticks. (The
# activations differ, too, since all nodes are logistic here.)

# %% [markdown]
# ## What you have now
#
# A straight line, bent, fed its own output and opened to the world, is a recurrent network; unrolled, it is a deep feed-forward network
# with tied weights. Its memory is measured by what a change of the first input does to the last output, and that is a product of as many
# factors as there are steps. Notebook 03 looks at the two classic places from which the feedback can be taken; notebook 05 trains.

# %% tags=["figure"]
progress()
