"""Bank holidays, from the list that comes with the package; the network is never asked."""

from datetime import date
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays


@cache
def england_and_wales() -> frozenset[date]:
    """All bank holidays of England and Wales that are known."""
    known = BankHolidays(use_cached_holidays=True)
    held = known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return frozenset(holiday["date"] for holiday in held)


def known_until() -> date:
    """The last day of the last year whose bank holidays are known."""
    return date(max(england_and_wales()).year, 12, 31)
