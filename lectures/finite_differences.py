# %% [markdown] slideshow={"slide_type": "slide"}
# # Finite differences
#
# **The secant becomes the tangent.** Too large a step bends away, too small a step drowns in rounding. In between lies a step that is best
# – and a way to check every gradient that you will ever derive by hand.
#
# * **Goals**: choose a step, and say how many digits it leaves; know three ways to more digits; check a gradient that you wrote.
# * **You need**: derivatives, Taylor's formula, a little NumPy.
# * **Time**: about 40 minutes. Run the cells from the top; nothing takes longer than some seconds.
# * **Where it leads**: to the gradient checker of the homework, which tests your `backward()` in *autodiff* and the penalties of *lifelong_learning*.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import timeit
from fractions import Fraction

import numpy as np
import torch

from lifelong import plots
from lifelong.checks.try_it import try_it

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The secant turns into the tangent
#
# Draw a straight line through two points of a graph, $[x, f(x)]$ and $[x+h, f(x+h)]$. That is a *secant*, and its slope is rise over run. Let $h$ become smaller. The line turns, and in the limit it
# touches the graph in one point only: the *tangent*.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Move h
#
# We take $f=\exp$ at $x=1$, where the slope is known: $e=2.71828\dots$ Left, the secant; right, how far its slope is off. Move $h$ from 1 to
# $10^{-16}$. The line looks like the tangent long before the error is small. Then the error **rises again** – at the very end you even see the line sway.

# %% slideshow={"slide_type": "skip"}
x, exact = 1.0, np.exp(1.0)
steps = np.logspace(0, -16, 33)
secant_slopes = (np.exp(x + steps) - np.exp(x)) / steps

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.differences.secants(np.exp, x, exact, steps, secant_slopes)

# %% [markdown] slideshow={"slide_type": "-"}
# The secant's slope, and the derivative, which is its limit:
#
# $$\frac{f(x+h)-f(x)}{h}\qquad f'(x)=\lim_{h\to0}\frac{f(x+h)-f(x)}{h}$$

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Two enemies
#
# **Truncation.** The graph bends. Taylor says by how much:
#
# $$\frac{f(x+h)-f(x)}{h}=f'(x)+\frac h2f''(x)+\dots$$
#
# Half of $h$, half of the error. (Measured below.)
#
# **Rounding.** A float64 has 64 bits, 53 of them for its digits (the *significand*). The gap between 1 and the next float is $\varepsilon=2^{-52}=2.2\cdot10^{-16}$. `x + h` is rounded to
# the nearest float, so it is off by half a gap at most, relatively $\varepsilon/2=1.1\cdot10^{-16}$; `f(x + h)` is off by that or a little more. Divide it by a tiny
# $h$, and it is huge: about $\varepsilon/h$. Half of $h$, *twice* the error. (Goldberg 1991)

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details class="predict"><summary><b>Predict.</b> exp at 1, with h = 0.1, 0.01 and 10<sup>−16</sup>. How far off is the secant's slope, and to which side?</summary><p>exp bends upwards, so the secant is too steep, by about h/2 · f″ = h/2 · 2.718: 0.14, then 0.014. With 10<sup>−16</sup>, less than half the gap, 1 + h <i>is</i> 1: the slope is 0, and the error 2.718, all there is.</p></details>

# %% slideshow={"slide_type": "-"}
for h in (0.1, 0.01, 1e-16):
    slope = (np.exp(x + h) - np.exp(x)) / h
    print(f"h = {h:g}: off by {slope - exact:+.4f}   1 + h == 1: {1 + h == 1}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What a float sees
#
# Look at $\exp$ around 1 so closely that single floats can be told. The smooth function is a staircase, and the slope between two neighbouring points is 0 or
# far too much.

# %% slideshow={"slide_type": "skip"}
epsilon = np.finfo(np.float64).eps
offsets = np.arange(-12, 13)
values = (np.exp(1 + offsets * epsilon) - np.exp(1.0)) / epsilon

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.differences.staircase(1.0, offsets, values, exact * offsets)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Better schemes, from more points
#
# Use points on both sides, and errors cancel: what is too much on the right is too little on the left.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.differences.schemes()

# %% [markdown] slideshow={"slide_type": "subslide"}
# | scheme | slope at $x$ | remainder: $f'(x)$ minus the scheme |
# |---|---|---|
# | forward | $(f(x+h)-f(x))\,/\,h$ | $-\frac h2f''(c)$ |
# | backward | $(f(x)-f(x-h))\,/\,h$ | $+\frac h2f''(c)$ |
# | central | $(f(x+h)-f(x-h))\,/\,2h$ | $-\frac{h^2}6f'''(c)$ |
# | five-point | $(-f(x+2h)+8f(x+h)-8f(x-h)+f(x-2h))\,/\,12h$ | $+\frac{h^4}{30}f^{(5)}(c)$ |
#
# Each is a weighted sum of values of $f$, so a table of weights is all that a program needs (Fornberg 1988 has one for any points). The power of $h$ is the **order** of the scheme: 1, 1, 2, 4.
#
# <details class="predict"><summary><b>Predict.</b> exp at 1 with h = 0.01. By how much is each of the four off? (All derivatives of exp at 1 are 2.718.)</summary><p>Forward and backward: 0.005 · 2.718 = 0.014, with opposite signs. Central: 10<sup>−4</sup>/6 · 2.718 = 4.5e-5. Five-point: 10<sup>−8</sup>/30 · 2.718 = 9e-10. (An error is the scheme minus f′, so its sign is the remainder's turned round.)</p></details>

# %% slideshow={"slide_type": "subslide"}
STENCILS = {
    "forward": ({0: -1, 1: 1}, 1),
    "backward": ({-1: -1, 0: 1}, 1),
    "central": ({-1: -1, 1: 1}, 2),
    "five-point": ({-2: 1, -1: -8, 1: 8, 2: -1}, 12),
}
ORDERS = {"forward": 1, "backward": 1, "central": 2, "five-point": 4}


def difference(scheme, f, x, h):
    weights, divisor = STENCILS[scheme]
    return sum(weight * f(x + offset * h) for offset, weight in weights.items()) / (divisor * h)


for scheme in STENCILS:
    estimate = difference(scheme, np.exp, 1.0, 0.01)
    print(f"{scheme:10}  h = 0.01: {estimate:.12f}   error {estimate - exact:+.1e}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Is the remainder right? Try x⁵
#
# Its fifth derivative is 120, everywhere. So the five-point remainder must be $\frac{h^4}{30}\cdot120=4h^4$ **exactly**, whatever $x$ is. In fractions nothing is rounded:

# %% slideshow={"slide_type": "-"}
for x5 in (Fraction(0), Fraction(1, 3), Fraction(-7)):
    h = Fraction(1, 10)
    scheme_says = difference("five-point", lambda t: t**5, x5, h)
    print(f"x = {x5!s:>4}   f'(x) − scheme = {5 * x5**4 - scheme_says}   4h⁴ = {4 * h**4}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The V
#
# Now all schemes, at every $h$, in float64 and in float32. In log-log a power of $h$ is a straight line whose slope is the power:
#
# * the **right** arm is truncation, $h^p$: it rises with slope 1, 2, 4;
# * the **left** arm is rounding, $\varepsilon/h$: it falls with slope −1, for all schemes alike.

# %% slideshow={"slide_type": "skip"}
TYPES = {"float64": np.float64, "float32": np.float32}
grid = {
    "float64": np.logspace(-16, -0.5, 311),
    "float32": np.logspace(-8, -0.5, 151).astype(np.float32),
}


def error(scheme, precision):
    one, h = TYPES[precision](1), grid[precision]
    return abs(difference(scheme, np.exp, one, h).astype(np.float64) - exact)


errors = {precision: {scheme: error(scheme, precision) for scheme in STENCILS} for precision in grid}

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Measured slopes.** Fit a straight line through the right arm, where truncation rules: from ten times the best $h$ up to 0.1.
#
# **Measured best h.** Rounding is erratic, and at some $h$ luck makes it vanish. So take the *largest* error among neighbours, and look where that is least.

# %% slideshow={"slide_type": "skip"}
def best_in_theory(scheme, precision):
    return np.finfo(TYPES[precision]).eps ** (1 / (ORDERS[scheme] + 1))


def measured_slope(scheme, precision):
    h = grid[precision]
    arm = (h > 10 * best_in_theory(scheme, precision)) & (h < 0.1)
    return np.polyfit(np.log(h[arm]), np.log(errors[precision][scheme][arm]), 1)[0]


def measured_best(scheme, precision, width=7):
    h, found = grid[precision], errors[precision][scheme]
    worst_nearby = [found[max(0, at - width) : at + width + 1].max() for at in range(len(h))]
    return h[np.argmin(worst_nearby)]


slopes = {scheme: measured_slope(scheme, "float64") for scheme in STENCILS}
best = {
    precision: {scheme: measured_best(scheme, precision) for scheme in STENCILS}
    for precision in grid
}

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.differences.error_curves(grid, errors, slopes, best)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The best h
#
# Truncation $T\,h^p$ falls with $h$, rounding $R/h$ rises. Their sum is least near $h\approx\varepsilon^{1/(p+1)}$: about $\varepsilon^{1/2}$, $\varepsilon^{1/3}$, $\varepsilon^{1/5}$ for orders 1, 2, 4. (Which
# constants belong there? That is yours to find, in the homework.)
#
# This is for $x$ near 1. Near 1000 the floats are 512 times as far apart, so the step must grow with $x$: take $\varepsilon^{1/(p+1)}\cdot\max(1,|x|)$. The 1 keeps the step from vanishing near $x=0$. (Press et al. 2007, *Numerical Recipes*, section 5.7)

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.differences.valley()

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details class="predict"><summary><b>Predict.</b> float32 has ε = 1.2e-7. How large is the best h of a forward difference there, and how many digits does it leave?</summary><p>ε<sup>½</sup> = 3.5e-4, and the error is about as large: three digits. Five points want h = ε<sup>1/5</sup> = 0.04, and leave five or six digits.</p></details>

# %% slideshow={"slide_type": "-"}
for precision, h in grid.items():
    print(f"{precision}      best h: theory   measured   typical error there")
    for scheme in STENCILS:
        theory, measured = best_in_theory(scheme, precision), best[precision][scheme]
        nearby = abs(np.log(h / measured)) < np.log(1.5)
        typical = np.median(errors[precision][scheme][nearby])
        print(f"{scheme:10} {theory:17.0e} {measured:10.0e} {typical:15.0e}")
    print()

# %% [markdown] slideshow={"slide_type": "subslide"}
# So, for $\exp$ at 1 in float64, about:
#
# | scheme | best $h$ | error | of 16 digits remain |
# |---|---|---|---|
# | forward | 1e-8 | 3e-8 | 8 |
# | central | 3e-6 to 6e-6 | 3e-11 | 10 |
# | five-point | 6e-4 | 2e-13 | 12 |
# | complex step (below) | anything tiny | 0 | 16 |
#
# Rounding is a lottery: at single lucky $h$ you will find 7e-9, or 6e-14 for five points, and a neighbour is ten times worse.
#
# Two lessons. A higher order allows a **larger** step, and that is where its gain comes from. And in float32 – in which networks are trained – a forward difference has
# about three digits. **Check gradients in float64.**

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Richardson: better from two bad ones
#
# The central difference leaves an error in even powers: $D(h)=f'+c_2h^2+c_4h^4+\dots$ With half the step, the first term is a quarter. So a combination has none:
#
# $$\frac{4\,D(h/2)-D(h)}{3}=f'+O(h^4)$$
#
# Richardson used it in 1911; in 1927, with Gaunt, he called it *the deferred approach to the limit*.
#
# <details class="predict"><summary><b>Predict.</b> h is halved. The error of D(h) falls to a quarter. To what does the error of the combination fall?</summary><p>The first term that is left is that of h<sup>4</sup>: to a sixteenth. Divide neighbours in the right column.</p></details>

# %% slideshow={"slide_type": "-"}
print("   h        D(h)         combined")
for h in (0.4, 0.2, 0.1, 0.05):
    coarse, fine = (difference("central", np.exp, 1.0, step) for step in (h, h / 2))
    print(f"{h:5.2f}   {coarse - exact:+.2e}     {(4 * fine - coarse) / 3 - exact:+.2e}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: measure an order
#
# An error falls like $h^p$. You know it at $h$ and at $h/2$; which $p$ is it? From the first two lines above: 0.0731 and 0.0182 give 2.0, 1.46e-4 and 9.07e-6 give 4.0.

# %% slideshow={"slide_type": "-"}
def order(error, error_at_half):
    """The p of an error that falls like h to the p, from the errors at h and at h/2."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [((0.08, 0.02), 2), ((0.16, 0.01), 4), ((3.0, 1.5), 1)]
try_it(order, cases, [(4, "That is the quotient, 2 to the p: take its logarithm.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return np.log2(error / error_at_half)</code></pre></details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The combination is an old friend
#
# Write it out with the points $x\pm\frac h2$ and $x\pm h$: it is the five-point scheme with step $h/2$. Going on – a table of estimates, each column
# with one power less – is an exercise.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The complex step: nothing to subtract
#
# Rounding hurts because two nearly equal numbers are subtracted. So do not subtract. Step along the **imaginary** axis:
#
# $$f(x+ih)=f(x)+ih\,f'(x)-\frac{h^2}2f''(x)-\dots\qquad\Rightarrow\qquad f'(x)\approx\frac{\mathrm{Im}\,f(x+ih)}h$$
#
# The value and the slope do not mix: one is the real part, the other the imaginary one. The error is $\frac{h^2}6f'''$, and for a tiny $h$ it is gone. (Lyness and Moler 1967;
# Squire and Trapp 1998.)
#
# <details class="predict"><summary><b>Predict.</b> h = 10<sup>−20</sup>. A forward difference gives 0 there. How far is the complex step off? And with 10<sup>−200</sup>?</summary><p>By nothing at all, both times. Nothing is subtracted, so nothing is lost; h<sup>2</sup>/6 · f‴ is far below the last digit, and a float holds 10<sup>−200</sup> with all its digits, too.</p></details>

# %% slideshow={"slide_type": "-"}
h = np.logspace(-200, -1, 200)
complex_errors = abs(np.exp(1 + 1j * h).imag / h - exact)
for power in (-1, -4, -8, -20, -100, -200):
    at = np.argmin(abs(np.log10(h) - power))
    print(f"h = 1e{power:<5} complex step is off by {complex_errors[at]:.1e}")

# %% slideshow={"slide_type": "skip"}
h = grid["float64"]
with_complex = {**errors["float64"], "complex step": abs(np.exp(1 + 1j * h).imag / h - exact)}

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
plots.differences.error_curves(
    {"float64": h}, {"float64": with_complex}, slopes, {"float64": best["float64"]}
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where it fails
#
# It needs an $f$ that continues smoothly into the complex plane. `abs` does not: the length of a complex number is real, and the slope is thrown away. `np.conj`, `np.real`, `>` on
# complex numbers … the result is wrong **without a warning**. So compare with an ordinary difference, always.
#
# <details class="predict"><summary><b>Predict.</b> abs has the slope 1 at 1. What does the complex step make of it?</summary><p>0. |1 + ih| = √(1 + h²) is a real number, so its imaginary part is 0. No warning.</p></details>

# %% slideshow={"slide_type": "-"}
for name, f, slope in (("exp", np.exp, exact), ("abs", abs, 1.0), ("conj", np.conj, 1.0)):
    by_complex = np.imag(f(1 + 1e-20j)) / 1e-20
    by_central = difference("central", f, 1.0, 1e-6)
    print(f"{name:5} slope {slope:.4f}   complex step {by_complex:7.4f}   central {by_central:.4f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · In n dimensions
#
# A network's loss is one number that depends on $n$ parameters. Its gradient by finite differences: move each parameter in turn, $n+1$ evaluations of the loss. Reverse accumulation,
# `loss.backward()`, costs as much as two or three, whatever $n$ is (in operations less than six: Baydin et al. 2018, section 3.2). Measured here, on networks of growing width:

# %% slideshow={"slide_type": "skip"}
def seconds(action):
    count, taken = timeit.Timer(action).autorange()
    return taken / count


torch.set_num_threads(1)  # or small networks would mostly wait for threads
images, labels = torch.randn(64, 50), torch.randint(10, (64,))
sizes, by_differences, by_reverse = [], [], []
for width in (2, 8, 32, 128, 512, 1024):
    network = torch.nn.Sequential(
        torch.nn.Linear(50, width), torch.nn.ReLU(), torch.nn.Linear(width, 10)
    )
    parameters = list(network.parameters())

    def loss():
        return torch.nn.functional.cross_entropy(network(images), labels)

    def value_only():
        with torch.no_grad():
            loss()

    sizes.append(sum(parameter.numel() for parameter in parameters))
    by_differences.append((sizes[-1] + 1) * seconds(value_only))
    by_reverse.append(seconds(lambda: torch.autograd.grad(loss(), parameters)))

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.differences.cost(np.array(sizes), np.array(by_differences), np.array(by_reverse), network=1_460_000)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Why nobody trains a network so.** The dotted ends: *one* gradient of the network of *Lifelong learning*, 1.46 million parameters. And a training run takes thousands of them.
#
# **Why everybody checks a network so.** A checker runs once, on a tiny network, in float64. It tells a right gradient (off by $10^{-10}$) from a wrong one (off by $10^{-2}$) – and knows nothing of how the
# gradient was derived, so it cannot make the same mistake. You write one in the homework, and use it in the next unit to test your own `backward()`, and on the penalties of the last.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A bug that still learns
#
# A layer of tanh with a `backward` of its own. Its slope is $1-t^2$; here the square is forgotten. A net of 20 units, the same start, 1,000 steps, with PyTorch's tanh and with this one. PyTorch's `gradcheck` compares, in float64, what `backward` says with central differences.
#
# <details class="predict"><summary><b>Predict.</b> Does the net learn with the wrong slope? Would you notice without a check?</summary><p>It learns: its loss falls to a third, and such a curve alarms nobody. Right, it would have fallen to a hundredth. The check says no before a single step.</p></details>

# %% slideshow={"slide_type": "-"}
class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(t := torch.tanh(x))
        return t

    @staticmethod
    def backward(ctx, from_above):
        (t,) = ctx.saved_tensors
        return from_above * (1 - t)  # the bug: 1 - t**2


waves = torch.linspace(-2, 2, 64)[:, None]
for name, bend in (("right", torch.tanh), ("wrong", Tanh.apply)):
    torch.manual_seed(0)
    first, second, losses = torch.nn.Linear(1, 20), torch.nn.Linear(20, 1), []
    weights = [*first.parameters(), *second.parameters()]
    for _ in range(1000):
        losses.append(((second(bend(first(waves))) - torch.sin(2 * waves)) ** 2).mean())
        for weight, slope in zip(weights, torch.autograd.grad(losses[-1], weights)):
            weight.data -= 0.05 * slope
    passes = torch.autograd.gradcheck(bend, waves[::9].double().requires_grad_(), raise_exception=False)
    print(f"{name}: loss {losses[0].item():.3f} → {losses[-1].item():.3f}   gradcheck: {passes}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to remember
#
# * Error = truncation $T\,h^p$ + rounding $R/h$. In log-log, a V.
# * Best $h$: about $\varepsilon^{1/2}$, $\varepsilon^{1/3}$, $\varepsilon^{1/5}$ for orders 1, 2, 4 – times $\max(1,|x|)$.
# * More points, larger steps, more digits: 8, 10, 12 of 16.
# * Richardson removes the leading term of *any* error that is a series in $h$.
# * The complex step has all 16 digits, if $f$ allows it.
# * $n+1$ evaluations for a gradient: to check one, never to train.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>A gradient check in float32 with h = 1e-8 calls every derivative 0. What is wrong?</summary><p>In float32 the gap at 1 is 1.2e-7, so 1 + 1e-8 is 1 and all differences vanish. Check in float64, with a central difference and h = 6e-6 times max(1, |x|).</p></details>
#
# <details><summary>Central difference, h = 6e-6, error 3e-11. You need 13 digits. Take h = 1e-8?</summary><p>No: you are at the bottom of the V, and left of it rounding takes over, about ε/h = 2e-8. Go the other way: five points with h = 6e-4 have 12 digits, the complex step has all.</p></details>
#
# <details><summary>x = 1000, central difference in float64. Which h?</summary><p>6e-6 · 1000 = 6e-3. Floats near 1000 are 512 times as far apart as near 1.</p></details>
#
# **Stretch.** The second derivative, $\frac{f(x+h)-2f(x)+f(x-h)}{h^2}$: find truncation and rounding on paper, then the best $h$ (about $\varepsilon^{1/4}$, for an error of some $10^{-8}$), and draw its V.
