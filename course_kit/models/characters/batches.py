"""A long text as batches whose rows go on: row r of batch k + 1 begins where row r of batch k ended."""

import numpy as np


def encode(text: str, symbols: str) -> np.ndarray:
    """The numbers of the characters, (L,).

    Raises:
        ValueError: if the text has a character that is not in ``symbols``.

    >>> encode("abba", "ab").tolist()
    [0, 1, 1, 0]
    """
    number = {symbol: k for k, symbol in enumerate(symbols)}
    strange = sorted(set(text) - set(number))
    if strange:
        raise ValueError(f"a text for this model must be made of {symbols!r}. Got {''.join(strange)[:20]!r} in it.")
    return np.array([number[c] for c in text], dtype=np.int64)


def decode(ids: np.ndarray, symbols: str) -> str:
    """The text of the numbers.

    >>> decode(np.array([0, 1, 1, 0]), "ab")
    'abba'
    """
    return "".join(symbols[int(k)] for k in ids)


def inputs_of(ids: np.ndarray, V: int, pairs: bool, before: int = 0) -> np.ndarray:
    """What the model reads at each place: the symbol itself, or the pair of it and the one before as one number.

    ``before`` stands before the first symbol.

    >>> inputs_of(np.array([2, 0, 1]), V=3, pairs=True).tolist()
    [2, 6, 1]
    """
    return np.concatenate([[before], ids[:-1]]) * V + ids if pairs else ids


def in_rows(ids: np.ndarray, V: int, rows: int, steps: int, pairs: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets cut into ``rows`` streams, (rows, K * steps), K as large as the text allows.

    What is left over at the end of the text is dropped.

    Raises:
        ValueError: if the text is too short for one batch.
    """
    length = (len(ids) - 1) // (rows * steps) * steps
    if length == 0:
        raise ValueError(f"{rows} rows of {steps} steps need {rows * steps + 1} characters. Got {len(ids)}.")
    x = inputs_of(ids, V, pairs)[: rows * length].reshape(rows, length)
    return x, ids[1 : rows * length + 1].reshape(rows, length)


def stateful(x: np.ndarray, y: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Streams (rows, K * steps) in the order in which ``fit(shuffle=False, batch_size=rows)`` must see them.

    Returns x and y of shape (K * rows, steps): the first ``rows`` of them are the first batch.
    """
    rows, length = x.shape
    return tuple(a.reshape(rows, length // steps, steps).swapaxes(0, 1).reshape(-1, steps) for a in (x, y))
