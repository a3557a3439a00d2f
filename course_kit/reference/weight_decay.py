"""Weight penalties (slides D3.25, D3.26), and what they make of the weights where that can be solved by hand.

    L2   J = CE + lam sum w^2     gradient of the penalty 2 lam w
    L1   J = CE + lam sum |w|     sub-gradient lam sign(w), 0 at w = 0

over all weights but the biases. For J = 1/2 ||y - X w||^2 + penalty with orthonormal columns, X' X = I, and a = X' y,

    L2   w = a / (1 + 2 lam)
    L1   w = sign(a) max(|a| - lam, 0)

R. Tibshirani, "Regression shrinkage and selection via the lasso", J. R. Statist. Soc. B 58 (1996), section 2.2.
"""

import numpy as np


def cross_entropy(y: np.ndarray, q: np.ndarray) -> float:
    """Mean of -log of the probability given to what came; y 0 or 1, q the probability of 1."""
    return float(np.mean([-np.log(b if a else 1 - b) for a, b in zip(y, q, strict=True)]))


def penalty(weights: dict[str, np.ndarray], lam: float, kind: str) -> float:
    """lam times the sum of squares ("l2") or of absolute values ("l1") over everything but "bias".

    >>> penalty({"kernel": np.array([1.0, -2.0]), "bias": np.array([9.0])}, 1.0, "l2")
    5.0
    >>> penalty({"kernel": np.array([1.0, -2.0]), "bias": np.array([9.0])}, 1.0, "l1")
    3.0
    """
    power = {"l1": 1, "l2": 2}[kind]
    return float(sum(lam * (np.abs(w) ** power).sum() for name, w in weights.items() if name != "bias"))


def penalty_gradient(weights: dict[str, np.ndarray], lam: float, kind: str) -> dict[str, np.ndarray]:
    """Its gradient, an array for each weight; that of the bias is 0."""
    slope = {"l1": np.sign, "l2": lambda w: 2 * w}[kind]
    return {name: np.zeros_like(w) if name == "bias" else lam * slope(w) for name, w in weights.items()}


def shrink(a: np.ndarray, lam: float, kind: str) -> np.ndarray:
    """The weights of orthonormal features from those without a penalty.

    >>> shrink(np.array([3.0, -0.5, -2.0]), 1.0, "l1").tolist()
    [2.0, 0.0, -1.0]
    >>> shrink(np.array([3.0, -0.5]), 1.0, "l2").round(3).tolist()
    [1.0, -0.167]
    """
    if kind == "l2":
        return a / (1 + 2 * lam)
    return np.where(a > lam, a - lam, np.where(a < -lam, a + lam, 0.0))
