"""The words and patterns that people, not code, decide: user words, stop words, work-order boilerplate."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable


@dataclass(frozen=True)
class Lexicon:
    """Part of a model: stored with it, so that a later edit of the files never changes what a trained model reads.

    `words` are added to jieba's dictionary in this order, `stop_words` never become features, every match of a regular
    expression in `boilerplate` becomes a blank.
    """

    words: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()
    boilerplate: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Traversable) -> "Lexicon":
        """Read `words.txt`, `stopwords.txt` and `boilerplate.txt` of a folder; `#` starts a comment line."""
        return cls(
            words=tuple(word for line in _lines(folder, "words.txt") for word in line.split()),
            stop_words=tuple(word for line in _lines(folder, "stopwords.txt") for word in line.split()),
            boilerplate=tuple(_lines(folder, "boilerplate.txt")),
        )

    @classmethod
    def packaged(cls) -> "Lexicon":
        """The lexicon that ships with the package."""
        return cls.read(files("hotline12345.models") / "lexicon")

    def sha256(self) -> str:
        """Hash of the content."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def _lines(folder: Traversable, name: str) -> Iterator[str]:
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
