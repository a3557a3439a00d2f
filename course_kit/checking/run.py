"""Put the cases of an exercise to an answer and say what came out."""

import time
from collections.abc import Callable

import numpy as np

from course_kit.checking.answer import (
    Answer,
    AnswerError,
    ChangedArguments,
    Lost,
    NotDefined,
    StudentError,
    Untouched,
)
from course_kit.checking.compare import Mismatch
from course_kit.checking.draw import Draw
from course_kit.checking.exercise import Exercise
from course_kit.checking.outcome import Message, Outcome, State


def run(
    exercise: Exercise,
    answer: Answer,
    seed: int = 0,
    to_the_end: bool = False,
    told: Callable[[Message], Message] = lambda message: message,
) -> Outcome:
    """Judge ``answer`` by ``exercise``.

    Args:
        exercise: Exercise.
        answer: Answer, the student's work.
        seed: int, deals the inputs.
        to_the_end: bool. False stops at the first case that is not right, as a student wants it; True looks at
            all cases, as pytest does, unless the answer was lost (a call too slow, a dead process).
        told: what becomes of a message before it is kept.

    Returns:
        Outcome. Never raises for anything that the student's work does.
    """
    started = time.perf_counter()
    states: dict[str, State] = {}
    messages: dict[str, str] = {}
    first: Message | None = None
    hint = ""
    for case in exercise.cases:
        state, message, lost = _judge_case(exercise, case, answer, seed)
        states[case.name] = state
        if message:
            message = told(message)
            messages[case.name] = "; ".join(message.lines())
            first = first or message
        if state is State.WRONG and not hint:
            hint = case.hint or exercise.hints[0]
        if state is not State.RIGHT and (lost or not to_the_end):
            break
    state = _overall(list(states.values()))
    return Outcome(
        exercise=exercise.id,
        title=exercise.title,
        state=state,
        points=exercise.points if state is State.RIGHT else _steps(exercise, states),
        max_points=exercise.max_points,
        message=first,
        hint=hint if state is State.WRONG else "",
        cases=states,
        case_messages=messages,
        not_looked_at=tuple(c.name for c in exercise.cases if c.name not in states),
        seconds=time.perf_counter() - started,
    )


def _steps(exercise: Exercise, states: dict[str, State]) -> float:
    """The points of the steps that were reached; none while something is not right that is no step."""
    right = {name for name, state in states.items() if state is State.RIGHT}
    if any(case.name not in right for case in exercise.cases if not case.points):
        return 0
    return sum(case.points for case in exercise.cases if case.name in right)


def _judge_case(exercise, case, answer, seed) -> tuple[State, Message | None, bool]:
    try:
        with np.errstate(all="ignore"):
            case.function(answer, Draw(seed, exercise.id, case.name))
    except Mismatch as mismatch:
        return State.WRONG, mismatch.message, False
    except (NotDefined, Untouched) as error:
        return State.NOT_ATTEMPTED, Message(str(error)), False
    except ChangedArguments as error:
        return State.WRONG, Message(str(error)), False
    except (StudentError, Lost) as error:
        return State.COULD_NOT_RUN, Message(str(error)), isinstance(error, Lost)
    except AnswerError as error:
        return State.COULD_NOT_RUN, Message(str(error)), True
    except Exception as error:
        # Our own case fell over the answer: the class goes on, and the instructor reads why.
        sentence = f"the check could not handle this answer ({type(error).__name__}: {error}); tell the instructor"
        return State.COULD_NOT_RUN, Message(sentence[:500]), False
    return State.RIGHT, None, False


def _overall(states: list[State]) -> State:
    """Right if all are; not attempted if nothing was; else the first that is neither."""
    if all(s is State.RIGHT for s in states):
        return State.RIGHT
    if states[0] is State.NOT_ATTEMPTED and all(s is State.NOT_ATTEMPTED for s in states):
        return State.NOT_ATTEMPTED
    first = next(s for s in states if s is not State.RIGHT)
    return State.WRONG if first is State.NOT_ATTEMPTED else first
