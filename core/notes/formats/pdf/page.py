"""What stands on a page of a PDF: words, ruled lines and pictures, in points from the upper left corner of the page as read."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `top` is less than `bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    def holds(self, other: "Box | Word", slack: float = 1.0) -> bool:
        """Whether the middle of `other` is inside."""
        x, y = (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2
        return self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack

    def touches(self, other: "Box", slack: float = 0.0) -> bool:
        """Whether the two have a point in common, or are not farther apart than `slack`."""
        return (
            self.x0 <= other.x1 + slack
            and other.x0 <= self.x1 + slack
            and self.top <= other.bottom + slack
            and other.top <= self.bottom + slack
        )

    def with_(self, other: "Box") -> "Box":
        """The rectangle around both."""
        return Box(
            min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom)
        )


@dataclass(slots=True)
class Word:
    """Letters that stand together.

    Attributes:
        baseline: the y its letters stand on; `top` and `bottom` are reckoned from it by the font's size.
        size: of the font, in points, as shown.
        spaced: a space character stands before it, however narrow.
        mark: the number of the marked content it is in, by which tags name it; -1 where it is in none.
    """

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool = False
    mono: bool = False
    spaced: bool = False
    mark: int = -1

    @property
    def top(self) -> float:
        return self.baseline - 0.8 * self.size

    @property
    def bottom(self) -> float:
        return self.baseline + 0.2 * self.size


@dataclass(frozen=True)
class Frame:
    """How a page is turned to be read.

    Attributes:
        left, bottom, right, top: the visible part in PDF coordinates, y upwards.
        turn: degrees, counter-clockwise, in which its text runs: 0, 90, 180 or 270.
    """

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def width(self) -> float:
        return self.right - self.left if self.turn in (0, 180) else self.top - self.bottom

    @property
    def height(self) -> float:
        return self.top - self.bottom if self.turn in (0, 180) else self.right - self.left

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the PDF as seen by the reader."""
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle of the PDF as seen by the reader."""
        a, b = self.point(x0, y0), self.point(x1, y1)
        return Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))

    def cut(self, box: Box) -> Box:
        """The visible part of a box; without area where there is none."""
        return Box(max(0.0, box.x0), max(0.0, box.top), min(self.width, box.x1), min(self.height, box.bottom))


@dataclass
class Page:
    """A page's text and how it is turned.

    Attributes:
        number: from 1.
        unreadable: the share of its letters that the file gives no character for.
        letters: how many letters it has, those without a character too.
        unnamed: where letters without a character stand.
    """

    number: int
    frame: Frame
    words: list[Word]
    letters: int
    unreadable: float
    unnamed: list[Box] = field(default_factory=list)
