"""Judge ``ewc``: the diagonal of the empirical Fisher, Ω = (1/N) Σ_n g_n² (Kirkpatrick et al. 2017)."""

import numpy as np

from autograder.judging import Exercise, Mistakes

from .importance import draw_cases, habits, importance_checks, oracle_of
from .network import Array, cross_entropy_cotangent, onehot, softmax
from .per_example import AS_THEY_ARE, SOFTMAX, PerExample, reductions, stages

rule = PerExample(np.square, lambda f, y, _: cross_entropy_cotangent(f, y))

mistake = Mistakes(oracle_of)

mistake.named("predicted-label", rule.but(cotangent=lambda f, y, _: cross_entropy_cotangent(f, f.argmax(axis=1)))).says(
    "You take the label that the network predicts (argmax); take the data set's label."
)
mistake.named("squared-outputs", rule.but(cotangent=lambda f, y, _: 2 * f)).says(
    "You differentiate ‖f(x)‖², which is MAS's habit; EWC takes the gradient of the cross-entropy with the label."
)


def of_every_label(f: Array, y: Array, _: None) -> Array:
    """The derivatives for each label, by the root of its probability, so that their squares count by that."""
    p = softmax(f)
    return np.asarray(np.sqrt(p.T)[:, :, None] * (p - np.eye(p.shape[1])[:, None]))


mistake.named("model-fisher", rule.but(cotangent=of_every_label, average=lambda parts: parts.sum(axis=0))).says(
    "You average over the model's own labels, which is the true Fisher; this course takes the data set's label."
)
mistake.named("absolute-gradient", rule.but(elementwise=np.abs)).says(
    "You take the modulus of the gradients, which is MAS's habit; EWC squares them."
)
mistake.named("signed-gradient", rule.but(elementwise=lambda g: g)).says(
    "You average the gradients themselves, which cancel at the optimum; square them first."
)
mistake.named("negated", rule.but(elementwise=lambda g: -(g**2))).says(
    "Your Fisher is negative: the squared gradients count with a plus sign."
)
mistake.named("halved", rule.but(elementwise=lambda g: g**2 / 2)).says(
    "Your Fisher is half of what it should be: there is no ½ in Ω."
)
mistake.named("root", rule.but(finish=lambda value, omega: np.sqrt(value))).says(
    "You take the square root at the end; Ω is the mean of the squares itself."
)
mistake.named("one-number-per-tensor", rule.but(finish=lambda value, omega: np.full_like(value, value.mean()))).says(
    "You give every weight of a tensor the same number, its mean; Ω has one of its own for every weight."
)
mistake.named("nll-of-softmax", rule.but(link=SOFTMAX, cotangent=lambda f, y, _: -onehot(f, y))).says(
    "Your loss is nll_loss of the softmax; nll_loss wants log_softmax (or use cross_entropy on the logits)."
)
mistake.named("softmax-twice", rule.but(link=SOFTMAX)).says(
    "You apply softmax before cross_entropy, which applies it itself; hand it the logits."
)
mistake.named("nll-of-logits", rule.but(cotangent=lambda f, y, _: -onehot(f, y))).says(
    "Your loss is nll_loss of the raw outputs; it wants log_softmax (or use cross_entropy on the logits)."
)
for link in (AS_THEY_ARE, SOFTMAX):
    mistake.named("squared-error", rule.but(link=link, cotangent=lambda f, y, _: 2 * (f - onehot(f, y)))).says(
        "Your loss is a squared error; EWC takes the gradient of the cross-entropy."
    )


for finish in (
    lambda value, omega: value / (value.max() or 1.0),
    lambda value, omega: value / (max(each.max() for each in omega.values()) or 1.0),
):
    mistake.named("normalised", rule.but(finish=finish)).says(
        "You divide the Fisher by its maximum; Ω is the plain mean of the squares."
    )

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
