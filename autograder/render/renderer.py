"""The one renderer of Markdown: nbconvert's, which draws formulas where it is given a way to."""

from collections.abc import Callable, Mapping

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

Draw = Callable[[str, bool], str]
"""From TeX without its dollar signs, and whether it has a line of its own, to HTML."""


class Renderer(IPythonRenderer):
    """Renders Markdown.

    Args:
        draw: makes HTML of a formula; without it formulas stay TeX between dollar signs.
        escape: show HTML in the Markdown as it was written.
        attachments: of the notebook's cell.
    """

    def __init__(
        self, draw: Draw | None = None, escape: bool = False, attachments: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        kept = {file: dict(kinds) for file, kinds in (attachments or {}).items()}
        super().__init__(escape=escape, attachments=kept, exclude_anchor_links=True)
        self._draw = draw

    def to_html(self, source: str) -> str:
        """The Markdown as HTML."""
        text: str = MarkdownWithMath(renderer=self).render(source)
        return text

    def inline_math(self, body: str) -> str:
        return self._draw(body.strip(), False) if self._draw else str(super().inline_math(body))

    def block_math(self, body: str) -> str:
        return self._draw(body.strip(), True) if self._draw else str(super().block_math(body))

    def latex_environment(self, name: str, body: str) -> str:
        if self._draw is None:
            return str(super().latex_environment(name, body))
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")
