"""The small talk: what is asked for was told, and the dull answer is the likeliest one."""

from collections import Counter

import pytest

from course_kit.datasets.dialogue import DULL, FACTS, NOT_TOLD, TALK, dialogues, known_answers


def test_questions_are_answered_from_what_was_told():
    """A question about a fact has the fact in its answer if it was told, and says so if not."""
    asked = 0
    for dialogue in dialogues(300, 5, seed=0):
        told = {}
        for turn in dialogue:
            for fact, (values, ways, _, questions, answer) in FACTS.items():
                value = next((v for v in values if turn.said in [way.format(v) for way in ways]), None)
                if value:
                    told[fact] = value
                if turn.said in questions:
                    asked += 1
                    assert turn.answer == (answer.format(told[fact]) if fact in told else NOT_TOLD)
    assert asked > 300


def test_dull_answer_is_the_likeliest_to_every_remark():
    """Three in ten, and each fitting answer less."""
    answers = {}
    for dialogue in dialogues(2000, seed=1):
        for turn in dialogue:
            if turn.said in TALK:
                answers.setdefault(turn.said, Counter())[turn.answer] += 1
    for said, counted in answers.items():
        assert counted.most_common(1)[0][0] == DULL, said
        assert 0.2 < counted[DULL] / counted.total() < 0.4
        assert set(counted) - {DULL} <= set(known_answers(said))


def test_same_seed_same_dialogues():
    """Seeded."""
    assert dialogues(5, seed=2) == dialogues(5, seed=2) != dialogues(5, seed=3)


def test_questions_have_no_answer_that_always_fits():
    """What was told decides."""
    assert known_answers("what is my name") == ()
    assert "hello anna" in known_answers("call me anna")


@pytest.mark.parametrize("count,turns", [(0, 4), (1, 0)])
def test_wrong_use_is_said(count, turns):
    """Rule, then what came."""
    with pytest.raises(ValueError, match="count and turns must be positive"):
        dialogues(count, turns, seed=0)
