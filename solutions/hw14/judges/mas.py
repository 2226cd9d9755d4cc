"""Judge ``mas``: the sensitivity of the squared output, Ω = (1/N) Σ_n |∂‖f(x_n)‖²/∂θ| (Aljundi et al. 2018)."""

import numpy as np

from autograder.judging import Exercise, Mistakes

from .importance import View, draw_cases, habits, importance_checks, oracle_of
from .network import Arrays, cross_entropy_cotangent, onehot
from .per_example import LOG_SOFTMAX, SOFTMAX, PerExample, reductions, stages

rule = PerExample(np.abs, lambda f, y, _: 2 * f)

mistake = Mistakes(oracle_of, beside=__file__)

mistake.listed("squared-gradient", rule.but(elementwise=np.square))
mistake.listed("signed-gradient", rule.but(elementwise=lambda g: g))
mistake.listed("negated", rule.but(elementwise=lambda g: -np.abs(g)))
mistake.listed("norm-not-squared", rule.but(cotangent=lambda f, y, _: f / np.linalg.norm(f, axis=1, keepdims=True)))
mistake.listed("halved", rule.but(cotangent=lambda f, y, _: f))
mistake.listed("mean-over-outputs", rule.but(cotangent=lambda f, y, _: 2 * f / f.shape[1]))
mistake.listed("outputs-not-squared", rule.but(cotangent=lambda f, y, _: np.ones_like(f)))
mistake.listed("outputs-absolute", rule.but(cotangent=lambda f, y, _: np.sign(f)))
mistake.listed("softmax-outputs", rule.but(link=SOFTMAX))
mistake.listed("log-softmax-outputs", rule.but(link=LOG_SOFTMAX))
mistake.listed("uses-labels", rule.but(cotangent=lambda f, y, _: cross_entropy_cotangent(f, y)))
mistake.listed("largest-output", rule.but(cotangent=lambda f, y, _: onehot(f, f.argmax(axis=1))))
mistake.listed(
    "modulus-per-output",
    rule.but(cotangent=lambda f, y, _: 2 * f * np.eye(f.shape[1])[:, None], average=lambda parts: parts.sum(axis=0)),
)


@mistake()
def norm_of_the_batch(view: View) -> Arrays:
    """You take one norm of the whole batch of outputs; every example has a norm of its own, and it is squared."""
    summed = view.gradients(np.concatenate([view.outputs[b] / np.linalg.norm(view.outputs[b]) for b in view.batches]))
    return {name: np.mean([np.abs(g[b].sum(axis=0)) for b in view.batches], axis=0) for name, g in summed.items()}


CANCELLING = {
    "absolute-batch-mean": "You take the modulus of a whole batch's gradient, in which the examples' gradients cancel; take the modulus of each example's gradient first, then the mean.",
    "absolute-batch-sum": "You take the modulus of the batch's summed gradient and divide by the number of batches; take the modulus of each example's gradient first, then add, and divide by N.",
    "absolute-mean-gradient": "You add up the gradients of all examples and take the modulus at the end; take it of each example's first.",
}
mistake.add(*reductions(rule, omega="Ω", cancelling=CANCELLING), *habits(rule))

STAGES = stages(
    rule,
    mistake,
    losses="norm-not-squared outputs-not-squared outputs-absolute softmax-outputs log-softmax-outputs uses-labels largest-output modulus-per-output",
    gradient="The gradients are those of ‖f(x)‖², whatever is made of them",
    averaged="The modulus of each example's gradient, then their mean, up to a factor, of whichever output",
)
EXERCISE = Exercise("mas", draw_cases, importance_checks(rule, *STAGES), tuple(mistake))
