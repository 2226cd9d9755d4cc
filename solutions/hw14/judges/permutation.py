"""Judge ``permutation``: ``permute(images, permutation)``, out[:, j] = images[:, permutation[j]]."""

from functools import partial

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, compare


def draw(rng: np.random.Generator) -> list[Case]:
    """Images of both dtypes, most of few pixels for examples to be read; more images than pixels, to tell rows, in one."""

    def case(name: str, images: np.ndarray) -> Case:
        order = rng.permutation(images.shape[1]).astype(np.int64)
        return Case(name, {"images": images, "permutation": order, "name": name})

    few, some, pixels = int(rng.integers(2, 5)), int(rng.integers(5, 12)), rng.integers(20, 30, 3)
    return [
        case("uint8", rng.integers(0, 256, size=(pixels[0] + some, pixels[0]), dtype=np.uint8)),
        case("float", rng.standard_normal((some, pixels[1])).astype(np.float32)),
        case("one image", rng.integers(0, 256, size=(1, 784), dtype=np.uint8)),
        case("arguments", rng.standard_normal((few, pixels[2])).astype(np.float32)),
    ]


def oracle(inputs: Tree) -> Tree:
    """The reordered pixels."""
    return {"result": inputs["images"][:, inputs["permutation"]]}


def wrong_dtype(inputs: Tree, outputs: Tree) -> str | None:
    """The result has the images' dtype: that with which it came over the wall."""
    asked, got = inputs["images"].dtype, np.asarray(outputs["result"]).dtype
    return None if got == asked else f"the result should be a tensor of the images' dtype, torch.{asked}, but is {got}."


def touched(inputs: Tree, outputs: Tree) -> str | None:
    """The arguments are as before, and the result is a tensor of its own; the probe says so."""
    if not str(outputs["dtype"]).startswith("torch."):
        return "the result should be a tensor."
    if outputs["keeps_images"] is not True or outputs["keeps_permutation"] is not True:
        return "your function changes its arguments; return a new tensor."
    if outputs["own"] is not True:
        return "the result shares its memory with the images, if only where nothing moves; return a new tensor."
    return None


mistake = Mistakes(beside=__file__)

mistake.given()
mistake.listed("inverse", lambda inputs: {"result": inputs["images"][:, np.argsort(inputs["permutation"])]})


@mistake("order")
def rows(inputs: Tree) -> Tree:
    """You reorder the images (rows), not the pixels (columns): index the second dimension."""
    images, permutation = inputs["images"], inputs["permutation"]
    return {"result": images[permutation]} if len(images) >= len(permutation) else {}


mistake.listed("unchanged", lambda inputs: {"result": inputs["images"]})
mistake.listed("reversed", lambda inputs: {"result": inputs["images"][:, ::-1]})
mistake.listed("same-permutation-twice", lambda inputs: {"result": oracle(inputs)["result"][:, inputs["permutation"]]})
mistake.listed("scaled", lambda inputs: {"result": oracle(inputs)["result"] / np.float64(255)})
mistake.listed("to-float", lambda inputs: {"dtype": "torch.float32"})

check = partial(Check, expected=oracle, tolerance=1e-6)


def reordered(inputs: Tree, outputs: Tree) -> str | None:
    """The pixels are in the asked order, or in its inverse, or on another scale."""
    accepted = (oracle, *(each.expected for each in mistake if each.name in ("inverse", "scaled")))
    right = any(compare({"result": each(inputs)["result"]}, outputs, 1e-4) is None for each in accepted)
    return None if right else "the pixels are in another order."


pixels = partial(check, complaint=wrong_dtype)

REORDERED = "`permutation` decides where the pixels of every image go, one way round or the other"
UNTOUCHED = "The images stay as they were"
CHECKS = (
    Check("reordered", REORDERED, share=0.3, cases=("uint8",), complaint=reordered, example=oracle),
    pixels("order", "The pixels of every image are in the asked order", share=0.25, cases=("uint8",)),
    pixels("float", "Float images keep their values and dtype", share=0.2),
    pixels("one-image", "A single image works too", share=0.1, cases=("one image",)),
    check("again", "The same images, permuted a second time", share=0.1, cases=("arguments",), needs=("float",)),
    check("arguments", UNTOUCHED, share=0.05, complaint=touched, fixed=True, needs=("float",)),
)
EXERCISE = Exercise("permutation", draw, CHECKS, tuple(mistake))
