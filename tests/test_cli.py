"""The command line: wrong use is one line and exit code 2."""

import pytest

from course_kit.cli import main, parser

WRONG = {
    "no verb": [],
    "unknown verb": ["fly"],
    "unknown action": ["notebooks", "burn"],
    "no output folder": ["grade", "somewhere"],
    "no jobs": ["grade", "somewhere", "--out", "x", "--jobs", "0"],
    "half a job": ["notebooks", "run", "--jobs", "1.5"],
    "unknown sandbox": ["grade", "somewhere", "--out", "x", "--sandbox", "maybe"],
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_wrong_use_is_exit_code_2(arguments, capsys):
    """The parser says what is due."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert 2 == caught.value.code
    assert "Traceback" not in capsys.readouterr().err


def test_no_notebook_of_that_name(capsys):
    """A name that matches nothing lists what there is."""
    assert 2 == main(["notebooks", "run", "--only", "no such notebook"])
    assert "no notebook's name contains" in capsys.readouterr().out


def test_missing_model_is_one_sentence(capsys):
    """No traceback for a file that is not there."""
    assert 2 == main(["params", "no such file.keras"])
    assert "no such file.keras" in capsys.readouterr().out


def test_every_verb_has_help():
    """Each verb says in a line what it does."""
    verbs = parser()._subparsers._group_actions[0]

    assert all(choice.help for choice in verbs._choices_actions)
