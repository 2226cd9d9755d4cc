"""The digits that the tasks are made of."""

from lifelong.data.mnist import Mnist, load_mnist

__all__ = ["Mnist", "load_mnist"]
