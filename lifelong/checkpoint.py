"""A training's state in one file, so that an interrupted training resumes after its last finished task."""

import io
import os
import pickle
import warnings
from pathlib import Path
from typing import Any

import torch

State = dict[str, Any]
"""Tensors, numbers, strings, None, and dicts, lists and tuples of them."""


class Checkpoint:
    """One file, written as a whole or not at all; its folder is made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> State | None:
        """The state that was saved last, its tensors on the devices where they were; None if there is no file yet.

        Raises:
            ValueError: the file is not a checkpoint.
        """
        if not self.path.exists():
            return None
        try:
            return dict(torch.load(self.path, weights_only=True))
        except (pickle.UnpicklingError, RuntimeError, EOFError, TypeError, ValueError) as error:
            raise ValueError(f"{self.path} is not a checkpoint ({error}); delete it to train anew") from error

    def save(self, state: State) -> None:
        """Replace the file by this state; a state that could not be read back is not written, with a warning."""
        buffer = io.BytesIO()
        try:
            torch.save(state, buffer)
            torch.load(io.BytesIO(buffer.getbuffer()), weights_only=True)
        except (pickle.PicklingError, pickle.UnpicklingError, AttributeError, TypeError) as error:
            warnings.warn(
                f"{self.path} is not written, so this training cannot be resumed: the method holds more than tensors, numbers, strings and containers of them ({str(error).splitlines()[0]})",
                stacklevel=3,
            )
            return
        try:
            self._write(buffer.getbuffer())
        except OSError as error:  # a full disk must not end the training
            warnings.warn(f"{self.path} is not written, so this training cannot be resumed: {error}", stacklevel=3)

    def _write(self, data: memoryview) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(self.path.name + ".part")
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.path)
