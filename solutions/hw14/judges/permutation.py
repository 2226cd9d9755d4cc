"""Judge ``permutation``: ``permute(images, permutation)``, out[:, j] = images[:, permutation[j]]."""

from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, compare


def draw(rng: np.random.Generator) -> list[Case]:
    """Images of three dtypes, most of few pixels for examples to be read; more images than pixels, to tell rows, in one."""

    def case(name: str, images: np.ndarray) -> Case:
        order = rng.permutation(images.shape[1]).astype(np.int64)
        return Case(name, {"images": images, "permutation": order, "name": name})

    few, some, pixels = int(rng.integers(2, 5)), int(rng.integers(5, 12)), rng.integers(20, 30, 3)
    return [
        case("uint8", rng.integers(0, 256, size=(pixels[0] + some, pixels[0]), dtype=np.uint8)),
        case("float", rng.standard_normal((some, pixels[1])).astype(np.float32)),
        case("one image", rng.integers(0, 256, size=(1, 784), dtype=np.uint8)),
        case("arguments", rng.standard_normal((few, pixels[2]))),
    ]


def reordered(
    inputs: Tree,
    *,
    order: Callable[[np.ndarray], np.ndarray] = lambda order: order,
    rows: Callable[[np.ndarray], np.ndarray] = lambda images: images,
    take: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda images, order: images[:, order],
    until: Callable[[tuple[int, ...]], int] = lambda shape: shape[1],
    values: Callable[[np.ndarray], np.ndarray] = lambda result: result,
) -> Tree:
    """The reordered pixels in stages.

    Args:
        inputs: the case.
        order: what is taken for the permutation.
        rows: what is taken for the images.
        take: from both to the result.
        until: before which column, by the shape of the images, the result is right; from there on it is 0.
        values: what is made of the result.
    """
    result = take(rows(inputs["images"]), order(inputs["permutation"]))
    kept = np.arange(result.shape[1]) < until(inputs["images"].shape)
    return {"result": values(result * kept.astype(result.dtype))}


def oracle(inputs: Tree) -> Tree:
    """The reordered pixels."""
    return {"result": inputs["images"][:, inputs["permutation"]]}


def wrong_dtype(inputs: Tree, outputs: Tree) -> Slip | None:
    """The result has the images' dtype: that with which it came over the wall."""
    asked, got = inputs["images"].dtype, np.asarray(outputs["result"]).dtype
    words = f"The result has another dtype than the images, torch.{asked}."
    return None if got == asked else Slip("another-dtype", words)


def touched(inputs: Tree, outputs: Tree) -> Slip | None:
    """The arguments are as before, and the result is a tensor of its own; the probe says so."""
    if not str(outputs["dtype"]).startswith("torch."):
        return Slip("not-a-tensor", "The result should be a tensor.")
    if outputs["keeps_images"] is not True or outputs["keeps_permutation"] is not True:
        return Slip("arguments-changed", "Your function changes its arguments; return a new tensor.")
    if outputs["keeps_results"] is not True:
        return Slip(
            "overwritten-later", "What one call has returned is changed by the next: make a new tensor in each."
        )
    if outputs["own"] is not True:
        return Slip(
            "not-own", "The result shares its memory with the images, if only where nothing moves; return a new tensor."
        )
    return None


def overwritten(order: np.ndarray) -> np.ndarray:
    """Whose pixels columns hold where each is read from those that have been filled already."""
    held = np.arange(len(order))
    for j, i in enumerate(order):
        held[j] = held[i]
    return held


mistake = Mistakes(beside=__file__)

mistake.given()
wrong = mistake.stages(reordered)
wrong.each(
    "order",
    {
        "inverse": np.argsort,
        "unchanged": np.sort,
        "reversed": lambda order: np.arange(len(order))[::-1],
        "same-permutation-twice": lambda order: order[order],
        "from-the-end": lambda order: order[::-1],
        "rolled": lambda order: np.roll(order, 1),
    },
)
wrong("index-in-bytes", order=lambda order: order % 256)
wrong("overwritten", order=overwritten)
wrong("reshaped", take=lambda images, order: images[:, order].T.reshape(images.shape))
for shift in (-1, 1):
    wrong("rolled", order=lambda order, shift=shift: (order + shift) % len(order))
wrong("rolled", order=lambda order: np.roll(order, -1))
wrong("rows", take=lambda images, order: images[order] if len(images) >= len(order) else np.empty((0, 0)))
wrong("first-image", rows=lambda images: np.repeat(images[:1], len(images), axis=0))
wrong("not-all-columns", until=lambda shape: shape[1] - 1)
wrong("not-all-columns", until=lambda shape: shape[0])
wrong("scaled", values=lambda result: result / np.float64(255))
mistake.listed("to-float", lambda inputs: {"dtype": "torch.float32"})

check = partial(Check, expected=oracle, tolerance=1e-6)


def another_order(inputs: Tree, outputs: Tree) -> Slip | str | None:
    """The pixels are in the asked order, or in its inverse, or on another scale; else, whether they are all there."""
    images, got = inputs["images"], np.asarray(outputs["result"])
    accepted = (oracle, *(each.expected for each in mistake if each.name in ("inverse", "scaled")))
    if any(compare({"result": each(inputs)["result"]}, outputs, 1e-4) is None for each in accepted):
        return None
    if got.shape == images.shape and sorted(got.T.tolist()) == sorted(images.T.tolist()):
        return Slip("another-order", "All images have their pixels in one order, but not in that of `permutation`.")
    return "the pixels are in another order."


pixels = partial(check, complaint=wrong_dtype)

REORDERED = "`permutation` decides where the pixels of every image go, one way round or the other"
UNTOUCHED = "The images stay as they were"
CHECKS = (
    Check("reordered", REORDERED, share=0.3, cases=("uint8",), complaint=another_order, example=oracle),
    pixels("order", "The pixels of every image are in the asked order", share=0.25, cases=("uint8",)),
    pixels("float", "Float images keep their values and dtype", share=0.2),
    pixels("one-image", "A single image works too", share=0.1, cases=("one image",)),
    pixels("again", "The same images, permuted a second time", share=0.1, cases=("arguments",), needs=("float",)),
    check("arguments", UNTOUCHED, share=0.05, complaint=touched, fixed=True, needs=("float",)),
)
EXERCISE = Exercise("permutation", draw, CHECKS, **mistake.known, slips=("overwritten-later",))
