"""From addresses in the repository to addresses on the site."""

import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from autograder.render.markdown import anchor

PICTURES = {".png", ".svg", ".jpg", ".gif", ".webp"}


class Links:
    """Where a link leads that works in the repository.

    Args:
        root: the repository.
        places: path in the repository → path of its page, both with ``/`` and without one at the beginning.

    Attributes:
        pictures: the pictures that pages show, as paths in the repository; each has the same path on the site.
    """

    def __init__(self, root: Path, places: Mapping[str, str]) -> None:
        self.pictures: set[str] = set()
        self._root, self._places = root, places

    def seen(self, page: str, source: str) -> Callable[[str], str | None]:
        """What turns an address in ``source`` into one on ``page``; None where the site has nothing of the kind.

        Addresses of other sites stay as they are.
        """
        return lambda url: self._turned(url, page, source)

    def _turned(self, url: str, page: str, source: str) -> str | None:
        split = urlsplit(url)
        if split.scheme or split.netloc:
            return url
        fragment = f"#{quote(anchor(split.fragment))}" if split.fragment else ""
        if not split.path:
            return fragment or None
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(split.path)))
        if Path(target).suffix in PICTURES and (self._root / target).is_file() and not target.startswith(".."):
            self.pictures.add(target)
            return relative(target, page)
        place = self._places.get(target)
        return None if place is None else relative(place, page) + (fragment if "#" not in place else "")


def relative(place: str, page: str) -> str:
    """The address of a place on the site, as a page of the site sees it."""
    return quote(posixpath.relpath(place, posixpath.dirname(page) or "."), safe="/#.")
