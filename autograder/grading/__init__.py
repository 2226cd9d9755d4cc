"""Grading: one submission, a pure function of its bytes, and a class of them."""
