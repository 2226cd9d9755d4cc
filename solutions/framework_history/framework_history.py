# %% [markdown]
# # Framework history: write what each generation invented
#
# Every framework made one thing easy that was hard before. Here you write thirteen of these things yourself: Torch's bagging, Theano's
# `grad` and `function`, Keras's shape inference, TensorFlow's `Session`, the tape that replaced it.
#
# * **You can, in the end**, say what each generation of frameworks invented, and build a small one of each.
# * **You need** Python classes and NumPy; *Automatic differentiation* helps.
# * **It takes** 10 to 14 hours (estimated): 13 exercises (34 points), each on its own, and 12 questions (6 points). {{choice}} Points
#   follow effort: our own solutions take 7 or 8 lines for 1 point, 9 to 15 for 2, 18 to 42 for 3, 55 to 57 for 4.
# * **It leads to** reading any framework's source, and to *Lifelong learning*, which is written in PyTorch.
# * Plain Python and NumPy. Small classes that an exercise builds on stand right above it; read them, they are short.

# %% [markdown]
# {{set_up}}

# %% nbgrader={"grade": false, "grade_id": "given-imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from fractions import Fraction

import numpy as np
import yaml

from lifelong.plots import history_homework as figures

# %% [markdown]
# Twelve of the exercises on a line of time, coloured by kind (the thirteenth is the line itself):

# %%
figures.exercises()

# %% [markdown]
# ## 1 · Torch, 2002: four kinds of objects
#
# The first Torch (C++) cut machine learning into four parts: a **DataSet** gives examples, a **Machine** computes outputs, a **Trainer**
# trains a machine, a **Measurer** measures. Whatever fits the cut can be combined. In 2002 it looked like this:
#
# ```cpp
# ConnectedMachine mlp;  // … layers …
# StochasticGradient trainer(&mlp, &criterion);
# MSEMeasurer mse(mlp.outputs, &data, file);
# trainer.train(&data, &measurers);
# ```

# %% nbgrader={"grade": false, "grade_id": "given-torch2002", "locked": true, "schema_version": 3, "solution": false, "task": false}
class DataSet:
    """Examples, one a row: inputs [n, d] and targets [n]."""

    def __init__(self, inputs, targets):
        self.inputs, self.targets = np.asarray(inputs, dtype=float), np.asarray(targets, dtype=float)

    def __len__(self):
        return len(self.targets)

    def select(self, rows):
        """A DataSet of these rows; a row may come several times."""
        return DataSet(self.inputs[rows], self.targets[rows])


class Machine:
    """Has `forward(inputs)`: from inputs [n, d] to outputs [n]."""


class Measurer:
    """Has `reset()`, `add(outputs, targets)`, which may be called many times, and `value()`."""


class Trainer:
    """Has `machine`, which it trains by `train(data)`."""

    def __init__(self, machine):
        self.machine = machine

    def test(self, data, measurers):
        """What each measurer says of the machine's outputs on the data."""
        for measurer in measurers:
            measurer.reset()
            measurer.add(self.machine.forward(data.inputs), data.targets)
        return [measurer.value() for measurer in measurers]


class Linear(Machine):
    """outputs = inputs · weights + bias."""

    def __init__(self):
        self.weights, self.bias = 0.0, 0.0

    def forward(self, inputs):
        return inputs @ self.weights + self.bias


class LeastSquares(Trainer):
    """Trains a Linear machine in one go."""

    def train(self, data):
        columns = np.column_stack([data.inputs, np.ones(len(data))])
        *weights, bias = np.linalg.lstsq(columns, data.targets, rcond=None)[0]
        self.machine.weights, self.machine.bias = np.array(weights), bias

# %% [markdown]
# ### Exercise 1: a trainer of trainers (1 point)
#
# Bagging (Breiman, 1996): train several machines, each on $n$ rows drawn **with replacement** from the $n$ rows that there are; answer with the
# mean of their outputs. The beauty of the cut: `BaggingTrainer` is itself a Trainer, and it **delegates**. It never asks what its
# trainers do inside; one of them may be another BaggingTrainer.
#
# Also write `ClassErrorMeasurer`: the share of *all* examples added since `reset()` whose output (never 0) and target (±1) differ in sign.
#
# Expected: with two trainers whose machines say 1 and 4 whatever comes in, the bag's machine says 2.5. After `add([3, -1], [1, 1])` and
# `add([2], [1])`, the error is 1/3.

# %% nbgrader={"grade": false, "grade_id": "bagging_trainer", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# exercise: bagging_trainer
class Average(Machine):
    """The mean of several machines' outputs."""

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        ### BEGIN SOLUTION
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
        ### END SOLUTION


class BaggingTrainer(Trainer):
    """Trains several machines, each on a sample of its own; its `machine` is the Average of theirs.

    Args:
        trainers: what trains the machines.
        rng: a numpy.random.Generator. For each trainer in turn, its rows are rng.integers(0, n, n), for n examples.
    """

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        ### BEGIN SOLUTION
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))
        ### END SOLUTION


class ClassErrorMeasurer(Measurer):
    """The share of wrong signs among all examples added since the last reset."""

    def reset(self):
        ### BEGIN SOLUTION
        self.wrong = self.count = 0
        ### END SOLUTION

    def add(self, outputs, targets):
        ### BEGIN SOLUTION
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)
        ### END SOLUTION

    def value(self):
        ### BEGIN SOLUTION
        return self.wrong / self.count
        ### END SOLUTION

# %% [markdown]
# ## 2 · Theano, 2010: a formula is data
#
# In Theano nothing is computed when you write `x * x`. You build a **graph**, and a graph can be differentiated, simplified,
# compiled, sent to a GPU. It looked like this:
#
# ```python
# x = T.dscalar('x')
# y = x ** 2
# gy = T.grad(y, x)
# f = theano.function([x], gy)
# pp(f.maker.fgraph.outputs[0])     # '(2.0 * x)'
# ```
#
# Three exercises rebuild these lines: `grad`, the simplifier behind that `2.0 * x`, and `function`.

# %% nbgrader={"grade": false, "grade_id": "given-theano", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Expr:
    """A node of the graph. Two nodes are the same only if they are one object (compare with `is`).

    Attributes:
        op: "var", "const", "shared", or an operation: "add", "sub", "mul", "div", "pow", "exp", "log", "tanh".
        inputs: the nodes that the operation is applied to, a tuple; the exponent of "pow" is always a const.
        name: of a var or shared.
        value: of a const or shared.
    """

    def __init__(self, op, inputs=(), name=None, value=None):
        self.op, self.inputs, self.name, self.value = op, tuple(inputs), name, value

    def __add__(self, other): return Expr("add", (self, wrap(other)))
    def __radd__(self, other): return Expr("add", (wrap(other), self))
    def __sub__(self, other): return Expr("sub", (self, wrap(other)))
    def __rsub__(self, other): return Expr("sub", (wrap(other), self))
    def __mul__(self, other): return Expr("mul", (self, wrap(other)))
    def __rmul__(self, other): return Expr("mul", (wrap(other), self))
    def __truediv__(self, other): return Expr("div", (self, wrap(other)))
    def __rtruediv__(self, other): return Expr("div", (wrap(other), self))
    def __pow__(self, other): return Expr("pow", (self, wrap(other)))
    def __repr__(self): return show(self)


def var(name): return Expr("var", name=name)
def const(value): return Expr("const", value=value)
def shared(value, name): return Expr("shared", name=name, value=value)
def exp(e): return Expr("exp", (e,))
def log(e): return Expr("log", (e,))
def tanh(e): return Expr("tanh", (e,))
def wrap(x): return x if isinstance(x, Expr) else const(x)


OPS = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b, "exp": np.exp, "log": np.log, "tanh": np.tanh,
}
"""What each operation does with numbers."""


def ancestors(roots):
    """The roots and everything they need, each node once, inputs before those that use them."""
    order, seen, stack = [], set(), [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((each, False) for each in reversed(node.inputs))
    return order


def show(e):
    """The formula as text: what Theano's pp(…) printed."""
    signs, text = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}, {}
    for node in ancestors([e]):
        parts = [text[each] for each in node.inputs]
        if node.op in signs:
            text[node] = f"({parts[0]} {signs[node.op]} {parts[1]})"
        elif parts:
            text[node] = f"{node.op}({parts[0]})"
        else:
            text[node] = str(node.value) if node.op == "const" else node.name
    return text[e]


def length(e):
    """How many nodes it takes to write the formula out, as a tree: 2 * x has three."""
    sizes = {}
    for node in ancestors([e]):
        sizes[node] = 1 + sum(sizes[each] for each in node.inputs)
    return sizes[e]


x = var("x")
print(x * x + 1, "   ", length(x * x + 1), "nodes")

# %% [markdown]
# ### Exercise 2: the gradient is another graph (3 points)
#
# `grad(cost, wrt)` walks the graph backwards and returns **graphs**, not numbers. Start with $\bar{\text{cost}}=1$. Visit each node once,
# users before inputs (`reversed(ancestors([cost]))`); each sends $\bar v$ times its local derivative to its inputs, and contributions add up.
# The local derivatives are graphs too: for `a * b` they are $\bar v\,b$ and $\bar v\,a$, for $v=\tanh a$ it is $\bar v\,(1-v^2)$ (use the
# node itself as $v$). To the exponent of a power nothing is sent.

# %%
figures.gradient_graph()

# %% [markdown]
# Expected: `grad(x * x, [x])` is `[1·x + 1·x]` in some spelling. For a variable that the cost does not depend on: a const 0 (Theano
# raised a `DisconnectedInputError`). The answer stays small: a few nodes for every node of the input, however often a node is used.

# %% nbgrader={"grade": false, "grade_id": "symbolic_grad", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: symbolic_grad
def grad(cost, wrt):
    """The derivatives of a graph, as graphs.

    Args:
        cost: an Expr.
        wrt: a list of variables.

    Returns:
        A list of Exprs, one for each variable.
    """
    ### BEGIN SOLUTION
    local = {
        "add": lambda g, v, a, b: (g, g),
        "sub": lambda g, v, a, b: (g, -1 * g),
        "mul": lambda g, v, a, b: (g * b, g * a),
        "div": lambda g, v, a, b: (g / b, -1 * g * v / b),
        "pow": lambda g, v, a, n: (g * n * a ** (n.value - 1),),
        "exp": lambda g, v, a: (g * v,),
        "log": lambda g, v, a: (g / a,),
        "tanh": lambda g, v, a: (g * (1 - v * v),),
    }
    adjoint = {cost: const(1)}
    for node in reversed(ancestors([cost])):
        if node not in adjoint or not node.inputs:
            continue
        pieces = local[node.op](adjoint[node], node, *node.inputs)
        for operand, piece in zip(node.inputs, pieces):
            adjoint[operand] = adjoint[operand] + piece if operand in adjoint else piece
    return [adjoint.get(variable, const(0)) for variable in wrt]
    ### END SOLUTION

# %% [markdown]
# ### Exercise 3: from 1·x + 1·x to 2·x (4 points)
#
# Raw gradients are full of ones and zeros. `simplify(e)` returns an equal, shorter graph. These rules are asked for:
#
# 1. **Constants**: sums, differences, products, quotients and powers of constants become one constant.
# 2. **Zero and one**: `x + 0`, `x - 0`, `1 * x`, `x / 1`, `x ** 1` are `x`; `0 * x` and `0 / x` are 0; `x ** 0` is 1.
# 3. **Products**: the constants of a product come together, from either side and however deep in it: `(2 * x) * (y * 3)` is `6 * (x * y)`.
# 4. **Sums**: like terms come together: `(2 * x + y) + 3 * x` is `5 * x + y`; `x - x` is 0. Terms are alike if their formulas are, whichever way
#    round their factors stand. A minus stays a minus: `y - 2 * x` must not become `y + -2 * x`, which is no shorter.
#
# Nothing is multiplied out: `2 * (x + y)` stays. Simplify the inputs first, then the node.
#
# | formula | becomes | nodes |
# |---|---|---|
# | `1 * x + x * 1` | `2 * x` | 3 |
# | `3 * (1 * x + 1 * x)` | `6 * x` | 3 |
# | `(x - x) * exp(y) + y ** 1` | `y` | 1 |
# | `x * y + 2 * (y * x)` | `3 * (x * y)` | 5 |
#
# *Hint*: `show(e)` is a good key for "the same formula". Two helpers get you far: one takes a product apart into a number and a
# sorted list of factors, the other a sum into a dict from factors to numbers.

# %% nbgrader={"grade": false, "grade_id": "simplify", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: simplify
def simplify(e):
    """An equal graph with as few nodes as the four rules allow; `e` itself stays as it is."""
    ### BEGIN SOLUTION
    def product(number, factors):
        """number · f1 · f2 …"""
        result = None if number == 1 and factors else const(number)
        if number == 0:
            return result
        for factor in factors:
            result = factor if result is None else result * factor
        return result

    def factors(e):
        """(number, sorted factors) of a product."""
        if e.op == "const":
            return e.value, []
        if e.op == "mul":
            (m, left), (n, right) = factors(e.inputs[0]), factors(e.inputs[1])
            return m * n, sorted(left + right, key=show)
        return 1, [e]

    def terms(e, sign=1):
        """[(number, factors)] of a sum."""
        if e.op in ("add", "sub"):
            return terms(e.inputs[0], sign) + terms(e.inputs[1], sign if e.op == "add" else -sign)
        number, parts = factors(e)
        return [(sign * number, parts)]

    def total(e):
        found = {}
        for number, parts in terms(e):
            key = tuple(show(part) for part in parts)
            found[key] = (found.get(key, (0,))[0] + number, parts)
        kept = [each for each in found.values() if each[0] != 0]
        kept.sort(key=lambda each: (each[0] < 0, bool(each[1]) == (each[0] < 0)))  # −1 − x, not −1 · x − 1
        result = None
        for number, parts in kept:
            if result is None:
                result = product(number, parts)
            elif number < 0:
                result = result - product(-number, parts)
            else:
                result = result + product(number, parts)
        return const(0) if result is None else result

    done = {}
    for node in ancestors([e]):
        new = [done[each] for each in node.inputs]
        fresh = Expr(node.op, new, node.name, node.value) if new else node
        numbers = [each.value for each in new if each.op == "const"]
        if node.op in ("add", "sub"):
            fresh = total(fresh)
        elif node.op == "mul":
            fresh = product(*factors(fresh))
        elif node.op in ("div", "pow") and len(numbers) == 2:
            fresh = const(OPS[node.op](*numbers))
        elif node.op == "div" and new[1].op == "const" and new[1].value == 1:
            fresh = new[0]
        elif node.op == "div" and new[0].op == "const" and new[0].value == 0:
            fresh = const(0)
        elif node.op == "pow" and new[1].value in (0, 1):
            fresh = new[0] if new[1].value == 1 else const(1)
        done[node] = fresh
    return done[e]
    ### END SOLUTION

# %% [markdown]
# Theano's famous three lines, on your own code:

# %% nbgrader={"grade": false, "grade_id": "given-two-x", "locked": true, "schema_version": 3, "solution": false, "task": false}
with surviving("Nothing to show yet: write exercises 2 and 3, then run this cell again."):
    x = var("x")
    for cost in (x * x, x**2, x * x * x, tanh(x) * x):
        (raw,) = grad(cost, [x])
        print(f"{show(cost):16} {show(raw):52} {show(simplify(raw))}")

# %% [markdown]
# ### Exercise 4: `function` (3 points)
#
# `theano.function` turns graphs into something that you can call. Training was one line, the update being part of the graph:
#
# ```python
# train = theano.function([x, t], cost, updates=[(w, w - 0.1 * T.grad(cost, w))])
# ```
#
# * `outputs`: one Expr, then the function returns one number; or a list, then it returns a list.
# * `updates`: pairs (shared, Expr). All of a call is computed from the **old** values, the outputs too; then all updates happen **at once**. So
#   `updates=[(a, b), (b, a)]` swaps.
# * `givens`: a dict {node: replacement}. Wherever the node occurs, the replacement is computed in its place, and what only the
#   replaced node needed is not computed.
# * Only what is needed is computed, and each node **once** a call.
# * A variable that is needed but is no input: `ValueError` with its name, already by `function(…)`, not when it is called.
#   A call with the wrong number of arguments: `TypeError`.
#
# The value of a shared is read and written as `node.value`. For numbers use `OPS`.
#
# Expected: `count = shared(0, "count")`, `f = function([x], x * count, updates=[(count, count + 1)])`: `f(10)` three times gives 0, 10, 20.

# %% nbgrader={"grade": false, "grade_id": "theano_function", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: theano_function
def function(inputs, outputs, updates=(), givens={}):
    """Compile graphs into a Python function of the inputs.

    Args:
        inputs: a list of variables; the function takes one number for each.
        outputs: an Expr, or a list of them.
        updates: pairs (shared, Expr), done after every call.
        givens: {Expr: Expr}, replacements.

    Raises:
        ValueError: a variable is needed that is not among the inputs.
    """
    ### BEGIN SOLUTION
    wanted = [outputs] if isinstance(outputs, Expr) else list(outputs)
    plan, seen = [], set()

    def visit(node):
        node = givens.get(node, node)
        if node in seen:
            return
        seen.add(node)
        if node.op == "var" and node not in inputs:
            raise ValueError(f"missing input: {node.name}")
        for each in node.inputs:
            visit(each)
        plan.append(node)

    for root in [*wanted, *(new for _, new in updates)]:
        visit(root)

    def compiled(*numbers):
        if len(numbers) != len(inputs):
            raise TypeError(f"expected {len(inputs)} arguments, got {len(numbers)}")
        value = dict(zip(inputs, numbers))
        for node in plan:
            if node.op in OPS:
                value[node] = OPS[node.op](*(value[givens.get(each, each)] for each in node.inputs))
            elif node.op != "var":
                value[node] = node.value
        results = [value[givens.get(each, each)] for each in wanted]
        for node, new in [(node, value[givens.get(each, each)]) for node, each in updates]:
            node.value = new
        return results[0] if isinstance(outputs, Expr) else results

    return compiled
    ### END SOLUTION

# %% [markdown]
# The same regression as in the lecture's eras, $t = 2x - 1$, trained by your `grad`, `simplify` and `function`:

# %% nbgrader={"grade": false, "grade_id": "given-regression", "locked": true, "schema_version": 3, "solution": false, "task": false}
with surviving("Nothing to train yet: write exercises 2 to 4, then run this cell again."):
    x, t, w, b = var("x"), var("t"), shared(0.0, "w"), shared(0.0, "b")
    cost = (w * x + b - t) ** 2
    gw, gb = (simplify(g) for g in grad(cost, [w, b]))
    print("dcost/dw =", show(gw))
    train = function([x, t], cost, updates=[(w, w - 0.1 * gw), (b, b - 0.1 * gb)])
    for step in range(200):
        number = np.sin(step)
        train(number, 2 * number - 1)
    print(f"w = {w.value:.4f}, b = {b.value:.4f}      (2 and -1)")

# %% [markdown]
# ### Exercise 5: `scan`, and a loop to mend (2 points)
#
# A static graph has no `for`: Theano's loop is an operation, `scan`. Here is its guide's first example, and a slide's loop below it:
#
# ```python
# result, updates = theano.scan(
#     fn=lambda prior_result, A: prior_result * A,
#     outputs_info=T.ones_like(A),
#     non_sequences=A, n_steps=k)
# final_result = result[-1]
#
# def power(A, k):
#     M = A
#     for i in range(k):
#         M = M * A
#     return M
# ```
#
# (a) The slide's loop is off: `power(2, 3)` gives 16, $A^{k+1}$. Mend it, for arrays too (entry by entry), and for $k=0$.
#
# (b) Write `scan` on numbers. Each step calls `fn` with, in this order: the current entry of each sequence, the previous result (only if
# there are `outputs_info`, the first step's previous result), the non-sequences. There are `n_steps` steps, or as many as the shortest sequence
# has entries if that is fewer. It returns the list of all results, without the initial one.
#
# Expected: `scan(lambda s, p: p + s, [[1, 2, 3]], 0)` is `[1, 3, 6]`; `scan(lambda p, A: p * A, [], 1, [2], 3)` is `[2, 4, 8]`.

# %% nbgrader={"grade": false, "grade_id": "scan_loop", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: scan_loop
def power(A, k):
    """A to the power of k, entry by entry, for a number or array A and an int k ≥ 0, by k multiplications in a loop."""
    ### BEGIN SOLUTION
    M = np.ones_like(A)
    for _ in range(k):
        M = M * A
    return M
    ### END SOLUTION


def scan(fn, sequences=(), outputs_info=None, non_sequences=(), n_steps=None):
    """The results of all steps, a list.

    Args:
        fn: takes an entry of each sequence, the previous result (if there are outputs_info), the non-sequences.
        sequences: a list of lists.
        outputs_info: the result before the first step; None if fn takes no previous result.
        non_sequences: a list of what every step gets unchanged.
        n_steps: how many steps at most; None if the sequences alone decide.

    Raises:
        ValueError: there are neither sequences nor n_steps.
    """
    ### BEGIN SOLUTION
    limits = [len(sequence) for sequence in sequences] + ([] if n_steps is None else [n_steps])
    if not limits:
        raise ValueError("scan needs sequences or n_steps")
    results, previous = [], outputs_info
    for step in range(min(limits)):
        carried = [] if outputs_info is None else [previous]
        previous = fn(*(sequence[step] for sequence in sequences), *carried, *non_sequences)
        results.append(previous)
    return results
    ### END SOLUTION

# %% [markdown]
# ## 3 · Torch7, 2011: layers that know their own backward
#
# Torch7 (Lua) had no graph at all. Every layer carries its own backward, and **containers** pass it on:
#
# ```lua
# mlp = nn.Sequential()
# mlp:add(nn.Linear(10, 25)):add(nn.Tanh()):add(nn.Linear(25, 1))
# mlp:zeroGradParameters()
# mlp:backward(x, criterion:backward(mlp:forward(x), t))   -- adds to the gradients
# mlp:updateParameters(0.01)
# ```

# %% nbgrader={"grade": false, "grade_id": "given-torch7", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Module:
    """A layer: `forward(input)` stores and returns `output`; `backward` stores and returns `gradInput`."""

    def forward(self, input):
        self.output = self.updateOutput(input)
        return self.output

    def backward(self, input, gradOutput, scale=1.0):
        """The gradient with respect to input; scale times the gradients of the parameters is added to theirs."""
        self.accGradParameters(input, gradOutput, scale)
        self.gradInput = self.updateGradInput(input, gradOutput)
        return self.gradInput

    def accGradParameters(self, input, gradOutput, scale):
        """Nothing, for a layer without parameters."""

    def parameters(self):
        """(the parameters, their gradients): two lists of arrays."""
        return [], []

    def zeroGradParameters(self):
        for gradient in self.parameters()[1]:
            gradient[...] = 0

    def updateParameters(self, rate):
        for parameter, gradient in zip(*self.parameters()):
            parameter -= rate * gradient


class nnLinear(Module):
    """nn.Linear: output = input · weightᵀ + bias, for inputs [n, d] and a weight [k, d]."""

    def __init__(self, weight, bias):
        self.weight, self.bias = np.array(weight, dtype=float), np.array(bias, dtype=float)
        self.gradWeight, self.gradBias = np.zeros_like(self.weight), np.zeros_like(self.bias)

    def updateOutput(self, input):
        return input @ self.weight.T + self.bias

    def updateGradInput(self, input, gradOutput):
        return gradOutput @ self.weight

    def accGradParameters(self, input, gradOutput, scale):
        self.gradWeight += scale * gradOutput.T @ input
        self.gradBias += scale * gradOutput.sum(axis=0)

    def parameters(self):
        return [self.weight, self.bias], [self.gradWeight, self.gradBias]


class nnTanh(Module):
    """nn.Tanh."""

    def updateOutput(self, input):
        return np.tanh(input)

    def updateGradInput(self, input, gradOutput):
        return gradOutput * (1 - np.tanh(input) ** 2)


class nnIdentity(Module):
    """nn.Identity."""

    def updateOutput(self, input):
        return input

    def updateGradInput(self, input, gradOutput):
        return gradOutput


class nnCAddTable(Module):
    """nn.CAddTable: the sum of a list of arrays."""

    def updateOutput(self, input):
        return sum(input)

    def updateGradInput(self, input, gradOutput):
        return [gradOutput for _ in input]

# %% [markdown]
# ### Exercise 6: containers (2 points)
#
# `Sequential` puts one module after another. `ConcatTable` gives the *same* input to all its modules and returns the **list** of their outputs;
# with `nnCAddTable` behind it that makes a skip connection, as in Facebook's ResNet code for Torch7 (fb.resnet.torch, 2016).

# %%
figures.containers()

# %% [markdown]
# * `add(module)` returns the container, so that calls chain.
# * `backward` goes backwards, and stores `gradInput` as that of every Module does; each module needs the input **it** got in `forward` (the
#   `output` of the one before it). `scale` reaches everybody.
# * `ConcatTable.backward` gets a list of gradients, one for each module; its gradInput is the sum of theirs.
# * `parameters()` lists those of all modules, in order, however deep containers are nested. Then `zeroGradParameters` and
#   `updateParameters` work by themselves.
#
# Expected: with `net = Sequential().add(ConcatTable().add(nnIdentity()).add(nnIdentity())).add(nnCAddTable())`: `net.forward(x)` is 2x and
# `net.backward(x, g)` is 2g.

# %% nbgrader={"grade": false, "grade_id": "torch7_containers", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: torch7_containers
class Container(Module):
    """Modules inside a module."""

    def __init__(self):
        self.modules = []

    def add(self, module):
        """Append a module; returns self."""
        ### BEGIN SOLUTION
        self.modules.append(module)
        return self
        ### END SOLUTION

    def parameters(self):
        """(the parameters, their gradients) of all modules: two flat lists of arrays."""
        ### BEGIN SOLUTION
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]
        ### END SOLUTION


class Sequential(Container):
    """One module after another."""

    def updateOutput(self, input):
        ### BEGIN SOLUTION
        for module in self.modules:
            input = module.forward(input)
        return input
        ### END SOLUTION

    def backward(self, input, gradOutput, scale=1.0):
        """The gradient with respect to input, after every module has got its own."""
        ### BEGIN SOLUTION
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput
        ### END SOLUTION


class ConcatTable(Container):
    """All modules on the same input; the output is the list of theirs."""

    def updateOutput(self, input):
        ### BEGIN SOLUTION
        return [module.forward(input) for module in self.modules]
        ### END SOLUTION

    def backward(self, input, gradOutput, scale=1.0):
        """The sum of the modules' gradients with respect to input; gradOutput is a list."""
        ### BEGIN SOLUTION
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
        return self.gradInput
        ### END SOLUTION

# %% [markdown]
# ## 4 · Pylearn2, 2013: an experiment is a text
#
# Pylearn2 described whole experiments in YAML. `!obj:` followed by a dotted name builds an object of that class:
#
# ```yaml
# !obj:pylearn2.train.Train {
#     dataset: &train !obj:pylearn2.datasets.mnist.MNIST { which_set: 'train' },
#     model: !obj:pylearn2.models.mlp.MLP { layers: [ … ], nvis: 784 },
#     algorithm: !obj:pylearn2.training_algorithms.sgd.SGD { monitoring_dataset: *train }
# }
# ```
#
# Handy, and dangerous: a loader that imports whatever a text names runs whatever its author likes.
#
# ### Exercise 7: a loader with an allow-list (1 point)
#
# `load(text, allowed)` builds what the text says, with PyYAML, but only from the classes in `allowed`, a dict from names to classes.
#
# * `!obj:NAME {key: value, …}` is `allowed[NAME](key=value, …)`; the values may hold further objects, in lists and dicts too.
# * An anchor (`&train`) and its alias (`*train`) are **one** object.
# * Any other name after `!obj:` is a `ValueError` that names it; any other tag (`!!python/…`, `!import`, `!pkl:`) is refused with any error.
#   Nothing is imported, nothing is called.
# * Leave `yaml.SafeLoader` as it was: derive a class of your own from it, and give *that* its `add_multi_constructor`.
#
# Expected: `load("!obj:a.Point {x: 1, y: 2}", {"a.Point": Point})` is `Point(x=1, y=2)`.

# %% nbgrader={"grade": false, "grade_id": "yaml_objects", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# exercise: yaml_objects
def load(text, allowed):
    """The objects that a YAML text describes.

    Args:
        text: YAML with !obj: tags.
        allowed: {dotted name: class or function}; nothing else is ever called.

    Raises:
        ValueError: !obj: with a name that is not allowed.
        yaml.YAMLError: any other tag that is not plain YAML.
    """
    ### BEGIN SOLUTION
    class Loader(yaml.SafeLoader):
        pass

    def build(loader, name, node):
        if name not in allowed:
            raise ValueError(f"!obj:{name} is not allowed")
        return allowed[name](**loader.construct_mapping(node, deep=True))

    Loader.add_multi_constructor("!obj:", build)
    return yaml.load(text, Loader)
    ### END SOLUTION

# %% [markdown]
# ## 5 · Keras, 2015: say the layers, the shapes follow
#
# Keras asked for the size of a layer's output only; what comes in, it finds out. Its functional API wires any graph without loops:
#
# ```python
# inputs = Input(shape=(784,))
# h = Dense(64, activation="relu")(inputs)
# h = Add()([h, Dense(64, activation="relu")(h)])      # a skip connection
# model = Model(inputs, Dense(10)(h))
# model.count_params()
# ```

# %% nbgrader={"grade": false, "grade_id": "given-keras", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Symbol:
    """What flows along an edge: its shape (without the batch), the layer that gives it, and the Symbols that went in."""

    def __init__(self, shape, layer=None, inputs=()):
        self.shape, self.layer, self.inputs = tuple(shape), layer, list(inputs)


class Layer:
    """Called on a Symbol, or a list of them, a layer gives a Symbol; `call` computes with arrays [n, …]."""

    def __call__(self, inputs):
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        return Symbol(self.output_shape([each.shape for each in inputs]), self, inputs)

    def count_params(self):
        return 0


def Input(shape):
    """Where numbers come in."""
    return Symbol(shape)


ACTIVATIONS = {None: lambda a: a, "relu": lambda a: a * (a > 0), "tanh": np.tanh}

# %% [markdown]
# ### Exercise 8: shapes, parameters, and a skip connection (3 points)
#
# * `Dense`: called for the first time on a shape `(d,)` it makes `kernel` [d, units] and `bias` [units], zeros. Called again it **shares** them;
#   on another width: `ValueError`.
# * `Add` needs equal shapes, `Concatenate` joins widths: `(3,)` and `(5,)` make `(8,)`. Unequal shapes in an `Add`: `ValueError` with both shapes
#   in its message.
# * `Model`: `layers` lists each layer **once**, inputs before users. `count_params()` adds up theirs. `predict` computes each Symbol once.
#   An Input that is needed but not given: `ValueError`.
# * `chain(layers)`, which is Keras's Sequential: a list that starts with an Input → a Model.
#
# Expected: `Dense(64)` on 784 inputs has 50,240 parameters; the model above has 50,240 + 4,160 + 650 = 55,050.

# %% nbgrader={"grade": false, "grade_id": "keras_graph", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: keras_graph
class Dense(Layer):
    """activation(input · kernel + bias)."""

    def __init__(self, units, activation=None):
        self.units, self.activation, self.kernel, self.bias = units, ACTIVATIONS[activation], None, None

    def output_shape(self, shapes):
        """The output's shape for a list of one shape (d,); makes kernel and bias the first time."""
        ### BEGIN SOLUTION
        ((width,),) = shapes
        if self.kernel is None:
            self.kernel, self.bias = np.zeros((width, self.units)), np.zeros(self.units)
        if len(self.kernel) != width:
            raise ValueError(f"Dense was made for inputs of width {len(self.kernel)}, but got {width}")
        return (self.units,)
        ### END SOLUTION

    def call(self, array):
        """From [n, d] to [n, units]."""
        ### BEGIN SOLUTION
        return self.activation(array @ self.kernel + self.bias)
        ### END SOLUTION

    def count_params(self):
        ### BEGIN SOLUTION
        return self.kernel.size + self.bias.size
        ### END SOLUTION


class Add(Layer):
    """The sum of its inputs."""

    def output_shape(self, shapes):
        ### BEGIN SOLUTION
        for shape in shapes[1:]:
            if shape != shapes[0]:
                raise ValueError(f"Add needs equal shapes, but got {shapes[0]} and {shape}")
        return shapes[0]
        ### END SOLUTION

    def call(self, *arrays):
        ### BEGIN SOLUTION
        return sum(arrays)
        ### END SOLUTION


class Concatenate(Layer):
    """Its inputs side by side."""

    def output_shape(self, shapes):
        ### BEGIN SOLUTION
        return (sum(width for (width,) in shapes),)
        ### END SOLUTION

    def call(self, *arrays):
        ### BEGIN SOLUTION
        return np.concatenate(arrays, axis=1)
        ### END SOLUTION


class Model:
    """The part of the graph between some inputs and an output.

    Args:
        inputs: a Symbol made by Input, or a list of them.
        output: a Symbol.

    Attributes:
        layers: every layer on the way, once.
        output_shape: the output's shape.

    Raises:
        ValueError: the output needs an Input that is not among the inputs.
    """

    def __init__(self, inputs, output):
        self.inputs = inputs if isinstance(inputs, list) else [inputs]
        self.output, self.output_shape = output, output.shape
        ### BEGIN SOLUTION
        self.order, self.layers = [], []

        def visit(symbol):
            if symbol in self.order or symbol in self.inputs:
                return
            if symbol.layer is None:
                raise ValueError("the output needs an Input that is not among the model's inputs")
            for each in symbol.inputs:
                visit(each)
            self.order.append(symbol)
            if symbol.layer not in self.layers:
                self.layers.append(symbol.layer)

        visit(output)
        ### END SOLUTION

    def count_params(self):
        """The number of parameters."""
        ### BEGIN SOLUTION
        return sum(layer.count_params() for layer in self.layers)
        ### END SOLUTION

    def predict(self, *arrays):
        """The output for one array [n, d] for each input."""
        ### BEGIN SOLUTION
        value = dict(zip(self.inputs, arrays))
        for symbol in self.order:
            value[symbol] = symbol.layer.call(*(value[each] for each in symbol.inputs))
        return value[self.output]
        ### END SOLUTION


def chain(layers):
    """A Model of layers one after another; the first entry is an Input."""
    ### BEGIN SOLUTION
    symbol = layers[0]
    for layer in layers[1:]:
        symbol = layer(symbol)
    return Model(layers[0], symbol)
    ### END SOLUTION

# %% [markdown]
# ## 6 · TensorFlow, 2015: a graph and a session
#
# The graph is built first, a `Session` runs it, and only what you fetch is computed:
#
# ```python
# x = tf.placeholder(tf.float32)
# w = tf.Variable(3.0)
# y = w * x
# with tf.Session() as sess:
#     sess.run(tf.global_variables_initializer())
#     sess.run([y, w], feed_dict={x: 2.0})        # [6.0, 3.0]
# ```

# %% nbgrader={"grade": false, "grade_id": "given-tensorflow", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Tensor:
    """A node of TensorFlow's graph.

    Attributes:
        op: "placeholder", "variable", "assign", or "compute".
        inputs: the Tensors that it needs; an assign has two, the variable and what is assigned.
        function: of a "compute", what it does with its inputs' values.
        name: for messages.
    """

    def __init__(self, op, inputs=(), function=None, name=None):
        self.op, self.inputs, self.function, self.name = op, list(inputs), function, name

    def __repr__(self):
        return f"<Tensor {self.name or self.op}>"


def placeholder(name): return Tensor("placeholder", name=name)
def variable(name): return Tensor("variable", name=name)
def assign(target, value): return Tensor("assign", [target, value], name=f"assign {target.name}")
def compute(function, *inputs, name=None): return Tensor("compute", inputs, function, name)

# %% [markdown]
# ### Exercise 9: `Session.run` (3 points)
#
# * `fetches` is a Tensor, or lists, tuples and dicts of them, nested as you like; the answer has the same form.
# * Only what the fetches need is computed, and each Tensor at most **once a run**, across all fetches. Nothing is remembered for the next run but
#   the variables' values.
# * `feed_dict` (left as it is) may hold **any** Tensor, not only placeholders; what is fed is not computed, nor what only it needed.
# * `assign(w, v)`: computes `v`, makes it the variable's value **in this session**, and is worth that value. (It does not need the old
#   value.) No run will both assign a variable and read it elsewhere.
# * `ValueError` with the name: a placeholder that is needed and not fed; a variable that is needed and was never assigned.
#
# Expected: with `x = placeholder("x")`, `y = compute(lambda a: a + 1, x)`: `Session().run({"both": [x, y]}, {x: 2})` is `{"both": [2, 3]}`, and
# `run(y, {y: 7})` is 7, without `x`.

# %% nbgrader={"grade": false, "grade_id": "session_run", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: session_run
class Session:
    """Runs parts of a graph, and holds the variables' values."""

    def __init__(self):
        self.values = {}

    def run(self, fetches, feed_dict=None):
        """The values of the fetches, in the form of the fetches.

        Args:
            fetches: a Tensor, or a list, tuple or dict of fetches.
            feed_dict: {Tensor: value}.

        Raises:
            ValueError: a placeholder that is needed is not fed, or a variable that is needed has no value.
        """
        ### BEGIN SOLUTION
        known = dict(feed_dict or {})

        def value(tensor):
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return nested(fetches)
        ### END SOLUTION

# %% [markdown]
# ## 7 · Chainer, DyNet, Autograd, PyTorch: define by run
#
# How often does Heron's rule have to be repeated until $x^2$ is close enough to $a$? That depends on $a$. In a static graph the number of rounds
# is fixed when the graph is built (or hides in an operation like `while_loop`). Define-by-run simply runs Python's `while` and
# **records** what happened; next time something else may happen. TensorFlow 2 gave its recorder a name:
#
# ```python
# with tf.GradientTape() as tape:
#     y = x * x
# tape.gradient(y, [x])
# ```

# %%
figures.unrolled()

# %% [markdown]
# ### Exercise 10: a tape and a `while` (3 points)
#
# * `Variable(value)` with `+ - * /` among Variables and with plain numbers on either side. `value` may be any number: your tape is fed with exact
#   fractions (`Fraction(1, 3)`), so no `float(…)`, no NumPy.
# * While a `Tape` is open (`with Tape() as tape:`) every operation is recorded on it; several tapes may be open at once. **Nothing** is
#   recorded when it is closed: what was computed outside counts as a constant.
# * `tape.gradient(y, xs)` goes through the record from its end. Asked twice it says the same twice. A Variable on which y does not
#   depend gets 0.
# * `heron(a, tolerance)`: start with $x=a$; **while** $|x^2-a|$ > tolerance, replace $x$ by $(x+a/x)/2$.
#
# Expected: `heron` of 2 with tolerance 1/100 goes two rounds, to 17/12, and the derivative with respect to $a$ is 13/36 (true: $1/\sqrt{8}=0.354$).

# %% nbgrader={"grade": false, "grade_id": "gradient_tape", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: gradient_tape
class Tape:
    """A list of what was computed while it was open."""

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        ### BEGIN SOLUTION
        Tape.open.append(self)
        return self
        ### END SOLUTION

    def __exit__(self, *exception):
        ### BEGIN SOLUTION
        Tape.open.remove(self)
        ### END SOLUTION

    def gradient(self, y, xs):
        """The derivatives of the Variable y with respect to the Variables xs, a list of numbers."""
        ### BEGIN SOLUTION
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]
        ### END SOLUTION


def number(x):
    """The value of a Variable; a plain number as a fraction, so that 1 / 2 is no float."""
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    """A Variable of this value, recorded on every open tape.

    Args:
        value: what the operation has computed.
        slopes: pairs (operand, the derivative of value with respect to it); an operand may be a plain number.
    """
    ### BEGIN SOLUTION
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result
    ### END SOLUTION


class Variable:
    """A number whose uses are recorded."""

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        ### BEGIN SOLUTION
        return recorded(self.value + number(other), (self, 1), (other, 1))
        ### END SOLUTION

    def __radd__(self, other):
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return recorded(self.value - number(other), (self, 1), (other, -1))
        ### END SOLUTION

    def __rsub__(self, other):
        ### BEGIN SOLUTION
        return Variable(other) - self
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))
        ### END SOLUTION

    def __rmul__(self, other):
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))
        ### END SOLUTION

    def __rtruediv__(self, other):
        ### BEGIN SOLUTION
        return Variable(other) / self
        ### END SOLUTION


def heron(a, tolerance):
    """The Variable x with |x² − a| ≤ tolerance that Heron's rule reaches from the Variable a."""
    ### BEGIN SOLUTION
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x
    ### END SOLUTION

# %% [markdown]
# The record's length, for several $a$: the graph is another one each time.

# %% nbgrader={"grade": false, "grade_id": "given-lengths", "locked": true, "schema_version": 3, "solution": false, "task": false}
with surviving("Nothing to record yet: write the exercise above, then run this cell again."):
    for number_ in (1, 2, 10, 100):
        a = Variable(Fraction(number_))
        with Tape() as tape:
            root = heron(a, Fraction(1, 100))
        (slope,) = tape.gradient(root, [a])
        print(f"a = {number_:3}   operations recorded: {len(tape.entries):2}", end="   ")
        print(f"root = {float(root.value):.4f}   d root / d a = {float(slope):.4f}")

# %% [markdown]
# ## 8 · Torchnet, 2016: the loop that everybody writes
#
# Epochs, batches, forward, backward, update: everybody's loop looks the same, and everybody wants something else in between. Torchnet
# wrote the loop once and called **hooks** (Ignite, Lightning and Keras's callbacks still do):
#
# ```lua
# local engine = tnt.SGDEngine()
# engine.hooks.onForwardCriterion = function(state) meter:add(state.criterion.output) end
# engine:train{ network = net, criterion = criterion, iterator = iterator, lr = 0.1, maxepoch = 10 }
# ```

# %%
figures.engine()

# %% [markdown]
# ### Exercise 11: the engine (3 points)
#
# `state` is a dict with the keys `network, criterion, iterator, lr, maxepoch, sample, epoch, t, training`. In `train`, `epoch` and `t` count from 0
# what is **finished**: `t` grows just before `onUpdate`, `epoch` just before `onEndEpoch`. A hook may change the state, so look there each time:
# one that sets `state["maxepoch"] = state["epoch"]` stops the training, one that halves `state["lr"]` slows it down.
#
# | | |
# |---|---|
# | once | `onStart` |
# | while `epoch` < `maxepoch` | `network.training()`, then `onStartEpoch` |
# | for each sample of `iterator()` | `state["sample"]` is set, `onSample` |
# | | `network.forward(sample["input"])`, `onForward` |
# | | `criterion.forward(network.output, sample["target"])`, `onForwardCriterion` |
# | | `network.zeroGradParameters()`, `criterion.backward(network.output, sample["target"])`, `onBackwardCriterion` |
# | | `network.backward(sample["input"], criterion.gradInput)`, `onBackward` |
# | | `network.updateParameters(lr)`, `t` + 1, `onUpdate` |
# | end of the epoch | `epoch` + 1, `onEndEpoch` |
# | once | `onEnd` |
#
# `test(network, iterator, criterion)` has `training` False, no `lr`, `maxepoch` or `epoch`, and only onStart, `network.evaluate()`, then for each
# sample onSample, forward, `t` + 1, onForward, criterion forward, onForwardCriterion; then onEnd. Both return the state.

# %% nbgrader={"grade": false, "grade_id": "sgd_engine", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: sgd_engine
class SGDEngine:
    """Torchnet's engine; `hooks` is a dict from a hook's name to a function of the state. Missing hooks are skipped."""

    def __init__(self):
        self.hooks = {}

    def call(self, name, state):
        """Call the hook of that name, if there is one."""
        if name in self.hooks:
            self.hooks[name](state)

    def train(self, network, criterion, iterator, lr, maxepoch):
        """Train by SGD, sample by sample; returns the state."""
        ### BEGIN SOLUTION
        state = {
            "network": network, "criterion": criterion, "iterator": iterator, "lr": lr, "maxepoch": maxepoch,
            "sample": {}, "epoch": 0, "t": 0, "training": True,
        }
        self.call("onStart", state)
        while state["epoch"] < state["maxepoch"]:
            network.training()
            self.call("onStartEpoch", state)
            for sample in iterator():
                state["sample"] = sample
                self.call("onSample", state)
                network.forward(sample["input"])
                self.call("onForward", state)
                criterion.forward(network.output, sample["target"])
                self.call("onForwardCriterion", state)
                network.zeroGradParameters()
                criterion.backward(network.output, sample["target"])
                self.call("onBackwardCriterion", state)
                network.backward(sample["input"], criterion.gradInput)
                self.call("onBackward", state)
                network.updateParameters(state["lr"])
                state["t"] += 1
                self.call("onUpdate", state)
            state["epoch"] += 1
            self.call("onEndEpoch", state)
        self.call("onEnd", state)
        return state
        ### END SOLUTION

    def test(self, network, iterator, criterion):
        """Measure without training; returns the state."""
        ### BEGIN SOLUTION
        state = {
            "network": network, "criterion": criterion, "iterator": iterator, "sample": {}, "t": 0, "training": False,
        }
        self.call("onStart", state)
        network.evaluate()
        for sample in iterator():
            state["sample"] = sample
            self.call("onSample", state)
            network.forward(sample["input"])
            state["t"] += 1
            self.call("onForward", state)
            criterion.forward(network.output, sample["target"])
            self.call("onForwardCriterion", state)
        self.call("onEnd", state)
        return state
        ### END SOLUTION


# %% [markdown]
# ## 9 · ONNX, 2017: one file for all
#
# Train here, run there: ONNX writes a network down as a list of named operations. Ours is the same thing as a plain dict (the real one is
# a protocol buffer); this is `tanh(x Wᵀ + b)`:
#
# ```python
# {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}],
#  "graph": {"input": ["x"], "output": ["y"],
#            "initializer": {"W": [[0.5, -1.0]], "b": [0.25]},
#            "node": [{"op_type": "Gemm", "input": ["x", "W", "b"], "output": ["h"], "attribute": {"transB": 1}},
#                     {"op_type": "Tanh", "input": ["h"], "output": ["y"], "attribute": {}}]}}
# ```
#
# Names are everything: a node's inputs are graph inputs, initializers or outputs of **earlier** nodes, and no name is written twice.
#
# ### Exercise 12: export and import (4 points)
#
# `export_onnx(layers)` writes a network down whose layers are tuples: `("Linear", W, b)` with W [out, in], `("Tanh",)`, `("Relu",)`, and
# `("Residual", [layers])`, which is x + layers(x). The graph's input is "x", its output "y"; numbers are nested lists of floats. Use
# Gemm with `transB` 1, Tanh, Relu, Add; an initializer for every W and b.
#
# `import_onnx(model)` reads **any** such dict, yours or not. It returns a function from a dict {input name: array} to the list of outputs. Operations:
#
# * `Gemm`: $\alpha A' B' + \beta C$; `alpha`, `beta` (1.0 if absent), `transA`, `transB` (0 if absent; else $A'=A^T$, $B'=B^T$); `C` may be left out.
# * `Add`, `Mul` (with broadcasting), `Tanh`, `Relu`.
#
# It raises `ValueError`, on import already and naming the culprit: another `op_type`; a version above 13; an input that nobody has written
# yet; a name written twice.
#
# Expected: what `import_onnx(export_onnx(layers))` computes is what the layers compute, and `json.dumps` takes the dict.

# %% nbgrader={"grade": false, "grade_id": "onnx_exchange", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: onnx_exchange
def export_onnx(layers):
    """The network as an ONNX-like dict of plain lists, floats and strings.

    Args:
        layers: a list of ("Linear", W [out, in], b [out]), ("Tanh",), ("Relu",), ("Residual", [layers]).
    """
    ### BEGIN SOLUTION
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}
    ### END SOLUTION


def import_onnx(model):
    """A function from {input name: array} to the list of the graph's outputs.

    Raises:
        ValueError: the graph cannot be run; the message names the operation, version or tensor.
    """
    ### BEGIN SOLUTION
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run
    ### END SOLUTION

# %% [markdown]
# ## 10 · Who was first?
#
# ### Exercise 13: the timeline (2 points)
#
# Fill in two tables of plain Python values. The lecture's timeline has all of it, and where the slides are off it says so: they have some of these
# years wrong. The check says • as soon as the tables are complete; whether they are right, only the marks say.

# %% nbgrader={"grade": false, "grade_id": "timeline", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: timeline
def years():
    """What happened when: a dict from each of these keys to a year, an int.

    "Torch"              the technical report on the first Torch
    "Theano"             the SciPy paper on Theano
    "Torch7"             the workshop paper on Torch7
    "Pylearn2"           the arXiv paper on Pylearn2
    "Keras"              the first release
    "Chainer"            the first release
    "TensorFlow"         open source
    "Torchnet"           open source
    "DyNet"              the arXiv paper on DyNet
    "PyTorch"            the public announcement
    "ONNX"               the announcement by Facebook and Microsoft
    "end of Theano"      the announcement that development ends
    "TensorFlow 2.0"     the release, eager by default
    "last Chainer"       the last major version, v7, and the move to PyTorch
    """
    ### BEGIN SOLUTION
    return {
        "Torch": 2002, "Theano": 2010, "Torch7": 2011, "Pylearn2": 2013, "Keras": 2015, "Chainer": 2015,
        "TensorFlow": 2015, "Torchnet": 2016, "DyNet": 2017, "PyTorch": 2017, "ONNX": 2017, "end of Theano": 2017,
        "TensorFlow 2.0": 2019, "last Chainer": 2019,
    }
    ### END SOLUTION


def introduced():
    """Who brought which idea first, of these: Autograd, Chainer, DyNet, Keras, ONNX, Pylearn2, TensorFlow, Theano, Torch.

    "bagging"     DataSet, Machine, Measurer and Trainer as parts that can be combined
    "compiler"    formulas of arrays as a graph that is differentiated symbolically, simplified and compiled for the GPU
    "text"        whole experiments as YAML with !obj: tags
    "sequential"  model.add(Dense(…)), model.compile(…), model.fit(…) on top of another framework
    "numpy"       gradients of plain NumPy code, its loops and branches included
    "by run"      the name "define-by-run" for networks that are recorded while they run
    "session"     placeholders and sess.run(fetches, feed_dict)
    "batching"    batching, automatic and on the fly, of graphs that are recorded while they run
    "exchange"    one file format in which frameworks hand networks to each other
    """
    ### BEGIN SOLUTION
    return {
        "bagging": "Torch", "compiler": "Theano", "text": "Pylearn2", "sequential": "Keras", "numpy": "Autograd",
        "by run": "Chainer", "session": "TensorFlow", "batching": "DyNet", "exchange": "ONNX",
    }
    ### END SOLUTION

# %% [markdown]
# ## For the fast (no points): nothing twice
#
# Theano computed no expression twice: its *merge* made one node of all that apply the same operation to the same inputs. Write
# `nothing_twice(e)`, the same formula of as few nodes as that gives; constants of equal value are one node, too. `e` itself stays as it is.

# %%
# stretch goal: nothing_twice
def nothing_twice(e):
    """An equal graph in which no two nodes are the same operation on the same inputs."""
    raise NotImplementedError

# %% nbgrader={"grade": false, "grade_id": "given-stretch", "locked": true, "schema_version": 3, "solution": false, "task": false}
def goal_reached():
    x, y = var("x"), var("y")
    for e, nodes in (((x * x + 1) * (x * x + 1), 5), (tanh(x - y) + tanh(x - y) * (y - x), 7), (x**2 + 2 * x, 5)):
        once = nothing_twice(e)
        sign = "✓" if show(once) == show(e) and len(ancestors([once])) == nodes else "✗"
        print(f"{sign} {show(e)}: {len(ancestors([e]))} nodes, merged {len(ancestors([once]))}")

with surviving("Nothing to check yet: write `nothing_twice` above, then run this cell again."):
    goal_reached()

# %% [markdown]
# ## Quiz
#
# 12 questions, half a point each. **One or more options are right; a question counts if you choose all of the right ones and no
# other.** In Colab tick the boxes; elsewhere set `True` or `False`. The cell below each question says what it has recorded, never
# whether it is right.

# %% [markdown]
# <!-- quiz -->

# %% [markdown]
# {{hand_in}}
