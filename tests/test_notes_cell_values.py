"""Number formats: what a person sees in a spreadsheet's cell."""

import datetime

import pytest

from kcreate.core.notes.formats.table.cell_values import shown


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (None, "General", ""),
        (7.0, "General", "7"),
        (0.1 + 0.2, "General", "0.3"),
        (13800138000, "General", "13800138000"),
        (1234567890123456, "0", "1234567890123456"),
        (1234.5, '"¥"#,##0.00', "¥1,234.50"),
        (1234.5, "_($* #,##0.00_)", "$1,234.50"),
        (12.5, "[$¥-804]#,##0.00", "¥12.50"),
        (12.5, '0.00"元"', "12.50元"),
        (-12.5, "¥#,##0;[Red]¥-#,##0", "-¥13"),
        (-3.14159, "[Red]-0.00", "-3.14"),
        (-1234.5, "_(* #,##0.00_);_(* (#,##0.00)", "-1,234.50"),
        (0.125, "0.0%", "12.5%"),
        (12345678, '0.0,,"M"', "12.3M"),
        (3.14159, "0.##", "3.14"),
        (3.0, "0.##", "3"),
        (3.0, "0.0#", "3.0"),
        (42, "00000", "00042"),
        (7, '0" °C"', "7 °C"),
        (0.00012, "0.00E+00", "1.20E-04"),
        (0.5, "# ?/?", "0.5"),
        (1e20, "0.00", "1e+20"),
        (float("nan"), "0.00", "nan"),
        (True, "General", "TRUE"),
        (" #N/A ", "General", "#N/A"),
        (datetime.datetime(2024, 3, 12), 'yyyy"年"m"月"d"日"', "2024-03-12"),
        (datetime.datetime(2024, 3, 12, 10, 30), "m/d/yy h:mm", "2024-03-12 10:30"),
        (datetime.time(10, 30, 5), "h:mm:ss", "10:30:05"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_values_read_as_they_are_seen(value: object, number_format: str, seen: str) -> None:
    assert shown(value, number_format) == seen
