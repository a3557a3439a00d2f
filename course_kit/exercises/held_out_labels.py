"""Labels of the held-out reviews of notebook 21, and what the n-gram model reaches. Judge's side alone.

Written by data/make_held_out_reviews.py. `course-kit release` puts None in the labels' place: in a student's copy
of the kit E21.7 judges the validation reviews, and the held-out ones when it is graded.
"""

DIGEST = "93f4ba147ed05c7d"  # of the texts that these labels belong to
LABELS: str | None = (
    "fe1b6655d1ada40b068193405b65b124093b9d8544d4d2155fa3c234d1d22243d7f995990a2bb96cbddb9f9e3a6325365fee"
    "9e48a36f5ec5d4443faa543b92da3d6954c5963d15cd9cf9156730586e1bf7343267c0665d81d2aa9b3805106baeba1b55e8"
)
# F1 of 1-3-grams with logistic regression (lambda = 1), learnt on the training part of the split, at the threshold
# that is best on the validation part, 0.2447
LINE_HELD_OUT = 0.8130
LINE_VALIDATION = 0.7977
