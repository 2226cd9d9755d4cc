"""Which submissions of a class share code that is not the course's and that few others wrote."""

from autograder.handback.similar.compare import Omission, Pair, Resemblance, Work, resemblance
from autograder.handback.similar.page import write
from autograder.handback.similar.work import similar_submissions, works
