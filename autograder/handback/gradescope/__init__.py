"""Gradescope: results.json of what was graded here, and the zip with which Gradescope grades itself."""
