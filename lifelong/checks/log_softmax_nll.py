"""Check of `log_softmax_nll`: log-softmax and the negative log-likelihood, with their backward functions."""

from functools import partial

import numpy as np

from lifelong.checks.expect import Names, expect, expect_digits, known, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Probabilities ¼ and ¾, two rows, large logits."""
    wanted = ("log_softmax", "log_softmax_backward", "nll", "nll_backward")
    log_softmax, backward, nll, nll_backward = (lookup(names, name, "log_softmax_nll") for name in wanted)
    three = 1.0986122886681098
    z = np.array([[0.0, three], [5.0, 5.0]])
    logp = [[-1.3862943611198906, -0.2876820724517809], [-0.6931471805599453] * 2]
    wrong = partial(known, "log_softmax_nll")
    expect(log_softmax(z), logp, "log_softmax([[0, log 3], [5, 5]])", wrong("forward"))
    expect(log_softmax(z + 1000), logp, "log_softmax([[1000, 1000 + log 3], [1005, 1005]])")
    apart = [[1000.0, 1001.0], [-1000.0, -1001.0], [-900.0, 900.0]]
    far = [[-1.3132616875182228, -0.3132616875182228], [-0.3132616875182228, -1.3132616875182228], [-1800, 0]]
    expect(log_softmax(np.array(apart)), far, f"log_softmax({apart})")
    expect(z, [[0.0, three], [5.0, 5.0]], "z, after log_softmax(z),")
    g = np.array([[1.0, 0.0], [2.0, 4.0]])
    call = "log_softmax_backward(z, [[1, 0], [2, 4]]) with z = [[0, log 3], [5, 5]]"
    expect(backward(z, g), [[0.75, -0.75], [-1, 1]], call, wrong("backward"))
    expect(backward(z + 1000, g), [[0.75, -0.75], [-1, 1]], "log_softmax_backward(z + 1000, [[1, 0], [2, 4]])")
    labels, rows = np.array([0, 1]), np.array([[-1.0, -2.0], [-3.0, -4.0]])
    story = "with logp = [[-1, -2], [-3, -4]], labels = [0, 1]"
    expect(nll(rows, labels), 2.5, f"nll(logp, labels) {story}", wrong("nll"))
    call = f"nll_backward(logp, labels, 1) {story}"
    expect(nll_backward(rows, labels, 1.0), [[-0.5, 0], [0, -0.5]], call, wrong("nll_backward"))
    expect(nll_backward(rows, labels, 3.0), [[-1.5, 0], [0, -1.5]], f"nll_backward(logp, labels, 3) {story}")
    more, named = np.array([[-1.0, -2.0, -5.0], [-3.0, -4.0, -5.0], [-3.0, -9.0, -6.0]]), np.array([0, 1, 2])
    story = "with logp = [[-1, -2, -5], [-3, -4, -5], [-3, -9, -6]], labels = [0, 1, 2]"
    expect(nll(more, named), 11 / 3, f"nll(logp, labels) {story}")
    expect(nll_backward(more, named, 3.0), -np.eye(3), f"nll_backward(logp, labels, 3) {story}")
    call = "nll_backward([[-1, -2]], [0], 1/7)"
    minus = [Precise(-1) / 7, Precise(0)]
    expect_digits(lambda: nll_backward(rows[:1] * Precise(1), labels[:1], Precise(1) / 7), minus, call)
    call = "log_softmax_backward([[0, log 3]], [[1, 0]])"
    precise = np.array([[Precise(0), Precise(3).log()]])
    g = np.array([[Precise(1), Precise(0)]])
    expect_digits(lambda: backward(precise, g), [Precise("0.75"), Precise("-0.75")], call)
    return "values and both backward functions are right, with logits of 1000 too."
