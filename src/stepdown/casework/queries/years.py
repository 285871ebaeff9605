"""Financial years: from April to March, named by both calendar years, such as 2016/17."""

import re

_YEAR = re.compile(r"(\d{4})(?:\s*[/–-]\s*(\d{2}|\d{4}))?")


def year_words(year: int) -> str:
    """2016/17, of the year that begins in April 2016."""
    return f"{year}/{(year + 1) % 100:02}"


def year_of(text: str) -> int | None:
    """The calendar year in which a financial year begins, from 2016/17, 2016-17 or 2016; None
    where the text is none, or its second half does not follow the first."""
    found = _YEAR.fullmatch(str(text).strip())
    if found is None:
        return None
    year, second = int(found[1]), found[2]
    follows = second is None or (year + 1) % 10 ** len(second) == int(second)
    return year if follows else None
