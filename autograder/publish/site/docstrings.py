"""Docstrings as pages: what griffe reads in the sources of a package, without importing them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import griffe

from autograder.render.markdown import Section, code_html, docstring_html
from autograder.render.notebook import Article, environment


@dataclass(frozen=True)
class Module:
    """A module and its page.

    Attributes:
        name: with its packages.
        source: its path in the repository.
        summary: the first sentence of its docstring, as HTML.
        article: the page.
    """

    name: str
    source: str
    summary: str
    article: Article


@dataclass(frozen=True)
class Block:
    """A piece of a docstring: text, or fields such as arguments.

    Attributes:
        title: e.g. ``Args``; empty for text.
        html: the text; empty for fields.
        fields: (name, annotation, description as HTML).
    """

    title: str
    html: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()


def modules(package: str, root: Path) -> list[Module]:
    """The modules of a package in a folder that have something public to say, the package first."""
    loaded = griffe.load(package, search_paths=[str(root)], allow_inspection=False)
    return [_page(module, root) for module in _modules(loaded) if module.docstring]


def _modules(module: Any) -> Iterator[Any]:
    yield module
    for name in sorted(module.members):
        member = module.members[name]
        if not member.is_alias and member.is_module and not name.startswith("_"):
            yield from _modules(member)


def _page(module: Any, root: Path) -> Module:
    members = [_member(each) for each in _public(module)]
    sections = [Section(2, each["anchor"], each["name"]) for each in members]
    template = environment().get_template("module.html.j2")
    text = template.render(blocks=_blocks(module), members=members, exports=_exports(module))
    source = module.filepath.relative_to(root).as_posix()
    summary = docstring_html(module.docstring.value.strip().split("\n\n")[0]).removeprefix("<p>").removesuffix("</p>\n")
    return Module(module.path, source, summary, Article(f"<code>{module.path}</code>", text, sections))


def _public(parent: Any) -> Iterator[Any]:
    """What a module or class defines itself, of what is public and has a docstring, in the order of the source."""
    found = [each for each in parent.members.values() if not each.is_alias and not each.is_module]
    for each in sorted(found, key=lambda each: each.lineno or 0):
        if each.docstring and not each.name.startswith("_"):
            yield each


def _member(item: Any) -> dict[str, Any]:
    kind = "property" if "property" in item.labels else item.kind.value
    return {
        "name": item.name,
        "anchor": item.path.removeprefix(item.module.path + "."),
        "kind": {"attribute": "value"}.get(kind, kind),
        "signature": code_html(_signature(item), "python"),
        "blocks": _blocks(item),
        "members": [_member(each) for each in _public(item)] if item.is_class else [],
    }


def _signature(item: Any) -> str:
    if item.is_attribute:
        annotation = f": {item.annotation}" if item.annotation else ""
        value = str(item.value) if item.value and "property" not in item.labels else ""
        return f"{item.name}{annotation}" + (f" = {value}" if 0 < len(value) <= 80 else "")
    text = str(item.signature())
    if item.is_class:
        bases = [str(base) for base in item.bases]
        text = f"class {text}" + (f"  # {', '.join(bases)}" if bases else "")
    return text if len(text) <= 84 else _broken(text)


def _broken(signature: str) -> str:
    """A signature with each parameter on a line of its own."""
    start, depth, pieces = signature.index("(") + 1, 0, [""]
    for at in range(start, len(signature)):
        letter = signature[at]
        if letter == ")" and depth == 0:
            lines = "".join(f"    {piece.strip()},\n" for piece in pieces if piece.strip())
            return f"{signature[:start]}\n{lines}{signature[at:]}"
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return signature


def _blocks(item: Any) -> list[Block]:
    options = {"returns_named_value": False, "returns_multiple_items": False, "warnings": False}
    blocks = []
    for section in item.docstring.parse("google", **options):
        if section.kind is griffe.DocstringSectionKind.text:
            blocks.append(Block("", docstring_html(section.value)))
        elif isinstance(section.value, list):
            fields = tuple(_field(each, item) for each in section.value)
            blocks.append(Block(section.kind.value.capitalize(), fields=fields))
        else:  # a paragraph with a title of its own, e.g. "Note: …"
            text = getattr(section.value, "description", None) or section.value
            blocks.append(Block(section.title or "", docstring_html(str(text))))
    return blocks


def _field(each: Any, item: Any) -> tuple[str, str, str]:
    annotation = "" if item.is_module else str(each.annotation or "")
    return getattr(each, "name", None) or "", annotation, docstring_html(each.description)


def _exports(module: Any) -> list[tuple[str, str]]:
    """What a package passes on from its modules: (name, where it is documented), by name."""
    found = []
    for name, path in sorted(module.imports.items()):
        target = module.modules_collection[path] if path.startswith(f"{module.path}.") else None
        if target is not None and target.docstring:
            anchor = "" if target.is_module else f"#{target.name}"
            found.append((name, f"{target.path if target.is_module else target.module.path}.html{anchor}"))
    return found
