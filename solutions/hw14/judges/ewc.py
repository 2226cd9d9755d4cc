"""Judge ``ewc``: the diagonal of the empirical Fisher, Ω = (1/N) Σ_n g_n² (Kirkpatrick et al. 2017)."""

import numpy as np

from autograder.judging import Exercise, Mistakes

from .importance import draw_cases, habits, importance_checks, oracle_of
from .network import Array, cross_entropy_cotangent, onehot, softmax
from .per_example import AS_THEY_ARE, SOFTMAX, PerExample, reductions, stages

rule = PerExample(np.square, lambda f, y, _: cross_entropy_cotangent(f, y))

mistake = Mistakes(oracle_of, beside=__file__)

mistake.listed("predicted-label", rule.but(cotangent=lambda f, y, _: cross_entropy_cotangent(f, f.argmax(axis=1))))
mistake.listed("squared-outputs", rule.but(cotangent=lambda f, y, _: 2 * f))


def of_every_label(f: Array, y: Array, _: None) -> Array:
    """The derivatives for each label, by the root of its probability, so that their squares count by that."""
    p = softmax(f)
    return np.asarray(np.sqrt(p.T)[:, :, None] * (p - np.eye(p.shape[1])[:, None]))


mistake.listed("model-fisher", rule.but(cotangent=of_every_label, average=lambda parts: parts.sum(axis=0)))
mistake.listed("absolute-gradient", rule.but(elementwise=np.abs))
mistake.listed("signed-gradient", rule.but(elementwise=lambda g: g))
mistake.listed("negated", rule.but(elementwise=lambda g: -(g**2)))
mistake.listed("halved", rule.but(elementwise=lambda g: g**2 / 2))
mistake.listed("root", rule.but(finish=lambda value, omega: np.sqrt(value)))
mistake.listed("one-number-per-tensor", rule.but(finish=lambda value, omega: np.full_like(value, value.mean())))
mistake.listed("nll-of-softmax", rule.but(link=SOFTMAX, cotangent=lambda f, y, _: -onehot(f, y)))
mistake.listed("softmax-twice", rule.but(link=SOFTMAX))
mistake.listed("nll-of-logits", rule.but(cotangent=lambda f, y, _: -onehot(f, y)))
for link in (AS_THEY_ARE, SOFTMAX):
    mistake.listed("squared-error", rule.but(link=link, cotangent=lambda f, y, _: 2 * (f - onehot(f, y))))


for finish in (
    lambda value, omega: value / (value.max() or 1.0),
    lambda value, omega: value / (max(each.max() for each in omega.values()) or 1.0),
):
    mistake.listed("normalised", rule.but(finish=finish))

CANCELLING = {
    "squared-batch-mean": "Your Fisher is the square of the batch's mean gradient, in which the examples' gradients cancel; square each example's gradient first, then take the mean.",
    "squared-batch-sum": "Your Fisher is the square of the batch's summed gradient; square each example's gradient first, then add.",
    "squared-mean-gradient": "You add up the gradients of all examples and square at the end; square each example's gradient first.",
}
mistake.add(*reductions(rule, omega="Fisher", cancelling=CANCELLING), *habits(rule))

STAGES = stages(
    rule,
    mistake,
    losses="predicted-label model-fisher nll-of-softmax softmax-twice nll-of-logits squared-error squared-outputs",
    gradient="The gradients are those of the cross-entropy with the data set's labels, whatever is made of them",
    averaged="Each example's gradient by itself, squared, then averaged, up to a factor, of whichever loss",
)
EXERCISE = Exercise("ewc", draw_cases, importance_checks(rule, *STAGES), tuple(mistake))
