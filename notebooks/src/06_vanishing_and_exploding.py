# %% [markdown]
# # 06 Vanishing and exploding gradients
#
# Notebook 05 ended with a sum over paths: the gradient at step $t$ sends one contribution back to every earlier step $k$, and
# each step on the way multiplies it by one more matrix. A product of a hundred factors is hardly ever of moderate size. This
# notebook is about that product, and after it you can
#
# - recompute the lecture's table for 128 steps, find its misprint, and say what happens to it in 32-bit numbers,
# - write the Jacobian of a step and of many steps, and test it against a nudge,
# - say what a norm above or below 1 decides, and what it does not,
# - measure how much the last state owes to each input, for any Keras layer,
# - read a training log and name the step at which the gradient exploded,
# - turn "short memory" into a number of steps.
#
# *Slides:* D1.12 to D1.14, D3.13, D4.19, D4.20, D4.27, D5.6. *Time:* about two hours. *Needed before:* notebook 05.
# NumPy is enough except in E06.2, E06.5 and the two trainings. Cures are the subject of notebook 07.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import gradient_in_time, vanishing
from course_kit.quiet import quiet_tensorflow

# %% [markdown] tags=["slide:D5.6"]
# ## A nudge, and what is left of it
#
# D5.6, *Обучение рекуррентной сети* (Training a recurrent network), says in three lines how it is done and what goes wrong: unroll the
# network in time, backpropagate, and meet the problem of the vanishing gradient. The problem needs no training to be seen. Take
# one unit without input, $h_t = \tanh(w\,h_{t-1})$, start it twice, from $h_0$ and from $h_0 + 10^{-6}$, and watch how far apart
# the two runs are. The distance, divided by $10^{-6}$, is the derivative $\partial h_t/\partial h_0$ (up to the error of the
# difference).

# %%
nudge, runs = 1e-6, {w: np.array([0.5, 0.5 + 1e-6]) for w in (0.9, 1.5)}
print("  t   w = 0.9    w = 1.5")
for t in range(1, 33):
    runs = {w: np.tanh(w * pair) for w, pair in runs.items()}
    if t in (1, 2, 4, 8, 16, 32):
        left = [np.diff(pair).item() / nudge for pair in runs.values()]
        print(f"{t:3d} {left[0]:9.4f} {left[1]:10.2e}")

# %% [markdown]
# With $w = 0.9$ one part in 65 is left after 32 steps. That was to be expected: nothing holds a state that every step multiplies by
# less than 1. The surprise is $w = 1.5$, a weight above 1, where the nudge is gone much sooner; after 32 steps the two runs agree
# to the last digit. Keep this column in mind. The slides' table has another answer for $w = 1.5$, and by the end of E06.4 you
# will know why both are right.
#
# Letters, as in notebook 05: $x_t$ $(N, m)$, $h_t$ $(N, n)$, one row for each sequence; $W$ $(m, n)$ is the input kernel and $U$
# $(n, n)$ the recurrent kernel,
#
# $$h_t = \tanh(x_t\,W + h_{t-1}\,U + b_h).$$
#
# Both lecturers call the recurrent kernel $W$ and multiply columns from the left; their $\mathbf W$ is our $U^{\mathsf T}$. Steps are
# counted from 1 here, and $h_0$ is the start, so that from $h_0$ to $h_T$ there are $T$ steps. For a single unit the slides write a
# small $w$, and so do we.

# %% [markdown] tags=["slide:D1.13"]
# ## A table of four numbers
#
# ### E06.1 The K=128 table
#
# D1.13, *Рекуррентные сети V (4/4): таблица K=128* (Recurrent networks V, build 4: the numbers for $K = 128$).
#
# The lecture makes its point with the smallest case there is: one *linear* unit, $h_t = w\,h_{t-1}$, over 128 steps. Each step
# multiplies a change by $w$, so
#
# $$G = \frac{\partial h_K}{\partial h_0} = w^K, \qquad K = 128,$$
#
# and the slide prints four values:
#
# | $w$ | 0.5 | 0.9 | 1.1 | 1.5 |
# | --- | --- | --- | --- | --- |
# | $G$ as printed | $2.94\cdot 10^{-39}$ | $1.39\cdot 10^{-6}$ | $1.99\cdot 10^{5}$ | $3.47\cdot 10^{22}$ |
#
# Between $w = 0.9$ and $w = 1.1$, which look like neighbours, lie eleven powers of ten. One of the printed digits is off.
#
# **Write** `power_table(w, K)` for an array of weights `w` $(k,)$ and a whole number `K`; it returns $G$ $(k,)$. **And set** `misprint` to a
# pair `(w, right)`: the weight whose value is misprinted and the value that the slide should have, with three digits as the slide
# has them, for example `(0.3, 1.18e-67)`. **Checked for:** the four values, each to $10^{-12}$ of itself; other weights and $K$, negative
# weights among them; the pair.


# %% tags=["stub", "E06.1"]
def power_table(w, K):
    """dh_K/dh_0 of a linear unit for each of the weights w (k,), K steps; returns (k,)."""
    return None  # replace this line


misprint = None  # replace this line: (w, right value with three digits)


# %% tags=["solution", "E06.1"]
def power_table(w, K):
    """dh_K/dh_0 of a linear unit for each of the weights w (k,), K steps; returns (k,)."""
    return w**K


misprint = (1.5, 3.46e22)

# %% tags=["check", "E06.1"]
check("E06.1")

# %% tags=["hint", "E06.1"]
# hint("E06.1", 1)

# %% tags=["figure", "E06.1"]
vanishing.movable_table(power_table)

# %% [markdown]
# On a logarithmic axis a power is a straight line, and its slope is $\log w$. All lines start at 1; there is no region in which
# they behave and then turn bad. Where the notebook runs live, a slider moves $w$, and 0.9 and 1.1 stay for comparison: it takes a $w$
# within 1 % of 1 to stay within a factor of four over 128 steps. The figure does not show a network. A real one has $\tanh$,
# inputs, and a matrix in place of $w$; each changes the picture, and they come one by one.
#
# **To think about.** How exactly must $w$ be known for $G$ to have three right digits at $K = 128$? Put $w(1 + \varepsilon)$ for $w$.

# %% [markdown] tags=["solution", "E06.1"]
# **Answer.** $(1+\varepsilon)^{128} \approx 1 + 128\,\varepsilon$: the relative error grows 128-fold. Three right digits of $G$, an error below
# $5\cdot 10^{-4}$, need $\varepsilon < 4\cdot 10^{-6}$, that is six right digits of $w$. You will meet this factor again in a moment: rounding
# 0.9 to a 32-bit number moves it by $2.6\cdot 10^{-8}$ of itself and $G$ by $3.4\cdot 10^{-6}$. It also is the explosion seen from
# the weights' side: a slope of $K w^{K-1}$ in $w$. The slide's slip is not of this kind. $1.5^{128} = 3.4648\cdot 10^{22}$ rounds to 3.46.

# %% [markdown] tags=["slide:D1.13"]
# ### E06.2 The same table in float32
#
# D1.13, *Рекуррентные сети V (4/4): таблица K=128* (Recurrent networks V, build 4: the numbers for $K = 128$), once more, now with what
# frameworks compute in.
#
# Keras works with 32-bit numbers unless told otherwise. Those have two floors. The smallest number with all its 24 binary digits,
# the smallest *normal* one, is $2^{-126} \approx 1.18\cdot10^{-38}$. Below it come the *subnormal* numbers, which lose one digit after another
# down to $2^{-149} \approx 1.4\cdot 10^{-45}$. Subnormal arithmetic is slow on many processors, so some libraries switch the hardware to treat
# every subnormal number as 0; it is said to be **flushed**. The slide's smallest value, $0.5^{128} = 2^{-128}$, lies just between the two
# floors. What is it, then, a small number or none?
#
# **Write** two functions and one pair.
#
# 1. `keras_gradient(w, K, dtype)`: $\partial h_K/\partial h_0$ of a `keras.layers.SimpleRNN` with one unit, no activation, recurrent kernel $w$ and zero
#    input of shape $(1, K, 1)$, by TensorFlow's `GradientTape`. `dtype` is `"float32"` or `"float64"`, for the layer and all that goes in.
#    Import Keras and TensorFlow inside the function. Return a number.
# 2. `numpy_gradient(w, K)`: the same product of $K$ factors in NumPy, all of it in `np.float32`. Return an `np.float32`.
# 3. `first_zero`: two whole numbers, the smallest $K$ at which $0.5^K$ is *exactly* 0 in 32-bit numbers, (in TensorFlow on a CPU, in NumPy).
#    Your two functions can find them.
#
# **Checked for:** float64, to $10^{-9}$ of each value, so that $w$ must not be rounded on its way in; float32, to $10^{-5}$; $w = 0.5$ in
# float32, exactly as this machine has it; NumPy; the pair.


# %% tags=["stub", "E06.2"]
def keras_gradient(w, K, dtype):
    """dh_K/dh_0 of a linear keras.layers.SimpleRNN with one unit and recurrent kernel w; returns a number.

    w: a number; K: number of steps; dtype: "float32" or "float64"
    """
    return None  # replace this line


def numpy_gradient(w, K):
    """The product of K factors w, computed in np.float32; returns an np.float32."""
    return None  # replace this line


first_zero = None  # replace this line: (in TensorFlow, in NumPy)


# %% tags=["solution", "E06.2"]
def keras_gradient(w, K, dtype):
    """dh_K/dh_0 of a linear keras.layers.SimpleRNN with one unit and recurrent kernel w; returns a number.

    w: a number; K: number of steps; dtype: "float32" or "float64"
    """
    import keras
    import tensorflow as tf

    layer = keras.layers.SimpleRNN(1, activation=None, use_bias=False, dtype=dtype)
    layer.build((1, K, 1))
    layer.set_weights([np.ones((1, 1)), np.full((1, 1), w)])
    x, h0 = tf.zeros((1, K, 1), dtype), tf.ones((1, 1), dtype)
    with tf.GradientTape() as tape:
        tape.watch(h0)
        h = layer(x, initial_state=h0)
    return tape.gradient(h, h0).numpy().item()


def numpy_gradient(w, K):
    """The product of K factors w, computed in np.float32; returns an np.float32."""
    g = np.float32(1.0)
    for _ in range(K):
        g = g * np.float32(w)
    return g


first_zero = (127, 150)

# %% [markdown]
# The table below is made by your functions. (The first use of TensorFlow takes some seconds.)

# %% tags=["figure"]
quiet_tensorflow()
if numpy_gradient(0.5, 1) is not None and keras_gradient(0.5, 1, "float32") is not None:
    print("  w   exact           Keras float64   Keras float32   NumPy float32")
    for w in (0.5, 0.9, 1.1, 1.5):
        row = [w**128, keras_gradient(w, 128, "float64"), keras_gradient(w, 128, "float32"), numpy_gradient(w, 128)]
        print(f"{w:4.1f}" + "".join(f"{float(value):16.7g}" for value in row))

# %% tags=["check", "E06.2"]
check("E06.2")

# %% tags=["hint", "E06.2"]
# hint("E06.2", 1)

# %% tags=["figure", "E06.2"]
vanishing.floor(keras_gradient, numpy_gradient)

# %% [markdown]
# Down to the smallest normal number the two agree, and with them the exact line. One step further Keras says 0, exactly, while NumPy goes on for
# 23 more steps and only then gives up. So the slide's first value is a number for NumPy and no number at all for the network that
# would be trained. "0.0" here does not mean a small gradient. It means that no learning rate, however large, and no optimizer that
# divides by the gradient's size can bring it back. The figure shows the CPU on which it was drawn; whether subnormal numbers are flushed is
# up to the library and the device.
#
# **To think about.** The upper end of float32 is $3.4\cdot10^{38}$. At which $K$ does $1.5^K$ become infinite, and which end is the more
# dangerous one in training?

# %% [markdown] tags=["solution", "E06.2"]
# **Answer.** $\ln(3.4\cdot10^{38})/\ln 1.5 = 218.8$, so at $K = 219$. The upper end does the harm that is noticed: $\infty - \infty$ and $0\cdot\infty$ are NaN,
# one update with NaN ruins all weights at once, and E06.6 finds the step. The lower end is silent. A contribution of 0 is a
# valid contribution, the other terms of the sum are still there, the loss goes down; the network just never learns about the beginning.

# %% [markdown] tags=["slide:D1.12", "slide:D4.19"]
# ## From numbers to matrices
#
# ### E06.3 Jacobian product
#
# D1.12, *Рекуррентные сети V (3/4): основная сложность* (Recurrent networks V, build 3: the main difficulty); D4.19, *Vanishing and Exploding*
# (Vanishing and exploding).
#
# Both slides show the same formula. D1 writes $\mathbf W$ and $Q_K$, D4 writes $W$ and $L_t$, and in the kit's letters it is
#
# $$\frac{\partial L_t}{\partial U} \propto \sum_{k=0}^{t}\Bigl(\prod_{j=k+1}^{t}\frac{\partial h_j}{\partial h_{j-1}}\Bigr)\frac{\partial h_k}{\partial U}.$$
#
# What was $w$ in the table is now a **Jacobian**: the $(n, n)$ matrix whose entry $[a, b]$ says how much unit $a$ of the new state moves
# when unit $b$ of the old one does. From $h_t = \tanh(x_t W + h_{t-1}U + b_h)$ and $\tanh' = 1 - \tanh^2$,
#
# $$J_t = \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2)\,U^{\mathsf T}, \qquad
# \frac{\partial h_T}{\partial h_0} = J_T\,J_{T-1}\cdots J_1 .$$
#
# Two things are easy to get wrong. $U$ leads *from* its row *to* its column, so entry $[a, b]$ of $J_t$ holds $U_{ba}$. And matrices do not
# commute: a change of $h_0$ meets $J_1$ first, which therefore stands on the right. (The lecturers' $\mathbf W$ is our
# $U^{\mathsf T}$, so they write $\operatorname{diag}(1-h_j^2)\,\mathbf W$.)
#
# **Write** `step_jacobian(h, U)` from $h_t$ $(N, n)$, which returns $J_t$ for each sequence, $(N, n, n)$; and `jacobian_product(h, U)` from the states $h_1$ to
# $h_T$, `h` $(N, T, n)$, which returns $\partial h_T/\partial h_0$, $(N, n, n)$. **Checked for:** one step; the product, to $10^{-10}$; and the
# product against a nudge of each entry of $h_0$ in both directions, to $10^{-6}$.


# %% tags=["stub", "E06.3"]
def step_jacobian(h, U):
    """dh_t/dh_{t-1} for each row of h_t (N, n), U (n, n); returns (N, n, n), the new unit first."""
    return None  # replace this line


def jacobian_product(h, U):
    """dh_T/dh_0 from the states h_1 .. h_T, h (N, T, n), U (n, n); returns (N, n, n)."""
    return None  # replace this line


# %% tags=["solution", "E06.3"]
def step_jacobian(h, U):
    """dh_t/dh_{t-1} for each row of h_t (N, n), U (n, n); returns (N, n, n), the new unit first."""
    return (1 - h**2)[:, :, None] * U.T


def jacobian_product(h, U):
    """dh_T/dh_0 from the states h_1 .. h_T, h (N, T, n), U (n, n); returns (N, n, n)."""
    total = np.eye(len(U))
    for t in range(h.shape[1]):
        total = step_jacobian(h[:, t], U) @ total
    return total


# %% tags=["check", "E06.3"]
check("E06.3")

# %% tags=["hint", "E06.3"]
# hint("E06.3", 1)

# %% tags=["figure", "E06.3"]
vanishing.ellipses(jacobian_product)

# %% [markdown]
# Each panel starts from the same grey circle of tiny changes of $h_0$. The hollow circles are measured, one run of the network for
# each; the ellipse is your matrix. After one step the circle is an ellipse, after two a flatter one, after eight hardly more than a dash. So
# vanishing has a direction: what remains after eight steps depends on *how* $h_0$ was moved, and the short axis is gone first. What the
# figure does not show is larger changes; a Jacobian knows only small ones.
#
# TensorFlow finds the same matrix without being told any formula. The next cell compares.

# %% tags=["figure"]
import keras
import tensorflow as tf

rng = np.random.default_rng(1)
x, h0 = rng.normal(size=(2, 7, 3)), 0.5 * rng.normal(size=(2, 4))
layer = keras.layers.SimpleRNN(4, return_sequences=True, dtype="float64")
layer.build(x.shape)
layer.set_weights([0.5 * rng.normal(size=(3, 4)), 0.6 * rng.normal(size=(4, 4)), 0.3 * rng.normal(size=4)])
start = tf.convert_to_tensor(h0)
with tf.GradientTape() as tape:
    tape.watch(start)
    states = layer(x, initial_state=start)
    last = states[:, -1]
by_tape = tape.batch_jacobian(last, start).numpy()
by_hand = jacobian_product(states.numpy(), layer.get_weights()[1])
if np.shape(by_hand) == by_tape.shape:
    print(f"dh_7/dh_0: largest difference to GradientTape {np.abs(by_hand - by_tape).max():.1e}")

# %% [markdown]
# **To think about.** The determinant of $\partial h_T/\partial h_0$ is the product of the determinants of the steps. What does that say about the area of
# the ellipse if $|\det U| = 1$?

# %% [markdown] tags=["solution", "E06.3"]
# **Answer.** $\det J_t = \det U\,\prod_a (1 - h_{t,a}^2)$. With $|\det U| = 1$ every step multiplies the area by $\prod_a(1-h_{t,a}^2)$, which is below 1 unless all
# units are 0. So a $\tanh$ network whose kernel keeps volumes loses volume at every step: some direction must shrink. No direction
# need grow.

# %% [markdown] tags=["slide:D4.19"]
# ### E06.4 Norms decide, but not alone
#
# D4.19, *Vanishing and Exploding* (Vanishing and exploding), puts the case in two lines:
#
# $$\Bigl\lVert\frac{\partial h_i}{\partial h_{i-1}}\Bigr\rVert_2 < 1\quad\text{vanishing gradients},\qquad
# \Bigl\lVert\frac{\partial h_i}{\partial h_{i-1}}\Bigr\rVert_2 > 1\quad\text{exploding gradients}.$$
#
# The norm with the index 2 is the largest factor by which the matrix stretches any vector (its largest singular value). Since stretching
# twice cannot do more than both can at their best, $\lVert A B\rVert \le \lVert A\rVert\,\lVert B\rVert$ and
#
# $$\lVert J_T \cdots J_1\rVert_2 \;\le\; \prod_{t=1}^{T} \lVert J_t\rVert_2 .$$
#
# If every factor on the right is at most some $q < 1$, the left side is at most $q^T$ and the first line of the slide is proved. The second line would need
# the inequality the other way round, and there is none: the direction that one step stretches most may be the one that the next step
# crushes.
#
# **Write** four things.
#
# 1. `norm_of_product(J)` and `norm_bound(J)` for a sequence of matrices `J` $(T, n, n)$, $J_1$ first: the two sides of the inequality, a number each.
# 2. `U_vanishes`: a square matrix of your choice with $\lVert U\rVert_2 > 1$ and $\lVert U^{10}\rVert_2 < 10^{-6}$.
# 3. `norm_above_one`: what a norm above 1 at every step is for an explosion. `"a"` sufficient; `"b"` necessary in the sense that with all
#    norms below 1 nothing can explode, but not sufficient; `"c"` sufficient, but not necessary; `"d"` neither, it says nothing.
#
# **Checked for:** both numbers, also on fifty random cases in which the bound must hold; your matrix; the letter.


# %% tags=["stub", "E06.4"]
def norm_of_product(J):
    """The 2-norm of J_T ... J_1, for J (T, n, n) with J_1 first; returns a number."""
    return None  # replace this line


def norm_bound(J):
    """The product of the 2-norms of J_1, ..., J_T, for J (T, n, n); returns a number."""
    return None  # replace this line


U_vanishes = None  # replace this line: a square array

norm_above_one = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E06.4"]
def norm_of_product(J):
    """The 2-norm of J_T ... J_1, for J (T, n, n) with J_1 first; returns a number."""
    total = np.eye(J.shape[-1])
    for step in J:
        total = step @ total
    return np.linalg.norm(total, 2)


def norm_bound(J):
    """The product of the 2-norms of J_1, ..., J_T, for J (T, n, n); returns a number."""
    return np.prod([np.linalg.norm(step, 2) for step in J])


U_vanishes = np.array([[0.1, 5.0], [0.0, 0.1]])

norm_above_one = "b"

# %% tags=["check", "E06.4"]
check("E06.4")

# %% tags=["hint", "E06.4"]
# hint("E06.4", 1)

# %% tags=["figure", "E06.4"]
vanishing.norms(norm_of_product, norm_bound, U_vanishes)

# %% [markdown]
# Left, the bound holds in all fifty cases and is often ten times too high. Right, the powers of three matrices, and thin above each the bound. For the
# rotation the two coincide; it has no favourite direction. The shear has a norm of 4.2 and a **spectral radius** (the largest $|\lambda|$
# among its eigenvalues) of 0.8. It shows both tempers. The norm has its way for five steps, in which
# $\lVert U^k\rVert$ climbs to 8.2; from then on it is the radius that counts, and the line falls, in the end by a fifth a step. In the long run the radius of a *fixed* matrix decides, since $\lVert U^k\rVert^{1/k} \to \rho(U)$; in the short run the norm is
# heard. The figure does not show Jacobians that change from step to step, for which no single eigenvalue exists.
#
# And now the riddle of the first table. For one unit with $\tanh$ the factor of a step is not $w$ but $w\,(1 - h_t^2)$:

# %%
h, w, G = 0.5, 1.5, 1.0
for t in range(1, 129):
    h = np.tanh(w * h)
    G *= w * (1 - h**2)
    if t in (1, 2, 8, 32, 128):
        print(f"t = {t:3d}   h = {h:.4f}   factor of this step {w * (1 - h**2):.4f}   dh_t/dh_0 = {G:.2e}")
print(f"linear unit:                                          {1.5**128:.2e}")

# %% [markdown]
# The unit runs into saturation at $h = 0.8586$, where the slope of $\tanh$ is 0.263 and the factor 0.394. The same $w = 1.5$ that explodes to $3\cdot10^{22}$
# in a linear unit vanishes to $1.2\cdot 10^{-51}$ in this one. So explosions in $\tanh$ networks need states that stay small enough or
# are pushed back and forth; in networks with `relu`, whose slope is 1 on its whole right half, they come easily.
#
# **To think about.** The slide's norms are those of the step's Jacobian, not of $U$. Which of $\lVert U\rVert_2 < 1$ and $\lVert J_t\rVert_2 < 1$ is the stronger
# demand in a $\tanh$ network?

# %% [markdown] tags=["solution", "E06.4"]
# **Answer.** $\lVert J_t\rVert \le \lVert \operatorname{diag}(1-h_t^2)\rVert\,\lVert U\rVert \le \lVert U\rVert$, because the slopes are at most 1. So $\lVert U\rVert_2 < 1$ is the stronger one and
# implies vanishing whatever the inputs. For the logistic function the slopes are at most $\frac14$, and any $U$ with $\lVert U\rVert_2 < 4$ is
# condemned.

# %% [markdown] tags=["slide:D1.14", "slide:D3.13", "slide:D4.19", "slide:D4.27", "slide:D5.6"]
# ## How much does the end owe to the beginning?
#
# ### E06.5 Gradient against time
#
# D1.14, *Рекуррентные сети VI* (Recurrent networks VI: limits of SimpleRNN); D3.13, *RNN: I grew up in France... French* (RNN: long dependency); D4.19,
# *Vanishing and Exploding* (Vanishing and exploding); D4.27, *Короткая память* (Short memory); D5.6, *Обучение рекуррентной сети* (Training a
# recurrent network).
#
# Four lecturers, one complaint. D3.13 gives the example: to finish "I speak fluent ..." one must look back beyond the sentence to the word
# *France*; the farther it is, the less a plain network can use it (Hochreiter 1991, Bengio and others 1994). D1.14 speaks of short contexts, D5.6 names the problem,
# and D4.27 the reason: influence fades exponentially with the distance. All of them are statements about one curve,
#
# $$g_t = \Bigl\lVert\frac{\partial h_T}{\partial x_t}\Bigr\rVert_F = \sqrt{\sum_{a,b}\Bigl(\frac{\partial h_{T,a}}{\partial x_{t,b}}\Bigr)^2},\qquad t = 1, \dots, T,$$
#
# one number for each step and sequence, from the $(n, m)$ matrix of what the last state owes to input $t$. (The norm with index $F$, Frobenius', sums all squares; it is
# cheap and at most $\sqrt{\min(n, m)}$ times the 2-norm.) For the network of E06.3 the chain rule gives
#
# $$\frac{\partial h_T}{\partial x_t} = \bigl(J_T \cdots J_{t+1}\bigr)\,\operatorname{diag}(1-h_t^2)\,W^{\mathsf T}.$$
#
# **Write** two functions and one answer.
#
# 1. `elman_gradient_norms(h, U, W)`: the curves $(N, T)$ from the states `h` $(N, T, n)$ by this formula. Going from the last step to the first, one product serves
#    for all $t$.
# 2. `gradient_norms(layer, x)`: the same for *any* recurrent Keras layer that returns its last state $(N, n)$, from `x` $(N, T, m)$, by `GradientTape`. Return a NumPy array
#    $(N, T)$. A tape's `gradient` of one unit gives one row of the matrix, for all $t$ at once; a persistent tape can be asked $n$ times.
# 3. `order`: the five networks below by the ratio $g_1/g_T$ for the *quiet* input, from the smallest to the largest, as a text such as `"abcde"`. The
#    table below the stub is made by your function.
#
# **Checked for:** the formula, to $10^{-9}$; a Keras SimpleRNN and a Keras LSTM with weights of ours, to $10^{-4}$ of each value; the order.
#
# The five networks have $n = 16$ units and get $T = 60$ inputs of $m = 4$ numbers. `a` is a `SimpleRNN` as Keras starts it, with an orthogonal $U$. `b` has a $U$ drawn like
# an ordinary kernel, after Glorot. `c`, `d` and `e` are LSTMs (long short-term memories, notebook 08) with a forget-gate bias $b_f$ of 0, 1 (as Keras starts it) and 4. The first input is a random
# word. On the *quiet* input almost nothing follows, numbers a tenth as large; on the *busy* one the talk goes on at full volume.


# %%
def starting_weights(seed=3, m=4, n=16):
    """Weights of the five networks as an initializer would draw them: a letter maps to [W, U, b]."""
    rng = np.random.default_rng(seed)

    def glorot(rows, columns):
        limit = np.sqrt(6 / (rows + columns))
        return rng.uniform(-limit, limit, (rows, columns))

    def orthogonal(rows, columns):
        q, r = np.linalg.qr(rng.normal(size=(columns, rows)))
        return (q * np.sign(np.diag(r))).T

    W, W_lstm = glorot(m, n), glorot(m, 4 * n)
    made = {"a": [W, orthogonal(n, n), np.zeros(n)], "b": [W, glorot(n, n), np.zeros(n)]}
    U_lstm = orthogonal(n, 4 * n)
    for letter, b_f in (("c", 0.0), ("d", 1.0), ("e", 4.0)):
        made[letter] = [W_lstm, U_lstm, np.repeat([0.0, b_f, 0.0, 0.0], n)]  # gates in Keras' order i, f, c, o
    return made


def inputs(later, N=8, T=60, m=4):
    """x (N, T, m): normal numbers, those after the first step times `later`."""
    x = np.random.default_rng(7).normal(size=(N, T, m))
    x[:, 1:] *= later
    return x


names = {
    "a": "SimpleRNN, orthogonal",
    "b": "SimpleRNN, Glorot",
    "c": "LSTM, b_f = 0",
    "d": "LSTM, b_f = 1",
    "e": "LSTM, b_f = 4",
}


# %% tags=["stub", "E06.5"]
def elman_gradient_norms(h, U, W):
    """Frobenius norms of dh_T/dx_t for every t.

    h: (N, T, n), the states h_1 .. h_T; U: (n, n); W: (m, n); returns (N, T)
    """
    return None  # replace this line


def gradient_norms(layer, x):
    """The same for a Keras layer from x (N, T, m) to its last state (N, n), by GradientTape; returns (N, T)."""
    return None  # replace this line


order = None  # replace this line: the letters a, b, c, d, e, smallest ratio first


# %% tags=["solution", "E06.5"]
def elman_gradient_norms(h, U, W):
    """Frobenius norms of dh_T/dx_t for every t.

    h: (N, T, n), the states h_1 .. h_T; U: (n, n); W: (m, n); returns (N, T)
    """
    norms, later = np.empty(h.shape[:2]), np.eye(len(U))
    for t in reversed(range(h.shape[1])):
        owed = later @ ((1 - h[:, t] ** 2)[:, :, None] * W.T)
        norms[:, t] = np.linalg.norm(owed, axis=(1, 2))
        later = later @ step_jacobian(h[:, t], U)
    return norms


def gradient_norms(layer, x):
    """The same for a Keras layer from x (N, T, m) to its last state (N, n), by GradientTape; returns (N, T)."""
    import tensorflow as tf

    x = tf.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        h = layer(x)
        units = [h[:, k] for k in range(h.shape[1])]
    squares = [np.sum(tape.gradient(unit, x).numpy() ** 2, axis=2) for unit in units]
    return np.sqrt(sum(squares))


order = "cdbae"


# %% tags=["figure"]
def keras_network(W, U, b):
    """A SimpleRNN or an LSTM in float64 with these weights."""
    kind = keras.layers.LSTM if U.shape[1] == 4 * len(U) else keras.layers.SimpleRNN
    layer = kind(len(U), dtype="float64")
    layer.build((None, None, len(W)))
    layer.set_weights([W, U, b])
    return layer


networks = {letter: keras_network(*weights) for letter, weights in starting_weights().items()}
quiet, busy = inputs(later=0.1), inputs(later=1.0)
curves = gradient_in_time.measured(gradient_norms, networks, {"quiet": quiet, "busy": busy})
if curves is not None:
    print(f"{'ratio g_1 / g_T':26} {'quiet':>9} {'busy':>9}")
    for letter, by_input in curves.items():
        print(f"{letter}  {names[letter]:23} " + " ".join(f"{g[0] / g[-1]:9.1e}" for g in by_input.values()))

# %% tags=["check", "E06.5"]
check("E06.5")

# %% tags=["hint", "E06.5"]
# hint("E06.5", 1)

# %% tags=["figure", "E06.5"]
gradient_in_time.against_time(curves, names)

# %% tags=["figure"]
W, U, b = starting_weights()["a"]
states = keras.layers.SimpleRNN(16, return_sequences=True, dtype="float64")
states.build(busy.shape)
states.set_weights([W, U, b])
by_hand = elman_gradient_norms(states(busy).numpy(), U, W)
if curves is not None and np.shape(by_hand)[1:] == np.shape(curves["a"]["busy"]):
    difference = np.abs(by_hand.mean(axis=0) / curves["a"]["busy"] - 1).max()
    print(f"network a, formula and tape: largest relative difference {difference:.1e}")

ratios = {"a": [], "b": []}
for seed in range(8):
    for letter in "ab":
        W, U, b = starting_weights(seed)[letter]
        states.set_weights([W, U, b])
        norms = elman_gradient_norms(states(quiet).numpy(), U, W)
        if np.shape(norms) == quiet.shape[:2]:
            g = norms.mean(axis=0)
            ratios[letter].append(g[0] / g[-1])
if ratios["a"]:
    print("quiet input, eight draws of the weights, ratios from smallest to largest")
for letter, found in ratios.items():
    if found:
        print(f"  {names[letter]:23}", *(f"{r:.1e}" for r in sorted(found)))

# %% [markdown]
# Compare the panels before the curves. On the quiet input the orthogonal network keeps 7 % of its beginning; on the busy one the same weights keep one part in $10^8$.
# The kernel has not changed. But large inputs drive $\tanh$ into its flat parts, and each step then multiplies by slopes well below 1. So "a SimpleRNN forgets"
# is right or wrong depending on what is said to it. The Glorot kernel is a lottery, as the eight draws show: its spectral radius lies near 1, above in one draw and below in the
# next, and over 60 steps that makes a factor of ten thousand.
#
# The three LSTMs differ by one number. With $b_f = 0$ the forget gate is half open, and $0.5^{59} \approx 2\cdot10^{-18}$ is what the direct path alone would leave; the detours through $h$ bring it
# up to $4\cdot 10^{-13}$, which is nothing all the same. That Keras' own start, $b_f = 1$, loses more than four powers of ten in 60 steps is worth knowing. Only with $b_f = 4$ is the first word as
# present as the last. Notebook 09 takes this up.
#
# What the figure does not show is what training makes of it. These are the gradients of the first step of training, no more. The next cell trains the
# five on a task in which only the first word counts (is its first number positive?), on quiet inputs, and plots what comes out. Training depends on luck, so nothing is graded here.

# %% tags=["figure"]
from course_kit.plots import new_figure, show, styles

keras.utils.set_random_seed(3)
x = inputs(later=0.1, N=6000).astype("float32")
first_is_positive = x[:, 0, 0] > 0
figure, axes = new_figure(width=7.5, height=3.4)
ends = []
for (letter, (W, U, b)), style in zip(starting_weights().items(), styles(), strict=False):
    kind = keras.layers.SimpleRNN if letter in "ab" else keras.layers.LSTM
    model = keras.Sequential([keras.Input((60, 4)), kind(16), keras.layers.Dense(1, activation="sigmoid")])
    model.layers[0].set_weights([W, U, b])
    model.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=["accuracy"])
    found = []
    for start in range(0, 6000, 1000):  # each sequence is met once, so the accuracy is that on new ones
        part = slice(start, start + 1000)
        fitted = model.fit(x[part], first_is_positive[part], batch_size=50, verbose=0)
        found.append(fitted.history["accuracy"][0])
    axes.plot(1000 * np.arange(1, 7), found, label=names[letter], **style)
    ends.append(f"{names[letter]} {found[-1]:.2f}")
axes.axhline(0.5, color="0.7", lw=0.8)
axes.set(xlabel="sequences seen", ylabel="accuracy on new sequences", ylim=(0.4, 1.02))
axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
show(
    figure,
    alt="Accuracy on new sequences while 6000 of them are seen; guessing gives 0.5. Over the last thousand: "
    f"{'; '.join(ends)}.",
    caption="Training on the first word of 60, quiet input; over the last thousand sequences: "
    + "; ".join(ends)
    + ". One run; another seed moves the curves.",
)

# %% [markdown]
# Hold this against the ratios. `c`, with $10^{-13}$, has learned nothing, and neither has `d` here, with $5\cdot10^{-5}$; `a`, `b` and `e` have learned the task. But do not read a threshold into it. `a` and `b` differ by a factor of
# fifty in the gradient; `b` begins later and ends no lower. And the same `d`, measured when this was written, reached 0.85 when it was shown 1200 sequences six times in place of 6000 once: the optimizer here, Adam, divides each
# weight's gradient by its usual size, and where nothing else pulls, a faint signal is still a clear one. **Accuracy does not show vanishing**; it may be high in spite of it and low for other reasons. That is why the check asks for
# the gradient and the training is only looked at. (On the *busy* input, with weights as Keras draws them and 2000 sequences six times, `a` to `d` stayed at 0.5 and `e` reached 0.70.)
#
# **To think about.** For `e` the ratio is above 1: the last state owes more to the first word than to the last one. How can that be, if every forget gate is below 1?

# %% [markdown] tags=["solution", "E06.5"]
# **Answer.** The direct path alone would give at most 1: $\sigma(4)^{59} = 0.34$. But the derivative takes all paths. What the first word has written to a cell changes $h$,
# hence all gates and candidates of the next step, hence all cells; over 59 steps these small detours add up, while the last word has had
# a single step to act. Notebook 09 separates the direct path from the rest.

# %% [markdown] tags=["slide:D4.20"]
# ## Did it explode, and when?
#
# ### E06.6 Has it exploded?
#
# D4.20, *Как понять, что градиент взорвался?* (How to tell that the gradient exploded).
#
# The slide is a picture of a loss curve with a jump. A picture is enough for an afternoon; for a hundred trainings overnight one needs a rule. Most of the work
# is to say what one means. An explosion is a *step* whose gradient is **out of all proportion to what was usual just before**. Three decisions follow.
#
# - *Usual* is the **median** of the norms before, because one wild step moves a mean for a long time and a median hardly at all. *Just before* is the last 50 steps.
# - *Out of proportion* is more than **10 times** that. The number is a choice; what matters is that it is written down.
# - A **slow drift is no explosion**. A norm that grows by 2 % a step becomes 400 times as large in 300 steps, but at each of these steps it is 1.02
#   times the step before and 1.7 times the median of the last fifty. Nothing has happened *at* any of them. A drift wants another remedy (a look at learning rate and weight decay), so
#   the rule must not call it by the same name.
#
# The loss serves for one thing only: to see that it is not finite. A loss that jumps may be a hard batch, and if the gradient stays as it was, nothing has exploded.
#
# So: **step $t$ is bad** if
#
# 1. `loss[t]` or `norm[t]` is not finite (NaN or infinite), at whatever step, or
# 2. $t \ge 5$ and `norm[t]` is more than 10 times the median of `norm[max(0, t - 50):t]`, the step itself not included.
#
# **Write** `exploded(loss, norm)`, both of shape $(\text{steps},)$: the first bad step, counted from 0, or $-1$ if there is none. **Checked for:** logs with
# a spike, with NaN, with infinity among the first five steps, a slow drift, a hard batch, a plateau, and a late spike after the norms have come
# down. Their numbers are drawn anew for each seed.


# %% tags=["stub", "E06.6"]
def exploded(loss, norm):
    """The first bad step of a training log, -1 if there is none; loss and norm (steps,)."""
    return None  # replace this line


# %% tags=["solution", "E06.6"]
def exploded(loss, norm):
    """The first bad step of a training log, -1 if there is none; loss and norm (steps,)."""
    for t in range(len(norm)):
        if not np.isfinite(loss[t]) or not np.isfinite(norm[t]):
            return t
        if t >= 5 and norm[t] > 10 * np.median(norm[max(0, t - 50) : t]):
            return t
    return -1


# %% tags=["check", "E06.6"]
check("E06.6")

# %% tags=["hint", "E06.6"]
# hint("E06.6", 1)


# %%
def six_logs(steps=150, seed=4):
    """Six training logs, made up: a title maps to (loss, norm)."""
    rng = np.random.default_rng(seed)
    made = {}
    for title in ("a spike", "not a number", "plateau", "slow drift", "hard batch", "calm"):
        loss = 2 * np.exp(-np.arange(steps) / 60) + 0.4 + rng.uniform(0, 0.1, steps)
        made[title] = loss, np.exp(rng.uniform(-0.35, 0.35, steps))
    loss, norm = made["a spike"]
    norm[90] *= 60  # this update throws the weights away, so the loss jumps one step later
    loss[91:97] += [8, 5, 3, 2, 1, 0.5]
    loss, norm = made["not a number"]
    norm[97:100] *= [2, 8, 80]
    loss[100:], norm[100:] = np.nan, np.nan
    loss, norm = made["plateau"]
    norm[70:] *= 40
    loss[71:] = 4 + 0.2 * rng.normal(size=steps - 71)
    loss, norm = made["slow drift"]
    norm *= 1.04 ** np.arange(steps)
    loss, norm = made["hard batch"]
    loss[60] *= 12
    return made


# %% tags=["figure", "E06.6"]
gradient_in_time.logs(exploded, six_logs())

# %% [markdown]
# Top left, look at the loss: it jumps one step *after* the norm. The gradient of step 90 is taken at good weights, the update throws them away, and step 91 pays. Whoever
# watches the loss alone blames the wrong batch. Top middle, the norm gives notice before the loss is lost. On the plateau only the first step is out of proportion; some twenty-five
# steps later the high norm is the usual one. The slow drift, here 4 % a step, ends some 350 times above its start without a bad step, by decision. What the figure does not show is real life: these six are
# made up, so that it is known what is in them.
#
# So here is a real one. A network with `relu` and a recurrent kernel of 1.1 times an orthogonal matrix learns to add up fifty numbers with plain gradient descent. The kit's `GradientMonitor` writes down the gradient's
# norms in `fit` and applies the same rule.

# %% tags=["figure"]
from course_kit.gradients import GradientMonitor
from course_kit.plots import gradients

keras.utils.set_random_seed(1)
x = np.random.default_rng(0).normal(size=(400, 50, 1)).astype("float32")
model = keras.Sequential(
    [
        keras.Input((50, 1)),
        keras.layers.SimpleRNN(
            16, activation="relu", recurrent_initializer=keras.initializers.Orthogonal(1.1), name="relu"
        ),
        keras.layers.Dense(1, name="out"),
    ]
)
model.compile(keras.optimizers.SGD(3e-4), "mse")
monitor = GradientMonitor(verbose=0)
history = model.fit(x, x.sum(axis=1), batch_size=10, epochs=2, verbose=0, callbacks=[monitor])
print("mean loss of the two epochs:", *(f"{loss:.0f}" for loss in history.history["loss"]))
print(f"always answering with the mean costs {x.sum(axis=1).var():.0f}")
gradients.over_steps(monitor)

# %% [markdown]
# The caption names the step, the layer and a remedy. Now look at the curves after the explosion: they have never been calmer. One update has thrown the weights so far away that the network answers
# with the mean ever since, as the two losses above the figure say; there is nothing left that could explode. Whoever looks only at the end of a log takes the ruin for peace.
# Clipping, the first of the remedies, opens notebook 07.
#
# **To think about.** In the plateau log the rule speaks once and then falls silent, while the training is ruined. Which second rule would you add, and why not simply compare with the first five steps?

# %% [markdown] tags=["solution", "E06.6"]
# **Answer.** One that looks at the level, not at the step: for example, "the median of the last fifty norms is more than 10 times the smallest such median so far". It would speak on the plateau and on
# the drift, and it should say something else than "exploded". The first five steps are a poor yardstick: norms are often large at the start and
# fall by a factor of ten within an epoch, so that afterwards a real spike would still be below "usual".

# %% [markdown] tags=["slide:D1.14", "slide:D4.27"]
# ## Short memory in numbers
#
# ### E06.7 How far back does it see?
#
# D1.14, *Рекуррентные сети VI* (Recurrent networks VI: limits of SimpleRNN); D4.27, *Короткая память* (Short memory).
#
# D4.27 says that influence fades exponentially with distance: if it does not explode, a change $d$ steps back counts
#
# $$\Bigl\lVert\frac{\partial h_T}{\partial h_{T-d}}\Bigr\rVert \sim \rho^{\,d}$$
#
# (the formula is ours; the slide has words). One number $\rho < 1$ then tells the whole story. After $\tau$ steps $1/e \approx 37\,\%$ is left, where
#
# $$\rho^{\tau} = \frac1e \quad\Longleftrightarrow\quad \tau = -\frac{1}{\ln\rho},$$
#
# the **memory length**. Contributions of all $K$ steps enter a gradient as a sum, so we also ask what part of it the $k$ latest steps have:
#
# $$s(\rho, k, K) = \frac{\sum_{d=0}^{k-1}\rho^{\,d}}{\sum_{d=0}^{K-1}\rho^{\,d}} .$$
#
# **Write** four things.
#
# 1. `memory_length(rho)` for $0 < \rho$; from $\rho = 1$ on nothing fades and the length is `np.inf`.
# 2. `share_of_the_last(rho, k, K)`, also for $\rho = 1$ and above.
# 3. `rate(norms)`: $\rho$ from a measured curve `norms` $(T+1,)$, whose last entry belongs to distance 0, the one before to 1, and so on. The logarithms lie on a straight line; fit one.
# 4. `limits`: D1.14 lists three limits of the SimpleRNN: short contexts, scales hard to combine, hard training for large $K$. Each of these facts belongs to one of them. Give their letters in the order of the slide's
#    limits, as a text such as `"abc"`. `a` At $\rho = 0.9$ two thirds of a sum over 60 steps come from the last ten, so what is near drowns what is far. `b` At $\rho = 0.9$ the
#    influence of one word falls to 37 % within ten steps. `c` $0.9^{128} = 1.4\cdot10^{-6}$ and $1.1^{128} = 2\cdot10^{5}$.
#
# **Checked for:** lengths; shares; rates of noisy curves, falling and rising, to 1 %; the letters.


# %% tags=["stub", "E06.7"]
def memory_length(rho):
    """Number of steps after which 1/e of an influence is left; np.inf for rho >= 1."""
    return None  # replace this line


def share_of_the_last(rho, k, K):
    """Part of the sum over K steps, weighted by rho to the distance, that the last k of them have."""
    return None  # replace this line


def rate(norms):
    """rho of a curve (T + 1,) whose last entry is at distance 0."""
    return None  # replace this line


limits = None  # replace this line: the letters of short contexts, scales, large K


# %% tags=["solution", "E06.7"]
def memory_length(rho):
    """Number of steps after which 1/e of an influence is left; np.inf for rho >= 1."""
    return -1 / np.log(rho) if rho < 1 else np.inf


def share_of_the_last(rho, k, K):
    """Part of the sum over K steps, weighted by rho to the distance, that the last k of them have."""
    weights = rho ** np.arange(K)
    return weights[:k].sum() / weights.sum()


def rate(norms):
    """rho of a curve (T + 1,) whose last entry is at distance 0."""
    distance = np.arange(len(norms))[::-1]
    slope, _ = np.polyfit(distance, np.log(norms), 1)
    return np.exp(slope)


limits = "bac"

# %% tags=["check", "E06.7"]
check("E06.7")

# %% tags=["hint", "E06.7"]
# hint("E06.7", 1)

# %% tags=["figure", "E06.7"]
gradient_in_time.memory(memory_length, share_of_the_last)

# %% [markdown]
# Left, what a memory length is: from $\rho = 0.9$ to $0.98$, which is hardly a change of a weight, it grows from 9 to 50 steps. Right, the same from the gradient's side. At $\rho = 0.7$ the last ten steps
# have practically the whole sum, and nothing that happened before is heard. Only at $\rho = 1$ do all steps count alike, and that is an edge, not a region: a little beyond it the sum belongs
# to the *oldest* steps.
#
# Now the five networks of E06.5. The cell below fits a rate to the curve of each and turns it into a memory length.

# %% tags=["figure"]
if rate(np.array([0.25, 0.5, 1.0])) is not None and memory_length(0.5) is not None and curves is not None:
    print(f"{'':26} {'quiet: rho':>10} {'length':>7} {'busy: rho':>10} {'length':>7}")
    for letter, by_input in curves.items():
        fitted = [rate(g) for g in by_input.values()]
        print(f"{letter}  {names[letter]:23} " + " ".join(f"{rho:10.3f} {memory_length(rho):7.1f}" for rho in fitted))

# %% [markdown]
# A rate is a summary, and a summary hides what it sums up: the fit assumes one straight line, and the figure of E06.5 has curves that bend. For the busy SimpleRNNs the line fits well, and their
# memory is about three steps long. That is the answer to "how far back does it see", and it is shorter than most sentences.
#
# **To think about.** A network has a unit with $\rho = 0.5$ and, not connected to it, one with $\rho = 0.98$. Which $\rho$ does the curve of $\lVert\partial h_T/\partial h_t\rVert$ show near the end, and which far from it?

# %% [markdown] tags=["solution", "E06.7"]
# **Answer.** The 2-norm is $\max(0.5^d, 0.98^d) = 0.98^d$ at every distance: the norm hears the longest memory only. In the Frobenius norm $\sqrt{0.5^{2d}+0.98^{2d}}$ the fast unit is
# seen for the first two or three steps. This is what D1.14 means by scales that are hard to combine. A plain network could hold both, a fast unit and a slow one, but its slow unit has to
# sit at $\rho$ close to 1, at the edge where training is hardest.

# %% [markdown]
# ## What you have now
#
# A product of Jacobians that agrees with `GradientTape`; a table of 128 steps, in numbers that exist and in numbers that do not; a counter-example to half a slide; a curve that tells how much the end owes to the beginning, for any layer; a rule for
# explosions; and a memory length in steps. Notebook 07 does something about it.

# %% tags=["figure"]
progress()
