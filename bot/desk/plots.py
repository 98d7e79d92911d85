"""Plots: bars with their numbers beside them, drawn on the server; no colour says anything.

pygal lays them out. What it adds for a page of its own (a script, styles, when and by which version it was drawn) is
taken away, and what its styles say is written at each shape, so that nothing in the picture asks a strict page for
leave. The same numbers give the same bytes.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from bot.desk.suppressing import Cell, Sign

# pygal adds a finder of plugins, of a kind that Python 3.11 warns of at every import and 3.12 passes over.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

WIDTH = 440  # small enough that a phone shows its words at a size to read
ROW = 30
AROUND = 24
LABEL = 24  # characters; the table beside it has all of them
FONT = 15
INK = "#1b1b1b"
BAR = "#56687a"
FAMILY = "system-ui, sans-serif"
_UNWANTED_TAGS = frozenset(("defs", "desc", "title"))
_UNWANTED = (frozenset(("tooltip-overlay",)), frozenset(("titles",)), frozenset(("axis", "x")))
_PLACED = frozenset(("x", "y", "width", "height", "d", "transform", "xmlns", "viewBox"))
_DRESSED = frozenset(("fill", "stroke", "font-family", "font-size", "text-anchor"))


def draw(rows: Sequence[tuple[str, Cell, str]]) -> bytes:
    """A bar for each row: its label, its number, and the number as it is read; what is hidden has an empty bar."""
    numbers = [cell for _label, cell, _said in rows if isinstance(cell, int)]
    chart = pygal.HorizontalBar(
        style=Style(value_font_size=FONT, label_font_size=FONT),
        js=(),
        width=WIDTH,
        height=height_of(len(rows)),
        margin=10,
        margin_right=65,
        spacing=0,
        show_legend=False,
        print_values=True,
        print_values_position="top",
        truncate_label=-1,
        range=(0, max([1, *numbers])),
    )
    from_top = list(reversed(rows))
    chart.x_labels = [_short(label) for label, _cell, _said in from_top]
    chart.add("", [{"value": 0 if isinstance(cell, Sign) else cell} for _label, cell, _said in from_top])
    chart.add_xml_filter(lambda root: _plain(root, [said for _label, _cell, said in from_top]))
    drawn: bytes = chart.render()
    return drawn


def height_of(rows: int) -> int:
    """How high a plot of so many rows is."""
    return AROUND + ROW * max(1, rows)


def _short(label: str) -> str:
    return label if len(label) <= LABEL else f"{label[: LABEL - 1].rstrip()}…"


def _plain(root: Element, values: Iterable[str]) -> Element:
    """The picture with nothing but shapes and words, and the numbers as they are read."""
    said = iter(values)
    for parent, child in list(_unwanted(root)):
        parent.remove(child)
    for shape in root.iter():
        _dress(shape, shape.get("class", "").split(), said)
        for name in set(shape.keys()) - _PLACED - _DRESSED:
            del shape.attrib[name]
    return root


def _unwanted(root: Element) -> Iterator[tuple[Element, Element]]:
    return ((parent, child) for parent in root.iter() for child in parent if _is_unwanted(child))


def _is_unwanted(shape: Element) -> bool:
    if not isinstance(shape.tag, str) or shape.tag in _UNWANTED_TAGS:  # what has no name is a note
        return True
    return any(unwanted <= set(shape.get("class", "").split()) for unwanted in _UNWANTED)


def _dress(shape: Element, classes: Sequence[str], said: Iterator[str]) -> None:
    """What a style of pygal's would say, at the shape itself."""
    if shape.tag == "text":
        is_value = "value" in classes
        if is_value:
            shape.text = next(said)
        where = {"text-anchor": "start" if is_value else "end", "font-family": FAMILY, "font-size": str(FONT)}
        shape.attrib.update({"fill": INK, **where})
    elif shape.tag == "rect":
        shape.attrib.update({"fill": "#ffffff"} if "background" in classes else {"fill": BAR, "stroke": INK})
    elif shape.tag == "path":
        shape.attrib.update({"fill": "none", "stroke": INK})
