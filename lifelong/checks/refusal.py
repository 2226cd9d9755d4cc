"""Expectations on errors: what must be refused, and in which words."""

from collections.abc import Callable
from typing import Any

from lifelong.checks.failure import CheckFailed


def refused(action: Callable[[], Any], text: str, *words: str, kind: type[Exception] = ValueError) -> None:
    """An error of that kind whose message holds these words."""
    try:
        action()
    except kind as error:
        for word in words:
            if word not in str(error):
                raise CheckFailed(f"{text}: the {kind.__name__} should hold {word}, but says: {error}") from None
        return
    except NotImplementedError:
        raise
    except Exception as error:
        raise CheckFailed(f"{text} should be a {kind.__name__}, but raises {type(error).__name__}: {error}") from None
    raise CheckFailed(f"{text} should be a {kind.__name__}, but nothing is raised.")
