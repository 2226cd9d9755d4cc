"""Lifelong learning in a few small modules: what the course's notebooks import."""

from lifelong import plots
from lifelong.checks import CheckFailed, check
from lifelong.checks.hints import hint
from lifelong.checks.progress import progress
from lifelong.checks.shown import survive_crashes, surviving
from lifelong.comparison import Comparison, compare
from lifelong.data import Mnist, load_mnist
from lifelong.engine import run
from lifelong.gradients import evaluating, example_gradients, gradient_factors
from lifelong.lineup import train
from lifelong.method import Batches, Method, MethodError, Params
from lifelong.metrics import accuracy, forward_transfer, intransigence, learning_accuracy
from lifelong.model import mlp
from lifelong.run_history import History
from lifelong.split import Split, normalise
from lifelong.tasks import Task, joint_task, permuted_tasks
