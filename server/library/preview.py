"""One item as the app shows it, as a page of its own: for reading a text the way the person at night will."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from server.library.model import Library

_templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)


def render(library: Library, ref: str) -> str | None:
    """An HTML page of `readings/…`, `guides/…`, `practices/…`, `nudges/<id>` or `helplines/<CC>`; None if not there."""
    kind, _, name = ref.partition("/")
    lines = library.regions.get(name) or (library.international if name == "international" else None)
    item = library.item(ref)
    nudge = library.nudge(name) if kind == "nudges" else None
    shown = {"item": item, "nudge": nudge, "lines": lines if kind == "helplines" else None}
    if not any(shown.values()):
        return None
    titles = {found.ref: found.title for found in library.by_ref.values()}
    return _templates.get_template("preview.html").render(
        shown, titles=titles, lang=getattr(item or nudge or lines, "lang", library.locale)
    )
