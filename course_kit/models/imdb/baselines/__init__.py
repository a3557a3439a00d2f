"""What a tuned model is measured against: programs that others wrote, and linear models. Loads no Keras."""

from course_kit.models.imdb.baselines import linear, programs

ROWS = (*programs.ROWS, *linear.ROWS)
