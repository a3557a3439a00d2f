# %% [markdown]
# # 07 Taming gradients
#
# Notebook 06 found that a gradient sent back through a hundred steps is multiplied by a hundred matrices, and that little good comes of it. This notebook is about what
# can be done. Slide D4.21 has a list of five remedies, and each of them can be tried on paper-sized networks. After it you can
#
# - clip a gradient in three ways, and say which of them turns it,
# - look back a few steps only, and measure what is lost,
# - train on a long sequence in pieces and hand the state on, in NumPy and in Keras,
# - start a recurrent kernel so that nothing grows or fades at first, and say how long that lasts,
# - put a skip connection around a step and compute what it does to a hundred of them,
# - tell for each remedy whether it is one against exploding, against vanishing, or against both.
#
# *Slides:* D4.21 to D4.25, D1.27. *Time:* about an hour and a half. *Needed before:* notebooks 05 and 06.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import taming, truncation
from course_kit.quiet import quiet_tensorflow

# %% [markdown]
# ## One step too far
#
# A linear unit, $h_t = w\,h_{t-1}$ with $h_0 = 1$, is to end at $h_{20} = 1$. The loss is $L = \frac12 (w^{20} - 1)^2$ and $w = 1$ would be perfect. Start at $w = 1.25$ and go
# downhill with the learning rate 0.02, once as the gradient says and once with a gradient that is never longer than 1.


# %%
def slope(w, T=20):
    """dL/dw of L = (w^T - 1)^2 / 2."""
    return (w**T - 1) * T * w ** (T - 1)


paths = {}
for name, limit in (("as it is", np.inf), ("at most 1", 1.0)):
    w, paths[name] = np.float64(1.25), []
    with np.errstate(all="ignore"):
        for _ in range(16):
            paths[name].append(w)
            g = slope(w)
            w = w - 0.02 * g * min(1.0, limit / abs(g))
print("update   as it is   at most 1")
for k in (0, 1, 2, 3, 8, 12, 15):
    print(f"{k:6d} {paths['as it is'][k]:10.3g} {paths['at most 1'][k]:11.4f}")

# %% [markdown]
# The first gradient is 119 000, and one update is enough to land at $w = -2377$, from where nothing leads back. The *direction* was right. All that was wrong was the length: the slope of a steep wall says
# which way is down and nothing about how far. The right column keeps the direction and walks. At the end it hops around $w = 1$, since its steps do not get
# shorter before the gradient itself is shorter than 1. This is the whole idea of clipping, and it is why the first remedy on the slide is also the cheapest.
#
# Letters as in notebooks 05 and 06: $x_t$ $(N, m)$, $h_t$ $(N, n)$, $h_t = \tanh(x_t W + h_{t-1}U + b_h)$, and $J_t = \partial h_t/\partial h_{t-1} = \operatorname{diag}(1-h_t^2)\,U^{\mathsf T}$.

# %% [markdown] tags=["slide:D4.21"]
# ## Shorten it
#
# ### E07.1 Clip
#
# D4.21, *Как предотвратить взрыв?* (How to prevent explosion), first item: set a threshold that the gradient cannot break through.
#
# A gradient is not one array but a list of them, one for each weight. So "longer than $\theta$" can mean three things.
#
# $$\text{by value:}\quad g_i \leftarrow \max(-\theta, \min(\theta, g_i))\quad\text{for each entry},$$
#
# $$\text{by norm:}\quad g \leftarrow g\,\min\Bigl(1, \frac{\theta}{\lVert g\rVert}\Bigr)\quad\text{for each array},\qquad
# \text{by global norm:}\quad \text{the same with}\ \lVert g\rVert = \sqrt{\textstyle\sum_{\text{arrays}}\sum_i g_i^2}.$$
#
# (The slide has words only, the formulas are ours.) The norm of an array here is the root of the sum of all its squares, whatever its shape. Pascanu, Mikolov and Bengio, whose paper D1.12 cites (arXiv 1211.5063), clip
# by the global norm. Keras calls the three `clipvalue`, `clipnorm` and `global_clipnorm`.
#
# **Write** `clip_by_value`, `clip_by_norm` and `clip_by_global_norm`; each takes `gradients`, a list of arrays, and `theta`, and returns a new list. **And set** `keeps_direction`: which of them keeps the direction of the whole
# gradient, all arrays laid end to end, whatever the gradient? `"a"` by value, `"b"` by norm, array by array, `"c"` by global norm, `"d"` the last two.
#
# **Checked for:** a long gradient of three arrays, to $10^{-7}$; a short one, which must come back as it was; zeros; the letter.


# %% tags=["stub", "E07.1"]
def clip_by_value(gradients, theta):
    """A list of arrays with every entry in [-theta, theta]."""
    return None  # replace this line


def clip_by_norm(gradients, theta):
    """A list of arrays, each of a norm of at most theta."""
    return None  # replace this line


def clip_by_global_norm(gradients, theta):
    """A list of arrays whose joint norm is at most theta."""
    return None  # replace this line


keeps_direction = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E07.1"]
def clip_by_value(gradients, theta):
    """A list of arrays with every entry in [-theta, theta]."""
    return [np.clip(g, -theta, theta) for g in gradients]


def clip_by_norm(gradients, theta):
    """A list of arrays, each of a norm of at most theta."""
    return [clip_by_global_norm([g], theta)[0] for g in gradients]


def clip_by_global_norm(gradients, theta):
    """A list of arrays whose joint norm is at most theta."""
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    factor = theta / norm if norm > theta else 1.0
    return [g * factor for g in gradients]


keeps_direction = "c"

# %% tags=["check", "E07.1"]
check("E07.1")

# %% tags=["hint", "E07.1"]
# hint("E07.1", 1)

# %% tags=["figure", "E07.1"]
taming.clipped(clip_by_value, clip_by_norm, clip_by_global_norm)

# %% [markdown]
# Each blue point is a gradient of length 2 in one plane of a larger space (the first array has two equal entries, of which one is drawn). By value, everything ends on a square: whoever comes from the side is moved straight onto it, and all that come from near a
# diagonal are pushed into a corner. Here that turns them by up to 15°, for very long gradients it comes to 45°. By norm, each array is shortened by itself, and the corners stay. By global norm every line points home. The figure does not say which
# trains best; by value is in use as well, and a bounded entry has its own merits when a single weight goes wild.
#
# The next cell holds the third one against TensorFlow's function and against the optimizer's argument.

# %% tags=["figure"]
quiet_tensorflow()
import keras
import tensorflow as tf

rng = np.random.default_rng(0)
gradient = [3 * rng.normal(size=(4, 5)), 0.05 * rng.normal(size=5), rng.normal(size=(2, 3))]
by_tensorflow, _ = tf.clip_by_global_norm([tf.constant(g) for g in gradient], 1.0)
weights = [keras.Variable(np.zeros(g.shape), dtype="float64") for g in gradient]
keras.optimizers.SGD(1.0, global_clipnorm=1.0).apply([tf.constant(g) for g in gradient], weights)
mine = clip_by_global_norm(gradient, 1.0)
if mine is not None and len(mine) == 3:
    for name, theirs in (
        ("tf.clip_by_global_norm", by_tensorflow),
        ("SGD(global_clipnorm=1)", [-w.numpy() for w in weights]),
    ):
        difference = max(np.abs(a - np.asarray(b)).max() for a, b in zip(mine, theirs, strict=True))
        print(f"largest difference to {name:24} {difference:.1e}")

# %% [markdown]
# **To think about.** Adam divides each entry by the size that this entry usually has. Suppose *every* gradient of a training is clipped to exactly 1. What does that change for plain gradient descent, and what for Adam?

# %% [markdown] tags=["solution", "E07.1"]
# **Answer.** Plain descent then moves by the learning rate times a unit vector: the length of a step is fixed. For Adam it changes little: a factor that
# all weights share largely cancels in the division. What clipping still
# does for Adam is to keep *one* outlier from spoiling the running mean of squares, which would otherwise make all steps tiny for a thousand updates.

# %% [markdown] tags=["slide:D4.22", "slide:D4.24", "slide:D1.27"]
# ## Look back less far
#
# ### E07.2 Truncated BPTT
#
# D4.22, *Урезанное обучение (1/3)* (Truncated training, 1), and D4.24, *Урезанное обучение (3/3)* (Truncated training, 3), are drawings; D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained), says in
# one line that truncated BPTT is the algorithm in use.
#
# E05.7 split the gradient of a loss by the step $k$ at which $U$ was used: the contribution of step $k$ to $\partial L_t/\partial U$ carries $t-k$ Jacobians. If those products fade, the long ones can be left out. With a **look-back** of $\tau$ steps, the step $k = t$ among them,
#
# $$g_\tau = \sum_{t=0}^{T-1}\ \sum_{k=\max(0,\,t-\tau+1)}^{t} h_{k-1}^{\mathsf T}\,\delta_{t\to k},\qquad
# \delta_{t\to t} = \bigl(\delta^y_t V^{\mathsf T}\bigr)\odot(1-h_t^2),\quad \delta_{t\to k} = \bigl(\delta_{t\to k+1}U^{\mathsf T}\bigr)\odot(1-h_k^2).$$
#
# $\tau = 1$ keeps the terms without any Jacobian, $\tau = T$ is the full gradient. As in notebook 05 steps are counted from 0 here, and $h_{-1}$ is `h0`.
#
# **Write** `truncated_gradient(delta_y, h, h0, U, V, tau)`, which returns $g_\tau$ $(n, n)$, the truncated $\partial L/\partial U$, from $\delta^y$ $(N, T, o)$, `h` $(N, T, n)$ and `h0` $(N, n)$. **And set** `truncation_is`: `"a"` noise, which averages out during training; `"b"` a
# bias: what lies farther back is missing in every update; `"c"` a form of clipping: all terms are shortened; `"d"` exact, since far contributions do not matter.
#
# **Checked for:** $\tau = 3$; $\tau = 1$, $\tau = T$ and beyond; every $\tau$ as a partial sum of the contributions of E05.7, to $10^{-10}$; the letter.


# %% tags=["stub", "E07.2"]
def truncated_gradient(delta_y, h, h0, U, V, tau):
    """dL/dU (n, n) when each loss looks back tau steps, its own among them.

    delta_y: (N, T, o); h: (N, T, n); h0: (N, n); U: (n, n); V: (n, o)
    """
    return None  # replace this line


truncation_is = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E07.2"]
def truncated_gradient(delta_y, h, h0, U, V, tau):
    """dL/dU (n, n) when each loss looks back tau steps, its own among them.

    delta_y: (N, T, o); h: (N, T, n); h0: (N, n); U: (n, n); V: (n, o)
    """
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    total = np.zeros_like(U)
    for t in range(h.shape[1]):
        dh = delta_y[:, t] @ V.T
        for k in range(t, max(-1, t - tau), -1):
            da = dh * (1 - h[:, k] ** 2)
            total = total + before[:, k].T @ da
            dh = da @ U.T
    return total


truncation_is = "b"

# %% tags=["check", "E07.2"]
check("E07.2")

# %% tags=["hint", "E07.2"]
# hint("E07.2", 1)

# %% tags=["figure", "E07.2"]
truncation.error(truncated_gradient)

# %% [markdown]
# The figure asks for the price. At a spectral radius of 0.5 a look-back of five steps already comes within 2 % of the whole gradient: what is left out had vanished anyway. At 0.9 it takes twelve steps to come within 3 %. At 1.1 a look-back of five steps
# misses most of the gradient and points 36° elsewhere; even twelve steps miss a fifth. So truncation is harmless exactly where the network could not have learned long dependencies in the first place, and it bites where it could.
# What the figure does not show is the gain, which is why D1.27 calls it *the* algorithm: memory and time for one update no longer grow with the length of the sequence.
#
# The kit has the same for any Keras model, `course_kit.gradients.truncated_gradients`. It uses automatic differentiation and not your formula.

# %% tags=["figure"]
from course_kit.gradients import truncated_gradients

N, T, m, n, o = 2, 9, 3, 4, 2
x, target = rng.normal(size=(N, T, m)), rng.normal(size=(N, T, o))
model = keras.Sequential(
    [
        keras.Input(batch_shape=(N, None, m), dtype="float64"),
        keras.layers.SimpleRNN(n, return_sequences=True, stateful=True, dtype="float64"),
        keras.layers.Dense(o, dtype="float64"),
    ]
)
W, U, b_h, V, b_y = model.get_weights()
h, state = np.empty((N, T, n)), np.zeros((N, n))
for t in range(T):
    h[:, t] = state = np.tanh(x[:, t] @ W + state @ U + b_h)
delta_y = (h @ V + b_y - target) * 2 / (N * T * o)  # Keras' loss is a mean of squares, ours half a sum
for tau in (1, 3, 9):
    mine = truncated_gradient(delta_y, h, np.zeros((N, n)), U, V, tau)
    if np.shape(mine) == U.shape:
        theirs = truncated_gradients(model, x, target, k1=1, k2=tau)[1]
        print(f"tau = {tau}: largest difference to the kit's truncated_gradients {np.abs(mine - theirs).max():.1e}")

# %% [markdown]
# **To think about.** A task needs something that happened 30 steps ago, and you train with $\tau = 10$. Can the network learn it at all?

# %% [markdown] tags=["solution", "E07.2"]
# **Answer.** No gradient ever tells it to, so it has to be luck or a chain: if it pays to keep the thing for ten steps, it is kept for ten; and once it is there, keeping it a little longer may pay for another loss. The forward pass is not truncated, a state
# may carry what it likes as long as it likes. But nobody is teaching it.

# %% [markdown] tags=["slide:D4.23", "slide:D4.24", "slide:D1.27"]
# ### E07.3 In pieces, state carried
#
# D4.23, *Урезанное обучение (2/3)* (Truncated training, 2); D4.24, *Урезанное обучение (3/3)* (Truncated training, 3); D1.27, *Рекуррентные сети XIII* (Recurrent networks XIII: how LSTM is trained).
#
# The second item of D4.21 is to train not on the whole but piece by piece. Cut the sequence into pieces of $k$ steps, the last one as long as what remains. Forwards nothing changes: the last state of a piece is the first state of the next, and all states are
# those of a run in one go. Backwards every piece is on its own; the state that it was given counts as a *number*, not as something that depends on $U$.
#
# $$h^{\text{start}}_{p+1} = h^{\text{end}}_{p}\ \text{(its value)},\qquad g = \sum_{p} g^{(p)},\qquad
# \frac{\partial L_t}{\partial(\text{step } s)}\ \text{is kept only if}\ s\le t\ \text{and}\ \lfloor s/k\rfloor = \lfloor t/k\rfloor .$$
#
# So the look-back of a loss is anything between 1 step, at the beginning of a piece, and $k$ steps at its end. In return each step is computed once, while a look-back of $\tau$ for every loss costs $\tau$ times as much.
#
# **Write** four functions.
#
# 1. `states_in_pieces(x, h0, W, U, b_h, k)`: all states $(N, T, n)$, computed piece by piece.
# 2. `gradient_in_pieces(delta_y, h, h0, U, V, k)`: the sum of the pieces' own $\partial L/\partial U$, $(n, n)$.
# 3. `reaches(T, k)`: a $(T, T)$ array of booleans; entry $[t, s]$ says whether the loss of step $t$ reaches step $s$.
# 4. `keras_in_pieces(layer, x, k)`: the outputs $(N, T, n)$, as a NumPy array, of a Keras layer with `stateful=True` and `return_sequences=True` that is fed piece by piece. It must start from zeros, whatever the layer was used for before.
#
# **Checked for:** states, for pieces that fit and pieces that do not; gradients, to $10^{-10}$; the booleans; a stateful `SimpleRNN` of ours, twice in a row.


# %% tags=["stub", "E07.3"]
def states_in_pieces(x, h0, W, U, b_h, k):
    """h (N, T, n) of an Elman network, run in pieces of k steps, the state handed on."""
    return None  # replace this line


def gradient_in_pieces(delta_y, h, h0, U, V, k):
    """dL/dU (n, n), each piece of k steps by itself, added up."""
    return None  # replace this line


def reaches(T, k):
    """(T, T) booleans: does the loss of step t (row) send a gradient to step s (column)?"""
    return None  # replace this line


def keras_in_pieces(layer, x, k):
    """Outputs (N, T, n) of a stateful Keras layer, fed k steps at a time, from zeros."""
    return None  # replace this line


# %% tags=["solution", "E07.3"]
def states_in_pieces(x, h0, W, U, b_h, k):
    """h (N, T, n) of an Elman network, run in pieces of k steps, the state handed on."""
    state, pieces = h0, []
    for start in range(0, x.shape[1], k):
        piece = []
        for t in range(start, min(start + k, x.shape[1])):
            state = np.tanh(x[:, t] @ W + state @ U + b_h)
            piece.append(state)
        pieces.append(np.stack(piece, axis=1))
    return np.concatenate(pieces, axis=1)


def gradient_in_pieces(delta_y, h, h0, U, V, k):
    """dL/dU (n, n), each piece of k steps by itself, added up."""
    total = 0.0
    for start in range(0, h.shape[1], k):
        given = h[:, start - 1] if start > 0 else h0
        inside = slice(start, start + k)
        total = total + truncated_gradient(delta_y[:, inside], h[:, inside], given, U, V, tau=k)
    return total


def reaches(T, k):
    """(T, T) booleans: does the loss of step t (row) send a gradient to step s (column)?"""
    t, s = np.arange(T)[:, None], np.arange(T)
    return (s <= t) & (s // k == t // k)


def keras_in_pieces(layer, x, k):
    """Outputs (N, T, n) of a stateful Keras layer, fed k steps at a time, from zeros."""
    layer.reset_state()
    return np.concatenate([np.asarray(layer(x[:, start : start + k])) for start in range(0, x.shape[1], k)], axis=1)


# %% tags=["check", "E07.3"]
check("E07.3")

# %% tags=["hint", "E07.3"]
# hint("E07.3", 1)

# %% tags=["figure", "E07.3"]
truncation.in_pieces(states_in_pieces, reaches)

# %% [markdown]
# Left, the colours are the true sizes of all 78 paths in a small network, and the frames what training in pieces keeps of them. Two neighbours at a red line, step 3 and step 4, are as close as any two, and yet no gradient passes
# between them: it depends on where the cut happens to fall. Shifting the cuts from epoch to epoch is an easy improvement. Right, the state does not notice the cuts, as long as it is carried; the
# dashed run, reset before each piece, is another network. The figure does not show that weights change between pieces in real training, so that a carried state is a little out of date.
#
# In Keras the carried state is the argument `stateful=True`. The next cell asks the tape across the cut.

# %% tags=["figure"]
layer = keras.layers.SimpleRNN(n, return_sequences=True, stateful=True, dtype="float64")
layer.build((N, None, m))
whole = keras.layers.SimpleRNN(n, return_sequences=True, dtype="float64")
whole.build((N, None, m))
whole.set_weights(layer.get_weights())
first, second = tf.constant(x[:, :5]), tf.constant(x[:, 5:])
with tf.GradientTape(persistent=True) as tape:
    tape.watch([first, second])
    in_pieces = [layer(first), layer(second)]
    end = tf.reduce_sum(in_pieces[1][:, -1])
together = np.concatenate([part.numpy() for part in in_pieces], axis=1)
print(f"states, two pieces and one run: largest difference {np.abs(together - whole(x).numpy()).max():.1e}")
print("gradient of the end in the second piece:", "an array" if tape.gradient(end, second) is not None else None)
print("gradient of the end in the first piece: ", tape.gradient(end, first))
layer.reset_state()
print(f"second piece after a reset: differs by {np.abs(layer(second).numpy() - together[:, 5:]).max():.2f}")

# %% [markdown]
# `None` is TensorFlow's word for "there is no path". The state was stored in a variable in between, and a variable's value has no history.
#
# **To think about.** `fit` shuffles the batches by default. What would that do to a stateful layer that is fed pieces, and to the order of the rows within a batch?

# %% [markdown] tags=["solution", "E07.3"]
# **Answer.** It would hand each piece the state of some other piece: the data are then fed with a wrong past, without any error. For stateful training `shuffle=False` is needed, row $i$ of each batch must continue row $i$ of the batch before, and
# the state must be reset at the end of the sequences (between epochs, for example in a callback).

# %% [markdown] tags=["slide:D4.21"]
# ## Start near one
#
# ### E07.4 Initialise with care
#
# D4.21, *Как предотвратить взрыв?* (How to prevent explosion), third item: initialise the weights with care.
#
# In a linear network without inputs, $h_t = h_{t-1}U$, a gradient that arrives at step $t$ as the row $g$ leaves it as $g\,U^{\mathsf T}$, and after $K$ steps it is $g\,(U^{\mathsf T})^K$. If $U$ is **orthogonal**, $U^{\mathsf T}U = I$, it turns and mirrors but never changes a length:
#
# $$\lVert g\,U^{\mathsf T}\rVert^2 = g\,U^{\mathsf T}U\,g^{\mathsf T} = \lVert g\rVert^2 .$$
#
# A random orthogonal matrix comes out of a random square matrix $A$ by the QR decomposition $A = QR$: $Q$ is orthogonal, $R$ triangular. The weaker recipe is to scale $A$ to a wanted **spectral radius** $\rho$, the largest absolute value among its eigenvalues; that
# fixes the growth in the long run and leaves the short run to chance (E06.4).
#
# **Write** three functions. `orthogonal(A)`: an orthogonal matrix made from $A$ $(n, n)$. `scaled(A, rho)`: the multiple of $A$ with spectral radius `rho`. `linear_gradient_norms(U, g, K)`: the norms of $g$ $(n,)$ after $0, 1, \dots, K$ steps back, $(K+1,)$.
#
# **Checked for:** $Q^{\mathsf T}Q = I$ to $10^{-6}$ and different $Q$ for different $A$; the spectral radius, of matrices with complex eigenvalues; norms on the way back, with a $U$ that is not symmetric; and that your two functions together give a constant over 100 steps, to $10^{-6}$.


# %% tags=["stub", "E07.4"]
def orthogonal(A):
    """An orthogonal matrix (n, n) made from the random square matrix A."""
    return None  # replace this line


def scaled(A, rho):
    """The multiple of A (n, n) whose spectral radius is rho."""
    return None  # replace this line


def linear_gradient_norms(U, g, K):
    """Norms of the row g (n,) after 0, 1, ..., K steps back through h_t = h_{t-1} U; returns (K + 1,)."""
    return None  # replace this line


# %% tags=["solution", "E07.4"]
def orthogonal(A):
    """An orthogonal matrix (n, n) made from the random square matrix A."""
    Q, R = np.linalg.qr(A)
    return Q * np.sign(np.diag(R))


def scaled(A, rho):
    """The multiple of A (n, n) whose spectral radius is rho."""
    return A * rho / np.abs(np.linalg.eigvals(A)).max()


def linear_gradient_norms(U, g, K):
    """Norms of the row g (n,) after 0, 1, ..., K steps back through h_t = h_{t-1} U; returns (K + 1,)."""
    norms = [np.linalg.norm(g)]
    for _ in range(K):
        g = g @ U.T
        norms.append(np.linalg.norm(g))
    return np.array(norms)


# %% tags=["check", "E07.4"]
check("E07.4")

# %% tags=["hint", "E07.4"]
# hint("E07.4", 1)

# %% tags=["figure", "E07.4"]
taming.starts(orthogonal, scaled, linear_gradient_norms)

# %% [markdown]
# The level line is the orthogonal kernel. A radius of 1 looks like the same thing and is not: the gradient loses half of its length in the first twenty steps, in the directions that belong to smaller eigenvalues. The two lines with triangles are the orthogonal
# kernel again, now with $\tanh$ and inputs. Inputs of the size 0.05 leave 6 % after a hundred steps, inputs of 0.3 leave $6\cdot10^{-8}$, since each $1 - h^2$ is below 1. So a careful start is a start: it holds for linear units, it nearly
# holds while states are small, and training is free to leave it. The figure does not show training.
#
# Keras starts the recurrent kernel of `SimpleRNN`, `LSTM` and `GRU` this way:

# %% tags=["figure"]
U = keras.initializers.Orthogonal(seed=3)((32, 32)).numpy().astype("float64")
print(f"Keras' Orthogonal: U^T U differs from I by {np.abs(U.T @ U - np.eye(32)).max():.1e} (float32)")
norms = linear_gradient_norms(U, np.ones(32) / np.sqrt(32), 100)
if norms is not None:
    print(f"a gradient of norm 1 after 100 steps back: {norms[-1]:.5f}")

# %% [markdown]
# **To think about.** The solution multiplies the columns of $Q$ by the signs of $R$'s diagonal. $Q$ is orthogonal without that. What is the use of it?

# %% [markdown] tags=["solution", "E07.4"]
# **Answer.** QR is unique only up to these signs, and LAPACK chooses them by its own rule, which makes some orthogonal matrices likelier than others. With the signs fixed, every orthogonal matrix is equally likely (if $A$ is normal), and the result no longer depends on the
# library. Lengths are kept either way.

# %% [markdown] tags=["slide:D4.25"]
# ## Go around it
#
# ### E07.5 Skip connection
#
# D4.25, *Skip-connection* (Skip connection), is a drawing: an arrow that goes around a step. In formulas (ours)
#
# $$F_t = \tanh(x_t W + h_{t-1}U + b),\qquad h_t = h_{t-1} + F_t,\qquad
# \frac{\partial h_t}{\partial h_{t-1}} = I + \operatorname{diag}(1 - F_t^2)\,U^{\mathsf T} = I + F_t' .$$
#
# The step no longer has to *carry* the state, it only says what to *change* about it. Where $F'$ is small the factor is near $I$, and a product of a hundred such factors has not vanished. (Another reading of the drawing are arrows that jump over several steps, $h_t$ reading
# $h_{t-10}$ as well; the kit has them as `course_kit.cells.LagSkipCell`. Then there are paths with a tenth of the factors.)
#
# **Write** `skip_step(x, h, W, U, b)`, which returns $h_t$ $(N, n)$ from `x` $(N, m)$ and $h_{t-1}$ `h` $(N, n)$; `skip_jacobian(x, h, W, U, b)`, its Jacobian $(N, n, n)$, the new unit first; and `skip_product_norm(x, h0, W, U, b)` for
# a whole sequence `x` $(N, T, m)$: the 2-norm of $J_T\cdots J_1$, $(N,)$. **And set** `skip_does`, after a look at the figure: the product over fifty steps `"a"` neither vanishes nor explodes, as the slides' heading promises; `"b"` does not vanish, but may
# grow by powers of ten; `"c"` stays within a factor of ten of 1; `"d"` vanishes a little later.
#
# **Checked for:** the step and its Jacobian, to $10^{-10}$; the Jacobian against nudges of $h$; the norm over fifty steps; the letter.


# %% tags=["stub", "E07.5"]
def skip_step(x, h, W, U, b):
    """h_t (N, n) from x_t (N, m) and h_{t-1} (N, n), with a skip connection around the step."""
    return None  # replace this line


def skip_jacobian(x, h, W, U, b):
    """dh_t/dh_{t-1} of the same step: (N, n, n), the new unit first."""
    return None  # replace this line


def skip_product_norm(x, h0, W, U, b):
    """2-norm of J_T ... J_1 along x (N, T, m) from h0 (N, n); returns (N,)."""
    return None  # replace this line


skip_does = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E07.5"]
def skip_step(x, h, W, U, b):
    """h_t (N, n) from x_t (N, m) and h_{t-1} (N, n), with a skip connection around the step."""
    return h + np.tanh(x @ W + h @ U + b)


def skip_jacobian(x, h, W, U, b):
    """dh_t/dh_{t-1} of the same step: (N, n, n), the new unit first."""
    F = np.tanh(x @ W + h @ U + b)
    return np.eye(len(U)) + (1 - F**2)[:, :, None] * U.T


def skip_product_norm(x, h0, W, U, b):
    """2-norm of J_T ... J_1 along x (N, T, m) from h0 (N, n); returns (N,)."""
    h, total = h0, np.eye(len(U))
    for t in range(x.shape[1]):
        total = skip_jacobian(x[:, t], h, W, U, b) @ total
        h = skip_step(x[:, t], h, W, U, b)
    return np.linalg.norm(total, 2, axis=(1, 2))


skip_does = "b"

# %% tags=["check", "E07.5"]
check("E07.5")

# %% tags=["hint", "E07.5"]
# hint("E07.5", 1)

# %% tags=["figure", "E07.5"]
taming.skip(skip_step, skip_jacobian, skip_product_norm)

# %% [markdown]
# Without the skip, the small kernel has lost everything after fifty steps, sixteen powers of ten. With the skip nothing is lost in the largest direction; on the contrary, it grows. D4.21 lists skip connections under "how to prevent explosion". What is
# measured here is another thing: they prevent *vanishing*, and they can make a network grow that was contracting before. The right panel shows why one number is not enough: some directions grow while others fade
# all the same. In practice the change is made small, $h_t = h_{t-1} + \alpha F_t$ with $\alpha$ well below 1, or a gate decides how much of it to let in, and that gate is the subject of the next notebook.
#
# In Keras the step is a cell of a few lines. The kit's `jacobian_product` differentiates it automatically.


# %% tags=["figure"]
class SkipCell(keras.layers.SimpleRNNCell):
    """A SimpleRNN step with a skip connection around it."""

    def call(self, inputs, states, training=False):
        change, _ = super().call(inputs, states, training=training)
        return states[0] + change, [states[0] + change]


from course_kit.gradients import jacobian_product

layer = keras.layers.RNN(SkipCell(4, dtype="float64"), dtype="float64")
layer.build((2, 50, 3))
x_long = 0.5 * rng.normal(size=(2, 50, 3))
mine = skip_product_norm(x_long, np.zeros((2, 4)), *layer.get_weights())
if np.shape(mine) == (2,):
    theirs = np.linalg.norm(jacobian_product(layer, x_long), 2, axis=(1, 2))
    print(f"50 steps, norms {np.round(theirs, 3)}: largest relative difference {np.abs(mine / theirs - 1).max():.1e}")

# %% [markdown]
# **To think about.** What must $F$ be for the network to forget something, if $h_t = h_{t-1} + F_t$?

# %% [markdown] tags=["solution", "E07.5"]
# **Answer.** It must be the exact opposite: to clear a unit that stands at $h$, $F$ must be $-h$, and $|F| < 1$ means that a state above 1 cannot even be cleared in one step. Remembering is free and forgetting must be learned, the mirror image of the plain network. An
# LSTM gets rid of the problem by multiplying the old state with a forget gate before it adds.

# %% [markdown] tags=["slide:D4.21"]
# ## The list
#
# ### E07.6 Five remedies
#
# D4.21, *Как предотвратить взрыв?* (How to prevent explosion). Here is the whole list, in our words:
#
# 1. a threshold that the gradient cannot break through,
# 2. train not on the whole sequence but in pieces,
# 3. initialise the weights with care,
# 4. make a skip connection,
# 5. invent a special architecture (D4.26 and after: the LSTM).
#
# The heading speaks of explosion only. The figure has a network that vanishes and one that explodes, and the same two with each remedy alone: a threshold of 10, pieces of 10 steps, an orthogonal kernel, a skip around each step, and an LSTM with $b_f = 4$ in place of the plain
# network. (Its recurrent kernel is 2.5 times as large as that of the plain one, so that its four blocks get their share.)

# %% tags=["figure"]
taming.evidence()

# %% [markdown]
# **Set** two answers.
#
# 1. `against`: five letters, one for each item in the slide's order. `e` it acts against exploding: in the right panel its line ends early, or has stopped rising at distance 100; `v` it acts against vanishing: in the left panel its line is still above $10^{-3}$ at distance 100; `b` both. For example `"vvvvv"`.
# 2. `shown_in`: a list of five ids, the exercise that shows each remedy at work, among `"E07.1"` (Clip), `"E07.3"` (In pieces, state carried), `"E07.4"` (Initialise with care), `"E07.5"` (Skip connection) and `"E09.5"` (Error carousel, in notebook 09).
#
# **Checked for:** both; no tricks.

# %% tags=["stub", "E07.6"]
against = None  # replace this line: five letters, each e, v or b

shown_in = None  # replace this line: a list of five ids

# %% tags=["solution", "E07.6"]
against = "eebvv"

shown_in = ["E07.1", "E07.3", "E07.4", "E07.5", "E09.5"]

# %% tags=["check", "E07.6"]
check("E07.6")

# %% tags=["hint", "E07.6"]
# hint("E07.6", 1)

# %% tags=["figure", "E07.6"]
taming.remedies(against)

# %% [markdown]
# Of the five, two only take away. A threshold and a cut keep a gradient from getting large, and a gradient that has vanished does not notice them; the cut even makes sure that it vanishes. A careful start works both ways, until training leaves it. The skip and
# the LSTM open a path that does not fade, and in the right panel both still rise: the detours through $h$ can grow. That is why LSTMs are trained with clipping, too, and why the slide's heading promises less than the slide holds: most of
# its items are about the other trouble. The figure shows one draw of weights, and the skip's line depends on it.
#
# **To think about.** Which two remedies would you combine first for a SimpleRNN whose log shows spikes, and which for one that forgets?

# %% [markdown] tags=["solution", "E07.6"]
# **Answer.** Spikes: clipping by global norm at about twice the usual norm, and an orthogonal start; both cost nothing. Forgetting: clipping does nothing for it, and shorter pieces make it worse. Change the path: a skip or an LSTM, with $b_f$ above 0, and then clipping
# against what the new path may let grow.

# %% [markdown]
# ## What you have now
#
# Three ways to clip and the knowledge of which one turns; a truncated gradient and its price; a sequence in pieces with nothing lost on the way forwards; a start at which lengths are kept; a skip that never forgets, and why that is too much of a good
# thing. Notebook 08 builds the architecture that chooses between keeping and forgetting at every step.

# %% tags=["figure"]
progress()
