"""A browser for every journey."""

from tests.support.browser import browser, hub, open_browser, page, phone

__all__ = ["browser", "hub", "open_browser", "page", "phone"]
