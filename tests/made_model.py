"""The manifest of an invented topic model, as a training writes it."""

from typing import Any

MODEL_ID = "m1"
CODES = ("T1", "T2", "T9")


def manifest(model_id: str = MODEL_ID, **changes: Any) -> dict[str, Any]:
    """A manifest with 1,000 training records of two classes, one class left out; `changes` replaces entries."""
    metrics = {
        "macro_f1": 0.9125,
        "macro_f1_interval": [0.9, 0.925],
        "accuracy": 0.93,
        "per_class": {
            "T1": {"precision": 0.95, "recall": 0.94, "f1": 0.945, "support": 120},
            "T2": {"precision": 0.87, "recall": 0.89, "f1": 0.88, "support": 130},
        },
        "confusions": [["T2", "T1", 9], ["T1", "T2", 6]],
        "ece": 0.021,
        "ece_interval": [0.012, 0.034],
        "sure_share": 0.8,
        "sure_probability": 0.75,
        "level2_accuracy": 0.81,
        "level3_accuracy": None,
        "train_records": 1000,
        "test_records": 250,
    }
    return {
        "model_id": model_id,
        "taxonomy_id": "example-2026",
        "trained_at": "2026-03-29T13:05:00",
        "period": ["2026-01-19", "2026-03-28"],
        "data_hash": "d" * 64,
        "label_counts": {"T1": 480, "T2": 516, "T9": 4},
        "left_out": {"T9": 4},
        "corrections": 17,
        "hold_out": {"records": 250, "labels_hash": "e" * 64, "share": 0.2},
        "metrics": metrics,
        "class_mix": {"T1": 0.48, "T2": 0.52},
        "mean_probability": 0.86,
        "unseen_share": 0.03,
        "thresholds": {"level1": 0.4, "lower": 0.5},
        "recipe": {},
        "privacy": {"min_callers": 5, "min_records": 2, "terms": 8123},
        "versions": {"python": "3.12.1", "scikit-learn": "1.9.0"},
        "artefact_sha256": "f" * 64,
        "compared": None,
    } | changes


def compared(is_not_worse: bool = True, **changes: Any) -> dict[str, Any]:
    """A comparison with the champion `m0`; refused, because topic T2 lost."""
    lost = -0.15 if not is_not_worse else 0.01
    return {
        "champion_id": "m0",
        "records": 250,
        "champion_macro_f1": 0.9,
        "challenger_macro_f1": 0.9125 if is_not_worse else 0.84,
        "difference": 0.0125 if is_not_worse else -0.06,
        "interval": [-0.005, 0.03] if is_not_worse else [-0.1, 0.004],
        "is_not_worse": is_not_worse,
        "classes": [
            {
                "code": code,
                "support": support,
                "champion_f1": 0.9,
                "challenger_f1": 0.9 + difference,
                "difference": difference,
                "interval": [difference - 0.05, difference + 0.05],
                "is_worse": difference < -0.02,
            }
            for code, support, difference in (("T1", 120, 0.02), ("T2", 130, lost))
        ],
    } | changes
