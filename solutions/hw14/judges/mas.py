"""Judge ``mas``: the sensitivity of the squared output, Ω = (1/N) Σ_n |∂‖f(x_n)‖²/∂θ| (Aljundi et al. 2018)."""

import numpy as np

from autograder.judging import Exercise, Mistakes

from .importance import described, draw_cases, habits, importance_checks, oracle_of
from .network import cross_entropy_cotangent, onehot
from .per_example import CANCELLING, LOG_SOFTMAX, SOFTMAX, PerExample, per_batch, reductions, stages

rule = PerExample(np.abs, lambda f, y, _: 2 * f)

mistake = Mistakes(oracle_of, beside=__file__)
wrong = mistake.stages(rule.reported)
wrong("squared-gradient", elementwise=np.square)
wrong("signed-gradient", elementwise=lambda g: g)
wrong("negated", elementwise=lambda g: -np.abs(g))
wrong("norm-not-squared", cotangent=lambda f, y, _: f / np.linalg.norm(f, axis=1, keepdims=True))
wrong("halved", cotangent=lambda f, y, _: f)
wrong("mean-over-outputs", cotangent=lambda f, y, _: 2 * f / f.shape[1])
wrong("outputs-not-squared", cotangent=lambda f, y, _: np.ones_like(f))
wrong("outputs-absolute", cotangent=lambda f, y, _: np.sign(f))
wrong("softmax-outputs", link=SOFTMAX)
wrong("log-softmax-outputs", link=LOG_SOFTMAX)
wrong("uses-labels", cotangent=lambda f, y, _: cross_entropy_cotangent(f, y))
wrong("largest-output", cotangent=lambda f, y, _: onehot(f, f.argmax(axis=1)))
wrong(
    "modulus-per-output",
    cotangent=lambda f, y, _: 2 * f * np.eye(f.shape[1])[:, None],
    average=lambda parts: parts.sum(axis=0),
)


wrong(
    "norm-of-the-batch",
    cotangent=lambda f, y, _: f / np.linalg.norm(f),
    reduce=lambda phi, g, batches: phi(per_batch(g, batches, np.sum)).mean(axis=0),
)
for way in CANCELLING[0]:
    wrong("mean-output", cotangent=lambda f, y, _: 2 * np.broadcast_to(f.mean(axis=0), f.shape), reduce=way)
for power in (0, 1):
    wrong("output-of-the-label", cotangent=lambda f, y, _, power=power: (2 * f) ** power * onehot(f, y))
wrong("largest-squared", cotangent=lambda f, y, _: 2 * f * onehot(f, f.argmax(axis=1)))
reductions(mistake, rule, cancelling=("absolute-batch-mean", "absolute-batch-sum", "absolute-mean-gradient"))
mistake.add(*habits(rule))

STAGES = stages(
    rule,
    mistake,
    losses="norm-not-squared outputs-not-squared outputs-absolute softmax-outputs log-softmax-outputs uses-labels largest-output modulus-per-output",
    gradient="The gradients are those of ‖f(x)‖², whatever is made of them",
    averaged="The modulus of each example's gradient, then their mean, up to a factor, of whichever output",
)
EXERCISE = Exercise("mas", draw_cases, importance_checks(rule, *STAGES), **mistake.known, described=described)
