"""Why one document got its class: the phrases that carried the decision, the runner-up, and what would tip it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.models.topics.features import Document, field_texts
from hotline12345.models.topics.folding import fold, positions
from hotline12345.models.topics.phrases import Occurrence, Phrase, phrases, tipping, without
from hotline12345.models.topics.scorer import linear_scores
from hotline12345.models.topics.tokenizer import Tokenizer
from hotline12345.models.topics.topic_model import TopicModel


@dataclass(frozen=True)
class Reasons:
    """What carried the decision of one model about one document.

    Attributes:
        label, probability: the class chosen.
        phrases: at most `k` that speak for it, strongest first; a weight is the calibrated log-odds added against an
            average class.
        against: at most `k` that speak against it, strongest first.
        runner_up, runner_up_probability: the second class.
        tipping: the fewest phrases without which the runner-up would win; empty when no few would do.
    """

    label: str
    probability: float
    phrases: tuple[Phrase, ...]
    against: tuple[Phrase, ...]
    runner_up: str
    runner_up_probability: float
    tipping: tuple[str, ...]


def explain(model: TopicModel, tokenizer: Tokenizer, document: Document, k: int = 8) -> Reasons:
    """Why `model` puts a document where it does; `tokenizer` says where a phrase begins and ends."""
    fields = tuple(map(model.boilerplate.blanked, field_texts(document)))
    probabilities = model.predict_proba([fields])[0]
    second, chosen = (int(column) for column in np.argsort(probabilities, kind="stable")[-2:])
    if probabilities[second] == probabilities[chosen]:  # `predict` takes the first of equals
        second, chosen = max(second, chosen), min(second, chosen)
    found = phrases(
        [(text, tuple(_occurrences(model, fields, number, chosen, second))) for number, text in enumerate(fields)],
        tokenizer.segments,
    )

    def margin_without(wordings: tuple[str, ...]) -> float:
        scores = model.scores([without(fields, wordings)])[0]
        return float(scores[chosen] - scores[second])

    return Reasons(
        label=str(model.classes_[chosen]),
        probability=float(probabilities[chosen]),
        phrases=tuple(phrase for phrase in found if phrase.weight > 0)[:k],
        against=tuple(phrase for phrase in reversed(found) if phrase.weight < 0)[:k],
        runner_up=str(model.classes_[second]),
        runner_up_probability=float(probabilities[second]),
        tipping=tipping(found, margin_without),
    )


def similarity(model: TopicModel, document: Document, columns: Sequence[pl.Series]) -> NDArray[np.float64]:
    """How like a document each text is: the mean cosine (0-1) of the feature blocks, weighted as in the model.

    `columns`: the texts, one column a field. Scored like a class whose weights are the document's own features.
    """
    own = model.features_.transform([tuple(map(model.boilerplate.blanked, field_texts(document)))]).toarray()[0]
    columns = model.boilerplate.out_of(columns)
    total = float(own @ own)
    if not total:
        return np.zeros(len(columns[0]))
    weights = own[:, np.newaxis].astype(np.float32)
    likeness = linear_scores(model.features_, model.tables_, weights, np.zeros(1), columns).scores[:, 0]
    return np.asarray(np.clip(likeness / total, 0.0, 1.0))


def _occurrences(
    model: TopicModel, fields: tuple[str, ...], number: int, chosen: int, second: int
) -> Iterator[Occurrence]:
    """Every place of a known term in one field; what a term adds is shared evenly by its places in all fields."""
    features, folded, seen = model.features_, [fold(text) for text in fields], positions(fields[number])
    row = features.transform([fields]).toarray()[0]
    added, other = row * model.weights_[:, [chosen, second]].T / model.temperature_
    lead = added - other
    first = 0
    for finder, terms, block in zip(features.finders(), features.terms, model.features_.recipe.blocks, strict=True):
        reads_title = block.fields == "title"
        read = folded[:1] if reads_title else folded
        if not (reads_title and (number > 0 or len(fields) == 1)):
            counts = Counter(term for text in read for term in finder(text))
            for start, end in finder.spans(folded[number]):
                term = folded[number][start:end]
                column = first + int(np.searchsorted(terms, term))
                share = 1 / counts[term]
                yield Occurrence(seen[start], seen[end - 1] + 1, added[column] * share, lead[column] * share)
        first += len(terms)
