# %% [markdown] slideshow={"slide_type": "slide"}
# # Automatic differentiation
#
# **From Wengert's list (1964) to `loss.backward()`.** A program is a list of small steps whose derivatives are known. Carry derivatives along the
# list, in one direction or the other, and you get the derivative of the whole program: exact, and almost for free.
#
# * **Goals**: write forward and reverse accumulation yourself; know which is cheaper, and why the order of the walk matters; know what `loss.backward()` does.
# * **You need**: the chain rule, matrix products, a little NumPy; the gradient checker of *finite_differences* helps.
# * **Time**: about 60 minutes. Run the cells from the top; nothing takes longer than some seconds.
# * **Where it leads**: to a tape of your own in the homework, to the eras of *framework_history*, and to every gradient in *lifelong_learning*.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import timeit

import numpy as np
import torch

from lifelong.checks.try_it import try_it
from lifelong.plots import autodiff as figures

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Three ways to a derivative
#
# | | idea | exact? | cost of a gradient in n variables |
# |---|---|---|---|
# | **numeric** | nudge and subtract | no: ten digits or so by a central difference | n + 1 evaluations, 2n if central |
# | **symbolic** | rewrite the formula by rules | yes | the formula may explode |
# | **automatic** | carry numbers through the program by the same rules | yes, to rounding | in reverse 2 or 3 evaluations, whatever n |
#
# Side by side on $f(x)=x\,e^x$ at $x=1$, where $f'(1)=2e$:
#
# <details class="predict"><summary><b>Predict.</b> How many of 16 digits does each have right?</summary><p>The central difference 10 or 11: at its best h, 6e-6, an error of some 3e-11 is left. The two others all: they subtract nothing, only rounding is left.</p></details>

# %% slideshow={"slide_type": "-"}
x, h = 1.0, 6e-6
numeric = ((x + h) * np.exp(x + h) - (x - h) * np.exp(x - h)) / (2 * h)
symbolic = "exp(x) + x * exp(x)"  # the product rule, on paper
value, slope = x, 1.0  # automatic: a number and its slope go through the steps together
e, e_slope = np.exp(value), np.exp(value) * slope
product, product_slope = value * e, slope * e + value * e_slope

print(f"numeric    {numeric:.16f}")
print(f"symbolic   {eval(symbolic, {'x': x, 'exp': np.exp}):.16f}   from the formula {symbolic}")
print(f"automatic  {product_slope:.16f}")
print(f"exact      {2 * np.e:.16f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Formulas swell, lists do not
#
# Apply $x\leftarrow4x(1-x)$ again and again. As a *formula*, each step writes the last one out twice, and the product rule doubles that. As a *list*, each step is three more
# lines. The little symbolic differentiator below knows two rules.

# %% slideshow={"slide_type": "skip"}
def derivative(f):
    """The derivative of a formula, ("+" or "*", left, right), "x" or a number, as a formula."""
    if not isinstance(f, tuple):
        return 1 if f == "x" else 0
    sign, a, b = f
    if sign == "+":
        return ("+", derivative(a), derivative(b))
    return ("+", ("*", derivative(a), b), ("*", a, derivative(b)))


def symbols(f):
    """How many symbols it takes to write a formula down."""
    return 1 + symbols(f[1]) + symbols(f[2]) if isinstance(f, tuple) else 1


formula, counts, iterations = "x", [], range(1, 8)
for _ in iterations:
    formula = ("*", ("*", 4, formula), ("+", 1, ("*", -1, formula)))
    counts.append(symbols(derivative(formula)))
lines = [2 * 3 * k for k in iterations]  # three steps each, once forward and once in reverse

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.swell(list(iterations), counts, lines)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Primitives and the chain rule
#
# A few *primitives* are enough: `+ − × ÷ exp log …`, each with a derivative that fits on a line. Everything else is the **chain rule**: if $y$ depends on $v$ and $v$ on $x$,
#
# $$\frac{dy}{dx}=\sum_v\frac{\partial y}{\partial v}\,\frac{dv}{dx}$$
#
# with a sum over all ways from $x$ to $y$. R. E. Wengert wrote in 1964 how to let a machine do it: name every intermediate result, one operation a line. For
#
# $$f(w_1,w_2)=3w_1^2+2w_1w_2\quad\text{at }(5,3)$$
#
# | line | value | slope along $w_1$ | slope along $w_2$ |
# |---|---|---|---|
# | $v_1=w_1\cdot w_1$ | 25 | 10 | 0 |
# | $v_2=3\,v_1$ | 75 | 30 | 0 |
# | $v_3=w_1\cdot w_2$ | 15 | 3 | 5 |
# | $v_4=2\,v_3$ | 30 | 6 | 10 |
# | $v_5=v_2+v_4$ | **105** | **36** | **10** |

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Move through the list
#
# Values flow from left to right (blue). **Adjoints** $\bar v=\partial f/\partial v$ flow back (red): the output's is 1, each line hands its adjoint to what it was made of. $w_1$ is used twice, so
# what arrives adds up: 6 + 30 = 36. One pass back, and the whole gradient is there: **(36, 10)**.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.graph_steps()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Forward accumulation: dual numbers
#
# Fill in the slopes together with the values, from the top. A value and its slope make one number, $a+\dot a\,\varepsilon$ with $\varepsilon^2=0$: a point with a little arrow. Each primitive maps the arrow
# by its own slope.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.dual_tangent()

# %% [markdown] slideshow={"slide_type": "subslide"}
# One run gives the derivative in **one direction** $v$ of the inputs, for all outputs: $Jv$, a combination of the Jacobian's *columns*, called a **jvp** (Jacobian-vector product). For f above, one run
# for each of the two inputs, and one in which both slopes are 1:
#
# <details class="predict"><summary><b>Predict.</b> The gradient is (36, 10). What does the third run give, with the slope 1 in w<sub>1</sub> and in w<sub>2</sub>?</summary><p>36 + 10 = 46, one number, not two: the slope along the direction (1, 1). So a gradient takes a run for each input.</p></details>

# %% slideshow={"slide_type": "-"}
def product_rule(a, b):
    """The product of (value, slope) and (value, slope)."""
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1]


for name, w1, w2 in (("w1", (5, 1), (3, 0)), ("w2", (5, 0), (3, 1)), ("(1, 1)", (5, 1), (3, 1))):
    first = product_rule((3, 0), product_rule(w1, w1))
    second = product_rule((2, 0), product_rule(w1, w2))
    print(f"along {name}: value {first[0] + second[0]}, slope {first[1] + second[1]}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Reverse accumulation: a tape
#
# Write down, while computing, what must be done on the way back. Then play the tape backwards. This is all of it, for three primitives (in the homework you write one that is a graph, as PyTorch's is):

# %% slideshow={"slide_type": "-"}
class Box:
    """A number or an array, its adjoint, and for drawings its name and what it was made of."""

    def __init__(self, value, name="", made_of=()):
        self.value, self.name, self.made_of = value, name, made_of
        self.adjoint = np.zeros_like(value)


tape = []  # one entry for each step: what to do on the way back


def times(a, b):
    out = Box(a.value * b.value, "×", (a, b))

    def back():
        a.adjoint = a.adjoint + out.adjoint * b.value
        b.adjoint = b.adjoint + out.adjoint * a.value

    tape.append(back)
    return out


def plus(a, b):
    out = Box(a.value + b.value, "+", (a, b))

    def back():
        a.adjoint = a.adjoint + out.adjoint
        b.adjoint = b.adjoint + out.adjoint

    tape.append(back)
    return out

# %% slideshow={"slide_type": "subslide"}
def play_backwards(output):
    output.adjoint = np.ones_like(output.value)
    while tape:
        tape.pop()()


w1, w2 = Box(5.0, "w1"), Box(3.0, "w2")
f = plus(times(Box(3.0), times(w1, w1)), times(Box(2.0), times(w1, w2)))
play_backwards(f)
print("value", f.value, "  gradient", (float(w1.adjoint), float(w2.adjoint)))

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Draw your own.** Each box knows what it was made of, so any expression of `times` and `plus` can be drawn, as above: values over the boxes, adjoints under them. Change the line above, and look.

# %% slideshow={"slide_type": "-"}
figures.draw(f)

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details class="predict"><summary><b>Predict.</b> A <code>times</code> that says <code>a.adjoint = …</code> and not <code>a.adjoint = a.adjoint + …</code>: what becomes of (36, 10)?</summary><p>w<sub>1</sub> is used three times, twice in w<sub>1</sub> · w<sub>1</sub> and once in w<sub>1</sub> · w<sub>2</sub>, and each use wipes out the one before. The last on the way back is w<sub>1</sub> · w<sub>1</sub>, which hands over 3 · 5 = 15. w<sub>2</sub> is used once, so its 10 is right: (15, 10). A test in which nothing is used twice finds no fault.</p></details>

# %% slideshow={"slide_type": "-"}
def forgetful_times(a, b):
    out = Box(a.value * b.value)

    def back():
        a.adjoint = out.adjoint * b.value
        b.adjoint = out.adjoint * a.value

    tape.append(back)
    return out


w1, w2 = Box(5.0), Box(3.0)
square, both = forgetful_times(w1, w1), forgetful_times(w1, w2)
play_backwards(plus(forgetful_times(Box(3.0), square), forgetful_times(Box(2.0), both)))
print("gradient", (float(w1.adjoint), float(w2.adjoint)))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: one more entry for the tape
#
# `maximum(a, b)` is the larger of two numbers; max pooling is made of it. When $g$ comes back, what goes to $a$ and what to $b$? Of (5, 3) with $g=2$: (2, 0).

# %% slideshow={"slide_type": "-"}
def maximum_back(a, b, g):
    """The adjoints that max(a, b), with its own adjoint g, hands to a and to b."""
    raise NotImplementedError  # your lines in place of this one

# %% slideshow={"slide_type": "-"}
cases = [((5.0, 3.0, 2.0), [2, 0]), ((1.0, 4.0, 8.0), [0, 8])]
try_it(maximum_back, cases, [([2, 2], "Nudge the smaller one: the maximum does not move."), ([1, 0], "Times what comes back, g.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return (g, 0.0) if a &gt; b else (0.0, g)</code></pre></details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What one run back gives
#
# It gives the derivative of **one combination** $u$ of the outputs, for all inputs: $J^Tu$, a combination of the Jacobian's *rows*, called a **vjp** (vector-Jacobian product). With one output,
# a loss, that is the gradient. The price: everything on the tape must be kept until the way back.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From list to graph: the order matters
#
# A tape is in a right order by itself: nothing is used before it is written. A *graph*, in which each node knows only what it was made of, must be put in order first. **A node may hand its adjoint on only when all who used it have handed theirs over.** Take $a=2x$, $b=a+1$, $y=a\,b$ at $x=1$, so $a=2$, $b=3$; the slope is $8x+2=10$.
#
# <details class="predict"><summary><b>Predict.</b> The walk goes y, a, b: a hands its adjoint on before b has handed over its share. What becomes of 10?</summary><p>a hands on 3, what came from y, so x gets 2 · 3 = 6. Then b brings a 2 more: in the drawing a has 5, and half of what is due at x is missing.</p></details>

# %% slideshow={"slide_type": "-"}
for order in ("yba", "yab"):
    x = Box(1.0, "x")
    a = times(Box(2.0), x)
    b = plus(a, Box(1.0))
    y = times(a, b)
    back, tape, y.adjoint = dict(zip("aby", tape)), [], 1.0
    for step in order:
        back[step]()
    print("in the order", ", ".join(order), "the slope is", float(x.adjoint))
figures.draw(y)

# %% [markdown] slideshow={"slide_type": "-"}
# Such an order is **topological**. A depth-first walk finds it: note a node down after all that it was made of, then read the notes backwards. But not by a function that calls itself: a chain of 20,000 nodes is soon made, and Python stops at a depth of about 1,000.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Which one is cheaper?
#
# A Jacobian with n columns takes n forward runs; one with m rows takes m runs back (Griewank and Walther 2008, chapter 3; Baydin et al. 2018; the deck's tutorial is Rufflewind's, 2016). Take a layer, $f(x)=B\tanh(Ax)$, and write both directions down:

# %% slideshow={"slide_type": "-"}
def jvp(A, B, x, v):
    """Jv: values and slopes, from the inside out."""
    inner, inner_slope = A @ x, A @ v
    t, t_slope = np.tanh(inner), (1 - np.tanh(inner) ** 2) * inner_slope
    return B @ t, B @ t_slope


def vjp(A, B, x):
    """f(x), and a function u ↦ Jᵀu: adjoints, from the outside in."""
    t = np.tanh(A @ x)
    return B @ t, lambda u: A.T @ ((1 - t**2) * (B.T @ u))


rng = np.random.default_rng(0)
A, B, x, v, u = (rng.standard_normal(shape) for shape in ((300, 5), (4, 300), 5, 5, 4))
print(f"⟨u, Jv⟩  = {u @ jvp(A, B, x, v)[1]:.12f}")
print(f"⟨Jᵀu, v⟩ = {vjp(A, B, x)[1](u) @ v:.12f}")

# %% [markdown] slideshow={"slide_type": "-"}
# The two must agree, $\langle u,Jv\rangle=\langle J^Tu,v\rangle$, for any $u$ and $v$. This is the **dot-product test**: it finds a wrong sign or a forgotten transpose without any $J$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Measured
#
# Here, now, on this machine: the time of the whole Jacobian over that of one evaluation of f.

# %% slideshow={"slide_type": "skip"}
def measure(shape, n):
    """Times of all columns by forward mode and of all rows by reverse mode, in evaluations of f."""
    columns, rows = (n, 1) if shape == "wide" else (1, n)
    A, B, x = (rng.standard_normal(size) for size in ((300, columns), (rows, 300), columns))
    directions, combinations = np.eye(columns), np.eye(rows)

    def forward():
        return [jvp(A, B, x, v)[1] for v in directions]

    def reverse():
        back = vjp(A, B, x)[1]
        return [back(u) for u in combinations]

    one, *both = (min(timeit.repeat(f, number=1, repeat=50)) for f in (lambda: B @ np.tanh(A @ x), forward, reverse))
    return both[0] / one, both[1] / one


sizes = [4, 16, 64, 256]
measured = {shape: [measure(shape, n) for n in sizes] for shape in ("wide", "tall")}
forward = {shape: [pair[0] for pair in pairs] for shape, pairs in measured.items()}
reverse = {shape: [pair[1] for pair in pairs] for shape, pairs in measured.items()}

# %% [markdown] slideshow={"slide_type": "-"}
# <details class="predict"><summary><b>Predict.</b> A Jacobian of one row and 256 columns. How many evaluations of f does it cost forward, how many in reverse? And one of 256 rows and one column?</summary><p>Forward one run per column: some hundreds, each a little dearer than f. Reverse one run in all: a few. The tall one is the other way round. Left wide, right tall.</p></details>

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.costs(sizes, forward, reverse)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Columns against rows.** A network has a million inputs (its weights) and one output (its loss): as wide as can be. So training is reverse mode, and its gradient costs a few evaluations.
#
# ### Higher order
#
# The derivative of a program is a program, so differentiate it again. Dual numbers inside dual numbers give $f''$. **Forward over reverse** – dual numbers on the tape – gives the Hessian times a vector for about the price
# of two gradients, without the Hessian (Pearlmutter 1994). One trap waits, *perturbation confusion* (Siskind and Pearlmutter 2005): in a derivative inside a derivative, each needs an ε of its own. Take $\frac d{dx}\left[x\,\frac d{dy}(x+y)\right]$ at $x=y=1$.
#
# <details class="predict"><summary><b>Predict.</b> What is it, and what comes out with one and the same ε for both derivatives?</summary><p>The inner derivative is 1, whatever x is, so the whole is dx/dx = 1. With one ε the inner derivative sees that x has a slope, too, and counts it: 2.</p></details>

# %% slideshow={"slide_type": "-"}
x, y = (1.0, 1.0), (1.0, 1.0)  # value and slope, with one and the same ε for both: the bug
mixed = x[1] + y[1]  # "the derivative" of x + y: it counts the slope of x too
constant = 0.0 + y[1]  # for the inner derivative x is a constant
print(f"one ε for both: {x[1] * mixed:g}     an ε for each: {x[1] * constant:g}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · What each system chose
#
# | system | year | how you ask for a derivative | what happens |
# |---|---|---|---|
# | Maple, Mathematica | 1980s | `diff(x^2, x);` `D[x^2, x]` | **symbolic**: a formula in, a formula `2 x` out |
# | Torch | 2002–2017 | Torch7: `net:backward(input, criterion:backward(output, target))` | **by hand, once per module**: every layer and the criterion (the loss is a module too) has `forward` and `backward` |
# | Theano | 2008–2017 | `T.grad(x ** 2, x)` | **symbolic graph to symbolic graph**, then optimised: the printed result is `2.0 * x` |
# | Autograd | 2015 | `grad(f)(x)` | **traces NumPy**: plain Python code with loops and ifs runs on boxes that record |
# | TensorFlow | 2015; eager by default since 2.0, 2019 | `with tf.GradientTape() as tape: …` `tape.gradient(y, x)` | first a static graph, then **a tape that you switch on** |
# | PyTorch | 2017 | `y.backward()` `x.grad` | **every tensor records** the graph behind it (`requires_grad`) |
#
# The rules are the same in all of them. What differs is *when* the list is written: before running (Theano, TensorFlow 1), or while running (Torch's modules in their order, Autograd, PyTorch).
#
# <details class="predict"><summary><b>Predict.</b> PyTorch: x = 3, and twice y = x² and <code>y.backward()</code>. What does <code>x.grad</code> hold after the second time?</summary><p>12. Adjoints add, and PyTorch goes on adding from one <code>backward</code> to the next. That is why every training loop has its <code>zero_grad()</code>; without it the loss often falls all the same, on the sum of all gradients so far.</p></details>

# %% slideshow={"slide_type": "subslide"}
x = torch.tensor(3.0, requires_grad=True)
for turn in ("first", "second"):
    y = x**2
    y.backward()
    print(f"PyTorch, {turn} time: x.grad is {x.grad.item():g}; recorded by {type(y.grad_fn).__name__}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three more traps
#
# The record behind a tensor can be cut, or spoilt. Three times a function whose slope at 3 is not what comes out; the first and the last say so, the second is silent:

# %% slideshow={"slide_type": "-"}
def slope_at_3(f):
    """dy/dx by PyTorch, or what it says in place of it."""
    x = torch.tensor(3.0, requires_grad=True)
    try:
        return f"{torch.autograd.grad(f(x), x)[0].item():g}"
    except RuntimeError as error:
        return "RuntimeError: … " + str(error).partition(":")[0].partition(" and ")[0].rpartition(" computation ")[2]


print("in place, exp(x) then + 1:       ", slope_at_3(lambda x: x.exp().add_(1)))  # the rule for exp needs its result
print("detach, x² · x with x² cut off:  ", slope_at_3(lambda x: (x**2).detach() * x), "and not 27")
print("no_grad, x² while nobody records:", slope_at_3(torch.no_grad()(torch.square)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Who found backpropagation?
#
# * **1964** R. E. Wengert: the list, with slopes carried forward; L. B. Rall's book of 1981 makes a subject of it.
# * **1970** Seppo Linnainmaa, in a master's thesis in Helsinki: reverse accumulation, in order to see how rounding errors add up. No networks in it.
# * **1974** Paul Werbos's thesis at Harvard: derivatives of ordered systems in reverse; **1982**: the same for neural networks.
# * **1986** Rumelhart, Hinton and Williams: networks trained so learn representations of their own. From here on everybody knew.
#
# Control engineers had worked with adjoints since about 1960 (Kelley, Bryson; Schmidhuber 2015, section 5.5, tells it all). So backpropagation is reverse mode, on a network, with a name.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · The end of every classifier: LogSoftMax and NLL
#
# In Torch's words: a module `LogSoftMax` and a criterion `ClassNLLCriterion`. For logits $z$ and the label $y$ of one example
#
# $$\ell_k=z_k-\log\sum_je^{z_j}\qquad L=-\ell_y$$
#
# Differentiate: $z_y$ appears once by itself, and every $z_j$ in the sum. Together
#
# $$\frac{\partial L}{\partial z}=p-\mathrm{onehot}(y)\qquad p=\mathrm{softmax}(z)$$
#
# The label's logit is pushed up, the others down, each by as much as it is believed wrongly.
#
# <details class="predict"><summary><b>Predict.</b> Four classes, p = (0.15, 0.6, 0.2, 0.05), and class 2 is right. Which logit gets the largest gradient, and what do the four add up to?</summary><p>p − onehot = (0.15, 0.6, −0.8, 0.05): the label's own is the largest. They add up to 0, for both p and the one-hot row add up to 1.</p></details>

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.softmax_gradient()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · A network on our own tape
#
# Three more entries for the tape – matrix product with a bias, ReLU, the fused loss – and a two-layer network learns.
#
# * **ReLU**, max(0, x): its slope is 1 or 0, so the way back is a gate: what was open on the way forward is open on the way back.
# * **Mini-batch SGD**: with $n$ examples and $w$ weights, a step with the full gradient costs $O(n\cdot w)$, one with $m$ drawn examples $O(m\cdot w)$. The mean over a batch is a noisy estimate of the mean over all; many
#   cheap steps beat few exact ones.

# %% slideshow={"slide_type": "subslide"}
def affine(x, W, b):
    out = Box(x.value @ W.value + b.value)

    def back():
        x.adjoint = x.adjoint + out.adjoint @ W.value.T
        W.adjoint = W.adjoint + x.value.T @ out.adjoint
        b.adjoint = b.adjoint + out.adjoint.sum(axis=0)  # the bias was copied to every row

    tape.append(back)
    return out


def relu(x):
    out = Box(np.maximum(x.value, 0))
    tape.append(lambda: setattr(x, "adjoint", x.adjoint + out.adjoint * (out.value > 0)))
    return out


def cross_entropy(z, labels):
    shifted = z.value - z.value.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    out = Box(-np.log(p[rows, labels]).mean())

    def back():
        onehot = np.eye(p.shape[1])[labels]
        z.adjoint = z.adjoint + out.adjoint * (p - onehot) / len(labels)

    tape.append(back)
    return out

# %% slideshow={"slide_type": "subslide"}
labels = np.repeat([0, 1], 150)
turn = rng.uniform(0, np.pi, 300)
moons = np.stack([np.cos(turn) + labels, np.where(labels == 0, np.sin(turn), 0.4 - np.sin(turn))], axis=1)
moons += rng.normal(0, 0.12, moons.shape)
start = [rng.standard_normal((2, 24)), np.zeros(24), rng.standard_normal((24, 2)) / 5, np.zeros(2)]
batches = [rng.choice(300, 20, replace=False) for _ in range(400)]

weights, losses = [w.copy() for w in start], []
for rows in batches:
    W1, b1, W2, b2 = boxes = [Box(w) for w in weights]
    loss = cross_entropy(affine(relu(affine(Box(moons[rows]), W1, b1)), W2, b2), labels[rows])
    play_backwards(loss)
    losses.append(float(loss.value))
    weights = [box.value - 0.5 * box.adjoint for box in boxes]
print(f"loss {losses[0]:.3f} at first, {np.mean(losses[-20:]):.3f} in the end")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The same start, the same batches, PyTorch's tape:

# %% slideshow={"slide_type": "skip"}
theirs, torch_losses = [torch.tensor(w, requires_grad=True) for w in start], []
inputs, targets = torch.tensor(moons), torch.tensor(labels)
for rows in batches:
    V1, c1, V2, c2 = theirs
    torch_loss = torch.nn.functional.cross_entropy(torch.relu(inputs[rows] @ V1 + c1) @ V2 + c2, targets[rows])
    gradients = torch.autograd.grad(torch_loss, theirs)
    torch_losses.append(torch_loss.item())
    with torch.no_grad():
        for weight, gradient in zip(theirs, gradients):
            weight -= 0.5 * gradient

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.beside_torch(losses, torch_losses)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · What to take home
#
# * A derivative is a walk along a list of steps: forward one input at a time, backward one output at a time.
# * Where a value is used twice, adjoints **add**. Where it was copied (broadcasting), they are **summed**.
# * Wide Jacobian: reverse. Tall: forward. Hessian times vector: forward over reverse.
# * Test with the gradient checker of *finite differences*, which knows nothing of tapes, and with the dot-product test.
#
# **In the homework** you write it all: the list by hand, dual numbers, the tape as a graph, arrays, the loss – and train a network with it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>A loss of a million weights. How many runs does its gradient take forward, how many in reverse? And what does reverse pay for it?</summary><p>A million, one for each column; and one. The price is memory: all values that the way back needs are kept until then.</p></details>
#
# <details><summary>The dot-product test fails. Is jvp wrong, or vjp?</summary><p>It does not say: it only compares the two. Ask the gradient checker of <i>finite differences</i> about each.</p></details>
#
# <details><summary>y = a · b with b = a + 1 and a = 2x. The walk back goes y, a, b. What goes wrong?</summary><p>a hands its adjoint on before b has handed over b's share: at x = 1 the slope comes out as 6 and not 10. A node's turn comes after all who used it.</p></details>
#
# **Stretch.** PyTorch keeps such a graph, too: `y.grad_fn` is the last step, `next_functions` are those before it. Turn the graph of an expression of your own into boxes, so that `figures.draw` shows it.
