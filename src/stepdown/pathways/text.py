"""Words for pages in two languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Words for pages: English, and Welsh where the catalogue beside the file has them."""

    en: str
    cy: str = ""

    def __str__(self) -> str:
        return self.en

    def __bool__(self) -> bool:
        return bool(self.en)

    def in_language(self, code: str) -> str:
        """The words in a language, English where there are none."""
        return self.cy if code == "cy" and self.cy else self.en


NO_TEXT = Text("")
