# %% [markdown]
# # 16 A zoo of recurrent networks
#
# After this notebook you can
#
# - store pictures in a Hopfield network, recall them from spoilt copies, and say when it must come to rest and when it need not,
# - recall one half of a pair from the other with a bidirectional associative memory (BAM),
# - build an echo state network (ESN), say when it forgets its start, and train it without a gradient,
# - compress a sequence to what could not be foreseen, get it back without loss, and say why that shortens long time lags.
#
# Slides: D2.6, D2.7, D2.10, D2.11. Time: about two hours. Before it: notebook 03. NumPy is enough for the exercises; two figures of the second half use Keras.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, plots, progress
from course_kit.plots import zoo_compressor, zoo_memories, zoo_noise, zoo_pairs, zoo_reservoir
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %% [markdown]
# ## Four ways to be recurrent
#
# All networks so far learned by sending an error back through time. The four in this notebook do without, or nearly. The first two have no input after the start: one sets their units,
# lets go, and reads the answer off when nothing moves any more. The third has a recurrent part that nobody trains. The fourth is trained to predict, and makes use of its failures.
#
# The smallest net that settles has two units, each $+1$ or $-1$, and one number that couples them. The next cell visits the units in turn and lets each take the sign of what it hears from the other.

# %%
for name, w_01, w_10 in (
    ("w = +1, both ways", 1, 1),
    ("w = -1, both ways", -1, -1),
    ("+1 one way, -1 the other", 1, -1),
):
    s, way = [1, -1], []
    for visit in range(6):
        unit = visit % 2
        s[unit] = int(np.sign(w_01 * s[1] if unit == 0 else w_10 * s[0]))
        way.append(f"({s[0]:+d},{s[1]:+d})")
    print(f"{name:25s} (+1,-1) -> {' '.join(way)}")

# %% [markdown]
# In the first line the two units agree after one visit and stay so. In the second they differed to begin with, as they want to, and nothing happens. In the third unit 0 wants to be as unit 1 is, unit 1 wants to be
# unlike unit 0, and there is no end to it: a pursuit. What separates the first two lines from the third is symmetry.

# %% [markdown] tags=["slide:D2.6"]
# ## A memory that settles
#
# ### E16.1 Hopfield
#
# D2.6, *Нейронная сеть Хопфилда* (Hopfield network). The slide says that all connections are symmetric and that the dynamics is sure to converge to an equilibrium. It has no formula. With $n$ units $s_i = \pm 1$ and
# couplings $W$ $(n, n)$ a unit that is visited takes the sign of its field,
#
# $$s_i \leftarrow \mathrm{sgn}\Bigl(\sum_j w_{ij}\, s_j\Bigr), \qquad \text{and keeps its value if the field is } 0.$$
#
# The guarantee needs three things, of which the slide names one: $w_{ij} = w_{ji}$, no coupling of a unit to itself, and units that change *one after the other*. Then the energy
#
# $$E = -\tfrac12 \sum_{i \ne j} w_{ij}\, s_i s_j$$
#
# cannot rise: if unit $i$ changes by $\Delta s_i$, symmetry makes $\Delta E = -\Delta s_i \sum_j w_{ij} s_j$, and $\Delta s_i$ has the sign of the field. There are finitely many states, so the fall ends. To make given patterns the ends of
# the fall, add up what each of them would like its units to agree on (Hebb's rule). With patterns $\xi$ $(P, n)$ of $\pm 1$ as rows,
#
# $$W = \tfrac1n\, \xi^\top \xi, \qquad \text{then zeros on the diagonal.}$$
#
# **Write** `hebb(patterns)`, which returns $W$; `sweep(W, s, order)`, which visits the units of `order` one after the other and returns the new state $(n,)$, leaving `s` as it was; and `energy(W, s)`, a number. Then give in
# `W_turning` couplings, for two units or a few more, with zeros on the diagonal and *no* state at rest.
#
# **Checked for:** the couplings; a sweep in random order; a field of 0; the energy; 200 visits in which the energy never rises, and a stored pattern that comes back with a tenth of its units wrong at the start; that no state of `W_turning` is at rest.


# %% tags=["stub", "E16.1"]
def hebb(patterns):
    """The couplings W (n, n) that store patterns (P, n) of -1 and 1."""
    return None  # replace this line


def sweep(W, s, order):
    """The state (n,) after the units of `order` were visited one after the other, from the state s (n,)."""
    return None  # replace this line


def energy(W, s):
    """E of the state s (n,)."""
    return None  # replace this line


W_turning = None  # replace this line: an array such as np.array([[0.0, ...], [..., 0.0]])


# %% tags=["solution", "E16.1"]
def hebb(patterns):
    """The couplings W (n, n) that store patterns (P, n) of -1 and 1."""
    W = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(W, 0.0)
    return W


def sweep(W, s, order):
    """The state (n,) after the units of `order` were visited one after the other, from the state s (n,)."""
    s = s.copy()
    for i in order:
        field = W[i] @ s
        if field != 0:
            s[i] = 1.0 if field > 0 else -1.0
    return s


def energy(W, s):
    """E of the state s (n,)."""
    return -s @ W @ s / 2


W_turning = np.array([[0.0, 1.0], [-1.0, 0.0]])


# %% tags=["check", "E16.1"]
check("E16.1")

# %% tags=["hint", "E16.1"]
# hint("E16.1", 1)

# %% [markdown]
# Three letters of 8 x 8 points are stored in 64 units. Each is shown with ten of its points turned over, and your functions do the rest.

# %% tags=["figure", "E16.1"]
zoo_memories.recall(hebb, sweep, energy)

# %% [markdown]
# The noise goes within one sweep, and each visit that changes a unit is a step down on the right; where the line is level, the unit visited was content. The letters end in valleys of different depth. What the figure does not show is that the
# valleys are not the only ones: minus each letter is a valley of the same depth, as E does not change when all signs do, and mixtures of three letters can be valleys as well. And a sweep with all units at once is another
# machine, for which none of this holds: it may take turns between two states for ever.
#
# Ten wrong points of 64 are few. Move the slider to see how many more the letters bear.

# %% tags=["figure", "E16.1"]
plots.slider(
    lambda wrong: zoo_noise.spoilt_by(hebb, sweep, wrong),
    zoo_noise.spoilt_more(hebb, sweep),
    wrong=(0, 64, 1, 16),
)

# %% [markdown]
# Up to a quarter of the points every recall ends at its letter. Near a half the start is as like to the letter as to its negative, and nearly all end at something else: a mixture, or another letter. Beyond, the negatives take over, each of them as sure as its letter; with all points turned over the start
# *is* the negative, and at rest. What the bars do not show is that the three letters differ: which one fails first depends on what it has in common with the other two.
#
# How many patterns fit? The signal that holds a unit of a stored pattern in its place is 1. Each other pattern adds noise, $(P - 1)/n$ of variance altogether. D. J. Amit, H. Gutfreund and H. Sompolinsky (Physical Review Letters 55, 1985)
# computed for random patterns and large $n$ where recall breaks down: at about $P = 0.138\, n$. The next cell measures it with the kit's `Hopfield`.

# %% tags=["figure"]
zoo_memories.capacity_curve((50, 200, 800))

# %% [markdown]
# On the left the largest network falls most steeply, and it does so at the dashed line; the small ones slide, since 0.138 is a law of large numbers. The right panel asks for more, every unit right, and there the order is reversed: the larger the network, the earlier it fails, with 800 units for half
# of the patterns at a load of 0.1. Exact recall has no capacity proportional to $n$: R. McEliece and others (IEEE Transactions on Information Theory 33, 1987) give $n / (2 \ln n)$ if nearly all patterns are to be exact rests. Between the two panels lies a zone in which a
# pattern comes back with a few units wrong for good. What the figure does not show is patterns that resemble each other. Here is a case, scikit-learn's handwritten digits, 8 x 8 points, black or white.

# %% tags=["figure"]
zoo_memories.digits_recall()

# %% [markdown]
# One prototype for each digit is stored (a point is black where most writers make it so), five of them on the left. That is well below $0.138 \cdot 64 \approx 9$, and still Hebb's rule sends all five starts to one and the same blot. The digits share their white border and much of the middle, so the noise
# of the others does not average out; with four stored not one of the handwritten digits ends where it should. The pseudo-inverse rule removes the overlaps first and makes every prototype a rest, but the valleys grow narrow with their number. The last row is the modern Hopfield network, whose one
# step is the softmax attention to which notebook 13 leads, over the stored patterns. The dotted line is no network: it takes the prototype that agrees in most points. The modern network does as well as that, or a little better; a memory of this kind is an elegant way to look for the nearest neighbour.
#
# **To think about.** A Hopfield network is a recurrent network. What are its input, its output, and its time?

# %% [markdown] tags=["solution", "E16.1"]
# **Answer.** The input is the state at the start and nothing later, the output is the state at rest, and time is only the order of the visits: the answer does not come after a given number of steps but when nothing moves. It maps one vector to one vector. A sequence could not be
# put in, since whatever the network hears after the start would have to be a change of its units from outside.

# %% [markdown] tags=["slide:D2.7"]
# ## Two layers that recall each other
#
# ### E16.2 BAM
#
# D2.7, *Двунаправленная ассоциативная память (BAM)* (Bidirectional associative memory), calls it a variety of Hopfield's network with two layers, either of which can be the input. B. Kosko (1988) stores pairs of patterns $a$ $(P, n)$ and
# $b$ $(P, p)$ of $\pm 1$ in one matrix, and lets the layers speak in turn,
#
# $$M = a^\top b, \qquad b \leftarrow \mathrm{sgn}(a M), \quad a \leftarrow \mathrm{sgn}(b M^\top), \qquad E = -\,a\, M\, b^\top.$$
#
# $M$ is $(n, p)$, a single $a$ is $(n,)$, a single $b$ is $(p,)$, and a unit whose sum is 0 keeps its value. The whole layer may change at once here, and $E$ still cannot rise: the units of one layer do not hear each other, so for fixed $a$ every unit of $b$
# does its best alone. That works for *every* $M$; nothing has to be symmetric, because the same $M$ is used to and fro. Written as one Hopfield network on $[a, b]$, it has the coupling $\begin{pmatrix} 0 & M \\ M^\top & 0 \end{pmatrix}$, and that is
# symmetric.
#
# **Write** `correlate(a, b)`, which returns $M$; `resonate(M, a, b)`, which lets $a$ speak first and goes to and fro until neither changes, and returns the two; `resonate_from_b(M, b)`, which starts from $b$ alone, with all units of $a$ at $-1$ until they
# hear something, $b$ speaking first, and returns the two as well, $a$ first; and `bam_energy(M, a, b)`.
#
# **Checked for:** the couplings; random couplings from random starts; a sum of 0; the way from the other side; the energy; that stored pairs are exact from either side.


# %% tags=["stub", "E16.2"]
def correlate(a, b):
    """M (n, p) of the pairs of rows of a (P, n) and b (P, p), of -1 and 1."""
    return None  # replace this line


def resonate(M, a, b):
    """Where a (n,) and b (p,) settle if a speaks first: the new a and b."""
    return None  # replace this line


def resonate_from_b(M, b):
    """Where b (p,) and an a with all units at -1 settle if b speaks first: the new a (n,) and b (p,)."""
    return None  # replace this line


def bam_energy(M, a, b):
    """E of a pair a (n,), b (p,)."""
    return None  # replace this line


# %% tags=["solution", "E16.2"]
def correlate(a, b):
    """M (n, p) of the pairs of rows of a (P, n) and b (P, p), of -1 and 1."""
    return a.T @ b


def unit(field, old):
    """The sign of the field, and where that is 0 the old value."""
    return np.where(field == 0, old, np.sign(field))


def resonate(M, a, b):
    """Where a (n,) and b (p,) settle if a speaks first: the new a and b."""
    while True:
        new_b = unit(a @ M, b)
        new_a = unit(new_b @ M.T, a)
        if np.array_equal(new_a, a) and np.array_equal(new_b, b):
            return a, b
        a, b = new_a, new_b


def resonate_from_b(M, b):
    """Where b (p,) and an a with all units at -1 settle if b speaks first: the new a (n,) and b (p,)."""
    b, a = resonate(M.T, b, -np.ones(len(M)))
    return a, b


def bam_energy(M, a, b):
    """E of a pair a (n,), b (p,)."""
    return -a @ M @ b


# %% tags=["check", "E16.2"]
check("E16.2")

# %% tags=["hint", "E16.2"]
# hint("E16.2", 1)

# %% [markdown]
# Your memory learns to read: three letters as pictures of 8 x 8 points are paired with three of scikit-learn's handwritten digits. A spoilt letter recalls its digit, and a spoilt digit its letter.

# %% tags=["figure", "E16.2"]
zoo_pairs.both_ways(correlate, resonate, resonate_from_b)

# %% [markdown]
# Each row starts with one spoilt picture and nothing in the other layer; both pictures come back whole. The next table asks how long that lasts when more pairs are stored, for pairs of letter and digit and for random pairs of the same size, with the kit's `BAM`.

# %% tags=["figure"]
zoo_pairs.how_many_pairs()

# %% [markdown]
# Random pairs hold out longer than pictures, for the reason that Hopfield's digits gave: what pictures have in common adds up. The figure does not show a remedy, and for the plain sum of Kosko's there is none; the pairs would have to be weighted, or made different by a code.
#
# **To think about.** Why does a BAM never take turns between two states, though all units of a layer change at once, when Hopfield's network does?

# %% [markdown] tags=["solution", "E16.2"]
# **Answer.** Hopfield's units, changed at once, answer to what the others *were*: two units with $w = 1$ that differ exchange their values for ever. In a BAM the units of one layer hear only the other layer, which stands still meanwhile. Each half step is therefore the same as visiting
# the units of that layer one after the other, and for that the energy argument holds.

# %% [markdown] tags=["slide:D2.10"]
# ## A recurrent part that nobody trains
#
# ### E16.3 Echo state network
#
# D2.10, *Эхо-сети* (Echo state networks): one hidden layer, the *reservoir*, with random sparse links that stay as they are; only the links to the output are trained. The slide praises the low cost. With inputs $x$ $(N, T, m)$, a reservoir $h$ of $n$ units and a leak
# $a$ in $(0, 1]$ (the slide's has none, $a = 1$),
#
# $$h_t = (1 - a)\, h_{t-1} + a \tanh(x_t W + h_{t-1} U + b), \qquad y_t = h_t V + b_y .$$
#
# $W$ is $(m, n)$, $U$ $(n, n)$ and sparse, $b$ $(n,)$, all drawn once. Since the reservoir does not change, its states are a table of numbers, and the best $V$ $(n, o)$ and $b_y$ $(o,)$ for targets $Y$ are the solution of a linear problem, with a
# penalty $\lambda$ on the size of $V$ (ridge regression). With $H$ $(K, n)$ the states of all steps, $\bar H$ and $\bar Y$ the means over the rows, and $H_0 = H - \bar H$, $Y_0 = Y - \bar Y$,
#
# $$V = (H_0^\top H_0 + \lambda I)^{-1} H_0^\top Y_0, \qquad b_y = \bar Y - \bar H V .$$
#
# What makes the states usable is that they are an *echo* of the input: two reservoirs with different starts that hear the same input must become the same. The size of $U$ decides, and the usual measure is its spectral radius, the largest absolute value among its eigenvalues. The slide lets the
# previous outputs into the reservoir as well; whoever feeds $y_{t-1}$ in as an input has that.
#
# | here | usual in papers on ESN |
# | --- | --- |
# | input $x$, reservoir $h$ | input $u$, reservoir $x$ |
# | $W$, $U$, $V$ (rows) | $W_{in}^\top$, $W^\top$, $W_{out}^\top$ |
#
# **Write** `scaled(U, radius)`, which returns $U$ brought to that spectral radius; `reservoir(x, h0, W, U, b, a)`, the states $(N, T, n)$ from the start $h_0$ $(N, n)$; and `read_out(H, Y, ridge)`, which returns $V$ and $b_y$.
#
# **Checked for:** the radius; the states; that with radius 0.9 two starts are less than $10^{-6}$ apart after 200 steps; the read-out against the normal equations; that what you are given stays as it was.


# %% tags=["stub", "E16.3"]
def scaled(U, radius):
    """U (n, n) times a number, so that the largest absolute value of its eigenvalues is radius."""
    return None  # replace this line


def reservoir(x, h0, W, U, b, a):
    """All states (N, T, n) for inputs x (N, T, m) from the start h0 (N, n)."""
    return None  # replace this line


def read_out(H, Y, ridge):
    """V (n, o) and b_y (o,) for states H (K, n) and targets Y (K, o)."""
    return None  # replace this line


# %% tags=["solution", "E16.3"]
def scaled(U, radius):
    """U (n, n) times a number, so that the largest absolute value of its eigenvalues is radius."""
    return U * (radius / np.abs(np.linalg.eigvals(U)).max())


def reservoir(x, h0, W, U, b, a):
    """All states (N, T, n) for inputs x (N, T, m) from the start h0 (N, n)."""
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = (1 - a) * h + a * np.tanh(x[:, t] @ W + h @ U + b)
        hs.append(h)
    return np.stack(hs, axis=1)


def read_out(H, Y, ridge):
    """V (n, o) and b_y (o,) for states H (K, n) and targets Y (K, o)."""
    H_0, Y_0 = H - H.mean(axis=0), Y - Y.mean(axis=0)
    V = np.linalg.solve(H_0.T @ H_0 + ridge * np.eye(H.shape[1]), H_0.T @ Y_0)
    return V, Y.mean(axis=0) - H.mean(axis=0) @ V


# %% tags=["check", "E16.3"]
check("E16.3")

# %% tags=["hint", "E16.3"]
# hint("E16.3", 1)

# %% [markdown]
# First the echo. Your reservoir of 100 units runs twice, from two random starts, once without any input and once with a random one, for three spectral radii.

# %% tags=["figure", "E16.3"]
zoo_reservoir.two_starts(scaled, reservoir)

# %% [markdown]
# With 0.5 and 0.9 the two runs meet, on the left along a line whose slope is the logarithm of the radius, until rounding ends it. With 1.3 and no input they never do: the reservoir lives a life of its own. The panel on the right is why "keep the radius below 1" is a rule of thumb and no law: an
# input of this size pushes the units into the flat parts of $\tanh$, where nothing gets through, and the runs meet at 1.3 as well. In general a radius below 1 is neither necessary nor enough; what *is* enough, with $a = 1$, is a largest singular
# value below 1.
#
# With two sliders the border between the two cases can be walked along: raise the radius until the runs no longer meet, then raise the input until they do.

# %% tags=["figure", "E16.3"]
plots.slider(
    lambda radius, strength: zoo_reservoir.one_radius(scaled, reservoir, radius, strength),
    zoo_reservoir.border(scaled, reservoir),
    radius=(0.3, 2.0, 0.1, 1.1),
    strength=(0.0, 3.0, 0.5, 0.5),
)

# %% [markdown]
# Next the proof that the kit's Keras layer `EchoState` is your network: its weights in your functions, and the largest difference.

# %% tags=["figure", "E16.3"]
from course_kit.datasets.dynamics import mackey_glass
from course_kit.layers import EchoState

series = mackey_glass(600, discard=200)[np.newaxis, :, np.newaxis]
layer = EchoState(50, 1, leak=0.5, seed=16, dtype="float64")
layer.fit(series[:, :-1], series[:, 1:], washout=100, ridge=1e-3)
V_kit, b_y_kit, W_kit, U_kit, b_kit = layer.get_weights()
mine = reservoir(series[:, :-1], np.zeros((1, 50)), W_kit, U_kit, b_kit, 0.5)
found = None if mine is None else read_out(mine[0, 100:], series[0, 101:], 1e-3)
if found is None:
    print("Answer E16.3 first: this cell compares it.")
else:
    print(f"states:   {np.abs(mine - layer.reservoir_states(series[:, :-1])).max():.1e}")
    print(f"read-out: {max(np.abs(found[0] - V_kit).max(), np.abs(found[1] - b_y_kit).max()):.1e}")
    print(f"weights that training changed: {V_kit.size + b_y_kit.size} of {layer.count_params()}")

# %% [markdown]
# Now the series that made echo state networks known. M. C. Mackey and L. Glass (1977) described the count of blood cells by $\dot x = 0.2\, x(t - \tau) / (1 + x(t - \tau)^{10}) - 0.1\, x$, which for $\tau = 17$ is chaotic. H. Jaeger's report of
# 2001 (GMD Report 148, section 6.4) trains 400 units on 3000 steps, the first 1000 of which are thrown away, lets the network hear 1000 new steps, then run on its own outputs for 84, and compares the last of them: the error over
# 20 such runs, divided by the standard deviation of the series, is called $\mathrm{NRMSE}_{84}$. He found 0.00028, and cites 0.0088 as the best before him, a self-organising map with local models. Three years later H. Jaeger and H. Haas
# (Science 304, 2004, 78-80) claimed a factor of 2400 over earlier techniques, with more units and refinements. The next cell does the experiment of 2001 with five reservoirs. His had its own output as the only input; here the series is the input, one step ahead the target, which on its own outputs is the same.

# %% tags=["figure"]
zoo_reservoir.mackey_glass_errors()

# %% [markdown]
# The caption has the numbers: the five lie on both sides of the error of 2001, and all of them well below the best method before it. Three things to know before one admires it. The settings (leak 0.5, radius 1.1, input scaling 0.5, ridge $10^{-13}$, input and reservoir to the read-out, and Jaeger's $\tanh(x - 1)$ in
# place of the series) were chosen from about twenty when this was written, on another stretch of the series and with other seeds. With a leak of 1, a radius of 0.79 and an input scaling of 0.14 three seeds ended at 0.05, 0.07 and 4. The read-out is found in one step, but somebody has to look for the reservoir, and that search is training too.
# Second, the seed alone moves the error, by nearly a factor of ten here. Third, what the figure does not show is noise: the series has none, and so small a ridge is of no use for anything that was ever measured.
#
# **To think about.** The reservoir has 400 units and the read-out 402 weights. Why does it pay to have so many, if only the read-out learns?

# %% [markdown] tags=["solution", "E16.3"]
# **Answer.** Because the read-out can only add up what is there. Each unit is one fixed non-linear function of the recent inputs; no one of them was made for the task, so there must be enough for some sum of them to fit. Trained units would be fewer, since each could become what is
# needed. The reservoir trades units for training.

# %% [markdown] tags=["slide:D2.11"]
# ## Only what was not foreseen
#
# ### E16.4 History compressor
#
# D2.11, *Нейронный компрессор истории* (Neural history compressor): a block that stores the essential past of a process in compressed form, a stack of recurrent networks that forms without a teacher. The idea is J. Schmidhuber's (Neural Computation 4, 1992). A network learns to predict its next input. What it predicts
# correctly carries no news: whoever owns the same network could have written it down. Only where it fails is there something to tell, and what has to be told is *what* came and *when*,
#
# $$\text{pass on } (t, x_t) \quad \text{if} \quad \hat x_t = \mathrm{predict}(x_0, \dots, x_{t-1}) \ne x_t .$$
#
# What is passed on is a sequence again, and shorter. A second network can learn that one, and there two things that lay a hundred steps apart may stand side by side. In place of times the upper level gets lags, the steps since the event before.
#
# **Write** `surprises(sequence, predict)`, the list of pairs $(t, x_t)$ that were not foreseen; `predict` takes the list of all symbols before and returns one. Then `events(passed_on)`, which makes of these the pairs (lag, $x$), as if there had been an event at time $-1$. Last
# `replay(passed_on, length, predict)`, which gets the whole sequence of `length` symbols back, as a list.
#
# **Checked for:** the symbols passed on and their times, with a predictor that notices when it is shown another past; the lags; the way back; that nothing is lost even with a predictor that is always wrong.


# %% tags=["stub", "E16.4"]
def surprises(sequence, predict):
    """The pairs (t, x) of the symbols of `sequence` that predict(list of the symbols before) did not give."""
    return None  # replace this line


def events(passed_on):
    """The pairs (lag, x) of the pairs (t, x): lag is how many steps after the one before, the first counted from -1."""
    return None  # replace this line


def replay(passed_on, length, predict):
    """The list of `length` symbols whose surprises were the pairs (t, x) of passed_on."""
    return None  # replace this line


# %% tags=["solution", "E16.4"]
def surprises(sequence, predict):
    """The pairs (t, x) of the symbols of `sequence` that predict(list of the symbols before) did not give."""
    return [(t, x) for t, x in enumerate(sequence) if predict(list(sequence[:t])) != x]


def events(passed_on):
    """The pairs (lag, x) of the pairs (t, x): lag is how many steps after the one before, the first counted from -1."""
    last, found = -1, []
    for t, x in passed_on:
        found.append((t - last, x))
        last = t
    return found


def replay(passed_on, length, predict):
    """The list of `length` symbols whose surprises were the pairs (t, x) of passed_on."""
    known, sequence = dict(passed_on), []
    for t in range(length):
        sequence.append(known[t] if t in known else predict(list(sequence)))
    return sequence


# %% tags=["check", "E16.4"]
check("E16.4")

# %% tags=["hint", "E16.4"]
# hint("E16.4", 1)

# %% [markdown]
# The figure gives your functions a sentence and a predictor that has counted, in 150 000 letters of other pages of Python's documentation, what most often follows the last five.

# %% tags=["figure", "E16.4"]
zoo_compressor.passed_on(surprises, replay)

# %% [markdown]
# Grey letters could be foreseen; the others went up. They gather at the beginnings of words and the forks within them, where there is a choice. Below stands what came back from them. What the figure does not show is the price of the predictor itself: its table is longer than
# the sentence. Compression pays where the predictor is used for much more than it was learned from.
#
# Now the experiment for which it was made. Schmidhuber's paper reports a test by J. Hochreiter: of 22 symbols $a, x, b_1, \dots, b_{20}$ the sequences $a\, b_1 \dots b_{20}$ and $x\, b_1 \dots b_{20}$ come in random order, and at the end the network must say which it was. A conventional recurrent network did
# not learn it in a million sequences; of 17 runs with a compressor 13 needed fewer than 5000. Here the answer is a last symbol, $a$ or $x$ again, as in task 2a of Hochreiter and Schmidhuber (1997). An Elman net (notebook 03) with 24 units learns to predict, 300 steps of Adam on both sequences; a
# second one of 4 units gets its surprises.

# %% tags=["figure"]
zoo_compressor.long_lag((5, 20), seeds=(0, 1))

# %% [markdown]
# The last symbol is the only one that needs the first. With five symbols between, the Elman net finds it by itself. With twenty it guesses: of the two ends it misses one, whichever it settles for. For the compressor the lag does not
# matter. Everything between is foreseen by the lower net, so the upper one sees two events side by side, and what remains is the first symbol, which nobody can know. For the third bar the lower net was trained a second time, to give the upper net's
# state as well as the next symbol. That state stands still from one surprise to the next, so the lower net is told at *every* step what it ought to have kept, and learns to bridge the gap by itself; Schmidhuber speaks of collapsing the hierarchy.
#
# Would more patience have helped the Elman net alone? Measured when this was written, with 16 units, three seeds each: with ten symbols between it depends on the seed whether 300 steps are enough. With twenty and with sixty all six nets still guessed after 2000 steps, at losses of 0.0332 and 0.0118 a symbol. To know all but
# the last symbol costs $\ln 2 / 21 = 0.0330$ and $\ln 2 / 61 = 0.0114$: they had learned all that a net without memory can. With imitation, 24 units and 400 steps, five seeds of five bridged both lags. The net is today's, with orthogonal initial weights, Adam and the clipped gradient through all steps, and the finding that of 1992. What the figure does not show is
# a noisy world: here everything between is perfectly regular.
#
# **To think about.** In Schmidhuber's task the lag between the two events is the same in each sequence. What would the upper net see if the symbols between were drawn at random?

# %% [markdown] tags=["solution", "E16.4"]
# **Answer.** Every one of them, since none can be foreseen, and the lag at the upper level would be as long as below. The compressor shortens what is regular; against noise it is of no use. For that case (task 2c of Hochreiter and Schmidhuber) something has to decide what is worth keeping, and that is what the
# gates of notebook 08 are for.

# %% tags=["figure"]
progress()
