"""The ways in which a check says "not yet", each one sentence instead of a stack of frames."""


class CheckFailed(AssertionError):
    """An exercise does not do yet what is asked; the message says what was expected of which input."""

    def _render_traceback_(self, *_: object) -> list[str]:
        """What IPython shows in place of a traceback: the sentence alone."""
        return [f"✗ {self}"]


class Unfinished(NotImplementedError):
    """An exercise has not been written yet."""

    def _render_traceback_(self, *_: object) -> list[str]:
        return [f"… {self}"]


class UnknownExercise(ValueError):
    """There is no exercise of that id."""

    def _render_traceback_(self, *_: object) -> list[str]:
        return [f"✗ {self}"]
