"""A recipe keeps only what can be trained."""

import json

import pytest

from course_kit.models.imdb import Recipe


def test_it_comes_back_from_json():
    """As run folders keep it."""
    recipe = Recipe(units=7, rate=0.01)
    assert Recipe(**json.loads(json.dumps(recipe.config()))) == recipe


@pytest.mark.parametrize(
    ("field", "value", "says"),
    (
        ("units", 0, "units must be a positive integer. Got 0."),
        ("epochs", 2.5, "epochs must be a positive integer. Got 2.5."),
        ("nets", True, "nets must be a positive integer. Got True."),
        ("vocabulary", 2, "vocabulary must be at least 3"),
        ("grams", 4, "grams must be 0, 1, 2 or 3. Got 4."),
        ("dropout", 1.0, "dropout must be in [0, 1). Got 1.0."),
        ("most", 100, "most must be a multiple of twice segment, 128. Got 100."),
        ("rate", 0.0, "rate must be positive. Got 0.0."),
        ("weight_decay", -1.0, "weight_decay must not be negative. Got -1.0."),
        ("threshold", 1.0, "threshold must be between 0 and 1. Got 1.0."),
    ),
)
def test_a_wrong_value_is_refused(field, value, says):
    """The rule, then what came."""
    with pytest.raises(ValueError) as error:
        Recipe(**{field: value})
    assert says in str(error.value)
