"""The two ways in which a check says "not yet", each one sentence instead of a stack of frames."""

import traceback


class CheckFailed(AssertionError):
    """An exercise does not do yet what is asked; the message says what was expected of which input."""

    def _render_traceback_(self, *_: object) -> list[str]:
        """What IPython shows in place of a traceback: the sentence alone."""
        return [f"✗ {self}"]


def unfinished(sentence: str) -> NotImplementedError:
    """A NotImplementedError which IPython shows as one sentence."""
    error = NotImplementedError(sentence)
    error._render_traceback_ = lambda *_: [f"… {sentence}"]  # type: ignore[attr-defined]
    return error


def unwritten_function(error: NotImplementedError) -> str:
    """The qualified name of the function that raised the error, e.g. ``"EWC.importance"``."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1].f_code.co_qualname if frames else "a function"
