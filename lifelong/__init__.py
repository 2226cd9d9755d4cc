"""Lifelong learning in a few small modules: what the course's notebooks import."""

from lifelong.method import Batches, Method, Params

__all__ = ["Batches", "Method", "Params"]
