"""Drive the student's ``EWC``."""

from functools import partial

from .importance import drive

probe = partial(drive, "EWC")
