"""The site's HMAC key for caller keys: made once, 0600, in the config folder, never in a database or a snapshot.

A site has one key at a time: that is its epoch. A new key (the old one leaked or is lost) begins a new epoch. Caller keys of
two epochs are never equal, so a person who called in both counts twice in figures over both; docs/privacy.md says what to do.
"""

from hotline12345.sql.key_files import KeyFileError, make_key, read_key
from hotline12345.sql.storage import Storage


def load_key(storage: Storage) -> bytes:
    """The site's key; made on first use or in place of a deleted one, which begins a new epoch.

    KeyFileError when the file is empty or damaged: a weak key would let anyone compute callers from their keys.
    """
    path = storage.key_file
    if not path.exists():
        storage.make()
        make_key(path)
    key = read_key(path)
    if key is None:
        raise KeyFileError(
            f"密钥文件 {path.name} 已损坏，没有导入。请从备份恢复；没有备份就删除它，下次运行会生成新密钥，"
            "但新旧数据中的同一诉求人将无法对应。"
        )
    return key
