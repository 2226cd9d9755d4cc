"""The digits that the tasks are made of, and what their pixels matter."""

from lifelong.data.maps import load_importance_maps
from lifelong.data.mnist import Mnist, load_mnist
