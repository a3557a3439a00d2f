# %% [markdown] tags=["slide:D1.10", "slide:D1.11", "slide:D1.12"]
# # 05 Backpropagation through time by hand
#
# A recurrent network uses the same weights at every step. Change one of them a little, and every state from then on
# changes, and with the states every loss. **Backpropagation through time** (BPTT) is the chain rule applied to that
# cascade. Frameworks do it for you; whoever has written it once knows what they do, why it fails on long sequences,
# and how to find the mistake when a gradient is wrong.
#
# When you are through this notebook you can
#
# - write the loss of a sequence and the update of all its weights,
# - derive and write the gradient of every weight of a simple recurrent network, and prove that it is right,
# - say what the product formula on the lecture's slide computes, and what it does not,
# - write a backward pass that a library could use.
#
# *Slides:* D1.10 to D1.12, D2.2, D4.11 to D4.18, D5.6. *Time:* about two hours. *Needed before:* the step of an Elman
# network (notebook 03) and the chain rule.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import bptt as plots
from course_kit.quiet import quiet_tensorflow

# %% [markdown]
# ## One alphabet for two lectures
#
# Both lectures that derive BPTT use the letters U, V and W, and they mean different matrices. This notebook uses the
# letters of the kit, which name the weights in Keras' order: $W$ for the input, $U$ for the recurrence, and then $V$ for
# the read-out. The table is the dictionary. Keep it at hand: the gradient of the recurrent kernel is
# $\partial L/\partial W$ on the slides of both and $\partial L/\partial U$ here.
#
# | | kit | Keras | Makarenko (D1) | Nikulin (D4) |
# | --- | --- | --- | --- | --- |
# | input kernel | $W$ $(m, n)$ | `kernel` | $U$ | $V$ |
# | recurrent kernel | $U$ $(n, n)$ | `recurrent_kernel` | $W$ | $W$ |
# | read-out kernel | $V$ $(n, o)$ | `kernel` of `Dense` | $V$ | $U$ |
# | biases | $b_h$ $(n)$, $b_y$ $(o)$ | `bias` | $b_h$, $b_y$ | $b_h$, $b_y$ |
# | prediction | $y_t$ | | $y_k$ | $\hat y_t$ |
# | target | $y'_t$, in code `target` | | $y'_k$ | $y_t$ |
# | loss of a step, of all | $L_t$, $L$ | | $Q(y_k, y'_k)$, $Q_K$ | $L_t$, $L$ |
# | last step | $T-1$ | | $K$ | $T$ |
#
# There are $m$ inputs, $n$ units, $o$ outputs, $T$ steps and $N$ sequences in a batch. A slide multiplies columns
# from the left, $\mathbf W h$; the kit, like Keras, multiplies rows from the right, `h @ U`, one row for each
# sequence. The two matrices are each other's transpose. Steps are counted from 0, so the state before the first step
# is $h_{-1}$; in code it is called `h0`, the initial state.

# %% [markdown]
# ## One unit, three steps
#
# Begin with the smallest network that has a past: one unit, no bias, one pulse at the input and then silence,
#
# $$h_0 = \tanh(w\,x_0),\qquad h_1 = \tanh(u\,h_0),\qquad h_2 = \tanh(u\,h_1).$$
#
# How does $h_2$ answer to a small change of $u$? The weight $u$ is used twice. In the last step it stands beside
# $h_1$, and in the step before it has changed $h_1$ itself. Since $\tanh' = 1 - \tanh^2$, the chain rule gives
#
# $$\frac{dh_2}{du} = (1-h_2^2)\,\Bigl(h_1 + u\,(1-h_1^2)\,h_0\Bigr).$$
#
# The first term is the use of $u$ at step 2; the second is its use at step 1, carried on by $u\,(1-h_1^2)$. To see
# whether that is right, nudge $u$ and look.

# %%
w, u = 0.7, 0.9


def last_state(u):
    h = np.tanh(w * 1.0)
    h = np.tanh(u * h)
    return np.tanh(u * h)


first = np.tanh(w)
second = np.tanh(u * first)
third = np.tanh(u * second)
by_chain_rule = (1 - third**2) * (second + u * (1 - second**2) * first)
by_nudging = (last_state(u + 1e-5) - last_state(u - 1e-5)) / 2e-5

print(f"by the chain rule {by_chain_rule:.10f}")
print(f"by nudging u      {by_nudging:.10f}")

# %% [markdown]
# Nine digits agree. That is the whole notebook in small: **one term for each use of the weight, and each term is
# carried on to the loss by the derivatives of the steps in between.** What remains is to do it for matrices, for a
# loss at every step, and without computing anything twice.
#
# ## A layer, and something to compare with
#
# The network of this notebook is Elman's, read out at every step:
#
# $$a_t = x_t W + h_{t-1} U + b_h,\qquad h_t = \tanh(a_t),\qquad y_t = h_t V + b_y .$$
#
# Its forward pass is a loop. `x` is $(N, T, m)$ and `h0` is $(N, n)$; all the states are kept, because the way back
# needs them.


# %%
def forward(x, h0, W, U, b_h, V, b_y):
    """Outputs y (N, T, o) and states h (N, T, n)."""
    h, states = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b_h)  # (N, n)
        states.append(h)
    h = np.stack(states, axis=1)  # (N, T, n)
    return h @ V + b_y, h


# %% [markdown]
# The task for our small network: repeat the first two inputs two steps later. No network without memory can do that,
# so the loss at step $t$ must reach back to step $t-2$.

# %%
rng = np.random.default_rng(1)
N, T, m, n, o = 4, 6, 3, 5, 2
x = rng.normal(size=(N, T, m))
h0 = 0.5 * rng.normal(size=(N, n))
target = np.zeros((N, T, o))
target[:, 2:] = x[:, :-2, :o]
weights = {
    "W": rng.normal(size=(m, n)) / np.sqrt(m),
    "U": rng.normal(size=(n, n)) / np.sqrt(n),
    "b_h": 0.1 * rng.normal(size=n),
    "V": rng.normal(size=(n, o)) / np.sqrt(n),
    "b_y": 0.1 * rng.normal(size=o),
}
y, h = forward(x, h0, **weights)
print("outputs", y.shape, "states", h.shape)

# %% [markdown]
# Nudging works for arrays too, entry by entry: **central differences**,
# $\bigl(f(w+\varepsilon)-f(w-\varepsilon)\bigr)/2\varepsilon$. They are slow, two forward passes for each weight, and
# they are not exact. But they know nothing of the chain rule, so they cannot make the same mistake as you. Use this
# function whenever you doubt a gradient.


# %%
def differences(function, w, step=1e-5):
    """Slope of ``function`` at the array ``w``, by central differences; shape of the value + shape of w."""
    slopes = []
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += step
        down[index] -= step
        slopes.append((function(up) - function(down)) / (2 * step))
    slopes = np.stack(slopes, axis=-1)
    return slopes.reshape(slopes.shape[:-1] + w.shape)


# %% [markdown]
# In Keras the same network is a `SimpleRNN` layer and a `Dense` layer, and `GradientTape` gives the slopes. The next
# cell puts our weights into the two layers and compares the outputs, and then the slope of one number, the mean
# square of all outputs, in the recurrent kernel. (The first use of TensorFlow takes some seconds.)

# %% tags=["figure"]
quiet_tensorflow()
import keras
import tensorflow as tf

rnn = keras.layers.SimpleRNN(n, return_sequences=True, dtype="float64")
dense = keras.layers.Dense(o, dtype="float64")
rnn.build((N, T, m))
dense.build((N, T, n))
rnn.set_weights([weights["W"], weights["U"], weights["b_h"]])
dense.set_weights([weights["V"], weights["b_y"]])

with tf.GradientTape() as tape:
    outputs = dense(rnn(x, initial_state=tf.constant(h0)))
    mean_square = tf.reduce_mean(outputs**2)
by_tape = tape.gradient(mean_square, rnn.trainable_variables[1]).numpy()
by_differences = differences(lambda U: (forward(x, h0, **{**weights, "U": U})[0] ** 2).mean(), weights["U"])

print(f"outputs: largest difference to Keras            {np.abs(outputs.numpy() - y).max():.1e}")
print(f"slope in U: largest difference to GradientTape  {np.abs(by_tape - by_differences).max():.1e}")

# %% [markdown] tags=["slide:D5.6", "slide:D4.11"]
# The outputs agree to the last digits, the slopes to about as many as differences can give.
#
# Two slides say how the slope is found in one go instead of two passes a weight. D5.6, «Обучение рекуррентной сети»
# (Training a recurrent network), draws the network **unrolled** in time and treats it as a deep feed-forward network
# whose layers share their weights. D4.11, «Рекуррентная сеть (2/3)» (Recurrent network, part 2), calls time a new dimension: a
# state weighs past experience against new information, so the derivative has to be taken back in time as well.

# %% tags=["figure"]
plots.unrolled()

# %% [markdown]
# Follow the dashed arrows. A loss sends its derivative down into its own column and then leftwards through every
# earlier one. Where two dashed arrows meet in a state, they add. The picture does not show sizes: whether anything is
# left of a derivative after many columns is the question of notebook 06.

# %% [markdown] tags=["slide:D1.10", "slide:D4.12"]
# ## The loss and the step downhill
#
# ### E05.1 Total loss
#
# *D1.10, «Рекуррентные сети V (1/4) — BPTT» (Recurrent networks V, part 1), and D4.12, «Рекуррентная сеть (3/3); Forward pass» (Recurrent
# network, forward pass).*
#
# A sequence has a loss at every step, and what is made small is their sum. D1 writes
# $Q_K=\sum_{k=0}^{K}Q(y_k, y'_k)$, D4 writes $L = \sum_t L_t$; D4 lists what the forward pass has to deliver: $h_t$,
# the prediction, $L_t$ and $L$. In the kit's letters, for a batch of $N$ rows and $o$ outputs, the two losses in
# common use are
#
# $$\text{squared error:}\quad L_t = \tfrac12\sum_{i=1}^{N}\sum_{j=1}^{o}\,(y_{t,ij}-y'_{t,ij})^2,
# \qquad\qquad
# \text{cross-entropy:}\quad L_t = -\sum_{i=1}^{N}\sum_{j=1}^{o}\, y'_{t,ij}\,\ln y_{t,ij},$$
#
# the second for outputs that are probabilities and targets that are one-hot. They are *sums*, also over the rows: a
# mean would only rescale the step size, but it would put a factor into every formula below.
#
# **Write** `squared_error` and `cross_entropy`: from `y` and `target`, both $(N, T, o)$, the pair `(L_t, L)` with
# `L_t` of shape $(T,)$ and `L` a number. **And write** `forward_pass`, which returns D4's four: `h` $(N, T, n)$, `y`
# $(N, T, o)$, `L_t` and `L`, with squared error.
#
# *Checked:* both losses and all four quantities of the forward pass, to $10^{-12}$, on random arrays with $T = 7$.


# %% tags=["stub", "E05.1"]
def squared_error(y, target):
    """Half the squared distance: the pair (L_t, L).

    y, target: (N, T, o)
    L_t: (T,); L: a number
    """
    return None  # replace this line


def cross_entropy(y, target):
    """Minus the logarithm of the probability given to the right class: the pair (L_t, L).

    y, target: (N, T, o); y holds probabilities, target is one-hot
    L_t: (T,); L: a number
    """
    return None  # replace this line


def forward_pass(x, target, h0, W, U, b_h, V, b_y):
    """The four quantities of the forward pass: h (N, T, n), y (N, T, o), L_t (T,) and L, with squared error."""
    return None  # replace this line


# %% tags=["solution", "E05.1"]
def squared_error(y, target):
    L_t = 0.5 * ((y - target) ** 2).sum(axis=(0, 2))
    return L_t, L_t.sum()


def cross_entropy(y, target):
    L_t = -(target * np.log(y)).sum(axis=(0, 2))
    return L_t, L_t.sum()


def forward_pass(x, target, h0, W, U, b_h, V, b_y):
    y, h = forward(x, h0, W, U, b_h, V, b_y)
    L_t, L = squared_error(y, target)
    return h, y, L_t, L


# %% tags=["check", "E05.1"]
check("E05.1")

# %% tags=["hint", "E05.1"]
# hint("E05.1", 1)

# %% tags=["figure", "E05.1"]
plots.losses(forward_pass, squared_error, cross_entropy, (x, target, h0, *weights.values()), y)

# %% [markdown]
# On the left are the losses of our untrained network as your `forward_pass` gives them. The staircase adds them up
# and must arrive at the dashed line, which is your $L$; each bar must end in its circle. On the right one sequence of
# one step is judged, with two classes: the more probability the right class gets, the smaller both losses. The figure
# does not say which loss is the better one; it only shows that cross-entropy punishes confident mistakes far harder.

# %% [markdown]
# *To think about:* suppose a batch holds sequences of different lengths, and $L$ is the sum over all their steps.
# Which sequences have the most to say about the update?

# %% [markdown] tags=["solution"]
# *Answer:* the long ones: every step counts alike, so a sequence counts in proportion to its length. If that is not
# wanted, the losses of each sequence are divided by its own number of steps.

# %% [markdown] tags=["slide:D1.11"]
# ### E05.2 One update
#
# *D1.11, «Рекуррентные сети V (2/4)» (Recurrent networks V, part 2: the update).*
#
# The slide moves every weight against the derivative of the total loss, and since the loss is a sum, so is the
# derivative:
#
# $$\Delta w_{ij} = -\eta\,\frac{\partial L}{\partial w_{ij}} = -\eta\sum_{t=0}^{T-1}\frac{\partial L_t}{\partial w_{ij}},
# \qquad w_{ij}\in\{W, U, V\}.$$
#
# The slide's set names three matrices (in its letters $\{U, W, V\}$). The two biases are weights as well and are to
# move with the others.
#
# How much is gained? To first order a small change of the weights changes the loss by slope times change, summed over
# all weights. The slopes are $g = \partial L/\partial w$, the changes are $-\eta\,g$, so the loss changes by
#
# $$\Delta L \approx -\eta\,\lVert g\rVert^2 ,\qquad
# \lVert g\rVert^2 = \sum_{\text{five weights}}\ \sum_{ij}\Bigl(\frac{\partial L}{\partial w_{ij}}\Bigr)^2 .$$
#
# **Write** `one_update(weights, step_gradients, eta)`. `weights` is a dictionary of the five arrays `W`, `U`, `b_h`,
# `V` and `b_y`; `step_gradients` has the same names, and under each the gradients of all $L_t$, stacked: $(T, m, n)$
# for `W`, $(T, n)$ for `b_h`, and so on. Return a dictionary with the five new arrays. **And write**
# `predicted_change(step_gradients, eta)`, the number $-\eta\lVert g\rVert^2$.
#
# *Checked:* the new weights to $10^{-12}$; the prediction; and with your new weights the loss is computed afresh: it
# must fall, and for a small $\eta$ by what you predicted, to 1 %.


# %% tags=["stub", "E05.2"]
def one_update(weights, step_gradients, eta):
    """A dictionary of the five new weights after one step downhill.

    weights: {"W": (m, n), "U": (n, n), "b_h": (n,), "V": (n, o), "b_y": (o,)}
    step_gradients: the same names; each array has a first axis of length T
    """
    return None  # replace this line


def predicted_change(step_gradients, eta):
    """What the step of size eta changes the loss by, to first order: a number below 0."""
    return None  # replace this line


# %% tags=["solution", "E05.2"]
def one_update(weights, step_gradients, eta):
    return {name: w - eta * step_gradients[name].sum(axis=0) for name, w in weights.items()}


def predicted_change(step_gradients, eta):
    return -eta * sum((g.sum(axis=0) ** 2).sum() for g in step_gradients.values())


# %% tags=["check", "E05.2"]
check("E05.2")

# %% tags=["hint", "E05.2"]
# hint("E05.2", 1)

# %% [markdown]
# For the figure the step gradients come from nudging each of the 57 weights, since we have no better way yet. The
# function `losses` below gives $L_t$ for any weights and serves as the measuring device of the whole notebook.


# %%
def losses(**changed):
    """L_t (T,) of our example, after some of the five weights were replaced."""
    y, _ = forward(x, h0, **{**weights, **changed})
    return np.array([np.sum((y[:, t] - target[:, t]) ** 2) / 2 for t in range(T)])


def measured_step_gradients(weights):
    def with_one(name):
        return lambda w: losses(**{**weights, name: w})

    return {name: differences(with_one(name), w) for name, w in weights.items()}


# %% tags=["figure", "E05.2"]
plots.update(one_update, predicted_change, lambda weights: losses(**weights).sum(), measured_step_gradients, weights)

# %% [markdown]
# On the left the dashed line is the prediction and the full curve the truth. At $\eta = 0$ they touch; a curve that
# rises there climbs instead of descending, and a line that cuts the curve is a wrong prediction. Further out the
# curve leaves the line, because the slope itself changes along the way. On the right the update is repeated. The
# figure shows one network and one $\eta$; it does not promise that every step lowers the loss.

# %% [markdown]
# *To think about:* the losses of two steps may pull a weight in opposite directions. What does that do to
# $\lVert g\rVert^2$, compared with the sum of the squares of the steps' own gradients?

# %% [markdown] tags=["solution"]
# *Answer:* the sum is taken first, so opposite pulls cancel, and $\lVert g\rVert^2$ can be far smaller than the sum
# of squares, even 0. At such a point no step of this kind lowers the total, though each loss by itself could be
# lowered.

# %% [markdown] tags=["slide:D4.14", "slide:D4.15"]
# ## The way back
#
# Nudging costs two forward passes a weight: 114 here, millions in a real network. The chain rule costs one pass back.
# It is done in the order in which the dashed arrows of the diagram leave the losses: first the read-out, then time.
#
# ### E05.3 Output weights
#
# *D4.14 and D4.15, «Градиент по U (1/2)» and «Градиент по U (2/2)» (Gradient in U, parts 1 and 2). D4's $U$ is the read-out kernel, our $V$.*
#
# The slides say that the gradient is a sum over steps, $\partial L/\partial V=\sum_t \partial L_t/\partial V$, and
# that within a step only the prediction depends on the read-out:
# $\frac{\partial L_t}{\partial V}=\frac{\partial L_t}{\partial y_t}\frac{\partial y_t}{\partial V}$. There is no
# chain through time, for $V$ is used after the state is made.
#
# Call the derivative with respect to what enters the output function the **output error**,
# $\delta^y_t = \partial L_t/\partial(h_t V + b_y)$. For squared error with a linear output it is $y_t - y'_t$. For
# softmax with cross-entropy the derivatives of the logarithm and of the softmax cancel, and it is $y_t - y'_t$ again:
# one backward pass serves both. Each entry of $V$ joins a unit with an output, so for one row its derivative is the
# product of the two, and with all rows
#
# $$\frac{\partial L_t}{\partial V} = h_t^{\mathsf T}\,\delta^y_t \quad (n, o),
# \qquad \frac{\partial L}{\partial V} = \sum_{t=0}^{T-1} h_t^{\mathsf T}\,\delta^y_t .$$
#
# **Write** `output_error(y, target)`, of shape $(N, T, o)$, and `grad_readout(delta_y, h)`, the pair of all
# $\partial L_t/\partial V$, stacked as $(T, n, o)$, and their sum $(n, o)$. The product $h_t^{\mathsf T}\delta^y_t$
# adds up the rows by itself.
#
# *Checked:* the output error for both losses; steps and sum to $10^{-10}$; and that $\partial L_t/\partial V$ stays
# the same when only the target of another step moves.


# %% tags=["stub", "E05.3"]
def output_error(y, target):
    """delta_y (N, T, o): the derivative of L_t with respect to h_t V + b_y.

    y, target: (N, T, o)
    """
    return None  # replace this line


def grad_readout(delta_y, h):
    """The pair of dL_t/dV for every step, (T, n, o), and of their sum dL/dV, (n, o).

    delta_y: (N, T, o); h: (N, T, n)
    """
    return None  # replace this line


# %% tags=["solution", "E05.3"]
def output_error(y, target):
    return y - target


def grad_readout(delta_y, h):
    steps = np.stack([h[:, t].T @ delta_y[:, t] for t in range(h.shape[1])])
    return steps, steps.sum(axis=0)


# %% tags=["check", "E05.3"]
check("E05.3")

# %% tags=["hint", "E05.3"]
# hint("E05.3", 1)

# %% [markdown]
# For the figures that follow: the output errors of our example, the arrays that the way back needs, and the slopes of
# the total loss in all weights, measured.

# %%
delta_y = y - target
cache = {"x": x, "h0": h0, "h": h, **weights}
measured = {name: slopes.sum(axis=0) for name, slopes in measured_step_gradients(weights).items()}

# %% tags=["figure", "E05.3"]
plots.readout(output_error, grad_readout, y, target, h, measured["V"])

# %% [markdown]
# Row $s$ of the map on the left moves the target of step $s$; column $t$ shows how much $\partial L_t/\partial V$
# changes. Only the diagonal is filled: for the read-out every step stands alone. On the right each cross is one of
# the ten entries of $V$, measured along the axis and computed by you upwards. The map does not test the values and
# the crosses do not test the steps; it takes both.

# %% [markdown]
# *To think about:* a network that is read out only after the last step has $L = L_{T-1}$. How many terms does
# $\partial L/\partial V$ have then, and how many has $\partial L/\partial b_y$?

# %% [markdown] tags=["solution"]
# *Answer:* one each: all other $\delta^y_t$ are 0. The recurrent kernel still has a term for every step, as the next
# exercise shows.

# %% [markdown] tags=["slide:D1.11", "slide:D4.11", "slide:D4.16", "slide:D4.17", "slide:D5.6"]
# ### E05.4 Through time
#
# *D4.16 and D4.17, «Градиент по W (1/3)» and «Градиент по W (2/3)» (Gradient in W, parts 1 and 2), with D4.11, D5.6 and D1.11. The slides' $W$ is the
# recurrent kernel, our $U$.*
#
# Again the slides begin with the sum over steps and a chain,
#
# $$\frac{\partial L_t}{\partial U}=\frac{\partial L_t}{\partial y_t}\,\frac{\partial y_t}{\partial h_t}\,
# \frac{\partial h_t}{\partial U}.$$
#
# Then D4.17 points at the difficulty: in $h_t = \tanh(x_t W + h_{t-1}U + b_h)$ the previous state depends on $U$ as
# well, and so does the one before it.
#
# Written out loss by loss, that would take a pass back for each $t$. The trick is to go back **once**, carrying all
# losses together. Let $\delta^h_t = \partial L/\partial a_t$, shape $(N, n)$, say what a change of $a_t$ does to the
# *total* loss. A change of $a_t$ changes $h_t$ by $1-h_t^2$ of it, and $h_t$ reaches the losses by two roads: through
# its own read-out, and through $a_{t+1}$, where it meets $U$. Hence
#
# $$\delta^h_t = \bigl(\,\delta^y_t\,V^{\mathsf T} + \delta^h_{t+1}\,U^{\mathsf T}\,\bigr)\odot(1-h_t^2),
# \qquad t = T-1,\ \dots,\ 0,\qquad \delta^h_{T} = 0 ,$$
#
# where $\odot$ multiplies entry by entry. At step $t$ the kernel $U$ meets the state $h_{t-1}$, so
#
# $$\frac{\partial L}{\partial U} = \sum_{t=0}^{T-1} h_{t-1}^{\mathsf T}\,\delta^h_t ,\qquad h_{-1} = \texttt{h0} .$$
#
# **Write** `errors_through_time(delta_y, h, U, V)`, which returns $\delta^h$ of shape $(N, T, n)$, and
# `grad_recurrent(delta_y, h, h0, U, V)`, which returns $\partial L/\partial U$ of shape $(n, n)$.
#
# *Checked:* both to $10^{-10}$ for $T = 7$, $1$ and $2$, with a start that is not 0; a wrong $\delta^h$ is told the
# first wrong step on the way back. Then $\partial L/\partial U$ against the unrolled network of D5.6, with a copy of
# $U$ for every step and the slopes in all copies added; and, as D4.11 demands, what $x_0$ does to the last loss.


# %% tags=["stub", "E05.4"]
def errors_through_time(delta_y, h, U, V):
    """delta_h (N, T, n): the derivative of the total loss with respect to a_t, for every t.

    delta_y: (N, T, o); h: (N, T, n); U: (n, n); V: (n, o)
    """
    return None  # replace this line


def grad_recurrent(delta_y, h, h0, U, V):
    """dL/dU, (n, n).

    delta_y: (N, T, o); h: (N, T, n); h0: (N, n), the state before the first step; U: (n, n); V: (n, o)
    """
    return None  # replace this line


# %% tags=["solution", "E05.4"]
def errors_through_time(delta_y, h, U, V):
    delta_h = np.zeros_like(h)
    later = np.zeros_like(h[:, 0])  # delta_h of step t + 1
    for t in reversed(range(h.shape[1])):
        later = (delta_y[:, t] @ V.T + later @ U.T) * (1 - h[:, t] ** 2)
        delta_h[:, t] = later
    return delta_h


def grad_recurrent(delta_y, h, h0, U, V):
    delta_h = errors_through_time(delta_y, h, U, V)
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)  # h_{t-1} for every t
    return sum(before[:, t].T @ delta_h[:, t] for t in range(h.shape[1]))


# %% tags=["check", "E05.4"]
check("E05.4")

# %% tags=["hint", "E05.4"]
# hint("E05.4", 1)

# %% tags=["figure", "E05.4"]
plots.through_time(errors_through_time, grad_recurrent, delta_y, cache, measured["U"])

# %% [markdown]
# For row $t$ of the map only the loss of step $t$ was switched on. It is felt at its own step and at every earlier
# one, and never later: a triangle, where the read-out had a diagonal. Without the recursion only the diagonal is
# left; without $1-h^2$ the numbers grow towards the left. On the right the crosses must lie on the line. Six steps
# are too few to see what happens to the far corner when sequences grow long; see notebook 06.

# %% [markdown]
# *To think about:* every entry of the map needed a loss of its own to be switched on. Why does `errors_through_time`
# get by with one loop when all the losses are on?

# %% [markdown] tags=["solution"]
# *Answer:* the recursion is linear in $\delta^y$: going back from the sum of two errors gives the sum of what going
# back from each would give. At step $t$ it makes no difference from which later loss an error came, so they are added
# first and travel on together. The arrays behind each column of the map, added up, are the $\delta^h_k$ of that one
# loop.

# %% [markdown] tags=["slide:D4.13"]
# ### E05.5 The rest
#
# *D4.13, «Forward pass / Backward pass».*
#
# The hard part is done. $\delta^y_t$ says what a change of $h_tV + b_y$ does to the loss, $\delta^h_t$ what a change
# of $a_t = x_tW + h_{t-1}U + b_h$ does. Each remaining weight enters in one of these two places, and its gradient is
# what it meets there, times the error, summed over steps and rows:
#
# $$\frac{\partial L}{\partial W} = \sum_t x_t^{\mathsf T}\,\delta^h_t\quad (m, n),\qquad
# \frac{\partial L}{\partial b_h} = \sum_t\sum_{\text{rows}}\delta^h_t\quad (n),\qquad
# \frac{\partial L}{\partial b_y} = \sum_t\sum_{\text{rows}}\delta^y_t\quad (o).$$
#
# **Write** `grad_rest(delta_y, x, h, U, V)`, which returns these three in this order.
#
# The slide lists what the backward pass has to deliver. In D4's own letters, where $h_t = f_h(Vx_t + Wh_{t-1} + b_h)$
# and $\hat y_t = f_y(Uh_t + b_y)$, it prints
#
# $$\frac{\partial L}{\partial U},\quad \frac{\partial L}{\partial V},\quad \frac{\partial L}{\partial W},\quad
# \frac{\partial L}{\partial b_x},\quad \frac{\partial L}{\partial b_h}.$$
#
# One of the five is a slip. **Set** `misprinted_bias` to the name as it is printed and `right_bias` to the name that
# is meant, both as text in D4's letters: one of `"U"`, `"V"`, `"W"`, `"b_x"`, `"b_h"`, `"b_y"`.
#
# *Checked:* the three arrays to $10^{-10}$, and against central differences to $10^{-6}$ with softmax and
# cross-entropy; the two names.


# %% tags=["stub", "E05.5"]
def grad_rest(delta_y, x, h, U, V):
    """The three gradients dL/dW (m, n), dL/db_h (n,) and dL/db_y (o,).

    delta_y: (N, T, o); x: (N, T, m); h: (N, T, n); U: (n, n); V: (n, o)
    """
    return None  # replace this line


misprinted_bias = None  # replace this line
right_bias = None  # replace this line


# %% tags=["solution", "E05.5"]
def grad_rest(delta_y, x, h, U, V):
    delta_h = errors_through_time(delta_y, h, U, V)
    dW = sum(x[:, t].T @ delta_h[:, t] for t in range(x.shape[1]))
    return dW, delta_h.sum(axis=(0, 1)), delta_y.sum(axis=(0, 1))


misprinted_bias = "b_x"
right_bias = "b_y"

# %% tags=["check", "E05.5"]
check("E05.5")

# %% tags=["hint", "E05.5"]
# hint("E05.5", 1)

# %% tags=["figure", "E05.5"]
plots.step_size(grad_rest, delta_y, cache, lambda name, w: losses(**{name: w}).sum())

# %% [markdown]
# Which of the two is wrong when a gradient and a difference disagree in the seventh digit? The figure answers with a
# V. Coming from the right, the difference gets better as its step shrinks: tenfold with each decade if it is
# one-sided, a hundredfold if it is central. At some point the two values that are subtracted agree in so many digits
# that little but rounding is left, and it gets worse again. The bottoms lie near $10^{-8}$ and $10^{-5}$, and that is
# why `differences` takes a step of $10^{-5}$ and why no check here asks more than $10^{-6}$ of it. One curve has no
# right arm: in $b_y$ this loss is a parabola, and on a parabola central differences are exact for every step. A wrong
# gradient has no V: its distance stays large whatever the step. The figure says nothing about float32, where the
# bottoms are far higher.

# %% [markdown]
# *To think about:* with squared error, what is $\partial L/\partial b_y$ once training has made the outputs right on
# average?

# %% [markdown] tags=["solution"]
# *Answer:* it is the sum of all $y_t - y'_t$, so it vanishes as soon as the outputs are right *on average*, however
# wrong each of them is. A vanishing gradient in one weight says little about the fit.

# %% [markdown] tags=["slide:D1.12", "slide:D4.17"]
# ## What the slide prints, and the paths it counts
#
# ### E05.6 What the slide's formula computes
#
# *D1.12, «Рекуррентные сети V (3/4): основная сложность» (Recurrent networks V, part 3: the main difficulty), with D4.17.*
#
# Having defined $Q_K = \sum_{k=0}^{K}Q(y_k, y'_k)$, the slide prints for the recurrent kernel (its $\mathbf W$)
#
# $$\frac{\partial Q_K}{\partial \mathbf W} = \frac{\partial Q_K}{\partial y_K}\,\frac{\partial y_K}{\partial h_K}
# \sum_{k=0}^{K}\Bigl(\prod_{j=k+1}^{K}\frac{\partial h_j}{\partial h_{j-1}}\Bigr)\frac{\partial h_k}{\partial \mathbf W}.$$
#
# The product of Jacobians in the middle is the point of the slide, and it is right. But two things in the formula
# need care, and both show already with a single unit, $h_k = \tanh(w\,x_k + u\,h_{k-1} + b_h)$, $y_k = v\,h_k + b_y$,
# whose recurrent weight we call $u$.
#
# The first is $\partial h_k/\partial u$. There are two derivatives of that name. The **immediate** one holds
# $h_{k-1}$ fast: $h_{k-1}(1-h_k^2)$. The **total** one lets $h_{k-1}$ move with $u$ too:
# $\frac{dh_k}{du} = (1-h_k^2)\,\bigl(h_{k-1} + u\,\frac{dh_{k-1}}{du}\bigr)$, where $h_{-1}$ is given and does not
# move. In the formula stands the immediate one, since the sum over $k$ already adds up all the detours; the paper that
# the slide cites (Pascanu, Mikolov and Bengio, arXiv 1211.5063) marks it with a plus, $\partial^+ h_k$.
#
# The second is what stands on the left. Look at which errors enter on the right, and decide for yourself.
#
# **Write**, for one sequence, with `delta_y` and `h` of shape $(T,)$, $K = T-1$ and three numbers `h0`, `u`, `v`:
#
# - `state_derivatives(h, h0, u)`: the pair of all immediate and all total $\partial h_k/\partial u$, each $(T,)$;
# - `printed_formula(delta_y, h, h0, u, v)`: the right side as printed, a number. $\partial Q_K/\partial y_K$ is
#   `delta_y[K]` and $\partial h_j/\partial h_{j-1}$ is $u\,(1-h_j^2)$;
# - `total_gradient(delta_y, h, h0, u, v)`: the derivative of the sum $Q_K$ with respect to $u$, a number.
#
# **Set** `formula_computes` to the letter of the true sentence. The right side of the printed formula is
#
# - `"a"`: the gradient of the whole sum $Q_K$;
# - `"b"`: the gradient of its last term $Q(y_K, y'_K)$ alone;
# - `"c"`: the gradient of the whole sum along the direct paths, without going back in time;
# - `"d"`: the mean of the gradients of the $K+1$ terms.
#
# *Checked:* the derivatives to $10^{-12}$, both numbers to $10^{-10}$ for random weights and $K = 5$, both again by
# central differences, and the letter.


# %% tags=["stub", "E05.6"]
def state_derivatives(h, h0, u):
    """The pair of immediate and total derivatives of every h_k with respect to u, each (T,).

    h: (T,), the states of one unit; h0: the state before the first step
    """
    return None  # replace this line


def printed_formula(delta_y, h, h0, u, v):
    """The right side of the formula on slide D1.12, for one unit: a number.

    delta_y, h: (T,); h0, u, v: numbers
    """
    return None  # replace this line


def total_gradient(delta_y, h, h0, u, v):
    """The derivative of the sum of all losses with respect to u: a number."""
    return None  # replace this line


formula_computes = None  # replace this line


# %% tags=["solution", "E05.6"]
def state_derivatives(h, h0, u):
    immediate = np.append(h0, h[:-1]) * (1 - h**2)
    total, carried = np.zeros_like(h), 0.0
    for k in range(len(h)):
        carried = immediate[k] + u * (1 - h[k] ** 2) * carried
        total[k] = carried
    return immediate, total


def printed_formula(delta_y, h, h0, u, v):
    immediate, _ = state_derivatives(h, h0, u)
    jacobians = u * (1 - h**2)  # entry j is dh_j/dh_{j-1}
    return delta_y[-1] * v * sum(np.prod(jacobians[k + 1 :]) * immediate[k] for k in range(len(h)))


def total_gradient(delta_y, h, h0, u, v):
    _, total = state_derivatives(h, h0, u)
    return (delta_y * v * total).sum()


formula_computes = "b"

# %% tags=["check", "E05.6"]
check("E05.6")

# %% tags=["hint", "E05.6"]
# hint("E05.6", 1)

# %% [markdown]
# An example with simple numbers: one pulse at the input, and the network is to stay silent for five steps and to say
# 1 at the sixth, $K = 5$. The weights are $w = v = 1$ and $u = 0.9$, the biases and $h_{-1}$ are 0.

# %%
pulse, wanted = np.eye(6)[0], np.eye(6)[5]


def run_unit(u, w=1.0, v=1.0):
    """States and output errors of the unit, each (6,)."""
    states, state = [], 0.0
    for x_k in pulse:
        state = np.tanh(w * x_k + u * state)
        states.append(state)
    states = np.array(states)
    return states, v * states - wanted


def unit_losses(u):
    return run_unit(u)[1] ** 2 / 2


states, errors = run_unit(0.9)
slopes = (unit_losses(0.9 + 1e-5) - unit_losses(0.9 - 1e-5)) / 2e-5
print(f"measured slope of the sum of losses  {slopes.sum():.4f}")
print(f"measured slope of the last loss      {slopes[-1]:.4f}")

# %% tags=["figure", "E05.6"]
plots.formula(printed_formula, total_gradient, (errors, states, 0.0, 0.9, 1.0), unit_losses)

# %% [markdown]
# The legend has your two numbers; the measured slopes are printed above. The last loss wants the pulse to last, so it calls for a larger $u$; the five losses before it want silence, and
# they prevail in the sum. In this example the two numbers differ even in sign: whoever takes the printed formula for
# the gradient of the sum goes uphill. The figure shows a single unit and a single $u$. It says that the formula is
# not the gradient of the sum; it does not say that it is useless: if only the last output has a loss, it is the whole
# gradient.

# %% [markdown]
# *To think about:* with which small change would the formula on the slide be right as it stands?

# %% [markdown] tags=["solution"]
# *Answer:* write $Q(y_K, y'_K)$ for $Q_K$ on the left; in the first factor it makes no difference. That is how the cited
# paper has it, for one term of the loss. Or put a sum over $t = 0, \dots, K$ in front, with $t$ in the place of $K$
# everywhere on the right: that is the gradient of the sum.

# %% [markdown] tags=["slide:D1.12", "slide:D2.2", "slide:D4.18"]
# ### E05.7 Count the paths
#
# *D4.18, «Градиент по W (3/3)» (Gradient in W, part 3), D1.12, and D2.2, «Версия 05:55, 23 января 2019; Содержание; Описание» (revision line, contents, description).*
#
# D4.18 expands the derivative of one loss over time: the term of its own step, then a term with one Jacobian, then
# with two, and so on. In the kit's letters, with the Jacobian of a step in row form,
# $\frac{\partial h_j}{\partial h_{j-1}} = U\,\mathrm{diag}(1-h_j^2)$, the loss of step $t$ reaches the use of $U$ at
# step $k$ by one path only, and
#
# $$\frac{\partial L_t}{\partial U} = \sum_{k=0}^{t} C_k,\qquad
# C_k = h_{k-1}^{\mathsf T}\,\Bigl(\frac{\partial L_t}{\partial h_k}\odot(1-h_k^2)\Bigr),\qquad
# \frac{\partial L_t}{\partial h_{k-1}} = \Bigl(\frac{\partial L_t}{\partial h_k}\odot(1-h_k^2)\Bigr)\,U^{\mathsf T},$$
#
# beginning at $\frac{\partial L_t}{\partial h_t} = \delta^y_t V^{\mathsf T}$. Every step back along the last equation
# passes one Jacobian.
#
# **Write** `path_contributions(delta_y, h, h0, U, V, t)`, which returns $C_0, \dots, C_t$ stacked as $(t+1, n, n)$,
# with $k = 0$ first. The arrays have all $T$ steps; only the loss of step $t$ counts.
#
# D2.2 says in words that for the gradient at $t = 4$ the error is sent back three steps and the gradients are added.
# **Set** `jacobian_factors` to a list of five whole numbers: how many Jacobians $\partial h_j/\partial h_{j-1}$ are
# in the contributions $k = 0, 1, 2, 3, 4$ to $\partial L_4/\partial U$, when steps are counted from 0.
#
# *Checked:* the contributions to $10^{-10}$; their sum against central differences of $L_4$; that the contribution of
# $k = 4$ does not change when $U$ alone is replaced and the states are held; and the five numbers.


# %% tags=["stub", "E05.7"]
def path_contributions(delta_y, h, h0, U, V, t):
    """dL_t/dU split by the step k at which U was used: (t + 1, n, n), k = 0 first.

    delta_y: (N, T, o); h: (N, T, n); h0: (N, n); U: (n, n); V: (n, o); t: whole number
    """
    return None  # replace this line


jacobian_factors = None  # replace this line


# %% tags=["solution", "E05.7"]
def path_contributions(delta_y, h, h0, U, V, t):
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    contributions = []
    dh = delta_y[:, t] @ V.T
    for k in reversed(range(t + 1)):
        da = dh * (1 - h[:, k] ** 2)
        contributions.append(before[:, k].T @ da)
        dh = da @ U.T
    return np.stack(contributions[::-1])


jacobian_factors = [4, 3, 2, 1, 0]

# %% tags=["check", "E05.7"]
check("E05.7")

# %% tags=["hint", "E05.7"]
# hint("E05.7", 1)

# %% tags=["figure", "E05.7"]
measured_L4 = differences(lambda U: losses(U=U)[4], weights["U"])
plots.contributions(path_contributions, delta_y, cache, 4, measured_L4)

# %% [markdown]
# Each small map is one path's share of $\partial L_4/\partial U$. The sum must look like the map of the measured
# slope at its side. The bars give the shares' sizes. The three steps back of D2.2 are counted from 1: from step 4 to
# step 1. Counted from 0, step 4 is the fifth, and the longest path goes back four. In this small network the shares
# shrink with distance, though not evenly; the figure does not say that they must, and notebook 06 shows networks in
# which they grow.

# %% [markdown]
# *To think about:* truncated BPTT drops all contributions but the last few. For the task of this notebook, repeating
# the input of two steps before, which contributions to $\partial L_4/\partial U$ must not be dropped?

# %% [markdown] tags=["solution"]
# *Answer:* the input $x_2$ enters $h_2$ and passes $U$ at the steps 3 and 4, so the contributions $k = 3$ and $k = 4$
# teach $U$ to hand it on. With $k = 4$ alone the network would have to be lucky: nothing tells $U$ at step 3 what
# will be needed at step 4.

# %% [markdown] tags=["slide:D4.13"]
# ## Into a library
#
# ### E05.8 Do not touch the caller's arrays
#
# *D4.13, «Backward pass».*
#
# The slide's backward pass delivers gradients for all weights. Those of the read-out you have; the rest belongs to the
# recurrent layer, and in a library a layer knows no loss. It is handed the **upstream gradient**,
# $\mathrm{dh}_t = \partial L/\partial h_t$ as far as the layers above it go, and the **cache** of its forward pass;
# it returns the gradients of its weights and, so that the layers below can go on, those of its input and of its
# initial state. In our network $\mathrm{dh}_t = \delta^y_tV^{\mathsf T}$, and the rest you know:
#
# $$\delta^h_t = \bigl(\mathrm{dh}_t + \delta^h_{t+1}U^{\mathsf T}\bigr)\odot(1-h_t^2),\qquad
# \frac{\partial L}{\partial x_t} = \delta^h_t\,W^{\mathsf T},\qquad
# \frac{\partial L}{\partial h_{-1}} = \delta^h_0\,U^{\mathsf T}.$$
#
# Both arguments belong to the caller. The function below saves memory by writing into them. Its answers are right,
# and it passes every comparison with GradientTape. Once.


# %%
def buggy_backward(dh, cache):
    x, h0, h, W, U = (cache[name] for name in ("x", "h0", "h", "W", "U"))
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    slope = h
    slope *= -h
    slope += 1  # 1 - h**2
    for t in reversed(range(h.shape[1])):
        dh[:, t] *= slope[:, t]
        if t > 0:
            dh[:, t - 1] += dh[:, t] @ U.T
    return {
        "W": np.einsum("btm,btn->mn", x, dh),
        "U": np.einsum("btm,btn->mn", before, dh),
        "b_h": dh.sum(axis=(0, 1)),
        "x": dh @ W.T,
        "h0": dh[:, 0] @ U.T,
    }


upstream = (y - target) @ weights["V"].T
arguments = upstream.copy(), {name: array.copy() for name, array in cache.items()}
for call in (1, 2):
    print(f"call {call}: dL/dU[0, 0] = {buggy_backward(*arguments)['U'][0, 0]:.4f}, measured {measured['U'][0, 0]:.4f}")

# %% [markdown]
# The second call gets the same two objects and returns something else, for the first has left its traces in them. In
# a program the second call is a numerical comparison, a second loss on the same states, or a layer that shares the
# cache, and the error appears far from its cause.
#
# **Write** `backward(dh, cache)`: from `dh` $(N, T, n)$ and a cache with `x` $(N, T, m)$, `h0` $(N, n)$, `h`
# $(N, T, n)$, `W` $(m, n)$ and `U` $(n, n)$, a dictionary of five gradients named `W`, `U`, `b_h`, `x` and `h0`, each
# of its array's shape. Start from `buggy_backward` if you like, but leave no trace in the arguments.
#
# *Checked:* the five arrays to $10^{-10}$; `dh` and every entry of the cache bit by bit after two calls; and the
# second call against the first.


# %% tags=["stub", "E05.8"]
def backward(dh, cache):
    """Gradients by name, {"W": (m, n), "U": (n, n), "b_h": (n,), "x": (N, T, m), "h0": (N, n)}.

    dh: (N, T, n), dL/dh_t from the layers above
    cache: {"x": (N, T, m), "h0": (N, n), "h": (N, T, n), "W": (m, n), "U": (n, n)}
    """
    return None  # replace this line


# %% tags=["solution", "E05.8"]
def backward(dh, cache):
    x, h0, h, W, U = (cache[name] for name in ("x", "h0", "h", "W", "U"))
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    delta_h = np.zeros_like(h)
    later = np.zeros_like(h0)
    for t in reversed(range(h.shape[1])):
        later = (dh[:, t] + later @ U.T) * (1 - h[:, t] ** 2)
        delta_h[:, t] = later
    return {
        "W": np.einsum("btm,btn->mn", x, delta_h),
        "U": np.einsum("btm,btn->mn", before, delta_h),
        "b_h": delta_h.sum(axis=(0, 1)),
        "x": delta_h @ W.T,
        "h0": delta_h[:, 0] @ U.T,
    }


# %% tags=["check", "E05.8"]
check("E05.8")

# %% tags=["hint", "E05.8"]
# hint("E05.8", 1)

# %% tags=["figure", "E05.8"]
plots.calls(backward, buggy_backward, upstream, cache)

# %% [markdown]
# Six calls on the same arrays: your line must be level. The other starts at the same height and then loses its way. A
# level line at the right height still does not prove that the arrays are untouched, for something may be changed that
# this function does not read; the check compares them bit by bit.

# %% [markdown]
# *To think about:* the cache is a dictionary. Why does `cache = cache.copy()` as the first line not help?

# %% [markdown] tags=["solution"]
# *Answer:* a dictionary's `copy` is shallow. The new dictionary holds the same arrays, and `cache["h"] *= 2` still
# writes into the caller's numbers. It is the arrays that have to be new, and best is never to write into them.

# %% [markdown]
# ## The proof, and the use
#
# Your backward pass, with the two gradients of the read-out from E05.3 and E05.5, against the tape that records every
# operation of the two Keras layers from the beginning of this notebook: all seven gradients, in float64.

# %% tags=["figure"]
inputs, start = tf.Variable(x), tf.Variable(h0)
with tf.GradientTape() as tape:
    total = tf.reduce_sum((dense(rnn(inputs, initial_state=start)) - target) ** 2) / 2
W_U_b, V_b = rnn.trainable_variables, dense.trainable_variables
named = {"W": W_U_b[0], "U": W_U_b[1], "b_h": W_U_b[2], "V": V_b[0], "b_y": V_b[1], "x": inputs, "h0": start}
by_tape = tape.gradient(total, named)

read_out = {"V": np.einsum("btn,bto->no", h, delta_y), "b_y": delta_y.sum(axis=(0, 1))}

plots.against_tape(backward, upstream, cache, read_out, {name: slope.numpy() for name, slope in by_tape.items()})

# %% [markdown]
# Differences of the order of $10^{-15}$ are rounding: two programs that share no code add the same numbers in another
# order. A bar that reaches further to the right belongs to a wrong gradient. With these gradients the network can learn its task.


# %% tags=["figure"]
def learn(backward, updates=1000, eta=0.01):
    """Plain gradient descent from our weights: the course of the loss, and the outputs at the end."""
    current, course = dict(weights), []
    for _ in range(updates):
        y, h = forward(x, h0, **current)
        delta_y = y - target
        course.append((delta_y**2).sum() / 2)
        dh = delta_y @ current["V"].T
        gradients = backward(dh, {"x": x, "h0": h0, "h": h, "W": current["W"], "U": current["U"]})
        gradients |= {"V": np.einsum("btn,bto->no", h, delta_y), "b_y": delta_y.sum(axis=(0, 1))}
        current = {name: current[name] - eta * gradients[name] for name in current}
    return course, forward(x, h0, **current)[0]


plots.training(learn, backward, y, target)

# %% [markdown]
# Without any framework the network has learnt to repeat what it heard two steps before, on the four sequences it was
# shown. The figure does not say that it would do so on others: for that it would need more of them, and a test.
#
# ## What to take along
#
# A weight that is used at every step has a term of its gradient for every step. The errors of all losses travel back
# together in one pass, and each step multiplies them by $U^{\mathsf T}$ and by $1-h^2$. What many such factors do is
# the subject of notebook 06.

# %% tags=["figure"]
progress()
