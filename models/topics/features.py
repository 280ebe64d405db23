"""Documents to sparse TF-IDF features: one block for the words of all fields, one for the words of the title alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from hotline12345.models.topics.tokenizer import Tokenizer

Document = Sequence[str]
"""The field texts of one record, the title first. A plain string is read as a document of one field."""

_ALL_FIELDS: Final = "all_fields"
_TITLE: Final = "title"


class WordFeatures:
    """Rows in the order of the documents; columns are the sorted words of the text block, then of the title block.

    Term frequencies are sublinear and each block has length 1 before its weight (1 and `title_weight`). `min_records`:
    records that a word must occur in to be known. Documents of one field have no title block.
    """

    def __init__(self, tokenizer: Tokenizer, title_weight: float, min_records: int) -> None:
        self.tokenizer = tokenizer
        self.min_records = min_records
        self._weights = {_ALL_FIELDS: 1.0, _TITLE: title_weight}
        self._blocks: dict[str, TfidfVectorizer] = {}

    @property
    def words(self) -> list[str]:
        """The word behind each column; a word may stand for two columns."""
        return [word for block in self._blocks.values() for word in block.get_feature_names_out()]

    def fit_transform(self, documents: Sequence[Document]) -> sparse.csr_array:
        """Learn vocabulary and document frequencies; shape (documents, words), which may have no column at all."""
        tokens = self._tokens(documents)
        self._blocks = {}
        for name, bags in tokens.items():
            if vocabulary := self._vocabulary(bags):
                self._blocks[name] = _vectorizer(vocabulary).fit(bags)
        return self._assemble(tokens)

    def transform(self, documents: Sequence[Document]) -> sparse.csr_array:
        """Shape (documents, words); unknown words are ignored."""
        return self._assemble(self._tokens(documents))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Vocabulary and inverse document frequencies of each block."""
        arrays: dict[str, NDArray[Any]] = {}
        for name, block in self._blocks.items():
            arrays[f"{name}_words"] = np.array(block.get_feature_names_out(), dtype=str)
            arrays[f"{name}_idf"] = block.idf_
        return arrays

    def restore(self, arrays: dict[str, NDArray[Any]]) -> "WordFeatures":
        """Take over what `to_arrays` gave."""
        for name in self._weights:
            if f"{name}_words" in arrays:
                self._blocks[name] = _vectorizer(arrays[f"{name}_words"].tolist())
                self._blocks[name].idf_ = arrays[f"{name}_idf"]
        return self

    def _tokens(self, documents: Iterable[Document]) -> dict[str, list[list[str]]]:
        all_fields, titles = [], []
        for document in documents:
            fields = (document,) if isinstance(document, str) else document
            tokens = [self.tokenizer.words(field or "") for field in fields]
            all_fields.append([word for field in tokens for word in field])
            titles.append(tokens[0] if len(tokens) > 1 else [])
        return {_ALL_FIELDS: all_fields, _TITLE: titles}

    def _vocabulary(self, bags: list[list[str]]) -> list[str]:
        records = Counter(word for bag in bags for word in set(bag))
        return sorted(word for word, count in records.items() if count >= self.min_records)

    def _assemble(self, tokens: dict[str, list[list[str]]]) -> sparse.csr_array:
        parts = [self._weights[name] * block.transform(tokens[name]) for name, block in self._blocks.items()]
        if not parts:
            return sparse.csr_array((len(tokens[_ALL_FIELDS]), 0))
        return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _vectorizer(vocabulary: list[str]) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=list, lowercase=False, vocabulary=vocabulary, sublinear_tf=True)
