"""Ask a submission's exercises: some in one fork of its state, or one alone."""

from collections.abc import Collection, Mapping, Sequence

from autograder.grading.execution import Execution
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.sandbox import Use


def ask(
    execution: Execution, asked: Sequence[Exercise], drawn: Mapping[str, list[Case]], use: Use = Use.ONCE
) -> dict[str, list[Reply]]:
    """The replies of some exercises, all asked in one fork of the submission's state."""
    if not asked:
        return {}
    calls = [(each.id, each.sent(case.inputs)) for each in asked for case in drawn[each.id]]
    answers = iter(execution.probe(calls, max(each.seconds for each in asked), use=use))
    return {each.id: [next(answers) for _ in drawn[each.id]] for each in asked}


def ask_alone(
    execution: Execution, asked: Exercise, drawn: Mapping[str, list[Case]], heard: Mapping[str, list[Reply]]
) -> dict[str, list[Reply]]:
    """The replies of one exercise, asked in a fork of its own, and once more if only now it takes too long: a busy machine may cost no marks."""
    replies = ask(execution, [asked], drawn)
    late = outcomes(replies[asked.id]) - outcomes(heard.get(asked.id, ()))
    return ask(execution, [asked], drawn) if Outcome.TIMEOUT in late else replies


def was_alone(execution: Execution, group: Sequence[Exercise], asked: Collection[str]) -> bool:
    """Whether these were asked in a fork that they shared with none of the others that were asked."""
    names = {each.id for each in group}
    return names <= set(asked) and (names <= set(execution.apart) or not set(asked) - names - set(execution.apart))


def outcomes(replies: Sequence[Reply]) -> set[Outcome]:
    """How the calls ended."""
    return {reply.outcome for reply in replies}
