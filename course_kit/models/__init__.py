"""Whole models, as a reader of the course would train them: the review classifier of IMDB."""
