"""Confirmed mappings: saved readable, recognised by the headers, applied with a remark; drift is asked about."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import account
from hotline12345.flows.ingest.mapping import IGNORE, FileMapping, load_mapping, normalise_header
from hotline12345.flows.ingest.profiles import aware_of, fingerprint, load_profiles, remember, with_profile

HEADERS = ["流水", "建单日", "诉求描述", "办毕日", "经办", "备注"]
COLUMNS = {"流水": "order_id", "建单日": "created_at", "诉求描述": "body", "办毕日": "closed_at", "经办": "unit_name"}
SAID = FileMapping({"备注": IGNORE}, sheet="工单", header_row=3)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "profiles"


@pytest.fixture
def profiles(folder):
    """One profile, read again."""
    remember(folder, HEADERS, COLUMNS, SAID, "区平台")
    return load_profiles(folder)


def resolved(headers, mapping):
    return account(headers, mapping, lambda a, b: False)


def test_a_profile_is_a_readable_file_and_a_mapping_file(folder, profiles):
    (profile,) = profiles
    assert (profile.name, profile.headers) == ("区平台", tuple(HEADERS))
    text = (folder / "区平台.toml").read_text(encoding="utf-8")
    assert '"建单日" = "created_at"' in text
    assert '"备注" = "ignore"' in text
    assert "header_row = 3" in text
    assert load_mapping(folder / "区平台.toml") == FileMapping({**COLUMNS, "备注": IGNORE}, sheet="工单", header_row=3)


def test_the_same_headers_are_read_as_confirmed(profiles):
    mapping, notes = with_profile(HEADERS, FileMapping(), profiles)
    found = resolved(HEADERS, mapping)
    assert found.questions == ()
    assert {m.header: m.column for m in found.matches} == {**COLUMNS, "备注": IGNORE}
    assert {m.how for m in found.matches} == {"profile"}
    assert len(notes) == 1
    assert "按已确认的列对应“区平台”读取，确认于 " in notes[0]


def test_what_the_user_says_wins_over_a_profile(profiles):
    mapping, _ = with_profile(HEADERS, FileMapping({"备注": "unit_name", "办毕日": IGNORE}), profiles)
    found = {m.header: (m.column, m.how) for m in resolved(HEADERS, mapping).matches}
    assert found["备注"] == ("unit_name", "stated")
    assert found["经办"] == (None, "none")
    assert found["办毕日"] == (IGNORE, "stated")


def test_other_files_are_left_alone(profiles):
    others = ["工单编号", "创建时间", "主要内容", "备注"]
    assert with_profile(others, FileMapping(), profiles) == (FileMapping(), ())
    assert with_profile(others, FileMapping(), ()) == (FileMapping(), ())


def test_another_order_of_the_same_headers_is_said(profiles):
    mapping, notes = with_profile(HEADERS[::-1], FileMapping(), profiles)
    assert resolved(HEADERS[::-1], mapping).questions == ()
    assert "列相同，只是顺序变了。" in notes


def test_a_renamed_column_is_asked_about(profiles):
    changed = ["流水", "建单日", "诉求描述", "办毕日期", "经办", "备注"]
    mapping, notes = with_profile(changed, FileMapping(), profiles)
    assert notes[1:] == ("多了列：办毕日期。", "少了列：办毕日。", "“办毕日期”可能是原来的“办毕日”。")
    (question,) = resolved(changed, mapping).questions
    assert question.code == "E11"
    assert "“办结时间”取自列“办毕日”" in question.text
    assert [answer.columns for answer in question.answers] == [{"办毕日期": "closed_at"}, {"办毕日": IGNORE}]
    for answer in question.answers:
        said = {normalise_header(header): column for header, column in answer.columns.items()}
        answered, _ = with_profile(changed, FileMapping(said), profiles)
        assert resolved(changed, answered).questions == ()


def test_a_gone_column_that_an_alias_fills_is_no_question(profiles):
    changed = ["流水", "建单日", "诉求描述", "办结时间", "经办", "备注"]
    mapping, notes = with_profile(changed, FileMapping(), profiles)
    found = resolved(changed, mapping)
    assert found.questions == ()
    assert found.columns["closed_at"] == 3
    assert "少了列：办毕日。" in notes


def test_new_columns_are_reported_and_aliases_still_work(profiles):
    grown = [*HEADERS, "来电号码", "附件"]
    mapping, notes = with_profile(grown, FileMapping(), profiles)
    found = resolved(grown, mapping)
    assert found.questions == ()
    assert found.columns["caller_key"] == 6
    assert notes[1] == "多了列：来电号码、附件。"


def test_the_newest_of_two_equal_profiles_counts(profiles):
    newer = replace(profiles[0], name="甲", confirmed_at=datetime(2100, 1, 1), mapping=FileMapping({"流水": "case_id"}))
    mapping, _ = with_profile(HEADERS, FileMapping(), [newer, *profiles])
    assert mapping.columns == {"流水": "case_id"}


def test_confirming_again_replaces_the_profile(folder, profiles):
    again = remember(folder, HEADERS, {**COLUMNS, "备注": "tags"}, FileMapping())
    assert again.name == "区平台"
    assert [p.mapping.columns["备注"] for p in load_profiles(folder)] == ["tags"]
    renamed = remember(folder, HEADERS, COLUMNS, SAID, "新名")
    assert [p.name for p in load_profiles(folder)] == [renamed.name] == ["新名"]


@pytest.mark.parametrize("name", ["../x", "a/b", "", " ", "x" * 41, "张三12812345678"])
def test_names_that_are_no_file_names(folder, name):
    with pytest.raises(IngestError, match="档案名") as refused:
        remember(folder, HEADERS, COLUMNS, SAID, name)
    assert refused.value.code == "E10"
    assert not folder.exists()


def test_a_name_is_not_taken_from_other_headers(folder, profiles):
    with pytest.raises(IngestError, match="换一个名字"):
        remember(folder, HEADERS[:3], COLUMNS, SAID, "区平台")


@pytest.mark.parametrize(
    "content", ["[profile]\n", "[columns]\n", '[profile]\nconfirmed_at = "x"\nfingerprint = ""\nheaders = []\n']
)
def test_a_damaged_profile_is_named(folder, content):
    folder.mkdir()
    (folder / "坏.toml").write_text(content, encoding="utf-8")
    with pytest.raises(IngestError, match=r"坏\.toml") as refused:
        load_profiles(folder)
    assert refused.value.code == "E10"


def test_personal_data_in_a_header_is_masked_in_the_profile_and_still_recognised(folder):
    headers = [*HEADERS, "电话12812345678"]
    remember(folder, headers, COLUMNS, SAID)
    assert "12812345678" not in next(folder.glob("*.toml")).read_text(encoding="utf-8")
    assert with_profile(headers, FileMapping(), load_profiles(folder))[1]


def test_headers_of_profiles_help_to_find_the_header_row(profiles):
    assert aware_of(FileMapping(), profiles).known == {*HEADERS}


NAMES = st.text(min_size=1, max_size=6).filter(normalise_header)


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_the_fingerprint_ignores_decoration_and_keeps_the_order(headers):
    assert fingerprint(headers) == fingerprint([f"*{header}：" for header in headers])
    if len({fingerprint([header]) for header in headers}) > 1:
        assert fingerprint(headers) != fingerprint([*headers[1:], headers[0]]) or headers[1:] + headers[:1] == headers


@given(st.lists(NAMES, min_size=2, max_size=6, unique_by=normalise_header))
def test_a_saved_profile_read_again_gives_the_same_mapping(tmp_path_factory, headers):
    folder = tmp_path_factory.mktemp("profiles")
    columns = dict(zip(headers, ("order_id", "created_at", "body", "title", "tags", "channel"), strict=False))
    keys = {normalise_header(header): column for header, column in columns.items()}
    before = resolved(headers, FileMapping(keys))
    saved = remember(folder, headers, {m.header: m.column for m in before.matches if m.column}, FileMapping())
    assert load_profiles(folder) == (saved,)
    after = resolved(headers, with_profile(headers, FileMapping(), [saved])[0])
    assert after.columns == before.columns
