"""Wrong answers to notebook 04 that its checks must refuse."""

from tests.mutants import Mutant

PATH = """
def {name}(g, s, dt, steps):
    path = [s]
    for _ in range(steps):
        {step}
        path.append(s)
    return {result}
"""
STACKED = "np.stack(path, axis=1)"


def euler(step="s = s + dt * g(s)", result=STACKED):
    return PATH.format(name="euler", step=step, result=result)


def rk4(k2="g(s + dt / 2 * k1)", k3="g(s + dt / 2 * k2)", k4="g(s + dt * k3)", mean="(k1 + 2*k2 + 2*k3 + k4) / 6"):
    step = f"k1 = g(s); k2 = {k2}; k3 = {k3}; k4 = {k4}; s = s + dt * {mean}"
    return PATH.format(name="rk4", step=step, result=STACKED)


SIMULATE = """
def simulate(s, A, b, C, dt, steps):
    U = recast(A, C)
    u = {method}(lambda u: np.tanh(u) @ U, to_hidden(s, A, b), dt, steps)
    return {result}
"""


def simulate(method="rk4", result="to_state(u, A, b)"):
    return SIMULATE.format(method=method, result=result)


FORCED = """
def simulate_forced(s, f, A, b, C, dt):
    U, pushed = recast(A, C), {pushed}
    u = to_hidden(s, A, b)
    path = [u]
    for k in range({steps}):
        start, middle, end = {rows}
        k1 = np.tanh(u) @ U + start
        k2 = np.tanh(u + dt / 2 * k1) @ U + middle
        k3 = np.tanh(u + dt / 2 * k2) @ U + middle
        k4 = np.tanh(u + dt * k3) @ U + end
        u = u + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        path.append(u)
    return {result}
"""
BACK = "to_state(np.stack(path, axis=1), A, b)"


def forced(pushed="f @ A", steps="(len(f) - 1) // 2", rows="pushed[2 * k : 2 * k + 3]", result=BACK):
    return FORCED.format(pushed=pushed, steps=steps, rows=rows, result=result)


def growth(first="np.argmax(distance >= low)", last="np.argmax(distance > high)", y="np.log(distance[first:last])"):
    return (
        "def growth_rate(t, distance, low, high):\n"
        f"    first, last = {first}, {last}\n"
        f"    return np.polyfit(t[first:last], {y}, 1)[0]"
    )


MUTANTS = {
    "E04.1": [
        Mutant(
            "columns exchanged",
            "def van_der_pol(s, mu=1.0):\n    x, v = s.T\n    return np.stack([mu * (1 - x**2) * v - x, v], axis=1)",
            says="the two columns are exchanged",
        ),
        Mutant(
            "mu left out",
            "def van_der_pol(s, mu=1.0):\n    x, v = s.T\n    return np.stack([v, (1 - x**2) * v - x], axis=1)",
            says="mu is not used",
        ),
        Mutant(
            "x and v mixed up",
            "def van_der_pol(s, mu=1.0):\n    v, x = s.T\n    return np.stack([mu * (1 - x**2) * v - x, v], axis=1)",
            says="x and v are exchanged",
        ),
        Mutant("start missing", euler(result="np.stack(path[1:], axis=1)"), says="the start is missing"),
        Mutant("time first", euler(result="np.stack(path)"), says="time came first"),
        Mutant("in place", euler(step="s += dt * g(s)", result=STACKED), says="changed the start s in place"),
        Mutant("no dt", euler(step="s = s + g(s)"), says="dt is not used"),
        Mutant("equal weights", rk4(mean="(k1 + k2 + k3 + k4) / 4"), says="the four slopes have equal weights"),
        Mutant("k3 from k1", rk4(k3="g(s + dt / 2 * k1)"), says="k3 starts from k1"),
        Mutant("midpoint", rk4(mean="k2"), says="this is the midpoint method"),
        Mutant("Euler in rk4", rk4(mean="k1"), says="these are Euler's steps"),
        Mutant("half a step for k4", rk4(k4="g(s + dt / 2 * k3)"), says="k4 is taken half a step on"),
        Mutant(
            "dt twice",
            rk4("dt * g(s + dt * k1 / 2)", "dt * g(s + k2 / 2)", "dt * g(s + k3)")
            .replace("k1 = g(s)", "k1 = dt * g(s)")
            .replace("dt * k1 / 2", "k1 / 2"),
            says="dt came in twice",
        ),
        Mutant(
            "a raising integrator",
            "def euler(g, s, dt, steps):\n    return g(s, dt)",
            says="TypeError",
            state="could not run",
        ),
    ],
    "E04.2": [
        Mutant("no tanh in the field", "def net_field(s, A, b, C): return (s @ A + b) @ C", says="tanh is missing"),
        Mutant("no bias", "def net_field(s, A, b, C): return np.tanh(s @ A) @ C", says="b is missing"),
        Mutant(
            "linear fit",
            "def fit_output(s, values, A, b): return np.linalg.lstsq(s @ A + b, values, rcond=None)[0]",
            says="tanh is missing: the units are",
        ),
        Mutant(
            "all that lstsq gives",
            "def fit_output(s, values, A, b): return np.linalg.lstsq(np.tanh(s @ A + b), values, rcond=None)",
            says="four things",
        ),
        Mutant(
            "correlation",
            "def fit_output(s, values, A, b): return np.tanh(s @ A + b).T @ values",
            says="solve, do not multiply",
        ),
        Mutant(
            "fitted values",
            "def fit_output(s, values, A, b):\n    H = np.tanh(s @ A + b)\n"
            "    return H @ np.linalg.lstsq(H, values, rcond=None)[0]",
            says="these are the fitted values",
        ),
        Mutant(
            "normal equations",
            "def fit_output(s, values, A, b):\n    H = np.tanh(s @ A + b)\n"
            "    return np.linalg.inv(H.T @ H) @ H.T @ values",
            says="H.T @ H squares that",
        ),
        Mutant(
            "few digits",
            "def fit_output(s, values, A, b): return np.linalg.lstsq(np.tanh(s @ A + b), values, rcond=1e-3)[0]",
            says="at points not fitted to",
        ),
    ],
    "E04.3": [
        Mutant("other order", "def recast(A, C): return A @ C", says="A @ C leads from the system's state"),
        Mutant("transposed", "def recast(A, C): return (C @ A).T", says="U is transposed"),
        Mutant("squashed too early", "def to_hidden(s, A, b): return np.tanh(s @ A + b)", says="tanh is applied"),
        Mutant("b stays", "def to_state(u, A, b): return u @ np.linalg.pinv(A)", says="b is not taken off"),
        Mutant("transpose for inverse", "def to_state(u, A, b): return (u - b) @ A.T", says="A.T is not the inverse"),
        Mutant(
            "tanh outside",
            "def run_hidden(u, U, dt, steps): return euler(lambda u: np.tanh(u @ U), u, dt, steps)",
            says="tanh went around the product",
        ),
        Mutant(
            "turned kernel",
            "def run_hidden(u, U, dt, steps): return euler(lambda u: np.tanh(u) @ U.T, u, dt, steps)",
            says="U is transposed",
        ),
    ],
    "E04.4": [
        Mutant("Euler", simulate(method="euler"), says="these are Euler's steps"),
        Mutant("hidden path", simulate(result="u"), says="this is the hidden trajectory"),
        Mutant("squashed path", simulate(result="np.tanh(u)"), says="tanh(u) came back"),
        Mutant("b forgotten", simulate(result="u @ np.linalg.pinv(A)"), says="b was forgotten"),
        Mutant("last state", simulate(result="to_state(u[:, -1], A, b)"), says="only the last state"),
        Mutant("largest entry", "def largest_distance(p, q): return np.abs(p - q).max()", says="the largest entry"),
        Mutant(
            "last distance",
            "def largest_distance(p, q): return np.linalg.norm(p - q, axis=-1)[:, -1].max()",
            says="the last distance",
        ),
        Mutant(
            "one norm of all", "def largest_distance(p, q): return np.linalg.norm(p - q)", says="norm of everything"
        ),
    ],
    "E04.5": [
        Mutant("identity", 'kernel = "a"', says="cannot be added to u'"),
        Mutant("read-out", 'kernel = "C"', says="the force goes the other way"),
        Mutant("recurrent", 'kernel = "d"', says="it multiplies tanh(u)"),
        Mutant("no letter", 'kernel = "A.T"', says="kernel must be one of"),
        Mutant("no force", forced(pushed="0 * f @ A"), says="the force is not used"),
        Mutant("held", forced(rows="[pushed[2 * k]] * 3"), says="is held for the whole step"),
        Mutant("half steps", forced(rows="pushed[k : k + 3]"), says="step k starts at row 2k"),
        Mutant(
            "too many steps",
            forced(steps="len(f) - 1", rows="pushed[[k, k, k + 1]]"),
            says="(2, 25, 3)",
        ),
        Mutant("hidden path", forced(result="np.stack(path, axis=1)"), says="this is the hidden trajectory"),
        Mutant("sign", forced(pushed="-f @ A"), says="simulate_forced(s, f, A, b, C, dt) differs"),
        Mutant("unmapped force", forced(pushed="f"), says="ValueError", state="could not run"),
    ],
    "E04.6": [
        Mutant("base ten", growth(y="np.log10(distance[first:last])"), says="this is the rate to base 10"),
        Mutant("whole record", growth(first="0", last="len(t)"), says="the whole record was used"),
        Mutant("no logarithm", growth(y="distance[first:last]"), says="the logarithm is missing"),
        Mutant(
            "two points",
            "def growth_rate(t, distance, low, high):\n"
            "    a, z = np.argmax(distance >= low), np.argmax(distance > high) - 1\n"
            "    return np.log(distance[z] / distance[a]) / (t[z] - t[a])",
            says="a line through two points",
        ),
        Mutant(
            "per entry",
            "def growth_rate(t, distance, low, high):\n"
            "    a, z = np.argmax(distance >= low), np.argmax(distance > high)\n"
            "    return np.polyfit(np.arange(z - a), np.log(distance[a:z]), 1)[0]",
            says="t was left out",
        ),
        Mutant("upside down", "def horizon(eps, size, rate): return np.log(eps / size) / rate", says="are exchanged"),
        Mutant("linear", "def horizon(eps, size, rate): return (size - eps) / (eps * rate)", says="taken as linear"),
        Mutant("inside as outside", 'outside = "a"', says="no point outside the box was fitted to"),
        Mutant("lost", 'outside = "b"', says="find their way back"),
        Mutant("n repairs it", 'outside = "d"', says="160 units are hardly better than 10"),
        Mutant("eps alone", 'hangs_on = "a"', says="more room to grow"),
        Mutant("no starts", 'hangs_on = "b"', says="a larger set"),
        Mutant("ten times as long", 'ten_times = "a"', says="if errors grew linearly"),
        Mutant("for ever", 'ten_times = "d"', says="and it grows"),
    ],
}
