# %% [markdown]
# # 20 Translation and dialogue
#
# After this notebook you can
#
# - teach a network to write by giving it the right words one step late, and hand the reader's state to the writer,
# - compute attention between the two and read it off a heat map,
# - wire and count Google's translator of 2016, layer by layer,
# - search for the best sentence with a beam, and say what length and coverage do to its score,
# - judge a translator: a split that does not leak, exact match and chrF,
# - measure how varied a machine's replies are, and make it remember what was said before.
#
# Slides: D5.14, D5.15, D5.16, D5.17, D5.25. Time: about five hours. Before it: notebooks 08, 12 and 13. All exercises are NumPy; Keras trains a small network before your eyes and runs two trained ones.

# %% tags=["setup"]
import zlib
from collections import Counter

import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import slider, translation, translation_scores


# %% [markdown]
# ## A reader and a writer
#
# So far a network gave one answer for a sequence, or one for each step. A translation is neither. It is a sequence of its own, of another length, with its words in another order. The way out is to use two networks. The **encoder** reads the source to its end. What it then has
# in its state is all that the **decoder** starts from, and the decoder writes word after word until it writes a sign for "done".
#
# One LSTM step is at hand, in Keras' order of gates; you wrote it in notebook 08.


# %%
def sigmoid(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


def lstm_step(x, h, c, W, U, b):
    """One step: x (N, m), h and c (N, n), W (m, 4n), U (n, 4n), b (4n,); returns the new h and c."""
    i, f, c_tilde, o = np.split(x @ W + h @ U + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(c_tilde)
    return sigmoid(o) * np.tanh(c), c


def lstm(x, W, U, b):
    """All steps from zeros: x (N, T, m); returns h (N, T, n)."""
    h = c = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)


# %% [markdown] tags=["slide:D5.17"]
# ### E20.1 Encoder-decoder
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system). The slide is the picture of a translator: encoder on the left, decoder on the right. We begin with the smallest task that needs both, to write a string of digits backwards: 2 0 1 7 becomes 7 1 0 2.
#
# While it is taught, the decoder is not left to its own words. At each step it reads the word that *should* have come before, whatever it wrote itself. This is called **teacher forcing**, and it is a matter of two arrays that differ by one place:
#
# | array | for 2017 | shape |
# | --- | --- | --- |
# | `encoder_in` | 2 0 1 7 | $(N, S)$ |
# | `decoder_in` | start 7 1 0 2 | $(N, S + 1)$ |
# | `decoder_out` | 7 1 0 2 end | $(N, S + 1)$ |
#
# The digit $d$ is the number $d + 1$, since 0 is padding; start is 11 and end is 12. $S$ is the length of the longest string; shorter ones are padded at the end.
#
# Padding must not be read. If a row has 3 digits and the array has 6 columns, then what the encoder hands over is its state *after the third*, and the same for each row at its own length.
#
# **Write** `teaching_arrays(strings)`, which returns the three arrays of whole numbers, and `final_state(x, lengths, W, U, b)` for vectors `x` $(N, S, m)$ and `lengths` $(N,)$, which returns $h$ and $c$, $(N, n)$ each, of an LSTM that starts from zeros. **Checked for:** the arrays, for several strings and for one; the state at each row's own end.


# %% tags=["stub", "E20.1"]
def teaching_arrays(strings):
    """encoder_in (N, S), decoder_in and decoder_out (N, S + 1) for a list of digit strings, to be reversed."""
    return None  # replace this line


def final_state(x, lengths, W, U, b):
    """h and c (N, n) after the last real step of each row of x (N, S, m)."""
    return None  # replace this line


# %% tags=["solution", "E20.1"]
def teaching_arrays(strings):
    """encoder_in (N, S), decoder_in and decoder_out (N, S + 1) for a list of digit strings, to be reversed."""
    S = max(len(s) for s in strings)
    read, given, due = (np.zeros((len(strings), S + k), dtype=int) for k in (0, 1, 1))
    for row, string in enumerate(strings):
        digits = [int(d) + 1 for d in string]
        backwards = digits[::-1]
        read[row, : len(digits)] = digits
        given[row, : len(digits) + 1] = [11, *backwards]
        due[row, : len(digits) + 1] = [*backwards, 12]
    return read, given, due


def final_state(x, lengths, W, U, b):
    """h and c (N, n) after the last real step of each row of x (N, S, m)."""
    h = c = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        new_h, new_c = lstm_step(x[:, t], h, c, W, U, b)
        goes_on = (t < np.asarray(lengths))[:, None]
        h, c = np.where(goes_on, new_h, h), np.where(goes_on, new_c, c)
    return h, c


# %% tags=["check", "E20.1"]
check("E20.1")

# %% tags=["hint", "E20.1"]
# hint("E20.1", 1)

# %% tags=["figure", "E20.1"]
translation.teaching(teaching_arrays)

# %% [markdown]
# Read the lower two rows from left to right: at each place the decoder sees the blue sign and should write the orange one below it, which is the blue one to the right. The figure does not show what happens when nobody gives the right words. Then the decoder reads its own, and one wrong word leads it to places
# where it was never taught.
#
# Now a network, trained on your arrays: an encoder of 64 units, a decoder of 64, nothing between them but the state. In Keras it is four lines; `course_kit.models.translator.reversal` has them, with the training.
#
# ```python
# _, h, c = keras.layers.LSTM(64, return_state=True)(embedding(read))
# states = keras.layers.LSTM(64, return_sequences=True)(embedding(given), initial_state=[h, c])
# scores = keras.layers.Dense(13)(states)
# model = keras.Model([read, given], scores)
# ```

# %% tags=["figure", "E20.1"]
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras

from course_kit.models.translator.reversal import learn

right_by_length = learn(teaching_arrays)

# %% tags=["figure", "E20.1"]
translation.by_length(right_by_length)

# %% [markdown]
# Short strings are reversed without a mistake, and the longest begin to fail. The network has 64 numbers in $h$ and 64 in $c$ for whatever it has to keep, and it has seen 12,000 strings six times. More of both pushes the edge outwards, but the edge stays: a sentence of fifty words does not fit better into a fixed state than one of five.
#
# **To think about.** Why does the last digit of the source, which has to be written first, come out right more often than the first one?

# %% [markdown] tags=["solution", "E20.1"]
# **Answer.** It was read a step ago, and no forget gate has been applied to it yet. The first digit has to survive the whole source and then the whole target. Early translators of this kind read the source backwards for that very reason: the first words of the target were then near those of the source.

# %% [markdown] tags=["slide:D5.17"]
# ## Attention
#
# ### E20.2 Attention in the decoder
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system).
#
# In the middle of the slide's picture, between encoder and decoder, stands a module called *attention*. It removes the edge of E20.1. The encoder's states at *all* steps are kept, and the decoder looks at all of them each time it writes. How much it takes of each is computed anew each time, by a network with one hidden layer:
#
# $$s_{ij} = v \cdot \tanh(q_i W_q + x_j W_k), \qquad p_{ij} = \frac{e^{s_{ij}}}{\sum_l e^{s_{il}}}, \qquad a_i = \sum_j p_{ij}\, x_j .$$
#
# | here | the paper (arXiv 1609.08144) | shape |
# | --- | --- | --- |
# | $q_i$, who asks: bottom layer of the decoder | $\mathbf y_{i-1}$ | $(N, T, n)$ |
# | $x_j$, what is looked at: top layer of the encoder | $\mathbf x_t$ | $(N, S, n)$ |
# | $W_q$, $W_k$, $v$, the hidden layer | AttentionFunction | $(n, n)$, $(n, n)$, $(n,)$ |
# | $p$, weights | $p_t$ | $(N, T, S)$ |
# | $a_i$, context | $\mathbf a_i$ | $(N, T, n)$ |
#
# Sources differ in length, so there is a mask $(N, S)$, True where a word is. Padding gets no weight at all: its score is $-\infty$ *before* the exponential.
#
# **Write** `attend(q, x, mask, W_q, W_k, v)`, which returns `a, p`. **Checked for:** values; rows that add up to 1 with nothing on padding; large scores; a source of one word.


# %% tags=["stub", "E20.2"]
def attend(q, x, mask, W_q, W_k, v):
    """Contexts a (N, T, n) and weights p (N, T, S) of the words x (N, S, n) for those who ask, q (N, T, n)."""
    return None  # replace this line


# %% tags=["solution", "E20.2"]
def attend(q, x, mask, W_q, W_k, v):
    """Contexts a (N, T, n) and weights p (N, T, S) of the words x (N, S, n) for those who ask, q (N, T, n)."""
    s = np.tanh((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v
    s = np.where(mask[:, None], s, -np.inf)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p @ x, p


# %% tags=["check", "E20.2"]
check("E20.2")

# %% tags=["hint", "E20.2"]
# hint("E20.2", 1)

# %% [markdown]
# The kit has a translator of the slide's shape, in small: three layers instead of eight, 56 units instead of 1024. It translates English numbers, amounts, measures and dates into Russian and Polish, and how well it does is measured further down. Here it writes a sentence, and *your* function computes what it looked at, from the
# network's own states and weights.

# %% tags=["figure", "E20.2"]
from course_kit.models.translator.translating import load, translate
from course_kit.models.translator.writing import Writer

translator = load()
writer = Writer(translator)


def asked_and_read(text, to):
    """What the network asks, what it reads, and the weights that it gave, while it writes its best translation."""
    done = translate([text], to, writer, width=4)[0]
    source, target = translator.source.encode([done.source[:-1]]), translator.target.encode([done.words[:-1]])
    x, mask, state = translator.encode(source)
    given = np.concatenate([[[1]], target[:, :-1]], axis=1)
    q, _, _ = translator.decoder[0](translator.target_embedding(given), initial_state=state[0])
    arrays = [
        np.asarray(a) for a in (q, x, mask, translator.query.kernel, translator.key.kernel, translator.attention.scale)
    ]
    return done, arrays


done, arrays = asked_and_read("from March second, nineteen ninety-nine", "ru")
print(" ".join(done.source), "\n->", done.text)
translation.heat_map(attend, arrays, done.attention, done.source, done.words)

# %% [markdown]
# Each row adds up to 1. A network that translates word for word would show a diagonal; look where this one leaves it. English has the month before the day here and Russian after it, so two rows cross. "Nineteen" becomes two Russian words, *тысяча девятьсот*, and both look at it. *Года*, "of the year", has no counterpart at all and looks about. And *со* has the form that it has because
# of the word *after* it, "second"; before *третьего* it would be *с*. So it is at "second" that the network looks while it writes the preposition. What the figure does not show is why: a weight says where a state was taken from, not what was in it.
#
# **To think about.** The model writes at most 24 words. How many weights does it compute for a source of $S$ words, and why did that not matter in 2016?

# %% [markdown] tags=["solution", "E20.2"]
# **Answer.** $T \cdot S$, each through a hidden layer of $n$ units. For sentences of 30 words that is 900, little beside the LSTM layers: each of these multiplies a matrix of $2n \cdot 4n$ numbers at each of the $T$ steps, one step after the other. It matters for texts of many thousands of words.

# %% [markdown] tags=["slide:D5.17"]
# ## The slide's picture
#
# ### E20.3 GNMT on paper
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system). The slide has no formula, so the picture has to be read. Its layers, from the bottom:
#
# - **Encoder**, 8 layers. The bottom one reads from both ends, and its two halves stand side by side. The other seven read forwards.
# - **Decoder**, 8 layers. The bottom one reads the words written so far and asks the attention. All layers above it get what comes from below *and* the context, side by side.
# - From the third layer on, on either side, a layer adds to its output what it was given from below. The context is not added.
#
# Let words be vectors of $d$ numbers, and let each LSTM layer have $d$ units. An LSTM layer that reads $m$ numbers has $4d(m + d + 1)$ weights (notebook 10). Attention has $W_q$, $W_k$ without biases, and $v$. The read-out is a dense layer, and in the kit's replica it gets the top layer and the context side by side
# (the paper's gets the top layer alone). Source and target have vocabularies of $V_s$ and $V_t$ words, each with its embedding.
#
# **Write** `input_widths(d, layers)`, which returns two lists, encoder and decoder, with the number of inputs of each layer from the bottom; and `count_weights(d, layers, V_s, V_t)`. **Checked for:** the widths and the count of a replica with $d = 8$ and 8 layers, and of others.


# %% tags=["stub", "E20.3"]
def input_widths(d, layers):
    """How many numbers each layer reads, from the bottom: two lists, encoder and decoder."""
    return None  # replace this line


def count_weights(d, layers, V_s, V_t):
    """The number of weights of the whole translator."""
    return None  # replace this line


# %% tags=["solution", "E20.3"]
def input_widths(d, layers):
    """How many numbers each layer reads, from the bottom: two lists, encoder and decoder."""
    return [d, 2 * d] + [d] * (layers - 2), [d] + [2 * d] * (layers - 1)


def count_weights(d, layers, V_s, V_t):
    """The number of weights of the whole translator."""
    encoder, decoder = input_widths(d, layers)
    lstms = [encoder[0], *encoder, *decoder]  # the first layer of the encoder has two halves
    stacks = sum(4 * d * (m + d + 1) for m in lstms)
    attention = 2 * d * d + d
    return (V_s + V_t) * d + stacks + attention + (2 * d + 1) * V_t


# %% tags=["check", "E20.3"]
check("E20.3")

# %% tags=["hint", "E20.3"]
# hint("E20.3", 1)

# %% tags=["figure", "E20.3"]
translation.layers(input_widths)

# %% [markdown]
# The picture is the slide's, with your widths in it. Is the count right too? The kit's `EncoderDecoder` is built with $d = 8$ and 8 layers, and Keras counts.

# %% tags=["figure", "E20.3"]
from course_kit.models.translator.model import EncoderDecoder

replica = EncoderDecoder([f"s{k}" for k in range(26)], [f"t{k}" for k in range(36)], units=8, embedding=8, layers=8)
replica.build(None)
print(
    f"yours, d = 8, 8 layers, 30 and 40 words: {count_weights(8, 8, 30, 40)}   (each vocabulary has 4 signs that are no words)"
)
print(f"Keras:                                   {replica.count_params()}")
big = count_weights(1024, 8, 32_000, 32_000)
print("d = 1024 and 32,000 word pieces:         " + ("-" if big is None else f"{big / 1e6:.0f} million"))

# %% [markdown]
# **To think about.** Why does the *bottom* layer of the decoder ask, and not the top one?

# %% [markdown] tags=["solution", "E20.3"]
# **Answer.** For speed. The layers lay on eight graphics cards, one each. If the top layer asked, no layer could begin its next step before the top one had finished the last. With the bottom layer asking, layer $l + 1$ can work on step $i$ while layer $l$ works on step $i + 1$. The same reason forbids a second layer from both ends: the layer above it would have to wait
# until the whole sentence had been read backwards.

# %% [markdown] tags=["slide:D5.17"]
# ### E20.10 Wiring the encoder
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system).
#
# Now the left half of the picture, to be run. With LSTM layers as functions of whole sequences, and the sum of two sequences taken at each step,
#
# $$x^1 = [\,\overrightarrow{\mathrm{LSTM}}(x^0);\ \overleftarrow{\mathrm{LSTM}}(x^0)\,], \qquad x^2 = \mathrm{LSTM}_2(x^1), \qquad x^l = \mathrm{LSTM}_l(x^{l-1}) + x^{l-1} \quad (l \ge 3).$$
#
# The half with the arrow to the left reads the sentence from its end. Both halves have to stand at the same word when they are put side by side.
#
# **Write** `encode(x, both, upper)` for `x` $(N, S, m)$. `both` holds the weights of the first layer, forward and backward, and `upper` those of the layers above; each is a triple `W, U, b`, which the function `lstm` above takes. It returns the top, $(N, S, n)$. **Checked for:** values with 2, 4 and 8 layers.


# %% tags=["stub", "E20.10"]
def encode(x, both, upper):
    """Top of the encoder (N, S, n) for x (N, S, m); both = (forward, backward), upper = [layer 2, layer 3, ...]."""
    return None  # replace this line


# %% tags=["solution", "E20.10"]
def encode(x, both, upper):
    """Top of the encoder (N, S, n) for x (N, S, m); both = (forward, backward), upper = [layer 2, layer 3, ...]."""
    forward, backward = both
    y = np.concatenate([lstm(x, *forward), lstm(x[:, ::-1], *backward)[:, ::-1]], axis=-1)
    y = lstm(y, *upper[0])
    for weights in upper[1:]:
        y = lstm(y, *weights) + y
    return y


# %% tags=["check", "E20.10"]
check("E20.10")

# %% tags=["hint", "E20.10"]
# hint("E20.10", 1)

# %% [markdown]
# The kit's trained translator is wired this way, with `course_kit.cells.ResidualStack` for the layers above the first. Its weights go into your function.

# %% tags=["figure", "E20.10"]
sentence = [["<ru>", "from", "March", "second", ",", "nineteen", "ninety", "nine"]]
numbers = translator.source.encode(sentence)
weights = [
    [np.asarray(w, dtype=float) for w in layer]
    for layer in (translator.first.get_weights()[:3], translator.first.get_weights()[3:])
]
above = translator.upper.get_weights()
above = [[np.asarray(w, dtype=float) for w in above[3 * k : 3 * k + 3]] for k in range(translator.depth - 1)]
vectors = np.asarray(translator.source_embedding(numbers), dtype=float)
theirs = np.asarray(translator.encode(numbers)[0])
translation.top_of_encoder(encode, vectors, weights, above, theirs, [*sentence[0], "</s>"])

# %% [markdown]
# On the left your states, in the middle those of Keras, on the right their difference in units of $10^{-6}$: single precision is all that is between them. A halves-swapped or link-less encoder gives another picture at once.
#
# **To think about.** With eight layers, how many LSTMs does the gradient have to pass from the top of the encoder down to layer 2, with the links and without?

# %% [markdown] tags=["solution", "E20.10"]
# **Answer.** Without links it passes six LSTMs, at each of which it is multiplied by the derivatives of gates and of tanh. With links there is a path that passes none: $\partial x^8 / \partial x^2$ contains the identity. Notebook 06 has the same argument in time.

# %% [markdown] tags=["slide:D5.17"]
# ## Which sentence is the best?
#
# ### E20.4 Scores
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system).
#
# The decoder gives $\ln P$ of a sentence: the sum of $\ln P$ of its words, each given those before it. Every word makes the sum smaller, so of two sentences the shorter one has an advantage that it did not earn. And nothing prevents the decoder from forgetting half of the source. The paper corrects both, when sentences are compared:
#
# $$\mathrm{score} = \frac{\ln P}{lp} + cp, \qquad lp = \Big(\frac{5 + L}{6}\Big)^{\alpha}, \qquad cp = \beta \sum_{j=1}^{S} \ln \min\Big(\sum_{i=1}^{L} p_{ij},\ 1\Big).$$
#
# $L$ is the number of words written, and we count the end as one. $p_{ij}$ is the attention that written word $i$ paid to source word $j$. A source word that got 1 or more in all costs nothing, and one that got little costs much. The paper takes $\alpha$ and $\beta$ near 0.2.
#
# **Write** `length_penalty(L, alpha)`, `coverage_penalty(P, beta)` for `P` $(L, S)$, and `score(log_p, P, alpha, beta)`. **Checked for:** 1.0, 1.107566, 1.201124 and 1.330325 for $\alpha = 0.2$ and $L = 1, 5, 10, 20$; coverage of given weights; the whole.


# %% tags=["stub", "E20.4"]
def length_penalty(L, alpha):
    """lp for a sentence of L words."""
    return None  # replace this line


def coverage_penalty(P, beta):
    """cp for the attention P (L, S)."""
    return None  # replace this line


def score(log_p, P, alpha, beta):
    """The score of a sentence with the logarithm log_p of its probability and the attention P (L, S)."""
    return None  # replace this line


# %% tags=["solution", "E20.4"]
def length_penalty(L, alpha):
    """lp for a sentence of L words."""
    return ((5 + L) / 6) ** alpha


def coverage_penalty(P, beta):
    """cp for the attention P (L, S)."""
    return beta * np.log(np.minimum(P.sum(axis=0), 1)).sum()


def score(log_p, P, alpha, beta):
    """The score of a sentence with the logarithm log_p of its probability and the attention P (L, S)."""
    return log_p / length_penalty(len(P), alpha) + coverage_penalty(P, beta)


# %% tags=["check", "E20.4"]
check("E20.4")

# %% tags=["hint", "E20.4"]
# hint("E20.4", 1)

# %% [markdown]
# Four sentences of 3, 6, 10 and 16 words, with made-up probabilities. Which one wins? Move $\alpha$.

# %% tags=["figure", "E20.4"]
slider(
    lambda alpha: translation_scores.winner(length_penalty, alpha),
    translation_scores.winners(length_penalty),
    alpha=(0.0, 1.5, 0.05, 0.2),
)

# %% [markdown]
# With $\alpha = 0$ the shortest sentence wins, with $\alpha = 1.5$ the longest, and each has its turn in between. The numbers 5 and 6 keep the penalty mild for short sentences: $L^\alpha$ would treble from one word to three at $\alpha = 1$, while $lp$ grows from 1 to 1.33. The figure does not show which sentence is *right*; $\alpha$ and $\beta$ are chosen on held-out translations, as any other number of this kind.
#
# **To think about.** What is the price, in $cp$, of a source word to which nobody paid attention at all?

# %% [markdown] tags=["solution", "E20.4"]
# **Answer.** $\beta \ln 0 = -\infty$. A softmax gives nobody exactly 0, so in practice the price is large and finite, and the kit's function cuts it off at $\ln 10^{-12}$. But one ignored comma can already cost more than a wrong word, and so $\beta$ is small.

# %% [markdown] tags=["slide:D5.17"]
# ### E20.5 Beam search
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system).
#
# There are $V^L$ sentences of $L$ words, and the best one cannot be found by trying them all. To take the likeliest word at each step (**greedy** search) may lead into a lane where every continuation is unlikely. **Beam search** keeps the best $w$ beginnings.
#
# Our language has $V$ symbols and a memory of one: `log_p[a, b]` is $\ln P$ of $b$ after $a$. Symbol 0 begins and ends a sentence.
#
# 1. Begin with one empty sentence. Its $\ln P$ is 0, and its last symbol counts as 0.
# 2. In each of `limit` rounds, make all continuations of all sentences in the beam by one symbol, and keep the `width` of the highest $\ln P$ among all of these together.
# 3. Those that end in 0 leave the beam and get their score $\ln P / lp$, with $L$ the number of symbols, the 0 at the end included. The others are the next beam.
# 4. Return the finished sentence of the highest score: its symbols as a list without the 0, and the score.
#
# **Write** `beam_search(log_p, width, limit, alpha)`. **Checked for:** width 1, which is greedy search; width 2 in a case where greedy loses; a width that cuts nothing off, against brute force; $\alpha$.


# %% tags=["stub", "E20.5"]
def beam_search(log_p, width, limit, alpha):
    """The best sentence that a beam finds in the language log_p (V, V): its symbols, a list, and its score."""
    return None  # replace this line


# %% tags=["solution", "E20.5"]
def beam_search(log_p, width, limit, alpha):
    """The best sentence that a beam finds in the language log_p (V, V): its symbols, a list, and its score."""
    beam, finished = [([], 0.0)], []
    for _ in range(limit):
        longer = [
            (words + [b], total + log_p[words[-1] if words else 0, b])
            for words, total in beam
            for b in range(len(log_p))
        ]
        kept = sorted(longer, key=lambda one: one[1], reverse=True)[:width]
        finished += [(words[:-1], total / ((5 + len(words)) / 6) ** alpha) for words, total in kept if words[-1] == 0]
        beam = [(words, total) for words, total in kept if words[-1] != 0]
    return max(finished, key=lambda one: one[1], default=([], -np.inf))


# %% tags=["check", "E20.5"]
check("E20.5")

# %% tags=["hint", "E20.5"]
# hint("E20.5", 1)

# %% tags=["figure", "E20.5"]
translation_scores.widths(beam_search)

# %% [markdown]
# Fifty random languages of five symbols. For each width the figure counts in how many of them your search finds the best sentence of at most six symbols; brute force knows it. Greedy search misses it in more than half, a handful of sentences in the beam is nearly always enough, and nothing in the figure says that the best sentence in the model's
# eyes is the best translation. Very wide beams have been found to *harm* translations, since they find short sentences that a good model rates too highly.
#
# **To think about.** When may the search stop before the limit without missing anything, if $\alpha > 0$?

# %% [markdown] tags=["solution", "E20.5"]
# **Answer.** $\ln P$ of an open sentence can only fall, and $lp$ is at most that of the limit. So an open sentence can reach at most $\ln P / lp(\text{limit})$. When that is not above the best finished score for any sentence in the beam, nothing better will come. `course_kit.models.translator.search` stops there, and it does all sources of a batch at once.

# %% [markdown] tags=["slide:D5.17"]
# ## Translation for real
#
# ### E20.8 A split that does not leak
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system).
#
# Millions of sentence pairs without a download: numbers, amounts, measures and dates, written out in words by num2words and Babel. Small numbers come up more often than large ones, as they do in life, so the same source comes again and again. Look at some.

# %% tags=["figure", "E20.8"]
from course_kit.datasets.written_out import pairs

for language in ("ru", "pl"):
    for pair in pairs(5, language, seed=12):
        print(f"{pair.source}  =  {pair.target}")

# %% [markdown] tags=["slide:D5.17"]
# If pairs are drawn first and split afterwards, the test will hold sources that were trained on, and the result says how well the network remembers. The remedy: whether a source is held out must depend on **the source itself** and on nothing else. A checksum decides. It is the same today and tomorrow, on any machine, in any order,
# and however often the source comes. Two spellings that read alike must fall on the same side: before the checksum is taken, letters become small, hyphens become blanks, and words are separated by one blank.
#
# **Write** `held_out(source)`, True if `zlib.crc32` of that form, encoded as UTF-8, leaves the remainder 0 when divided by 10; and `leaked(train, test)`, which counts the test sources that read like one of the training sources. **Checked for:** decisions, asked twice and in two orders; spellings; the count.
#
# Python's own `hash` will not do: for texts it is salted anew in each process.


# %% tags=["stub", "E20.8"]
def held_out(source):
    """Whether a source is kept from training, by a checksum of what it reads as."""
    return None  # replace this line


def leaked(train, test):
    """How many of the test sources read like one of the training sources."""
    return None  # replace this line


# %% tags=["solution", "E20.8"]
def same_reading(source):
    return " ".join(source.lower().replace("-", " ").split())


def held_out(source):
    """Whether a source is kept from training, by a checksum of what it reads as."""
    return zlib.crc32(same_reading(source).encode()) % 10 == 0


def leaked(train, test):
    """How many of the test sources read like one of the training sources."""
    seen = {same_reading(source) for source in train}
    return sum(same_reading(source) in seen for source in test)


# %% tags=["check", "E20.8"]
check("E20.8")

# %% tags=["hint", "E20.8"]
# hint("E20.8", 1)

# %% tags=["figure", "E20.8"]
drawn = [
    p.source
    for part in ("train", "held out")
    for p in pairs(4_500 if part == "train" else 500, "ru", part=part, seed=3)
]
drawn = [drawn[k] for k in np.random.default_rng(3).permutation(len(drawn))]
translation_scores.leaks(held_out, leaked, drawn)

# %% [markdown]
# Shuffled and cut, the usual way, six or seven test sources in a hundred are known from training. A test of "no pair twice" would not have seen it: the spelling may differ, and the pairs were drawn independently. The figure does not show the other half of the question: what is held out here is new as a *whole*, but all of its words and most of its turns of phrase are known. A network that passes has learned to compose;
# that it could translate a new word is not claimed.
#
# **To think about.** Ten sources in a hundred are held out. If you now want twice as many, by which rule do you make sure that no source changes sides from test to training?

# %% [markdown] tags=["solution", "E20.8"]
# **Answer.** Divide by 10 again and accept the remainders 0 and 1. The old test sources stay where they are, and some training sources join them. Dividing by 5 would do as well, since a number that leaves 0 when divided by 10 leaves 0 when divided by 5; dividing by 7 would not.

# %% [markdown] tags=["slide:D5.17"]
# ### E20.9 Exact match and chrF
#
# D5.17, *Google's Neural Machine Translation System* (Google's neural machine translation system).
#
# Here every source has one right translation, so the share of translations that are right letter for letter, **exact match**, says most. It is blind for how wrong the others are. **chrF** (Popović 2015) counts what translation and reference have in common: pieces of $n$ letters, $n = 1, \dots, 6$, blanks left out. Over *all* sentences of the set together let
# $c_n$ be the number of such pieces in common, $w_n$ that in the translations and $r_n$ that in the references. Then
#
# $$P = \frac16 \sum_{n=1}^{6} \frac{c_n}{w_n}, \qquad R = \frac16 \sum_{n=1}^{6} \frac{c_n}{r_n}, \qquad \mathrm{chrF} = 100\, \frac{(1 + \beta^2)\, P R}{\beta^2 P + R}, \qquad \beta = 2.$$
#
# If a piece comes twice in the translation and once in the reference, it is in common once. With $\beta = 2$ recall counts more: what is missing is worse than what is too much. Where nothing is in common chrF is 0.
#
# A language such as Russian is where this pays: a wrong ending of a right word costs little, while a score of whole words would count it as wrong.
#
# **Write** `exact_match(texts, references)`, a share from 0 to 1, and `chrf(texts, references)`, from 0 to 100; all texts have at least 6 letters. **Checked for:** values; a perfect set; a set with nothing in common; a copy of the source.


# %% tags=["stub", "E20.9"]
def exact_match(texts, references):
    """Share of the texts that are their reference, letter for letter."""
    return None  # replace this line


def chrf(texts, references):
    """chrF of a set of texts, 0 to 100: pieces of 1 to 6 letters, beta = 2."""
    return None  # replace this line


# %% tags=["solution", "E20.9"]
def exact_match(texts, references):
    """Share of the texts that are their reference, letter for letter."""
    return sum(a == b for a, b in zip(texts, references, strict=True)) / len(texts)


def pieces(text, n):
    letters = "".join(text.split())
    return Counter(letters[k : k + n] for k in range(len(letters) - n + 1))


def chrf(texts, references):
    """chrF of a set of texts, 0 to 100: pieces of 1 to 6 letters, beta = 2."""
    precisions, recalls = [], []
    for n in range(1, 7):
        common = written = due = 0
        for text, reference in zip(texts, references, strict=True):
            a, b = pieces(text, n), pieces(reference, n)
            common, written, due = common + (a & b).total(), written + a.total(), due + b.total()
        precisions.append(common / written)
        recalls.append(common / due)
    P, R = np.mean(precisions), np.mean(recalls)
    return 100 * 5 * P * R / (4 * P + R) if P + R > 0 else 0.0


# %% tags=["check", "E20.9"]
check("E20.9")

# %% tags=["hint", "E20.9"]
# hint("E20.9", 1)

# %% tags=["figure", "E20.9"]
translation_scores.spoilt(exact_match, chrf, [p.target for p in pairs(200, "ru", part="held out", seed=5)])

# %% [markdown]
# One wrong letter in each sentence, and exact match is 0; chrF has lost less than a tenth. It falls gently from there, and random letters of the same alphabet still have some short pieces in common. Which score is better depends on what a mistake costs. "Двадцать один рубль" with a wrong ending is a blemish; with a wrong numeral it is a wrong amount, and chrF can hardly tell the two apart.
#
# Now the trained translator. Held-out sentences, two languages, four ways to write, and two baselines: the source copied as it is, and each word replaced by the one that keeps it company most often in the training pairs. Your two functions beside sacrebleu's.

# %% tags=["figure", "E20.9"]
from course_kit.models.translator.evaluation import evaluate

results = evaluate(writer, 200)
for result in results:
    if result.name == "greedy":
        references = [p.target for p in pairs(200, result.language, part="held out", seed=1)]
        mine = exact_match(result.texts, references), chrf(result.texts, references)
        print(
            ""
            if None in mine
            else f"yours, greedy, en-{result.language}: exact match {mine[0]:.4f}, chrF {mine[1]:.2f}"
        )

# %% tags=["figure", "E20.9"]
translation_scores.results(results)

# %% [markdown]
# A copy shares nothing with Russian but the comma, and an alphabet with Polish. Word for word is right where a numeral is one word; it knows no order and no endings. The network reaches what the figure says. Beam search and greedy search come out nearly alike, and this is worth a thought: where each source has one right translation a well-trained network is sure of itself, and the
# likeliest word is the right one. The beam pays where many translations compete.
#
# What are its mistakes?

# %% tags=["figure", "E20.9"]
wrong = []
for result in results:
    if result.name == "beam 4, alpha 0.2":
        for pair, text in zip(pairs(200, result.language, part="held out", seed=1), result.texts, strict=True):
            if pair.target != text:
                wrong.append(f"{pair.source}\n   wrote {text}\n   due   {pair.target}")
print("\n".join(wrong[:4]) or "None among these 400.")
for text in ("two elephants", "one million roubles", "on the thirty-first of February, twenty twenty-five"):
    print(f"\n{text}\n   wrote {translate([text], 'ru', writer)[0].text}")

# %% [markdown]
# Of its mistakes some are bound to happen: the word "month" stands in no source but "one month", and where the checksum holds that out, training never sees the word. The last three sentences are outside of what it was taught in other ways: an unknown word, a number that is too large, a day that does not exist. It answers all the same, fluently, and nothing in the answer says that it is a guess. Look at the attention if you want to know, or at $\ln P$.
#
# The model was trained by `python data/make_translator.py`, for some minutes on two cores. `python -m course_kit.models.translator train` trains another one, goes on where it was stopped, and prints the table above.
#
# **To think about.** GNMT translated word *pieces*, 32,000 of them, and this model whole words, some 400. What does each choice cost?

# %% [markdown] tags=["solution", "E20.9"]
# **Answer.** Whole words keep sentences short, so that there are few steps, and each word has its own vector; but an unknown word has none, and each inflected form counts as a word of its own: *рубль*, *рубля*, *рублей* share nothing. Pieces let forms share their stem and leave no word unknown, at the price of longer sentences and of forms that do not exist, put together from pieces that do.

# %% [markdown] tags=["slide:D5.14", "slide:D5.15", "slide:D5.16", "slide:D5.25"]
# ## A dialogue
#
# ### E20.6 The impolite dialogue
#
# D5.14, *Пример задачи* (A sample task), D5.15, *Диалог (1/2)* (Dialogue, 1), and D5.16, *Диалог (2/2)* (Dialogue, 2). The task is a machine that answers, and the sample is a person who is rude and a machine that evades. Its six replies, in lower case and without punctuation:
#
# | | the person | the machine |
# | --- | --- | --- |
# | a | Ты глупый | как насчет привет |
# | b | Какой чудесный вечер. Не правда ли? | ты действительно думаешь что я буду помнить об этом |
# | c | Ты дура. | так почему тебе не все равно |
# | d | Потому что мне с тобой жить! | ты совсем не такой |
# | e | Ты обиделась? | угу |
# | f | Забавно, но ты всего лишь программа и никогда не сможешь мыслить. | конечно дело в том что сейчас не лучшее время |
#
# In English: *how about "hello"*; *do you really think that I shall remember this*; *why do you care then*; *you are not like that at all*; *uh-huh*; *of course, the thing is that now is not the best time*.
#
# An encoder-decoder that was taught dialogues tends to say the same few things to everybody. **Distinct-n** (Li et al. 2016) measures this: the number of different $n$-grams of words in all replies, divided by the number of all $n$-grams. None reaches from one reply into the next.
#
# The same paper has a remedy. Let the beam propose replies $r$ to what was said, $s$, and put them in the order of
#
# $$\ln P(r \mid s) - \lambda \ln P(r),$$
#
# where $P(r)$ is how likely the reply is whatever was said. "I do not know" is likely anyway, and falls behind.
#
# Then D5.25, *convai.io — The Conversational Intelligence Challenge, NIPS 2017* (Conversational Intelligence Challenge): a contest in which volunteers talk with machines and judge them.
#
# **Write** `distinct(replies, n)` for a list of lists of words, which returns two counts, different and all; `rerank(log_p, log_p_anyway, weight)`, which returns the numbers of the candidates in their new order, the best first, as an array. And **answer**:
#
# - `ignored`: which of the machine's replies leaves a *question* unanswered? A letter, "a" to "f".
# - `unseen`: what do the volunteers of D5.25 see that distinct-n does not? "a" that replies repeat themselves; "b" that replies are long or short; "c" whether a reply has to do with what was said; "d" how many words the machine knows.
#
# **Checked for:** 28 of 32 and 26 of 26 for the six replies above with $n = 1$ and $2$; other replies; the order for several weights; the two answers.


# %% tags=["stub", "E20.6"]
def distinct(replies, n):
    """How many different n-grams of words the replies have, and how many in all."""
    return None  # replace this line


def rerank(log_p, log_p_anyway, weight):
    """The numbers of the candidates, the best first, as an array; log_p and log_p_anyway are arrays (K,)."""
    return None  # replace this line


ignored = None  # replace this line
unseen = None  # replace this line


# %% tags=["solution", "E20.6"]
def distinct(replies, n):
    """How many different n-grams of words the replies have, and how many in all."""
    grams = [tuple(reply[k : k + n]) for reply in replies for k in range(len(reply) - n + 1)]
    return len(set(grams)), len(grams)


def rerank(log_p, log_p_anyway, weight):
    """The numbers of the candidates, the best first, as an array; log_p and log_p_anyway are arrays (K,)."""
    return np.argsort(-(log_p - weight * log_p_anyway))


ignored = "b"
unseen = "c"


# %% tags=["check", "E20.6"]
check("E20.6")

# %% tags=["hint", "E20.6"]
# hint("E20.6", 1)

# %% [markdown]
# The kit has a network of the same kind that was taught small talk, made by rules (`course_kit.datasets.dialogue`). To whatever is said, three answers in ten are "i do not know", and the rest fit. It proposes ten answers to each of twelve remarks, and your `rerank` chooses.

# %% tags=["figure", "E20.6"]
from course_kit.models.translator.responder import Conversation
from course_kit.models.translator.translating import load_responder

talker = Writer(load_responder())
remarks = [
    "how are you",
    "what a lovely evening",
    "you are stupid",
    "you are only a program",
    "are you offended",
    "will you remember this",
    "my name is anna",
    "i am boris",
    "i live in kazan",
    "i come from lublin",
    "i like chess",
    "i am fond of rain",
]
proposed = []
for remark in remarks:
    talk = Conversation(talker, diversity=1e-9)  # so that ln P(reply) is computed
    proposed.append(sorted(talk.candidates(remark), key=lambda one: -one[1]))
for said, answers in list(zip(remarks, proposed, strict=True))[:2]:
    print(said)
    for text, log_p, anyway in answers[:5]:
        print(f"   ln P(r|s) {log_p:6.2f}   ln P(r) {anyway:6.2f}   {text}")
translation_scores.diversity(distinct, rerank, remarks, proposed)

# %% [markdown]
# With $\lambda = 0$ the machine says "i do not know" to everybody: its two numbers are as low as they can be. A quarter is enough to let the answers through that fit, and up to one half all of them do. From there on the choice asks less and less whether an answer fits, and more and more whether it is rare: on the right
# it falls, while on the left hardly anything happens. So a machine that says what fits and one that says whatever comes to its mind may have the same distinct-n. For what makes the difference D5.25 needs people.
#
# **To think about.** The six replies of the slide have distinct-2 = 26/26, the highest value there is. Is the machine of the slide a varied one?

# %% [markdown] tags=["solution", "E20.6"]
# **Answer.** Six replies say nothing. With 26 pairs of words a repetition would be a coincidence; as a text grows, repetitions become certain, and distinct-n falls whoever speaks. Values are comparable only for texts of one length. The count of questions left unanswered, one of two, says more about this machine.

# %% [markdown] tags=["slide:D5.15", "slide:D5.16"]
# ### E20.7 It does not remember you
#
# D5.15, *Диалог (1/2)* (Dialogue, 1), and D5.16, *Диалог (2/2)* (Dialogue, 2). "Do you really think that I shall remember this?" asks the machine on D5.15, and it is right to. A network that begins each turn with a state of zeros knows nothing of the turn before. The remedy costs nothing: begin a turn with the state in which the last one ended.
#
# **Write** `turn_states(turns, carry, W, U, b)`. `turns` is a list of $K$ arrays $(N, T_k, m)$, all of them read by one LSTM of $n$ units. It returns $h$ at the end of each turn, as an array $(K, N, n)$. The first turn begins with zeros. With `carry=True` each further turn begins where the one before ended; with `carry=False` it begins with zeros too. **Checked for:** values both ways; the same question twice; one long
# turn against many short ones.


# %% tags=["stub", "E20.7"]
def turn_states(turns, carry, W, U, b):
    """h at the end of each of K turns (N, T_k, m): (K, N, n). carry: whether the state goes on from turn to turn."""
    return None  # replace this line


# %% tags=["solution", "E20.7"]
def turn_states(turns, carry, W, U, b):
    """h at the end of each of K turns (N, T_k, m): (K, N, n). carry: whether the state goes on from turn to turn."""
    h = c = np.zeros((len(turns[0]), len(U)))
    ends = []
    for x in turns:
        if not carry:
            h = c = np.zeros_like(h)
        for t in range(x.shape[1]):
            h, c = lstm_step(x[:, t], h, c, W, U, b)
        ends.append(h)
    return np.stack(ends)


# %% tags=["check", "E20.7"]
check("E20.7")

# %% tags=["hint", "E20.7"]
# hint("E20.7", 1)

# %% tags=["figure", "E20.7"]
translation_scores.remembered(turn_states)

# %% [markdown]
# The same question, asked in turns 1, 3 and 5, with other talk in between. Without carried state the three answers are one and the same; with it they differ. In Keras this is `stateful=True`, and `reset_state` is what `carry=False` does.

# %% tags=["figure", "E20.7"]
rng = np.random.default_rng(7)
turns = [rng.normal(size=(2, T, 3)).astype("float32") for T in (3, 4, 3)]
layer = keras.layers.LSTM(5, stateful=True)
layer.build((2, None, 3))
weights = [w.astype(float) for w in layer.get_weights()]
for carry in (True, False):
    layer.reset_state()
    theirs = []
    for x in turns:
        if not carry:
            layer.reset_state()
        theirs.append(np.asarray(layer(x)))
    mine = turn_states([x.astype(float) for x in turns], carry, *weights)
    print(
        f"carry = {carry!s:5}  "
        + ("-" if mine is None else f"largest difference to Keras {np.abs(mine - np.stack(theirs)).max():.1e}")
    )

# %% [markdown]
# And the kit's talking network, which was taught dialogues of four turns with its state carried:

# %% tags=["figure", "E20.7"]
said = ["my name is anna", "what a lovely evening", "what is my name", "where do i live"]
for carry in (True, False):
    talk = Conversation(talker, carry=carry, diversity=0.5)
    print("state carried" if carry else "\nstate reset before each turn")
    for line in said:
        print(f"   person: {line:24s} machine: {talk.say(line)}")

# %% tags=["figure", "E20.7"]
from course_kit.models.translator.talking import memory_test

memory = memory_test(talker, 300)
translation_scores.memory(memory)

# %% [markdown]
# It remembers because it was taught dialogues in which things were asked for that had been told before. One turn later it is nearly always right, and with each turn of small talk in between it is right less often; these lessons were short, a few minutes, and the dialogues in them had four turns. Without its state it says what is
# right for somebody who has told nothing. Look at its last answer with the state carried once more, too: nobody had told it where they live. A state that holds something does not hold a list of what it does not know.
#
# **To think about.** What would have to change for the machine to remember you tomorrow?

# %% [markdown] tags=["solution", "E20.7"]
# **Answer.** The state would have to be stored with your name on it when you leave and loaded when you come back; it is no more than a few hundred numbers. Whether they still hold after a hundred turns is another matter: a fixed state fills up, as in E20.1. Later systems write down what was said and let attention read it again.

# %% tags=["figure"]
progress()
