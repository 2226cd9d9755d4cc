"""A sample class, so that one sees in a minute what grading, feedback and the gradebook look like."""

from autograder.demo.run import demo

__all__ = ["demo"]
