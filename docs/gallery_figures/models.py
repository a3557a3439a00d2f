"""The character model, the translator, the jet tagger, the review model."""

import numpy as np
import tensorflow as tf

from course_kit.datasets import imdb, jets
from course_kit.datasets.jets_prepared import prepared
from course_kit.models.characters import saved
from course_kit.models.imdb import Recipe
from course_kit.models.imdb.preparing import prepare
from course_kit.models.imdb.reading import tokens
from course_kit.models.translator import translating
from docs.gallery_figures.base import BLUE, DIVERGING, figure_of, image, panels

SENTENCE = "the method returns a new string with the arguments"
DATE = "from February tenth, twenty thirty-six"


@figure_of("Character model")
def characters():
    """Bits that each letter of a sentence cost."""
    net = saved.load()
    logits, _ = net.read(" " + SENTENCE)
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    bits = [-np.log2(p[k, net.symbols.index(letter)]) for k, letter in enumerate(SENTENCE)]
    figure, axes = panels(1, 1, height=2.3)
    axes.bar(range(len(bits)), bits, color=BLUE)
    axes.set_xticks(range(len(bits)), [letter.replace(" ", "␣") for letter in SENTENCE], fontsize=8)
    axes.set(ylabel="bits", xlim=(-0.6, len(bits) - 0.4))
    return figure


@figure_of("Translator in GNMT's shape")
def translator():
    """The attention of one translated date."""
    found = translating.translate([DATE], "ru", width=4)[0]
    figure, axes = panels(1, 1, height=3.0)
    image(figure, axes, found.attention, "attention", vmin=0, vmax=1)
    axes.set_xticks(range(len(found.source)), found.source, rotation=35, ha="right", fontsize=8)
    axes.set_yticks(range(len(found.words)), found.words, fontsize=8)
    return figure


@figure_of("Jet tagger")
def tagger():
    """Mean prepared jets of either kind."""
    found = jets.load()
    upright = prepared(found.constituents.astype("float64"))
    figure, axes = panels(1, 2, height=3.0)
    for axis, label, name in zip(axes, (1, 0), ("tops", "light quarks and gluons"), strict=True):
        pt, eta, phi = upright[found.label == label].reshape(-1, 3).T
        mean, _, _ = np.histogram2d(phi, eta, bins=40, range=[[-1.2, 1.2]] * 2, weights=pt)
        shown = np.log10(mean + mean.max() * 1e-4)
        axis.imshow(shown, origin="lower", extent=(-1.2, 1.2, -1.2, 1.2), cmap="cividis")
        axis.set(title=name, xlabel="eta", ylabel="phi")
    return figure


@figure_of("IMDB_LSTM")
def reviews():
    """The log ratios of the n-grams of one of the kit's reviews."""
    corpus = imdb.load("kit")
    made = prepare(Recipe(vocabulary=2000, vectors=16, segment=16, most=64), corpus.train)
    text = next(t for t in corpus.test.texts if " not " in t and 9 <= len(t.split()) <= 14)
    words = [word.decode() for word in tokens([text])[0].numpy().tolist()]
    _, grams = made.reader(tf.constant([text]))
    ratios = made.weights.all[grams.numpy()[0, : len(words)], 0]
    figure, axes = panels(1, 1, height=2.2)
    most = np.abs(ratios).max()
    image(figure, axes, ratios.T, "log ratio", cmap=DIVERGING, vmin=-most, vmax=most)
    axes.set_xticks(range(len(words)), words, rotation=35, ha="right", fontsize=8)
    axes.set_yticks(range(3), ["1 word", "2 words", "3 words"], fontsize=8)
    return figure
