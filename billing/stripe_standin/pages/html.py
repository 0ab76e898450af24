"""Fill HTML templates; everything is escaped unless it is HTML already."""

import functools
import html
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "templates"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def render(name: str, /, **values: object) -> Html:
    """`templates/<name>.html` with each `$value` put in."""
    return Html(_template(name).substitute({key: _escaped(value) for key, value in values.items()}))


def join(parts: list[Html]) -> Html:
    return Html("".join(parts))


NOTHING = Html("")


def _escaped(value: object) -> str:
    return value if isinstance(value, Html) else html.escape(str(value))


@functools.cache
def _template(name: str) -> Template:
    return Template((_FOLDER / f"{name}.html").read_text())
