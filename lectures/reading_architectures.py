# %% [markdown] slideshow={"slide_type": "slide"}
# # Reading: architectures
#
# **What a network cannot express it need not learn; what it shares it learns once.** Convolutions share weights over places, recurrent
# networks over time. Two ideas, and most of what was built between 1989 and 2017 (LeCun et al. 1989, 1998; Krizhevsky et al. 2012; before them all Fukushima 1980).
#
# * **Goals**: count the weights of a layer; say what a convolution and a gate make easy, and what a recurrent network forgets.
# * **You need**: matrix products, a training loop in PyTorch.
# * **Time**: about 40 minutes, one line of your own in it. Run the cells from the top; nothing takes longer than some seconds.
# * **Where it leads**: to *Reading: how networks are trained*; layouts and layers come again in *cuda_vector_addition*.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from lifelong import load_mnist
from lifelong.checks.try_it import try_it
from lifelong.plots import reading as figures

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Six million inputs, a thousand neurons
#
# A photograph of 2,000 × 1,000 pixels in three colours is 6 million numbers. Connect each of them with each of 1,000 neurons: **6 billion weights**, 24 GB, in the first layer. And a
# cat learned in the top left corner is unknown in the bottom right one.
#
# A **convolution** looks through a small window, 3 × 3 say, and slides it over the image. The same few weights everywhere:
#
# <details class="predict"><summary><b>Predict.</b> A 3 × 3 convolution from three colours to 64 channels: how many weights and biases? And for an image twice as wide?</summary><p>(9 · 3 + 1) · 64 = 1,792, one window and one bias for each channel out, whatever the image's size.</p></details>

# %% slideshow={"slide_type": "-"}
def weights(layer):
    return sum(parameter.numel() for parameter in layer.parameters())


inputs = 2000 * 1000 * 3
print(f"fully connected, 1,000 neurons:  {inputs * 1000 + 1000:>13,} weights and biases")
print(f"convolution 3 × 3, 64 channels:  {weights(nn.Conv2d(3, 64, 3)):>13,}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Convolution
#
# At each place: multiply the window's pixels with the weights, add up. (Mathematicians turn the window around first; networks don't, since the weights are learned anyway. The deck shows it moving: CS231n, ConvNetJS.)

# %% slideshow={"slide_type": "-"}
def convolve(image, window):
    """The sums of products of a window [k, k] with every k × k patch of an image [H, W]: [H-k+1, W-k+1]."""
    k = len(window)
    rows, columns = image.shape[0] - k + 1, image.shape[1] - k + 1
    return np.array([[(image[i : i + k, j : j + k] * window).sum() for j in range(columns)] for i in range(rows)])


digits = load_mnist(embedded=True)
image = digits.train.images[3].reshape(28, 28).numpy() / 255
windows = {
    "upright edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "level edges": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "a blur": np.full((3, 3), 1 / 9),
}
maps = {name: convolve(image, window) for name, window in windows.items()}
theirs = F.conv2d(torch.tensor(image)[None, None], torch.tensor(windows["upright edges"] * 1.0)[None, None])[0, 0]
print("as PyTorch's:", np.allclose(maps["upright edges"], theirs.numpy()))

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.feature_maps(image, maps)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Move the image, and the map moves along (**equivariance**). Nothing has to be learned twice:

# %% slideshow={"slide_type": "-"}
moved = np.roll(image, 2, axis=1)
print("map of the moved image = moved map:", np.allclose(convolve(moved, windows["a blur"])[:, 4:], maps["a blur"][:, 2:-2]))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Pooling, sizes, parameters
#
# **Pooling** keeps the largest of each 2 × 2 square: a quarter of the numbers, and it matters less *where exactly* something was. With window $k$, padding $p$ and stride $s$ (the step by which the window slides), $n$ pixels
# become
#
# $$\left\lfloor\frac{n+2p-k}{s}\right\rfloor+1$$
#
# Layer by layer for a small network on digits – count along: a convolution has (k·k·channels in + 1) · channels out.
#
# <details class="predict"><summary><b>Predict.</b> 28 × 28 pixels; twice a 5 × 5 convolution (8, then 16 channels) and pooling; then 10 neurons. How large is the last map, and which layer has the most weights?</summary><p>28 → 24 → 12 → 8 → 4. The second convolution: (25 · 8 + 1) · 16 = 3,216; the neurons have (256 + 1) · 10 = 2,570.</p></details>

# %% slideshow={"slide_type": "subslide"}
torch.manual_seed(0)
convolutional = nn.Sequential(
    nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(256, 10),
)
shape = torch.zeros(1, 1, 28, 28)
for layer in convolutional:
    shape = layer(shape)
    print(f"{type(layer).__name__:10} → {str(list(shape.shape[1:])):12} {weights(layer):6,} weights and biases")
full = nn.Sequential(nn.Flatten(), nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 10))
print(f"in all {weights(convolutional):,}; a fully connected network with 200 hidden neurons has {weights(full):,}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: how large a map is
#
# An image of $n$ pixels a side, a window of $k$, padding $p$, stride $s$: by the formula above.

# %% slideshow={"slide_type": "-"}
def map_size(n, k, p, s):
    """The side of the map of a convolution or a pooling."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [((28, 5, 0, 1), 24), ((24, 2, 0, 2), 12), ((7, 3, 1, 2), 4), ((8, 3, 0, 2), 3)]
try_it(map_size, cases, [(3.5, "The window cannot make half a step: round down.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return (n + 2 * p - k) // s + 1</code></pre></details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What it learns, and what it is good for
#
# Both learn 2,000 digits, and filters to see them by. Then the test digits are moved a few pixels, as no digit ever was in training.
#
# <details class="predict"><summary><b>Predict.</b> A convolution's map moves along with the image, and nothing is learned twice. Does the convolutional network read moved digits as well as others?</summary><p>No. It stays ahead of the other, but falls from about 95 % to some 45 % when all moves by 4 pixels: the maps move along, and the layer of 256 weights for each digit behind them is tied to places. Pooling forgives a pixel or two.</p></details>

# %% slideshow={"slide_type": "-"}
x, y = digits.train.images.reshape(-1, 1, 28, 28).float() / 255, digits.train.labels
x_test, y_test = digits.test.images.reshape(-1, 1, 28, 28).float() / 255, digits.test.labels
shifts, found = [0, 1, 2, 3, 4], {}
for name, model in (("fully connected", full), ("convolutional", convolutional)):
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    for _ in range(6):
        for rows in torch.randperm(len(x)).split(32):
            loss = F.cross_entropy(model(x[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        found[name] = [(model(x_test.roll(shift, 3)).argmax(1) == y_test).float().mean().item() for shift in shifts]
for name, values in found.items():
    print(f"{name:16}", "  ".join(f"{value:.0%}" for value in values), " when moved by 0, 1, 2, 3, 4 pixels")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.learned(convolutional[0].weight.detach().numpy()[:, 0], full[1].weight.detach().numpy().reshape(-1, 28, 28), shifts, found)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### An answer for every pixel: segmentation
#
# Road, car or pedestrian, pixel by pixel: the output must be as large as the image again. A **transposed convolution** ("deconvolution") runs the sliding window backwards: each number it reads is spread over a whole window, so what pooling shrank grows back (Long et al. 2015; Noh et al. 2015).

# %% slideshow={"slide_type": "-"}
grow = nn.Sequential(nn.ConvTranspose2d(16, 8, 6, stride=2), nn.ReLU(), nn.ConvTranspose2d(8, 10, 6, stride=2))
small = convolutional[:6](x[:1])
print(list(small.shape[1:]), "→", list(grow(small).shape[1:]), ": ten numbers for each of 28 × 28 pixels")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Recurrence: the same weights at every step
#
# Words, sounds, prices come one after the other. A **bag of words** counts them and forgets the order: "dog bites man" and "man bites dog" are one bag, which is enough to find spam and little else. A **recurrent network** (RNN) keeps a state $h$ and uses the same weights at each step:
#
# $$h_t=\tanh(Wx_t+Uh_{t-1}+b)$$
#
# Unrolled in time it is a network as deep as the sequence is long, and backpropagation goes the whole way back (*through time*). On that way the adjoint is multiplied by $U^T$ at each step. A factor
# below 1 fades (*vanishing gradients*), one above 1 explodes (Hochreiter 1991; Bengio, Simard, Frasconi 1994). Watch it, for three scales of $U$:
#
# <details class="predict"><summary><b>Predict.</b> Sixty steps with factors 0.8 and 1.2: what is left of 1?</summary><p>About 0.8<sup>59</sup> = 2 · 10<sup>−6</sup>, and 1.2<sup>59</sup> = 47,000.</p></details>

# %% slideshow={"slide_type": "-"}
def fading(scale, steps=60, size=50):
    """‖∂h_T/∂h_t‖ for t = T, T-1, …, of a linear recurrence with U = scale · a random rotation."""
    rotation = torch.linalg.qr(torch.randn(size, size, generator=torch.Generator().manual_seed(0)))[0]
    adjoint, norms = torch.ones(size) / size**0.5, []
    for _ in range(steps):
        norms.append(adjoint.norm().item())
        adjoint = scale * rotation.T @ adjoint
    return norms


factors = {scale: fading(scale) for scale in (0.8, 1.0, 1.2)}
print({scale: f"{norms[-1]:.1e} after 60 steps" for scale, norms in factors.items()})

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · LSTM and GRU: a memory with gates
#
# Do not multiply, **add**. The LSTM (Hochreiter and Schmidhuber 1997; its forget gate: Gers et al. 2000) has a second state, the cell $c$. Gates between 0 and 1 say what to forget, what to write, what to show. If the forget gate stays open, the adjoint of $c$ passes
# unchanged:
#
# $$c_t=f\odot c_{t-1}+i\odot\tilde c\qquad h_t=o\odot\tanh(c_t)$$
#
# The **GRU** (Cho et al. 2014) does with one state and one gate fewer: $h_t=(1-z)\odot\tilde h+z\odot h_{t-1}$. Both fit in a few lines, and agree with PyTorch's:
#
# <details class="predict"><summary><b>Predict.</b> An RNN of 128 units on 64 inputs has 24,832 weights and biases. How many have a GRU and an LSTM?</summary><p>Three and four times as many, 74,496 and 99,328: each gate, and the new content, is such a layer of its own.</p></details>

# %% slideshow={"slide_type": "subslide"}
def lstm_step(x, h, c, cell):
    gates = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
    write, forget, new, show = gates.chunk(4, dim=1)
    c = torch.sigmoid(forget) * c + torch.sigmoid(write) * torch.tanh(new)
    return torch.sigmoid(show) * torch.tanh(c), c


def gru_step(x, h, cell):
    from_x, from_h = x @ cell.weight_ih.T + cell.bias_ih, h @ cell.weight_hh.T + cell.bias_hh
    (reset_x, keep_x, new_x), (reset_h, keep_h, new_h) = from_x.chunk(3, dim=1), from_h.chunk(3, dim=1)
    keep = torch.sigmoid(keep_x + keep_h)
    new = torch.tanh(new_x + torch.sigmoid(reset_x + reset_h) * new_h)
    return (1 - keep) * new + keep * h


torch.manual_seed(0)
lstm, gru = nn.LSTMCell(3, 4), nn.GRUCell(3, 4)
inputs, h, c = torch.randn(2, 3), torch.randn(2, 4), torch.randn(2, 4)
print("LSTM as PyTorch's:", all(torch.allclose(a, b, atol=1e-6) for a, b in zip(lstm_step(inputs, h, c, lstm), lstm(inputs, (h, c)))))
print("GRU as PyTorch's: ", torch.allclose(gru_step(inputs, h, gru), gru(inputs, h), atol=1e-6))
for name, cell in (("RNN", nn.RNN), ("GRU", nn.GRU), ("LSTM", nn.LSTM)):
    print(f"{name:4} of 128 units on 64 inputs: {weights(cell(64, 128)):7,} weights and biases")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Who remembers the first number?
#
# A sequence of 25 random numbers; the question at its end: was the **first** one positive? All later ones are noise. Three networks of 24 units, the same training; those with gates begin with the
# gates of memory open, as Gers et al. advise. The RNN goes on guessing.

# %% slideshow={"slide_type": "subslide"}
def remember(kind, steps=25, size=24, updates=200):
    """The mean accuracy of every 10 updates, always on fresh sequences."""
    torch.manual_seed(3)
    network, answer, right = kind(1, size, batch_first=True), nn.Linear(size, 1), []
    if kind is not nn.RNN:
        with torch.no_grad():
            network.bias_ih_l0[size : 2 * size] += 2.0  # the LSTM's forget gate, the GRU's keep gate
    parameters = [*network.parameters(), *answer.parameters()]
    optimiser = torch.optim.Adam(parameters, 0.01)
    for update in range(updates):
        sequences = torch.randn(64, steps, 1)
        truth = (sequences[:, 0] > 0).float()
        logits = answer(network(sequences)[0][:, -1])
        loss = F.binary_cross_entropy_with_logits(logits, truth)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        right.append(((logits > 0) == (truth > 0)).float().mean().item())
    return np.reshape(right, (-1, 10)).mean(1)


memory = {name: remember(kind) for name, kind in (("RNN", nn.RNN), ("GRU", nn.GRU), ("LSTM", nn.LSTM))}
print({name: f"{values[-1]:.0%} right in the end" for name, values in memory.items()})

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.recurrence(factors, memory)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Gates for a path on which nothing is multiplied: the same idea lets gradients through a hundred layers in a *residual network* (He et al. 2016: add what the layer finds to what came in). And why carry a memory along at all, if one can look back? That is
# *attention* (Bahdanau et al. 2015), and alone it makes the Transformer (Vaswani et al. 2017).
#
# Parts combine: a convolutional network reads a photograph, a recurrent one writes its **caption** (Karpathy and Fei-Fei 2015), with some odd mistakes that ask what was really learned. The **zoo** of such combinations has been [drawn](https://www.asimovinstitute.org/neural-network-zoo/), and grows.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
# What this page says, held to what it has just measured.
assert np.allclose(maps["upright edges"], theirs.numpy())
assert all(conv > flat for conv, flat in zip(found["convolutional"], found["fully connected"]))
assert factors[0.8][-1] < 1e-5 and abs(factors[1.0][-1] - 1) < 1e-3 and factors[1.2][-1] > 1e4
assert memory["RNN"][-1] < 0.6 and memory["GRU"][-1] > 0.9 and memory["LSTM"][-1] > 0.75
assert torch.allclose(gru_step(inputs, h, gru), gru(inputs, h), atol=1e-6)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>A 1 × 1 convolution from 256 channels to 64. Is there anything that it can do?</summary><p>It mixes channels: at each place the same 256 × 64 matrix. Neighbours it does not see; 16,448 weights and biases, whatever the image's size.</p></details>
#
# <details><summary>Why does a forget gate of 1 help the gradient, and what does one of 0 do?</summary><p>The cell's adjoint is multiplied by the gate, not by a matrix: by 1 it passes unchanged, however many steps. By 0 nothing before that step is learned from, nor remembered.</p></details>
#
# <details><summary>“Dog bites man” is to be told from “man bites dog”. Which of bag of words, convolution of width 2, RNN can?</summary><p>The last two. A bag has no order; a window of two words sees “dog bites”; an RNN's state depends on what came first.</p></details>
#
# **Stretch.** Take the mean over all places of the last map in place of `Flatten`, with 64 channels and `Linear(64, 10)`, and move the digits again: what is no longer tied to a place?
