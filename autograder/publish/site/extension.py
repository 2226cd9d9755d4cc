"""What the site adds to Sphinx: formulas that need no script, and no request to elsewhere."""

import sys
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.ext.napoleon import GoogleDocstring

from autograder.render.tex import formula_html


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_html_math_renderer("drawn", (_drawn, None), (_drawn, None))
    app.connect("doctree-read", _only_own_pictures)
    app.connect("doctree-resolved", _only_links_that_lead_somewhere)
    app.connect("autodoc-process-docstring", _sections)
    app.connect("html-page-context", _page)
    if "autoapi.extension" in app.extensions:
        app.connect("autoapi-skip-member", _as_called)
        app.connect("config-inited", _read_only_the_package)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _drawn(translator: Any, node: Any) -> None:
    display = isinstance(node, nodes.math_block)
    formula = formula_html(node.astext().strip(), display)
    translator.body.append(f'<div class="display" tabindex="0">{formula}</div>\n' if display else formula)
    raise nodes.SkipNode


def _only_own_pictures(_: Any, document: Any) -> None:
    """Of a picture that lies elsewhere, the alternative text."""
    for picture in list(document.findall(nodes.image)):
        if "//" in picture["uri"] and not picture["uri"].startswith("data:"):
            picture.replace_self(nodes.Text(picture.get("alt", "")))


def _only_links_that_lead_somewhere(_app: Any, document: Any, _name: str) -> None:
    """Of a link to a file that the site has not, the words; MyST leaves them in a span of the class ``xref``."""
    for link in list(document.findall(nodes.reference)):
        if any("xref" in words.get("classes", []) for words in link.children if isinstance(words, nodes.inline)):
            link.replace_self(link.children)


def _sections(_app: Any, what: str, name: str, _item: Any, _options: Any, lines: list[str]) -> None:
    """Args, Returns and so on as Sphinx has them; Napoleon itself takes what precedes an attribute's colon for a type."""
    kind = "object" if what in ("attribute", "data", "property") else what
    lines[:] = GoogleDocstring(list(lines), what=kind, name=name).lines()


def _page(_app: Any, _name: str, _template: str, context: dict[str, Any], _document: Any) -> None:
    """Code that keys can scroll (of what is not wide, wide.js takes that away again), and a short menu.

    Beside a page stand the parts of its own chapter only: all modules beside each module are a menu of 200 lines.
    """
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    whole = context["toctree"]
    context["toctree"] = lambda **asked: whole(**asked | {"collapse": True})


class _Elsewhere(set[str]):
    """Names of modules that are neither Python's own nor of these packages."""

    def __contains__(self, name: object) -> bool:
        package = str(name).partition(".")[0]
        return not (super().__contains__(package) or package in sys.stdlib_module_names)


def _read_only_the_package(_app: Any, config: Any) -> None:
    """Keep astroid from reading all of PyTorch for the docstrings of a package that imports it."""
    from astroid.manager import AstroidManager  # comes with the extra

    AstroidManager.brain["module_denylist"] = _Elsewhere(Path(folder).name for folder in config.autoapi_dirs)


def _as_called(_app: Any, what: str, name: str, item: Any, skip: bool, _options: Any) -> None:
    """The arguments of a function as its callers have them, where a decorator has taken some away."""
    if what == "function" and not skip:
        from autoapi._objects import _format_args  # an extra

        module, _, function = name.rpartition(".")
        called = signature(getattr(import_module(module), function))
        if {argument for _, argument, *_ in item.obj["args"] if argument} > set(called.parameters):
            item.args = _format_args([each for each in item.obj["args"] if each[1] in called.parameters])
            item.return_annotation = called.return_annotation.__name__
