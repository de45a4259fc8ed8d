"""The layout of a page: tables and figures are taken out, the rest is read column by column, and all of it becomes blocks."""

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING

from ..converted import Image
from .alignment import aligned_tables
from .blocks import Block, blocks_of
from .booktabs import level_tables
from .columns import CUT, Item, in_reading_order, piece
from .contents import without_contents
from .drawings import Drawings
from .figures import Figure, figures_of, pictures
from .footnotes import without_footnotes
from .formulas import Formula, formulas_of
from .fraction_bars import with_fractions
from .joining import join_columns
from .lines import Line, lines_of, pieces_of, spaced
from .markdown import pipe_table
from .marks import is_caption, is_contents, marker_of
from .page import Box, Frame, Word
from .survey import Survey
from .tables import Table, ruled_tables
from .tagged import tagged_tables

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MOST_DOTS = 400


@dataclass
class Layout:
    """A page's blocks in reading order; those of figures wait for their picture's name.

    Attributes:
        figures: where the pictures of the figures' blocks stand, in the blocks' order.
        formulas: where drawn formulas stand; a character for each is in the blocks' text.
    """

    frame: Frame
    blocks: list[Block]
    figures: list[tuple[Block, Box]]
    formulas: list[Formula] = field(default_factory=list)

    def crop(self, page: "PdfPage", number: int, most: int) -> tuple[tuple[Image, ...], str]:
        """The pictures of the page's figures, at most so many, and a warning about those left out."""
        images: list[Image] = []
        warning = ""
        for block, box in self.figures:
            data = b""
            if len(images) >= most:
                warning = (
                    f"page {number} and those after it have more pictures than are kept; add the missing ones by hand"
                )
            else:
                (data,) = pictures(page, [box], self.frame)
            if not data:
                self.blocks.remove(block)
                continue
            block.image = f"page{number}-figure{len(images) + 1}.png"
            images.append(Image(block.image, data))
        return tuple(images), warning

    def crop_formulas(self, page: "PdfPage", number: int, most: int) -> dict[str, Image]:
        """The pictures of the page's drawn formulas, at most so many, by the characters that stand for them."""
        formulas = self.formulas[: max(0, most)]
        around = [
            Box(*(side + by for side, by in zip(astuple(one.box), (-1, -1, 1, 1), strict=True))) for one in formulas
        ]
        return {
            formula.word.text: Image(f"page{number}-formula{place}.png", data)
            for place, (formula, data) in enumerate(
                zip(formulas, pictures(page, around, self.frame, 3.0, 6_000_000), strict=True), 1
            )
            if data
        }


def layout_of(
    page: "PdfPage", words: list[Word], drawings: Drawings, frame: Frame, common: Survey, first_mark: int
) -> Layout:
    """Put a page's words, tables and figures in order.

    Args:
        first_mark: the code of the character that stands for the page's first drawn formula.
    """
    tables, grids = ruled_tables(drawings.rules, words, drawings.strokes)
    level = level_tables(drawings, words, [table.box for table in tables])
    grids = [grid for grid in grids if not any(grid.touches(table.box) for table in level)]
    tables += level
    tables += tagged_tables(page, words, [*grids, *(table.box for table in tables)])
    words = [word for word in words if not any(table.box.holds(word) for table in tables)]
    words = with_fractions(words, drawings.rules)
    figures = figures_of(drawings, grids, words, tables, frame)
    labels = {id(word) for figure in figures for word in figure.labels}
    words = [word for word in words if id(word) not in labels]
    items: list[Item[Line | Table | Figure]] = []
    bullets = _bullets(drawings.dots, lines_of(words))
    taken = [*(table.box for table in tables), *(figure.box for figure in figures)]
    taken += [Box(bullet.x0, bullet.top, bullet.x1, bullet.bottom) for bullet in bullets]
    formulas = formulas_of(drawings, words, taken, common.body)
    for code, formula in enumerate(formulas, first_mark):
        formula.word.text = chr(code)
    words = words + bullets + [formula.word for formula in formulas]
    drawn = {id(word): place for place, word in enumerate(words)}
    for line in lines_of(words):
        items += [piece(part, drawn[id(part.words[0])]) for part in pieces_of(line, CUT)]
    items += [Item(table.box, table) for table in tables]
    items += [Item(figure.box, figure) for figure in figures]
    boxes: list[tuple[Block, Box]] = []
    columns: list[list[Block]] = []
    for column in in_reading_order(items, common.body):
        columns += _segments(column, common, boxes)
    blocks = without_contents(join_columns(columns, common))
    _name_figures(blocks)
    return Layout(frame, blocks, [(block, box) for block, box in boxes if block in blocks], formulas)


def _bullets(dots: list[Box], lines: list[Line]) -> list[Word]:
    """The dots that stand before a line like a bullet, as words."""
    found: list[Word] = []
    for dot in dots[:_MOST_DOTS]:
        middle = (dot.top + dot.bottom) / 2
        for line in (line for line in lines if line.top <= middle <= line.bottom):
            behind = [word for word in line.words if word.x0 >= dot.x1 - 0.5]
            before = [word for word in line.words if word.x0 < dot.x1 - 0.5]
            first = behind[0] if behind else None
            if first and 0.15 * first.size < first.x0 - dot.x1 < 2.5 * first.size and dot.height < 0.7 * first.size:
                if not before or dot.x0 - before[-1].x1 > 2 * first.size:
                    found.append(Word("•", dot.x0, dot.x1, first.baseline, first.size))
                break
    return found


def _segments(
    column: list[Item[Line | Table | Figure]], common: Survey, boxes: list[tuple[Block, Box]]
) -> list[list[Block]]:
    """A column's blocks, in stretches that tables and figures part."""
    found: list[list[Block]] = []
    words: list[Word] = []
    right = max(item.box.x1 for item in column)
    for item in [*column, None]:
        if item is not None and isinstance(item.what, Line):
            words += item.what.words
            continue
        if words:
            found += _text(lines_of(words), common, right, item is None)
            words = []
        if item is not None and isinstance(item.what, Table):
            found.append(_tabulated(item.what))
        elif item is not None and isinstance(item.what, Figure):
            block = Block("figure", spaced(item.what.labels)[:200])
            boxes.append((block, item.box))
            found.append([block])
    return found


def _text(lines: list[Line], common: Survey, right: float, foot: bool) -> list[list[Block]]:
    """Lines as blocks, in stretches that tables without rules part."""
    lines, notes = without_footnotes(lines, common) if foot else (lines, [])
    no_rows = [
        bool(marker_of(line)) or is_contents(line) or (line.mono and not common.body_mono) or is_caption(line, common)
        for line in lines
    ]
    found: list[list[Block]] = []
    stretch: list[Line] = []
    for part in [*aligned_tables(lines, no_rows), None]:
        if isinstance(part, Line):
            stretch.append(part)
            continue
        if stretch:
            found.append(blocks_of(stretch, common, right))
            stretch = []
        if part is not None:
            found.append(_tabulated(part))
    return [*found, notes] if notes else found


def _tabulated(table: Table) -> list[Block]:
    """A table; a first row of one cell over three columns or more is its title."""
    titled = len(table.rows) > 2 and len(table.rows[0]) > 2 and sum(map(bool, table.rows[0])) == 1 and table.rows[0][0]
    title = [Block("caption", table.rows[0][0])] if titled else []
    return [*title, Block("table", pipe_table(table.rows[len(title) :]))]


def _name_figures(blocks: list[Block]) -> None:
    """Give figures the caption below or above them as what stands for the picture."""
    taken: set[int] = set()
    for place, block in enumerate(blocks):
        if block.kind != "figure":
            continue
        for near in (place + 1, place - 1, place + 2, place + 3):
            if 0 <= near < len(blocks) and blocks[near].kind == "caption" and near not in taken:
                block.text = blocks[near].text
                taken.add(near)
                break
