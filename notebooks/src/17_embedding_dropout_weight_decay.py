# %% [markdown]
# # 17 Embedding, dropout, and penalties on weights
#
# After this notebook you can
#
# - write an embedding layer as a matrix product, and say which of its rows a text trains,
# - write dropout with its scale, for training and for inference, and its gradient,
# - say what a mask does that stays the same over time, and what one does that changes, in numbers,
# - write the two objectives of the slides with the $\lambda$ they leave out, and say why one makes weights zero and the other only small,
# - tell four sorts of dropout from what they leave of a text, among them the one of Keras 1 that no layer of Keras 3 has.
#
# Slides: D3.23-D3.26, and of the code on D2.17 and D2.18 the arguments called dropout. Time: about two hours. Before it: notebook 03 (a recurrent
# step). All exercises are NumPy; Keras comes in where your answer is put beside it.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import dropout as dropout_plots
from course_kit.plots import embedding as embedding_plots
from course_kit.plots import penalties, slider
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %% [markdown]
# ## More weights than words
#
# Why do three so different things share one notebook? Because of one number. The sentiment network of D2.17-D2.19 has an embedding of 5000 words with 32 numbers each, an LSTM (long
# short-term memory) with 100 units, and one output. Count them.

# %%
layers = {"Embedding(5000, 32)": 5000 * 32, "LSTM(100)": 4 * (100**2 + 32 * 100 + 100), "Dense(1)": 100 + 1}
for name, count in layers.items():
    print(f"{name:20s} {count:7d} {count / sum(layers.values()):6.1%}")
print(f"{'together':20s} {sum(layers.values()):7d}, for 25000 labelled reviews")

# %% [markdown]
# Three quarters of the weights stand in the first layer, the one that looks so harmless, and there are eight weights for each label. A network like that can learn its reviews by heart. Dropout and penalties
# are two ways to make this harder, and the embedding is where there is most to be hindered.
#
# In what follows your functions are put beside Keras, TensorFlow and scikit-learn. The next cell has the ruler for that.


# %%
def gap(theirs, function, *given):
    """Largest difference between function(*given) and theirs, as a text; or why there is none."""
    try:
        mine = function(*given)
        if mine is None:
            return "not answered yet"
        if np.shape(mine) != np.shape(theirs):
            return f"none, yours has the shape {np.shape(mine)}, theirs {np.shape(theirs)}"
        return f"{np.abs(mine - theirs).max():.0e}"
    except Exception as error:
        return f"none, {type(error).__name__}: {error}"


# %% [markdown] tags=["slide:D3.23", "slide:D2.17"]
# ## Words become rows
#
# ### E17.1 Embedding is a matrix product
#
# D3.23, *Embedding layer* (Embedding layer); D2.17, *Пример кода: Embedding(5000, 32, dropout=0.2)* (Code: embedding with dropout).
#
# D3.23 has a figure and no formula. Here is one. A word is a number $x$ from $0$ to $V-1$, and such a number has no meaning for arithmetic: word 7 is not
# seven times word 1. So it is first written as a vector of $V$ entries with a single 1, and then multiplied with a matrix that is learned:
#
# $$e_{nt} = \mathrm{onehot}(x_{nt})\, E,$$
#
# $x$ is $(N, T)$, the one-hot array is $(N, T, V)$, $E$ is $(V, d)$ and $e$ is $(N, T, d)$. In the lecturers' columns the same reads $e = E^\top\, \mathrm{onehot}(x)$. On D2.17 $V$ is `max_features` $= 5000$ and $d = 32$.
#
# Nobody multiplies like that. The product picks row $x$ of $E$, and a program may as well copy the row. But the product shows at once how the layer
# learns. With $g = \partial L/\partial e$, $(N, T, d)$,
#
# $$\frac{\partial L}{\partial E} = \sum_{n,t} \mathrm{onehot}(x_{nt})^\top g_{nt},$$
#
# which is $(V, d)$: each row collects what arrives at the places where its word stands.
#
# **Write**
#
# 1. `one_hot(ids, V)`: `ids` $(N, T)$; returns $(N, T, V)$.
# 2. `embed(ids, E)`: the product; returns $(N, T, d)$.
# 3. `embedding_gradient(ids, g, V)`: returns $(V, d)$.
# 4. `embedding_weights`: how many weights the layer of D2.17 has.
#
# **Checked for:** the one-hot array; the product, to the last bit equal to the look-up; the gradient, with a word that stands in three places and words that stand in none; the number.


# %% tags=["stub", "E17.1"]
def one_hot(ids, V):
    """A 1 at the place of each word: ids (N, T), integers from 0 to V - 1; returns (N, T, V)."""
    return None  # replace this line


def embed(ids, E):
    """The embedding as a product: ids (N, T), E (V, d); returns e (N, T, d)."""
    return None  # replace this line


def embedding_gradient(ids, g, V):
    """dL/dE (V, d) from g = dL/de: ids (N, T), g (N, T, d)."""
    return None  # replace this line


embedding_weights = None  # replace this line: a number


# %% tags=["solution", "E17.1"]
def one_hot(ids, V):
    """A 1 at the place of each word: ids (N, T), integers from 0 to V - 1; returns (N, T, V)."""
    return np.eye(V)[ids]


def embed(ids, E):
    """The embedding as a product: ids (N, T), E (V, d); returns e (N, T, d)."""
    return one_hot(ids, len(E)) @ E


def embedding_gradient(ids, g, V):
    """dL/dE (V, d) from g = dL/de: ids (N, T), g (N, T, d)."""
    return np.einsum("ntv,ntj->vj", one_hot(ids, V), g)


embedding_weights = 5000 * 32

# %% tags=["check", "E17.1"]
check("E17.1")

# %% tags=["hint", "E17.1"]
# hint("E17.1", 1)

# %% [markdown]
# The next cell puts your three functions beside `keras.layers.Embedding` and TensorFlow's gradient of the loss $\tfrac12 \sum e^2$, for which $g = e$.

# %% tags=["figure", "E17.1"]
import keras
import tensorflow as tf
from keras import ops

rng = np.random.default_rng(17)
V, d = 50, 4
ids = rng.integers(0, 12, (3, 8))  # 12 of the 50 words at most
keras.utils.set_random_seed(17)
layer = keras.layers.Embedding(V, d, dtype="float64")
layer.build(ids.shape)
E = ops.convert_to_numpy(layer.embeddings)
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(tf.square(layer(ids))) / 2
sparse = tape.gradient(loss, layer.trainable_variables[0])

e = E[ids]
print("values, largest difference to Keras:       ", gap(ops.convert_to_numpy(layer(ids)), embed, ids, E))
print(
    "gradient, largest difference to TensorFlow:",
    gap(tf.convert_to_tensor(sparse).numpy(), embedding_gradient, ids, e, V),
)
print(f"words in the batch: {len(np.unique(ids))} of {V}")
print(f"TensorFlow's gradient is of type {type(sparse).__name__}: {len(sparse.indices)} rows, each with its index")

# %% tags=["figure", "E17.1"]
embedding_plots.product(one_hot, embed)

# %% [markdown]
# Follow one row of the left array. Its single black square stands in the column of the word, and the row of $E$ with that number is what comes out on the right. "The" stands at two places and has the
# same vector at both. What the figure does not show is context: this layer gives a word one vector, in whatever sentence it stands.

# %% tags=["figure", "E17.1"]
embedding_plots.trained_rows(embedding_gradient)

# %% [markdown]
# A row that no word of the batch points to receives exactly nothing, and with plain gradient descent it stays where its initialisation put it. "The" gets the sum of four shares. TensorFlow knows this and keeps the
# gradient as a list of rows with their numbers. What the figure does not show is momentum: an optimizer that remembers former gradients, such as Adam, goes on moving a row after its last use.
#
# **To think about.** Suppose one entry of $E$, in the row of a word that does not occur in the text, has become NaN (not a number). What do the product and the look-up make of it?

# %% [markdown] tags=["solution", "E17.1"]
# **Answer.** The look-up never touches that row. In the product the entry is multiplied by 0, and $0 \cdot \mathrm{NaN}$ is NaN: one feature of every word of the text is gone. The two agree to the last bit for finite
# numbers only. Beside that they differ in cost: for D2.17 the product takes $5000 \cdot 32$ multiplications a word, the look-up none.

# %% [markdown] tags=["slide:D3.24"]
# ## Switching off
#
# ### E17.2 Dropout
#
# D3.24, *Regularyzacja dropout* (Dropout regularisation), shows a net before and after: in training each unit is left out with probability $p$, another set of units at each batch. No unit can then rely on one particular other one.
#
# The figure has no formula, and it leaves a question open. At inference all units are there. If a fifth of them was missing in training, the next layer now gets sums
# that are a quarter larger than those it was trained with. Keras pays in training: what stays is made larger,
#
# $$y = \frac{k \odot x}{1 - p}, \qquad k \sim \mathrm{Bernoulli}(1-p), \qquad \text{so that} \quad \mathbb E[y] = x,$$
#
# and at inference $y = x$. All of $x, k, y$ have one shape; $k$ is 1 where a value is kept. This is called *inverted* dropout; the paper of 2014 leaves training as it is and multiplies by $1-p$ at inference.
#
# **Write** `dropout(x, keep, p, training)` and `dropout_gradient(g, keep, p)`, which returns $\partial L/\partial x$ in training from $g = \partial L/\partial y$. The mask is given, so that there is no luck in it.
# **Checked for:** values; a kept 1 for $p = 0.2$; inference; the gradient.


# %% tags=["stub", "E17.2"]
def dropout(x, keep, p, training):
    """Inverted dropout: x and keep (1 stays, 0 goes) of one shape, p the rate; training True or False."""
    return None  # replace this line


def dropout_gradient(g, keep, p):
    """dL/dx in training from g = dL/dy; all of one shape."""
    return None  # replace this line


# %% tags=["solution", "E17.2"]
def dropout(x, keep, p, training):
    """Inverted dropout: x and keep (1 stays, 0 goes) of one shape, p the rate; training True or False."""
    return keep * x / (1 - p) if training else x


def dropout_gradient(g, keep, p):
    """dL/dx in training from g = dL/dy; all of one shape."""
    return keep * g / (1 - p)


# %% tags=["check", "E17.2"]
check("E17.2")

# %% tags=["hint", "E17.2"]
# hint("E17.2", 1)

# %% [markdown]
# Keras deals its own masks, but two layers with the same seed deal the same. One of them is fed with ones and so shows the mask; the other is fed with $x$.

# %% tags=["figure", "E17.2"]
x = np.random.default_rng(24).normal(size=(3, 10))
seen = ops.convert_to_numpy(keras.layers.Dropout(0.2, seed=24, dtype="float64")(np.ones_like(x), training=True))
theirs = keras.layers.Dropout(0.2, seed=24, dtype="float64")
print("values of a dropped array of ones:", np.unique(seen))
for training in (True, False):
    y = ops.convert_to_numpy(theirs(x, training=training))
    print(f"training={training}: largest difference to Keras", gap(y, dropout, x, np.sign(seen), 0.2, training))

# %% tags=["figure", "E17.2"]
dropout_plots.mean_and_spread(dropout)

# %% [markdown]
# Left, the mean over many masks stays at the input, whatever the rate. That is what the scale is for. Right, the price: the variance of a value 1 is $p/(1-p)$, so a rate of 0.5 brings as much noise as signal, and 0.8 four times as much in variance.
# What the figure does not show is that only the mean is kept. Behind a $\tanh$ or a $\sigma$ the mean of the outputs is not the output of the mean, so a network in training and the same network at inference differ even on average.
#
# **To think about.** A layer computes $y = k \odot x / (1-p)$ with $x = (2, 0, 3)$, and you see $y = (0, 0, 3.75)$. Which units were dropped, and what is $p$?

# %% [markdown] tags=["solution", "E17.2"]
# **Answer.** $3.75 = 3 / 0.8$, so $p = 0.2$. The first was dropped. Of the second nothing can be said: behind a ReLU (rectified linear unit) many values are 0 anyway, and a dropped zero looks like a kept one. That is why the cell above looked at Keras' mask through an array of ones.

# %% [markdown] tags=["slide:D2.18", "slide:D3.24"]
# ## Switching off in time
#
# ### E17.3 Dropout in time
#
# D2.18, *Пример кода: LSTM(100, dropout_W=0.2, dropout_U=0.2)* (Code: LSTM layer); D3.24, *Regularyzacja dropout* (Dropout regularisation).
#
# D2.18 drops at two places, in the text's own words the input signal and the recurrent signal. Keras 3 calls the arguments `dropout` and `recurrent_dropout`. For the Elman network of notebook 03,
#
# $$h_t = \tanh\Bigl(\frac{k_t \odot x_t}{1 - p_x}\, W + \frac{r_t \odot h_{t-1}}{1 - p_h}\, U + b\Bigr),$$
#
# with $k$ $(N, T, m)$, $r$ $(N, T, n)$, $W$ $(m, n)$, $U$ $(n, n)$, $b$ $(n,)$. Note what is dropped: what goes *into* $U$. The $h_t$ that leaves the layer is whole.
#
# The slide does not say whether $k_t$ is the same at every step. It can be: then a feature is missing for the whole sequence. Or the dice are thrown again at each step. Gal and Ghahramani (2015) argued for the first.
#
# **Write**
#
# 1. `masks_in_time(u, p, fresh)`: from uniform numbers `u` $(N, T, m)$ in $[0, 1)$, 1 where $u \ge p$, else 0. With `fresh=True` each step has its own mask; with `fresh=False` the first step's mask holds at all steps. Returns $(N, T, m)$.
# 2. `elman_with_dropout(x, h0, W, U, b, keep_x, p_x, keep_h, p_h)`: the network in training with given masks; returns all $h$, $(N, T, n)$.
# 3. `variance_of_last(x, W, U, b, keep_x, p)`: one sequence `x` $(T, m)$, and $S$ masks for its input, `keep_x` $(S, T, m)$. Run it $S$ times from $h_0 = 0$ without dropping any state, and return the variance of $h_T$ over the $S$ runs, $(n,)$, as the mean of squared deviations (divide by $S$).
# 4. `keras_rule`: what does `LSTM(100, dropout=0.2)` of Keras 3 deal for a batch? `"a"` one mask for the whole batch and all steps, `"b"` one mask for each sequence, the same at all steps, `"c"` one for each sequence and step,
#    `"d"` one for each sequence and each of the four gates, the same at all steps.
#
# **Checked for:** both sorts of masks; seven steps with given masks; the variance with both sorts; the letter.


# %% tags=["stub", "E17.3"]
def masks_in_time(u, p, fresh):
    """1 where u >= p, else 0; u (N, T, m). fresh: for each step anew; else that of step 0 for all. Returns (N, T, m)."""
    return None  # replace this line


def elman_with_dropout(x, h0, W, U, b, keep_x, p_x, keep_h, p_h):
    """All h (N, T, n) of an Elman network in training.

    x and keep_x (N, T, m), h0 (N, n), keep_h (N, T, n), W (m, n), U (n, n), b (n,), rates p_x and p_h.
    """
    return None  # replace this line


def variance_of_last(x, W, U, b, keep_x, p):
    """Variance (n,) of h_T over S runs of one sequence x (T, m) with the input masks keep_x (S, T, m)."""
    return None  # replace this line


keras_rule = None  # replace this line: a letter


# %% tags=["solution", "E17.3"]
def masks_in_time(u, p, fresh):
    """1 where u >= p, else 0; u (N, T, m). fresh: for each step anew; else that of step 0 for all. Returns (N, T, m)."""
    keep = (u >= p).astype(float)
    return keep if fresh else np.repeat(keep[:, :1], u.shape[1], axis=1)


def elman_with_dropout(x, h0, W, U, b, keep_x, p_x, keep_h, p_h):
    """All h (N, T, n) of an Elman network in training.

    x and keep_x (N, T, m), h0 (N, n), keep_h (N, T, n), W (m, n), U (n, n), b (n,), rates p_x and p_h.
    """
    h, hs = h0, []
    for t in range(x.shape[1]):
        seen, back = keep_x[:, t] * x[:, t] / (1 - p_x), keep_h[:, t] * h / (1 - p_h)
        h = np.tanh(seen @ W + back @ U + b)
        hs.append(h)
    return np.stack(hs, axis=1)


def variance_of_last(x, W, U, b, keep_x, p):
    """Variance (n,) of h_T over S runs of one sequence x (T, m) with the input masks keep_x (S, T, m)."""
    S, T, _ = keep_x.shape
    n = len(U)
    copies = np.repeat(x[None], S, axis=0)
    h = elman_with_dropout(copies, np.zeros((S, n)), W, U, b, keep_x, p, np.ones((S, T, n)), 0.0)
    return h[:, -1].var(axis=0)


keras_rule = "b"

# %% tags=["check", "E17.3"]
check("E17.3")

# %% tags=["hint", "E17.3"]
# hint("E17.3", 1)

# %% [markdown]
# How does one see a mask that Keras keeps to itself? Give a `SimpleRNN` the identity as input kernel, no recurrence and no $\tanh$, and feed it with ones: then its output *is* the mask, times 1.25. The next cell does that, and the same for the recurrent
# mask from a start of ones. Then a third layer with the same seed and ordinary weights runs on random numbers, beside your network with the masks that were seen.

# %% tags=["figure", "E17.3"]
rng = np.random.default_rng(18)
N, T, m = 3, 7, 6  # as many units as inputs, so that the identity fits
x, h0 = rng.normal(size=(N, T, m)), rng.normal(size=(N, m))
W, U, b = rng.normal(size=(m, m)), rng.normal(size=(m, m)), rng.normal(size=m)


def simple_rnn(weights, x, h0, activation):
    layer = keras.layers.SimpleRNN(
        m, activation, dropout=0.2, recurrent_dropout=0.2, return_sequences=True, seed=3, dtype="float64"
    )
    layer.build(x.shape)
    layer.set_weights(weights)
    return ops.convert_to_numpy(layer(x, initial_state=ops.convert_to_tensor(h0), training=True))


I, O, ones = np.eye(m), np.zeros((m, m)), np.ones((N, m))
seen_x = simple_rnn([I, O, 0 * b], np.ones_like(x), 0 * ones, "linear")
seen_h = simple_rnn([O, I, 0 * b], 0 * x, ones, "linear")
keep_x, keep_h = np.sign(seen_x), np.sign(seen_h)
given = (x, h0, W, U, b, keep_x, 0.2, keep_h, 0.2)
theirs = simple_rnn([W, U, b], x, h0, "tanh")
print("seven steps in training, largest difference to Keras:", gap(theirs, elman_with_dropout, *given))
print("a unit that is kept, recurrent, in a linear layer that only carries its state 1 along:")
print("  ", np.round(seen_h[0, :, keep_h[0, 0].argmax()], 4))

# %% tags=["figure", "E17.3"]
dropout_plots.masks(masks_in_time, keep_x)

# %% [markdown]
# The picture on the right was read out of Keras. It has vertical stripes, as the one in the middle, and each sequence has other stripes. For a word embedding this means that some of its numbers are missing in all words of a review, and
# that the next review misses others. A `Dropout` layer in front of the LSTM would give the left picture, and `Dropout(0.2, noise_shape=(None, 1, 32))` the middle one.
#
# Look at the printed row as well. A mask that stays the same multiplies by $1/(1-p)$ at every step. In that linear layer the value 1 is $1.25^7 = 4.77$ after seven steps, and would be $5.7 \cdot 10^7$ after the eighty words of a review. The mean over the masks was to stay what it was; for a
# product of $T$ equal factors it does not, it is $0.8 \cdot 1.25^T$. The $\tanh$ hides it, and in the LSTM the state $c$ never passes through the recurrent mask, only $h$ does. But during training $U$ acts as a matrix a quarter larger on the units that are left.

# %% tags=["figure", "E17.3"]
slider(
    lambda p: dropout_plots.variance(masks_in_time, variance_of_last, p),
    dropout_plots.variance_still(masks_in_time, variance_of_last),
    p=(0.1, 0.8, 0.1, 0.2),
)

# %% [markdown]
# The network is a plain sum of its inputs here ($W$ is so small that the $\tanh$ does not matter, $U = 1$, all inputs 1; the variance is divided by $W^2$). With a new mask at each step the errors partly cancel and the variance grows as $T\,p/(1-p)$. With one mask all steps err in the same direction and it grows as $T^2\,p/(1-p)$. The circles are these formulas; the lines
# come from 4000 runs of your functions, so they miss the circles by a few per cent. What the figure does not show is which is better. The one mask is a harder exercise for the network: it cannot get a missing feature from the next step.
#
# **To think about.** With a recurrent mask that is dealt anew at each step, what is the probability that a value in one linear unit survives $T = 80$ steps with $p = 0.2$? And with one mask for all steps?

# %% [markdown] tags=["solution", "E17.3"]
# **Answer.** $0.8^{80} = 1.8 \cdot 10^{-8}$ and $0.8$. Dealt anew at each step, recurrent dropout erases a memory that lives in a single unit almost surely; with one mask for all steps, a kept unit is kept to the end. This is a practical reason for the rule.

# %% [markdown] tags=["slide:D3.25", "slide:D3.26"]
# ## A price on weights
#
# ### E17.4 The objective
#
# D3.25, *Regularyzacja wag: L2* (Weight regularisation: L2); D3.26, *Regularyzacja wag: L1* (Weight regularisation: L1).
#
# The slides give two objectives, each the cross-entropy with a sum over the weights added. Both lack a factor, without which one cannot say how much a weight may cost. With it they read
#
# $$J_{L2} = \mathrm{CE} + \lambda \sum_{w \in W} w^2, \qquad J_{L1} = \mathrm{CE} + \lambda \sum_{w \in W} |w|,$$
#
# and $\lambda = 1$ is the slide. The $W$ of the slides is the set of all weights, not one matrix. What follows for gradient descent is worth more than the sums themselves:
#
# $$\frac{\partial}{\partial w}\, \lambda w^2 = 2 \lambda w, \qquad \frac{\partial}{\partial w}\, \lambda |w| = \lambda\, \mathrm{sign}(w).$$
#
# L2 pulls a weight towards 0 the harder the larger it is; L1 pulls all of them equally hard. At $w = 0$ the second has no derivative, and any number from $-\lambda$ to $\lambda$ may stand for it; NumPy's and TensorFlow's sign is 0 there.
#
# Biases are left out, by custom: a bias fits no noise in the inputs, it only shifts. In Keras each array has an argument of its own, `kernel_regularizer`, `recurrent_regularizer`, `bias_regularizer`, and who sets the first gets the first only.
#
# The next cell has the cross-entropy: $y$ $(P,)$ are labels 0 or 1, $q$ $(P,)$ the network's probabilities of 1.


# %%
def cross_entropy(y, q):
    """Mean over the examples of -log of the probability that was given to what came."""
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))


print(f"{cross_entropy(np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 0.5])):.4f}")

# %% [markdown]
# **Write** `objective(y, q, weights, lam, kind)` with `kind` `"l2"` or `"l1"` and `weights` a dict of arrays, `{"kernel": ..., "recurrent_kernel": ..., "bias": ...}`, of which `"bias"` is not counted; and
# `penalty_gradient(weights, lam, kind)`, which returns a dict with the same names and, for each array, the gradient of the penalty alone, zeros for the bias. Then `keras_lambda`: the $\lambda$ that Keras takes for `kernel_regularizer="l2"`, where none is given.
# **Checked for:** values of both kinds; $\lambda = 1$ with the weights 1 and $-2$, as the slides have it; gradients, with a weight that is 0; the number.


# %% tags=["stub", "E17.4"]
def objective(y, q, weights, lam, kind):
    """Cross-entropy and penalty: y and q (P,), weights a dict of arrays, kind "l2" or "l1"; returns a number."""
    return None  # replace this line


def penalty_gradient(weights, lam, kind):
    """Gradient of the penalty: a dict of arrays shaped as the weights."""
    return None  # replace this line


keras_lambda = None  # replace this line: a number


# %% tags=["solution", "E17.4"]
def objective(y, q, weights, lam, kind):
    """Cross-entropy and penalty: y and q (P,), weights a dict of arrays, kind "l2" or "l1"; returns a number."""
    cost = np.square if kind == "l2" else np.abs
    return cross_entropy(y, q) + lam * sum(cost(w).sum() for name, w in weights.items() if name != "bias")


def penalty_gradient(weights, lam, kind):
    """Gradient of the penalty: a dict of arrays shaped as the weights."""
    slopes = {name: 2 * w if kind == "l2" else np.sign(w) for name, w in weights.items()}
    return {name: 0 * slope if name == "bias" else lam * slope for name, slope in slopes.items()}


keras_lambda = 0.01

# %% tags=["check", "E17.4"]
check("E17.4")

# %% tags=["hint", "E17.4"]
# hint("E17.4", 1)

# %% [markdown]
# Beside Keras: a `SimpleRNN` whose kernels have a regularizer adds its penalties to the loss by itself. What it adds is in `layer.losses`. (Keras holds $\lambda$ in single precision, so the agreement ends at the eighth digit.)

# %% tags=["figure", "E17.4"]
y, q = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 0.5])
for kind in ("l2", "l1"):
    layer = keras.layers.SimpleRNN(3, kernel_regularizer=kind, recurrent_regularizer=kind, dtype="float64")
    layer.build((2, 7, 4))
    weights = {"kernel": layer.weights[0], "recurrent_kernel": layer.weights[1], "bias": layer.weights[2]}
    weights = {name: ops.convert_to_numpy(w) for name, w in weights.items()}
    theirs = float(sum(layer.losses))
    print(f"{kind}: Keras' penalty {theirs:.6f}; largest difference of the objectives:", end=" ")
    print(
        gap(cross_entropy(y, q) + theirs, objective, y, q, weights, keras_lambda, kind)
        if keras_lambda
        else "not answered yet"
    )
alone = keras.layers.SimpleRNN(3, kernel_regularizer="l2")
alone.build((2, 7, 4))
print(f"with kernel_regularizer alone, {len(alone.losses)} of the 2 kernels is penalised")

# %% tags=["figure", "E17.4"]
penalties.one_weight(objective)

# %% [markdown]
# One weight, eight examples, six of which it can get right. Without a penalty the cross-entropy alone decides, and the weight goes where the curve has its lowest point, marked by a dot. Both penalties pull the dot to the left. The difference is at 0: the curves of L2 are round there, so their minimum
# moves towards 0 and never arrives. Those of L1 have a kink, and a kink can be the minimum. What the figure does not show is more than one weight; in a network each minimum shifts when another weight moves.
#
# The word "weight decay" in this notebook's file name means a third thing, which is often taken for L2. It multiplies all weights by a number a little below 1 at each step, after the gradient has been taken. For plain gradient descent with step size $\eta$ it is the same, since
# $w - \eta\,(g + 2\lambda w) = (1 - 2\eta\lambda)\,w - \eta g$. For Adam it is not, since Adam divides the gradient by its own size, and the penalty's share with it.

# %% tags=["figure", "E17.4"]
start, slope, lam, rate = np.array([3.0, 0.3]), np.array([0.5, -0.02]), 0.01, 0.1


def ten_steps(optimizer, l2):
    w = keras.Variable(start, dtype="float64")
    for _ in range(10):
        optimizer.apply([ops.convert_to_tensor(slope) + 2 * l2 * w], [w])
    return ops.convert_to_numpy(w)


print("ten steps with a constant gradient       w = 3       w = 0.3")
for name, kind in (("SGD", keras.optimizers.SGD), ("Adam", keras.optimizers.Adam)):
    for how, decay, l2 in (("nothing", None, 0.0), ("L2 penalty", None, lam), ("weight decay", 2 * lam, 0.0)):
        w = ten_steps(kind(rate, weight_decay=decay), l2)
        print(f"  {name:5s} {how:26s} {w[0]:12.6f} {w[1]:12.6f}")

# %% [markdown]
# With SGD (stochastic gradient descent) the last two lines of its block agree. With Adam they do not, and look which weight is pulled harder. The decay takes the same share of both, 0.2 % at each step. The penalty does
# next to nothing to the weight 3, whose gradient of 0.5 drowns it, and takes 0.15 off the other, whose gradient is small. So under Adam an L2 penalty judges a weight by the gradients around it and not by its size. That is why `AdamW` exists, and why a paper's "weight decay" has to be read twice.
#
# **To think about.** Two layers in a row, $h = \mathrm{relu}(x W_1)$ and $y = h W_2$. Multiply $W_1$ by 10 and divide $W_2$ by 10. What happens to $y$, to the L2 penalty, and to a bias in the first layer?

# %% [markdown] tags=["solution", "E17.4"]
# **Answer.** $y$ stays as it is, while the penalty becomes another one: $100\,\|W_1\|^2 + \|W_2\|^2/100$ in place of $\|W_1\|^2 + \|W_2\|^2$. So a penalty does not judge the function alone, but how it is written down, and among all ways of writing it L2 prefers the one where the two
# layers have the same norm. A bias of the first layer has to be multiplied by 10 too, and as it is not counted, it may be.

# %% [markdown] tags=["slide:D3.25", "slide:D3.26"]
# ### E17.5 Zeros or small numbers
#
# D3.25, *Regularyzacja wag: L2* (Weight regularisation: L2); D3.26, *Regularyzacja wag: L1* (Weight regularisation: L1).
#
# How far does a penalty pull a weight? For a network this has no formula. For a linear regression with orthonormal features it has, and all that is seen there is seen in networks as well. Let $X$ be $(P, k)$ with $X^\top X = I$, $y$ $(P,)$, and
#
# $$J = \tfrac12\, \|y - X w\|^2 + \lambda \sum_j w_j^2 \qquad\text{or}\qquad J = \tfrac12\, \|y - X w\|^2 + \lambda \sum_j |w_j|.$$
#
# Write $a = X^\top y$, $(k,)$: the weights without a penalty. Since $\|y - Xw\|^2 = \|a - w\|^2 + \text{const}$, each weight is found alone, from $\tfrac12 (a_j - w_j)^2$ and its own price. Find the minimum of both yourself: set the derivative to zero. For L1 do it for $w > 0$ first, and ask what
# happens when the solution is not positive.
#
# **Write** `shrink_l2(a, lam)` and `shrink_l1(a, lam)`, entry by entry; `fit(X, y, lam, kind)`, the weights $(k,)$ of the regression; and `empties_at(X, y)`, the smallest $\lambda$ at which L1 has made all weights 0.
# **Checked for:** values on both sides of the threshold, and exact zeros; a regression of each kind; that $\lambda$.


# %% tags=["stub", "E17.5"]
def shrink_l2(a, lam):
    """The minimum of (a - w)^2 / 2 + lam w^2, entry by entry."""
    return None  # replace this line


def shrink_l1(a, lam):
    """The minimum of (a - w)^2 / 2 + lam |w|, entry by entry."""
    return None  # replace this line


def fit(X, y, lam, kind):
    """Weights (k,) of the regression with orthonormal features X (P, k), y (P,), kind "l2" or "l1"."""
    return None  # replace this line


def empties_at(X, y):
    """The smallest lam at which all weights of the L1 regression are 0; a number."""
    return None  # replace this line


# %% tags=["solution", "E17.5"]
def shrink_l2(a, lam):
    """The minimum of (a - w)^2 / 2 + lam w^2, entry by entry."""
    return a / (1 + 2 * lam)


def shrink_l1(a, lam):
    """The minimum of (a - w)^2 / 2 + lam |w|, entry by entry."""
    return np.sign(a) * np.maximum(np.abs(a) - lam, 0)


def fit(X, y, lam, kind):
    """Weights (k,) of the regression with orthonormal features X (P, k), y (P,), kind "l2" or "l1"."""
    return shrink_l2(X.T @ y, lam) if kind == "l2" else shrink_l1(X.T @ y, lam)


def empties_at(X, y):
    """The smallest lam at which all weights of the L1 regression are 0; a number."""
    return np.abs(X.T @ y).max()


# %% tags=["check", "E17.5"]
check("E17.5")

# %% tags=["hint", "E17.5"]
# hint("E17.5", 1)

# %% [markdown]
# scikit-learn finds both by iteration, for any features. Its objectives have other factors: `Lasso(alpha)` minimises $\frac{1}{2P}\|\cdot\|^2 + \alpha\sum|w|$, so $\alpha = \lambda/P$, and `Ridge(alpha)` minimises $\|\cdot\|^2 + \alpha \sum w^2$, so $\alpha = 2\lambda$. A $\lambda$ without its objective means nothing.

# %% tags=["figure", "E17.5"]
from sklearn.linear_model import Lasso, Ridge

rng = np.random.default_rng(25)
X = np.linalg.qr(rng.normal(size=(40, 6)))[0]
y = X @ np.array([3.0, -2.0, 1.0, 0.4, -0.2, 0.05]) + rng.normal(scale=0.1, size=40)
lam = 0.5
for kind, model in (("l1", Lasso(lam / 40, fit_intercept=False)), ("l2", Ridge(2 * lam, fit_intercept=False))):
    theirs = model.fit(X, y).coef_
    print(f"{kind}, scikit-learn {np.round(theirs, 3)}, largest difference:", gap(theirs, fit, X, y, lam, kind))

# %% tags=["figure", "E17.5"]
slider(
    lambda lam: penalties.shrinkage(shrink_l2, shrink_l1, lam),
    penalties.shrinkage_still(shrink_l2, shrink_l1),
    lam=(0.0, 2.0, 0.1, 0.5),
)

# %% [markdown]
# The grey diagonal is "no penalty". L2 turns the line about the origin: every weight loses the same *share*, and only 0 becomes 0. L1 shifts the two arms towards the axis: every weight loses the same *amount*, and what has less than that becomes 0 and is out. Move $\lambda$, or compare the panels: with L1 the flat
# piece grows, with L2 there is none.

# %% tags=["figure", "E17.5"]
penalties.paths(fit, empties_at)

# %% [markdown]
# The same for six weights at once, against $\lambda$. Left, all curves approach the axis and none touches it; right, one weight after another lands on it, the smallest first, and at the dashed line the last. What the figure does not show is correlated features: there L1 often keeps one of a group and drops its twins, which one
# depending on little things.
#
# **To think about.** Gradient descent on the L1 objective with step size $\eta$ starts at a weight of 0.35 whose $a$ is 0.1, with $\lambda = 0.5$. Does it reach exactly 0?

# %% [markdown] tags=["solution", "E17.5"]
# **Answer.** As a rule, no. The slope is $w - a + \lambda\,\mathrm{sign}(w)$, that is about $+0.4$ to the right of 0 and $-0.6$ to its left: the weight jumps over 0, is driven back, jumps again, and stays within $0.6\,\eta$ of it. In a Keras network trained with `l1` most "zeros" are therefore small
# numbers, of the size of the step. Who wants exact ones applies the soft threshold after each step, with $\eta\lambda$ for $\lambda$; this is called proximal gradient descent.

# %% [markdown] tags=["slide:D2.17"]
# ## Whole words
#
# ### E17.6 Dropping words
#
# D2.17, *Пример кода: Embedding(5000, 32, dropout=0.2)* (Code: embedding with dropout).
#
# The comment beside this line says that the input signal is switched off with probability 20 %. The argument no longer exists, so one has to ask what it did. In the source of Keras 1 the layer deals one number, 0 or 1, for each *row* of $E$, multiplies the rows, and then looks the words up:
#
# $$e_{nt} = \frac{k_{w}}{1 - p}\, E_{w}, \qquad w = x_{nt}, \quad k \ \text{of shape}\ (V,), \quad k_w \sim \mathrm{Bernoulli}(1 - p).$$
#
# The dice are thrown once a batch, for the vocabulary. If "not" is dropped, it is gone from every review of the batch and from every place in it, and the network must do without that word. This is another exercise than to do without a fifth of the numbers of each word. Gal and Ghahramani had proposed it for
# the same reason as the mask that stays in time: one random choice for one weight, here one row of $E$.
#
# **Write**
#
# 1. `drop_words(ids, E, keep, p, training)`: `ids` $(N, T)$, `E` $(V, d)$, `keep` $(V,)$ with 1 for a word that stays; returns $(N, T, d)$.
# 2. `drops_words(ids, out)`: a test. Given the `ids` and what came out of an embedding in training, `out` $(N, T, d)$, is it *consistent* with whole words dropped? Return True if every vector is either all zeros or has no zero, and all places of a word in the batch share one fate; else False. (No entry of $E$ is 0.)
# 3. `in_keras3`: which line of Keras 3 after a plain `Embedding` does what D2.17 did? `"a"` `Dropout(0.2)`, `"b"` `SpatialDropout1D(0.2)`, `"c"` `Dropout(0.2, noise_shape=(None, None, 1))`, `"d"` none of them.
#
# **Checked for:** training and inference; the test, on six sorts of outputs and on a batch in which only one sequence breaks the rule; the letter.


# %% tags=["stub", "E17.6"]
def drop_words(ids, E, keep, p, training):
    """Embedding with dropped rows: ids (N, T), E (V, d), keep (V,), rate p; returns (N, T, d)."""
    return None  # replace this line


def drops_words(ids, out):
    """Whether out (N, T, d) is what dropping whole words leaves of the ids (N, T): True or False."""
    return None  # replace this line


in_keras3 = None  # replace this line: a letter


# %% tags=["solution", "E17.6"]
def drop_words(ids, E, keep, p, training):
    """Embedding with dropped rows: ids (N, T), E (V, d), keep (V,), rate p; returns (N, T, d)."""
    rows = E * keep[:, None] / (1 - p) if training else E
    return rows[ids]


def drops_words(ids, out):
    """Whether out (N, T, d) is what dropping whole words leaves of the ids (N, T): True or False."""
    gone = (out == 0).all(axis=2)
    if (gone != (out == 0).any(axis=2)).any():
        return False
    return all(len(set(gone[ids == word].tolist())) == 1 for word in np.unique(ids))


in_keras3 = "d"

# %% tags=["check", "E17.6"]
check("E17.6")

# %% tags=["hint", "E17.6"]
# hint("E17.6", 1)

# %% [markdown]
# Now the suspects of the third question, on three short reviews. And since Keras 3 has no such layer, here is one in a dozen lines: a `Dropout` over the rows of the matrix, before the look-up.

# %% tags=["figure", "E17.6"]
TEXTS = ["the film is not good at all the", "not the best film but good fun is", "the plot is thin the cast is good"]
words = sorted({w for text in TEXTS for w in text.split()})
ids = np.array([[words.index(w) for w in text.split()] for text in TEXTS])
V, d = len(words), 16


class WordDropoutEmbedding(keras.layers.Embedding):
    """Drops whole words in training, as the dropout argument of Keras 1 did."""

    def __init__(self, input_dim, output_dim, rate, seed=None, **kwargs):
        super().__init__(input_dim, output_dim, **kwargs)
        self.rows = keras.layers.Dropout(rate, noise_shape=(input_dim, 1), seed=seed)

    def call(self, inputs, training=False):
        return ops.take(self.rows(self.embeddings, training=training), inputs, axis=0)


plain = keras.layers.Embedding(V, d)
suspects = {
    "a: Dropout(0.2)": lambda: keras.layers.Dropout(0.2, seed=6)(plain(ids), training=True),
    "b: SpatialDropout1D(0.2)": lambda: keras.layers.SpatialDropout1D(0.2, seed=3)(plain(ids), training=True),
    "c: noise_shape=(None, None, 1)": lambda: keras.layers.Dropout(0.2, noise_shape=(None, None, 1), seed=5)(
        plain(ids), training=True
    ),
    "WordDropoutEmbedding": lambda: WordDropoutEmbedding(V, d, 0.2, seed=1)(ids, training=True),
}
found = {name: ops.convert_to_numpy(run()) for name, run in suspects.items()}


def verdict(ids, out):
    try:
        answer = drops_words(ids, out)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "not answered yet" if answer is None else answer


for name, out in found.items():
    print(f"{name:32s} your drops_words says:", verdict(ids, out))

# %% tags=["figure", "E17.6"]
embedding_plots.dropped(drop_words, TEXTS, ids, found)

# %% [markdown]
# Each square is a word with its place in the text; the darker, the more of its numbers are gone. The first panel is your function with the words "film", "not" and "the" dropped. Read it along a word, not along a line: "the" is gone from all three reviews. In the second nearly all words are a little grey: each has lost some of its 16 numbers. In the third all words of a review are equally grey, since they have lost the
# same numbers; that each review has lost others, the grey cannot say. In the fourth whole words are gone, but look for one that is gone in one place and there in another. What the figure does not show either is the scale: what is left has been made larger by 1.25 in all of them.
#
# **To think about.** In D2.17 the reviews are padded to 80 words with the number 0. What does Keras 1's dropout do to the padding, and what is different about a rare word that occurs once in the batch?

# %% [markdown] tags=["solution", "E17.6"]
# **Answer.** Row 0 is a row like any other: in one batch of five it is set to zero for all padded places, in the others it is there and larger by a quarter. So the padding is not silent, it has a learned vector that flickers. For a word that occurs once, dropping the word and dropping its place are the same; the sorts c and D2.17 differ in frequent words only. But those
# are the words a network leans on.

# %% [markdown]
# ## Where this goes
#
# Notebook 21 translates the whole program of D2.15-D2.19 to Keras 3 and measures it by F1. You now know what two of its arguments have to become: `dropout_W` and `dropout_U` are `dropout` and `recurrent_dropout`, with one mask for all four gates where Keras 1 dealt four, and `Embedding(dropout=0.2)` is a layer of one's own.

# %% tags=["figure"]
progress()
