"""The errors a user can mend: each carries a Chinese message of its own and ends the command with exit code 2."""

import errno
import logging
import traceback
from pathlib import Path

from hotline12345.dashboard.access import AccessError
from hotline12345.flows.account_forms import AccountFormError
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.requested import RequestError
from hotline12345.flows.retraining import RollbackError
from hotline12345.flows.serve import ServerRunningError
from hotline12345.flows.watching import WatchError
from hotline12345.models.topics.store import StoredModelError
from hotline12345.models.topics.topic_model import TooFewExamples
from hotline12345.sql.build import CheckError
from hotline12345.sql.key_files import KeyFileError
from hotline12345.sql.official import OfficialTableError
from hotline12345.sql.publish import NothingPublishedError
from hotline12345.sql.records.store import RecordsError
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.rule_checks import RuleError
from hotline12345.sql.undo import UndoError
from hotline12345.sql.warehouse import WarehouseError, explain_fault
from hotline12345.sql.what_if import WhatIfError

USER_ERRORS = (
    AccessError,
    AccountFormError,
    IngestError,
    KeyFileError,
    StoredModelError,
    TooFewExamples,
    CheckError,
    NothingPublishedError,
    OfficialTableError,
    UndoError,
    RecordsError,
    ReferenceTableError,
    RequestError,
    RollbackError,
    RuleError,
    ServerRunningError,
    WatchError,
    WarehouseError,
    WhatIfError,
)
DISK_FAULTS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "磁盘已满或文件大小受限",
    errno.EDQUOT: "磁盘配额已满",
    errno.ENOENT: "所在目录不存在",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "这是一个目录",
    errno.EEXIST: "已有同名文件",
}


def translate(error: Exception) -> str | None:
    """The message of a known error; None for a fault of the program, which keeps its traceback."""
    if isinstance(error, USER_ERRORS):
        return str(error)
    if message := explain_fault(error):
        return message
    if isinstance(error, OSError) and error.errno in DISK_FAULTS:
        return (
            f"无法读写 {mask_text(str(error.filename or '文件'))}：{DISK_FAULTS[error.errno]}。已发布的数据不受影响。"
        )
    return None


def describe(error: Exception) -> str:
    """The message of any error, for those who only see a page: a fault of the program by kind and place alone."""
    if message := translate(error):
        return message
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}，{Path(frame.filename).name} 第 {frame.lineno} 行"
    logging.getLogger(__name__).error("%s", place)
    return f"程序出错（{place}）。已发布的数据不受影响；请把这段提示告诉维护人员。"
