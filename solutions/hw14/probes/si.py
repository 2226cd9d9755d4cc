"""Drive the student's ``SI``."""

from functools import partial

from .scripted import drive

probe = partial(drive, "SI")
