# %% [markdown]
# # 04 An ODE becomes an RNN
#
# After this notebook you can
#
# - integrate a system of ordinary differential equations (ODEs) and say how fast the error falls with the step,
# - fit its vector field with $n$ $\tanh$ units, by one linear least-squares problem and no training loop,
# - turn the fitted network, by algebra alone, into a recurrent neural network (RNN) that runs the system, with and without an input,
# - say what the universal approximation theorem for recurrent networks promises, and measure what it does not.
#
# Slides: D1.7, D1.8, D1.9. Time: about two hours. Before it: notebook 03. NumPy is enough; Keras enters once, to run the
# result as a `SimpleRNN`.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import ode, ode_limits, ode_runs

# %% [markdown] tags=["slide:D1.7", "slide:D1.8"]
# ## A bold claim
#
# Slide D1.7, *Рекуррентные сети IV (1/3)* (Recurrent networks IV, build 1: vector form), writes Elman's network of notebook 03 with
# vectors. The lecturer has columns and calls the input kernel $\mathbf U$, the recurrent one $\mathbf W$; the kit has rows and Keras'
# letters:
#
# | | D1.7 | here | shape here |
# | --- | --- | --- | --- |
# | state | $\mathbf h_k=\sigma_h(\mathbf U\mathbf x_k+\mathbf W h_{k-1}+\mathbf b_h)$ | $h_k=\sigma_h(x_k\,W+h_{k-1}\,U+b_h)$ | $(N, n)$ |
# | output | $\mathbf y_k=\sigma_y(\mathbf V h_k+\mathbf b_y)$ | $y_k=\sigma_y(h_k\,V+b_y)$ | $(N, o)$ |
# | input kernel | $\mathbf U$ | $W$ | $(m, n)$ |
# | recurrent kernel | $\mathbf W$ | $U$ | $(n, n)$ |
#
# Slide D1.8, *Рекуррентные сети IV (2/3): Theorem* (Recurrent networks IV, build 2: universal approximation theorem), then says
# what such a network can do: approximate any non-linear dynamical system to any accuracy, without a restriction to compact state
# spaces, if only its hidden layer is large enough. In symbols, and this is our reading of the slide's sentence, for the true state
# $s(t)$ and that of a network of $n$ units, $\hat s_n(t)$,
#
# $$\forall\,\varepsilon>0\ \ \exists\,n:\quad \lVert s(t)-\hat s_n(t)\rVert<\varepsilon .$$
#
# One can believe that or build it. The proof that D1.9 cites is a construction, and it fits on one line:
#
# $$\dot s = g(s) \;\approx\; \tanh(s A + b)\,C, \qquad u = sA+b \;\Rightarrow\; \dot u = \dot s\,A = \tanh(u)\,CA .$$
#
# First fit the right-hand side of the differential equation with a layer of $\tanh$ units, an ordinary feed-forward network. Then
# take the arguments $u$ of these units as the state. What comes out is a recurrent network whose recurrent kernel is $CA$. The
# exercises go along this line, one symbol at a time.
#
# ## The world: a system that moves

# %% [markdown] tags=["slide:D1.9"]
# ### E04.1 A vector field
#
# D1.9, *Рекуррентные сети IV (3/3): автономные и неавтономные ОДУ* (Recurrent networks IV, build 3: autonomous and
# non-autonomous ODEs). The slide writes the two kinds of systems,
#
# $$\dot s = g(s) \quad\text{(autonomous)}, \qquad \dot s = g(s) + f(t) \quad\text{(non-autonomous)}, \qquad s(0)\in S_0,$$
#
# with the state $s$ a row of $d$ numbers. The function $g$ is a *vector field*: it tells at each point in which direction, and how
# fast, the system moves. Ours is van der Pol's oscillator, a spring with a damping that changes sign. With the place $x$, the speed $v$
# and $s = (x, v)$,
#
# $$\dot x = v, \qquad \dot v = \mu\,(1-x^2)\,v - x .$$
#
# Near the middle, $|x|<1$, the damping pushes; further out it brakes. Whatever the start (but the origin itself), the system ends
# on one closed curve, its *limit cycle*.
#
# A computer moves in steps of $dt$. Euler's method follows the arrow at the start of a step. The classical Runge-Kutta method asks four
# times for the direction, at the start, twice in the middle, at the end, and takes a mean:
#
# $$k_1=g(s),\quad k_2=g(s+\tfrac{dt}2k_1),\quad k_3=g(s+\tfrac{dt}2k_2),\quad k_4=g(s+dt\,k_3),\qquad
# s \leftarrow s+\tfrac{dt}6\,(k_1+2k_2+2k_3+k_4).$$
#
# **Write** `van_der_pol(s, mu)` for `s` $(N, 2)$, and `euler(g, s, dt, steps)` and `rk4(g, s, dt, steps)`, where `g` is a function of
# an array $(N, d)$ and the path that comes back is $(N, \text{steps}+1, d)$ with the start in front. **Checked for:** values of all three, on another field too;
# the error of `rk4` must fall by 16 when the step is halved, that of `euler` by 2.


# %% tags=["stub", "E04.1"]
def van_der_pol(s, mu=1.0):
    """The directions (x', v') at the points s (N, 2), whose columns are x and v; returns (N, 2)."""
    return None  # replace this line


def euler(g, s, dt, steps):
    """Euler's path from s (N, d) along the field g; returns (N, steps + 1, d)."""
    return None  # replace this line


def rk4(g, s, dt, steps):
    """The classical Runge-Kutta path from s (N, d) along the field g; returns (N, steps + 1, d)."""
    return None  # replace this line


# %% tags=["solution", "E04.1"]
def van_der_pol(s, mu=1.0):
    """The directions (x', v') at the points s (N, 2), whose columns are x and v; returns (N, 2)."""
    x, v = s[:, 0], s[:, 1]
    return np.stack([v, mu * (1 - x**2) * v - x], axis=1)


def euler(g, s, dt, steps):
    """Euler's path from s (N, d) along the field g; returns (N, steps + 1, d)."""
    path = [s]
    for _ in range(steps):
        s = s + dt * g(s)
        path.append(s)
    return np.stack(path, axis=1)


def rk4(g, s, dt, steps):
    """The classical Runge-Kutta path from s (N, d) along the field g; returns (N, steps + 1, d)."""
    path = [s]
    for _ in range(steps):
        k1 = g(s)
        k2 = g(s + dt / 2 * k1)
        k3 = g(s + dt / 2 * k2)
        k4 = g(s + dt * k3)
        s = s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        path.append(s)
    return np.stack(path, axis=1)


# %% tags=["check", "E04.1"]
check("E04.1")

# %% tags=["hint", "E04.1"]
# hint("E04.1", 1)

# %% tags=["figure", "E04.1"]
ode.vector_field(van_der_pol, euler, rk4)

# %% [markdown]
# Left, the arrows show directions only; their lengths are set equal. At this coarse step Euler's path swings too wide, and it settles on a closed curve
# as well, a wrong one. That is worth remembering: a path that looks healthy may be that of another system. Right, Euler's line falls by one decade for
# each decade of $dt$, Runge-Kutta's by four. What the figure does not show is the price, four calls of $g$ a step instead of one.
#
# **To think about.** Euler's rule $s_{k+1} = s_k + dt\,g(s_k)$ already is a recurrent network of a kind: a state, the same step again and again. What does
# it lack of D1.7?

# %% [markdown] tags=["solution", "E04.1"]
# **Answer.** $g$ may be any function, whereas the network of D1.7 only has matrices and one fixed curve, $\tanh$, applied unit by unit. The
# square and the product in $(1-x^2)\,v$ have to be made of these.

# %% [markdown]
# ## The network: n units that know the field

# %% [markdown] tags=["slide:D1.8", "slide:D1.9"]
# ### E04.2 Fit it with n tanh units
#
# D1.8, *Рекуррентные сети IV (2/3): Theorem* (Recurrent networks IV, build 2: universal approximation theorem); D1.9, *Рекуррентные сети IV
# (3/3): автономные и неавтономные ОДУ* (Recurrent networks IV, build 3: autonomous and non-autonomous ODEs).
#
# What $\tanh$ units can make of a function is the older theorem of approximation, that for feed-forward networks: on a bounded, closed set one hidden layer
# comes as near to any continuous function as you like. The simulations that D1.9 cites (arXiv 1512.05702) train that layer by backpropagation. There is a quicker
# way. Draw the input side at random and leave it; then only $C$ is unknown, and $C$ enters linearly:
#
# $$\hat g(s)=\tanh(s A + b)\,C, \qquad A\ (d,n),\quad b\ (n,),\quad C\ (n,d).$$
#
# For points $s$ $(N, d)$ with known directions, write $H=\tanh(sA+b)$ $(N, n)$. The best $C$ minimises $\lVert H C-g(s)\rVert$, which is a
# linear least-squares problem, solved in milliseconds and without a learning rate.
#
# The next cell draws the units. Each bends along a random direction at a random place of the box $|x|\le3$, $|v|\le4$, gently enough to be curved all
# over it.


# %%
HALF = np.array([3.0, 4.0])  # the box: |x| <= 3, |v| <= 4


def random_units(n, half, seed):
    """A (d, n) and b (n,) of n units that bend somewhere in the box from -half to half."""
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=(len(half), n))
    A = direction / np.linalg.norm(direction, axis=0) * rng.uniform(0.3, 1.0, n) / half[:, None]
    bends_at = rng.uniform(-half, half, (n, len(half)))
    return A, -(bends_at * A.T).sum(axis=1)


# %% [markdown]
# **Write** `net_field(s, A, b, C)`, the field of the network, and `fit_output(s, values, A, b)`, which returns the best $C$ $(n, d)$ for the directions
# `values` $(N, d)$ at the points `s` $(N, d)$. **Checked for:** values of both; at points that were not fitted to, the error must fall from 10 to 20 to 40 to
# 80 units and end below 0.001.


# %% tags=["stub", "E04.2"]
def net_field(s, A, b, C):
    """The network's direction at each point: s (N, d), A (d, n), b (n,), C (n, d); returns (N, d)."""
    return None  # replace this line


def fit_output(s, values, A, b):
    """The C (n, d) that brings the network nearest to values (N, d) at the points s (N, d)."""
    return None  # replace this line


# %% tags=["solution", "E04.2"]
def net_field(s, A, b, C):
    """The network's direction at each point: s (N, d), A (d, n), b (n,), C (n, d); returns (N, d)."""
    return np.tanh(s @ A + b) @ C


def fit_output(s, values, A, b):
    """The C (n, d) that brings the network nearest to values (N, d) at the points s (N, d)."""
    return np.linalg.lstsq(np.tanh(s @ A + b), values, rcond=None)[0]


# %% tags=["check", "E04.2"]
check("E04.2")

# %% tags=["hint", "E04.2"]
# hint("E04.2", 1)

# %% tags=["figure", "E04.2"]
ode.fit(net_field, fit_output, random_units)

# %% [markdown]
# On the right the error falls, from about 1 to about $10^{-5}$, and faster with each doubling: the field is smooth, and smooth functions are cheap. The
# crosses show how much hangs on the draw of the units, up to a factor of 5. On the left is the same error along one line. In the shaded range more units help at
# once. Outside, all four lines turn up; E04.6 goes there. What the figure does not show is $C$. Its largest entries are in the tens of thousands for 80
# units: large terms that nearly cancel.
#
# **To think about.** Textbooks solve least squares by the normal equations, $C=(H^\top H)^{-1}H^\top g$. Try it with 80 units. Why is it so much worse?

# %% [markdown] tags=["solution", "E04.2"]
# **Answer.** The units are drawn at random and overlap, so the columns of $H$ are nearly dependent: for 80 units the largest singular value of $H$ is some
# $10^{11}$ times the smallest. $H^\top H$ squares that, to beyond what 16 digits can hold, and the error comes out some seventy times larger.
# `lstsq` works on $H$ itself. The next cell measures both.

# %% tags=["figure"]
s = np.random.default_rng(4).uniform(-HALF, HALF, (2000, 2))
A, b = random_units(80, HALF, 0)
H, values = np.tanh(s @ A + b), van_der_pol(s)
if values is not None:
    for name, C in (
        ("normal equations", np.linalg.solve(H.T @ H, H.T @ values)),
        ("least squares", fit_output(s, values, A, b)),
    ):
        if C is not None:
            print(
                f"{name:17s} error {np.sqrt(np.mean((H @ C - values) ** 2)):.1e}, largest entry of C {abs(C).max():.0e}"
            )
    print(f"condition number of H: {np.linalg.cond(H):.0e}")

# %% [markdown]
# ## The trick: the units become the state

# %% [markdown] tags=["slide:D1.7", "slide:D1.9"]
# ### E04.3 Recast as an RNN
#
# D1.7, *Рекуррентные сети IV (1/3)* (Recurrent networks IV, build 1: vector form); D1.9, *Рекуррентные сети IV (3/3): автономные и неавтономные ОДУ*
# (Recurrent networks IV, build 3: autonomous and non-autonomous ODEs).
#
# So far $\hat g$ is a feed-forward network that somebody has to ask again at each step. Now take the arguments of its units,
#
# $$u = sA+b\quad (N, n),$$
#
# as the state, and ask how they move. $A$ and $b$ are constant, so $\dot u=\dot s\,A$. Put $\dot s=\tanh(sA+b)\,C=\tanh(u)\,C$ in, and $s$ is gone:
#
# $$\dot u=\tanh(u)\;U, \qquad U \text{ a matrix } (n,n) \text{ made of } A \text{ and } C .$$
#
# That is a network of $n$ units that read nothing but each other: a *recurrent* network, in continuous time. One Euler step of it is
# $u\leftarrow u+dt\tanh(u)\,U$. When the state of the system is wanted, solve $sA=u-b$ for $s$. There are $n$ equations for $d$ unknowns, but they do not
# contradict each other, because $u$ never leaves the $d$-dimensional plane of all $sA+b$; the pseudo-inverse $A^+$ $(n, d)$ (`np.linalg.pinv`) finds the
# solution, $s=(u-b)\,A^+$.
#
# Nothing was approximated on the way from the second formula to the third. All error of the recurrent network is the error of the fit.
#
# **Write** `recast(A, C)`, which returns $U$; `to_hidden(s, A, b)` and `to_state(u, A, b)`, the way there and back, for any number of axes in front;
# `run_hidden(u, U, dt, steps)`, Euler steps of the recurrent network from `u` $(N, n)$, $(N, \text{steps}+1, n)$ with the start in front. **Checked for:**
# values; the matrix form against a sum over units, one unit at a time; the hidden path, mapped back, against Euler's path of the fitted field.


# %% tags=["stub", "E04.3"]
def recast(A, C):
    """The recurrent kernel U (n, n) for A (d, n) and C (n, d)."""
    return None  # replace this line


def to_hidden(s, A, b):
    """The units' arguments u (..., n) for states s (..., d)."""
    return None  # replace this line


def to_state(u, A, b):
    """The states s (..., d) for the units' arguments u (..., n)."""
    return None  # replace this line


def run_hidden(u, U, dt, steps):
    """Euler steps of u' = tanh(u) U from u (N, n); returns (N, steps + 1, n)."""
    return None  # replace this line


# %% tags=["solution", "E04.3"]
def recast(A, C):
    """The recurrent kernel U (n, n) for A (d, n) and C (n, d)."""
    return C @ A


def to_hidden(s, A, b):
    """The units' arguments u (..., n) for states s (..., d)."""
    return s @ A + b


def to_state(u, A, b):
    """The states s (..., d) for the units' arguments u (..., n)."""
    return (u - b) @ np.linalg.pinv(A)


def run_hidden(u, U, dt, steps):
    """Euler steps of u' = tanh(u) U from u (N, n); returns (N, steps + 1, n)."""
    return euler(lambda u: np.tanh(u) @ U, u, dt, steps)


# %% tags=["check", "E04.3"]
check("E04.3")

# %% tags=["hint", "E04.3"]
# hint("E04.3", 1)

# %% tags=["figure", "E04.3"]
network = ode_runs.fitted(20)
ode.recast(recast, to_hidden, to_state, run_hidden, network.A, network.b, network.C)

# %% [markdown]
# Left is the reason why it works. $U=CA$ is a $20\times20$ matrix, but all except two of its singular values are rounding: whatever the units do, they are moved in two
# directions only, those of $x$ and $v$. In the middle are five of the units. No unit *is* $x$ or $v$; the oscillation is in all of them together. Right, mapped back,
# stands the oscillator. The difference in the title is rounding, blown up by the large entries of $C$. What the figure does not show is how good the fit is: the circles are Euler's
# steps of the *fitted* field.
#
# **To think about.** The network is started at a $u$ that is *not* on the plane of all $sA+b$, say after a disturbance. Does it come back?

# %% [markdown] tags=["solution", "E04.3"]
# **Answer.** No. $\dot u=\tanh(u)\,CA$ always lies in the row space of $A$, so the part of $u$ off the plane is never changed: neither corrected nor made worse. But it stays in the
# arguments of the $\tanh$, so from then on the network runs another field. Funahashi and Nakamura have a leak in their network, $\dot u=-u/\tau+\dots$, which lets such a part
# die out. (To get it, fit $g(s)+s/\tau$ in place of $g(s)$.)

# %% [markdown]
# ## It runs

# %% [markdown] tags=["slide:D1.8", "slide:D1.9"]
# ### E04.4 Simulate
#
# D1.8, *Рекуррентные сети IV (2/3): Theorem* (Recurrent networks IV, build 2: universal approximation theorem); D1.9, *Рекуррентные сети IV (3/3):
# автономные и неавтономные ОДУ* (Recurrent networks IV, build 3: autonomous and non-autonomous ODEs).
#
# Now the network meets the true system. To see its own error, and not that of Euler's method, let Runge-Kutta carry it: `rk4` does not care whether its field is that
# of a spring or of $n$ units. The measure is that of the theorem, the largest distance at any time,
#
# $$\max_k \lVert s(t_k)-\hat s_n(t_k)\rVert, \qquad t_k=k\,dt\le10,$$
#
# where $\lVert\cdot\rVert$ is the length of a row of $d$ numbers.
#
# **Write** `simulate(s, A, b, C, dt, steps)`: to the hidden units, through `rk4` with the recurrent kernel, and back; it returns the states $(N, \text{steps}+1, d)$. And
# `largest_distance(path, true)`, one number for two arrays $(N, K, d)$. **Checked for:** values; with 80 units and three starts, a largest distance below 0.01 up to $t = 10$.


# %% tags=["stub", "E04.4"]
def simulate(s, A, b, C, dt, steps):
    """The recurrent network's states from s (N, d), by Runge-Kutta steps of its units; returns (N, steps + 1, d)."""
    return None  # replace this line


def largest_distance(path, true):
    """The largest distance of corresponding states: path and true (N, K, d); returns one number."""
    return None  # replace this line


# %% tags=["solution", "E04.4"]
def simulate(s, A, b, C, dt, steps):
    """The recurrent network's states from s (N, d), by Runge-Kutta steps of its units; returns (N, steps + 1, d)."""
    U = recast(A, C)
    u = rk4(lambda u: np.tanh(u) @ U, to_hidden(s, A, b), dt, steps)
    return to_state(u, A, b)


def largest_distance(path, true):
    """The largest distance of corresponding states: path and true (N, K, d); returns one number."""
    return np.linalg.norm(path - true, axis=-1).max()


# %% tags=["check", "E04.4"]
check("E04.4")

# %% tags=["hint", "E04.4"]
# hint("E04.4", 1)

# %% tags=["figure", "E04.4"]
ode_runs.phase_portrait(simulate, largest_distance)

# %% [markdown]
# This is the theorem of D1.8 at work: name an $\varepsilon$, read off an $n$. Ten units make an oscillator of their own; it also has a limit cycle, but a larger one, and a turn takes 7.06 in place of 6.66. To the eye
# twenty are enough, and the last panel tells what the eye does not. Where widgets run, move $n$ yourself. What the figure does not show: $n$ is not the only thing that
# counts. The box must hold the whole path, and the curve of the distances has not stopped rising at $t=10$.
#
# **To think about.** Every network here has 4 $n$ numbers ($A$, $C$) and $n$ more ($b$). The recurrent kernel alone has $n^2$. How many of these $n^2$ are free?

# %% [markdown] tags=["solution", "E04.4"]
# **Answer.** $U=CA$ is of rank $d=2$; its $6400$ entries for $n=80$ are products of the $320$ numbers in $A$ and $C$. A general recurrent network could do far more than this: $n$
# dimensions of state instead of two. The construction shows what is *possible* with $n$ units, not what $n$ units can do at most.

# %% [markdown] tags=["slide:D1.9"]
# ### E04.5 Push it
#
# D1.9, *Рекуррентные сети IV (3/3): автономные и неавтономные ОДУ* (Recurrent networks IV, build 3: autonomous and non-autonomous ODEs). The second line of the
# slide, with the reference to Chow and Li (2000), has a force that comes from outside:
#
# $$\dot s=g(s)+f(t), \qquad f(t)\ (d,).$$
#
# The time $t$ does not enter $g$, so the fit can stay as it is. Only the recast must be done once more, and the force finds its way in as the network's *input*:
#
# $$\dot u=\tanh(u)\,U+f(t)\,W .$$
#
# A Runge-Kutta step needs the force at its start, in its middle and at its end. So `f` comes as an array $(2K+1, d)$ of values at half steps: row $2k$ is $f(k\,dt)$, row $2k+1$ is
# $f(k\,dt+dt/2)$. Step $k$ uses row $2k$ for $k_1$, row $2k+1$ for $k_2$ and $k_3$, and row $2k+2$ for $k_4$.
#
# **Write** two things.
#
# 1. `kernel`: what is the input kernel $W$ $(d, n)$? `"a"` the identity; `"b"` $A$; `"c"` $C$; `"d"` $CA$.
# 2. `simulate_forced(s, f, A, b, C, dt)`: the states $(N, K+1, d)$ of the recurrent network under the force, the same for all $N$ starts.
#
# **Checked for:** the letter; values under a random force; $f=0$, which must give what E04.4 gave; van der Pol's oscillator under a periodic force, within 0.01.

# %% tags=["stub", "E04.5"]
kernel = None  # replace this line: "a", "b", "c" or "d"


def simulate_forced(s, f, A, b, C, dt):
    """The recurrent network's states from s (N, d) under f (2K + 1, d), sampled at half steps; returns (N, K + 1, d)."""
    return None  # replace this line


# %% tags=["solution", "E04.5"]
kernel = "b"


def simulate_forced(s, f, A, b, C, dt):
    """The recurrent network's states from s (N, d) under f (2K + 1, d), sampled at half steps; returns (N, K + 1, d)."""
    U, pushed = recast(A, C), f @ A
    u = to_hidden(s, A, b)
    path = [u]
    for k in range((len(f) - 1) // 2):
        start, middle, end = pushed[2 * k : 2 * k + 3]
        k1 = np.tanh(u) @ U + start
        k2 = np.tanh(u + dt / 2 * k1) @ U + middle
        k3 = np.tanh(u + dt / 2 * k2) @ U + middle
        k4 = np.tanh(u + dt * k3) @ U + end
        u = u + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        path.append(u)
    return to_state(np.stack(path, axis=1), A, b)


# %% tags=["check", "E04.5"]
check("E04.5")

# %% tags=["hint", "E04.5"]
# hint("E04.5", 1)

# %% tags=["figure", "E04.5"]
ode_runs.forced(simulate_forced, ode_runs.fitted(80))

# %% [markdown]
# The same 80 units, fitted once and never shown a force, follow the pushed oscillator nearly as closely as the free one. The grey line is what they get to read, one number at a time. What the
# figure does not show is a force strong enough to drive the path out of the box. Then the fit is asked for what it never saw.
#
# **To think about.** The friction is changed as well, $\mu=\mu(t)$. Can that enter as an input in the same way?

# %% [markdown] tags=["solution", "E04.5"]
# **Answer.** No. $\mu(t)$ multiplies $(1-x^2)\,v$, so it does not stand beside $g(s)$ but inside it. One way out: make $\mu$ a third coordinate of the state, fit
# $g(x, v, \mu)$ on a box with one more dimension, and let the input move that coordinate.

# %% [markdown] tags=["slide:D1.7"]
# ## The slide's network, letter for letter
#
# What you have built runs in continuous time, and $\tanh(u)\,U$ is added to the old state. D1.7, *Рекуррентные сети IV (1/3)* (Recurrent networks IV, build 1: vector form), has steps, and
# $\tanh$ goes around everything. One change bridges the gap: fit $C$ not to the field but to the *step*, the map $\Phi$ from $s(t)$ to $s(t+dt)$, so that $\Phi(s)\approx\tanh(sA+b)\,C$. With
# $h_k=\tanh(s_k A+b)$ the same algebra gives
#
# $$h_k=\tanh\bigl(h_{k-1}\,CA+b\bigr), \qquad s_{k+1}=h_k\,C ,$$
#
# which is Elman's network with $U=CA$, $b_h=b$, $V=C$, $b_y=0$ and the identity for $\sigma_y$. An impulse $dt\,f_k$ before each step adds $f_k\,W$ with
# $W=dt\,A$. So it is a `keras.layers.SimpleRNN` followed by a `Dense`, with weights that nobody trained. The next cell builds it, for steps of 0.1, and compares it with the twin in NumPy and with the
# true oscillator.

# %% tags=["figure"]
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras

from course_kit.reference import OdeNetwork, elman_forward
from course_kit.reference.integrators import rk4 as true_path

dt, K = 0.1, 100
impulses = np.zeros((1, K, 2))
impulses[0, :, 1] = np.cos(1.7 * dt * np.arange(K))


def one_step(s):
    """Where the oscillator is after dt."""
    return true_path(ode.oscillator, s, dt / 10, 10)[:, -1]


true = [np.array([[2.0, 0.0]])]
for k in range(K):
    true.append(one_step(true[-1] + dt * impulses[:, k]))
true = np.stack(true, axis=1)


def in_keras(W, U, b_h, V, b_y, h_0, dtype):
    """The outputs of a SimpleRNN and a Dense layer with these weights."""
    rnn = keras.layers.SimpleRNN(len(b_h), return_sequences=True, dtype=dtype)
    dense = keras.layers.Dense(len(b_y), dtype=dtype)
    rnn.build((None, None, len(W)))
    dense.build((None, None, len(V)))
    rnn.set_weights([W, U, b_h])
    dense.set_weights([V, b_y])
    h = rnn(impulses.astype(dtype), initial_state=[keras.ops.convert_to_tensor(h_0, dtype)])
    return keras.ops.convert_to_numpy(dense(h))


print("  n   distance from the true path        Keras - twin")
print("      64 bits            32 bits         64 bits")
for n in (20, 40, 80):
    weights = OdeNetwork.fit(one_step, -HALF, HALF, n, seed=0).elman(dt)
    # The network reads h_0 through C alone, so any h_0 with h_0 C = s(0) will do; this is the shortest.
    h_0 = true[:, 0] @ np.linalg.pinv(weights[3])
    twin, _ = elman_forward(impulses, h_0, *weights)
    outputs = [in_keras(*weights, h_0, dtype) for dtype in ("float64", "float32")]
    far = [np.linalg.norm(y - true[:, 1:], axis=-1).max() for y in outputs]
    print(f"{n:3d}   {far[0]:.1e}            {far[1]:.1e}         {abs(outputs[0] - twin).max():.1e}")

# %% [markdown]
# In 64-bit numbers the `SimpleRNN` follows the oscillator, the better the more units, and agrees with the twin to eight digits or more. In 32-bit numbers, Keras'
# default, it is lost, and more units do not help. The construction lives on large terms that nearly cancel ($C$ has entries in the thousands), and seven digits are too few for that.
# "There is an $n$" is a statement about real numbers. On a machine $n$ helps only as far as the digits reach, and weights found by training are not of this kind.

# %% [markdown]
# ## The small print

# %% [markdown] tags=["slide:D1.8"]
# ### E04.6 What the theorem does not say
#
# D1.8, *Рекуррентные сети IV (2/3): Theorem* (Recurrent networks IV, build 2: universal approximation theorem). The sentence on the slide is short. What Funahashi and Nakamura
# prove in 1993 has conditions, and Chow and Li's version for forced systems speaks of finite time as well. In our words: let $g$ be continuously differentiable on an open set, which may be all of
# space. Let the starts $S_0$ lie in a *compact* set, that is a bounded one with its edge, and let the time end at some finite $T$. Then for every
# $\varepsilon>0$ there is an $n$ such that the network stays within $\varepsilon$ for $0\le t\le T$. So the slide is right that the *state space* need not be compact. But the starts must be
# bounded, and so must the time, and both were said silently. Three experiments show what hangs on them.
#
# **Outside the box.** The field was fitted on $|x|\le3$, $|v|\le4$. Here is its error on frames of another size, and what becomes of starts outside.

# %% tags=["figure"]
ode_limits.escape()

# %% [markdown]
# Just outside, the fit still holds for a while, and a path that comes back into the box is caught again. Far out it holds no more than a constant would: a sum of $n$ bounded terms cannot follow a
# field that grows like a cube, and all four lines meet. From $x=8$ both networks move off in the wrong direction.
#
# **A long time, and chaos.** An error of the field acts at each step. What becomes of it depends on the system. On van der Pol's cycle neighbouring paths are drawn together, only the
# phase drifts, and the distance grows in proportion to $t$. On the attractor of Lorenz (1963), $\dot x=10\,(y-x)$, $\dot y=x\,(28-z)-y$, $\dot z=xy-\tfrac83z$, neighbouring paths part, and
# a small distance grows like
#
# $$\text{distance}(t)\approx\varepsilon\,e^{\lambda t} .$$
#
# The rate $\lambda$ is called the Lyapunov exponent. On a logarithmic scale such growth is a straight line with slope $\lambda$, until the distance is as large as the attractor and can grow no more.
#
# **Write** five things.
#
# 1. `growth_rate(t, distance, low, high)`: the rate $\lambda$, per unit of time and to base $e$. Take the entries from the first with a distance of at least `low` up to, and without, the first with a
#    distance above `high` (both will occur), and fit a straight line through the logarithms by least squares, for instance with `np.polyfit`.
# 2. `horizon(eps, size, rate)`: the time after which an error `eps` has grown to `size`.
# 3. `outside`: a start outside the box. `"a"` The error is as small as inside, since the fit holds everywhere; `"b"` such a start is always lost; `"c"` the fit promises nothing, and far
#    outside no number of units helps; `"d"` it is a matter of $n$: fitted on the same box, enough units follow from any start.
# 4. `hangs_on`: for a given system, what does the $n$ of the theorem depend on? `"a"` on $\varepsilon$ alone; `"b"` on $\varepsilon$ and $T$; `"c"` on $T$ and the set of starts; `"d"` on $\varepsilon$, $T$ and the
#    set of starts.
# 5. `ten_times`: on Lorenz' attractor an error ten times smaller can be trusted `"a"` ten times as long; `"b"` for a fixed time longer, about 2.6 for $\lambda=0.9$; `"c"` no longer; `"d"` for
#    ever.
#
# **Checked for:** the rate on made-up distances and on pairs of Lorenz paths; the horizon; the three letters.


# %% tags=["stub", "E04.6"]
def growth_rate(t, distance, low, high):
    """Rate of exponential growth between low and high: t (K,), distance (K,); returns one number."""
    return None  # replace this line


def horizon(eps, size, rate):
    """The time in which an error eps grows to size at the given rate."""
    return None  # replace this line


outside = None  # replace this line: "a", "b", "c" or "d"

hangs_on = None  # replace this line: "a", "b", "c" or "d"

ten_times = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E04.6"]
def growth_rate(t, distance, low, high):
    """Rate of exponential growth between low and high: t (K,), distance (K,); returns one number."""
    first, last = np.argmax(distance >= low), np.argmax(distance > high)
    return np.polyfit(t[first:last], np.log(distance[first:last]), 1)[0]


def horizon(eps, size, rate):
    """The time in which an error eps grows to size at the given rate."""
    return np.log(size / eps) / rate


outside = "c"

hangs_on = "d"

ten_times = "b"

# %% tags=["check", "E04.6"]
check("E04.6")

# %% tags=["hint", "E04.6"]
# hint("E04.6", 1)

# %% [markdown]
# The next cell runs Lorenz' system from 20 places of its attractor: twice, from starts that differ by $10^{-9}$, and through networks of 80, 160 and 320 units, fitted to its field on a box around the
# attractor. It takes a few seconds.

# %% tags=["figure", "E04.6"]
t, distances = ode_limits.runs_apart()
ode_limits.growth(growth_rate, horizon, t, distances)

# %% [markdown]
# Left, ten times the time is ten times the distance: two lines of slope 1. Right, your rate runs beside the black curve. The literature gives 0.906 for the exponent of this system over a very
# long time; twenty starts and 25 units of time give 0.87. The networks' curves rise with about the same slope from where their fit leaves them, and each doubling of $n$, which makes the field some 30 times
# more accurate, buys a few units of time: their distances pass 1 at $t=2$, 4 and 11. So for every $T$ there is an $n$, just as the theorem says, and $T$ costs dearly.
#
# **To think about.** After $t=15$ none of the networks is anywhere near the true path. Is it then useless as a model of Lorenz' system?

# %% [markdown] tags=["solution", "E04.6"]
# **Answer.** As a forecast of the state at one moment, yes. But it may still draw the same attractor, turn about the same two wings, with the same shares of time: a weather model that is useless for the weather in
# three weeks may know the climate well. The theorem says nothing of that, in either direction. It speaks of paths on finite time.

# %% [markdown]
# ## What you have now
#
# A recurrent network that was never trained and runs a given system to five digits; its kernels $W=A$ and $U=CA$ derived, not learned; and a theorem with its conditions put back. The construction is in
# the kit as `from course_kit.reference import OdeNetwork`. It shows that good weights *exist*. Finding them from data, step by step along a sequence, is another matter, and the subject of notebooks 05 to 07.

# %% tags=["figure"]
progress()
