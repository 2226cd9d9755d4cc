"""What a course puts into its sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox.limits import Limits


@dataclass(frozen=True)
class Setup:
    """All that student code finds inside, beside the interpreter and its libraries.

    Attributes:
        probes: assignment → the folder of its probes.
        package: the folder of the package that notebooks import, or None.
        imports: modules that are imported once, before the first submission. With ``"torch"`` among them the arrays of
            a case arrive as tensors, without it as NumPy arrays.
        warm_up: a cell that is run once, before the first submission; empty for none.
        environment: variables that are set inside.
        limits: what each submission may use.
    """

    probes: Mapping[str, Path]
    package: Path | None = None
    imports: tuple[str, ...] = ()
    warm_up: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
