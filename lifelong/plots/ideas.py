"""One picture for each idea of the homework: what forgetting is, how the penalty guards, what each method measures."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from lifelong.plots.colors import AMBER, BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED
from lifelong.plots.style import Panels, arrow, bare, drawn_on


@drawn_on(6.4, 3.9)
def forgetting(axes: Axes) -> None:
    """Two parameters, two tasks: straight to B's valley A is lost, the guarded way ends where both are good."""
    for scale, alpha in ((1.0, 0.16), (0.66, 0.2), (0.33, 0.25)):
        axes.add_patch(Ellipse((-1.0, 0.0), 7.4 * scale, 1.7 * scale, angle=12, color=BLUE, alpha=alpha, linewidth=0))
        axes.add_patch(Ellipse((2.2, 1.9), 4.6 * scale, 1.7 * scale, angle=100, color=ORANGE, alpha=alpha, linewidth=0))
    start, plain, guarded = (-1.0, 0.0), (2.2, 1.9), (2.05, 0.62)
    arrow(axes, start, plain, color=RED, connectionstyle="arc3,rad=-0.15")
    arrow(axes, start, guarded, color=GREEN, connectionstyle="arc3,rad=0.12")
    axes.plot(*start, "o", color=BLACK, markersize=6)
    axes.text(-1.1, -0.26, r"$\theta^*_A$", ha="right", fontsize=13)
    axes.text(-3.7, -1.45, "good for task A", color=BLUE, fontweight="bold")
    axes.text(2.75, 3.55, "good for task B", color=AMBER, fontweight="bold")
    axes.text(-0.75, 1.6, "plain training:\nB learnt, A forgotten", color=RED, ha="center", va="bottom")
    axes.text(2.3, -0.62, "with a guard:\ngood for both", color=GREEN, ha="center", va="top")
    axes.set(xlabel=r"parameter $\theta_1$", ylabel=r"parameter $\theta_2$", xlim=(-4.9, 5.2), ylim=(-1.8, 4.3))
    bare(axes)


@drawn_on(7.6, 3.1, columns=2, sharey=True)
def guard(panels: Panels) -> None:
    """Loss of the new task, guard, and their sum: for a weight that matters little, and for one that matters much."""
    theta = np.linspace(-0.6, 2.4, 300)
    loss = 0.7 * (theta - 1.6) ** 2 + 0.15
    weights = ((0.12, "Ω small: free to move"), (4.0, "Ω large: held in place"))
    for axes, (omega, title) in zip(panels, weights, strict=True):
        fence = omega * theta**2
        best = 0.7 * 1.6 / (0.7 + omega)
        axes.plot(theta, loss, color=ORANGE, linestyle="--", label="loss of the new task")
        axes.plot(theta, fence, color=BLUE, linestyle="-.", label=r"guard $\Omega\,(\theta-\theta^*)^2$")
        axes.plot(theta, loss + fence, color=BLACK, label="their sum")
        lowest = 0.7 * (best - 1.6) ** 2 + 0.15 + omega * best**2
        axes.plot(best, lowest, "o", color=BLACK, markersize=7, label="where training ends")
        axes.axvline(0, color=LIGHT, zorder=0)
        axes.set(ylim=(-0.35, 3.0), xlabel=r"one weight $\theta$", title=title)
        bare(axes)
        axes.set_xticks([0], [r"$\theta^*$"])
    panels[0].set_ylabel("loss")
    panels[0].legend(loc="upper center", fontsize=9)


@drawn_on(7.8, 3.1, columns=2)
def ewc(panels: Panels) -> None:
    """Left: curvature says how much a weight matters. Right: why each gradient is squared before averaging."""
    left, right = panels
    theta = np.linspace(-1.5, 1.5, 200)
    left.plot(theta, 1.6 * theta**2, color=BLUE)
    left.plot(theta, 0.16 * theta**2, color=ORANGE, linestyle="--")
    left.text(0.62, 1.75, "sharp: matters,\nF large", color=BLUE, ha="right")
    left.text(0.95, 0.28, "flat: F small", color=AMBER, ha="center", va="bottom")
    left.set(ylim=(-0.1, 2.6), xlabel=r"move of one weight away from $\theta^*$", ylabel="loss of the old task")
    left.set_title("The Fisher is curvature")
    bare(left)
    gradients = np.array([0.9, -1.0, 0.7, -0.8, 1.0, -0.8])
    places = np.arange(len(gradients))
    right.bar(places, gradients, color=LIGHT, width=0.62)
    right.bar(places, gradients**2, color="none", edgecolor=BLUE, width=0.62, linewidth=1.4)
    for at, value, text, color in (
        (len(places) + 0.6, gradients.mean(), r"$(\mathrm{mean}\ g_n)^2 \approx 0$", RED),
        (len(places) + 0.6, (gradients**2).mean(), r"$\mathrm{mean}\ g_n^2$", BLUE),
    ):
        right.plot([-0.5, len(places) - 0.4], [value, value], color=color, linewidth=1.6, linestyle="--")
        right.text(at - 0.9, value, text, color=color, va="center")
    right.set(xlim=(-0.7, len(places) + 2.1), ylim=(-1.25, 1.35), ylabel=r"of one weight: $g_n$ grey, $g_n^2$ blue")
    right.set_xticks(places, [f"$g_{number}$" for number in range(1, len(places) + 1)])
    right.set_yticks([])
    right.spines["bottom"].set_visible(False)
    right.tick_params(length=0)
    right.set_title("Gradients cancel, their squares do not")


@drawn_on(7.6, 2.9, columns=2, sharey=True)
def mas(panels: Panels) -> None:
    """The same nudge to two weights: one moves the output a lot, the other hardly."""
    x = np.linspace(-2.2, 2.2, 200)
    kept = np.tanh(1.2 * x) + 0.35 * np.cos(2 * x)
    moved = (np.tanh(1.2 * x) * 1.45 + 0.35 * np.cos(2 * x), kept + 0.1 * np.exp(-((x - 1.3) ** 2) * 6))
    titles = ("nudge a weight that matters", "nudge one that does not")
    for axes, other, title in zip(panels, moved, titles, strict=True):
        axes.fill_between(x, kept, other, color=RED, alpha=0.25, linewidth=0)
        axes.plot(x, other, color=RED, linestyle="--", label="after the nudge")
        axes.plot(x, kept, color=BLACK, label="output f(x)")
        axes.set(xlabel="input x (no label anywhere)", title=title)
        bare(axes)
    panels[0].legend(loc="upper left", fontsize=9)
    panels[0].set_ylabel("output")


@drawn_on(7.8, 3.3, columns=2)
def si(panels: Panels) -> None:
    """A walk downhill in two parameters, and how much of the descent each of them is given credit for."""
    curvature, goal, theta = np.array([0.35, 2.0]), np.array([2.6, 1.2]), np.array([-0.4, -0.6])
    places, credits = [theta], [np.zeros(2)]
    for _ in range(14):
        gradient = 2 * curvature * (places[-1] - goal)
        step = -0.09 * gradient
        places.append(places[-1] + step)
        credits.append(credits[-1] - gradient * step)
    path, credit = np.array(places), np.array(credits)
    left, right = panels
    grid = np.meshgrid(np.linspace(-0.9, 3.4, 80), np.linspace(-1.1, 2.6, 80))
    height = curvature[0] * (grid[0] - goal[0]) ** 2 + curvature[1] * (grid[1] - goal[1]) ** 2
    left.contour(*grid, height, levels=np.linspace(0.1, 9, 10), colors=LIGHT, linewidths=1)
    for start, end in pairwise(path):
        arrow(left, start, end, color=GREEN, mutation_scale=9)
    left.plot(*path[0], "o", color=BLACK)
    left.text(path[0][0] - 0.08, path[0][1] - 0.1, r"$\theta_{start}$", ha="right", va="top", fontsize=12)
    left.plot(*path[-1], "s", color=BLACK)
    left.text(path[-1][0] + 0.1, path[-1][1] + 0.25, r"$\theta_{end}$", fontsize=12)
    left.text(0.75, -0.25, r"$-g\cdot\Delta$ of each step", color=GREEN, va="center")
    left.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$", xlim=(-1.3, 3.4), title="The way down")
    bare(left)
    steps = range(len(credit))
    right.step(steps, credit[:, 1], where="post", color=BLUE, label=r"$\omega$ of $\theta_2$ (steep)")
    right.step(steps, credit[:, 0], where="post", color=ORANGE, linestyle="--", label=r"$\omega$ of $\theta_1$ (flat)")
    right.set(xlabel="step", ylabel=r"$\omega$: share in the loss's fall", yticks=[0], title="Who earned it?")
    right.legend(loc="center right", fontsize=9)


@drawn_on(7.8, 2.7, columns=3, sharey=True)
def rwalk(panels: Panels) -> None:
    """Two views of four weights, each over its largest, and their sum."""
    fisher, score = np.array([1.0, 0.15, 0.5, 0.05]), np.array([0.25, 1.0, 0.6, 0.04])
    places = np.arange(4)
    for axes in (panels[0], panels[2]):
        axes.bar(places, fisher, color=BLUE, width=0.6)
    for axes, below in ((panels[1], 0), (panels[2], fisher)):
        axes.bar(places, score, bottom=below, color=PINK, width=0.6, hatch="//", edgecolor="white", linewidth=0)
    titles = ("F / max F: curvature", "s / max s: earned on the way", "Ω: their sum")
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(title)
        axes.set_xticks(places, [rf"$\theta_{number}$" for number in range(1, 5)])
        axes.set(ylim=(0, 1.4), yticks=[0, 1])
        axes.tick_params(length=0)


@drawn_on(7.8, 3.5, columns=2)
def scp(panels: Panels) -> None:
    """Left: directions on the circle of two outputs. Right: outputs and their mean, seen along one direction."""
    left, right = panels
    angle = np.linspace(0, 2 * np.pi, 200)
    left.plot(np.cos(angle), np.sin(angle), color=LIGHT)
    for turn in (0.35, 1.3, 2.2, 3.05, 4.0, 4.75, 5.6):
        arrow(left, (0.0, 0.0), (np.cos(turn), np.sin(turn)), color=ORANGE)
    left.text(1.08 * np.cos(0.35), 1.08 * np.sin(0.35), r"$\xi_1$", fontsize=13)
    left.text(1.08 * np.cos(1.3), 1.08 * np.sin(1.3), r"$\xi_2$", fontsize=13)
    left.set(xlabel="output 1", ylabel="output 2", xlim=(-1.4, 1.4), ylim=(-1.3, 1.3), aspect="equal")
    left.set_title("Slices: random directions")
    bare(left)
    spread = np.random.default_rng(3).normal(size=(60, 2)) * [0.55, 0.3] + [1.5, 0.75]
    mean, direction = spread.mean(axis=0), np.array([np.cos(0.95), np.sin(0.95)])
    right.scatter(spread[:, 0], spread[:, 1], s=12, color=GREY, alpha=0.5, linewidth=0, label="outputs of the examples")
    right.plot(*mean, "o", color=BLACK, markersize=8, label=r"their mean $\bar\varphi$")
    right.axline((0, 0), tuple(direction), color=ORANGE, linewidth=1.2, linestyle="--")
    arrow(right, (0.0, 0.0), tuple(0.75 * direction), color=ORANGE)
    foot = direction * (mean @ direction)
    right.plot(*zip(mean, foot, strict=True), color=BLACK, linewidth=1, linestyle=":")
    right.plot(*foot, "D", color=RED, markersize=7, label=r"one number a slice: $\xi\cdot\bar\varphi$")
    right.text(0.32, 0.72, r"$\xi$", fontsize=13, ha="right")
    right.set(xlabel="output 1", ylabel="output 2", xlim=(-0.4, 3.3), ylim=(-0.75, 2.05), aspect="equal")
    right.set_title("What one slice sees")
    right.legend(loc="lower right", fontsize=8)
    bare(right)
