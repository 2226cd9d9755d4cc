"""What a class did and what it misunderstood, for its teacher: one self-contained page."""

from autograder.handback.report.page import report
