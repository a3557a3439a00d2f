"""Pictures of 8 x 8 points for notebook 16: letters, handwritten digits, and how they are drawn."""

import numpy as np

# one byte a row, the left point first; our own drawing
LETTERS = {
    "A": "3C66C3C3FFC3C3C3",
    "C": "3F7FC0C0C0C07F3F",
    "E": "FFFFC0FCFCC0FFFF",
    "H": "C3C3C3FFFFC3C3C3",
    "J": "3F3F060606C6FE7C",
    "K": "C6CCD8F0F0D8CCC6",
    "T": "FFFF181818181818",
    "U": "C3C3C3C3C3C3FF7E",
    "X": "C3E77E3C3C7EE7C3",
    "Z": "FFFF0E1C3870FFFF",
}


def letters(names: str) -> np.ndarray:
    """Rows of 64 units, 1 where the letter is black and -1 elsewhere."""
    rows = [np.frombuffer(bytes.fromhex(LETTERS[name]), dtype=np.uint8) for name in names]
    return 2.0 * np.unpackbits(rows, axis=1) - 1.0


def digits() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's 1797 handwritten digits as rows of -1 and 1, black from half of the grey scale on, and classes."""
    from sklearn.datasets import load_digits

    x, classes = load_digits(return_X_y=True)
    return np.where(x >= 8, 1.0, -1.0), classes


def prototypes(x: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """A row for each class: black where at least half of its pictures are."""
    return np.stack([np.where(x[classes == k].mean(axis=0) >= 0, 1.0, -1.0) for k in range(classes.max() + 1)])


def spoil(pattern: np.ndarray, wrong: int, rng: np.random.Generator) -> np.ndarray:
    """The pattern with so many units turned over."""
    spoilt = pattern.copy()
    spoilt[rng.permutation(len(pattern))[:wrong]] *= -1
    return spoilt


def picture(axes, units: np.ndarray, title: str = "") -> None:
    """64 units as black and white points."""
    axes.imshow(np.reshape(units, (8, 8)), cmap="gray_r", vmin=-1.3, vmax=1.3)
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=9)
