"""Let a character model write: one character at a time, its state carried, drawn with a temperature."""

from collections.abc import Iterator

import numpy as np

from course_kit.models.characters.files import ModelError
from course_kit.models.characters.saved import Net


def distribution(logits: np.ndarray, temperature: float) -> np.ndarray:
    """softmax(logits / temperature), (V,); at 0 all of it is on the largest.

    Raises:
        ValueError: if the temperature is negative, NaN or infinite.

    >>> distribution(np.log([0.5, 0.3, 0.2]), 0.5).round(3).tolist()
    [0.658, 0.237, 0.105]
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise ValueError(f"the temperature must be a number of at least 0. Got {temperature!r}.")
    logits = np.asarray(logits, dtype=np.float64)
    if temperature == 0:
        return np.eye(len(logits))[logits.argmax()]
    p = np.exp((logits - logits.max()) / temperature)
    return p / p.sum()


def stream(
    net: Net, prompt: str = "", *, temperature: float = 0.7, seed: int | None = None, length: int | None = None
) -> Iterator[str]:
    """What ``net`` writes after ``prompt``, character by character, for ever if ``length`` is None.

    Args:
        net: Net.
        prompt: str, read first and not repeated; lower-cased if the net knows no capitals. Empty: a space.
        temperature: float of at least 0.
        seed: int, the same one gives the same text; None another text each time.
        length: int, how many characters.

    Raises:
        ModelError: if the prompt has characters that the net does not know.
        ValueError: if the temperature is none.
    """
    distribution(np.zeros(2), temperature)
    rng, first = np.random.default_rng(seed), readable(net, prompt) or first_symbol(net)
    logits, state = net.read(first)
    scores, written = logits[-1], 0
    while length is None or written < length:
        symbol = int(rng.choice(len(net.symbols), p=distribution(scores, temperature)))
        yield net.symbols[symbol]
        scores, state = net.step(symbol, state)
        written += 1


def readable(net: Net, prompt: str) -> str:
    """``prompt`` in the characters that the net knows. Raises ``ModelError``."""
    text = prompt if set(prompt) <= set(net.symbols) else prompt.lower()
    strange = sorted(set(text) - set(net.symbols))
    if strange:
        raise ModelError(
            f"a prompt for this model must be made of {net.symbols!r}. Got {''.join(strange)[:20]!r} in it."
        )
    return text


def first_symbol(net: Net) -> str:
    """A space if the net has one, for a word may begin after it."""
    return " " if " " in net.symbols else net.symbols[0]
