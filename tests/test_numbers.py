"""Swedish figures: what is said, then what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from pipeline.swedish.numbers import cardinal, digits, figures, spell

CASES = [
    ("minus nittonhundra tusen", "minus 1 900 000"), ("tolvhundra tusen kronor", "1 200 000 kronor"),
    ("vi har gått från fyra fem till nio patienter", "vi har gått från 4–5 till 9 patienter"),
    ("sjutton procent fler", "17 % fler"), ("fjortonprocent", "14 %"), ("vecka tio elva", "vecka 10–11"),
    ("tre komma två miljoner", "3,2 miljoner"), ("noll komma fem", "0,5"), ("en och en halv timme", "1,5 timme"),
    ("två en halv", "2,5"), ("hundra nittiotvåtusen kronor", "192 000 kronor"), ("etthundratrettio tusen", "130 000"),
    ("tolvhundra", "1 200"), ("tjugo tjugosex", "2026"), ("tvåtusentjugosex", "2026"), ("tretti, sjuttitvå", "30, 72"),
    ("halv tre", "14.30"), ("kvart i nio", "08.45"), ("kvart över nio", "09.15"), ("fem i halv två", "13.25"),
    ("klockan fyra i morse", "kl. 04.00 i morse"), ("i morse klockan fyra", "i morse kl. 04.00"), ("klockan två i natt", "kl. 02.00 i natt"),
    ("klockan sju på kvällen", "kl. 19.00 på kvällen"), ("klockan två i morgon", "kl. 14.00 i morgon"), ("i morgon klockan åtta", "i morgon kl. 08.00"),
    ("fem över halv två", "13.35"), ("tio i tre", "14.50"), ("tjugo över tio", "10.20"), ("klockan tretton", "kl. 13.00"), ("klockan tjugo över åtta", "kl. 08.20"),
    ("tretton noll noll", "13.00"), ("den tolfte mars", "den 12 mars"), ("den tjugofemte i tredje", "den 25 mars"),
    ("den fjärde femte maj", "den 4–5 maj"), ("senast den tjugonde", "senast den 20"),
    ("det är en läkare", "det är en läkare"), ("ett par hundra", "ett par hundra"), ("den första gången", "den första gången"),
    ("punkt tre", "punkt 3"), ("till den 30 -onde juni", "till den 30 juni"), ("tjugofem i halv tre är ingen tid", "14.05 är ingen tid"),
]


@pytest.mark.parametrize(("said", "written"), CASES)
def test_what_is_said_is_written_so(said: str, written: str) -> None:
    assert digits(said) == written


@given(st.integers(0, 999_999))
def test_every_cardinal_is_read_back(value: int) -> None:
    word = num2words(value, lang="sv").replace("förtio", "fyrtio").replace("etttusen", "ettusen").replace(" ", "")
    assert cardinal(word) == value


@given(st.integers(0, 9_999_999))
def test_figures_are_read_in_any_grouping(value: int) -> None:
    assert figures(f"antalet är {spell(value)} stycken") == [str(value)]


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    digits(text)
    figures(text)
