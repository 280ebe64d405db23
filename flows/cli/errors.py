"""The errors a user can mend: each carries a Chinese message of its own and ends the command with exit code 2."""

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.models.topics.store import StoredModelError
from hotline12345.models.topics.topic_model import TooFewExamples
from hotline12345.sql.build import CheckError
from hotline12345.sql.publish import NothingPublishedError
from hotline12345.sql.reference import ReferenceTableError
from hotline12345.sql.rules import RuleError
from hotline12345.sql.warehouse import WarehouseBusyError

USER_ERRORS = (
    IngestError,
    StoredModelError,
    TooFewExamples,
    CheckError,
    NothingPublishedError,
    ReferenceTableError,
    RuleError,
    WarehouseBusyError,
)


def translate(error: Exception) -> str | None:
    """The message of a known error; None for a fault of the program, which keeps its traceback."""
    return str(error) if isinstance(error, USER_ERRORS) else None
