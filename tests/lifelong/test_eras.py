"""Twenty years of frameworks: every replica trains to PyTorch's numbers, and does what its original was known for."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lifelong.eras import (
    autograd,
    chainer,
    graph,
    keras,
    onnx,
    problem,
    pylearn2,
    tensorflow1,
    theano,
    torch7,
    torch2002,
    torchnet,
)
from tests.course.lecture_reference import defined

ERAS = set("Torch (2002),Theano,Pylearn2,Torch7,Torchnet,Keras,TensorFlow 1,Autograd,Chainer,ONNX".split(","))
T = theano.tensor


def lecture() -> dict[str, Any]:
    """What the lecture's cells define without drawing, up to the museum."""
    return defined("framework_history", until="## 19", drawing=r"figures\.")


@pytest.mark.parametrize("era", sorted(ERAS))
def test_each_era_ends_at_pytorchs_weights(era: str) -> None:
    line, net = lecture()["ledger"].entries[era]
    assert line < 1e-6
    assert net < 1e-6


def test_the_lecture_runs_every_era_and_no_other() -> None:
    assert set(lecture()["ledger"].entries) == ERAS | {"PyTorch"}


def test_the_yardstick_moves_and_fits() -> None:
    """Agreement on weights that never left the start, or on nonsense, would prove nothing."""
    for task, start, end in ((problem.cars(), 1.0, 0.36), (problem.crash(), 1.0, 0.26)):
        weights = problem.by_torch(task)
        assert all(np.abs(mine - first).max() > 0.01 for mine, first in zip(weights, task.start, strict=True))
        error = float(((problem.predicted(weights, task.x) - task.y) ** 2).mean())
        assert error < end < start
        assert len(task.x) % task.batch == 0


def test_the_measurements_are_the_published_ones() -> None:
    speed, distance = (np.array(text.split(), float) for text in (problem.SPEED, problem.STOPPING))
    slope, intercept = np.polyfit(speed, distance, 1)
    assert (slope, intercept) == pytest.approx((3.932409, -17.579095), abs=1e-6)
    assert len(problem.TIME.split()) == len(problem.ACCELERATION.split()) == 94


def test_a_difference_is_infinite_when_something_is_missing_or_not_a_number() -> None:
    one = [np.ones((2, 2))]
    assert problem.difference(one, one) == 0
    assert problem.difference(one, [np.ones(2)]) == np.inf
    assert problem.difference([], one) == np.inf
    assert problem.difference([np.full((2, 2), np.nan)], one) == np.inf


FORMULAS = {
    "powers": lambda x, W, tanh, dot, mean: mean((x**3 - 2.0 * x) * x),
    "quotient": lambda x, W, tanh, dot, mean: mean(tanh(x) / (x**2 + 1.0)),
    "net": lambda x, W, tanh, dot, mean: mean((tanh(dot(x, W)) - 0.5) ** 2),
    "shared": lambda x, W, tanh, dot, mean: mean(dot(x, W) * dot(x, W) + tanh(dot(x, W))),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_graphs_derivatives_are_torchs_also_the_second(name: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    x, W = T.dmatrix("x"), T.dmatrix("W")
    cost = FORMULAS[name](x, W, T.tanh, T.dot, T.mean)
    first = theano.grad(cost, x)
    second = theano.grad(T.sum(first**2), x)
    mine = theano.function([x, W], [cost, first, second])(*values)
    a, B = (torch.tensor(value, requires_grad=True) for value in values)
    their_cost = FORMULAS[name](a, B, torch.tanh, torch.matmul, torch.mean)
    (their_first,) = torch.autograd.grad(their_cost, a, create_graph=True)
    (their_second,) = torch.autograd.grad((their_first**2).sum(), a)
    for own, other in zip(mine, (their_cost, their_first, their_second), strict=True):
        np.testing.assert_allclose(own, other.detach().numpy(), atol=1e-12)


def test_theano_updates_all_at_once_and_says_what_is_missing() -> None:
    a, b, x = theano.shared(1.0, "a"), theano.shared(2.0, "b"), T.dscalar("x")
    swap = theano.function([x], [a + x, b], updates=[(a, b), (b, a)])
    assert swap(10) == [11, 2]
    assert (a.get_value(), b.get_value()) == (2, 1)
    with pytest.raises(TypeError, match="takes 1 inputs, not 2"):
        swap(1, 2)
    with pytest.raises(ValueError, match="does not depend on b"):
        theano.grad(a * x, b)
    with pytest.raises(ValueError, match="x is needed"):
        graph.evaluate([x * 2.0], {})


def test_theano_loops_in_the_graph_and_has_no_truth() -> None:
    A = T.dscalar("A")
    powers, _ = theano.scan(lambda before: before * A, outputs_info=1.0, n_steps=5)
    assert theano.function([A], powers)(3.0) == [3, 9, 27, 81, 243]
    assert theano.function([A], T.grad(powers[-1], A))(2.0) == 5 * 2**4
    with pytest.raises(TypeError, match="no value yet"):
        bool(A > 1)
    assert theano.function([A], [A > 1, A < 1])(3.0) == [True, False]
    assert theano.pp(T.grad(A**2, A)) == "(fill((A ** 2), 1.0) * (2 * (A ** (2 - 1))))"


def test_a_session_computes_what_is_asked_and_nothing_else() -> None:
    tf = tensorflow1
    tf.reset_default_graph()
    x, y = tf.placeholder(tf.float64, name="x"), tf.placeholder(tf.float64, name="y")
    w = tf.Variable(3.0, name="w")
    with tf.Session() as session:
        with pytest.raises(ValueError, match="w is needed"):
            session.run(w * x, {x: 2.0})
        session.run(tf.global_variables_initializer())
        assert session.run([w * x, tf.reduce_sum(w * 1.0)], {x: 2.0}) == [6, 3]  # y was never fed
        with pytest.raises(ValueError, match="y is needed"):
            session.run(w * x + y, {x: 2.0})
        session.run(tf.train.GradientDescentOptimizer(0.5).minimize(tf.square(w)))
        assert session.run(w) == 0
    other = tf.Session()
    other.run(tf.global_variables_initializer())
    assert other.run(w) == 3  # each session has values of its own


def test_torch7_adds_gradients_up_until_they_are_zeroed() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    net = torch7.nn.Sequential()
    for layer in (torch7.nn.Linear(3, 4), torch7.nn.Tanh(), torch7.nn.Linear(4, 2)):
        net.add(layer)
    weights, slopes = net.parameters()
    for weight in weights:
        weight[...] = rng.normal(size=weight.shape)
    criterion = torch7.nn.MSECriterion()
    for _ in range(2):
        criterion.forward(net.forward(x), y)
        inputs = net.backward(x, criterion.backward(net.output, y))
    theirs = [torch.tensor(value, requires_grad=True) for value in (*weights, x)]
    W1, b1, W2, b2, a = theirs
    torch.nn.functional.mse_loss(torch.tanh(a @ W1.T + b1) @ W2.T + b2, torch.tensor(y)).backward()
    for mine, other in zip(slopes, theirs, strict=False):
        np.testing.assert_allclose(mine, 2 * other.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(inputs, a.grad.numpy(), atol=1e-14)
    net.zeroGradParameters()
    assert not any(slope.any() for slope in slopes)


def test_the_2002_trainer_measures_what_it_trains() -> None:
    task = problem.cars()
    machine = torch2002.Linear(*task.start)
    data = torch2002.DataSet(*zip(*task.batches, strict=True))
    trainer = torch2002.StochasticGradient(machine, torch2002.MSECriterion())
    trainer.setROption("learning rate", task.rate)
    trainer.setIOption("max iter", 3)
    measurer = torch2002.MSEMeasurer(machine)
    trainer.train(data, [measurer])
    assert len(measurer.history) == 3
    assert measurer.history == sorted(measurer.history, reverse=True)
    data.setExample(4)
    np.testing.assert_array_equal(data.inputs, task.batches[4][0])


def test_torchnet_calls_its_hooks_in_order_and_batches_the_rest() -> None:
    rows = [(np.array([float(k)]), np.array([2.0 * k])) for k in range(5)]
    samples = torchnet.ListDataset(rows, lambda row: {"input": row[0], "target": row[1]})
    batches = torchnet.BatchDataset(samples, 2)
    assert [batches.get(at)["input"][:, 0].tolist() for at in range(batches.size())] == [[0, 1], [2, 3], [4]]
    engine, calls = torchnet.SGDEngine(), []
    stages = "onStart onStartEpoch onSample onForward onForwardCriterion onBackwardCriterion onBackward onUpdate"
    for name in [*stages.split(), "onEndEpoch", "onEnd"]:
        engine.hooks[name] = lambda state, name=name: calls.append((name, state["epoch"], state["t"]))
    network = torch7.nn.Linear(1, 1)
    engine.train(network, torch7.nn.MSECriterion(), torchnet.DatasetIterator(batches), lr=0.01, maxepoch=2)
    names = [name for name, _, _ in calls]
    once = stages.split()[2:]
    assert names == ["onStart", *2 * ["onStartEpoch", *3 * once, "onEndEpoch"], "onEnd"]
    assert calls[-1] == ("onEnd", 2, 6)
    assert network.weight[0, 0] > 0


def test_pylearn2_reads_its_form_and_nothing_else() -> None:
    layer = pylearn2.load("!obj:pylearn2.models.mlp.Tanh { layer_name: 'h', dim: 3 }  # a comment")
    assert (type(layer), layer.layer_name, layer.dim) == (pylearn2.Tanh, "h", 3)
    assert pylearn2.load("{ a: [1, .5, 1e-3, word], b: { }, }") == {"a": [1, 0.5, 0.001, "word"], "b": {}}
    for text, complaint in {
        "!obj:os.system { command: ls }": "no class 'os.system'",
        "{ a 1 }": "a colon is missing after 'a'",
        "{ a: 1 b: 2 }": "a comma or } is missing before 'b'",
        "[1] 2": "something is left after the end: '2'",
        "{ a: @ }": "cannot read '@'",
    }.items():
        with pytest.raises(ValueError, match=re.escape(complaint)):
            pylearn2.load(text)


def test_keras_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="must say input_dim"):
        keras.Sequential([keras.Dense(1)])
    model = keras.Sequential([keras.Dense(2, activation="tanh", input_dim=3), keras.Dense(1)])
    with pytest.raises(ValueError, match="not hinge"):
        model.compile(keras.SGD(), loss="hinge")
    model.compile(keras.SGD(learning_rate=0.1))
    model.set_weights([np.ones((3, 2)), np.zeros(2), np.ones((2, 1)), np.ones(1)])
    np.testing.assert_allclose(model.predict(np.full((1, 3), 0.1)), [[2 * np.tanh(0.3) + 1]])
    losses = model.fit(np.eye(3), np.zeros((3, 1)), batch_size=2, epochs=4)["loss"]
    assert losses == sorted(losses, reverse=True)


def test_autograd_takes_lists_and_loops() -> None:
    def f(weights: list[Any], x: float) -> Any:
        out = weights[0] * x
        while out < 100:
            out = out * out
        return out

    # 6 → 36 → 1296 = (w x)⁴, whose slope is 4 (w x)³ x by w and 4 (w x)³ w by x
    assert autograd.grad(f)([3.0, 7.0], 2.0) == [4 * 6.0**3 * 2, 0]
    assert autograd.grad(f, argnum=1)([3.0, 7.0], 2.0) == 4 * 6.0**3 * 3


def test_chainers_tape_follows_the_loop() -> None:
    for value, rounds in ((3.0, 3), (2.0, 4)):
        x = chainer.Variable(value)
        y = lecture()["doubled"](x)
        y.backward()
        assert (y.data, x.grad) == (2**rounds * (value**2 + value), 2**rounds * (2 * value + 1))


def test_onnx_survives_json_and_refuses_what_it_cannot_write() -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)).double()
    x = np.random.default_rng(0).normal(size=(7, 3))
    model = json.loads(json.dumps(onnx.export(net)))
    (outputs,) = onnx.InferenceSession(model).run(None, {"x": x})
    np.testing.assert_allclose(outputs, net(torch.tensor(x)).detach().numpy(), atol=1e-14)
    with pytest.raises(ValueError, match="Softplus"):
        onnx.export(torch.nn.Sequential(torch.nn.Softplus()))


def test_a_replica_fits_in_a_hundred_and_twenty_lines() -> None:
    """Lines of code: docstrings, comments and blank lines don't count."""
    for path in Path(problem.__file__).parent.glob("*.py"):
        if path.stem in ("timeline", "problem", "__init__", "museum"):
            continue
        text, lines = path.read_text(), set[int]()
        for number, line in enumerate(text.splitlines(), start=1):
            lines |= {number} if line.strip() and not line.strip().startswith("#") else set()
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Expr(ast.Constant(str())):
                    lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        assert 25 < len(lines) <= 120, (path.name, len(lines))
