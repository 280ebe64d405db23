"""Mappings that a person has confirmed, kept as files and recognised by the headers; drift is reported, never guessed."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from hotline12345.flows.clock import now
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import display_names
from hotline12345.flows.ingest.mapping import IGNORE, FileMapping, load_mapping, normalise_header, read_toml
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.suggest import likeness

FOLDER = "profiles"  # below the config folder
NEAR = 0.6  # Jaccard likeness of the headers from which a file counts as a changed form of a profile's
_RENAMED = 0.5  # likeness of two headers from which one looks like the other renamed
_NAME = re.compile(r"^[\w（）()·-]{1,40}$")


@dataclass(frozen=True)
class Profile:
    """A confirmed mapping.

    Attributes:
        name: also the file's name.
        confirmed_at: when a person last confirmed it, Asia/Shanghai.
        fingerprint: of the ordered headers.
        headers: as the file has them, masked, in their order.
        mapping: normalised header → column or "ignore", and how the file was read where that was stated.
    """

    name: str
    confirmed_at: datetime
    fingerprint: str
    headers: tuple[str, ...]
    mapping: FileMapping

    @property
    def keys(self) -> dict[str, str]:
        """Normalised header → header."""
        return {normalise_header(header): header for header in self.headers}


def fingerprint(headers: Sequence[str | None]) -> str:
    """SHA-256 of the ordered normalised headers, hex; the same for the same header row however it is decorated."""
    keys = [normalise_header(name) for name in display_names(headers)]
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """The profiles of a folder, in the order of their names; none when the folder does not exist.

    Raises:
        IngestError: E10 a profile that cannot be read.
    """
    return tuple(_load(path) for path in sorted(folder.glob("*.toml")))


def _load(path: Path) -> Profile:
    mapping, said = load_mapping(path), read_toml(path).get("profile")
    try:
        return _checked(path.stem, said if isinstance(said, dict) else {}, mapping)
    except (KeyError, TypeError, ValueError):
        raise IngestError(
            "E10",
            f"列对应档案“{mask_text(path.name)}”的 [profile] 段不完整：须有 confirmed_at、fingerprint 和 headers。"
            "请改正或删除这个文件；删除后，下次确认时会重新保存。",
        ) from None


def _checked(name: str, said: Mapping[str, Any], mapping: FileMapping) -> Profile:
    headers, confirmed_at = said["headers"], said["confirmed_at"]
    if not isinstance(headers, list) or not isinstance(confirmed_at, datetime) or confirmed_at.tzinfo:
        raise ValueError
    return Profile(name, confirmed_at, str(said["fingerprint"]), tuple(map(str, headers)), mapping)


def remember(
    folder: Path,
    headers: Sequence[str | None],
    columns: Mapping[str, str],
    mapping: FileMapping,
    name: str | None = None,
) -> Profile:
    """Save what a person has confirmed; a profile of the same headers is replaced.

    Args:
        folder: where profiles lie; made when it does not exist.
        headers: the header row as read.
        columns: header → canonical column, as the file was loaded.
        mapping: what the person said; its "ignore" entries and statements on the file are kept.
        name: of the profile; without it an earlier one of the same headers keeps its name, a new one gets a number.

    Raises:
        IngestError: E10 a name that cannot be a file name, or that belongs to a profile of other headers.
    """
    mark = fingerprint(headers)
    earlier = {profile.name: profile for profile in load_profiles(folder)}
    same = next((p.name for p in earlier.values() if p.fingerprint == mark), None)
    chosen = name if name is not None else same or f"对应-{mark[:8]}"
    if not _NAME.match(chosen) or mask_text(chosen) != chosen:
        raise IngestError("E10", "档案名只能用 1 到 40 个汉字、字母、数字和横线，不能含个人信息，例如 区热线日报。")
    if chosen in earlier and earlier[chosen].fingerprint != mark:
        raise IngestError("E10", f"已有列对应档案“{chosen}”，它的表头与这个文件不同。请换一个名字。")
    profile = _profile(chosen, mark, headers, columns, mapping)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = folder / f"{chosen}.partial"
    aside.write_text(as_toml(profile), encoding="utf-8")
    aside.replace(folder / f"{chosen}.toml")
    if same and same != chosen:
        (folder / f"{same}.toml").unlink()
    return profile


def _profile(
    name: str, mark: str, headers: Sequence[str | None], columns: Mapping[str, str], mapping: FileMapping
) -> Profile:
    names = display_names(headers)
    keys = {normalise_header(header) for header in names}
    ignored = {key: IGNORE for key, column in mapping.columns.items() if column == IGNORE and key in keys}
    loaded = {normalise_header(header): column for header, column in columns.items()}
    kept = replace(mapping, columns={**ignored, **loaded}, confirmed=frozenset(), gone={}, known=frozenset())
    return Profile(name, now().replace(microsecond=0), mark, tuple(names), kept)


def as_toml(profile: Profile) -> str:
    """A profile as the file that people read; it is a mapping file too."""
    mapping = profile.mapping
    headers = "".join(f"  {_quoted(header)},\n" for header in profile.headers)
    columns = "".join(
        f"{_quoted(header)} = {_quoted(mapping.columns[key])}\n"
        for key, header in profile.keys.items()
        if key in mapping.columns
    )
    said = {"sheet": mapping.sheet, "encoding": mapping.encoding, "separator": mapping.separator}
    file = "".join(f"{key} = {_quoted(value)}\n" for key, value in said.items() if value is not None)
    row = "" if mapping.header_row is None else f"header_row = {mapping.header_row}\n"
    return (
        "# 已确认的列对应。表头相同的文件按它读取；也可作映射文件：hotline run 文件 --mapping 本文件\n"
        f"[profile]\nname = {_quoted(profile.name)}\nconfirmed_at = {profile.confirmed_at:%Y-%m-%d %H:%M:%S}\n"
        f'fingerprint = "{profile.fingerprint}"\nheaders = [\n{headers}]\n\n[columns]\n{columns}'
        + (f"\n[file]\n{file}{row}" if file or row else "")
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # a JSON string is a TOML string but for DEL


def aware_of(mapping: FileMapping, profiles: Sequence[Profile]) -> FileMapping:
    """The same mapping that also knows the profiles' headers, so that a header row of theirs is found."""
    return replace(mapping, known=frozenset(key for profile in profiles for key in profile.keys))


def with_profile(
    headers: Sequence[str | None], mapping: FileMapping, profiles: Sequence[Profile]
) -> tuple[FileMapping, tuple[str, ...]]:
    """What the user says and, where a profile knows the headers, what was confirmed; with Chinese remarks.

    A profile of exactly these headers is applied. Of the nearest one with other headers only the entries of headers
    that are still there apply; columns it mapped that are gone are noted in `gone`, to be asked about when nothing
    else fills them. What the user says wins.
    """
    keys = {normalise_header(name): name for name in display_names(headers)}
    mark = fingerprint(headers)
    ranked = sorted(profiles, key=lambda p: (p.fingerprint == mark, _overlap(keys, p), p.confirmed_at, p.name))
    if not ranked or (ranked[-1].fingerprint != mark and _overlap(keys, ranked[-1]) < NEAR):
        return mapping, ()
    profile = ranked[-1]
    said = f"“{profile.name}”读取，确认于 {profile.confirmed_at:%Y-%m-%d %H:%M}。"
    if profile.fingerprint == mark:
        return _applied(mapping, profile, keys), (f"按已确认的列对应{said}",)
    return _applied(mapping, profile, keys), (f"表头与已确认的不同，仍有的列按{said}", *_drift(keys, profile))


def _overlap(keys: Mapping[str, str], profile: Profile) -> float:
    """Jaccard likeness of two sets of headers, 0-1."""
    return len({*keys} & {*profile.keys}) / max(len({*keys} | {*profile.keys}), 1)


def _applied(mapping: FileMapping, profile: Profile, keys: Mapping[str, str]) -> FileMapping:
    said = {*mapping.columns.values()} - {IGNORE}
    free = {k: c for k, c in profile.mapping.columns.items() if k not in mapping.columns and c not in said}
    confirmed = {key: column for key, column in free.items() if key in keys}
    gone = {column: profile.keys.get(key, key) for key, column in free.items() if key not in keys and column != IGNORE}
    return replace(mapping, columns={**confirmed, **mapping.columns}, confirmed=frozenset(confirmed), gone=gone)


def _drift(keys: Mapping[str, str], profile: Profile) -> list[str]:
    """Which headers are new, which are gone, and which look renamed."""
    old = profile.keys
    added, missing = [key for key in keys if key not in old], [key for key in old if key not in keys]
    notes = []
    if added:
        notes.append(f"多了列：{'、'.join(keys[key] for key in added)}。")
    if missing:
        notes.append(f"少了列：{'、'.join(old[key] for key in missing)}。")
    if not added and not missing:
        notes.append("列相同，只是顺序变了。")
    for key in missing:
        share, near = max(((_alike(key, other), other) for other in added), default=(0.0, ""))
        if share >= _RENAMED:
            notes.append(f"“{keys[near]}”可能是原来的“{old[key]}”。")
    return notes


def _alike(one: str, other: str) -> float:
    """How alike two headers are, 0-1: in meaning or letter by letter."""
    return max(likeness(one, other), SequenceMatcher(None, one, other, autojunk=False).ratio())
