"""The late penalty as a plugin of nbgrader: `autograder grade` and `nbgrader autograde` take off the same."""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 86_400
"""Seconds."""


class LateByDay(LateSubmissionPlugin):  # type: ignore[misc]
    """Takes off a share of the points earned per begun day, after a grace; course.toml's table ``[late]`` sets it."""

    grace_minutes = Float(0.0, help="How late is still in time.").tag(config=True)
    per_day = Float(0.0, help="The share of the points earned that each begun day costs.").tag(config=True)
    at_most = Float(1.0, help="The largest share that lateness costs.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points to take off of those earned, so many seconds after the due date; None where it is in time."""
        over = total_seconds_late - 60 * self.grace_minutes
        return None if over <= 0 else round(score * min(self.at_most, self.per_day * math.ceil(over / DAY)), 4)
