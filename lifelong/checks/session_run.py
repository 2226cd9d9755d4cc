"""Check of `session_run`: graphs run by sessions, as in TensorFlow 1."""

from typing import Any

from lifelong.checks.expect import CheckFailed, Names, lookup
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """The text's example; a node that counts; feeding in the middle; variables in two sessions."""
    session, placeholder = lookup(names, "Session", "session_run"), names["placeholder"]
    variable, assign, compute = names["variable"], names["assign"], names["compute"]
    x = placeholder("x")
    y = compute(lambda a: a + 1, x)
    _same(session().run({"both": [x, y]}, {x: 2}), {"both": [2, 3]}, 'run({"both": [x, y]}, {x: 2})')
    _same(session().run((y,), {x: 2}), (3,), "run((y,), {x: 2})")
    _same(session().run(y, {y: 7}), 7, "run(y, {y: 7})")
    feed = {x: 0}
    _same(session().run(y, feed), 1, "run(y, {x: 0})")
    _same(feed, {x: 0}, "the feed_dict after it")
    calls: list[int] = []

    def count() -> int:
        calls.append(1)
        return len(calls)

    noise = compute(count)
    total = compute(lambda a, b: a + b, noise, noise)
    compute(count, name="nobody asks for this")
    sess = session()
    _same(sess.run([total, noise]), [2, 1], "a node that counts its calls, fetched as [n + n, n],")
    _same(sess.run(total), 4, "the same n + n in the next run")
    quiet = compute(lambda: calls.append(1))
    _same(sess.run([quiet, quiet]), [None, None], "a node that gives None and counts its calls, too, fetched twice,")
    if len(calls) != 3:
        message = (
            f"Three runs should have computed one such node each, but computed {len(calls)}: each node once a run."
        )
        raise CheckFailed(message)
    w = variable("w")
    start, more = assign(w, compute(lambda: 5)), assign(w, compute(lambda a: a + 1, w))
    first, second = session(), session()
    refused(lambda: first.run(w), "run(w) before w was assigned", "w")
    _same(first.run(start), 5, "run(assign(w, 5))")
    _same(first.run(more), 6, "run(assign(w, w + 1))")
    _same(first.run(w, {w: 9}), 9, "run(w, {w: 9})")
    _same(first.run(more, {more: 8}), 8, "run(assign(w, w + 1)), itself fed with 8,")
    _same(first.run(w), 6, "run(w) after both")
    refused(lambda: second.run(w), "run(w) in another session", "w")
    refused(lambda: second.run(y), "run(y) without x", "x")
    return "nested fetches, feeds anywhere, each node once a run, variables by session."


def _same(got: Any, right: Any, call: str) -> None:
    if type(got) is not type(right) or got != right:
        raise CheckFailed(f"{call} should be {right!r}, but is {got!r}.")
