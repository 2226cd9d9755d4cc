"""Judge ``mas``: the sensitivity of the squared output, Ω = (1/N) Σ_n |∂‖f(x_n)‖²/∂θ| (Aljundi et al. 2018)."""

import numpy as np

from autograder.judging import Exercise, Mistakes

from .importance import View, draw_cases, habits, importance_checks, oracle_of
from .network import Arrays, cross_entropy_cotangent, onehot
from .per_example import LOG_SOFTMAX, SOFTMAX, PerExample, reductions, stages

rule = PerExample(np.abs, lambda f, y, _: 2 * f)

mistake = Mistakes(oracle_of)

mistake.named("squared-gradient", rule.but(elementwise=np.square)).says(
    "You square the gradients, which is EWC's habit; MAS takes their modulus."
)
mistake.named("signed-gradient", rule.but(elementwise=lambda g: g)).says(
    "You average the gradients with their signs, so they cancel; take the modulus of each example's gradient first."
)
mistake.named("negated", rule.but(elementwise=lambda g: -np.abs(g))).says(
    "Your Ω is negative: the moduli count with a plus sign."
)
mistake.named(
    "norm-not-squared", rule.but(cotangent=lambda f, y, _: f / np.linalg.norm(f, axis=1, keepdims=True))
).says("You differentiate the norm of the output; MAS differentiates its square.")
mistake.named("halved", rule.but(cotangent=lambda f, y, _: f)).says("You differentiate ½‖f‖²; there is no ½ in MAS.")
mistake.named("mean-over-outputs", rule.but(cotangent=lambda f, y, _: 2 * f / f.shape[1])).says(
    "You take the mean of the squared outputs; ‖f‖² is their sum."
)
mistake.named("outputs-not-squared", rule.but(cotangent=lambda f, y, _: np.ones_like(f))).says(
    "You differentiate the sum of the outputs; MAS differentiates the sum of their squares."
)
mistake.named("outputs-absolute", rule.but(cotangent=lambda f, y, _: np.sign(f))).says(
    "You differentiate the sum of the outputs' moduli; MAS differentiates the sum of their squares."
)
mistake.named("softmax-outputs", rule.but(link=SOFTMAX)).says(
    "You square the probabilities after a softmax; f is the network's own output, the logits."
)
mistake.named("log-softmax-outputs", rule.but(link=LOG_SOFTMAX)).says(
    "You square log-probabilities; f is the network's own output, the logits."
)
mistake.named("uses-labels", rule.but(cotangent=lambda f, y, _: cross_entropy_cotangent(f, y))).says(
    "You differentiate the cross-entropy; MAS needs no labels, it differentiates ‖f(x)‖²."
)
mistake.named("largest-output", rule.but(cotangent=lambda f, y, _: onehot(f, f.argmax(axis=1)))).says(
    "You differentiate only the largest output; ‖f‖² sums over all of them."
)
mistake.named(
    "modulus-per-output",
    rule.but(cotangent=lambda f, y, _: 2 * f * np.eye(f.shape[1])[:, None], average=lambda parts: parts.sum(axis=0)),
).says(
    "You take the modulus of each output's gradient and add; first sum the squares over the outputs, then take the modulus of each example's gradient."
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
