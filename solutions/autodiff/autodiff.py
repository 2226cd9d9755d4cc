# %% [markdown]
# # Automatic differentiation: write your own `backward()`
#
# `loss.backward()` looks like magic. Tonight you write it yourself: first by hand, then with dual numbers, then as a tape on
# which a small network learns. In the end your losses and PyTorch's agree to fifteen digits.
#
# * **You can, in the end**, differentiate any program forwards and backwards, and say what a framework does when you call `backward()`.
# * **You need** the chain rule, Python's operators as methods (`__add__`), NumPy; no library for derivatives.
# * **It takes** 5 to 7 hours (estimated): 11 exercises (30 points). Later ones use `backward`, `Node` and `unbroadcast`.
# * **It leads to** frameworks (*Framework history*), and to the penalties of *Lifelong learning*, which a tape differentiates.

# %% [markdown]
# {{set_up}}

# %% [markdown]
# **House rule: no `torch.autograd`** (nor `.backward()`, `torch.func`, forward-mode AD, under whatever name). The point is to
# write it. So your code is fed numbers that torch cannot hold, with **50 digits** instead of 16, and all of them must come out right.
# Any way of your own that keeps them counts, even differences in 300 digits; they only take longer:

# %% nbgrader={"grade": false, "grade_id": "given-imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from lifelong.budget import budget
from lifelong.digits import Precise, exp, log, tanh
from lifelong.plots import autodiff as figures

print(Precise("0.1") * 3, "  ", 0.1 * 3)
print(exp(Precise(1)), "  ", exp(1.0))

# %% [markdown]
# They mix with ints and floats, but refuse to become floats. So take values as they come (no `float(…)`, no `dtype=float`), and
# use `exp`, `log`, `tanh` from the cell above in place of `math.exp`: they take a float, an array, a `Precise`, or any object
# that has a method of that name – your own dual numbers too. That is not only about rules: in exercise 6 you put dual numbers
# onto your tape, and a tape that never asks what its numbers are does second derivatives for free.

# %% [markdown]
# ## 1 · Wengert's list, by hand
#
# Every formula is a list of small steps. Here is $y=\dfrac{x_1x_2+x_1^2}{x_1x_2-x_2}$, and its steps at $(2, 3)$:
#
# | step | value | tangent, direction (1, 0) | adjoint $\bar v=\partial y/\partial v$ |
# |---|---|---|---|
# | $v_1=x_1x_2$ | 6 | 3 | −7/9 |
# | $v_2=x_1x_1$ | 4 | 4 | 1/3 |
# | $v_3=v_1+v_2$ | 10 | 7 | 1/3 |
# | $v_4=v_1-x_2$ | 3 | 3 | −10/9 |
# | $v_5=v_3/v_4$ | 10/3 | −1 | 1 |
#
# Tangents are filled in from the top (forward), adjoints from the bottom (reverse). Two more adjoints are the gradient:
# $\bar x_1=-1$, $\bar x_2=-4/9$. Note $v_1$: it is used twice, so two contributions add up, $\tfrac13-\tfrac{10}9$.

# %%
figures.homework_graph()

# %% [markdown]
# ### Exercise 1: the list (2 points)
#
# Write each column as straight-line code, one line a step. No classes, no loops; the lists come back in the table's order. Any point
# may come where $v_4\ne0$, also $x_1=0$.

# %% nbgrader={"grade": false, "grade_id": "wengert_list", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: wengert_list
def wengert_values(x1, x2):
    """The values [v1, v2, v3, v4, v5]."""
    ### BEGIN SOLUTION
    v1 = x1 * x2
    v2 = x1 * x1
    v3 = v1 + v2
    v4 = v1 - x2
    v5 = v3 / v4
    return [v1, v2, v3, v4, v5]
    ### END SOLUTION


def wengert_tangents(x1, x2, d1, d2):
    """The tangents [t1, …, t5]: how fast v1 … v5 move when (x1, x2) moves with velocity (d1, d2)."""
    ### BEGIN SOLUTION
    _, _, _, v4, v5 = wengert_values(x1, x2)
    t1 = d1 * x2 + x1 * d2
    t2 = 2 * x1 * d1
    t3 = t1 + t2
    t4 = t1 - d2
    t5 = (t3 - v5 * t4) / v4
    return [t1, t2, t3, t4, t5]
    ### END SOLUTION


def wengert_adjoints(x1, x2):
    """The adjoints [a1, …, a5, b1, b2]: the derivative of y with respect to v1 … v5, and to x1 and x2."""
    ### BEGIN SOLUTION
    _, _, _, v4, v5 = wengert_values(x1, x2)
    a5 = 1
    a4 = -a5 * v5 / v4
    a3 = a5 / v4
    a2 = a3
    a1 = a3 + a4
    b1 = a1 * x2 + a2 * 2 * x1
    b2 = a1 * x1 - a4
    return [a1, a2, a3, a4, a5, b1, b2]
    ### END SOLUTION

# %% [markdown]
# ## 2 · Forward: dual numbers
#
# Let the tangent travel with its value, as one number $a+\dot a\,\varepsilon$ with $\varepsilon^2=0$. Multiply out, drop
# $\varepsilon^2$, and the product rule appears by itself:
#
# $$(a+\dot a\varepsilon)(b+\dot b\varepsilon)=ab+(\dot a\,b+a\,\dot b)\,\varepsilon\qquad f(a+\dot a\varepsilon)=f(a)+f'(a)\,\dot a\,\varepsilon$$
#
# ### Exercise 2: dual numbers (3 points)
#
# * `+ - * /` between dual numbers, and with a plain number on **either** side (`2 - x` calls `x.__rsub__(2)`). A plain number,
#   which may have 50 digits, has slope 0. The result is always a `Dual`, and operands stay as they are.
# * `-x`, and `x ** n` for a plain whole number `n` (negative ones too; at x = 0 only those from 2 on are asked).
# * methods `exp`, `log`, `tanh` for numbers of any size ($\tanh 400=1$); $\tanh'=1-\tanh^2$. Call `exp`, `log`, `tanh` of the second cell on `self.value`.
# * value and slope may be numbers of any kind, **dual numbers included**: then the slope of the slope is the second derivative.
#
# Expected: with `x = Dual(2, 1)`, `x * x + 3 / x` is 5.5 with slope 3.25. With
# `x = Dual(Dual(2, 1), Dual(1, 0))`, `(x ** 3).slope.slope` is $6x=12$.

# %% nbgrader={"grade": false, "grade_id": "dual_numbers", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: dual_numbers
class Dual:
    """A number value + slope·ε with ε² = 0.

    Args:
        value: a number of any kind, dual numbers included.
        slope: its tangent, of the same kind.
    """

    def __init__(self, value, slope=0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + (-other)
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Dual) else Dual(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)
        ### END SOLUTION

    def __radd__(self, other):
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __rsub__(self, other):
        ### BEGIN SOLUTION
        return -self + other
        ### END SOLUTION

    def __rmul__(self, other):
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __rtruediv__(self, other):
        ### BEGIN SOLUTION
        return Dual(other) / self
        ### END SOLUTION

    def __neg__(self):
        ### BEGIN SOLUTION
        return Dual(-self.value, -self.slope)
        ### END SOLUTION

    def __pow__(self, n):
        ### BEGIN SOLUTION
        return Dual(self.value**n, n * self.value ** (n - 1) * self.slope)
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        result = exp(self.value)
        return Dual(result, result * self.slope)
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Dual(log(self.value), self.slope / self.value)
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        result = tanh(self.value)
        return Dual(result, (1 - result * result) * self.slope)
        ### END SOLUTION

# %% [markdown]
# ### A trap: whose ε is it?
#
# A derivative inside a derivative:
#
# $$\frac{d}{dx}\Big[\,x\cdot\frac{d}{dy}(x+y)\Big]\qquad\text{the inner derivative is 1, so this is }\frac{d}{dx}\,x=1.$$
#
# With plain dual numbers $x$ carries an ε from outside, $y$ one from inside, and the sum $x+y$ mixes them up: the inner
# derivative comes out as 2, the whole as 2. This bug has a name, **perturbation confusion**, and many libraries had it.
# The cure: every call of `derivative` has its own ε. Each number says which one it carries (its *tag*), and where two tags
# meet, the number with the older tag is a constant for the newer ε.
#
# ### Exercise 3: nested derivatives (3 points)
#
# Write a small dual number with a tag, with `+ - *` only (plain numbers on either side), and `derivative(f, x)`, which is right
# however deeply calls are nested. `f` may return a plain number: its derivative is 0.
#
# Expected: `derivative(lambda x: x * derivative(lambda y: x + y, 1), 1)` is **1**, and
# `derivative(lambda x: x * derivative(lambda y: x * y * y, 3), 2)` is $\frac{d}{dx}6x^2=$ **24**.

# %% nbgrader={"grade": false, "grade_id": "nested_derivatives", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: nested_derivatives
class Tagged:
    """A number value + slope·ε_tag. A larger tag is a newer ε; value and slope may carry older ones."""

    calls = 0  # how many tags have been given out

    def __init__(self, value, slope, tag):
        self.value = value
        self.slope = slope
        self.tag = tag

    def meet(self, other):
        """(tag, a, da, b, db): the newer ε of both numbers, and value and slope of each as that ε sees them."""
        ### BEGIN SOLUTION
        tag = max(self.tag, getattr(other, "tag", 0))
        a, da = (self.value, self.slope) if self.tag == tag else (self, 0)
        b, db = (other.value, other.slope) if getattr(other, "tag", 0) == tag else (other, 0)
        return tag, a, da, b, db
        ### END SOLUTION

    def __add__(self, other):
        ### BEGIN SOLUTION
        tag, a, da, b, db = self.meet(other)
        return Tagged(a + b, da + db, tag)
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + (-1) * other
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        tag, a, da, b, db = self.meet(other)
        return Tagged(a * b, da * b + a * db, tag)
        ### END SOLUTION

    def __radd__(self, other):
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __rsub__(self, other):
        ### BEGIN SOLUTION
        return (-1) * self + other
        ### END SOLUTION

    def __rmul__(self, other):
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION


def derivative(f, x):
    """f'(x) for a function f of one number; x is a plain number, or a Tagged of a derivative around this one."""
    ### BEGIN SOLUTION
    Tagged.calls += 1
    tag = Tagged.calls
    result = f(Tagged(x, 1, tag))
    return result.slope if getattr(result, "tag", 0) == tag else 0
    ### END SOLUTION

# %% [markdown]
# ## 3 · Reverse: the tape
#
# A dual number needs one run for every input. A network has a million inputs and one output, so we go the other way: write
# down on the way forward where every value came from; then send one gradient back.
#
# A node of that record holds its value and, for every parent, a function `pull`: *if a unit of my value is worth `g`, then
# this much of it is the parent's.* For $c=a\cdot b$: `((a, lambda g: g * b.value), (b, lambda g: g * a.value))`.

# %% nbgrader={"grade": false, "grade_id": "given-node", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Node:
    """A value and where it came from.

    Attributes:
        value: a number or an array, of any kind.
        parents: pairs (node, pull); pull(g) is what a gradient g of this node contributes to that parent's gradient.
        grad: the derivative of the output with respect to this node, after ``backward(output)``.
    """

    def __init__(self, value, parents=()):
        self.value = value
        self.parents = tuple(parents)
        self.grad = 0

# %% [markdown]
# ### Exercise 4: the backward pass (3 points)
#
# `backward(output)` fills in `grad` of every node that the output depends on. Three things to get right:
#
# * **Diamonds add up.** A node that is used twice gets two contributions.
# * **Order.** A node may send its gradient on only when all of its own contributions have arrived: children before
#   parents (topological order), each node once. Following every path one by one takes forever: 60 diamonds in a row have $2^{60}$ paths.
# * **Depth.** A chain of 20,000 nodes must work, and Python stops a recursion after about 1,000 calls: use a list as a stack.
#
# Old gradients are forgotten first: a second call gives the same, one with another seed what belongs to that. A gradient may be an
# array, and a pull may hand on the very array that it gets: add to make a new one, change none in place.
#
# Expected: for $y=a\cdot a+a$ at $a=3$ (`a.grad`): $2a+1=7$.

# %% nbgrader={"grade": false, "grade_id": "backward_pass", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: backward_pass
def backward(output, seed=1):
    """Set `grad` of every node that the output depends on.

    Args:
        output: a node.
        seed: the gradient that the output itself gets.
    """
    ### BEGIN SOLUTION
    order, seen, stack = [], {output}, [(output, iter(output.parents))]
    while stack:
        node, rest = stack[-1]
        parent = next((parent for parent, _ in rest if parent not in seen), None)
        if parent is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(parent)
            stack.append((parent, iter(parent.parents)))
    for node in order:
        node.grad = 0
    output.grad = seed
    for node in reversed(order):
        for parent, pull in node.parents:
            parent.grad = parent.grad + pull(node.grad)
    ### END SOLUTION

# %% [markdown]
# ### Exercise 5: a scalar tape (3 points)
#
# Now the operators that write the record. The same list as for dual numbers: `+ - * /` with plain numbers on either side,
# `-x`, `x ** n`, and the methods `exp`, `log`, `tanh`. Results are `Value`s.
#
# Expected: `x = Value(2.0); y = x * x + 3 / x; backward(y)` gives `x.grad` = 3.25, the dual number's slope.

# %% nbgrader={"grade": false, "grade_id": "scalar_tape", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: scalar_tape
class Value(Node):
    """A number on the tape; the operators record where each result came from."""

    def __add__(self, other):
        ### BEGIN SOLUTION
        if not isinstance(other, Value):
            return Value(self.value + other, [(self, lambda g: g)])
        return Value(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        if not isinstance(other, Value):
            return Value(self.value * other, [(self, lambda g: g * other)])
        return Value(
            self.value * other.value, [(self, lambda g: g * other.value), (other, lambda g: g * self.value)]
        )
        ### END SOLUTION

    def __pow__(self, n):
        ### BEGIN SOLUTION
        return Value(self.value**n, [(self, lambda g: g * n * self.value ** (n - 1))])
        ### END SOLUTION

    def __neg__(self):
        ### BEGIN SOLUTION
        return self * -1
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + (-other)
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        if not isinstance(other, Value):
            return Value(self.value / other, [(self, lambda g: g / other)])
        return self * other**-1
        ### END SOLUTION

    def __radd__(self, other):
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __rmul__(self, other):
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __rsub__(self, other):
        ### BEGIN SOLUTION
        return -self + other
        ### END SOLUTION

    def __rtruediv__(self, other):
        ### BEGIN SOLUTION
        return self**-1 * other
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        result = exp(self.value)
        return Value(result, [(self, lambda g: g * result)])
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Value(log(self.value), [(self, lambda g: g / self.value)])
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        result = tanh(self.value)
        return Value(result, [(self, lambda g: g * (1 - result * result))])
        ### END SOLUTION

# %% [markdown]
# **Is the tape right?** Ask the gradient checker of the first homework, which knows nothing of tapes: nudge $x$ a little to both sides. About ten
# digits agree; the others are the checker's error, not the tape's.

# %% nbgrader={"grade": false, "grade_id": "given-nudge", "locked": true, "schema_version": 3, "solution": false, "task": false}
def wiggly(x):
    return (x * x + 3 / x) * tanh(x) - log(x) ** 2


with surviving("Nothing to compare yet: write `backward` and `Value` above, then run this cell again."):
    x = Value(1.7)
    backward(wiggly(x))
    h = 6e-6  # about ε^⅓, the best step of the central difference
    print("tape:              ", x.grad)
    print("central difference:", (wiggly(1.7 + h) - wiggly(1.7 - h)) / (2 * h))

# %% [markdown]
# ### Exercise 6: Hessian times vector (2 points)
#
# The Hessian of a million parameters has $10^{12}$ entries: nobody writes it down. But $Hv$, how the gradient changes when we
# walk in direction $v$, costs about as much as two gradients. **Forward over reverse**: put the dual numbers
# $x_i+v_i\varepsilon$ on the tape. After `backward`, the value of each `grad` is the gradient, and its slope is $(Hv)_i$.
#
# Expected: $f=x_0^2\,x_1$ at $(2, 3)$ has $H=\begin{pmatrix}6&4\\4&0\end{pmatrix}$; with $v=(1,-1)$ that is $(2, 4)$. Where $f$ is linear the answer is 0.
# Another way is as good if all digits come out: differences of differences in 300 digits take $4n$ calls of $f$, this pass takes one.

# %% nbgrader={"grade": false, "grade_id": "hessian_vector", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: hessian_vector
def hessian_vector(f, x, v):
    """The product of f's Hessian at x with v.

    Args:
        f: takes a list of Values and returns a Value.
        x: where, a list of n numbers.
        v: the direction, a list of n numbers.

    Returns:
        The list of the n numbers (Hv)_i.
    """
    ### BEGIN SOLUTION
    inputs = [Value(Dual(value, slope)) for value, slope in zip(x, v)]
    backward(f(inputs))
    return [node.grad.slope if isinstance(node.grad, Dual) else 0 for node in inputs]
    ### END SOLUTION

# %% [markdown]
# ## 4 · Arrays on the tape
#
# One node for a whole array instead of one for each number: the same `backward`, other pulls. The only new idea is
# **broadcasting**. NumPy copies a bias of shape `[3]` to all rows of a `[4, 3]` batch; each copy gets a gradient of its own, and
# the bias gets their sum.

# %%
figures.broadcasting()

# %% [markdown]
# ### Exercise 7: undo broadcasting (2 points)
#
# `unbroadcast(g, shape)` adds up a gradient over all copies that broadcasting made, until it has the original's shape.
#
# Expected: a gradient of ones `[5, 3]` becomes `[5, 5, 5]` for shape `(3,)`, `[[5, 5, 5]]` for `(1, 3)`, a column of threes for `(5, 1)`, and 15 for `()`.

# %% nbgrader={"grade": false, "grade_id": "unbroadcast", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: unbroadcast
def unbroadcast(g, shape):
    """Sum a gradient over the copies that broadcasting made.

    Args:
        g: an array, of any kind of number.
        shape: the shape before broadcasting, a tuple.

    Returns:
        An array of that shape (for ``()`` a number will do).
    """
    ### BEGIN SOLUTION
    while np.ndim(g) > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g
    ### END SOLUTION

# %% [markdown]
# ### Exercise 8: a tensor tape (4 points)
#
# * `+ - *` and `/` with broadcasting, between Tensors and with arrays or plain numbers (these on either side).
# * `A @ B` for matrices. If $C=AB$ then $\bar A=\bar C B^T$ and $\bar B=A^T\bar C$: the shapes leave no other choice.
# * `sum(axis=None, keepdims=False)` over all axes or one, as NumPy counts them, however many there are: every summand gets the sum's gradient.
# * `relu()`, `exp()`, `log()`. (ReLU lets $g$ through where $x>0$.)
#
# Arrays hold floats (float64) or 50-digit numbers (`dtype=object`), on which NumPy's `exp`, `log`, sums and maxima work, too: convert
# neither into the other. Operators and pulls change no array that they are given, the gradient `g` included.
#
# Expected: `x = Tensor(np.ones((2, 3)))`, `b = Tensor(np.array([1.0, 2.0, 3.0]))`, `backward((x * b).sum())`: `b.grad` is `[2, 2, 2]`, `x.grad` has two rows `[1, 2, 3]`.

# %% nbgrader={"grade": false, "grade_id": "tensor_tape", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: tensor_tape
class Tensor(Node):
    """An array on the tape."""

    __array_ufunc__ = None  # so that `array * tensor` asks the tensor, and not NumPy entry by entry

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Tensor) else Tensor(np.asarray(other))
        return Tensor(
            self.value + other.value,
            [
                (self, lambda g: unbroadcast(g, self.value.shape)),
                (other, lambda g: unbroadcast(g, other.value.shape)),
            ],
        )
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Tensor) else Tensor(np.asarray(other))
        return Tensor(
            self.value * other.value,
            [
                (self, lambda g: unbroadcast(g * other.value, self.value.shape)),
                (other, lambda g: unbroadcast(g * self.value, other.value.shape)),
            ],
        )
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + (-1) * other
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Tensor) else Tensor(np.asarray(other))
        return Tensor(
            self.value / other.value,
            [
                (self, lambda g: unbroadcast(g / other.value, self.value.shape)),
                (other, lambda g: unbroadcast(-g * self.value / (other.value * other.value), other.value.shape)),
            ],
        )
        ### END SOLUTION

    def __radd__(self, other):
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __rmul__(self, other):
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __rsub__(self, other):
        ### BEGIN SOLUTION
        return (-1) * self + other
        ### END SOLUTION

    def __rtruediv__(self, other):
        ### BEGIN SOLUTION
        return Tensor(np.asarray(other)) / self
        ### END SOLUTION

    def __matmul__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Tensor) else Tensor(np.asarray(other))
        return Tensor(
            self.value @ other.value,
            [(self, lambda g: g @ other.value.T), (other, lambda g: self.value.T @ g)],
        )
        ### END SOLUTION

    def sum(self, axis=None, keepdims=False):
        ### BEGIN SOLUTION
        def pull(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return g + np.zeros_like(self.value)

        return Tensor(np.asarray(self.value.sum(axis=axis, keepdims=keepdims)), [(self, pull)])
        ### END SOLUTION

    def relu(self):
        ### BEGIN SOLUTION
        return Tensor(self.value * (self.value > 0), [(self, lambda g: g * (self.value > 0))])
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        result = np.exp(self.value)
        return Tensor(result, [(self, lambda g: g * result)])
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Tensor(np.log(self.value), [(self, lambda g: g / self.value)])
        ### END SOLUTION

# %% [markdown]
# ### Exercise 9: the dot-product test (2 points)
#
# How do you test a pull without ever writing down its Jacobian $J$? Forward mode gives $Jv$, reverse mode $J^Tu$, and for any
# $u$ and $v$
#
# $$\langle u,\;Jv\rangle=\langle J^Tu,\;v\rangle .$$
#
# Draw $v$ and $u$ at random; if the two sides differ, one of the modes is wrong. This catches a missing transpose, a sign, a single
# wrong entry, and needs no derivative by hand. People who invert seismic data run it before anything else.
#
# `dot_product_test(jvp, vjp, n, m, rng)` returns the **mismatch** $|\langle u,Jv\rangle-\langle J^Tu,v\rangle|\,/\,(\|u\|\,\|Jv\|)$,
# with $v\in\mathbb R^n$ and $u\in\mathbb R^m$ drawn by `rng.standard_normal`: first `v`, then `u`.
#
# Expected: below 1e-12 for `jvp = lambda v: A @ v`, `vjp = lambda u: A.T @ u`; far above if the `.T` is forgotten (for a square $A$ nothing else would tell you).

# %% nbgrader={"grade": false, "grade_id": "dot_product_test", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: dot_product_test
def dot_product_test(jvp, vjp, n, m, rng):
    """How far vjp is from being the transpose of jvp, relative to ‖u‖ ‖Jv‖.

    Args:
        jvp: takes v, [n], and returns Jv, [m].
        vjp: takes u, [m], and returns Jᵀu, [n].
        n: the number of inputs.
        m: the number of outputs.
        rng: a numpy.random.Generator; the only source of randomness.

    Returns:
        One number, not negative.
    """
    ### BEGIN SOLUTION
    v, u = rng.standard_normal(n), rng.standard_normal(m)
    forward = jvp(v)
    mismatch = abs(np.dot(u, forward) - np.dot(vjp(u), v))
    return mismatch / (np.linalg.norm(u) * np.linalg.norm(forward))
    ### END SOLUTION

# %% [markdown]
# Your tape in that test: a ReLU layer, its jvp written down by hand.

# %% nbgrader={"grade": false, "grade_id": "given-dot", "locked": true, "schema_version": 3, "solution": false, "task": false}
def layer_mismatch(rng):
    """The mismatch of x ↦ relu(xW), between the product rule by hand and the student's tape."""
    point, weight = rng.standard_normal((1, 6)), rng.standard_normal((6, 20))

    def jvp(v):
        return ((v.reshape(1, 6) @ weight) * (point @ weight > 0)).ravel()

    def vjp(u):
        x = Tensor(point)
        backward((x @ weight).relu(), u.reshape(1, 20))
        return x.grad.ravel()

    return dot_product_test(jvp, vjp, 6, 20, rng)


with surviving("Nothing to test yet: write the exercises above, then run this cell again."):
    print("mismatch of your relu layer:", layer_mismatch(np.random.default_rng(0)))

# %% [markdown]
# ## 5 · A network on your own tape
#
# ### Exercise 10: LogSoftMax and ClassNLL, forward and backward (3 points)
#
# Torch (2002 to 2017) had no tape. Every module carried its own `backward(input, gradOutput)`, and the loss was a module too,
# the *criterion*. Write the two that end every classifier that way. For a row $z$ of logits
#
# $$\ell_k=z_k-\log\sum_j e^{z_j}\qquad \mathrm{NLL}=-\frac1N\sum_n \ell_{n,\,y_n}$$
#
# * `log_softmax` must survive logits of 1000, and of 900 and −900 in one row: subtract each row's maximum first, and don't take the
#   logarithm of a softmax, which may be that of 0. (`np.logaddexp` knows no 50-digit numbers.)
# * `log_softmax_backward(z, g)`: for any gradient `g` of the output, not only the one of NLL. Differentiate $\ell_k$ with respect to
#   $z_j$ on paper: a $\delta_{kj}$, and a softmax.
# * `nll_backward(logp, labels, g)`: nearly all zeros. `g` is one number, of the kind that `logp` holds, the gradient of the loss itself: 1 when training.
#   No function changes what it is given.
#
# Expected: for `z = [[0, log 3]]`: `log_softmax` = [[−1.3863, −0.2877]] (probabilities ¼ and ¾); with label 0, `nll` = 1.3863, and the chain of
# both backwards is [[−¾, ¾]]: probability minus one-hot.

# %% nbgrader={"grade": false, "grade_id": "log_softmax_nll", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: log_softmax_nll
def log_softmax(z):
    """Logarithms of the softmax of each row of z, [N, K]."""
    ### BEGIN SOLUTION
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    ### END SOLUTION


def log_softmax_backward(z, g):
    """The gradient with respect to z, [N, K], when that with respect to log_softmax(z) is g, [N, K]."""
    ### BEGIN SOLUTION
    return g - np.exp(log_softmax(z)) * g.sum(axis=1, keepdims=True)
    ### END SOLUTION


def nll(logp, labels):
    """Minus the mean, over the N rows, of the entry of logp, [N, K], that the row's label, [N] int, names."""
    ### BEGIN SOLUTION
    return -logp[np.arange(len(labels)), labels].mean()
    ### END SOLUTION


def nll_backward(logp, labels, g):
    """The gradient with respect to logp, [N, K], when that with respect to nll(logp, labels), one number, is g."""
    ### BEGIN SOLUTION
    result = np.zeros_like(logp)
    result[np.arange(len(labels)), labels] = -g / len(labels)
    return result
    ### END SOLUTION

# %% [markdown]
# ### Exercise 11: train it (3 points)
#
# The network: `logits = relu(x @ W1 + b1) @ W2 + b2`. The loss: `nll` of `log_softmax`. One node of the tape can hold the
# whole criterion, with the two backward functions as its pull, for any gradient `g` that it gets.
#
# `train` goes once through `batches`. Each is an array of row numbers: take those rows, compute the batch's mean loss, send it back, and take one
# step of plain SGD, `parameter − rate · gradient`, however large the gradient or small the loss. With all $n$ rows a step costs $O(n\cdot w)$ for $w$ weights, with a
# mini-batch of $m$ only $O(m\cdot w)$.
#
# Expected: on the spiral below the loss falls from about 1.1 to below 0.2, and agrees with PyTorch's step by step.

# %% nbgrader={"grade": false, "grade_id": "train_on_tape", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: train_on_tape
def criterion(logits, labels):
    """The mean negative log-likelihood of the labels, [N] int, as one node of the tape over the Tensor logits, [N, K]."""
    ### BEGIN SOLUTION
    logp = log_softmax(logits.value)

    def pull(g):
        return log_softmax_backward(logits.value, nll_backward(logp, labels, g))

    return Tensor(nll(logp, labels), [(logits, pull)])
    ### END SOLUTION


def train(parameters, x, labels, batches, rate):
    """Train a two-layer ReLU network by mini-batch SGD on the tape.

    Args:
        parameters: [W1, b1, W2, b2], arrays [D, H], [H], [H, K], [K]; they stay as they are.
        x: the inputs, [N, D].
        labels: [N] int in 0 … K-1.
        batches: a list of int arrays, the rows of each step.
        rate: the step size.

    Returns:
        (the new parameters, a list of four arrays; the list of every batch's loss, measured before its step).
    """
    ### BEGIN SOLUTION
    losses = []
    for rows in batches:
        nodes = W1, b1, W2, b2 = [Tensor(parameter) for parameter in parameters]
        loss = criterion((Tensor(x[rows]) @ W1 + b1).relu() @ W2 + b2, labels[rows])
        backward(loss)
        losses.append(loss.value)
        parameters = [node.value - rate * node.grad for node in nodes]
    return list(parameters), losses
    ### END SOLUTION

# %% [markdown]
# Your tape beside PyTorch's, from the same start, on the same batches (this cell may use `torch.autograd`; it is ours):

# %% nbgrader={"grade": false, "grade_id": "given-spiral", "locked": true, "schema_version": 3, "solution": false, "task": false}
def spiral(count=100, classes=3, seed=0):
    """Points of three interleaved arms, [3·count, 2], and their labels."""
    rng = np.random.default_rng(seed)
    radius = np.tile(np.linspace(0.1, 1, count), classes)
    labels = np.repeat(np.arange(classes), count)
    angle = labels * 2 * np.pi / classes + 4 * radius + rng.normal(0, 0.12, count * classes)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


def batches_of(count, size, epochs, seed=1):
    """Row numbers of mini-batches, every row once an epoch in a new order."""
    rng = np.random.default_rng(seed)
    return [rows for _ in range(epochs) for rows in np.array_split(rng.permutation(count), count // size)]


def start(sizes=(2, 32, 3), seed=2):
    """Random weights and zero biases of a two-layer network."""
    rng = np.random.default_rng(seed)
    D, H, K = sizes
    return [rng.standard_normal((D, H)) * np.sqrt(2 / D), np.zeros(H), rng.standard_normal((H, K)) / np.sqrt(H), np.zeros(K)]


def train_with_torch(parameters, x, labels, batches, rate):
    """The losses of the same training with PyTorch's tape, in float64."""
    import torch

    weights = [torch.tensor(parameter, requires_grad=True) for parameter in parameters]
    x, labels, losses = torch.tensor(x), torch.tensor(labels), []
    for rows in batches:
        W1, b1, W2, b2 = weights
        loss = torch.nn.functional.cross_entropy((x[rows] @ W1 + b1).relu() @ W2 + b2, labels[rows])
        gradients = torch.autograd.grad(loss, weights)
        losses.append(loss.item())
        with torch.no_grad():
            for weight, gradient in zip(weights, gradients):
                weight -= rate * gradient
    return losses


x, labels = spiral()
plan = batches_of(len(x), size=20, epochs=120 if budget() is None else 1)  # graders run it for a moment only
losses = None
with surviving("Nothing to train yet: write the exercises above, then run this cell again."):
    trained, losses = train(start(), x, labels, plan, rate=0.5)
    theirs = train_with_torch(start(), x, labels, plan, rate=0.5)
    print(f"loss: {losses[0]:.4f} at first, {np.mean(losses[-15:]):.4f} in the end")
    print(f"largest difference from PyTorch: {np.abs(np.array(losses, dtype=float) - theirs).max():.1e}")

figures.beside_torch(losses, theirs) if losses else None

# %% [markdown]
# That difference is rounding: the same additions in another order. You have written `loss.backward()`.

# %% [markdown]
# ## For the fast (no points): fifty digits in eight calls
#
# Newton's method walks to a minimum by $x\leftarrow x-f'(x)/f''(x)$, and doubles the right digits at every step. Write `newton_minimum(f, x)`: one call of `f`
# a step gives both derivatives if dual numbers stand inside dual numbers. At most 8 calls, and `x` may have 50 digits.

# %%
# stretch goal: newton_minimum
def newton_minimum(f, x):
    """Where f, a function of one Dual, has a minimum near x."""
    raise NotImplementedError

# %% nbgrader={"grade": false, "grade_id": "given-stretch", "locked": true, "schema_version": 3, "solution": false, "task": false}
def goal_reached():
    calls = []
    lowest = newton_minimum(lambda x: calls.append(x) or exp(x) - 3 * x, Precise(1))
    sign = "✓" if abs(exp(lowest) - 3) < Precise("1e-45") and len(calls) <= 8 else "✗"
    print(sign, f"the minimum of exp(x) - 3x after {len(calls)} calls: exp({lowest}) = {exp(lowest)}")

with surviving("Nothing to check yet: write `newton_minimum` above, then run this cell again."):
    goal_reached()

# %% [markdown]
# {{hand_in}}
