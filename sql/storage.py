"""Where everything lies on disk: one object, built from a data folder and a config folder."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Storage:
    """The site's folders. `data` is private to the writer except `published`; `config` holds rules, units and the key."""

    data: Path
    config: Path

    @classmethod
    def at(cls, data_dir: Path | None = None, config_dir: Path | None = None) -> "Storage":
        """Folders from the arguments, else HOTLINE_DATA_DIR / HOTLINE_CONFIG_DIR, else ./data and <data>/config."""
        data = data_dir or Path(os.environ.get("HOTLINE_DATA_DIR") or "data")
        named = os.environ.get("HOTLINE_CONFIG_DIR")
        config = config_dir or (Path(named) if named else data / "config")
        return cls(data.absolute(), config.absolute())

    @property
    def warehouse(self) -> Path:
        """The writer's private DuckDB file."""
        return self.data / "warehouse.duckdb"

    @property
    def records(self) -> Path:
        """What people write: requests, the server's state, files seen in watched folders (SQLite)."""
        return self.data / "records.sqlite"

    @property
    def inbox(self) -> Path:
        """Files waiting for the daily flow; each is deleted once loaded."""
        return self.data / "inbox"

    @property
    def texts(self) -> Path:
        """Masked texts, one immutable Parquet file a batch."""
        return self.data / "texts"

    @property
    def search(self) -> Path:
        """The full-text index: immutable files of masked words that each snapshot lists."""
        return self.data / "search"

    @property
    def published(self) -> Path:
        """Snapshots that readers open, and the pointer `current`."""
        return self.data / "published"

    @property
    def topic_models(self) -> Path:
        """Trained topic models, one folder a model id."""
        return self.data / "topic_models"

    @property
    def caches(self) -> Path:
        """Prefect's home and other caches; may be deleted at any time."""
        return self.data / "caches"

    @property
    def key_file(self) -> Path:
        """The HMAC key for caller keys: in the config folder, never in a database or snapshot."""
        return self.config / "hmac.key"

    @property
    def audit_key(self) -> Path:
        """The HMAC key that chains the rows of the audit log: in the config folder, never beside the rows."""
        return self.config / "audit.key"

    @property
    def rules(self) -> Path:
        """The site's own rule files."""
        return self.config / "rules"

    def make(self) -> None:
        """Create the folders, readable by their owner only."""
        for folder in (
            self.data,
            self.config,
            self.inbox,
            self.texts,
            self.search,
            self.published,
            self.topic_models,
            self.caches,
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
