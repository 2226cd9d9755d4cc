"""Drive the student's ``MAS``."""

from functools import partial

from .importance import drive

probe = partial(drive, "MAS")
