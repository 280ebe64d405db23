"""Chinese text cut into jieba's words: where a phrase begins and ends for a reader.

rjieba is used: the same dictionary and algorithm as jieba in Rust, which writes no cache and prints nothing. The hidden
Markov model that guesses unknown words stays off: what it guesses are mostly names of persons, and with it off the two
libraries agree token for token (`docs/decisions/0006-topic-model.md`).
"""

import rjieba

from hotline12345.models.topics.lexicon import Lexicon


class Tokenizer:
    """Cuts texts along jieba's dictionary and the words of a lexicon. Deterministic; can be pickled and copied."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._jieba = rjieba.Jieba()
        for word in lexicon.words:
            self._jieba.add_word(word, None, "n")

    def segments(self, folded: str) -> list[str]:
        """A folded text cut into words; put together they are the text."""
        return [str(segment) for segment in self._jieba.cut(folded, False)]

    def search_words(self, folded: str) -> list[str]:
        """The words of a folded text as a search engine takes them: those that stand inside a longer word too."""
        return [str(segment) for segment in self._jieba.cut_for_search(folded, False)]

    def __reduce__(self) -> tuple[type["Tokenizer"], tuple[Lexicon]]:
        return Tokenizer, (self.lexicon,)
