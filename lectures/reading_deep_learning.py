# %% [markdown] slideshow={"slide_type": "slide"}
# # Reading: what deep learning is, and why now
#
# **Most ideas in a deep network are older than its students. What is new is that it works.** This page says what the words mean, why it took so long,
# why high dimensions should have made it hopeless, and who was there before.
#
# * **Goals**: say what depth adds to learning, and what data, dimension and labels have to do with it; know the ancestors by what they did.
# * **You need**: a training loop in PyTorch; *autodiff* helps.
# * **Time**: about 40 minutes, one line of your own in it. Run the cells from the top; nothing takes longer than some seconds.
# * **Where it leads**: to *Reading: architectures* and *Reading: how networks are trained*.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import numpy as np
import torch
from torch import nn

from lifelong import load_mnist
from lifelong.checks.try_it import try_it
from lifelong.plots import reading as figures

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · What it is
#
# * **Artificial intelligence**: machines that do what takes thought in us. Rules written by hand count.
# * **Machine learning**: the rules come from examples. A person still says what to look at (*features*).
# * **Representation learning**: what to look at is learned, too.
# * **Deep learning**: representations of representations, many layers, all of them learned at once by one gradient.
#
# So a deep network is a **composition of simple functions with adjustable numbers**, $f_L(\dots f_2(f_1(x)))$, and training turns the numbers a little,
# millions of times, in the direction that *Autodiff* computes; Goodfellow, Bengio and Courville (2016) is the book on it. (The deck of 2020 sets the hype of its day, warnings by Hawking and Musk included, against what worked: vision, speech and translation, nearly all of it *supervised*. Robots and learning from rewards were behind.) Do learned layers help? 2,000 digits, the same training, with nothing between pixels and answer, and with two learned layers
# (convolutions, the subject of *Reading: architectures*) between them:

# %% slideshow={"slide_type": "subslide"}
digits = load_mnist(embedded=True)
x, y = digits.train.images.float() / 255, digits.train.labels
x_test, y_test = digits.test.images.float() / 255, digits.test.labels


def train(model, inputs, labels, epochs=8):
    """Plain mini-batch training with Adam; returns the test accuracy."""
    torch.manual_seed(0)
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    for _ in range(epochs):
        for rows in torch.randperm(len(inputs)).split(40):
            loss = nn.functional.cross_entropy(model(inputs[rows]), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        return (model(x_test).argmax(1) == y_test).float().mean().item()


def shallow():
    torch.manual_seed(1)
    return nn.Linear(784, 10)


def deep():
    torch.manual_seed(1)
    features = [nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(nn.Unflatten(1, (1, 28, 28)), *features, nn.Flatten(), nn.Linear(256, 10))


models = {"weights on pixels": shallow, "learned layers": deep}
right = {name: train(make(), x, y) for name, make in models.items()}
print("of the test digits:", {name: f"{share:.1%}" for name, share in right.items()})

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Why now: data, compute, algorithms, architectures
#
# | ingredient | then | now |
# |---|---|---|
# | **data** | MNIST, 1998: 70,000 digits | ImageNet: 3.2 million labelled images in 2009, 14 million in 2014 (Russakovsky et al. 2015); COCO, 2014: 328,000 images, in which 2.5 million objects are outlined |
# | **compute** | less than 10⁹ operations a second | a GPU: 10¹³ and more (*CUDA*, section 1) |
# | **algorithms** | sigmoids, plain gradient descent | ReLU, good starts, momentum and Adam, dropout, batch norm (*Reading: how networks are trained*) |
# | **architectures** | fully connected, few layers | convolutions, gates, skip connections, attention (*Reading: architectures*) |
#
# And a fifth that is easily forgotten: **frameworks** that made all of it a line of code (*Framework history*).
#
# Inputs collect themselves; **labels** do not. Companies keep large private data sets, searches, photos, what a car's cameras see, and whole teams label them, or crowds paid by the piece: ImageNet was labelled by way of Amazon Mechanical Turk (Deng et al. 2009). A supervised network costs its labels; a lifelong learner meets most of its data without.

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.data_sets()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### More data, measured
#
# The same two models, on the first 50, 150, 500 and 2,000 digits.
#
# <details class="predict"><summary><b>Predict.</b> Which errs less on 50 digits, which on 2,000?</summary><p>On few examples the simple one is about as good, which is why networks had to wait for data. Then the line on pixels flattens: more data does not teach it what it cannot say. The network goes on falling.</p></details>

# %% slideshow={"slide_type": "-"}
sizes = [50, 150, 500, 2000]
errors = {
    name: [1 - train(make(), x[:size], y[:size], epochs=max(8, 3000 // size)) for size in sizes[:-1]] + [1 - right[name]]
    for name, make in models.items()
}
print("errors:", {name: f"{values[0]:.0%} → {values[-1]:.0%}" for name, values in errors.items()})

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.learning_curves(sizes, errors)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The curse of dimensionality
#
# "Look at similar examples and do what they did." That is nearest neighbour, and in one dimension nothing beats it. Now let the dimension grow. To have a
# neighbour within a tenth of the range on every axis, you need about $10^d$ examples: 10 on a line, 100 in a square, $10^{784}$ for images of 28 × 28 pixels.
# Richard Bellman named it in the 1950s.
#
# Measured with 500 random points in a cube: how far is the nearest of them, compared with the farthest?
#
# <details class="predict"><summary><b>Predict.</b> On a line the nearest is a thousandth as far as the farthest. In 10 dimensions, in 784?</summary><p>About a third in 10, and nine tenths in 784: all points are about equally far, and “the nearest” says little.</p></details>

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(0)
dimensions = [1, 2, 5, 10, 20, 50, 100, 200, 500, 784]


def nearest_over_farthest(dimension, points=500):
    cloud, centre = rng.uniform(size=(points, dimension)), rng.uniform(size=dimension)
    distances = np.linalg.norm(cloud - centre, axis=1)
    return distances.min() / distances.max()


contrast = [np.mean([nearest_over_farthest(d) for _ in range(10)]) for d in dimensions]
for d, ratio in zip(dimensions, contrast):
    print(f"{d:4} dimensions: the nearest is at {ratio:5.1%} of the farthest's distance")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.curse(dimensions, contrast)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why learning works all the same
#
# Images of digits do not fill the cube. Random pixels never look like a 3; a 3 can be slanted, thick, wide – a few ways to move, not 784. How many? Ask each image for the
# distances $r_1,r_2$ to its two nearest neighbours. In $d$ dimensions $\log(r_2/r_1)$ is $1/d$ on average (Facco et al. 2017), whatever the density:
#
# <details class="predict"><summary><b>Predict.</b> 2,000 digits, and 2,000 images of noise, both of 784 pixels. How many dimensions does each seem to have?</summary><p>The digits about 13. The noise about 165, though it fills all 784: 2,000 points are far too few to have neighbours in every direction, so the estimate falls short.</p></details>

# %% slideshow={"slide_type": "-"}
def intrinsic_dimension(points):
    """The two-neighbours estimate for points [N, D]."""
    distances = torch.cdist(points.double(), points.double())
    nearest = distances.topk(3, largest=False).values[:, 1:]  # without the point itself
    return (len(points) / torch.log(nearest[:, 1] / nearest[:, 0]).sum()).item()


noise = torch.rand(2000, 784, generator=torch.Generator().manual_seed(0))
plane = torch.rand(2000, 2, generator=torch.Generator().manual_seed(0)) @ noise[:2]
kinds = {"a plane in 784 dimensions": plane, "digits": x, "noise": noise}
measured = {name: intrinsic_dimension(points) for name, points in kinds.items()}
print({name: f"about {dimension:.0f}" for name, dimension in measured.items()})

# %% [markdown] slideshow={"slide_type": "-"}
# (Noise is far above, and with more points it would come out higher still.) So digits are a thin, bent sheet in a large space. A network's layers unbend it until a plane can cut it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Learned hierarchies: why deep
#
# Pixels make edges, edges make corners, corners make eyes, eyes make faces. Each layer says in few words what took the layer below many – and says it once, for all that use it. Text goes from characters to words, clauses and stories, speech from samples to phones and words; and our own visual
# pathway has stages, too: retina, LGN, V1, V2, V4 and the inferior temporal cortex (PIT, AIT). Zeiler and Fergus (2014) made a network's stages visible. Two signs that they are abstractions:
#
# * **Concept arithmetic**: among learned features, *man with glasses* − *man* + *woman* is drawn as a woman with glasses (Radford et al. 2016). It does not always work so well.
# * **Style transfer**: keep what deep layers say of a photograph (its content), and how often the channels of each layer fire together in a painting (its style) (Gatys et al. 2016).
#
# How much depth saves can be drawn. One small layer folds the line in half: the tent. Apply the *same* layer again, and what was one fold is two, four, eight. Depth $k$ makes $2^k$
# pieces from $2k$ neurons; a single layer needs a neuron for every piece (Telgarsky 2016).
#
# <details class="predict"><summary><b>Predict.</b> Five tents, one behind the other: how many neurons, how many pieces? And how many neurons does one layer need for that?</summary><p>10 neurons and 32 pieces; one layer needs 32. At twenty tents it is 40 against a million.</p></details>

# %% slideshow={"slide_type": "subslide"}
def relu(z):
    return np.maximum(z, 0)


def tent(z):
    """One layer of two neurons: up to 1 at ½, down to 0 at 1."""
    return 2 * relu(z) - 4 * relu(z - 0.5)


def pieces(values):
    """How many straight pieces a sampled function has."""
    slopes = np.sign(np.diff(values))
    return 1 + int((slopes[1:] != slopes[:-1]).sum())


line = np.linspace(0, 1, 2**10 + 1)
folds, value = [], line
for depth in range(1, 6):
    value = tent(value)
    folds.append(value)
    print(f"depth {depth}: {2 * depth:2} neurons, {pieces(value):2} pieces; one layer would need {pieces(value)} neurons")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.folds(line, folds[:4])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Who was there before
#
# | year | what | why it matters |
# |---|---|---|
# | 1943 | McCulloch, Pitts: a neuron as a threshold | logic out of neurons; nothing is learned |
# | 1958 | Rosenblatt: the **perceptron** | a rule that learns it from examples |
# | 1969 | Minsky, Papert: what one layer cannot do | XOR; the first winter |
# | 1970–86 | reverse accumulation, **backpropagation** | layers below the last one learn (*Autodiff*, section 6) |
# | 1977 | Dempster, Laird, Rubin: **EM** | learn while a part of the data is hidden |
# | 1980 | Fukushima: the **Neocognitron** | local filters and pooling by turns, after Hubel and Wiesel's cat; learned layer by layer, without a gradient |
# | 1984–86 | Breiman et al. (CART), Quinlan (ID3): **decision trees** | questions in place of sums; many trees together (forests, boosting) are still hard to beat on tables (Grinsztajn et al. 2022) |
# | 1989 | LeCun et al.: a convolutional network for digits | the Neocognitron's shape, backpropagation's training |
# | 1995 | Cortes, Vapnik: support vector machines | as good as networks on the data of their time, with less to tune; the second winter |
# | 1997 | Hochreiter, Schmidhuber: **LSTM** | memory that survives many steps |
# | 2009 | Raina et al.; ImageNet | GPUs; data |
# | 2012 | Krizhevsky, Sutskever, Hinton | both, and a deep convolutional network: from here on everybody knew |
# | 2015 | He et al.: residual networks | more than a hundred layers |
# | 2017 | Vaswani et al.: attention alone | the Transformer |
#
# Three of them fit on a slide each.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The perceptron, 1958
#
# If the answer is wrong, add the example to the weights (or take it away). That is all; if a straight line can separate the classes, this finds one. For XOR there is none, and it turns
# in circles for ever.
#
# <details class="predict"><summary><b>Predict.</b> XOR has four examples. How many of them are answered wrongly in a round, once the rule has gone astray?</summary><p>All four, in each round: every correction spoils the answer that was corrected before it.</p></details>

# %% slideshow={"slide_type": "-"}
def perceptron(points, signs, rounds=50):
    """Weights [3] (the last is the threshold), and how many answers were wrong in each round."""
    weights, wrong = np.zeros(3), []
    inputs = np.c_[points, np.ones(len(points))]
    for _ in range(rounds):
        mistakes = 0
        for row, sign in zip(inputs, signs):
            if sign * (weights @ row) <= 0:
                weights, mistakes = weights + sign * row, mistakes + 1
        wrong.append(mistakes)
        if not mistakes:
            break
    return weights, wrong


cloud = rng.normal(size=(60, 2))
cloud = cloud[np.abs(cloud @ [1, 0.6] - 0.2) > 0.25]  # leave a gap
side = np.sign(cloud @ [1, 0.6] - 0.2)
corners, xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-1, 1, 1, -1])
weights, wrong = perceptron(cloud, side)
print("separable: wrong answers in each round", wrong)
print("XOR:       wrong answers in each round", perceptron(corners, xor, 12)[1])

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### EM, 1977
#
# Heights of two kinds of plants, and nobody wrote down which is which. **E**: how likely is each of the first kind, as far as we know? **M**: take means and spreads with these shares.
# Again. The likelihood never falls – not by luck, by proof.

# %% slideshow={"slide_type": "-"}
heights = np.concatenate([rng.normal(20, 3, 150), rng.normal(33, 4, 250)])
share, mean, spread, likelihoods = np.array([0.5, 0.5]), np.array([15.0, 25.0]), np.array([8.0, 8.0]), []
for _ in range(30):
    density = share * np.exp(-(((heights[:, None] - mean) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
    likelihoods.append(np.log(density.sum(1)).sum())
    member = density / density.sum(1, keepdims=True)  # E
    count = member.sum(0)  # M, three lines
    share, mean = count / len(heights), (member * heights[:, None]).sum(0) / count
    spread = np.sqrt((member * (heights[:, None] - mean) ** 2).sum(0) / count)
assert all(np.diff(likelihoods) > -1e-6)
print("shares", share.round(2), "  means", mean.round(1), "  spreads", spread.round(1), "  (drawn: 0.38, 0.62; 20, 33; 3, 4)")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: how mixed a heap is
#
# A tree asks what leaves its heaps least mixed. **Gini's impurity** says how likely two draws, the first put back, are of different classes; $p_c$ is the share of class $c$: $1-\sum_c p_c^2$.

# %% slideshow={"slide_type": "-"}
def gini(shares):
    """The impurity of a heap, from the shares of its classes."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [(([1.0],), 0.0), (([0.5, 0.5],), 0.5), (([0.25, 0.25, 0.25, 0.25],), 0.75)]
try_it(gini, cases, [(1.0, "That is how likely both are of one class, or the sum of the shares: take the squares away from 1.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return 1 - sum(share**2 for share in shares)</code></pre></details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Decision trees, 1984
#
# Ask the yes-no question that sorts best, then ask each half again. XOR, which stopped the perceptron, takes two questions – although the first of them helps nothing by itself. No gradient, no scaling of inputs, and an answer that
# can be read aloud.

# %% slideshow={"slide_type": "subslide"}
def grow(points, labels, depth):
    """A tree: a label, or (axis, threshold, tree below, tree above); splits leave the least impurity (Gini's)."""
    if depth == 0 or len(set(labels)) == 1:
        return max(set(labels), key=list(labels).count)
    best = None
    for axis in range(points.shape[1]):
        for threshold in np.unique(points[:, axis])[1:]:
            below = points[:, axis] < threshold
            halves = [labels[below], labels[~below]]
            impurity = sum(len(half) * (1 - sum(np.mean(half == label) ** 2 for label in set(half))) for half in halves)
            if best is None or impurity < best[0]:
                best = impurity, axis, threshold, below
    _, axis, threshold, below = best
    return axis, threshold, grow(points[below], labels[below], depth - 1), grow(points[~below], labels[~below], depth - 1)


def ask(tree, point):
    while isinstance(tree, tuple):
        tree = tree[2] if point[tree[0]] < tree[1] else tree[3]
    return tree


tree = grow(corners, xor, depth=2)
print("XOR by a tree:", [int(ask(tree, corner)) for corner in corners], " wanted:", xor.tolist())

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.ancestors(cloud, side, weights, heights, (share, mean, spread), lambda point: ask(tree, point))

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
# What this page says, held to what it has just measured.
assert errors["learned layers"][-1] < 0.7 * errors["weights on pixels"][-1]
assert contrast[0] < 0.05 and contrast[-1] > 0.8
assert 1.5 < measured["a plane in 784 dimensions"] < 2.5 and 8 < measured["digits"] < 20 < 100 < measured["noise"]
assert [pieces(value) for value in folds] == [2, 4, 8, 16, 32]
assert wrong[-1] == 0 and [ask(tree, corner) for corner in corners] == xor.tolist()
assert abs(mean - [20, 33]).max() < 2

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>A friend finds similar photographs by the distance of their pixels. What goes wrong?</summary><p>In so many dimensions all are about equally far, and the nearest is often alike in light or place, not in what it shows. Compare what a network's late layers say of them.</p></details>
#
# <details><summary>A layer is linear: no ReLU behind it. What does depth buy then?</summary><p>Nothing: a linear function of a linear function is linear, one matrix would do. It is the bend that is folded again.</p></details>
#
# <details><summary>The perceptron errs four times in each round. Will a smaller step help?</summary><p>No. All weights start at 0, so another step only scales them, and what is answered stays the same. With XOR no line is right; another layer or another question is needed, not another pace.</p></details>
#
# **Stretch.** Draw the perceptron's line after each correction on the separable cloud. Which examples moved it? Then turn one label round, and see it never rest.
