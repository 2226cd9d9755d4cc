# %% [markdown] slideshow={"slide_type": "slide"}
# # Lifelong learning
#
# **A network learns A. Then it learns B, and A is gone.** Why that happens, why it need not, what a dozen methods do about it, and how to measure who is right. In the
# homework you write five of them; here you see what they do, on four weights and on real digits.
#
# * **Goals**: show forgetting and measure it; write a guard on the weights, and say what five methods take for important; ask a paper the right questions.
# * **You need**: training a network in PyTorch, gradients; the tape of *autodiff* helps.
# * **Time**: about 90 minutes. Run the cells from the top; they take some minutes.
# * **Where it leads**: to hw14, in which you write five of the methods and train them.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import copy
import io
from contextlib import redirect_stdout
from importlib.util import find_spec

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from lifelong import Split, Task, accuracy, joint_task, load_mnist, mlp, normalise, permuted_tasks
from lifelong import plots, strategies
from lifelong.checks.try_it import try_it
from lifelong.data import load_importance_maps
from lifelong.metrics import forward_transfer, intransigence, learning_accuracy
from lifelong.plots import basins, guards, replay
from lifelong.plots import lifelong_learning as figures
from lifelong.strategies import agem, gem, scenarios

# %% [markdown] slideshow={"slide_type": "skip"}
# One switch: with `FULL = True` everything below runs on all 60,000 + 10,000 images, section 7 and 9 on the homework's network, in some ten minutes. Otherwise it takes the 2,000 + 500 real digits inside the package.

# %% slideshow={"slide_type": "skip"}
FULL = False

data = load_mnist(embedded=not FULL)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Learn A, then B, then look at A again
#
# A network with five answers. **Task A**: tell the digits 0, 1, 2, 3, 4 apart. **Task B**: the same five answers, now for 8, 9, 7, 6, 5. First 200 steps on A, then 200 steps on B. Nobody tells it to
# forget.

# %% slideshow={"slide_type": "skip"}
def five_digits(split, digits):
    """The examples of five digits; the answer is the place in the list."""
    answers = torch.full((10,), -1)
    answers[digits] = torch.arange(5)
    labels = answers[split.labels]
    return Split(split.images[labels >= 0], labels[labels >= 0])


A, B = (
    Task(five_digits(data.train, digits), five_digits(data.test, digits), torch.arange(784))
    for digits in ([0, 1, 2, 3, 4], [8, 9, 7, 6, 5])
)

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.digits(
    [
        (name, [task.train.images[task.train.labels == k][0] for k in range(5)])
        for name, task in (("task A", A), ("task B", B))
    ],
    5,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details class="predict"><summary><b>Predict.</b> Guessing gives 20 %. After A the network has 97 % on A. After 200 steps on B: about 90 %, about 50 %, 20 %, or less?</summary><p>Less than guessing. It does not answer at random: it takes each old digit for the new one that looks like it, and the answers of A and B are not in the same order.</p></details>

# %% slideshow={"slide_type": "-"}
def learn(net, task, steps, watch, guard=lambda net: 0):
    """Training, plain without a guard. `watch` gathers the accuracy on A and on B as it goes."""
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for step in range(steps):
        if step % 10 == 0:
            watch.append([accuracy(net, A.test), accuracy(net, B.test)])
        rows = torch.randint(len(task.train), (64,))
        loss = cross_entropy(net(normalise(task.train.images[rows])), task.train.labels[rows]) + guard(net)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


torch.manual_seed(0)
net, seen = mlp((784, 128, 64, 5)), []
start = copy.deepcopy(net)
learn(net, A, 200, seen)
net_a = copy.deepcopy(net)  # as it is when A has been learnt
learn(net, B, 200, seen)
seen.append([accuracy(net, A.test), accuracy(net, B.test)])
print(f"accuracy on A: {accuracy(net_a, A.test):.0%} after A, {seen[-1][0]:.0%} after B")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.forgetting(range(0, 401, 10), seen, switch=200, guess=0.2)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Catastrophic forgetting** (McCloskey and Cohen, 1989), within fifty steps. The slides' network ends with 96 % on B and 14 % on A; this one falls as low, below what guessing gives: to each old digit it now gives the answer of the new one that looks like it. Is there too little room for both? Train the same network on both
# *together*:
#
# <details class="predict"><summary><b>Predict.</b> The same start, the same size, 400 steps on A and B mixed. How much of A and of B does it know?</summary><p>Most of both: the task is harder, for a 3 and a 6 may now have to give the same answer, but there is room. So forgetting is no lack of room.</p></details>

# %% slideshow={"slide_type": "-"}
learn(both := copy.deepcopy(start), joint_task([A, B]), 400, [])
print(f"together: A {accuracy(both, A.test):.0%}, B {accuracy(both, B.test):.0%}")

# %% [markdown] slideshow={"slide_type": "-"}
# Room enough. What is missing is any reason to stay:
#
# | | what is minimised |
# |---|---|
# | together | $\min_\theta\;L_A(\theta)+L_B(\theta)$ |
# | one after the other | $\min_\theta L_A(\theta)$ – and then, from there, $\min_\theta L_B(\theta)$, in which A does not occur |

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The sequential condition
#
# Tasks come one after another; **when a task is over, its data are gone**, and nobody says when or whether it comes again. At the end one network is tested on all. That is
# how animals learn, and robots, and phones that may not keep your letters. The rules differ in detail (*may I keep 500 images? am I told which task this is?*), so always ask for them first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Curriculum, active, continual: training, update, training
#
# Three kinds of learning alternate *training* and *an update of what is trained on*. What the update may do tells them apart.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.sequences()

# %% [markdown] slideshow={"slide_type": "subslide"}
# * **Curriculum learning** (Bengio et al., 2009): one task, easy examples first. The data grow; the order is a gift of the teacher's.
# * **Active learning** (Settles, 2009): one task, few labels. After each training the learner asks for the labels that it needs most. The data grow by its own choice.
# * **Continual learning**: many tasks. The data are *replaced*, the order is imposed, and the update is the one moment to take along what will be needed: important weights, some examples, a generator.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Permuted MNIST
#
# The homework's tasks (Goodfellow et al., 2013), a row each. You read the first row only. To a network without convolutions all rows are equally hard: it has never known that pixels have neighbours.

# %% slideshow={"slide_type": "skip"}
def move_pixels(images, places):
    """Pixel j of every image goes to places[j]."""
    moved = torch.empty_like(images)
    moved[:, places] = images
    return moved


tasks = permuted_tasks(data, move_pixels, count=5, seed=0)

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.permuted_digits(tasks)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · There is more than one θ*
#
# Forgetting would be a law of nature if A had one best $\theta^*_A$ and B another. But a network has many settings that do the same. Two reasons:
#
# * **swap two hidden units**, with all their weights: nothing changes outside (Hecht-Nielsen, 1990). A layer of 1,024 has 1024! orders;
# * **scale a ReLU unit**: $\mathrm{relu}(c\,a)=c\,\mathrm{relu}(a)$ for $c>0$, so weights in times $c$ and weights out divided by $c$ cancel (Neyshabur et al., 2015). That is a whole curve of settings for every unit.
#
# Take the network from above, as it was after A, shuffle both hidden layers, double the weights into the first and halve those out of it.
#
# <details class="predict"><summary><b>Predict.</b> By how much do its outputs change? And is it nearer to the trained network or farther away than the untrained one?</summary><p>By nothing but rounding, some 10<sup>−6</sup>. And it lies farther from its twin than the untrained network does. Distance in weights says little about distance in function.</p></details>

# %% slideshow={"slide_type": "subslide"}
def twin_of(net):
    """The same function with other weights: hidden units in another order, the first layer scaled."""
    twin = copy.deepcopy(net)
    for into, out in ((twin[0], twin[2]), (twin[2], twin[4])):
        order = torch.randperm(into.out_features)
        into.weight.data, into.bias.data = into.weight.data[order], into.bias.data[order]
        out.weight.data = out.weight.data[:, order]
    twin[0].weight.data *= 2
    twin[0].bias.data *= 2
    twin[2].weight.data /= 2
    return twin


twin = twin_of(net_a)
inputs, labels = next(iter(A.test.batches(500)))
flat, flat_twin, flat_start = (
    torch.nn.utils.parameters_to_vector(each.parameters()).detach() for each in (net_a, twin, start)
)
apart = (net_a(inputs) - twin(inputs)).abs().max().item()
print(f"largest difference of the outputs: {apart:.0e}")
print(f"distance to the twin: {(flat - flat_twin).norm():.0f}, to the untrained network: {(flat - flat_start).norm():.0f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Where do the two lie in the landscape of A's loss? In a problem with two weights one can see it all; of the network's 109,000 dimensions we take the plane through the two settings and the untrained
# network.

# %% slideshow={"slide_type": "skip"}
x = np.linspace(-2, 2, 41)
w = np.linspace(-0.6, 3.6, 85)
W1, W2 = np.meshgrid(w, w)
first, second = W1[..., None] * x, W2[..., None] * x
swap_loss = ((np.tanh(first) + np.tanh(second) - np.tanh(0.5 * x) - np.tanh(2.5 * x)) ** 2).mean(axis=-1)
scale_loss = ((W2[..., None] * np.maximum(first, 0) - np.maximum(x, 0)) ** 2).mean(axis=-1)

across = flat_twin - flat
aside = flat_start - flat
aside -= (aside @ across) / (across @ across) * across
aside *= across.norm() / aside.norm()
horizontal, vertical = np.linspace(-0.35, 1.35, 35), np.linspace(-0.5, 0.5, 21)
probe, slice_loss = copy.deepcopy(net_a), np.empty((len(vertical), len(horizontal)))
with torch.no_grad():
    for (row, column), _ in np.ndenumerate(slice_loss):
        weights = flat + float(horizontal[column]) * across + float(vertical[row]) * aside
        torch.nn.utils.vector_to_parameters(weights, probe.parameters())
        slice_loss[row, column] = cross_entropy(probe(inputs), labels)

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
basins.twins(
    basins.Landscape("tanh(w₁x) + tanh(w₂x): swap", w, w, swap_loss, ((0.5, 2.5), (2.5, 0.5)), ("weight w₁", "weight w₂")),
    basins.Landscape("v · relu(wx): scale", w, w, scale_loss, ((0.5, 2.0), (2.0, 0.5)), ("weight w", "weight v")),
    basins.Landscape(
        "the network: both",
        horizontal,
        vertical,
        slice_loss,
        ((0.0, 0.0), (1.0, 0.0)),
        ("from θ* (0) to its twin (1)", "aside, in the same unit"),
    ),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Dark is low. **Left**: two basins, mirror images of each other, a ridge between them. **Middle**: no point at all, but a valley along $v\,w=1$: walk along it, and the function stays the same. **Right**: the real
# network, two basins far apart and equally deep.
#
# So A's best weights are a large family. Somewhere in that family there may be one that is good for B, too; with more weights than the task needs, there mostly is. Plain training does not look for it. All that
# follows is ways to look for it.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.ideas.forgetting()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Three families
#
# What may be carried from one task to the next? **Examples**, **a note on each weight**, or **whole parts of the network**.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.families()

# %% [markdown] slideshow={"slide_type": "subslide"}
# | family | keeps | grows with the tasks? | weak spot |
# |---|---|---|---|
# | **replay** | some examples, or a generator of them | examples: with the budget you give | keeps data that you may not be allowed to keep; overfits the few |
# | **regularisation** | Ω and θ* (or the old network's answers) | no | one number a weight is a coarse memory; far from θ* it means little |
# | **parameter isolation** | masks or columns, a part for each task | the network, or its free part | must be told which task it is; runs out of room or grows |
#
# Isolation forgets nothing: Progressive Nets (Rusu et al., 2016) freeze the old columns and add a new one for each task; PackNet (Mallya and Lazebnik, 2018) prunes, freezes what is left, and gives the freed weights to the next task; HAT (Serrà et al., 2018) learns a mask for each. The rest of
# this lecture is about the other two.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · A guard on the weights
#
# ### Warm-up: MSE with L2
#
# A loss need not look at data alone. In $\frac1N\sum_n(\theta x_n-y_n)^2+\lambda\,\theta^2$ the second part is a loss **on the weight**: it pulls to 0. Three points on the line $y=2x$, at $x=1,1,2$: the mean of $x^2$ is 2.
#
# <details class="predict"><summary><b>Predict.</b> Where is the minimum for λ = 0, 2 and 6?</summary><p>Set the derivative to 0: 2 · 2(θ − 2) + 2λθ = 0, so θ = 4 / (2 + λ): 2, 1 and ½. The larger λ, the nearer to 0.</p></details>

# %% slideshow={"slide_type": "-"}
x = torch.tensor([1.0, 1.0, 2.0])
y = 2 * x
for strength in (0, 2, 6):
    theta = torch.zeros(1, requires_grad=True)
    for _ in range(200):
        loss = ((theta * x - y) ** 2).mean() + strength * (theta**2).sum()
        (gradient,) = torch.autograd.grad(loss, theta)
        theta.data -= 0.05 * gradient
    print(f"λ = {strength}: θ = {theta.item():.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From L2 to a guard
#
# Pull to the old weights in place of 0, and not all weights with the same force:
#
# $$\text{loss}=L_B(\theta)+\lambda\sum_i\Omega_i\,(\theta_i-\theta^*_i)^2$$
#
# A spring on each weight. $\theta^*$: where the last task ended. $\Omega_i\ge0$: how stiff, that is, **how much weight $i$ matters to what has been learnt**. L2 is the case $\Omega_i=1$, $\theta^*=0$.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
plots.ideas.guard()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Four weights: I = [1, 0, 0, 1]
#
# Now a problem small enough for pencil and paper. Images of 2 × 2 pixels $x_1\dots x_4$, a weight for each pixel, two outputs: the upper row gives $f_1=\theta_1x_1+\theta_2x_2$, the lower $f_2=\theta_3x_3+\theta_4x_4$. Squared
# error, $\frac1N\sum\frac12\lVert f-y\rVert^2$.
#
# **Task A** has four examples, and lights pixels 1 and 4 only:
#
# | image $x$ | (2, 0, 0, 0) | (2, 0, 0, 0) | (0, 0, 0, 1) | (0, 0, 0, 1) |
# |---|---|---|---|---|
# | label $y$ | (1, 0) | (3, 0) | (0, 2) | (0, 4) |
#
# Best: $2\theta_1=2$ and $\theta_4=3$, so $\theta^*=(1,0,0,3)$. Weights 2 and 3 never saw light; to A they may be anything. Put into a switch: $I=[1,0,0,1]$.
#
# **Task B**: image (1, 1, 0, 0) should give $f_1=3$, image (0, 0, 1, 1) should give $f_2=1$.

# %% slideshow={"slide_type": "subslide"}
def jacobian(images):
    """∂f/∂θ of each example, [N, 2, 4]: output 1 sees the upper row, output 2 the lower."""
    J = np.zeros((len(images), 2, 4))
    J[:, 0, :2], J[:, 1, 2:] = images[:, :2], images[:, 2:]
    return J


J_A = jacobian(np.array([[2.0, 0, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1]]))
y_A = np.array([[1.0, 0], [3, 0], [0, 2], [0, 4]])
J_B = jacobian(np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]]))
y_B = np.array([[3.0, 0], [0, 1]])
I = np.array([1.0, 0, 0, 1])
star = np.array([1.0, 0, 0, 3])


def loss_of(theta, J, y):
    return 0.5 * ((J @ theta - y) ** 2).sum(axis=1).mean()


def gradients(theta, J, y):
    """The gradient of each example's own loss, [N, 4]."""
    return np.einsum("nok,no->nk", J, J @ theta - y)

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details class="predict"><summary><b>Predict.</b> Plain descent on B from θ* = (1, 0, 0, 3): where does it end? And with I, which may not move θ<sub>1</sub> and θ<sub>4</sub>?</summary><p>f<sub>1</sub> is 1 and should be 3, f<sub>2</sub> is 3 and should be 1. Plain descent shares both: (2, 1, −1, 2), and A is spoilt. With I the free weights do it all: (1, 2, −2, 3), and both tasks are perfect.</p></details>

# %% slideshow={"slide_type": "-"}
def learn_B(omega, strength=1.0):
    """Gradient descent on B from θ*, with a guard."""
    theta = star.copy()
    for _ in range(1000):
        pull = 2 * strength * omega * (theta - star)
        theta -= 0.1 * (gradients(theta, J_B, y_B).mean(axis=0) + pull)
    return theta


plain, guarded = learn_B(0 * I), learn_B(I)
for name, theta in (("after A", star), ("B, plain", plain), ("B, with I", guarded)):
    on_A, on_B = loss_of(theta, J_A, y_A), loss_of(theta, J_B, y_B)
    print(f"{name:10} θ = {np.round(theta, 3) + 0.0}   loss on A {on_A:.2f}, on B {on_B:.2f}")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
guards.four_pixels(
    [("task A", [2, 0, 0, 1]), ("θ* after A", star), ("I", I), ("B, plain", plain), ("B, guarded", guarded)], reach=3
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Follow it by hand. After A, B's first image gives 1 where 3 is wanted. Plain descent shares the missing 2 fairly, one for $\theta_1$, one for $\theta_2$; likewise −1 and −1 below. B is perfect, and A, which used $\theta_1$
# and $\theta_4$, is spoilt: its loss goes from 0.5 (the noise of its labels, which nobody can learn) to **1.75**.
#
# With the guard, $\theta_1$ and $\theta_4$ are held, and the free ones do all the work: $\theta_2=2$, $\theta_3=-2$. **Both tasks are perfect.** Any λ > 0 leads there. That is the whole hope of the regularising family.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Five opinions on four weights
#
# A real Ω is no switch. Each method of the homework has its own idea of *matters*; here is each on task A, at $\theta^*=(1,0,0,3)$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### EWC: how steep is the loss?
#
# Kirkpatrick et al. (2017): move a weight, and see how fast A's loss rises. That is curvature, and for a likelihood it is the **Fisher information**, the mean of the squared gradients of the single examples:
#
# $$\Omega=\frac1N\sum_ng_n^2$$
#
# <details class="predict"><summary><b>Predict.</b> On θ<sub>1</sub> the four examples of A have the gradients 2, −2, 0, 0. What is the square of their mean, and what the mean of their squares?</summary><p>0 and 2. θ* is the minimum, so the mean gradient is 0 for every weight, and its square says nothing. Square first, then average.</p></details>

# %% slideshow={"slide_type": "-"}
g = gradients(star, J_A, y_A)
print(g + 0.0)
print("mean gradient:       ", g.mean(axis=0) + 0.0, "  (θ* is the minimum)")
fisher = (g**2).mean(axis=0)
print("Ω, mean of squares:  ", fisher)

# %% [markdown] slideshow={"slide_type": "-"}
# Example 1 gives $f_1=2$, one more than its label; times its brightness, 2, that is $g=2$. Example 2 gives −2, the others ±1 on $\theta_4$. They cancel, their squares do not: $\frac{4+4}4=2$ and $\frac{1+1}4=\frac12$. These are exactly the curvatures of
# $L_A=(\theta_1-1)^2+\frac14(\theta_4-3)^2+\frac12$. (This equality needs labels that scatter as the model believes. With labels that are fitted perfectly, every $g_n$ is 0, and so is this *empirical* Fisher: the better a task is learnt, the smaller it gets. The Fisher proper draws the labels from the model: Kunstner et al., 2019.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Bayes behind it.** What A has taught is the prior for B: $\log p(\theta\,|\,A,B)=\log p(B\,|\,\theta)+\log p(\theta\,|\,A)+\text{const}$. Nobody can keep the whole of $p(\theta\,|\,A)$, so put a bell curve around θ* in its place (Laplace): its logarithm is $-\frac N2\sum_iF_i(\theta_i-\theta^*_i)^2$ with the Fisher's diagonal. That is the guard; λ stands for the $N$ examples, and for all that a bell without slant gets wrong.
#
# Three choices are this course's: λ where the paper has λ/2; the data's labels; and one anchor, the latest θ*, with the Ω of all tasks added up. The paper pulls to the θ* of each task, with a penalty for each or their sum in one. Huszár (2018) showed that one is enough, and that it is the latest; *online EWC* (Schwarz et al., 2018) does so.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### MAS: how much does the output move?
#
# Aljundi et al. (2018) do without labels and loss: the gradient of the squared length of the output, absolute value for each example, then the mean.
#
# $$\Omega=\frac1N\sum_n\left|\frac{\partial\lVert f(x_n)\rVert^2}{\partial\theta}\right|=\frac1N\sum_n\left|2\,J_n^\top f(x_n)\right|$$

# %% slideshow={"slide_type": "-"}
mas = np.abs(2 * np.einsum("nok,no->nk", J_A, J_A @ star)).mean(axis=0)
print("Ω:", mas)

# %% [markdown] slideshow={"slide_type": "-"}
# Image 1: $2f_1x_1=2\cdot2\cdot2=8$, in two of four examples, mean **4**. The dim image: $2\cdot3\cdot1=6$, mean **3**. To MAS the two weights are nearly alike, since $f_2=3$ is a large output, and large outputs count more.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### SI: who earned the fall of the loss?
#
# Zenke et al. (2017) watch the weights *while they learn*. A step Δ changes the loss by about $g\cdot\Delta$, a sum over the weights, so each gets its own credit. Summed over the way it is a path integral:
#
# $$\omega_i=\sum_{\text{steps}}-g_i\,\Delta_i\;\approx\;-\int g_i\,d\theta_i\qquad\qquad\Omega_i=\frac{\omega_i}{(\theta_i^{end}-\theta_i^{start})^2+\xi}$$
#
# From $\theta=0$ down to $\theta^*$, 40 steps at rate ¼:

# %% slideshow={"slide_type": "-"}
theta, path, credits, walk = np.zeros(4), [np.zeros(4)], [np.zeros(4)], []
for _ in range(40):
    each = gradients(theta, J_A, y_A)
    gradient = each.mean(axis=0)
    step = -0.25 * gradient
    theta = theta + step
    path.append(theta)
    credits.append(credits[-1] - gradient * step)
    walk.append(((each**2).mean(axis=0), gradient, step))  # for RWalk, below
path, credits = np.array(path), np.array(credits)
si = np.maximum(credits[-1], 0) / ((path[-1] - path[0]) ** 2 + 0.1)
print("first step: g", walk[0][1] + 0.0, "\n            Δ", walk[0][2] + 0.0, "\n       credit", credits[1])
print("whole walk: ω", credits[-1].round(3), "\n            Ω", si.round(3))

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
guards.walk(lambda a, b: (a - 1) ** 2 + (b - 3) ** 2 / 4 + 0.5, path[:, [0, 3]], credits[:, [0, 3]])

# %% [markdown] slideshow={"slide_type": "subslide"}
# By hand: at 0, $g=(-2,0,0,-1.5)$, so $\Delta=(0.5,0,0,0.375)$ and the credits are 1 and 0.5625. $\theta_1$ halves its distance with each step: $\omega_1=1+\frac14+\frac1{16}+\dots=\frac43$. The loss really fell by 1 on its account and by 2.25
# on $\theta_4$'s: large steps overrate, the steep weight most. Divided by the squared way: **1.21** and **0.27**. For a parabola and tiny steps that is half the curvature: SI finds half of EWC's Ω, without a single extra pass over the data. Its price: noisy gradients earn
# credit, too, and a weight that had no need to move gets none.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### RWalk: both
#
# Chaudhry et al. (2018) walk as SI does, but measure the way as the Fisher does: what was earned, over the *distance in outputs* $\frac12F\,d^2$. In bouts of some steps each:
#
# $$F\leftarrow\alpha\,g^2+(1-\alpha)F\qquad s\leftarrow s+\mathrm{relu}\left(\frac{\omega}{\frac12F\,d^2+\varepsilon}\right)\qquad\Omega=\frac F{\max F}+\frac s{\max s}$$
#
# (Our batch is all of A, and its mean gradient fades to 0, so here the four $g_n$ are squared one by one. In the homework the noise of the batches keeps F alive.)

# %% slideshow={"slide_type": "subslide"}
F, score, earned, moved = walk[0][0], np.zeros(4), np.zeros(4), np.zeros(4)
for number, (squared, gradient, step) in enumerate(walk, start=1):
    F = 0.9 * squared + 0.1 * F
    earned, moved = earned - gradient * step, moved + step
    if number % 5 == 0:  # a bout of five steps is over
        score += np.maximum(earned / (0.5 * F * moved**2 + 0.1), 0)
        earned, moved = np.zeros(4), np.zeros(4)
rwalk = F / F.max() + score / score.max()
print("F:", F.round(3), "  s:", score.round(3), "  Ω:", rwalk.round(3))

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
guards.two_terms(F, score)

# %% [markdown] slideshow={"slide_type": "-"}
# F says *2 to ½*, as EWC does. The score says the reverse, *1.27 to 3.30*: $\theta_1$ had arrived after one bout, $\theta_4$ went on earning. Each over its largest, then added: **1.38** and **1.25**.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### SCP: keep the shape of the outputs
#
# Kolouri et al. (2020): hold the *distribution* of the outputs. Seen along one direction ξ – a **slice** – it is a row of numbers; ask which weights shift their mean $\xi\cdot\bar\varphi$, for many directions from the unit sphere:
#
# $$\Omega=\frac1L\sum_{l=1}^L\left(\frac{\partial\,(\xi_l\cdot\bar\varphi)}{\partial\theta}\right)^2\qquad\bar\varphi=\frac1N\sum_nf(x_n)$$
#
# Two outputs make the sphere a circle. Four directions by hand: (1, 0), (0, 1), (0.6, 0.8), (0.8, −0.6).

# %% slideshow={"slide_type": "-"}
xi = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, -0.6]])
mean_J = J_A.mean(axis=0)  # slope of the mean output, [2, 4]
print("slope of the mean output along θ1, θ4:", mean_J[:, [0, 3]].tolist())
scp = ((xi @ mean_J) ** 2).mean(axis=0)
print("Ω:", scp)

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
rng = np.random.default_rng(0)
rays = rng.standard_normal((24, 2))
guards.slices(rays / np.linalg.norm(rays, axis=1, keepdims=True), mean_J[:, [0, 3]])

# %% [markdown] slideshow={"slide_type": "subslide"}
# A nudge of $\theta_1$ shifts the mean output by (1, 0) – half of the images, brightness 2 –, one of $\theta_4$ by (0, ½). The squares of $\xi_1$ are 1, 0, 0.36 and 0.64, mean ½, so $\Omega_1=\frac12\cdot1=\mathbf{0.5}$ and $\Omega_4=\frac12\cdot\frac14=\mathbf{0.125}$. Average the slices first, and they
# would cancel: directions come from all sides.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why *Cramér*
#
# Along a slice the outputs are numbers, with a distribution function: $F(t)$ is the share of them up to $t$. **Cramér's distance** of two such is $\int(F-G)^2dt$. In more dimensions take its mean over all slices: it is 0 only between equal distributions, since a distribution is known when all its slices are (Cramér and Wold 1936).
#
# And why means? The area between $F$ and $G$, counted with its sign, *is* the difference of the means. Where a mean moves along a slice, the distribution has moved. (Not the other way round: a spread can change while all means stay. That Ω does not see.) Task A's four outputs along (0.6, 0.8), before and after $\theta_1$ goes from 1 to 1.5:

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
guards.cramer(*(J_A @ theta @ xi[2] for theta in (star, star + [0.5, 0, 0, 0])))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Side by side
#
# Each over its largest. All five see that pixels 2 and 3 are dark: $I=[1,0,0,1]$ is what they agree on. On how much $\theta_4$ matters beside $\theta_1$ they differ by a factor of four.

# %% slideshow={"slide_type": "-"}
omegas = {"EWC": fisher, "MAS": mas, "SI": si, "RWalk": rwalk, "SCP": scp}
for name, omega in omegas.items():
    written = "  ".join(f"{value:5.3f}" for value in omega)
    print(f"{name:6} Ω = {written}    Ω4 / Ω1 = {omega[3] / omega[0]:.2f}")

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
guards.four_pixels([("switch I", I), *((name, omega / omega.max()) for name, omega in omegas.items())], reach=1)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### When nothing is free
#
# What Ω really says shows when tasks *collide*. Let a task B′ want $\theta_1=2$ and $\theta_4=1$, with loss $\frac12(\theta_1-2)^2+\frac12(\theta_4-1)^2$, and no free weight to go to. Under the guard each weight ends between the two. Move λ: every method has its own road between B′ and A. Too small a λ forgets; too large a one cannot learn.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
guards.compromises(
    lambda a, b: ((a - 2) ** 2 + (b - 1) ** 2) / 2,
    star[[0, 3]],
    [2, 1],
    {name: omega[[0, 3]] / omega.max() for name, omega in omegas.items()},
    [0.01, 0.03, 0.1, 0.3, 0.5, 1, 3, 10, 100],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### λ on real digits
#
# The network of section 1, its 109,000 weights on springs of one and the same stiffness (Ω = 1: the crudest guard), 200 steps on B for each λ. No λ keeps both: a guard that cannot tell weights apart pays for all of A with all of B. What telling them apart is worth is in section 9.

# %% slideshow={"slide_type": "-"}
vector = torch.nn.utils.parameters_to_vector
for strength in (0, 0.01, 0.1, 0.3, 1, 10):
    torch.manual_seed(0)
    learn(net := copy.deepcopy(net_a), B, 200, [], lambda net: strength * (vector(net.parameters()) - flat).square().sum())
    print(f"λ = {strength:<5} A {accuracy(net, A.test):4.0%}   B {accuracy(net, B.test):4.0%}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: where the spring and the task agree
#
# One weight: the task pulls by $\frac12(\theta-b)^2$, the spring by $\lambda\Omega(\theta-\theta^*)^2$. Where is the minimum of their sum? With $b=2$, $\theta^*=1$, $\Omega=1$: 2 for $\lambda=0$, 1.5 for $\lambda=\frac12$.

# %% slideshow={"slide_type": "-"}
def meeting_point(b, star, omega, strength):
    """The θ at which the task's pull and the spring's cancel."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [((2.0, 1.0, 1.0, 0.5), 1.5), ((2.0, 1.0, 1.0, 0.0), 2), ((1.0, 3.0, 0.25, 2.0), 2)]
try_it(meeting_point, cases, [(5 / 3, "The spring's derivative has a 2: 2λΩ(θ − θ*)."), (3, "Divide by the sum of the two stiffnesses.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return (b + 2 * strength * omega * star) / (1 + 2 * strength * omega)</code></pre></details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The same opinions on 784 pixels
#
# One network – the homework's, 784-1024-512-256-10, ten epochs on all of MNIST, then everything a reference solution says about it. (The maps come with the package; computing them is your homework.) For each pixel, the Ω of its
# 1,024 weights added up.

# %% slideshow={"slide_type": "-"}
maps = load_importance_maps()
ink = data.train.images.float().mean(dim=0).numpy()  # how bright a pixel is on average
off_zero = normalise(data.train.images).mean(dim=0).abs().numpy()  # how far that input is from 0

ranks = [values.argsort().argsort() for values in (*maps.values(), ink, off_zero)]
correlation = np.corrcoef(ranks)  # of ranks: Spearman's
agreement = correlation[:5, :5]
print("rank correlation with   the ink   the mean input's distance from 0")
for name, row in zip(maps, correlation):
    print(f"{name:20} {row[5]:10.2f} {row[6]:22.2f}")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
guards.importance_maps(maps, agreement)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Yellow matters. All five put it where digits are written; below, how alike they *rank* the pixels (a rank correlation of 1: the same order).
#
# * **EWC, MAS, SI and RWalk agree**, 0.90 and more, though one looks at the loss, one at the outputs, two at the way there. Mostly they find where the ink is. SI and RWalk are nearly one map: both are credit on the same way.
# * **SCP is the odd one out**, 0.2. It averages the outputs *before* it looks at weights, so it asks how far a pixel's *mean* input is from 0. After normalising, that mean is 0 on a ring around the digits, as often bright as dark: the dark ring of its map. The table's
#   last column has it: 0.98.
#
# And yet all five work on permuted MNIST with similar success (section 9). Nobody has shown which Ω is *right*.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Who is right? The accuracy matrix
#
# After every task, test on *all* tasks: $R_{ij}$ is the accuracy on task $j$ after training task $i$. Every number that papers print is read off this square.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.matrix_map()

# %% [markdown] slideshow={"slide_type": "subslide"}
# In words, with the slides' two tasks as an example, $R=\begin{pmatrix}.95&.11\\.14&.96\end{pmatrix}$ (the last row is the slides', the first is made up):
#
# * **average accuracy**: the mean of the last row, (.14 + .96) / 2 = **.55**;
# * **forgetting**: for each earlier task its best accuracy so far minus the last one, .95 − .14 = **.81**;
# * **backward transfer**: the last row minus the diagonal, for earlier tasks, .14 − .95 = **−.81**. Negative: learning B harmed A. It can be positive, when B teaches something about A;
# * **learning accuracy**: the mean of the diagonal, (.95 + .96) / 2 = **.955**: how well each task was learnt when its turn came;
# * **forward transfer**: a task *before* its turn against an untrained network, .11 minus about .10: **.01**, nothing;
# * **intransigence**: what a network that may train on all tasks so far *together* reaches, minus the diagonal: what the guard cost in learning.
#
# A method that never learns anything new never forgets. So always look at two of these.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Measured: plain training, and all tasks together
#
# Five permuted tasks, `strategies.train` (a plain loop, to be read: `lifelong/strategies/training.py`). The references for intransigence are networks trained on tasks 1…j together.

# %% slideshow={"slide_type": "subslide"}
if FULL:
    settings = {"epochs": 1, "learning_rate": 1e-3}
    new_network = mlp
else:
    settings = {"epochs": 4, "learning_rate": 3e-3, "batch_size": 64}

    def new_network():
        return mlp((784, 128, 64, 10))


def trained(strategy, tasks):
    torch.manual_seed(0)
    return strategies.train(strategy, tasks, model=new_network(), **settings)


baseline = trained(strategies.Strategy(), tasks)
together = []
for count in range(1, 6):
    whole = strategies.Strategy()
    with redirect_stdout(io.StringIO()):
        joint = trained(whole, [joint_task(tasks[:count])])
    together.append(accuracy(whole.model, tasks[count - 1].test))
print(f"learning accuracy  {learning_accuracy(baseline.matrix):7.1%}")
print(f"average accuracy   {baseline.average[-1]:7.1%}   (together {joint.average[-1]:.1%})")
print(f"forward transfer   {forward_transfer(baseline.matrix, baseline.initial):7.1%}")
print(f"intransigence      {intransigence(baseline.matrix, together):7.1%}")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
plots.accuracy_matrices([baseline])

# %% [markdown] slideshow={"slide_type": "-"}
# Read it row by row: a new task is bright on the diagonal, and pales in the rows below. Above the diagonal is guessing: one shuffling of pixels teaches nothing about another. Plain training is not intransigent: it learns each
# new task about as well as anybody; it just does not keep it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Three scenarios
#
# Van de Ven and Tolias (2019) cleared up a confusion: papers differed in **what is known of the task when an answer is asked for**. MNIST in five tasks of two digits, (0, 1), (2, 3) …; after them, an image of a "3" is shown:
#
# | scenario | told the task? | the question | right |
# |---|---|---|---|
# | **task-incremental** | yes, the second | is it 2 or 3? | 3 |
# | **domain-incremental** | no, and need not say | first or second of its pair? | second |
# | **class-incremental** | no | which of the ten digits? | 3 |
#
# Permuted MNIST of the homework is domain-incremental: ten answers, whatever the permutation. Which outputs compete is all the difference there is in the code (`lifelong/strategies/scenarios.py`):

# %% slideshow={"slide_type": "-"}
asked = {kind: scenarios.split_mnist(data, kind) for kind in ("task", "domain", "class")}
print("after task 5, an image of task 2: which outputs compete?")
for kind, scenario in asked.items():
    print(f"{kind:7}", scenario.competing[4, 1].nonzero().flatten().tolist())

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details class="predict"><summary><b>Predict.</b> Plain training through all five pairs. How many of the images does it get right in the end, task-, domain- and class-incremental?</summary><p>Class: one fifth, the last pair, for nothing ever rewards the outputs of old pairs. Task: most, since the others' outputs do not compete. Domain: between, with ten digits on two answers.</p></details>

# %% slideshow={"slide_type": "-"}
few_images = {"epochs": 4, "learning_rate": 2e-3, "batch_size": 64}
print("average accuracy    task  domain   class")
for make in (strategies.Strategy, strategies.LwF, lambda: strategies.ICaRL(memory=200)):
    row = []
    for scenario in asked.values():
        torch.manual_seed(0)
        net = mlp((784, 128, scenario.competing.shape[-1]))
        with redirect_stdout(io.StringIO()):
            history = strategies.train(make(), scenario, model=net, **few_images)
        row.append(float(history.average[-1]))
    print(f"{history.name:16}" + "".join(f"{value:8.1%}" for value in row))

# %% [markdown] slideshow={"slide_type": "-"}
# The same images, the same network, the same training. With an output pair for each task, and told which, there is next to no forgetting. Class-incremental plain training only knows the last pair: one fifth is right. LwF, without any image, hardly
# helps here; iCaRL with 200 images in memory does. So **a paper's accuracy without its scenario says nothing**.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Methods that look back
#
# Five more, each a module of a hundred lines in `lifelong/strategies/`. Each may keep 500 images in all, a hundred a task, or none.
#
# ### LwF: be true to your old answers
#
# Li and Hoiem (2016) keep no image. Before a new task is learnt, the old network answers its images, and these answers are learnt along with the new labels, softened by a temperature $T=2$:
#
# $$L=\text{cross-entropy}(f(x),y)\;+\;\lambda\cdot\left(-\sum_k p^{old}_k\log p_k\right)\qquad p=\mathrm{softmax}(f(x)/T)$$
#
# With a head for each task that is a fine idea. With one head, as here, the same ten outputs are to say "3" and also what the old network took the shuffled pixels for. It holds on to noise.

# %% slideshow={"slide_type": "-"}
runs = {"Baseline": baseline}
kept = {"Baseline": 0}


def try_out(strategy):
    """Train a strategy on the five tasks, and note what it keeps."""
    history = trained(strategy, tasks)
    runs[history.name], kept[history.name] = history, strategies.extra_bytes(strategy)
    return strategy


try_out(strategies.LwF());

# %% [markdown] slideshow={"slide_type": "slide"}
# ### iCaRL: keep the most telling ones
#
# Rebuffi et al. (2017) share a memory of $K$ images among all classes. Which? **Herding**: take, one by one, the image that brings the mean of the chosen ones nearest to the mean of the whole class, as the last hidden layer sees
# them. These exemplars are replayed, and they *are* the classifier: an image gets the label of the nearest mean.
#
# On permuted MNIST every digit of every task is a class of its own; 50 classes, ten exemplars each. Those of the first task, the first chosen at the left:

# %% slideshow={"slide_type": "-"}
icarl = try_out(strategies.ICaRL(memory=500))

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.digits([(f"“{digit}”", icarl.exemplars[digit]) for digit in range(0, 10, 2)], 10)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### GEM: never uphill for anybody
#
# Lopez-Paz and Ranzato (2017) keep a few images of each task, not to train on, but to *ask*: would this step raise the loss there? A step along $-g$ does if $\langle g,g_k\rangle<0$, where $g_k$ is the gradient on the images kept of task $k$. If so,
# take the nearest direction that harms nobody:
#
# $$\tilde g=\arg\min_z\tfrac12\lVert z-g\rVert^2\quad\text{with}\quad\langle z,g_k\rangle\ge0\text{ for every old task }k$$
#
# **A-GEM** (Chaudhry et al., 2019) is content if the *average* over the memories does not rise: one gradient $r$ in place of one a task, and a formula in place of a quadratic program: $\tilde g=g-\frac{\langle g,r\rangle}{\langle r,r\rangle}r$ if $\langle g,r\rangle<0$.
#
# <details class="predict"><summary><b>Predict.</b> A-GEM with g = (1, 0) and r = (−1, 1). What is left of g?</summary><p>⟨g, r⟩ = −1 is negative and ⟨r, r⟩ = 2, so ½ r is added: (½, ½). At a right angle to r: to first order the old loss stays as it is.</p></details>

# %% slideshow={"slide_type": "subslide"}
old = torch.tensor([[1.0, 0.15], [0.1, 0.9]])
turns = torch.deg2rad(torch.arange(0, 360, 15))
news = torch.stack([turns.cos(), turns.sin()], dim=1)
by_gem = torch.stack([gem.nearest(g, old) for g in news])
by_agem = torch.stack([agem.project(g, old.mean(dim=0)) for g in news])
for name, vectors in (("GEM", by_gem), ("A-GEM", by_agem)):
    least = round((vectors @ old.T).min().item(), 4) + 0.0
    print(f"{name:6} smallest inner product with an old gradient: {least}")
by_hand = agem.project(torch.tensor([1.0, 0]), torch.tensor([-1.0, 1]))
print("A-GEM by hand, g = (1, 0), r = (−1, 1):", by_hand.tolist())

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
replay.projections(old, news, {"GEM": by_gem, "A-GEM": by_agem})

# %% [markdown] slideshow={"slide_type": "-"}
# Grey wedge: directions in which no old loss rises. Where $g$ lies inside, nothing is done. Outside, GEM goes to the nearest edge of the wedge, at worst to 0; A-GEM only keeps to one side of a line, and may still leave the wedge: one task
# pays for another.

# %% slideshow={"slide_type": "-"}
try_out(strategies.GEM(memory=100))
try_out(strategies.AGEM(memory=100));

# %% [markdown] slideshow={"slide_type": "slide"}
# ### DGR: dream of the old tasks
#
# Shin et al. (2017) keep no image either, but a **generator** (here a small variational autoencoder) that learns to make images like those it has seen. When a new task comes, the old generator dreams up old images, the old network says what they show, and both
# train the new pair. How much old against new counts is left open there; here all tasks count the same, as in van de Ven and Tolias (2019). With $k$ tasks so far, the loss is
#
# $$L=\tfrac1k\,L_{new}+\big(1-\tfrac1k\big)\,L_{dreamt}$$
#
# Each generator also learns from the dreams of the one before: copies of copies, so they fade.

# %% slideshow={"slide_type": "subslide"}
def smoothest(images, count=10):
    """The images whose neighbours are most alike: a digit is smooth in its own order of pixels only."""
    grid = images.reshape(-1, 28, 28)
    rough = grid.diff(dim=1).abs().sum(dim=(1, 2)) + grid.diff(dim=2).abs().sum(dim=(1, 2))
    return images[(rough / images.sum(dim=1)).argsort()[:count]]


class DGR(strategies.DGR):
    def end_task(self, train):
        super().end_task(train)
        self.first_dreams = self.first_dreams if self.task else self.generator.sample(10)


dgr = try_out(DGR() if FULL else DGR(steps=200, batch_size=64, learning_rate=2e-3))
dreams = dgr.generator.sample(2000)
put_back = move_pixels(dreams, tasks[4].permutation.argsort())

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.digits(
    [
        ("after task 1", dgr.first_dreams),
        ("after task 5:\ntask 1", smoothest(dreams)),
        ("after task 5:\ntask 5, pixels\nput back", smoothest(put_back)),
    ]
)

# %% [markdown] slideshow={"slide_type": "-"}
# Dreams, not memories: none of these digits has ever been written. The middle row has been passed on through four generations of generators.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### All in one table
#
# What has been trained in this notebook, on its small budget:

# %% slideshow={"slide_type": "-"}
print("             learnt    kept at the end   memory, MB   seconds")
for name, history in runs.items():
    learnt, end = learning_accuracy(history.matrix), history.average[-1]
    print(f"{name:10} {learnt:8.1%} {end:12.1%} {kept[name] / 1e6:14.1f} {history.seconds:12.1f}")
all_images = sum(task.train.images.numel() for task in tasks) / 1e6
print(f"{'together':19} {joint.average[-1]:12.1%} {all_images:14.1f} {joint.seconds:12.1f}")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
families = {"LwF": "regularisation", "iCaRL": "replay", "GEM": "gradients turned", "A-GEM": "gradients turned", "DGR": "replay"}
replay.purchase(
    [(name, families.get(name, "none"), float(history.average[-1]), kept[name] / 1e6) for name, history in runs.items()]
    + [("together", "bound", float(joint.average[-1]), all_images)]
)

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
plots.accuracy_matrices(list(runs.values()))

# %% [markdown] slideshow={"slide_type": "subslide"}
# **All methods, one budget.** Five permuted tasks of 10,000 images, one epoch each, the homework's network, Adam at 1e-3. A recorded run of `python -m benchmarks.strategies`, not made here; one seed, so two points more or less mean little. *Memory*: what is kept beside the
# network from task to task. Seconds of one processor core.
#
# | method | average accuracy, % | forgetting, % | memory, MB | seconds | labels, but to train on | passes when a task is over |
# |---|---|---|---|---|---|---|
# | Baseline | 75.0 | 20.8 | 0.0 | 10 | – | – |
# | EWC | 89.2 | 3.0 | 11.7 | 11 | the data's | one, a gradient per example |
# | MAS | 90.2 | 1.2 | 11.7 | 11 | no | one, a gradient per example |
# | SI | 89.8 | 1.5 | 23.4 | 11 | no | – |
# | RWalk | 89.5 | 2.1 | 41.0 | 13 | no | – |
# | SCP | 89.9 | 1.7 | 11.7 | 18 | no | one, and a gradient per slice |
# | LwF | 73.6 | 24.1 | 0.0 | 11 | no | one, for the old answers |
# | iCaRL | 90.1 | 0.8 | 1.6 | 14 | yes | one, for the means |
# | GEM | 90.9 | 1.3 | 1.0 | 29 | yes | – |
# | A-GEM | 89.2 | 3.3 | 1.0 | 15 | yes | – |
# | DGR | 85.5 | 6.9 | 2.7 | 74 | no | the generator's own training |
# | all tasks together | 93.1 |  | 39.2 | 6 |  |  |

# %% [markdown] slideshow={"slide_type": "subslide"}
# And what this notebook gives with `FULL = True`: all 60,000 images a task, one epoch, 500 images kept; nine minutes of one core.
#
# | | Baseline | LwF | iCaRL | GEM | A-GEM | DGR | together |
# |---|---|---|---|---|---|---|---|
# | average accuracy, % | 69.4 | 68.1 | 94.5 | 91.9 | 92.7 | 93.0 | 96.6 |
# | seconds | 28 | 34 | 45 | 91 | 69 | 105 | 30 |
#
# What to read from both:
#
# * **All but one hold on.** LwF does not: with one head its two answers are about the same ten outputs.
# * **Nobody reaches *together***, the bound; and *together* keeps every image.
# * **Memory is not what one thinks.** Ω and θ* are two numbers for each of 1.46 million weights, 12 MB (SI keeps four, RWalk seven); a megabyte of images does as well.
# * **Time**: a spring costs nothing. GEM pays a gradient for each old task in every step, A-GEM one; DGR trains a second network.
# * **Settings count as much as methods.** The homework's run, ten epochs at a tenth of this learning rate, ends at 81.8 % without any method, and at 95.5 % with MAS.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · Frameworks still say *train, validate, test*
#
# Every framework of the last unit has one loop in its heart: a data set, shuffled; train on it, look at a second part, report on a third. The loop ends. Count what lifelong learning needs and has no place there:
#
# | lifelong learning needs | train–validate–test offers |
# |---|---|
# | a *sequence* of data sets, each gone when the next comes | one loader, again and again |
# | an event "a task is over", with hooks | epochs |
# | state beside the weights: Ω, θ*, memories, generators, in checkpoints, too | the model's and the optimiser's `state_dict` |
# | access to $g$ *before* it is mixed with a penalty, and to Δ after the step | `loss.backward(); optimizer.step()` |
# | a new optimiser for each task, or a reason to keep the old one | one optimiser |
# | outputs that grow, outputs that do not compete | a head of fixed size |
# | a test on all tasks after each: a matrix | a number |
# | tuning λ without looking at tasks to come | a validation set of the same distribution |
#
# The last line is no detail: who tunes on the end of the sequence has looked into the future. (`partial_fit` of scikit-learn is the old exception: a model that takes what comes.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Avalanche
#
# **Avalanche** (Lomonaco et al., 2021; ContinualAI) is built the other way round, on PyTorch. *Benchmarks* are streams of **experiences**; *strategies* are training loops with places for *plugins* (EWC, SI, LwF, GEM, replay …); *evaluation* runs over the whole
# stream. The tasks of section 7 in Avalanche's words. Where it is not installed (in Colab, `pip install avalanche-lib`), the cell shows what it gave us:

# %% slideshow={"slide_type": "-"}
if find_spec("avalanche"):
    from avalanche.benchmarks import benchmark_from_datasets
    from avalanche.benchmarks.utils import as_classification_dataset
    from avalanche.training import EWC

    def as_experience(split):
        pairs = torch.utils.data.TensorDataset(normalise(split.images), split.labels)
        pairs.targets = split.labels.tolist()
        return as_classification_dataset(pairs)

    benchmark = benchmark_from_datasets(train=[as_experience(task.train) for task in tasks])
    torch.manual_seed(0)
    net = mlp((784, 128, 64, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    plan = {"ewc_lambda": 1000, "train_mb_size": 64, "train_epochs": 4, "evaluator": None}
    strategy = EWC(model=net, optimizer=optimizer, criterion=torch.nn.CrossEntropyLoss(), **plan)
    for experience in benchmark.train_stream:  # the data of earlier experiences are gone
        strategy.train(experience)
    print(f"average accuracy {np.mean([accuracy(net, task.test) for task in tasks]):.1%}")
else:
    print("Avalanche 0.6.0, recorded in November 2026: average accuracy 87.5%")

# %% [markdown] slideshow={"slide_type": "-"}
# `lifelong.run` and `strategies.train` are the same idea in a hundred lines each, to be read in an evening. For research, take Avalanche: it has dozens of methods and benchmarks. Its idea of an *experience* is what the frameworks
# of the last unit lack: "frameworks enable and restrict the ideas".

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 11 · Open questions
#
# * **Is a fixed sequence of clean tasks the right problem?** Nobody rings a bell when the world changes. Task-free and online variants are harder, and closer to use.
# * **Why is plain replay so hard to beat?** GDumb (Prabhu et al., 2020) fills a memory as images come, trains on it from scratch when asked, and beats many methods that were made for the purpose.
# * **Can a diagonal be enough?** One number a weight ignores that weights matter together. And after many tasks everything matters: Ω adds up until nothing can move.
# * **Class-incremental without any memory**: nothing that guards weights alone comes near replay (van de Ven and Tolias, 2019). Does it have to be so? Perfect continual learning needs perfect memory, in the worst case (Knoblauch et al., 2020).
# * **Forward transfer.** Not forgetting is the smaller half. A learner should get *better at learning*; in permuted MNIST there is nothing to transfer, so it cannot even be seen.
# * **Large pretrained networks** forget less, the larger the less (Ramasesh et al., 2022). What is a task to a model that has seen the web?
# * **The right to be forgotten.** What if forgetting one thing, and that alone, is the task?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 12 · What to take home
#
# * Forgetting has one cause: the new loss does not mention the old task. It is no lack of room: θ* is not unique.
# * Three families: examples again, springs on weights, parts of their own.
# * One spring for all: $\lambda\sum\Omega(\theta-\theta^*)^2$. EWC: curvature of the loss. MAS: motion of the output. SI: credit on the way. RWalk: Fisher plus credit. SCP: motion of the mean, slice by slice.
# * GEM turns gradients, iCaRL keeps the telling ones, DGR dreams, LwF stays true to its answers.
# * Ask first: which scenario, what may be kept, which metrics (always two).
#
# **In the homework** you write `permute`, the metrics, the spring and all five Ω for real networks, and train them on permuted MNIST.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>The matrix R has the rows (.9, .1) and (.7, .8). Average accuracy, forgetting, backward transfer, learning accuracy?</summary><p>(.7 + .8) / 2 = .75; .9 − .7 = .2; .7 − .9 = −.2; (.9 + .8) / 2 = .85.</p></details>
#
# <details><summary>A paper reports forgetting 0 and backward transfer 0 after five tasks. Is it good?</summary><p>It may be a network that learnt nothing. Ask for the average or the learning accuracy, and for the scenario.</p></details>
#
# <details><summary>A task is learnt perfectly, each label with certainty. Which of the five Ω is 0, and which is not?</summary><p>EWC's with the data's labels: every single gradient is 0. MAS and SCP look at outputs, SI and RWalk's score at the way there; those remain.</p></details>
#
# **Stretch.** Plain replay: keep 500 images in all by *reservoir sampling*, and mix as many old as new ones into every batch. A `strategies.Strategy` of some twenty lines; `lifelong/strategies/agem.py` shows the places. Put it into the table with `try_out`. Does it beat A-GEM?
