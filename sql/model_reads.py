"""Reads of the topic models that were in use, and which of them the snapshot's topics come from."""

import json
from typing import Any

import polars as pl

from hotline12345.sql.reading import SnapshotReads


class ModelReads(SnapshotReads):
    """The models of a published snapshot."""

    def models(self) -> pl.DataFrame:
        """Every model that was in use, the newest first; grain model_id.

        trained_at, taxonomy_id, is_model_in_use, first_used_at, last_used_at, scored_count, and figures of its manifest.
        """
        return self._query(
            """
            with used as (
                select model_id, min(published_at) as first_used_at, max(published_at) as last_used_at
                from landed.publications group by model_id
            ),
            scored as (
                select model_id, count(*) as scored_count from landed.topic_predictions group by model_id
            )
            select
                models.model_id,
                models.trained_at,
                models.taxonomy_id,
                models.model_id = coalesce(parameters.text_value, '') as is_model_in_use,
                used.first_used_at,
                used.last_used_at,
                coalesce(scored.scored_count, 0) as scored_count,
                cast(json_extract(models.manifest, '$.metrics.macro_f1') as double) as macro_f1,
                cast(json_extract(models.manifest, '$.metrics.accuracy') as double) as accuracy,
                cast(json_extract(models.manifest, '$.metrics.train_records') as bigint) as train_count,
                cast(json_extract(models.manifest, '$.metrics.test_records') as bigint) as test_count,
                cast(json_extract(models.manifest, '$.corrections') as bigint) as correction_count
            from landed.topic_models as models
            left join run.parameters as parameters on parameters.parameter_name = 'topic_model'
            left join used on used.model_id = models.model_id
            left join scored on scored.model_id = models.model_id
            order by models.trained_at desc, models.model_id
            """
        )

    def model_manifest(self, model_id: str) -> dict[str, Any]:
        """The manifest of one model that was in use; LookupError when it never was."""
        rows = self._query("select manifest from landed.topic_models where model_id = $model_id", model_id=model_id)
        if rows.is_empty():
            raise LookupError(model_id)
        manifest: dict[str, Any] = json.loads(rows.item())
        return manifest
