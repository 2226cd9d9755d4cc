"""Judge ``ewc``: the diagonal of the empirical Fisher, Ω = (1/N) Σ_n g_n² (Kirkpatrick et al. 2017)."""

import numpy as np

from autograder.judging import Exercise, Mistakes

from .importance import described, draw_cases, habits, importance_checks
from .network import Array, cross_entropy_cotangent, onehot, softmax
from .per_example import AS_THEY_ARE, SOFTMAX, PerExample, reductions, stages

rule = PerExample(np.square, lambda f, y, _: cross_entropy_cotangent(f, y))

mistake = Mistakes(beside=__file__)
wrong = mistake.stages(rule.reported)
wrong("predicted-label", cotangent=lambda f, y, _: cross_entropy_cotangent(f, f.argmax(axis=1)))
wrong("squared-outputs", cotangent=lambda f, y, _: 2 * f)


def of_every_label(f: Array, y: Array, _: None) -> Array:
    """The derivatives for each label, by the root of its probability, so that their squares count by that."""
    p = softmax(f)
    return np.asarray(np.sqrt(p.T)[:, :, None] * (p - np.eye(p.shape[1])[:, None]))


wrong("model-fisher", cotangent=of_every_label, average=lambda parts: parts.sum(axis=0))
wrong("absolute-gradient", elementwise=np.abs)
wrong("signed-gradient", elementwise=lambda g: g)
wrong("negated", elementwise=lambda g: -(g**2))
wrong("halved", elementwise=lambda g: g**2 / 2)
wrong("root", finish=lambda value, omega: np.sqrt(value))
wrong("one-number-per-tensor", finish=lambda value, omega: np.full_like(value, value.mean()))
wrong("nll-of-softmax", link=SOFTMAX, cotangent=lambda f, y, _: -onehot(f, y))
wrong("softmax-twice", link=SOFTMAX)
wrong("nll-of-logits", cotangent=lambda f, y, _: -onehot(f, y))
for link in (AS_THEY_ARE, SOFTMAX):
    wrong("squared-error", link=link, cotangent=lambda f, y, _: 2 * (f - onehot(f, y)))
    wrong("squared-error", link=link, cotangent=lambda f, y, _: 2 * (f - onehot(f, y)) / f.shape[1])
wrong("normalised", finish=lambda value, omega: value / (value.max() or 1.0))
wrong("normalised", finish=lambda value, omega: value / (max(each.max() for each in omega.values()) or 1.0))
for power in (0, 1):
    wrong("binary", cotangent=lambda f, y, _, power=power: (1 / (1 + np.exp(-f)) - onehot(f, y)) / f.shape[1] ** power)
reductions(mistake, rule, cancelling=("squared-batch-mean", "squared-batch-sum", "squared-mean-gradient"))
mistake.add(*habits(rule))

STAGES = stages(
    rule,
    mistake,
    losses="predicted-label model-fisher nll-of-softmax softmax-twice nll-of-logits squared-error squared-outputs",
    gradient="The gradients are those of the cross-entropy with the data set's labels, whatever is made of them",
    averaged="Each example's gradient by itself, squared, then averaged, up to a factor, of whichever loss",
)
EXERCISE = Exercise("ewc", draw_cases, importance_checks(rule, *STAGES), **mistake.known, described=described)
