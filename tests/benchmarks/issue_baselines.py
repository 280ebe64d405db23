"""Two plain ways of finding recurring issues, to hold the miner against: clusters of texts, and nothing else.

TF-IDF of jieba's words + DBSCAN; the same in SVD + HDBSCAN, clusters named by class TF-IDF as BERTopic does. They are
given the text of the place column where there is one, count people where callers are known, and cluster each grain
with parameters of its own. Parameters were chosen by the grids below (`issue_quality.py --tune`): for letters on the
development half, by the mean of both F1; for the sample on 8,000 orders of another seed (up to 200 components), by
the F1 over planted orders, as the rest of it recurs too.
"""

from typing import Any

import jieba
import numpy as np
import polars as pl
from scipy import sparse
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

EVENT, THEME = "点位事件", "共性问题"
GRAINS = (EVENT, THEME)
SEED = 1
Labels = np.ndarray
Settings = dict[str, Any]
DBSCAN_GRID = {"eps": (0.4, 0.45, 0.5, 0.55, 0.575, 0.6, 0.625, 0.65, 0.7), "min_samples": (3, 4, 6)}
HDBSCAN_GRID = {
    "components": (100, 200, 400),
    "min_cluster_size": (5, 12),
    "min_samples": (2, 5),
    "cluster_selection_method": ("eom", "leaf"),
}


def hdbscan_settings(components: int, min_cluster_size: int, min_samples: int, method: str) -> Settings:
    return dict(zip(HDBSCAN_GRID, (components, min_cluster_size, min_samples, method), strict=True))


CHOSEN: dict[tuple[str, str], dict[str, Settings]] = {
    ("DBSCAN", "letters"): {EVENT: {"eps": 0.625, "min_samples": 6}, THEME: {"eps": 0.625, "min_samples": 4}},
    ("DBSCAN", "sample"): {EVENT: {"eps": 0.5, "min_samples": 3}, THEME: {"eps": 0.55, "min_samples": 4}},
    ("HDBSCAN", "letters"): {
        EVENT: hdbscan_settings(400, 5, 5, "eom"),
        THEME: hdbscan_settings(400, 12, 2, "eom"),
    },
    ("HDBSCAN", "sample"): {
        EVENT: hdbscan_settings(200, 5, 5, "leaf"),
        THEME: hdbscan_settings(200, 5, 5, "eom"),
    },
}


def texts(records: pl.DataFrame) -> list[str]:
    """Place, title and body of each record in one string."""
    parts = [name for name in ("place", "title", "body") if name in records.columns]
    return records.select(pl.concat_str(parts, separator=" ", ignore_nulls=True)).to_series().to_list()


def tfidf(records: pl.DataFrame) -> sparse.csr_matrix:
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, min_df=2, max_df=0.2, sublinear_tf=True)
    return sparse.csr_matrix(vectorizer.fit_transform(texts(records)))


def reduced(matrix: sparse.csr_matrix, components: int) -> np.ndarray:
    return normalize(TruncatedSVD(components, random_state=SEED).fit_transform(matrix))


def dbscan_labels(matrix: sparse.csr_matrix, eps: float, min_samples: int) -> Labels:
    return np.asarray(DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit_predict(matrix))


def hdbscan_labels(matrix: sparse.csr_matrix, components: int, **settings: Any) -> Labels:
    return np.asarray(HDBSCAN(copy=True, n_jobs=2, **settings).fit_predict(reduced(matrix, components)))


def class_names(records: pl.DataFrame, labels: Labels) -> dict[int, str]:
    """The three words of the highest class TF-IDF of each cluster."""
    joined = pl.DataFrame({"label": labels, "text": texts(records)}).filter(pl.col("label") >= 0)
    classes = joined.group_by("label").agg(pl.col("text").str.join(" ")).sort("label")
    if classes.is_empty():
        return {}
    vectorizer = CountVectorizer(tokenizer=lambda text: [w for w in jieba.cut(text) if len(w) > 1], token_pattern=None)
    counts = vectorizer.fit_transform(classes["text"]).toarray().astype(float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    weights = shares * np.log1p(counts.sum() / len(counts) / counts.sum(axis=0))
    words = vectorizer.get_feature_names_out()
    best = np.argsort(-weights, axis=1, kind="stable")[:, :3]
    return {label: "·".join(words[row]) for label, row in zip(classes["label"], best, strict=True)}


def clustered(records: pl.DataFrame, grain: str, labels: Labels) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clusters as issues: those of more people first, where callers are known."""
    caller = pl.col("caller") if "caller" in records.columns else pl.lit(None, pl.String)
    voice = pl.coalesce(caller, pl.col("order_id"))
    members = (
        records.select("order_id", voice=voice)
        .with_columns(label=pl.Series(labels))
        .filter(pl.col("label") >= 0)
        .with_columns(issue_id=pl.lit(f"{grain} ") + pl.col("label").cast(pl.String))
    )
    names = class_names(records, labels)
    issues = members.group_by("issue_id", "label").agg(orders=pl.len(), people=pl.col("voice").n_unique())
    named = issues.with_columns(
        grain=pl.lit(grain), name=pl.col("label").replace_strict(names, default="", return_dtype=pl.String)
    )
    return named.select("issue_id", "grain", "name", "people", "orders"), members.select("issue_id", "order_id")


LABELS = {"DBSCAN": (dbscan_labels, DBSCAN_GRID), "HDBSCAN": (hdbscan_labels, HDBSCAN_GRID)}


def baseline(name: str, family: str, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Issues of both grains and their members; name: `DBSCAN` or `HDBSCAN`, family: `letters` or `sample`."""
    matrix, labels_of = tfidf(records), LABELS[name][0]
    parts = [clustered(records, grain, labels_of(matrix, **CHOSEN[name, family][grain])) for grain in GRAINS]
    issues = pl.concat([part[0] for part in parts])
    ranked = issues.sort("people", "orders", "issue_id", descending=[True, True, False])
    return ranked, pl.concat([part[1] for part in parts])
