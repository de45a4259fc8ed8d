"""TeX to MathML: well-formed, aligned where it should be, and legible where it cannot be converted."""

from xml.etree import ElementTree

import pytest

from kcreate.core.export.mathml import formula, to_mathml


@pytest.mark.parametrize(
    ("tex", "element", "count"),
    [
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "mtr", 2),
        (r"\begin{split} a &= b \\ c &= d \end{split}", "mtr", 2),
        (r"\begin{cases} 1 & \text{if $x>0$} \\ 0 & \text{otherwise} \end{cases}", "mtr", 2),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "mtd", 4),
        (r"\operatorname{argmax}_x f(x)", "msub", 1),
        (r"E = mc^2 \tag{1}", "mtable", 1),
        (r"\sum_{\substack{i<n \\ j<m}} x", "mtr", 2),
        (r"\frac{a}{b} < \sqrt{中}", "mfrac", 1),
    ],
)
def test_formulas_become_well_formed_mathml(tex: str, element: str, count: int) -> None:
    mathml = to_mathml(tex, block=True)
    assert mathml is not None
    root = ElementTree.fromstring(mathml)
    assert root.tag == "math" and root.get("display") == "block"
    assert len(list(root.iter(element))) == count


@pytest.mark.parametrize("tex", [r"\foo{x}", r"\frac{1", r"\href{javascript:alert(1)}{x}", r"a & b", "<script>&"])
def test_what_cannot_be_converted_is_shown_as_written(tex: str) -> None:
    shown = formula(tex, block=False)
    assert "<math" not in shown or tex not in shown
    if to_mathml(tex, block=False) is None:
        assert ElementTree.fromstring(shown).text == tex


def test_display_is_for_block_formulas_only() -> None:
    assert 'display="block"' in formula("x", block=True)
    assert "display=" not in formula("x", block=False)
