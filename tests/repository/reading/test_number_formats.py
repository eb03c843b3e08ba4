"""Numbers and days as the formats of spreadsheets print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.reading.number_formats import printed

PRINTED = [
    (14.0, "General", "14"),
    (0.1 + 0.2, "", "0.3"),
    (0.235, "0.0%", "23.5%"),
    (0.125, "0%", "13%"),
    (1234567, "#,##0", "1,234,567"),
    (0, "#,##0", "0"),
    (0, "#", ""),
    (7, "000", "007"),
    (1234, '"£"#,##0.00', "£1,234.00"),
    (1234, "[$£-809]#,##0", "£1,234"),
    (1.005, "0.00", "1.01"),
    (1.5, "0.0##", "1.5"),
    (1.23456, "0.0##", "1.235"),
    (12_400_000, '0.0,,"m"', "12.4m"),
    (15_000, '0,"k"', "15k"),
    (-5, "0", "-5"),
    (-5, "0.0%", "-500.0%"),
    (-5, "0;(0)", "(5)"),
    (-5, "0_);[Red]\\(0\\)", "(5)"),
    (0, '0;-0;"none"', "none"),
    (-0.2, "0", "0"),
    (3, '0" cases"', "3 cases"),
    (5, ";;;", ""),
    (43466, "mmm-yy", "Jan-19"),
    (43466, "dd/mm/yyyy", "01/01/2019"),
    (43466, "d mmmm yyyy", "1 January 2019"),
    (43466, "[$-809]dddd d mmm", "Tuesday 1 Jan"),
    (43466.5625, "dd/mm hh:mm", "01/01 13:30"),
    (43466.5625, "h:mm AM/PM", "1:30 PM"),
    (43466.000023, "mm:ss", "00:02"),
    (43466, "mmmmm", "J"),
    (3.5, "# ?/?", None),
    (35_000, "0.00E+00", None),
    (5, "[>100]0", None),
    (5, "000-000", None),
    (-1, "dd/mm/yyyy", None),
    (1e12, "dd/mm/yyyy", None),
]


@pytest.mark.parametrize(("number", "code", "text"), PRINTED)
def test_a_number_is_printed_by_its_format_or_the_format_is_not_understood(number, code, text):
    assert printed(number, code) == text


def test_days_may_be_counted_from_1904():
    assert printed(1, "dd/mm/yyyy", from_1904=True) == "02/01/1904"


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
    st.text(alphabet='0#?,.%;"\\[]$£-_*@Eymdhs/: AMP', max_size=12),
)
def test_any_format_prints_something_or_is_not_understood(number, code):
    assert isinstance(printed(number, code), str | None)
