"""Figures of notebook 20 about scores: of sentences, of searches, of splits, of translations."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.dialogue import diversity, memory, remembered
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

__all__ = ["diversity", "leaks", "memory", "remembered", "results", "spoilt", "widths", "winner", "winners"]

# Made up: words with the end, and ln P. Longer sentences are less likely, and each is the best for some alpha.
SENTENCES = ((3, -3.0), (6, -3.9), (10, -5.2), (16, -7.8))


def _scores(length_penalty, alpha: float) -> np.ndarray:
    lp = [ask(length_penalty, L, alpha, shapes=((),))[0] for L, _ in SENTENCES]
    return np.array([log_p for _, log_p in SENTENCES]) / np.array(lp)


@figure_of("E20.4")
def winner(length_penalty, alpha) -> Shown:
    """The scores of four sentences for one alpha."""
    scores = _scores(length_penalty, alpha)
    figure, axes = new_figure(width=6.4, height=2.7)
    colours = [OKABE_ITO[1] if k == scores.argmax() else OKABE_ITO[2] for k in range(len(scores))]
    axes.barh([f"{L} words" for L, _ in SENTENCES], scores, color=colours, edgecolor="black")
    axes.set(xlabel="score = ln P / lp (further right is better)", title=f"alpha = {alpha:.2f}")
    axes.invert_yaxis()
    told = ", ".join(f"{L} words {s:.2f}" for (L, _), s in zip(SENTENCES, scores, strict=True))
    return show(
        figure,
        alt=f"Scores of four sentences with your length penalty, alpha = {alpha:.2f}: {told}. The best one is that of "
        f"{SENTENCES[int(scores.argmax())][0]} words.",
        caption=f"With alpha = {alpha:.2f} the sentence of {SENTENCES[int(scores.argmax())][0]} words wins.",
    )


@figure_of("E20.4")
def winners(length_penalty) -> Shown:
    """The scores of four sentences against alpha."""
    alphas = np.linspace(0, 1.5, 31)
    scores = np.stack([_scores(length_penalty, float(alpha)) for alpha in alphas])
    figure, axes = new_figure(width=6.6, height=3.0)
    for style, k in zip(styles(), range(len(SENTENCES)), strict=False):
        axes.plot(alphas, scores[:, k], label=f"{SENTENCES[k][0]} words, ln P = {SENTENCES[k][1]}", **style)
    axes.set(xlabel="alpha", ylabel="score = ln P / lp")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    best = [SENTENCES[int(row.argmax())][0] for row in scores]
    changes = [
        f"{L} words from alpha = {a:.2f}"
        for k, (a, L) in enumerate(zip(alphas, best, strict=True))
        if not k or L != best[k - 1]
    ]
    return show(
        figure,
        alt="Scores of four sentences of 3, 6, 10 and 16 words against alpha from 0 to 1.5, with your length penalty. "
        f"The highest curve: {', '.join(changes)}. If right, the curves rise, those of long sentences faster.",
        caption=f"Which sentence is the best depends on alpha: {', '.join(changes)}.",
    )


def _language(rng, V: int = 5) -> np.ndarray:
    a = 1.3 * rng.normal(size=(V, V))
    return a - np.log(np.exp(a).sum(axis=1, keepdims=True))


@figure_of("E20.5")
def widths(beam_search) -> Shown:
    """How often the student's search finds the best sentence, by width."""
    from course_kit.reference.beam import brute_force

    rng, sizes, alphas = np.random.default_rng(205), (1, 2, 3, 4, 6, 8), (0.0, 0.6)
    languages = [_language(rng) for _ in range(50)]
    figure, axes = new_figure(width=6.6, height=2.9)
    told = []
    for style, alpha in zip(styles(), alphas, strict=False):
        best = [brute_force(log_p, 6, alpha)[1] for log_p in languages]
        found = []
        for width in sizes:
            scores = [_score_of(beam_search(log_p.copy(), width, 6, alpha)) for log_p in languages]
            found.append(int(np.sum(np.abs(np.array(scores) - best) < 1e-9)))
        axes.plot(sizes, found, marker="o", label=f"alpha = {alpha}", **style)
        told.append(f"alpha {alpha}: " + ", ".join(f"{n} with width {w}" for w, n in zip(sizes, found, strict=True)))
    axes.set(xlabel="width of the beam", ylabel="best sentence found, of 50", ylim=(0, 52), xticks=list(sizes))
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt=f"In how many of 50 random languages your search finds the best of all sentences. {'; '.join(told)}. If "
        "right, the curves rise with the width and come near 50.",
        caption="Your beam search against brute force in 50 random languages of five symbols, at most six symbols a "
        "sentence. Width 1 is greedy search.",
    )


def _score_of(result) -> float:
    if not (isinstance(result, (tuple, list)) and len(result) == 2):
        raise NothingToDraw("A list of symbols and a score are due.")
    return float(result[1])


@figure_of("E20.8")
def leaks(held_out, leaked, sources) -> Shown:
    """Leaked test sources after the usual split and after the student's."""
    cut = len(sources) // 10
    mine = [[s for s in sources if bool(held_out(s)) is side] for side in (False, True)]
    splits = {"shuffled and cut": (sources[cut:], sources[:cut]), "by a checksum": mine}
    (usual,), (own,) = (ask(leaked, *split, shapes=((),)) for split in splits.values())
    shares = [float(usual) / max(cut, 1), float(own) / max(len(mine[1]), 1)]
    figure, axes = new_figure(width=6.0, height=2.5)
    axes.barh(list(splits), [100 * s for s in shares], color=[OKABE_ITO[5], OKABE_ITO[2]], edgecolor="black")
    axes.set(xlabel="test sources that are in training too, %", xlim=(0, max(100 * max(shares) * 1.25, 5)))
    for k, (share, split) in enumerate(zip(shares, splits.values(), strict=True)):
        axes.text(100 * share, k, f" {100 * share:.1f} % of {len(split[1])}", va="center", fontsize=9)
    return show(
        figure,
        alt=f"Share of test sources that are known from training, counted by your function, of {len(sources)} drawn "
        f"sources: shuffled and cut {100 * shares[0]:.1f} %, by your checksum {100 * shares[1]:.1f} % of "
        f"{len(mine[1])} test sources. If right, the second is 0.",
        caption=f"{len(sources)} sources, a tenth of them for the test. Cut after shuffling, {100 * shares[0]:.1f} % "
        f"of the test is known from training; by your checksum {100 * shares[1]:.1f} %.",
    )


@figure_of("E20.9")
def spoilt(exact_match, chrf, references) -> Shown:
    """Both scores of sentences in which more and more letters are replaced by random ones."""
    rng, letters = np.random.default_rng(209), sorted(set("".join(references)) - {" "})
    counts, exact, f = (0, 1, 2, 3, 5, 8, 12, 20, 40), [], []
    for count in counts:
        texts = [_spoil(text, count, letters, rng) for text in references]
        exact.append(100 * float(ask(exact_match, texts, references, shapes=((),))[0]))
        f.append(float(ask(chrf, texts, references, shapes=((),))[0]))
    figure, axes = new_figure(width=6.6, height=2.9)
    for style, (name, values) in zip(styles(), {"exact match, %": exact, "chrF": f}.items(), strict=False):
        axes.plot(counts, values, marker="o", label=name, **style)
    axes.set(xlabel="letters replaced in each sentence", ylabel="score", ylim=(-3, 103))
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    told = ", ".join(f"{n} letters {a:.0f} and {b:.1f}" for n, a, b in zip(counts, exact, f, strict=True))
    return show(
        figure,
        alt=f"Your two scores of {len(references)} sentences in which random letters take the place of right ones; "
        f"exact match in per cent, and chrF: {told}. If right, both begin at 100, the first falls to 0 at once and the "
        "second gently.",
        caption="What mistakes cost: exact match and chrF by your functions, against the letters replaced in each "
        "sentence.",
    )


def _spoil(text: str, count: int, letters, rng) -> str:
    places = [k for k, letter in enumerate(text) if letter != " "]
    spoilt_text = list(text)
    for k in rng.choice(places, min(count, len(places)), replace=False):
        spoilt_text[k] = letters[int(rng.integers(len(letters)))] if count else text[k]
        if spoilt_text[k] == text[k]:
            spoilt_text[k] = letters[(letters.index(text[k]) + 1) % len(letters)]
    return "".join(spoilt_text)


def results(scores) -> Shown:
    """Exact match and chrF of all ways to translate, for both languages. scores: of `evaluation.evaluate`."""
    names = list(dict.fromkeys(score.name for score in scores))
    figure, axes = new_figure(1, 2, width=8.6, height=0.9 + 0.42 * len(names), sharey=True)
    for one, (field, factor, label) in zip(axes, (("exact", 100, "exact match, %"), ("chrf", 1, "chrF")), strict=True):
        for k, (language, colour, hatch) in enumerate((("ru", OKABE_ITO[2], ""), ("pl", OKABE_ITO[1], "//"))):
            values = [
                factor * getattr(s, field) for name in names for s in scores if (s.name, s.language) == (name, language)
            ]
            places = np.arange(len(names)) + 0.4 * k - 0.2
            one.barh(
                places,
                values,
                height=0.38,
                color=colour,
                hatch=hatch,
                edgecolor="black",
                label=f"English to {language}",
            )
            for place, value in zip(places, values, strict=True):
                one.text(value, place, f" {value:.1f}", va="center", fontsize=7)
        one.set(xlabel=label, xlim=(0, 116))
    axes[0].set_yticks(range(len(names)), names, fontsize=8)
    axes[0].invert_yaxis()
    axes[1].legend(fontsize=7, loc="upper right")
    told = "; ".join(f"{s.name}, {s.language}: {100 * s.exact:.1f} % and {s.chrf:.1f}" for s in scores)
    return show(
        figure,
        alt=f"Exact match in per cent and chrF on held-out pairs. {told}.",
        caption="Held-out pairs, English to Russian and Polish: two baselines and four ways to search.",
    )
