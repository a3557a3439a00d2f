# %% [markdown]
# # 03 Elman and Jordan: two places to take a memory from
#
# After this notebook you can
#
# - write one step of an Elman network and run it over a sequence,
# - say what the context units of the original papers are, and where they are in today's code,
# - write a cell for `keras.layers.RNN` that others can wrap, save and load,
# - tell when an Elman and a Jordan network are the same.
#
# Slides: D1.5, D2.8, D2.9. Time: about 75 minutes. Before it: notebook 02. TensorFlow is needed from the first comparison
# with Keras on, which costs a few seconds when that cell runs.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import networks

# %% [markdown]
# ## A layer that has been here before
#
# A dense layer has no past. Give it the same input twice and it gives the same output twice:
#
# $$y_t = \tanh(x_t\,w).$$
#
# Feed the layer's last value back as one more input and that changes. The smallest such layer has one unit, an input
# weight $w$ and a feedback weight $u$:
#
# $$h_t = \tanh(x_t\,w + h_{t-1}\,u).$$
#
# In the cell below the input is 1 at the first step and 0 ever after. The dense unit is back at 0 at once. The unit with feedback is
# not: each value is made from the one before.

# %%
w, u = 1.0, 0.8
h = 0.0
print(" t   x   dense   with feedback")
for t, x_t in enumerate([1.0, 0.0, 0.0, 0.0, 0.0]):
    h = np.tanh(x_t * w + h * u)
    print(f"{t:2d} {x_t:4.0f} {np.tanh(x_t * w):7.4f} {h:10.4f}")

# %% [markdown]
# Two networks, of 1986 and of 1990, made this into something one can train, and they differ in one respect: which layer is fed back.
# Elman feeds back the hidden layer, Jordan the output. Slide D1.5 puts both on one page, and from a distance they look
# like the same formula twice. This notebook is about what the one changed letter does.
#
# A word on dates. D1.5 cites Elman with 1990 and Jordan with 1997, as if Jordan had come later. The text of 1997 is a reprint in a volume;
# Jordan's report is from 1986, four years before Elman's article, which builds on it.

# %% tags=["figure"]
networks.diagrams()

# %% [markdown]
# Follow the dashed arrow in each half: it starts at the hidden layer on the left and at the output on the right. Blue letters are
# widths. The context has the width of what it copies, $n$ or $o$, and with it the matrix $U$ changes its shape. The
# figure does not show time: the dashed arrow delivers at step $t$ what was there at step $t-1$.

# %% [markdown] tags=["slide:D1.5", "slide:D2.8"]
# ## The Elman network
#
# ### E03.1 Elman step
#
# Slides: D1.5 *Рекуррентные сети II — Simple Recurrent Network I* (Recurrent networks II: Elman and Jordan networks);
# D2.8 *Сеть Элмана* (Elman network).
#
# Both slides give the network in two lines: the hidden layer reads the input and its own last value, the output reads the
# hidden layer. That is all there is to it, and everything else in this course is a change to the first line. In
# the notation of this kit, where a row is an example,
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b_h), \qquad y_t = h_t V + b_y,$$
#
# with $x_t\ (N, m)$, $h_t\ (N, n)$, $y_t\ (N, o)$ and the weights $W\ (m, n)$, $U\ (n, n)$, $b_h\ (n)$, $V\ (n, o)$, $b_y\ (o)$. The slides
# leave both squashing functions open ($\sigma_h$, $\sigma_y$); here the first is tanh and the second does nothing.
#
# | here | D1.5 | D2.8 | what it joins |
# | --- | --- | --- | --- |
# | $W$ | $u$ | $W_h$ | input to hidden |
# | $U$ | $w$ | $U_h$ | hidden to hidden |
# | $V$ | $v$ | $W_y$ | hidden to output |
# | $t$ | $k$ | $t$ | the step |
#
# Note the trap in the table: D1.5's $u$ is our $W$, and its $w$ is our $U$.
#
# **Write** `elman_step`, which returns $y_t$ and $h_t$, and `elman_forward`, which runs it over `x` of shape $(N, T, m)$ from `h0` $(N, n)$
# and returns all outputs $(N, T, o)$ and all hidden states $(N, T, n)$. Mind that `h0` stays as it was.
#
# **Checked for:** one step, seven steps from a start that is not zero, other lengths and widths; to $10^{-12}$.


# %% tags=["stub", "E03.1"]
def elman_step(x, h, W, U, b_h, V, b_y):
    """One step of an Elman network.

    x (N, m) and the previous h (N, n); W (m, n), U (n, n), b_h (n,), V (n, o), b_y (o,).
    Returns y (N, o) and the new h (N, n), in this order.
    """
    return None  # replace this line


def elman_forward(x, h0, W, U, b_h, V, b_y):
    """All steps: x (N, T, m) from h0 (N, n) gives y (N, T, o) and h (N, T, n), in this order."""
    return None  # replace this line


# %% tags=["solution", "E03.1"]
def elman_step(x, h, W, U, b_h, V, b_y):
    """One step of an Elman network.

    x (N, m) and the previous h (N, n); W (m, n), U (n, n), b_h (n,), V (n, o), b_y (o,).
    Returns y (N, o) and the new h (N, n), in this order.
    """
    h = np.tanh(x @ W + h @ U + b_h)
    return h @ V + b_y, h


def elman_forward(x, h0, W, U, b_h, V, b_y):
    """All steps: x (N, T, m) from h0 (N, n) gives y (N, T, o) and h (N, T, n), in this order."""
    h, ys, hs = h0, [], []
    for t in range(x.shape[1]):
        y, h = elman_step(x[:, t], h, W, U, b_h, V, b_y)
        ys.append(y)
        hs.append(h)
    return np.stack(ys, axis=1), np.stack(hs, axis=1)


# %% tags=["check", "E03.1"]
check("E03.1")

# %% tags=["hint", "E03.1"]
# hint("E03.1", 1)

# %% tags=["figure", "E03.1"]
networks.echo(elman_forward)

# %% [markdown]
# One pulse arrives at step 4, and nothing after it. The two hidden units answer and go on swinging, each pushing the other
# through $U$; the output only reads them. What you see before the pulse is the start `h0` dying away. If your curve is flat between the pulse and
# the end, the state is not handed on. The figure does not show where $U$ comes from: this one was chosen to swing,
# a trained one does what the task asks.

# %% [markdown]
# **To think about.** Set $U = 0$. What is left of the network, and how long does the echo last?

# %% [markdown] tags=["solution", "E03.1"]
# **Answer.** A network with one hidden layer that treats each step by itself: the pulse shows at step 4 and at no other. All memory of an
# Elman network goes through $U$, that is through the $n$ numbers of $h$.

# %% [markdown]
# ### The same in Keras
#
# `keras.layers.SimpleRNN` is the first of the two equations, and the second is a `Dense` layer on top of it. With the same weights
# both must agree with your loop. Keras computes in 32 bits unless told otherwise, so the layers below ask for 64, and the
# difference is then of the size of one rounding.

# %%
# Keeps TensorFlow's start-up messages off the page.
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %%
import keras
from keras import ops

# %%
rng = np.random.default_rng(3)
N, T, m, n, o = 4, 7, 3, 5, 2
x, h0 = rng.normal(size=(N, T, m)), rng.normal(size=(N, n))
W, U, b_h = rng.normal(size=(m, n)), rng.normal(size=(n, n)), rng.normal(size=n)
V, b_y = rng.normal(size=(n, o)), rng.normal(size=o)

hidden = keras.layers.SimpleRNN(n, return_sequences=True, dtype="float64")
hidden.build((N, T, m))
hidden.set_weights([W, U, b_h])
read_out = keras.layers.Dense(o, dtype="float64")
read_out.build((N, T, n))
read_out.set_weights([V, b_y])
y_keras = ops.convert_to_numpy(read_out(hidden(x, initial_state=ops.convert_to_tensor(h0))))

mine = elman_forward(x, h0, W, U, b_h, V, b_y)
if mine is None:
    print("Answer E03.1 first: this cell compares it with Keras.")
else:
    print(f"largest difference from SimpleRNN + Dense: {np.abs(mine[0] - y_keras).max():.1e}")

# %% [markdown] tags=["slide:D2.8"]
# ### E03.2 Context units
#
# Slide: D2.8 *Сеть Элмана* (Elman network).
#
# The slide's formula has $h_{t-1}$ in it, but its words tell of another machine: a set of *context units* beside the input,
# joined to the hidden layer by links whose weight is 1 and stays 1. Each hidden unit has a link to one context unit, its
# own. At each step the hidden layer reads the context through $U$; when it is done, the links carry its new value over, where it waits for the next
# step. With $c_t\ (N, n)$ for what the context holds while step $t$ is computed,
#
# $$c_0 = h_{\text{start}}, \qquad h_t = \tanh(x_t W + c_t U + b_h), \qquad c_{t+1} = h_t\, I,$$
#
# where $I\ (n, n)$ is the identity matrix: one link a unit, weight 1, nothing else. The two descriptions are the same
# network, and this exercise is to see that they are. What a paper of 1990 draws as a layer is what Keras calls a *state*.
#
# **Write** `elman_with_context`, which returns three arrays: $y\ (N, T, o)$, $h\ (N, T, n)$, and the context $(N, T, n)$ as the hidden layer found it
# at each step, so that `context[:, 0]` is `h0`.
#
# **Checked for:** the same $y$ and $h$ as in E03.1; the context equal to the previous $h$ bit for bit, since a link of weight 1 changes
# nothing; and a sequence cut in two, where the context alone carries the past across.


# %% tags=["stub", "E03.2"]
def elman_with_context(x, h0, W, U, b_h, V, b_y):
    """An Elman network with its context units in the open.

    Arguments as elman_forward. Returns y (N, T, o), h (N, T, n) and the context (N, T, n) that each step read.
    """
    return None  # replace this line


# %% tags=["solution", "E03.2"]
def elman_with_context(x, h0, W, U, b_h, V, b_y):
    """An Elman network with its context units in the open.

    Arguments as elman_forward. Returns y (N, T, o), h (N, T, n) and the context (N, T, n) that each step read.
    """
    links = np.eye(U.shape[0])
    context, hs, contexts = h0, [], []
    for t in range(x.shape[1]):
        contexts.append(context)
        hs.append(np.tanh(x[:, t] @ W + context @ U + b_h))
        context = hs[-1] @ links
    h = np.stack(hs, axis=1)
    return h @ V + b_y, h, np.stack(contexts, axis=1)


# %% tags=["check", "E03.2"]
check("E03.2")

# %% tags=["hint", "E03.2"]
# hint("E03.2", 1)

# %% tags=["figure", "E03.2"]
networks.context_shift(elman_with_context)

# %% [markdown]
# Pick any number in the upper table: it stands in the lower one a column further right. The last column of the upper table has no
# partner, since the next step has not come. The figure shows that the context is a copy; it does not show that
# nothing else is remembered. That is what the check with the cut sequence is for.

# %% [markdown]
# **To think about.** How many weights must be trained in the network with context units, compared with the one without? And
# why did the context units let a network of 1990 be trained by ordinary backpropagation, without going back through time?

# %% [markdown] tags=["solution", "E03.2"]
# **Answer.** Just as many: the links are fixed. To ordinary backpropagation the context is one more input, whose values happen to be
# known; the error is pushed back from $y_t$ to $W$, $U$ and $V$ of this one step and stops at the context. That is backpropagation through time cut
# off after one step (notebook 07). Keras does not cut: its gradient follows the state through all steps.

# %% [markdown]
# ## A cell for Keras
#
# `keras.layers.RNN` does the loop over time and leaves one step to a *cell*. A cell is a layer with three things more:
#
# - `state_size`, how many numbers it wants kept for it between steps, and `output_size`;
# - `build(input_shape)`, which makes the weights;
# - `call(inputs, states)`, one step: `inputs` is $(N, m)$, `states` a list of arrays. It returns the output and the list of new states.
#
# Here is the smallest one that does something: it remembers a running sum. It has no weights, so it needs no `build`.


# %%
class RunningSum(keras.layers.Layer):
    """Adds up what comes."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.state_size = units
        self.output_size = units

    def call(self, inputs, states):
        total = states[0] + inputs
        return total, [total]


summed = keras.layers.RNN(RunningSum(1), return_sequences=True)
print(ops.convert_to_numpy(summed(np.array([[[1.0], [2.0], [3.0], [4.0]]])))[0, :, 0])

# %% [markdown] tags=["slide:D1.5", "slide:D2.9"]
# ## The Jordan network
#
# ### E03.3 Jordan cell
#
# Slides: D1.5 *Рекуррентные сети II — Simple Recurrent Network I* (Recurrent networks II: Elman and Jordan networks);
# D2.9 *Сеть Джордана* (Jordan network).
#
# Jordan wanted networks that produce sequences of actions, and what a speaker or an arm has just done is the output. So the
# output is what is fed back:
#
# $$h_t = \tanh(x_t W + y_{t-1} U + b_h), \qquad y_t = \sigma_y(h_t V + b_y).$$
#
# One letter has changed, and three shapes follow it. The state is $y\ (N, o)$. $U$ must take $o$ numbers to $n$ units, so it is $(o, n)$, which is
# $w$ on D1.5 and $U_h$ on D2.9. And what the network remembers between two steps is $o$ numbers, however many hidden units it has.
#
# **Write** the cell `MyJordanCell`. Its weights, under these names, are
#
# | attribute | shape | here |
# | --- | --- | --- |
# | `kernel` | `(m, units)` | $W$ |
# | `recurrent_kernel` | `(?, units)` | $U$ |
# | `bias` | `(units,)` | $b_h$ |
# | `output_kernel` | `(units, output_units)` | $V$ |
# | `output_bias` | `(output_units,)` | $b_y$ |
#
# and each is made in `build` by `self.kernel = self.add_weight(name="kernel", shape=...)`. Use `ops.matmul` and `ops.tanh` where NumPy has `@` and
# `np.tanh`. The skeleton keeps `output_activation` ready to be called, and hands `**kwargs` on, so that a
# user can ask for `dtype="float64"`.
#
# **Checked for:** `state_size`, `output_size` and the shapes of the weights; one step; seven steps in `keras.layers.RNN` from a
# $y_0$ that is not zero, with a sigmoid output and with a linear one; to $10^{-6}$.


# %% tags=["stub", "E03.3"]
class MyJordanCell(keras.layers.Layer):
    """One step of a Jordan network; its state is the previous output."""

    def __init__(self, units, output_units, output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.output_units = output_units
        self.output_activation = keras.activations.get(output_activation)
        # self.state_size and self.output_size are still missing

    def build(self, input_shape):
        pass  # the five weights; input_shape[-1] is m

    def call(self, inputs, states):
        """inputs (N, m) and states [y (N, o)] give y (N, o) and the new states [y]."""
        return None  # replace this line


# %% tags=["solution", "E03.3"]
class MyJordanCell(keras.layers.Layer):
    """One step of a Jordan network; its state is the previous output."""

    def __init__(self, units, output_units, output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.output_units = output_units
        self.output_activation = keras.activations.get(output_activation)
        self.state_size = output_units
        self.output_size = output_units

    def build(self, input_shape):
        m, n, o = input_shape[-1], self.units, self.output_units
        self.kernel = self.add_weight(name="kernel", shape=(m, n))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(o, n))
        self.bias = self.add_weight(name="bias", shape=(n,), initializer="zeros")
        self.output_kernel = self.add_weight(name="output_kernel", shape=(n, o))
        self.output_bias = self.add_weight(name="output_bias", shape=(o,), initializer="zeros")

    def call(self, inputs, states):
        """inputs (N, m) and states [y (N, o)] give y (N, o) and the new states [y]."""
        (y,) = states
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(y, self.recurrent_kernel) + self.bias)
        y = self.output_activation(ops.matmul(h, self.output_kernel) + self.output_bias)
        return y, [y]


# %% tags=["check", "E03.3"]
check("E03.3")

# %% tags=["hint", "E03.3"]
# hint("E03.3", 1)

# %% tags=["figure", "E03.3"]
networks.two_echoes(MyJordanCell)

# %% [markdown]
# The same pulse, the same $W$ and $V$, two hidden units in both networks. The Elman network swings, since its state is a point in a plane and $U$ turns it. The
# Jordan network feeds back one number, and one number that is pulled towards its rest value can only go there, or
# jump from one side to the other at every step; it cannot go round. The figure shows a bottleneck and not a fault: with an output
# of two units the Jordan network could swing as well.

# %% [markdown]
# **To think about.** While a Jordan network is trained, the right output of the step before is known. What could be put into
# its context then instead of its own output, what does that make easier, and why can't one do it with an Elman network?

# %% [markdown] tags=["solution", "E03.3"]
# **Answer.** The target itself, which is called teacher forcing. No step then depends on a computed value of the step before, so all steps can
# be computed at once and no gradient has to travel through time. For an Elman network nobody can say what $h_{t-1}$ ought to have
# been. The price comes later: when it runs alone, the network sees its own slightly wrong outputs, which it never met in training.

# %% [markdown] tags=["slide:D2.9"]
# ### The link of the context to itself
#
# D2.9 says one thing more about the context units: that they have a recurrent connection to themselves. Its formula has no such thing, and neither
# has D1.5's. With a weight $\alpha$ on that link, chosen and not learned, the context is a fading sum of all outputs,
#
# $$c_{t+1} = \alpha\, c_t + y_t, \qquad 0 \le \alpha < 1,$$
#
# and $\alpha = 0$ is the formula of the slides. The kit's own `JordanCell`, which is what your cell becomes when it is finished, has it as an
# argument. Below, the hidden layer is weakly coupled to the context, and the self-link alone makes the memory long.

# %%
from course_kit.cells import JordanCell

pulse = np.zeros((1, 24, 1))
pulse[0, 4, 0] = 1.0
outputs = {}
for alpha in (0.0, 0.5, 0.65):
    cell = JordanCell(2, 1, context_decay=alpha)
    layer = keras.layers.RNN(cell, return_sequences=True)
    layer.build(pulse.shape)
    layer.set_weights(
        [np.array([[0.4, 0.1]]), np.array([[0.3, 0.0]]), np.zeros(2), np.array([[1.0], [0.3]]), np.zeros(1)]
    )
    outputs[alpha] = ops.convert_to_numpy(layer(pulse))[0, :, 0]

# %% tags=["figure"]
networks.decay(outputs)

# %% [markdown]
# With $\alpha = 0$ the pulse is gone after four or five steps; with $\alpha = 0.65$ more than a third of its echo of step 5 is there at the end. Nothing was learned for it: the time
# over which such a context remembers is built in. That is the weakness as well. A gate that *learns* when to keep and
# when to let go is the idea of the LSTM, long short-term memory (notebook 08).

# %% [markdown]
# ## A cell that lasts
#
# ### E03.4 A cell others can reuse
#
# No slide: this is what separates a formula that runs from a tool. People will wrap your cell in `Bidirectional`, stack it, mask padded
# steps, save the model tonight and load it in another process next month. Keras does all of that by itself if the cell
# keeps three promises.
#
# - **Its memory is in `states` only.** A cell that also keeps something in an attribute breaks as soon as two loops share it.
# - **Keras can find the class by its name.** A saved file holds a name and no code. The decorator
#   `@keras.saving.register_keras_serializable(package="student")` above the class enters it as `student>MyElmanCell`.
# - **`get_config` tells every argument of `__init__`.** Copies, also the backward half of `Bidirectional`, are made by `MyElmanCell.from_config(cell.get_config())`.
#   An argument that is left out takes its default in the copy, without a word. Start from `super().get_config()`, which
#   has name and dtype. A function such as `output_activation` is written as `keras.activations.serialize(self.output_activation)`.
#
# **Write** the Elman network of E03.1 as the cell `MyElmanCell`, with the same five weight names as in E03.3 and `recurrent_kernel` $(n, n)$, and make it
# keep these promises.
#
# **Checked for:** seven steps in `keras.layers.RNN`; registration, configuration, and a copy made from it; `Bidirectional(RNN(cell))` and two
# stacked cells; a masked step, which must repeat output and state; a model saved as `.keras` and loaded again. Every output is compared with a NumPy
# loop, and what was loaded with what was saved to the last bit.


# %% tags=["stub", "E03.4"]
class MyElmanCell(keras.layers.Layer):
    """One step of an Elman network: hidden layer and read-out; its state is the hidden layer."""

    def __init__(self, units, output_units, output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.output_units = output_units
        self.output_activation = keras.activations.get(output_activation)
        # self.state_size and self.output_size are still missing

    def build(self, input_shape):
        pass  # the five weights

    def call(self, inputs, states):
        """inputs (N, m) and states [h (N, n)] give y (N, o) and the new states [h]."""
        return None  # replace this line

    def get_config(self):
        return super().get_config()  # what __init__ takes is still missing


# %% tags=["solution", "E03.4"]
@keras.saving.register_keras_serializable(package="student")
class MyElmanCell(keras.layers.Layer):
    """One step of an Elman network: hidden layer and read-out; its state is the hidden layer."""

    def __init__(self, units, output_units, output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.output_units = output_units
        self.output_activation = keras.activations.get(output_activation)
        self.state_size = units
        self.output_size = output_units

    def build(self, input_shape):
        m, n, o = input_shape[-1], self.units, self.output_units
        self.kernel = self.add_weight(name="kernel", shape=(m, n))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(n, n), initializer="orthogonal")
        self.bias = self.add_weight(name="bias", shape=(n,), initializer="zeros")
        self.output_kernel = self.add_weight(name="output_kernel", shape=(n, o))
        self.output_bias = self.add_weight(name="output_bias", shape=(o,), initializer="zeros")

    def call(self, inputs, states):
        """inputs (N, m) and states [h (N, n)] give y (N, o) and the new states [h]."""
        (h,) = states
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias)
        return self.output_activation(ops.matmul(h, self.output_kernel) + self.output_bias), [h]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "output_units": self.output_units,
            "output_activation": keras.activations.serialize(self.output_activation),
        }


# %% tags=["check", "E03.4"]
check("E03.4")

# %% tags=["hint", "E03.4"]
# hint("E03.4", 1)

# %% tags=["figure", "E03.4"]
networks.reused(MyElmanCell)

# %% [markdown]
# The circles are a copy of your cell, rebuilt from its configuration and given the same weights. If they leave the line, an
# argument was lost on the way; without the output activation they even leave the range of the sigmoid. The dashed line was
# masked over the grey steps: it stands still there and afterwards does what the unmasked line did five steps earlier, since a masked step leaves the state alone. The figure does not show the file; the check writes one.

# %% [markdown]
# **To think about.** In Keras 3 a cell *without* any `get_config` of its own is often copied correctly. How can that be, and when does
# it end?

# %% [markdown] tags=["solution", "E03.4"]
# **Answer.** Keras notes the arguments with which a layer was made, and `Layer.get_config` gives them back as long as all of them are plain: numbers,
# texts, lists. One argument that is none of these, a function or another layer, ends it with an error that asks for a
# `get_config`. And a `get_config` of your own replaces the notes: from then on you answer for every argument.

# %% [markdown]
# ### What it becomes
#
# `course_kit.cells.ElmanCell` is the same cell with what a library needs on top: initializers, regularizers and constraints for each weight,
# dropout, and errors that say what was wrong. With the same weights the two must agree.

# %%
from course_kit.cells import ElmanCell

NAMES = ("kernel", "recurrent_kernel", "bias", "output_kernel", "output_bias")


def run_with(cell):
    layer = keras.layers.RNN(cell, return_sequences=True, dtype="float64")
    layer.build(x.shape)
    for name, value in zip(NAMES, (W, U, b_h, V, b_y), strict=True):
        getattr(cell, name).assign(value)
    return ops.convert_to_numpy(layer(x, initial_state=[ops.convert_to_tensor(h0)]))


y_kit = run_with(ElmanCell(n, o, output_activation="sigmoid", dtype="float64"))
try:
    y_mine = run_with(MyElmanCell(n, o, output_activation="sigmoid", dtype="float64"))
    print(f"largest difference between your cell and the kit's: {np.abs(y_mine - y_kit).max():.1e}")
except Exception:
    print("MyElmanCell does not run yet: the check of E03.4 says why.")

# %% [markdown] tags=["slide:D1.5"]
# ## How far apart are they?
#
# ### E03.5 When are they the same?
#
# Slide: D1.5 *Рекуррентные сети II — Simple Recurrent Network I* (Recurrent networks II: Elman and Jordan networks).
#
# Put the two first lines of the slide under each other:
#
# $$\text{Elman: } h_t = \tanh(x_t W + h_{t-1} U + b_h), \qquad \text{Jordan: } h_t = \tanh(x_t W + y_{t-1} U + b_h).$$
#
# Take the same $W$, $U\ (n, n)$ and $b_h$ for both, so the Jordan network has $o = n$ outputs, and let both start from the same numbers: $y_0 = h_0$. Only the
# read-out $y_t = \sigma_y(h_t V + b_y)$ is still free. There is one choice of it for which the Jordan network runs through
# exactly the hidden states of the Elman network, whatever comes in and whatever $U$ is.
#
# **Write** `sigma_y`, one of `"identity"`, `"tanh"`, `"sigmoid"`, `"softmax"`, and the function `jordan_readout`, which for $n$ units returns $V\ (n, n)$ and $b_y\ (n)$.
#
# **Checked for:** the difference between the hidden states of both networks, over 20 random sequences for each of two sizes, to $10^{-12}$.

# %% tags=["stub", "E03.5"]
sigma_y = None  # replace this line: "identity", "tanh", "sigmoid" or "softmax"


def jordan_readout(n):
    """V (n, n) and b_y (n,) with which a Jordan network of n units is an Elman network."""
    return None  # replace this line


# %% tags=["solution", "E03.5"]
sigma_y = "identity"


def jordan_readout(n):
    """V (n, n) and b_y (n,) with which a Jordan network of n units is an Elman network."""
    return np.eye(n), np.zeros(n)


# %% tags=["check", "E03.5"]
check("E03.5")

# %% tags=["hint", "E03.5"]
# hint("E03.5", 1)

# %% tags=["figure", "E03.5"]
networks.same_network(jordan_readout, sigma_y)

# %% [markdown]
# The curves must run in the middle of the grey bands, after the pulse as before it. With a tanh too many they are close at first
# and drift off where the values are large, for there tanh bends most. The figure shows one input and one $U$; the check deals twenty.

# %% [markdown]
# **To think about.** Turn it round. Take any Jordan network with a linear read-out, $o < n$. Is there an Elman network with the same hidden
# states? What is special about its matrix?

# %% [markdown] tags=["solution", "E03.5"]
# **Answer.** Put $y_{t-1} = h_{t-1} V + b_y$ into the first line: $h_t = \tanh(x_t W + h_{t-1}\, V U + b_h + b_y U)$. This is an Elman network with the
# recurrent matrix $V U$, which is $(n, n)$ but has at most rank $o$, and with the bias $b_h + b_y U$. A Jordan network
# with a linear output is an Elman network that has to squeeze its memory through $o$ numbers.

# %% [markdown]
# The cell below does what the question asks about, with the numbers from above. A Jordan network with 5 hidden units and 2 outputs, and
# an Elman network made from it without any training, run over the same sequences.

# %%
from course_kit.reference import elman_forward as reference_elman
from course_kit.reference import jordan_forward as reference_jordan

U_jordan = rng.normal(size=(o, n))
start = rng.normal(size=(N, n))
_, h_jordan = reference_jordan(x, start @ V + b_y, W, U_jordan, b_h, V, b_y)
_, h_elman = reference_elman(x, start, W, V @ U_jordan, b_h + b_y @ U_jordan, V, b_y)
print(f"rank of the Elman matrix: {np.linalg.matrix_rank(V @ U_jordan)} of {n}")
print(f"largest difference between the hidden states: {np.abs(h_jordan - h_elman).max():.1e}")

# %% [markdown]
# ## In short
#
# An Elman network remembers its hidden layer, a Jordan network its output. Context units of fixed weight 1 are what Keras calls a state. A Jordan network
# with a linear output is an Elman network with a recurrent matrix of low rank, and with $V = I$, $b_y = 0$ it is any Elman
# network. A cell becomes a tool when its memory is in `states`, its class is registered and its configuration is complete.

# %% tags=["figure"]
progress()
