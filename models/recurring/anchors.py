"""Names of places that are cut wrongly or have no telling suffix, learnt from where they stand: behind an area, 家住 or
我家在, and before 业主, 附近, 的人, 一带 or a suffix of places."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.places import core, is_admin, is_generic, normalise_place, point_suffixes
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.texts import generic_words, tokens

_AREA = r"[A-Z]\d{0,2}[市县区]|[\u4e00-\u9fff]{2}(?:区|县|镇|街道|乡|社区)"
_BEFORE = rf"(?:{_AREA}|位于|家住|家在|住在|居住在|购买了?|买了|本人[系是]|我[系是]|我们是|路过|经过|反映|管管)"
_BEHIND = (
    r"(?:[的里]*(?:业主|居民|住户|群众|村民|人(?![民员才口士]))|附近|旁|边上|门口|对面|楼盘|项目部?|物业|这一带|一带|沿线|周边"
    r"|开发商|小区|住宅区|[0-9一二三四五六七八九十]+[期栋]|住了|最近|：|）)"
)
#: Characters that join words and stand in no name.
_JOINING = "的了在是有我你他她它们这那和与及或被把从到于为对向由因所就都也还又很不没无个些每各该本请给让"
_SHORTEST, _LONGEST = 2, 6
_TOWNS = ("镇", "乡", "街道", "区", "县", "市")
#: jieba's tags of words that may be a name on their own, from three characters on.
_PROPER = frozenset({"nr", "ns", "nz", "nrt", "nrfg", "x"})
_EMPTY = frozenset({"f", "m", "v", "p", "d", "q", "r", "a"})
#: Ends of offices, posts and groups of people.
_NO_PLACE = re.compile(r"(?:[局委厅部办科处工员户们民金保组体称诉]|书记|主任|[局厅科县市镇校院]长)$")


@dataclass(frozen=True)
class Anchored:
    """`names` with the people who wrote them, and every run of characters `behind` such a word with its people."""

    names: dict[str, set[str]]
    behind: dict[str, set[str]]


#: A frequent surname with one or two characters that are no end of a place's name.
_PERSON = re.compile(
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石贾韦夏付方白邹孟熊秦邱江"
    "尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
    r"[\u4e00-\u9fff]?[^\W府湾桥洲坪岗冲岭坡湖园里居台谷庄墩坳村路街巷城堡岛山川河江溪泉池塘滩渡口门楼阁轩苑院庭坊站场店寨屯营沟峪塬洼汇井林汀]$"
)


def anchored_names(descriptions: Sequence[Description], settings: MiningSettings) -> Anchored:
    """Names that stand behind such words and, elsewhere or at once, before such words.

    At least `min_name_people` people write the name behind one, and one before one. Linear in the characters.
    """
    behind: dict[str, set[str]] = defaultdict(set)
    ahead: set[str] = set()
    suffixed: dict[str, set[str]] = defaultdict(set)
    starts, ends, named = _patterns()
    for description in descriptions:
        for run in set(starts.findall(description.text)):
            for length in range(_SHORTEST, len(run) + 1):
                if not run[length:].startswith(_TOWNS):
                    behind[run[:length]].add(description.voice)
        for run in set(ends.findall(description.text)):
            ahead.update(run[-length:] for length in range(_SHORTEST, len(run) + 1))
        for found in set(named.findall(description.text)):
            if (name := normalise_place(found)) and core(name) != name:
                suffixed[name].add(description.voice)
    least = settings.min_name_people
    names: dict[str, set[str]] = defaultdict(set)
    for name, people in behind.items():
        if len(people) >= least and name in ahead and is_bare(name):
            names[normalise_place(name) or name] |= people
    names |= {name: people for name, people in suffixed.items() if len(people) >= least and _is_name(name)}
    return Anchored(names, behind)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Runs behind an anchor, runs before one, and names with a suffix behind an anchor."""
    suffixes = "|".join(map(re.escape, point_suffixes()))
    letter = f"(?:(?![{_JOINING}])[\u4e00-\u9fff])"
    return (
        re.compile(rf"{_BEFORE}(?=({letter}{{{_SHORTEST},{_LONGEST}}}))"),
        re.compile(rf"({letter}{{{_SHORTEST},{_LONGEST}}})(?={_BEHIND})"),
        re.compile(rf"(?:{_AREA}|位于|家住|住在|是|[路街])(?=({letter}{{2,6}}?(?:{suffixes})))"),
    )


def _is_name(name: str) -> bool:
    """Whether a name with a suffix is one: its core is proper, not generic and no courtesy."""
    front = core(name)
    if len(front) < _SHORTEST or is_generic(front) or is_admin(name) or name in generic_words():
        return False
    words = tokens(name)
    return any(word.tag[0] in "njx" for word in words) and not any(
        len(word.word) > 1 and word.word in generic_words() for word in words
    )


def is_bare(name: str) -> bool:
    """Whether a run without a suffix is a name: cut into pieces that are no common words."""
    if core(name) != name or is_admin(name) or is_generic(name) or _NO_PLACE.search(name) or _PERSON.match(name):
        return False
    words = tokens(name)
    if any(word.word in generic_words() or is_generic(word.word) for word in words if len(word.word) > 1):
        return False
    if len(words) == 1:
        return len(name) > _SHORTEST and words[0].tag in _PROPER
    return any(word.tag in _PROPER or (len(word.word) == 1 and word.tag not in _EMPTY) for word in words)
