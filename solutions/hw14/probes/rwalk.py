"""Drive the student's ``RWalk``."""

from functools import partial

from .scripted import drive

probe = partial(drive, "RWalk")
