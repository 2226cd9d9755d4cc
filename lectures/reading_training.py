# %% [markdown] slideshow={"slide_type": "slide"}
# # Reading: how networks are trained
#
# **Noisy steps, networks that lose half their neurons, layers that renormalise themselves – and learning without any labels but reward.** Each
# in a few lines, each measured.
#
# * **Goals**: say what a batch's noise costs and buys; what dropout and batch norm do, and undo for a lifelong learner; solve a small world by Bellman's equation.
# * **You need**: gradients, a training loop in PyTorch.
# * **Time**: about 40 minutes, one line of your own in it. Run the cells from the top; nothing takes longer than some seconds.
# * **Where it leads**: to *lifelong_learning*, whose batches, optimiser and replay these are.

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
# ## 1 · Stochastic gradient descent
#
# The gradient over all $n$ examples is a mean. The mean over $m$ that are drawn, a *mini-batch*, is a good guess of it (Robbins and Monro 1951), off by about $1/\sqrt{m}$, and $n/m$ times as cheap. Measured on a linear problem:
#
# <details class="predict"><summary><b>Predict.</b> One example is off by 1.6. How far off is a batch of 256?</summary><p>16 times less: 0.1. It costs 256 times as much.</p></details>

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
A, truth = rng.normal(size=(4000, 2)) * [1.0, 0.35], np.array([1.0, -2.0])
b = A @ truth + rng.normal(0, 0.5, 4000)


def gradient(w, rows):
    """Of the mean of (A w - b)² / 2 over some rows."""
    return A[rows].T @ (A[rows] @ w - b[rows]) / len(rows)


w, everything = np.zeros(2), np.arange(4000)
exact = gradient(w, everything)
for m in (1, 4, 16, 64, 256):
    off = [np.linalg.norm(gradient(w, rng.integers(0, 4000, m)) - exact) for _ in range(500)]
    size = np.sqrt(np.mean(np.square(off)))  # root mean square
    print(f"batches of {m:3}: off by {size:.3f}, times √{m} is {size * m**0.5:.2f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three ways down
#
# All examples and 20 steps; 1 example and 400 steps, each for a 4,000th of the price; 16 examples with **momentum**, a decaying sum of the gradients so far. The noise does not vanish by itself: either the step becomes
# smaller with time, or the end trembles.
#
# <details class="predict"><summary><b>Predict.</b> 80,000 examples looked at in 20 exact steps; 400 in 400 noisy ones; 1,600 in 100 with momentum. Which ends nearest to the goal, which farthest?</summary><p>Momentum nearest (0.07), the exact steps farthest (0.47): they are right, and too few for the flat axis. A 200th of the work with noise brings one nearer (0.29).</p></details>

# %% slideshow={"slide_type": "-"}
def descend(batch, steps, rate, momentum=0.0):
    path, velocity = [np.array([-1.5, 1.5])], np.zeros(2)
    for _ in range(steps):
        rows = everything if batch is None else rng.integers(0, 4000, batch)
        velocity = momentum * velocity + gradient(path[-1], rows)
        path.append(path[-1] - rate * velocity)
    return np.array(path)


paths = {
    "all, 20 steps": descend(None, 20, 0.8),
    "1 example, 400 steps": descend(1, 400, 0.08),
    "16 examples, momentum": descend(16, 100, 0.08, 0.8),
}
for name, path in paths.items():
    print(f"{name:22} ends {np.linalg.norm(path[-1] - truth):.2f} from the goal")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.descents(paths, truth)

# %% [markdown] slideshow={"slide_type": "-"}
# **Adam** (Kingma and Ba 2015) divides each weight's step by the size its gradients had of late, so steep and flat directions go at the same pace: the flat axis above would be no trouble. It is what the homework trains with.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Dropout: many networks in one
#
# In training, switch off every hidden neuron with probability ½, anew for each example (Srivastava et al. 2014). No neuron can rely on another; each batch trains a different one of $2^{n}$ networks that share their weights. At test time all are on, at half strength: **one pass that stands for
# the average of all**. How good is that short cut? Ask 3,000 of the thinned networks, and compare:

# %% slideshow={"slide_type": "subslide"}
digits = load_mnist(embedded=True)
x, y = digits.train.images.float() / 255, digits.train.labels
x_test, y_test = digits.test.images.float() / 255, digits.test.labels


def train(model, inputs, labels, epochs):
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    for _ in range(epochs):
        for rows in torch.randperm(len(inputs)).split(50):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return model.eval()


def accuracy(model, inputs, labels):
    with torch.no_grad():
        return (model(inputs).argmax(1) == labels).float().mean().item()


torch.manual_seed(0)
thinned = train(nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Dropout(0.5), nn.Linear(100, 10)), x[:500], y[:500], 40)
with torch.no_grad():
    short_cut = thinned(x_test[:20])
    thinned.train()
    many = torch.stack([thinned(x_test[:20]) for _ in range(3000)])
    thinned.eval()
print(f"logits: one pass against the mean of 3,000 networks, largest difference {(short_cut - many.mean(0)).abs().max():.2f} of {short_cut.abs().max():.1f}")
print(f"a single thinned network is off by {(many[0] - short_cut).abs().max():.1f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# With one hidden layer the logits agree exactly, but for the chance in 3,000 draws: the mean of a sum is the sum of the means. Through more layers it is an approximation that works. And it helps where examples are few:
#
# <details class="predict"><summary><b>Predict.</b> How many of the 500 training digits does each network read, and who reads more of the test digits?</summary><p>Both all 500, so nothing is left to be learned from them. Of the test digits the one with dropout reads about one in a hundred more.</p></details>

# %% slideshow={"slide_type": "-"}
torch.manual_seed(0)
plain = train(nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)), x[:500], y[:500], 40)
for name, model in (("without", plain), ("with", thinned)):
    print(f"{name:7} dropout: {accuracy(model, x[:500], y[:500]):.0%} of the 500 training digits, {accuracy(model, x_test, y_test):.1%} of the test digits")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
unsure = int(short_cut.softmax(1).max(1).values.argmin())  # the digit that it knows least well
figures.averaging(many[:, unsure].softmax(1).numpy(), short_cut[unsure].softmax(0).numpy(), int(y_test[unsure]))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Batch norm, and a trap for lifelong learners
#
# Deep in a network, numbers drift: a little too large in each layer, and after twenty all is saturated or gone. **Batch norm** (Ioffe and Szegedy 2015) measures each neuron's mean and variance over the batch, subtracts, divides, and lets
# two learned numbers γ and β set the scale anew:
#
# <details class="predict"><summary><b>Predict.</b> Layers of 100 neurons, weights of size 0.06, ReLU. What does a layer leave of its input, and twenty of them?</summary><p>Sums of 100 products grow by 0.06 · √100 = 0.6, and ReLU keeps half of the square: 0.42. Twenty layers leave 0.42<sup>20</sup> = 4 · 10<sup>−8</sup>. Batch norm divides the factor away in each.</p></details>

# %% slideshow={"slide_type": "-"}
def batch_norm(values, gamma=1.0, beta=0.0, tiny=1e-5):
    """Normalise every column of [batch, neurons] over the batch."""
    return gamma * (values - values.mean(0)) / torch.sqrt(values.var(0, unbiased=False) + tiny) + beta


torch.manual_seed(0)
print("as PyTorch's:", torch.allclose(batch_norm(x[:64, 300:400]), nn.BatchNorm1d(100)(x[:64, 300:400]), atol=1e-4))
drifting, kept, spreads = torch.randn(256, 100), torch.randn(256, 100), {"plain": [], "with batch norm": []}
for _ in range(20):
    matrix = 0.06 * torch.randn(100, 100)  # somewhat too small
    drifting, kept = torch.relu(drifting @ matrix), torch.relu(batch_norm(kept @ matrix))
    spreads["plain"].append(drifting.std().item())
    spreads["with batch norm"].append(kept.std().item())
print({name: f"spread {values[-1]:.1e} after 20 layers" for name, values in spreads.items()})

# %% [markdown] slideshow={"slide_type": "subslide"}
# At test time there is no batch: **running means** collected in training take its place (`model.eval()`). That is a state of the network beside its weights. Now freeze every weight, and only *look* at a second task, in train mode. Here task B is
# the same digits, white on black turned into black on white:
#
# <details class="predict"><summary><b>Predict.</b> Not one weight changes. How well does it read task A afterwards?</summary><p>Like somebody who guesses, one in ten: the running means are B's.</p></details>

# %% slideshow={"slide_type": "-"}
torch.manual_seed(0)
network = nn.Sequential(nn.Linear(784, 100), nn.BatchNorm1d(100), nn.ReLU(), nn.Linear(100, 10))
train(network, x, y, 6)
before = accuracy(network, x_test, y_test)
network.train()
with torch.no_grad():
    for rows in torch.arange(2000).split(50):
        network(1 - x[rows])  # no gradient, no step: not one weight changes
network.eval()
after = accuracy(network, x_test, y_test)
print(f"task A: {before:.1%} before, {after:.1%} after merely looking at B")

# %% [markdown] slideshow={"slide_type": "-"}
# Forgetting without learning: no guard on the weights sees it. This is why the homework's networks have no batch norm, and why its importances are measured in eval mode.

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.normalised(spreads, before, after)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Learning from rewards
#
# No labels; an **agent** acts, the world answers with a new state and now and then a **reward**. What to do is to be found out – *reinforcement learning* (Sutton and Barto 2018).
#
# | example | state | action | reward |
# |---|---|---|---|
# | TD-Gammon (Tesauro 1995) | the board | a move | won or lost |
# | Atari games, DQN (Mnih et al. 2015) | the screen's pixels | the joystick | the score |
# | Go, AlphaGo (Silver et al. 2016) | the board | a stone | won or lost |
# | Doom, in the first person (Lample and Chaplot 2017) | what is in sight, so a memory is needed: a recurrent network behind the convolutions | move, turn, shoot | hits, health |
# | Dota 2 in a team of five, OpenAI Five (Berner et al. 2019); StarCraft II, AlphaStar (Vinyals et al. 2019) | the part of the game that is seen | thousands of orders | won or lost |
# | a robot's arm, in a simulator first | joints, camera | torques | the thing is grasped |
# | elevators, traffic lights, cooling a data centre | sensors | switches | less waiting, less power |
#
# In Dota and StarCraft they beat, and lost to, the best players, on budgets of computation that few have; how far such play generalises is open.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What a state is worth
#
# The value $V(s)$ of a state is the reward to be expected from it on, what comes later counting less by $\gamma$ each step. It must agree with its neighbours' values – **Bellman's equation** (1957):
#
# $$V(s)=\max_a\big[r+\gamma\,V(s')\big]$$
#
# Start with zeros and make every state agree with its neighbours, again and again (*Bellman backups*). A grid, a wall, +1 at the goal, −1 in the pit; every step costs 0.02:
#
# <details class="predict"><summary><b>Predict.</b> The goal is five steps from the start. In which sweep does the start hear of it, and what is its value then?</summary><p>In the fifth: each sweep carries the news one step. 0.95<sup>4</sup> · 1 less the costs of four steps, 0.74.</p></details>

# %% slideshow={"slide_type": "subslide"}
WORLD = ["...+", ".#.-", "...."]
MOVES = {"↑": (-1, 0), "→": (0, 1), "↓": (1, 0), "←": (0, -1)}
ENDS = {"+": 1.0, "-": -1.0}
GAMMA, COST = 0.95, -0.02
STATES = [(i, j) for i, row in enumerate(WORLD) for j, kind in enumerate(row) if kind == "."]


def step(state, move):
    """The next state, the reward, and whether that was the end."""
    i, j = state[0] + MOVES[move][0], state[1] + MOVES[move][1]
    if not (0 <= i < 3 and 0 <= j < 4) or WORLD[i][j] == "#":
        return state, COST, False
    return (i, j), ENDS.get(WORLD[i][j], COST), WORLD[i][j] in ENDS


def backup(values):
    """One sweep: every state agrees with the best of its neighbours' old values."""
    new = {}
    for state in STATES:
        outcomes = [step(state, move) for move in MOVES]
        new[state] = max(reward + (0 if end else GAMMA * values[after]) for after, reward, end in outcomes)
    return new


sweeps = [dict.fromkeys(STATES, 0.0)]
for _ in range(10):
    sweeps.append(backup(sweeps[-1]))
print("the start, bottom left, after 0, 1, … sweeps:", [round(values[2, 0], 2) for values in sweeps])

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: what a run was worth
#
# The **return** of a run: the first reward in full, the next times $\gamma$, the one after times $\gamma^2$, …

# %% slideshow={"slide_type": "-"}
def discounted(rewards, gamma):
    """The return of a run, from its rewards in their order."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [(([0, 0, 1], 0.5), 0.25), (([1, 1, 1], 0.5), 1.75), (([-0.02] * 4 + [1], 0.95), 0.74030875)]
try_it(discounted, cases, [(0.125, "The first reward counts in full: begin with gamma to the power 0.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return sum(reward * gamma**t for t, reward in enumerate(rewards))</code></pre></details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Without a map: Q-learning
#
# Whoever does not know the world's rules learns from what happens (Watkins 1989). $Q(s,a)$ is the value of an action; after each step, move it a little towards $r+\gamma\max_{a'}Q(s',a')$. One step in five at random, or nothing new is ever tried:

# %% slideshow={"slide_type": "-"}
def q_learning(episodes=1500, rate=0.2, curiosity=0.2):
    Q = {(state, move): 0.0 for state in STATES for move in MOVES}
    for _ in range(episodes):
        state, end = STATES[rng.integers(len(STATES))], False
        while not end:
            best = max(MOVES, key=lambda move: Q[state, move])
            move = list(MOVES)[rng.integers(4)] if rng.uniform() < curiosity else best
            after, reward, end = step(state, move)
            target = reward + (0 if end else GAMMA * max(Q[after, other] for other in MOVES))
            Q[state, move] += rate * (target - Q[state, move])
            state = after
    return Q


Q = q_learning()
learned = {state: max(Q[state, move] for move in MOVES) for state in STATES}
policy = {state: max(MOVES, key=lambda move: Q[state, move]) for state in STATES}
print(f"largest difference to Bellman's values: {max(abs(learned[state] - sweeps[-1][state]) for state in STATES):.3f}")

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.grids(WORLD, [sweeps[1], sweeps[3], sweeps[10]], policy)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### And what has that to do with forgetting?
#
# Put a network in place of the table, and the data depend on what it does: once it plays well, it never sees the beginner's mistakes again – and forgets how to get out of them. Every agent is a lifelong learner, with no borders between tasks. DQN's remedy is the oldest of the three families: **replay**,
# a memory of a million old steps from which the batches are drawn.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
# What this page says, held to what it has just measured.
assert (short_cut - many.mean(0)).abs().max() < 0.4 < 2 < (many[0] - short_cut).abs().max()
assert accuracy(thinned, x_test, y_test) > accuracy(plain, x_test, y_test)
assert spreads["plain"][-1] < 1e-5 < 0.3 < spreads["with batch norm"][-1]
assert before > 0.85 and after < 0.3
assert sweeps[10] == backup(sweeps[10])  # Bellman's equation holds
assert max(abs(learned[state] - sweeps[10][state]) for state in STATES) < 0.05

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>Batches of 16 become batches of 64. How much less noise is there in a step, at what price?</summary><p>Half as much, for four times the work: the noise falls with the root.</p></details>
#
# <details><summary>A network with batch norm answers well in training and badly after <code>model.eval()</code>, on the same data. Where do you look?</summary><p>At the running means: too few batches have gone by, or the last ones were of other data, a second task for instance.</p></details>
#
# <details><summary>In Q-learning curiosity is set to 0. What may never be found?</summary><p>Whatever does not look good at first. The first way that pays is walked for ever, and what was not tried keeps its zeros.</p></details>
#
# **Stretch.** Let the grid's moves slip: with probability 0.1 each to the left and right of where they aim. `backup` becomes a mean over outcomes. Does the way past the pit change?
