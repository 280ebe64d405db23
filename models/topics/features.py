"""Documents to sparse TF-IDF features, block by block, with scikit-learn; what the compiled scorer is held to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from hotline12345.models.topics.folding import SEPARATOR, fold
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Block, Recipe
from hotline12345.models.topics.terms import Characters, Terms, Words, dictionary_words

Document = Sequence[str]
"""The field texts of one record, the title first. A plain string is read as a document of one field."""

Matrix = Any  # scipy.sparse.csr_array
_UNKNOWN_CALLER: Final = ""


def field_texts(document: Document) -> tuple[str, ...]:
    """The fields of a document; a missing one is empty."""
    return (document,) if isinstance(document, str) else tuple(field or "" for field in document)


@dataclass(frozen=True)
class Counts:
    """How often each term occurs in each document: one matrix (documents, terms) a block, with its sorted terms."""

    matrices: tuple[Matrix, ...]
    terms: tuple[NDArray[np.str_], ...]

    def rows(self, chosen: NDArray[Any]) -> "Counts":
        """The counts of some documents."""
        return Counts(tuple(matrix[chosen] for matrix in self.matrices), self.terms)


def count_terms(recipe: Recipe, lexicon: Lexicon, documents: Sequence[Document]) -> Counts:
    """Count every possible term of the documents. Cost grows with their letters, about 2 µs each."""
    matrices, terms = [], []
    for block in recipe.blocks:
        texts = _texts(block, documents)
        finder: Terms = (
            dictionary_words(lexicon, block.longest) if block.terms == "words" else Characters(block.longest)
        )
        vectorizer = CountVectorizer(analyzer=finder, lowercase=False, dtype=np.int32)
        try:
            matrices.append(sparse.csr_array(vectorizer.fit_transform(texts)))
            terms.append(vectorizer.get_feature_names_out().astype(str))
        except ValueError:  # not a single term
            matrices.append(sparse.csr_array((len(texts), 0), dtype=np.int32))
            terms.append(np.empty(0, dtype=str))
    return Counts(tuple(matrices), tuple(terms))


class Features:
    """Rows in the order of the documents; columns are the sorted terms of the blocks, one block after the other.

    Term frequencies are sublinear (1 + ln), idf is scikit-learn's smooth one, and each block has length 1 before its
    weight. Learned: `terms` and `idf`, one array a block.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.terms: list[NDArray[np.str_]] = []
        self.idf: list[NDArray[np.float64]] = []

    @property
    def names(self) -> list[str]:
        """The term behind each column; a term may stand for one column a block."""
        return [term for block in self.terms for term in block.tolist()]

    def fit_transform(self, counts: Counts, callers: Sequence[str | None] | None = None) -> Matrix:
        """Learn vocabulary and idf; shape (documents, terms), which may have no column at all.

        With `callers`, one a document, a term must come from `min_callers` of them, all unknown ones together being one;
        without, from `min_records` documents.
        """
        self.terms, self.idf, parts = [], [], []
        for block, matrix, terms in zip(self.recipe.blocks, counts.matrices, counts.terms, strict=True):
            kept = self._is_kept(matrix, callers)
            part = matrix[:, kept]
            transformer = TfidfTransformer(sublinear_tf=True)
            if part.shape[1]:
                parts.append(block.weight * transformer.fit_transform(part.astype(np.float64)))
            self.terms.append(terms[kept])
            self.idf.append(transformer.idf_ if part.shape[1] else np.empty(0))
        return sparse.csr_array(sparse.hstack(parts, format="csr")) if parts else _nothing(counts.matrices[0].shape[0])

    def transform(self, documents: Sequence[Document]) -> Matrix:
        """Shape (documents, terms); unknown terms are ignored."""
        parts = []
        for block, terms, idf in zip(self.recipe.blocks, self.terms, self.idf, strict=True):
            if len(terms):
                vectorizer = TfidfVectorizer(
                    analyzer=Words(terms.tolist()), lowercase=False, vocabulary=terms.tolist(), sublinear_tf=True
                )
                vectorizer.idf_ = idf
                parts.append(block.weight * vectorizer.transform(_texts(block, documents)))
        return sparse.csr_array(sparse.hstack(parts, format="csr")) if parts else _nothing(len(documents))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Vocabulary and inverse document frequencies of each block."""
        arrays: dict[str, NDArray[Any]] = {}
        for number, (terms, idf) in enumerate(zip(self.terms, self.idf, strict=True)):
            arrays[f"terms_{number}"] = terms if len(terms) else np.empty(0, dtype="<U1")
            arrays[f"idf_{number}"] = idf
        return arrays

    def restore(self, arrays: dict[str, NDArray[Any]]) -> "Features":
        """Take over what `to_arrays` gave."""
        numbers = range(len(self.recipe.blocks))
        self.terms = [arrays[f"terms_{number}"] for number in numbers]
        self.idf = [arrays[f"idf_{number}"] for number in numbers]
        return self

    def _is_kept(self, counts: Matrix, callers: Sequence[str | None] | None) -> NDArray[np.bool_]:
        present = sparse.csr_array((counts > 0).astype(np.int32))
        if callers is None:
            return np.asarray(present.sum(axis=0) >= self.recipe.min_records)
        names, owners = np.unique([caller or _UNKNOWN_CALLER for caller in callers], return_inverse=True)
        shape = (len(names), counts.shape[0])
        of_caller = sparse.csr_array((np.ones(len(owners), np.int32), (owners, np.arange(len(owners)))), shape=shape)
        return np.asarray(((of_caller @ present) > 0).sum(axis=0) >= self.recipe.min_callers)

    def finders(self) -> tuple[Terms, ...]:
        """What finds the known terms, one a block."""
        return tuple(Words(terms.tolist()) for terms in self.terms)

    def unseen_share(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Share of each document's letters that no known term of two or more letters covers; 0 without letters."""
        finders = self.finders()
        shares = [self._unseen_share(field_texts(document), finders) for document in documents]
        return np.array(shares, dtype=np.float64)

    def _unseen_share(self, fields: Sequence[str], finders: Sequence[Terms]) -> float:
        letters = covered = 0
        for number, folded in enumerate(map(fold, fields)):
            is_title = number == 0 and len(fields) > 1
            reading = [
                f for f, block in zip(finders, self.recipe.blocks, strict=True) if is_title or block.fields == "all"
            ]
            found = {place for finder in reading for span in finder.spans(folded) for place in _long(span)}
            letters += sum(letter != SEPARATOR for letter in folded)
            covered += len(found)
        return 1 - covered / letters if letters else 0.0


def _long(span: tuple[int, int]) -> Iterator[int]:
    return iter(range(*span) if span[1] - span[0] > 1 else ())


def _texts(block: Block, documents: Sequence[Document]) -> list[str]:
    """What a block reads of each document, folded; no term crosses from one field into the next."""
    fields = [field_texts(document) for document in documents]
    if block.fields == "title":
        return [fold(field[0]) if len(field) > 1 else "" for field in fields]
    return [fold(SEPARATOR.join(field)) for field in fields]


def _nothing(rows: int) -> Matrix:
    return sparse.csr_array((rows, 0))
