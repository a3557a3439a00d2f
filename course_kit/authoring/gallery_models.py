r"""Entries of the gallery: whole models, which the lectures end with."""

from course_kit.authoring.gallery import Entry, Stated


def _translator() -> int:
    n, m, source, target = 56, 32, 120, 394
    encoder = 8 * (n * n + m * n + n) + 4 * (3 * n * n + n) + 4 * (2 * n * n + n)
    decoder = 4 * (n * n + m * n + n) + 8 * (3 * n * n + n)
    return (source + target) * m + encoder + 2 * n * n + n + decoder + target * (2 * n + 1)


ENTRIES = [
    Entry(
        "Character model",
        r"p(x_{t+1} \mid x_1, \dots, x_t) = \text{softmax}(h_t V + b_y), \qquad "
        r"(h_t, c_t) = \text{LSTM}(E_{x_t}, h_{t-1}, c_{t-1})",
        lambda: Stated(
            "Vd + 4(n^2 + dn + n) + nV + V",
            27 * 32 + 4 * (192**2 + 32 * 192 + 192) + 192 * 27 + 27,
            {"V": 27, "d": 32, "n": 192},
        ),
        "A sentence along the axis, a bar for each letter: how many bits it cost. Bars are high at the first letters "
        "of words and close to zero towards their ends.",
        "What the model did not expect costs bits: a word's first letters, hardly ever its last ones.",
        "Trained on the documentation of Python: `python data/make_character_model.py`.",
    ),
    Entry(
        "Translator in GNMT's shape",
        r"""
\begin{aligned}
M &= \text{LSTM}_3(\text{LSTM}_2([\overrightarrow{\text{LSTM}}_1(x), \overleftarrow{\text{LSTM}}_1(x)])) \\
a_t &= \text{softmax}_s\big(v^\top \tanh(q_t + k_s)\big), \qquad r_t = \textstyle\sum_s a_{ts} M_s
\end{aligned}""",
        lambda: Stated(
            r"(V_s + V_t) m + 12(n^2 + mn + n) + 46n^2 + 17n + V_t(2n + 1)",
            _translator(),
            {"n": 56, "m": 32, "V_s": 120, "V_t": 394},
        ),
        "A map of attention: English words across, Russian words down. Day and month look crosswise, the first Russian "
        "words at tenth and the third at February; twenty, thirty and six lie on a diagonal.",
        "Every word that is written looks at the words it comes from; day and month change places.",
        "Residual links from the third layer on, attention asked from the lowest decoder layer; it runs as "
        "`python -m course_kit.models.translator translate`.",
    ),
    Entry(
        "IMDB_LSTM",
        r"p = \sigma\Big(w^\top \big[\max_t h_t, \tfrac1T \textstyle\sum_t h_t\big] + b\Big), \qquad "
        r"h = \text{BiLSTM}([E_{x_t}, g_{t1}, g_{t2}, g_{t3}])",
        lambda: Stated("8(n^2 + mn + n) + 4n + 1", 8 * (64**2 + 106 * 64 + 64) + 4 * 64 + 1, {"m": 106, "n": 64}),
        "A map with the words of a made-up review across and three rows, for the one, two and three words that end "
        "there. The row of single words is empty; the three words that end at silly speak strongly against the film, "
        "those that end at delightful, with a negation before it, weakly so.",
        "What the LSTM reads beside each word's vector: how one, two and three words that end there speak in other "
        "reviews. In this corpus, the kit's own and not IMDB, no word alone says anything.",
        "Word vectors and the weights g of n-grams are counted in the training reviews and not trained.",
    ),
    Entry(
        "Jet tagger",
        r"p = \sigma\big(w^\top \text{relu}(h_T A + a) + b\big), \qquad "
        r"h_t, c_t = \text{LSTM}\big((p_T, \eta, \phi)_t, h_{t-1}, c_{t-1}\big)",
        lambda: Stated("4(n^2 + 3n + n) + (n + 1) d + d + 1", 4 * (64**2 + 4 * 64) + 65 * 32 + 33, {"n": 64, "d": 32}),
        "Two maps of mean transverse momentum in the plane of eta and phi. Both have a bright spot at the origin and a "
        "bright streak below it; around them the map of the tops is brighter, most of all to the right.",
        "What the tagger has to tell apart, after shift, turn and flip: tops, which decay to three, and the rest.",
        "A step is a constituent of a jet; in which order they come is the experiment of notebook 22.",
    ),
]
