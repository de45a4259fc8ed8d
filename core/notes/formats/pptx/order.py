"""In which order the boxes of a slide are read (recursive XY cut; Nagy and Seth, "Hierarchical representation …", 1984)."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""

_OVERLAP = 20
"""Boxes that lie over each other by less than this part of their length are taken to touch."""


def in_reading_order(placed: Sequence[tuple[Box, T]]) -> list[T]:
    """Column by column where columns stand clear of each other, else row by row; what cannot be parted as it comes."""
    if len(placed) < 2:
        return [item for _, item in placed]
    groups = _columns(placed)
    if len(groups) == 1:
        groups = _bands(_groups(placed, 1, 3))
    if len(groups) == 1:
        return [item for _, item in placed]
    return [item for group in groups for item in in_reading_order(group)]


def _columns(placed: Sequence[tuple[Box, T]]) -> list[list[tuple[Box, T]]]:
    return _groups(placed, 0, 2)


def _bands(rows: list[list[tuple[Box, T]]]) -> list[list[tuple[Box, T]]]:
    """Rows put together as far as the same columns run through them."""
    bands: list[list[tuple[Box, T]]] = []
    for row in rows:
        if bands and len(_columns(bands[-1])) > 1 and len(_columns(bands[-1] + row)) > 1:
            bands[-1] = bands[-1] + row
        else:
            bands.append(row)
    return bands


def _groups(placed: Sequence[tuple[Box, T]], low: int, high: int) -> list[list[tuple[Box, T]]]:
    """The boxes parted along one axis, wherever a straight line passes between them; inside a part as they came."""
    groups: list[list[int]] = []
    reach = 0
    for index in sorted(range(len(placed)), key=lambda index: placed[index][0][low]):
        box = placed[index][0]
        slack = (box[high] - box[low]) // _OVERLAP
        if groups and box[low] + slack < reach:
            groups[-1].append(index)
            reach = max(reach, box[high])
        else:
            groups.append([index])
            reach = box[high]
    return [[placed[index] for index in sorted(group)] for group in groups]
