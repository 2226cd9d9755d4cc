"""A student's outputs as they came out of the sandbox → nbformat outputs that are safe to keep and to validate."""

import base64
import re
import tempfile
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.files import SCRATCH
from autograder.sandbox.launch import INSIDE

TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex")
IMAGE_TYPES = ("image/png", "image/jpeg")
TEXT_CAP = 100_000
COUNT_CAP = 100
_FOLDER = re.escape(f"{tempfile.gettempdir()}/{SCRATCH}") + r"\w+"
_CHANGING = {
    re.compile(r"(?<=\bat 0x)[0-9a-fA-F]{6,}"): "…",
    re.compile(rf"{_FOLDER}/course\b"): INSIDE,
    re.compile(rf"{_FOLDER}/homes/\w+"): "/tmp/home",
    re.compile(r"/proc/self/fd/\d+(?=/)"): "/venv",
}
"""What is another in every run or behind another wall, and what stands in its place: a regrade says the same."""


class Outputs:
    """Collects the outputs of one cell, merging streams and keeping within the caps."""

    def __init__(self) -> None:
        self.nodes: list[NotebookNode] = []
        self._text = 0

    def add(self, raw: Any) -> None:
        """Take one output; what is malformed or goes over a cap is left out."""
        if not isinstance(raw, dict):
            return
        if raw.get("output_type") == "clear":
            self.nodes.clear()
            return
        if len(self.nodes) >= COUNT_CAP:
            return
        node = self._convert(raw)
        if node is None:
            return
        last = self.nodes[-1] if self.nodes else None
        if last and node.output_type == last.output_type == "stream" and node.name == last.name:
            last.text += node.text
        else:
            self.nodes.append(node)

    def _convert(self, raw: dict[str, Any]) -> NotebookNode | None:
        kind = raw.get("output_type")
        if kind == "stream":
            name = "stderr" if raw.get("name") == "stderr" else "stdout"
            text = self._cap(raw.get("text"))
            return NotebookNode(new_output("stream", name=name, text=text)) if text else None
        if kind == "error":
            lines = raw.get("traceback")
            traceback = [self._cap(line) for line in lines[:200]] if isinstance(lines, list) else []
            ename, evalue = self._cap(raw.get("ename")), self._cap(raw.get("evalue"))
            return NotebookNode(new_output("error", ename=ename, evalue=evalue, traceback=traceback))
        if kind in ("display_data", "execute_result") and isinstance(raw.get("data"), dict):
            data = self._bundle(raw["data"])
            if data:
                count = raw.get("execution_count")
                more = (
                    {"execution_count": count if type(count) is int and 0 <= count < 1 << 31 else None}
                    if kind == "execute_result"
                    else {}
                )
                return NotebookNode(new_output(kind, data=data, metadata={}, **more))
        return None

    def _bundle(self, data: dict[str, Any]) -> dict[str, str]:
        bundle = {name: self._cap(data[name]) for name in TEXT_TYPES if isinstance(data.get(name), str)}
        for name in IMAGE_TYPES:
            if isinstance(data.get(name), str) and len(data[name]) < 2_000_000:
                try:  # a page puts it into an attribute: only what is base64 may get there
                    bundle[name] = base64.b64encode(base64.b64decode(data[name], validate=False)).decode()
                except ValueError:
                    continue
        return bundle

    def _cap(self, text: Any) -> str:
        """The text, cut off where the cell has printed enough."""
        whole = steady(text) if isinstance(text, str) else ""
        left = TEXT_CAP - self._text
        self._text += len(whole)
        if len(whole) <= left:
            return whole
        return whole[: max(left, 0)] + ("\n… (output cut off)\n" if left > 0 else "")


def steady(text: str) -> str:
    """A text of student code's without what would be another on a regrade."""
    for changing, instead in _CHANGING.items():
        text = changing.sub(instead, text)
    return text
