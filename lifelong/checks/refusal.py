"""Expectations on errors: what must be refused, and in which words."""

from collections.abc import Callable
from typing import Any

from lifelong.checks.failure import CheckFailed


def refused(action: Callable[[], Any], text: str, *words: str) -> None:
    """A ValueError whose message holds these words."""
    try:
        action()
    except ValueError as error:
        for word in words:
            if word not in str(error):
                raise CheckFailed(f"{text}: the ValueError should hold {word}, but says: {error}") from None
        return
    except NotImplementedError:
        raise
    except Exception as error:
        raise CheckFailed(f"{text} should be a ValueError, but raises {type(error).__name__}: {error}") from None
    raise CheckFailed(f"{text} should be a ValueError, but nothing is raised.")
