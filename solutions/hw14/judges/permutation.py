"""Judge ``permutation``: ``permute(images, permutation)``, out[:, j] = images[:, permutation[j]]."""

from __future__ import annotations

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

PIXELS = 784


def draw(rng: np.random.Generator) -> list[Case]:
    """Images of both dtypes; the first case has more images than pixels, so that reordered rows can be told."""

    def case(name: str, images: np.ndarray) -> Case:
        return Case(name, {"images": images, "permutation": rng.permutation(PIXELS).astype(np.int64)})

    count = int(rng.integers(PIXELS, PIXELS + 20))
    return [
        case("uint8", rng.integers(0, 256, size=(count, PIXELS), dtype=np.uint8)),
        case("float", rng.standard_normal((int(rng.integers(5, 12)), PIXELS)).astype(np.float32)),
        case("one image", rng.integers(0, 256, size=(1, PIXELS), dtype=np.uint8)),
        case("arguments", rng.standard_normal((int(rng.integers(2, 5)), PIXELS)).astype(np.float32)),
    ]


def oracle(inputs: Tree) -> Tree:
    """The reordered pixels."""
    return {"result": inputs["images"][:, inputs["permutation"]]}


def wrong_dtype(inputs: Tree, outputs: Tree) -> str | None:
    """The result is a tensor of the images' dtype."""
    asked = f"torch.{inputs['images'].dtype}"
    got = str(outputs["dtype"])[:40]
    return None if got == asked else f"the result should be a tensor of the images' dtype, {asked}, but is {got}."


def touched(inputs: Tree, outputs: Tree) -> str | None:
    """The arguments are as before, and the result is a tensor of its own."""
    if outputs["keeps_arguments"] is not True:
        return "your function changes its arguments; return a new tensor."
    return None if outputs["own"] is True else "the result shares its memory with the images; return a new tensor."


def _rows(inputs: Tree) -> Tree:
    order = inputs["permutation"]
    count = len(inputs["images"])
    return {"result": inputs["images"][order]} if count >= PIXELS else {}


MISTAKES = (
    Mistake(
        "inverse",
        "You apply the inverse permutation: `out[:, permutation] = images` sends pixel j to place permutation[j]. Here place j takes its value from pixel permutation[j].",
        lambda inputs: {"result": inputs["images"][:, np.argsort(inputs["permutation"])]},
    ),
    Mistake(
        "rows",
        "You reorder the images (rows), not the pixels (columns): index the second dimension.",
        _rows,
        checks=("order",),
    ),
    Mistake(
        "unchanged",
        "You return the images as they came: nothing is reordered.",
        lambda inputs: {"result": inputs["images"]},
    ),
    Mistake(
        "reversed",
        "You reverse the order of the pixels; take the order from `permutation`.",
        lambda inputs: {"result": inputs["images"][:, ::-1]},
    ),
    Mistake(
        "same-permutation-twice",
        "You apply the permutation twice.",
        lambda inputs: {"result": inputs["images"][:, inputs["permutation"]][:, inputs["permutation"]]},
    ),
    Mistake(
        "in-place",
        "You write the result into `images`, so the original pictures are lost for the next task; return a new tensor.",
        lambda inputs: {"keeps_arguments": False},
        checks=("arguments",),
    ),
    Mistake(
        "scaled",
        "You divide the pixels by 255; only their order may change.",
        lambda inputs: {"result": inputs["images"][:, inputs["permutation"]] / np.float64(255)},
    ),
    Mistake(
        "to-float",
        "You turn uint8 pixels into floats; the result has the dtype that came in.",
        lambda inputs: {"dtype": "torch.float32"},
        checks=("order", "one-image"),
    ),
)

EXERCISE = Exercise(
    id="permutation",
    draw=draw,
    checks=(
        Check(
            "order",
            "The pixels of every image are in the asked order",
            share=0.5,
            cases=("uint8",),
            expected=oracle,
            complaint=wrong_dtype,
            tolerance=1e-6,
        ),
        Check(
            "float",
            "Float images keep their values and dtype",
            share=0.25,
            cases=("float",),
            expected=oracle,
            complaint=wrong_dtype,
            tolerance=1e-6,
        ),
        Check(
            "one-image",
            "A single image works too",
            share=0.1,
            cases=("one image",),
            expected=oracle,
            complaint=wrong_dtype,
            tolerance=1e-6,
        ),
        Check(
            "arguments",
            "The images stay as they were",
            share=0.15,
            cases=("arguments",),
            expected=oracle,
            complaint=touched,
            fixed=True,
            needs=("float",),
            tolerance=1e-6,
        ),
    ),
    mistakes=MISTAKES,
)
