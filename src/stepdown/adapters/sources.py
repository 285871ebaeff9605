"""A zip, a folder or one file, read the same way: as named texts."""

import csv
import zipfile
import zlib
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path, PurePosixPath

from stepdown.kernel.errors import StepdownError

MOST_PROBLEMS = 20


class PlacesFileError(StepdownError):
    """A file of places cannot be taken. Every problem names its file, and its row where it has one.

    Whoever catches this keeps nothing of what was read before it: a load is all or nothing.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class Problems:
    """Gathers what is wrong, so that a person can mend a file in one go rather than row by row."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, problem: str) -> None:
        self.found.append(problem)
        if len(self.found) >= MOST_PROBLEMS:
            self.found.append(f"reading stopped after {MOST_PROBLEMS} problems: there may be more")
            raise PlacesFileError(self.found)

    def raise_any(self) -> None:
        if self.found:
            raise PlacesFileError(self.found)


class Source:
    """The texts inside ``path``: members of a zip, files of a folder, or the file itself.

    Names are relative, with forward slashes. Nothing is unpacked to disk. Raises `PlacesFileError`
    where the path cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        self._zip: zipfile.ZipFile | None = None
        try:
            if path.is_dir():
                files = (file for file in sorted(path.rglob("*")) if file.is_file())
                self.sizes = {f.relative_to(path).as_posix(): f.stat().st_size for f in files}
            elif zipfile.is_zipfile(path):
                self._zip = zipfile.ZipFile(path)
                members = (member for member in self._zip.infolist() if not member.is_dir())
                self.sizes = {member.filename: member.file_size for member in members}
            else:
                self.sizes = {path.name: path.stat().st_size}
        except FileNotFoundError:
            raise PlacesFileError([f"{path.name}: there is no such file or folder"]) from None
        except (OSError, zipfile.BadZipFile) as problem:
            raise PlacesFileError([f"{path.name}: cannot be opened ({problem})"]) from None

    @property
    def names(self) -> list[str]:
        return list(self.sizes)

    def lines(self, name: str) -> Iterator[str]:
        """The lines of one text, as they are read. UTF-8, with or without a byte-order mark."""
        try:
            with self._open(name) as text:
                yield from text
        except UnicodeDecodeError:
            raise PlacesFileError([f"{name}: is not text in UTF-8"]) from None
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as problem:
            raise PlacesFileError([f"{name}: cannot be read to its end ({problem})"]) from None

    def rows(self, name: str) -> Iterator[list[str]]:
        """The rows of one CSV file."""
        # strict: a stray quote is an error rather than half a file swallowed into one field.
        reader = csv.reader(self.lines(name), strict=True)
        try:
            yield from reader
        except csv.Error as problem:
            raise PlacesFileError(
                [f"{name}, row {reader.line_num}: not readable as CSV ({problem})"]
            ) from None

    def text(self, name: str) -> str:
        """The whole of one text."""
        return "".join(self.lines(name))

    def _open(self, name: str) -> TextIOWrapper:
        if self._zip is not None:
            return TextIOWrapper(self._zip.open(name), encoding="utf-8-sig", newline="")
        file = self.path / PurePosixPath(name) if self.path.is_dir() else self.path
        return TextIOWrapper(file.open("rb"), encoding="utf-8-sig", newline="")
