"""A warm, closed-off place for student code: a fresh fork with its own namespaces for every submission."""

from autograder.sandbox.launch import SandboxUnavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, SandboxFailed, Session
from autograder.sandbox.setup import Setup
from autograder.sandbox.zygote import Sandbox, SandboxClosed
