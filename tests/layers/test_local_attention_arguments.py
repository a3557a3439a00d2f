"""Arguments of the attention window: the configuration is complete, bad values get a sentence."""

import pytest

from course_kit.layers import LocalAttention


def test_every_argument_is_in_the_configuration_and_comes_back():
    """Each set to another value than its default."""
    given = {
        "window": 4,
        "attention": "content",
        "causal": True,
        "borders": "zeros",
        "key_dim": 6,
        "theta_initializer": "ones",
        "kernel_initializer": "he_normal",
    }
    default, config = LocalAttention(3).get_config(), LocalAttention(**given).get_config()

    assert LocalAttention.from_config(config).get_config() == config
    assert [name for name in given if config[name] == default[name]] == []
    assert set(config) - set(given) == {"name", "trainable", "dtype"}
    assert LocalAttention.from_config(LocalAttention(3, [0.2, 0.5, 0.3]).get_config()).attention == (0.2, 0.5, 0.3)


WEIGHTS = "attention must be 'uniform', 'learned', 'content' or 3 numbers, none negative, that sum to one"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"window": 0}, "window must be a positive integer. Got 0."),
        ({"window": 2.0}, "window must be a positive integer. Got 2.0."),
        ({"window": 4}, "window must be odd, so that it has a middle, or causal. Got 4."),
        ({"window": 3, "causal": "yes"}, "causal must be True or False. Got 'yes'."),
        ({"window": 3, "attention": "global"}, "attention must be 'uniform', 'learned' or 'content'. Got 'global'."),
        ({"window": 3, "attention": [0.5, 0.5]}, f"{WEIGHTS}. Got [0.5, 0.5]."),
        ({"window": 3, "attention": [0.5, 0.3, 0.3]}, f"{WEIGHTS}. Got [0.5, 0.3, 0.3]."),
        ({"window": 3, "attention": [1.5, -0.5, 0.0]}, f"{WEIGHTS}. Got [1.5, -0.5, 0.0]."),
        ({"window": 3, "attention": None}, f"{WEIGHTS}. Got None."),
        ({"window": 3, "borders": "same"}, "borders must be 'renormalise' or 'zeros'. Got 'same'."),
        ({"window": 3, "key_dim": 4}, "key_dim must be None unless attention is 'content'. Got 4."),
        ({"window": 3, "attention": "content", "key_dim": 0}, "key_dim must be a positive integer. Got 0."),
    ],
)
def test_a_bad_argument_gets_the_rule_and_what_came(given, message):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        LocalAttention(**given)

    assert str(caught.value) == message
