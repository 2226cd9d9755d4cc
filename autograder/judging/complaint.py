"""What is wrong with a reply."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.judging.compare import Difference, Excused, Slip, compare
from autograder.judging.exercise import Case, Check, Outcome, Reply, Tree, ended


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one reply; ``quotes`` and ``mistake`` as in CheckResult."""

    text: str
    quotes: bool
    mistake: str | None = None


def fault_of(check: Check, case: Case, reply: Reply) -> Complaint | Excused | None:
    """What is wrong with one reply, or what is excused."""
    if reply.outcome is Outcome.ERROR:
        return Complaint("your code ends in an error.", quotes=True)
    outputs = outputs_of(reply)
    if check.complaint is not None:
        try:
            fault = check.complaint(case.inputs, outputs)
        except MemoryError:
            raise
        except Exception:  # the outputs come from untrusted code: a property of them may not even be well defined
            return Complaint("the answer does not have the form that was asked for.", quotes=True)
        if isinstance(fault, Excused):
            return fault
        if isinstance(fault, Slip):
            return Complaint(fault.text, fault.quotes, fault.name)
        if fault:
            quotes = isinstance(fault, Difference) or not check.fixed or check.example is not None
            return Complaint(fault.text if isinstance(fault, Difference) else fault, quotes)
    if check.expected is not None:
        difference = compare(case.told(check.expected), outputs, check.accepted)
        if difference:
            return Complaint(difference.text, quotes=True)
    return None


def outputs_of(reply: Reply) -> Tree:
    """What a reply holds, if it is an answer; which error was raised, if it is none."""
    if reply.outcome is Outcome.ERROR and isinstance(reply.error, Mapping):
        told = {key: each for key, each in reply.error.items() if isinstance(each, str)}  # it may hold anything
        return ended(told.get("type"), told.get("message"))
    return reply.value if isinstance(reply.value, Mapping) else {}
