"""Figures of notebook 16 about history compression: what is passed on, and a long time lag."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

LEARNT, BACK = 150_000, 5  # characters that the predictor has read, and how many it looks back


def english() -> tuple[str, str]:
    """Real English from Python's documentation: what to learn from, and a sentence of another page."""
    from pydoc_data.topics import topics

    pages = {name: " ".join(text.split()) for name, text in sorted(topics.items())}
    sentence = pages.pop("while")
    start = sentence.index("This repeatedly tests")
    return " ".join(pages.values())[:LEARNT], sentence[start : sentence.index("tested)", start) + 7]


def predictor(text: str) -> Callable[[list[str]], str]:
    """Gives what most often followed the last symbols in the text, as many of them as came together there."""
    followed = defaultdict(Counter)
    for t, symbol in enumerate(text):
        for back in range(min(BACK, t) + 1):
            followed[text[t - back : t]][symbol] += 1
    best = {context: counts.most_common(1)[0][0] for context, counts in followed.items()}

    def predict(past: list[str]) -> str:
        last = "".join(past[-BACK:])
        return next(best[last[k:]] for k in range(len(last) + 1) if last[k:] in best)

    return predict


@figure_of("E16.4")
def passed_on(surprises, replay) -> Shown:
    """A sentence, the letters that the student's compressor passes on, and what comes back."""
    learnt, sentence = english()
    predict = predictor(learnt)
    events = surprises(list(sentence), predict)
    back = replay(events, len(sentence), predict)
    try:
        up = {int(t): str(x) for t, x in events}
        back = "".join(str(x) for x in back)[: 2 * len(sentence)]
    except (TypeError, ValueError):
        raise NothingToDraw("What came back are no pairs of a time and a symbol, or no list of symbols.") from None
    width = (len(sentence) + 1) // 2
    figure, axes = new_figure(width=9.4, height=2.9)
    for k in range(0, len(sentence), width):
        top = -3.6 * (k // width)
        for t in range(k, min(k + width, len(sentence))):
            style = {"ha": "center", "va": "center", "family": "monospace", "fontsize": 11}
            axes.text(t - k, top, sentence[t], color=OKABE_ITO[5] if t in up else "0.6", **style)
            if t in up:
                axes.text(t - k, top + 0.9, up[t].replace(" ", "␣"), color="black", weight="bold", **style)
            right = t < len(back) and back[t] == sentence[t]
            axes.text(
                t - k, top - 1.1, back[t] if t < len(back) else "?", color="0.3" if right else OKABE_ITO[6], **style
            )
        for y, text in ((0.9, "passed on"), (0, "sentence"), (-1.1, "replayed")):
            axes.text(-1.5, top + y, text, ha="right", va="center", fontsize=9)
    axes.set(xlim=(-9, width), ylim=(-5.3, 1.6))
    axes.axis("off")
    same = "the same sentence" if back == sentence else "another text"
    return show(
        figure,
        alt=f"Drawn from your answers: a sentence of {len(sentence)} letters, above it the {len(up)} letters that were "
        f"passed on, below it what came back: {same}. If right, three letters in ten are passed on, mostly at the "
        "beginnings of words, and the same sentence comes back.",
        caption=f"{len(up)} of {len(sentence)} letters were not foreseen and went up. From these, their times and the "
        f"predictor comes back {same}.",
    )


def compressor(lag: int, seed: int):
    """A compressor with two Elman nets, trained on the two sequences whose first symbol comes again `lag` later."""
    from course_kit.memories import ElmanPredictor, HistoryCompressor

    between = tuple(f"b{k}" for k in range(1, lag + 1))
    sequences = [(first, *between, first) for first in "ax"]
    lower, upper = ElmanPredictor(24, 300, 0.02, random_state=seed), ElmanPredictor(4, 150, 0.05, random_state=seed)
    return HistoryCompressor(lower, upper, imitate=True).fit(sequences), sequences


def missed_ends(lag: int, seeds: Sequence[int]) -> tuple[int, int, int]:
    """Last symbols that were not foreseen: by the lower net alone, by the two levels, by it after imitation."""
    alone = two = after = 0
    for seed in seeds:
        machine, sequences = compressor(lag, seed)
        # the first symbol of each of the two sequences is a surprise to everybody
        alone, after = alone + machine.surprises_[0] - 2, after + machine.surprises_[1] - 2
        two += sum(len(machine.compress(x)) - 1 for x in sequences)
        lost = [x for x in sequences if machine.decompress(machine.compress(x)) != list(x)]
        assert not lost
    return alone, two, after


def long_lag(lags: Sequence[int], seeds: Sequence[int] = (0, 1, 2)) -> Shown:
    """Symbols between a and its return, and how many last symbols were not foreseen."""
    missed = np.array([missed_ends(lag, seeds) for lag in lags]).T
    figure, axes = new_figure(width=7.6, height=3.0)
    names = ("Elman net alone", "two levels together", "Elman net after imitation")
    for k, (name, counts, colour, hatch) in enumerate(
        zip(names, missed, OKABE_ITO[4:7], ("", "//", ".."), strict=True)
    ):
        places = np.arange(len(lags)) + 0.27 * (k - 1)
        axes.bar(places, counts, 0.25, label=name, color=colour, hatch=hatch, ec="white")
        for place, count in zip(places, counts, strict=True):
            axes.text(place, count + 0.05, str(count), ha="center", va="bottom", fontsize=9)
    most = 2 * len(seeds)
    axes.set_xticks(range(len(lags)), [str(lag) for lag in lags])
    axes.set_yticks(range(2 * len(seeds) + 1))
    axes.set(xlabel="symbols between", ylabel=f"last symbols missed, of {most}", ylim=(0, most))
    axes.legend(fontsize=8, loc="upper left")
    told = "; ".join(f"{name}: {', '.join(map(str, counts))}" for name, counts in zip(names, missed, strict=True))
    return show(
        figure,
        alt=f"Bars for {', '.join(map(str, lags))} symbols between the first and its return: how many of {most} last "
        f"symbols were not foreseen, {len(seeds)} seeds with two sequences each. {told}.",
        caption=f"Last symbols missed, {len(seeds)} seeds, two sequences each; guessing one end for both misses "
        f"{len(seeds)}.",
    )
