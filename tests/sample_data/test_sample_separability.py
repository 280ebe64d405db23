"""Topics can be learnt from the texts, but not by one word each: a default model lands between .85 and .97."""

import polars as pl
import rjieba
from made_sample import Sample
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

SUBSET = 9_000


def test_default_model_lands_between_the_limits(sample: Sample) -> None:
    labelled = sample.orders.filter(pl.col("一级分类").is_not_null()).sample(SUBSET, seed=1)
    words = [" ".join(rjieba.cut(f"{title} {body}")) for title, body in labelled.select("标题", "主要内容").rows()]
    labels = labelled["一级分类"].to_list()
    train, test, train_labels, test_labels = train_test_split(
        words, labels, test_size=0.2, random_state=0, stratify=labels
    )
    vectorizer = TfidfVectorizer()
    model = LogisticRegression(max_iter=1000).fit(vectorizer.fit_transform(train), train_labels)
    score = f1_score(test_labels, model.predict(vectorizer.transform(test)), average="macro")
    assert 0.85 < score < 0.97


def test_no_single_word_marks_a_topic(sample: Sample) -> None:
    """The best word of a topic misses most of its orders or stands in many of others."""
    frame = sample.orders.select("主要内容").with_columns(sample.truth["topic_level1"])
    for word, topic in [
        ("物业", "T03"),
        ("停车", "T06"),
        ("噪", "T11"),
        ("医院", "T04"),
        ("学校", "T09"),
        ("水", "T15"),
    ]:
        marked = frame.filter(pl.col("主要内容").str.contains(word, literal=True))
        inside = (marked["topic_level1"] == topic).sum()
        recall = inside / (frame["topic_level1"] == topic).sum()
        assert inside / marked.height * recall < 0.6, word
