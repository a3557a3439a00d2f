"""Notebook 19, the first problem of the assignment on D5.20: the four gates by one matrix product. E19.8."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.lstm import lstm_step

E19_8 = Exercise(
    "E19.8",
    "One product for four gates",
    slides=("D5.20",),
    names=("stack_gates", "lstm_step"),
    hints=(
        "Matrices side by side give four sums at once; x and h end to end need only one product where there were "
        "two. So K "
        "has the input's rows above and the state's rows below.",
        "K = np.block([[ix, fx, cx, ox], [im, fm, cm, om]]), b = np.concatenate([ib, fb, cb, ob]); a = "
        "np.concatenate([x, h], "
        "axis=1) @ K + b; then np.split(a, 4, axis=1).",
    ),
)
ORDER = "ifco"


def parts_of(draw, m: int, n: int) -> dict[str, np.ndarray]:
    """The assignment's twelve: ix (m, n), im (n, n), ib (n,), and so on for f, c, o."""
    parts = {}
    for gate in ORDER:
        parts |= {f"{gate}x": draw.normal(m, n), f"{gate}m": draw.normal(n, n), f"{gate}b": draw.normal(n)}
    return parts


def stacked(parts, order: str = ORDER) -> tuple[np.ndarray, np.ndarray]:
    above = np.hstack([parts[f"{gate}x"] for gate in order])
    below = np.hstack([parts[f"{gate}m"] for gate in order])
    return np.vstack([above, below]), np.concatenate([parts[f"{gate}b"] for gate in order])


@E19_8.case("twelve pieces in two")
def _(answer, draw):
    m, n = draw.sizes()
    parts = parts_of(draw, m, n)
    K, b = stacked(parts)
    known = {
        "the blocks are in the assignment's order of writing, i, f, o, c; Keras' order is i, f, c, o": stacked(
            parts, "ifoc"
        ),
        "the blocks are in the order f, i, c, o; i comes first": stacked(parts, "fico"),
        "the state's rows stand above; the input's come first": (np.vstack([K[m:], K[:m]]), b),
    }
    obtained = answer.stack_gates(parts)
    if isinstance(obtained, tuple | list) and len(obtained) == 2 and isinstance(obtained[0], np.ndarray):
        below = (4 * (m + n), n)
        require(
            obtained[0].shape != below,
            f"K has shape {below}: blocks stand side by side, (m + n, 4n) = {K.shape} is due.",
        )
    expect(obtained, (K, b), "K, b", tolerance=0.0, known=known)


@E19_8.case("one step with them", hint="Split the 4n sums in the order i, f, c, o; then as in notebook 08.")
def _(answer, draw):
    m, n = draw.sizes()
    parts = parts_of(draw, m, n)
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n)
    K, b = stacked(parts)
    h_new, c_new = lstm_step(x, h, c, K[:m], K[m:], b)
    turned = np.concatenate([np.arange(k * n, k * n + n) for k in (0, 1, 3, 2)])
    known = {
        "h and c are exchanged": (c_new, h_new),
        "the bias is missing": lstm_step(x, h, c, K[:m], K[m:], 0 * b),
        "the blocks were split in the order i, f, o, c": lstm_step(x, h, c, K[:m, turned], K[m:, turned], b[turned]),
        "the previous h was not used": lstm_step(x, 0 * h, c, K[:m], K[m:], b),
    }
    expect(answer.lstm_step(x, h, c, K, b), (h_new, c_new), "h, c", known=known)


def product_probe(names, x, h, c, K, b):
    """How often K, or a part of it, takes part in a product during one call of lstm_step; and what came out."""
    import numpy as np

    seen = []

    class Counted(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            if ufunc is np.matmul or (ufunc is np.multiply and any(np.ndim(i) > 2 for i in inputs)):
                seen.append(ufunc.__name__)
            plain = [i.view(np.ndarray) if isinstance(i, Counted) else i for i in inputs]
            return getattr(ufunc, method)(*plain, **kwargs)

        def __array_function__(self, function, types, args, kwargs):
            if function.__name__ in ("dot", "einsum", "tensordot", "inner", "vdot"):
                seen.append(function.__name__)
                strip = [a.view(np.ndarray) if isinstance(a, Counted) else a for a in args]
                return function(*strip, **kwargs)
            return super().__array_function__(function, types, args, kwargs)

        def dot(self, other, *rest):
            seen.append("dot")
            return np.ndarray.dot(self.view(np.ndarray), other, *rest)

    found = names["lstm_step"](x, h, c, K.view(Counted), b)
    if found is None:
        return None
    return len(seen)


@E19_8.case("one matrix product", hint="Put x and h end to end first: np.concatenate([x, h], axis=1) @ K.")
def _(answer, draw):
    m, n = draw.sizes()
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n)
    K, b = stacked(parts_of(draw, m, n))
    count = answer.probe(product_probe, x, h, c, K, b)
    known = {
        "x and h each have a product of their own": 2,
        "each gate has a product of its own": 4,
        "each gate has two products of its own: this is where the assignment starts": 8,
    }
    expect(count, 1, "the number of matrix products of a step", tolerance=0.0, known=known)
