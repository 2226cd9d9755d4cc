"""Every figure of the course, in one style: results here, the ideas behind the methods in `plots.ideas`."""

from lifelong.plots import differences, ideas
from lifelong.plots.results import accuracy_curves, accuracy_matrices, full_result, importance_maps, permuted_digits
from lifelong.plots.slider import Slider
from lifelong.plots.style import Picture
