"""Film reviews with a label each: the public archive of 50,000, or a small corpus of the kit's own.

A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng, C. Potts, "Learning word vectors for sentiment analysis", ACL
2011, 142-150: 25,000 reviews to train, 25,000 of other films to test, half of each positive, at most 30 of a film.

    corpus = imdb.load("aclImdb_v1.tar.gz")     corpus.source says what was read: print it beside every F1
    parts = imdb.split(corpus.train)            parts.how says how

Nothing is downloaded unless asked (`download=True`), and nothing is replaced by something else.
"""

from course_kit.datasets.imdb.download import fetch
from course_kit.datasets.imdb.find import load
from course_kit.datasets.imdb.held_out import held_out
from course_kit.datasets.imdb.reviews import Corpus, ImdbError, Reviews
from course_kit.datasets.imdb.split import Split, folds, split

__all__ = ["Corpus", "ImdbError", "Reviews", "Split", "fetch", "folds", "held_out", "load", "split"]
