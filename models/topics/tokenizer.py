"""Chinese text to words of jieba's dictionary.

rjieba is used: the same dictionary and algorithm as jieba in Rust, which writes no cache and prints nothing. The hidden
Markov model that guesses unknown words stays off: what it guesses are mostly names of persons, and with it off the
two libraries agree token for token (`docs/decisions/0006-topic-model.md`).
"""

import html
import re
import unicodedata
from typing import Final

import rjieba

from hotline12345.models.topics.lexicon import Lexicon

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_NOT_A_WORD: Final = re.compile("[^A-Z\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_NUMERALS: Final = "零一二两三四五六七八九十百千万亿"
_MASK: Final = "某"


class Tokenizer:
    """Cuts a text into the words that may become features of a model. Deterministic; can be pickled and copied.

    A word is one Chinese character or an entry of the dictionary or lexicon, together with the shorter entries inside
    it (教育局 gives 教育 and 教育局). Not words: stop words, numerals, masked marks (`***`, 某), Latin strings that no
    dictionary knows, and every dictionary entry tagged as a personal name (jieba's holds 60,000 of three characters).
    So no id, and no name that the dictionary marks as one, can enter a vocabulary even where masking missed it.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._boilerplate = re.compile("|".join(f"(?:{pattern})" for pattern in lexicon.boilerplate) or r"(?!)")
        self._jieba = rjieba.Jieba()
        for word in lexicon.words:
            self._jieba.add_word(word, None, "n")
        self._stop_words = frozenset(lexicon.stop_words)
        self._user_words = frozenset(lexicon.words)
        self._kept: dict[str, tuple[str, ...]] = {}

    def words(self, text: str) -> list[str]:
        """The words of a text in reading order, repeats kept; the shorter words inside a word come before it."""
        kept = self._kept
        found: list[str] = []
        for segment in self._jieba.cut(self.normalise(text), False):
            words = kept.get(segment)
            found.extend(self._judge(segment) if words is None else words)
        return found

    def normalise(self, text: str) -> str:
        """Entities, tags, full-width forms, invisible characters and boilerplate resolved; only letters remain."""
        if "&" in text:
            text = html.unescape(text)
        if "<" in text:
            text = _MARKUP.sub(" ", text)
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()
        return _NOT_A_WORD.sub(" ", self._boilerplate.sub(" ", text))

    def _judge(self, segment: str) -> tuple[str, ...]:
        """The words that a segment gives, remembered for dictionary entries only, so that memory stays bounded."""
        if len(segment) > 1 and not self._jieba.has_word(segment):
            return ()
        candidates = () if self._is_name(segment) else self._jieba.cut_for_search(segment, False)
        self._kept[segment] = tuple(word for word in candidates if self._is_word(word))
        return self._kept[segment]

    def _is_word(self, word: str) -> bool:
        if word in self._stop_words or _MASK in word or (len(word) == 1 and word.isascii()):
            return False
        is_number = not word.strip(_NUMERALS) or self._tag(word).startswith("m")
        return not (is_number or self._is_name(word))

    def _is_name(self, word: str) -> bool:
        """A personal name as the dictionary tags it; it also tags words such as 井盖 so, which user words put right."""
        return len(word) > 1 and word not in self._user_words and self._tag(word).startswith("nr")

    def _tag(self, word: str) -> str:
        return str(self._jieba.tag(word, False)[0][1])

    def __reduce__(self) -> tuple[type["Tokenizer"], tuple[Lexicon]]:
        return Tokenizer, (self.lexicon,)
