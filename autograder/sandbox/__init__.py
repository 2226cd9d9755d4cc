"""A warm, closed-off place for student code: a fresh fork behind a wall of its own for every submission."""

from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, SandboxFailed, Session, Use
from autograder.sandbox.setup import Setup
from autograder.sandbox.wall import SandboxUnavailable, Wall
from autograder.sandbox.zygote import Sandbox, SandboxClosed
