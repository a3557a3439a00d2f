# %% [markdown]
# # 15 Five layers after the LSTM
#
# After this notebook you can
#
# - turn the products of an LSTM (long short-term memory) into convolutions, and count what that costs,
# - let memory go up from layer to layer as well as on from step to step, in two ways,
# - give one unit several memory cells, and one layer the outputs of all layers below it,
# - say of each of the five layers for which choice of weights or sizes it *is* the LSTM,
# - read a comparison of two layers: same number of parameters, several seeds, the spread shown.
#
# Slide: D1.28. Time: about two hours. Before it: notebooks 08 and 10. NumPy is enough for the exercises; two cells at the end of sections and the last section use Keras.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, plots, progress
from course_kit.plots import variants, variants_dense, variants_runs
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %% [markdown] tags=["slide:D1.28"]
# ## One slide, five papers
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments), lists five papers in as many lines and has no formula and no result. Each of them takes the LSTM of notebook 08 and changes one thing. Here is that LSTM once more, in
# rows and with the blocks in Keras' order; everything in this notebook is a change to these lines.
#
# $$a = x_t W + h_{t-1} U + b, \qquad [a_i, a_f, a_c, a_o] = a,$$
# $$c_t = \sigma(a_f) \odot c_{t-1} + \sigma(a_i) \odot \tanh(a_c), \qquad h_t = \sigma(a_o) \odot \tanh(c_t).$$
#
# A change of this kind can be tested before anything is trained. Each of the five has a setting in which the change is switched off, and there the new layer must give what the LSTM gives, to the last digit. A programmer who has not found that
# setting has not understood the layer; one who has found it has a test.


# %%
def sigmoid(a):
    """Logistic function 1 / (1 + exp(-a)), entry by entry, for any size of a."""
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def lstm_step(x, h, c, W, U, b):
    """One step of an LSTM: x (N, m), h and c (N, n), W (m, 4n), U (n, 4n), b (4n,); returns h and c."""
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c), c


rng = np.random.default_rng(15)
m, n = 4, 3
x, h, c = rng.normal(size=(2, m)), rng.normal(size=(2, n)), rng.normal(size=(2, n))
W, U, b = rng.normal(size=(m, 4 * n)), rng.normal(size=(n, 4 * n)), rng.normal(size=4 * n)
new_h, new_c = lstm_step(x, h, c, W, U, b)
print("h", new_h.shape, "c", new_c.shape, "first row of h", new_h[0].round(4))

# %% [markdown]
# ## States that are pictures
#
# A rain radar gives a picture every few minutes. Put all its pixels in a row, and an LSTM can read the film. But then each pixel has weights of its own to each unit: a cloud that was learned in the upper left is unknown in the lower right, and twice as many pixels are twice as
# many weights. A *convolution* has one small kernel of weights, the same at every place. The next cell has it in four lines of NumPy: pad the picture with zeros, then add up shifted copies, each times its own matrix from channels to channels.


# %%
def conv2d(x, W):
    """Pictures x (N, rows, columns, C) under kernels W (k, k, C, F), k odd, zeros around: (N, rows, columns, F).

    As in Keras the kernel is not mirrored: W[0, 0] meets the neighbour above and to the left.
    """
    k, (rows, columns) = W.shape[0], x.shape[1:3]
    padded = np.pad(x, ((0, 0), (k // 2, k // 2), (k // 2, k // 2), (0, 0)))
    return sum(padded[:, i : i + rows, j : j + columns] @ W[i, j] for i in range(k) for j in range(k))


point = np.zeros((1, 5, 5, 1))
point[0, 2, 2, 0] = 1.0
kernel = np.arange(1.0, 10.0).reshape(3, 3, 1, 1)
print(conv2d(point, kernel)[0, :, :, 0].astype(int))

# %% [markdown]
# The picture of a single point shows the kernel turned by half a turn: the place *below right* of the point has it as its neighbour above left and so gets `W[0, 0]`, the 1.

# %% [markdown] tags=["slide:D1.28"]
# ### E15.1 ConvLSTM
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments); on the slide "Свёрточные LSTM сети".
#
# The slide says "convolutional LSTM networks" and that is the recipe: wherever the LSTM has a matrix product, put a convolution. With $*$ for the convolution,
#
# $$a = X_t * W + H_{t-1} * U + b, \qquad C_t = \sigma(a_f) \odot C_{t-1} + \sigma(a_i) \odot \tanh(a_c), \qquad H_t = \sigma(a_o) \odot \tanh(C_t).$$
#
# $X_t$ is a picture $(N, R, S, c)$ of $c$ channels; $H$ and $C$ are pictures $(N, R, S, f)$ of $f$ channels, as high and wide as $X$; $W$ is $(k, k, c, 4f)$, $U$ $(k, k, f, 4f)$, $b$ $(4f,)$. The blocks i, f, c, o lie along the last axis.
# The paper's own layer has peepholes too, as in notebook 11, one weight for each place and channel; `keras.layers.ConvLSTM2D` leaves them out, and so do we here. The kit's `PeepholeConvLSTM2D` has them.
#
# The kit counts its parameters by $4\bigl(k^2 (c + f) f + f\bigr)$, a formula that is not on the slide. It has no $R$ and no $S$ in it.
#
# **Write** three functions. `conv_lstm_count(k, c, f)`, the number of parameters from the shapes above. `conv_lstm_step(x, h, c, W, U, b)`, one step; it may use `conv2d` and returns the new `h, c`. And `on_one_pixel(W, U)`: on a picture of $1 \times 1$ pixel the ConvLSTM is an
# LSTM; return the two matrices $(c, 4f)$ and $(f, 4f)$ of that LSTM.
#
# **Checked for:** the count, $k = 3, c = 3, f = 8$ first; a step on random pictures that are higher than wide; the matrices, for $k = 3$, 5 or 7, and your step on one pixel against an LSTM with them.


# %% tags=["stub", "E15.1"]
def conv_lstm_count(k, c, f):
    """Parameters of a ConvLSTM without peepholes: kernels of k x k, from c channels, f channels in its state."""
    return None  # replace this line


def conv_lstm_step(x, h, c, W, U, b):
    """One step on pictures: x (N, R, S, C), h and c (N, R, S, F), W (k, k, C, 4F), U (k, k, F, 4F), b (4F,)."""
    return None  # replace this line


def on_one_pixel(W, U):
    """The matrices (C, 4F) and (F, 4F) of the LSTM that these kernels make of pictures of one pixel."""
    return None  # replace this line


# %% tags=["solution", "E15.1"]
def conv_lstm_count(k, c, f):
    """Parameters of a ConvLSTM without peepholes: kernels of k x k, from c channels, f channels in its state."""
    return k * k * c * 4 * f + k * k * f * 4 * f + 4 * f


def conv_lstm_step(x, h, c, W, U, b):
    """One step on pictures: x (N, R, S, C), h and c (N, R, S, F), W (k, k, C, 4F), U (k, k, F, 4F), b (4F,)."""
    a_i, a_f, a_c, a_o = np.split(conv2d(x, W) + conv2d(h, U) + b, 4, axis=-1)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c), c


def on_one_pixel(W, U):
    """The matrices (C, 4F) and (F, 4F) of the LSTM that these kernels make of pictures of one pixel."""
    middle = W.shape[0] // 2
    return W[middle, middle], U[middle, middle]


# %% tags=["check", "E15.1"]
check("E15.1")

# %% tags=["hint", "E15.1"]
# hint("E15.1", 1)

# %% [markdown]
# What can a state do that is a picture? Here the weights are set by hand and every gate is held open or shut by its bias. The state is replaced, at each step, by what the kernel $U$ makes of it.

# %% tags=["figure", "E15.1"]
variants.walk(conv_lstm_step)

# %% [markdown]
# A single weight above left of the middle is a motion: down and to the right, one place a step, from any place. This is why the paper makes its recurrent kernel larger than one pixel, and larger for faster clouds: in one step the state can move by no more than half the kernel. What the figure
# does not show is a decision. The gates are convolutions as well, so a trained layer can move one thing and leave another where it is.
#
# Now Keras' layer beside your step, on the same weights, and the count.

# %% tags=["figure", "E15.1"]
import keras

layer = keras.layers.ConvLSTM2D(8, 3, padding="same", return_sequences=True, dtype="float64")
film = np.random.default_rng(1).normal(size=(2, 5, 6, 4, 3))
layer.build(film.shape)
kernels = [0.3 * np.random.default_rng(k).normal(size=w.shape) for k, w in enumerate(layer.weights)]
layer.set_weights(kernels)
theirs = keras.ops.convert_to_numpy(layer(film))
state, ours = (np.zeros((2, 6, 4, 8)), np.zeros((2, 6, 4, 8))), []
for t in range(film.shape[1]):
    state = conv_lstm_step(film[:, t], *state, *kernels)
    if state is None:
        print("Answer E15.1 first: this cell compares it with Keras.")
        break
    ours.append(state[0])
else:
    print(f"largest difference to keras.layers.ConvLSTM2D: {np.abs(np.stack(ours, axis=1) - theirs).max():.1e}")
    print(f"parameters: yours {conv_lstm_count(3, 3, 8)}, Keras {layer.count_params()}")

# %% [markdown]
# **To think about.** An LSTM that reads $64 \times 64$ pixels and has as many units as pixels: how many parameters are in its four recurrent matrices? And in $U$ of a ConvLSTM with $k = 5$ and $f = 64$?

# %% [markdown] tags=["solution", "E15.1"]
# **Answer.** $4 \cdot 4096^2 = 67{,}108{,}864$ against $4 \cdot 25 \cdot 64^2 = 409{,}600$, with 64 numbers for each pixel in place of one. The convolution saves by two assumptions: what happens at a place depends on its neighbourhood, and the rule is the same everywhere. Where they hold they are knowledge; where
# they do not, as for columns of a table, they are a mistake.

# %% [markdown]
# ## Memory that goes up
#
# Stack LSTMs, and each layer hands its $h$ to the one above. Its memory $c$ it keeps to itself. A gradient on its way down through many layers has to pass a $\tanh$ and an output gate in each, for which notebook 06 has the word vanish. In time the LSTM solved this by a path on which
# almost nothing happens, from $c_{t-1}$ to $c_t$. Two of the five papers give depth such a path as well.

# %% [markdown] tags=["slide:D1.28"]
# ### E15.2 Depth-gated RNN
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments); on the slide "Глубокие вентиляемые рекуррентные нейронные сети".
#
# One more gate, $d$, and one more term. For layer $l + 1$, whose input is $x_t = h^{l}_t$,
#
# $$d = \sigma\bigl(x_t W_d + w_c \odot c_{t-1} + w_l \odot c^{l}_t + b_d\bigr), \qquad
# c_t = \sigma(a_f) \odot c_{t-1} + \sigma(a_i) \odot \tanh(a_c) + d \odot c^{l}_t,$$
#
# and $h_t = \sigma(a_o) \odot \tanh(c_t)$ as ever. $c$ without a layer's number is that of the layer itself. $W_d$ is $(n, n)$, $w_c$ and $w_l$ are $(n,)$, one weight a unit, like peepholes; all layers have the same width $n$, since $c^l_t$ is added to $c_t$ entry by entry. Note the
# times: the gate sees this layer's memory of one step ago and the lower layer's memory of *this* step, which is there already. (The paper's own LSTM has peepholes as well. They are left out here; `course_kit.layers.DepthGatedLSTM` has both forms.)
#
# **Write** `depth_gated_layer(x, h, c, c_below, lstm, gate)`, one step of an upper layer, where `lstm` is `(W, U, b)` and `gate` is `(W_d, w_c, w_l, b_d)`; it returns the new `h, c`. And `shut(gate)`, which returns the four parts of the gate with $b_d$ alone changed, an array $(n,)$ as before, such that the layer
# is an LSTM for all inputs of ordinary size.
#
# **Checked for:** a step on random numbers; a layer that only takes over what is below; your shut gate, with inputs five times as large, against the LSTM.


# %% tags=["stub", "E15.2"]
def depth_gated_layer(x, h, c, c_below, lstm, gate):
    """One step of an upper layer: x, h, c, c_below (N, n) each; returns the new h and c, (N, n) each."""
    return None  # replace this line


def shut(gate):
    """The same gate (W_d, w_c, w_l, b_d) with another b_d, so that nothing comes up."""
    return None  # replace this line


# %% tags=["solution", "E15.2"]
def depth_gated_layer(x, h, c, c_below, lstm, gate):
    """One step of an upper layer: x, h, c, c_below (N, n) each; returns the new h and c, (N, n) each."""
    W, U, b = lstm
    W_d, w_c, w_l, b_d = gate
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    d = sigmoid(x @ W_d + w_c * c + w_l * c_below + b_d)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c) + d * c_below
    return sigmoid(a_o) * np.tanh(c), c


def shut(gate):
    """The same gate (W_d, w_c, w_l, b_d) with another b_d, so that nothing comes up."""
    W_d, w_c, w_l, b_d = gate
    return W_d, w_c, w_l, np.full_like(b_d, -1e3)


# %% tags=["check", "E15.2"]
check("E15.2")

# %% tags=["hint", "E15.2"]
# hint("E15.2", 1)

# %% tags=["figure", "E15.2"]
plots.slider(
    lambda b_d: variants.let_up(depth_gated_layer, (b_d,)),
    variants.let_up(depth_gated_layer, (-8.0, -1.0, 2.0)),
    b_d=(-8.0, 8.0, 0.5, -1.0),
)

# %% [markdown]
# Below is a slow wave, and the upper layer has an input that changes quickly. With $b_d = -8$ the upper memory is its own, a ripple. Let the gate open and the wave comes through, and larger than it is, because the upper layer's forget gate keeps about half of what came in before. In the notebook a slider moves $b_d$. What the figure does not show is
# learning: $w_c$, $w_l$ and $W_d$ are 0 here, so the gate is the same at all times.
#
# **To think about.** In the gradient of $c^{l+1}_t$ with respect to $c^{l}_t$ there is one term in which no weight matrix stands. Which, and what has to hold for it to carry a gradient down through ten layers?

# %% [markdown] tags=["solution", "E15.2"]
# **Answer.** The term $d$ itself (the gate also depends on $c^l_t$, through $w_l$, and $h^l_t$ does, through the kernels). Down through ten layers it makes the product of ten depth gates, entry by entry: near 1 if the gates are open, and $2^{-10}$ if they stand half open, as they do at the start with $b_d = 0$. It is the carousel of
# notebook 09 again, turned by a quarter.

# %% [markdown] tags=["slide:D1.28"]
# ### E15.3 Grid LSTM
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments); on the slide "Решётчатая LSTM сеть".
#
# The grid goes further: depth is to be a dimension like time. A block of two dimensions gets a pair $(h_1, m_1)$ from the one side and a pair $(h_2, m_2)$ from the other, $h$ hidden and $m$ memory, $(N, d)$ each, and gives both on. It is made of two LSTMs, which read the same and keep their own memories. With $H = [h_1, h_2]$, $(N, 2d)$, and for $k = 1, 2$,
#
# $$[a_i, a_f, a_c, a_o] = H\, W_k + b_k, \qquad m'_k = \sigma(a_f) \odot m_k + \sigma(a_i) \odot \tanh(a_c), \qquad h'_k = \tanh\bigl(\sigma(a_o) \odot m'_k\bigr).$$
#
# $W_k$ is $(2d, 4d)$, $b_k$ $(4d,)$. Look at the last formula: the $\tanh$ stands outside. That is the form of the paper; published programs have $\sigma(a_o) \odot \tanh(m'_k)$, an ordinary LSTM, and the kit's `GridLSTM` takes either (`squashing`). No $x$ occurs, since the input enters
# at the edge of the grid, as $h$ and $m$ of the lowest block along depth.
#
# **Write** `grid_block(h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2)`, which returns the new `h_1, h_2, m_1, m_2` in this order. And `mirrored(W)`, the kernel $(2d, 4d)$ for dimension 2 that does with $[h_1, h_2]$ what `W` does with $[h_2, h_1]$: with $W_2 =$ `mirrored(W_1)` and $b_2 = b_1$ the two dimensions are equals, and exchanging the inputs exchanges the
# outputs.
#
# **Checked for:** a block with two kernels; equal weights and inputs, which must give equal outputs; the mirrored kernel, and the block with it.


# %% tags=["stub", "E15.3"]
def grid_block(h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2):
    """A block of two dimensions: h and m (N, d) each, W (2d, 4d), b (4d,); returns the new h_1, h_2, m_1, m_2."""
    return None  # replace this line


def mirrored(W):
    """The kernel (2d, 4d) that reads [h_1, h_2] as W reads [h_2, h_1]."""
    return None  # replace this line


# %% tags=["solution", "E15.3"]
def grid_block(h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2):
    """A block of two dimensions: h and m (N, d) each, W (2d, 4d), b (4d,); returns the new h_1, h_2, m_1, m_2."""
    H = np.concatenate([h_1, h_2], axis=1)

    def along_one(m, W, b):
        a_i, a_f, a_c, a_o = np.split(H @ W + b, 4, axis=1)
        m = sigmoid(a_f) * m + sigmoid(a_i) * np.tanh(a_c)
        return np.tanh(sigmoid(a_o) * m), m

    h_1, m_1 = along_one(m_1, W_1, b_1)
    h_2, m_2 = along_one(m_2, W_2, b_2)
    return h_1, h_2, m_1, m_2


def mirrored(W):
    """The kernel (2d, 4d) that reads [h_1, h_2] as W reads [h_2, h_1]."""
    d = len(W) // 2
    return np.concatenate([W[d:], W[:d]])


# %% tags=["check", "E15.3"]
check("E15.3")

# %% tags=["hint", "E15.3"]
# hint("E15.3", 1)

# %% tags=["figure", "E15.3"]
variants.mirror(grid_block, mirrored)

# %% [markdown]
# Sixty-four of your blocks in a square, the same numbers entering at the left edge and at the lower edge. In an ordinary stack of LSTMs the two directions could not be exchanged: along time there is a memory, along depth there is not. Here nothing tells them apart, so the two maps are mirror images, and the third map is empty.
# What the figure does not show is that for sequences one does tell them apart after all. The kit's `GridLSTM` lets the depth dimension go last and read the *new* $h$ of time (the paper's "priority"), so that the output at a step has seen the step's input in full.
#
# **To think about.** With how many parameters does a third dimension come?

# %% [markdown] tags=["solution", "E15.3"]
# **Answer.** Each dimension has a transform that reads all $N$ hidden vectors, $4Nd^2 + 4d$, so $N$ of them have $4N^2d^2 + 4Nd$: for $d = 7$ that is 840 for two dimensions and 1848 for three. The number of *blocks* costs nothing if they share their weights, as the paper's do along depth.

# %% [markdown] tags=["slide:D1.28"]
# ## More memory for the same width
#
# ### E15.4 Array-LSTM
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments); on the slide "Массивно-параллельная LSTM сеть", which is to say massively parallel; "array" is meant as in an array of memory cells.
#
# In an LSTM the number of memory cells is the number of units, and the recurrent matrix grows with its square. The Array-LSTM gives each unit $K$ cells, its *lanes*. Every lane $k$ has gates and a candidate of its own, all lanes read the same $h_{t-1}$, and the unit shows their sum:
#
# $$c_{k,t} = \sigma(a_{f,k}) \odot c_{k,t-1} + \sigma(a_{i,k}) \odot \tanh(a_{c,k}), \qquad h_t = \sum_{k=1}^{K} \sigma(a_{o,k}) \odot \tanh(c_{k,t}).$$
#
# $x$ is $(N, m)$, $h$ $(N, n)$, $c$ $(N, K, n)$; $W$ is $(m, 4Kn)$, $U$ $(n, 4Kn)$, $b$ $(4Kn,)$. Their columns lie gate by gate, i, f, c, o, and within each gate lane by lane.
#
# **Write** `array_lstm_step(x, h, c, W, U, b)`, which reads $K$ off the shape of $c$ and returns the new `h, c`, and `array_lstm_count(m, n, K)`. **Checked for:** a step with two or three lanes; $K = 1$, which must be the LSTM; the count.


# %% tags=["stub", "E15.4"]
def array_lstm_step(x, h, c, W, U, b):
    """One step: x (N, m), h (N, n), c (N, K, n), W (m, 4Kn), U (n, 4Kn), b (4Kn,); returns the new h and c."""
    return None  # replace this line


def array_lstm_count(m, n, K):
    """Parameters of an Array-LSTM of n units with K lanes that reads m numbers a step."""
    return None  # replace this line


# %% tags=["solution", "E15.4"]
def array_lstm_step(x, h, c, W, U, b):
    """One step: x (N, m), h (N, n), c (N, K, n), W (m, 4Kn), U (n, 4Kn), b (4Kn,); returns the new h and c."""
    _, K, n = c.shape
    blocks = np.split(x @ W + h @ U + b, 4, axis=1)
    a_i, a_f, a_c, a_o = (block.reshape(-1, K, n) for block in blocks)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    return (sigmoid(a_o) * np.tanh(c)).sum(axis=1), c


def array_lstm_count(m, n, K):
    """Parameters of an Array-LSTM of n units with K lanes that reads m numbers a step."""
    return 4 * K * n * (m + n + 1)


# %% tags=["check", "E15.4"]
check("E15.4")

# %% tags=["hint", "E15.4"]
# hint("E15.4", 1)

# %% tags=["figure", "E15.4"]
variants.lanes(array_lstm_step)

# %% [markdown]
# Three lanes that differ in their forget gates' biases alone. The thick line, what other units get to see, falls as a sum of three exponentials does, first steeply and then hardly at all; one LSTM unit has one rate at a time. Note also where it starts: $h$ is a sum and is not bound to $[-1, 1]$. What the figure does not show is
# that lanes may as well all learn the same, and then $K$ of them are one lane counted $K$ times.
#
# **To think about.** For the parameters of an LSTM with $m = n = 32$, how many units with $K = 2$ lanes can you have, and how many memory cells?

# %% [markdown] tags=["solution", "E15.4"]
# **Answer.** The LSTM has $4 \cdot 32 \cdot 65 = 8320$. With two lanes $8n(n + 33) \le 8320$ gives $n = 19$ (7904 parameters): 38 memory cells in place of 32, and 19 numbers to show in place of 32. More memory is bought with a narrower view of it.

# %% [markdown] tags=["slide:D1.28"]
# ## All layers at once
#
# ### E15.5 Densely connected BiLSTM
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments); on the slide "Последовательное объединение групп LSTM слоёв", joining groups of LSTM layers one after the other.
#
# The fifth paper changes nothing in the cell. It stacks bidirectional LSTMs (notebook 12) and lets each layer read *everything* there is: the input and the outputs of all layers below, side by side. With $M_0 = x$ and layers $l = 0, 1, 2, \ldots$
#
# $$h_l = \mathrm{BiLSTM}_n(M_l), \qquad M_{l+1} = [M_l, h_l], \qquad \text{so layer } l \text{ reads } m_l = m + 2nl \text{ numbers a step.}$$
#
# $x$ is $(N, T, m)$, $h_l$ $(N, T, 2n)$, $M_l$ $(N, T, m_l)$. The formula counts layers from 0; a text that counts from 1 has $m + 2n(l - 1)$. As no layer has to pass on what it was given, layers can be narrow: the paper's have 13 units each way, and there are fifteen of them below a wide one.
#
# **Write** `input_widths(m, n, L)`, the list of the widths that $L$ layers read, lowest first; `dense_bilstm_count(m, n, L)`, the number of parameters of these $L$ layers together; and `dense_bilstm(x, layers)`, the output $(N, T, 2n)$ of the last layer, where `layers` is a list of pairs (weights forwards, weights backwards) and `bilstm` below runs one layer.
#
# **Checked for:** widths and counts of one to five layers; three layers on a random sequence.


# %%
def bilstm(x, forwards, backwards):
    """Two LSTMs over x (N, T, m), weights (W, U, b) each, the second from the end: outputs side by side, (N, T, 2n)."""

    def one_way(x, weights):
        h = c = np.zeros((len(x), len(weights[1])))
        outputs = []
        for t in range(x.shape[1]):
            h, c = lstm_step(x[:, t], h, c, *weights)
            outputs.append(h)
        return np.stack(outputs, axis=1)

    return np.concatenate([one_way(x, forwards), one_way(x[:, ::-1], backwards)[:, ::-1]], axis=2)


# %% tags=["stub", "E15.5"]
def input_widths(m, n, L):
    """How many numbers a step each of L layers reads, a list, if x has m and every layer n units each way."""
    return None  # replace this line


def dense_bilstm_count(m, n, L):
    """Parameters of L densely connected bidirectional LSTMs of n units each way, reading m numbers a step."""
    return None  # replace this line


def dense_bilstm(x, layers):
    """The output (N, T, 2n) of the last layer; x (N, T, m), layers a list of pairs of weights for `bilstm`."""
    return None  # replace this line


# %% tags=["solution", "E15.5"]
def input_widths(m, n, L):
    """How many numbers a step each of L layers reads, a list, if x has m and every layer n units each way."""
    return [m + 2 * n * k for k in range(L)]


def dense_bilstm_count(m, n, L):
    """Parameters of L densely connected bidirectional LSTMs of n units each way, reading m numbers a step."""
    return sum(2 * 4 * n * (width + n + 1) for width in input_widths(m, n, L))


def dense_bilstm(x, layers):
    """The output (N, T, 2n) of the last layer; x (N, T, m), layers a list of pairs of weights for `bilstm`."""
    memory = x
    for forwards, backwards in layers:
        h = bilstm(memory, forwards, backwards)
        memory = np.concatenate([memory, h], axis=2)
    return h


# %% tags=["check", "E15.5"]
check("E15.5")

# %% tags=["hint", "E15.5"]
# hint("E15.5", 1)

# %% tags=["figure", "E15.5"]
variants_dense.widths(input_widths, dense_bilstm_count)

# %% [markdown]
# On the left each layer reads 26 numbers more than the one below it. On the right the sum of the bars' lengths, so to speak: with $L$ layers the count grows as $L^2$, whereas the dashed line of a plain stack is straight. Narrow layers keep that in bounds. The kit's formula for all of it, the paper's sizes put in ($m = 300$, fifteen layers
# with $n = 13$, a last one with 100 units each way), gives 1,406,560; a single wide BiLSTM of 300 units has 1,442,400. What the figure does not show is that the widths of the *outputs* stay the same: 26 numbers a layer.
#
# Is this the model that Keras would build? The next cell builds it from Keras' own layers, for one to five layers, and lets Keras count.

# %% tags=["figure", "E15.5"]
for L in range(1, 6):
    inputs = memory = keras.Input((None, 20))
    for _ in range(L):
        outputs = keras.layers.Bidirectional(keras.layers.LSTM(13, return_sequences=True))(memory)
        memory = keras.layers.Concatenate()([memory, outputs])
    print(f"{L} layers: Keras {keras.Model(inputs, outputs).count_params():6d}, yours {dense_bilstm_count(20, 13, L)}")

# %% [markdown]
# **To think about.** All five layers of this notebook have a setting in which they are the LSTM (or, here, the BiLSTM). Which is it for each?

# %% [markdown] tags=["solution", "E15.5"]
# **Answer.** The ConvLSTM on one pixel, or with kernels of $1 \times 1$ at each pixel by itself. The depth-gated stack with $d = 0$: a stack of LSTMs. The Array-LSTM with $K = 1$. The densely connected BiLSTM with $L = 1$. The grid needs most: along depth no memory and a transform that hands $h$ of time on as it is, the
# LSTM's $h' = \sigma(a_o) \odot \tanh(m')$, and depth after time; the kit's tests hold that with `depth_dimension="dense"`, `squashing="lstm"`, `priority="depth"`.

# %% [markdown] tags=["slide:D1.28"]
# ### E15.6 Which paper?
#
# D1.28, *Рекуррентные сети XIV — дальнейшие эксперименты* (Recurrent networks XIV: further experiments), names its five papers by their arXiv numbers: 1506.04214, 1507.01526, 1508.03790, 1607.03085, 1802.00889. (How to read a date from such a number: E11.6.) Match them with the names and with the ideas.
#
# | letter | name | | letter | idea |
# | --- | --- | --- | --- | --- |
# | a | Array-LSTM | | p | a layer's depth is a dimension with its own memory |
# | b | ConvLSTM | | q | every layer reads all layers below it |
# | c | densely connected BiLSTM | | r | a unit has several memory cells |
# | d | Depth-gated RNN | | s | products become convolutions |
# | e | Grid LSTM | | t | a gate links the memories of neighbouring layers |
#
# **Write** two dicts with the five numbers, as texts, for keys: `papers` with the letters a to e, `ideas` with the letters p to t. **Checked for:** all ten letters.

# %% tags=["stub", "E15.6"]
papers = None  # replace this line: {"1506.04214": "?", ...}

ideas = None  # replace this line: {"1506.04214": "?", ...}

# %% tags=["solution", "E15.6"]
papers = {"1506.04214": "b", "1507.01526": "e", "1508.03790": "d", "1607.03085": "a", "1802.00889": "c"}

ideas = {"1506.04214": "s", "1507.01526": "p", "1508.03790": "t", "1607.03085": "r", "1802.00889": "q"}

# %% tags=["check", "E15.6"]
check("E15.6")

# %% tags=["hint", "E15.6"]
# hint("E15.6", 1)

# %% tags=["figure", "E15.6"]
variants_dense.when(papers, ideas)

# %% [markdown]
# Three of the five within ten weeks of 2015, two of them on depth: when a thing works, many people change one part of it at the same time. What the figure does not show is what became of them. Keras has one of the five, `ConvLSTM2D`, without its peepholes.
#
# **To think about.** A paper shows that its layer has a smaller error than an LSTM. What would you want to know before you believe that the layer is the reason?

# %% [markdown] tags=["solution", "E15.6"]
# **Answer.** Whether both had as many parameters and as many steps of training; whether the settings of both were searched with the same effort; how much the result changes with the seed alone; and whether the data were chosen before or after. The next section does the first and the third of these, and not the second.

# %% [markdown]
# ## Five tasks, and what came out
#
# Now to training. Each of the five layers gets a small task of its paper's kind, and beside it a plain LSTM that has *at least as many parameters*: the narrowest one that reaches the layer's count. All counts come from `course_kit.params`.
#
# | layer | the paper's tasks | the task here | measured |
# | --- | --- | --- | --- |
# | ConvLSTM | moving digits, rain radar | two squares move over 8 x 8 pixels and bounce: the next picture | wrong pixels |
# | Grid LSTM | parity, addition of long numbers | three bits a step: is the number of ones so far odd? | share of wrong answers |
# | depth-gated | translation, a language model, deep stacks | brackets of three kinds, nested up to six deep: the next symbol | bits above the best possible |
# | Array-LSTM | letters of Wikipedia | someone counts aloud in English: the next letter | bits a letter |
# | dense BiLSTM | classes of sentences | brackets with and without a partner: how many pairs are around a symbol? | share of wrong tags |
#
# Here is what the networks get to see.

# %% tags=["figure"]
from course_kit.datasets.moving_squares import moving_squares
from course_kit.datasets.nested import enclosed, nested
from course_kit.datasets.number_words import counting_aloud
from course_kit.datasets.sums import running_parity

one = nested(1, seed=3)
print("brackets  ", "".join("([{)]}"[one.symbols.index(s)] for s in one.read(0)))
print("counting  ", "".join(counting_aloud(1, seed=3).read(0)))
one = enclosed(1, seed=3)
print("tags      ", "".join(one.read(0)))
print("          ", "".join(str(k) for k in one.y[0].argmax(axis=1)))
one = running_parity(1, 8, 3, seed=3)
print("parity    ", " ".join("".join(str(int(b)) for b in bits) for bits in one.x[0]))
print("          ", " ".join(f"{'odd' if odd else '-':3s}" for odd in one.y[0, :, 0]))
one = moving_squares(1, seed=74)
variants_runs.film(np.concatenate([one.x[0], one.y[0, -1:]]))

# %% [markdown]
# One comparison is trained now, the parity, one seed of each: 400 steps of Adam on 64 new sequences each.

# %% tags=["figure"]
from course_kit.models.variants import train
from course_kit.models.variants_tasks import TASKS

for net in ("Grid LSTM", "LSTM"):
    run = train(TASKS["parity of 24 bits"], net, seed=0)
    print(
        f"{net:10s}{run['parameters']:6d} parameters, {100 * run['score']:5.1f} % of the steps wrong, {run['seconds']} s"
    )

# %% [markdown]
# One seed is an anecdote. The whole comparison, three seeds of each network, was run beforehand with `python -m course_kit.models.variants` and lies in `data/variants.json`; every point is a run.

# %% tags=["figure"]
from course_kit.datasets.variant_runs import variant_runs

variants_runs.all_runs(variant_runs())

# %% [markdown]
# Read each panel from the top: the paper's layer, the LSTM with at least as many parameters, and where there is a third row another rival. Means over three seeds, the range in brackets.
#
# - **Moving squares.** The ConvLSTM leaves 4.6 pixels wrong (4.61 to 4.66), the LSTM 7.4 (7.2 to 7.6); to repeat the last picture costs 8.9. That is the clearest case of the five, and the least surprising: the convolution knows beforehand that a square moves the same way everywhere. The third row says what this knowledge is worth: an LSTM of 64 units
#   gets down to 3.3, with fourteen times as many parameters.
# - **Parity.** The Grid LSTM of two blocks is wrong in 20 % of the steps (17 to 25), the LSTM in 42 % (35 to 49), where guessing gives 50. Two LSTMs above each other, one more than the LSTM has and as deep as the grid, learned nothing in the same 400 steps. So it is not depth alone that helps. None of them has *solved* the task.
# - **Nested brackets.** Depth-gated 0.070 bits (0.061 to 0.077), LSTM 0.077 (0.072 to 0.081): the ranges overlap, and three seeds cannot tell them apart. Against a stack as deep as itself (0.087; 0.081 to 0.091) the depth gate wins with every seed. It repairs what depth has spoilt, and here one layer was enough.
# - **Counting aloud.** Array-LSTM 0.23 bits a letter (0.17 to 0.30), LSTM 0.28 (0.21 to 0.39). The mean is better, the ranges overlap widely, and each network's best and worst seeds lie further apart than the two means. This is no evidence for either.
# - **Pairs around a symbol.** Densely connected BiLSTM 2.4 % of the tags wrong (2.3 to 2.6), the LSTM 33 %, which cannot see whether a bracket will find its partner. But the third row, one BiLSTM with as many parameters and no dense connections, has 1.6 % (1.1 to 2.4). What helped was reading from both ends; three narrow layers in place of a wider one did not.
#
# What the figure does not show: the settings (rate of learning, steps, sizes) were chosen once for each task, the same for all its networks, after a few trials; nobody searched the best ones for each. Three seeds show a spread, not a distribution. And each task was chosen
# because it is of the kind that its paper is about.
#
# **To think about.** In which of the five panels would you expect the order to change if every network had four times as long to train?

# %% [markdown] tags=["solution"]
# **Answer.** It was not run, so these are guesses, and `updates` in `course_kit/models/variants_tasks.py` lets you check them. Brackets and counting are nearly learned, so more training would bring all networks closer together and to 0. The squares are not: the large LSTM has parameters to spare and new films at every step, so its lead would
# grow. Parity is the least certain; such a task stays at chance for long and then falls within a few hundred steps, so that the two stacked LSTMs may only have been stopped too early. A comparison at one training time is a comparison of speeds as much as of abilities.

# %% [markdown]
# ## What you have now
#
# Five changes to one cell, each in a few lines, each with a setting in which it vanishes. The kit has all of them as Keras layers, with the choices in which papers and programs differ as arguments: `PeepholeConvLSTM2D`, `DepthGatedLSTM`, `GridLSTM`, `ArrayLSTM`, `DenselyConnectedBiLSTM` in `course_kit.layers`, and their counts in
# `course_kit.params`. Notebook 16 leaves the LSTM for networks that are recurrent in other ways.

# %% tags=["figure"]
progress()
