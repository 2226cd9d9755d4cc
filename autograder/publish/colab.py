"""Colab's addresses and badges: it opens notebooks that lie on GitHub, and no others."""

import re
from urllib.parse import quote, urlsplit

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_SCP_STYLE = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[^/].*)")


def web_address(remote: str) -> str:
    """The address for browsers of a git remote: no user or password, no ``.git``.

    ``git@github.com:ada/course.git`` gives ``https://github.com/ada/course``; a folder stays as it is.
    """
    split = urlsplit(remote)
    match = _SCP_STYLE.fullmatch(remote)
    if split.scheme in ("http", "https", "ssh", "git") and split.hostname:
        host, path = split.hostname, split.path
    elif match:
        host, path = match["host"], match["path"]
    else:
        return remote
    return f"https://{host}/{path.strip('/').removesuffix('.git')}"


def colab_url(repository: str, tag: str, path: str) -> str | None:
    """Where Colab opens a notebook of a repository at a branch or tag; None where the repository is not on GitHub."""
    split = urlsplit(repository)
    if split.hostname != "github.com":
        return None
    owner_and_name = split.path.strip("/").removesuffix(".git")
    return f"https://colab.research.google.com/github/{owner_and_name}/blob/{quote(tag)}/{quote(path)}"


def badge(url: str) -> str:
    """The badge that leads to an address in Colab, in Markdown."""
    return f"[![Open In Colab]({BADGE})]({url})"


def badge_cell(url: str) -> NotebookNode:
    """The cell that Colab itself puts first into notebooks which it saves on GitHub; ``ingest`` leaves it out again."""
    cell: NotebookNode = new_markdown_cell(badge_link(url), metadata={"colab_type": "text", "id": "view-in-github"})
    cell["id"] = "view-in-github"
    return cell


def badge_link(url: str) -> str:
    """The badge that leads to an address in Colab, in HTML as Colab writes it."""
    return f'<a href="{url}" target="_parent"><img src="{BADGE}" alt="Open In Colab"/></a>'
