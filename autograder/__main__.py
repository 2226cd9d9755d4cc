"""``python -m autograder`` is the command line."""

from autograder.cli.main import app

app()
