"""Rules for names: a surname and a given name are believed beside a title, a cue word, or where the characters say so.

Each form captures what stands before the surname, the surname, the given name and what follows; the given name becomes
某. A name found once is masked wherever the same text repeats it without any cue.
"""

import re
from itertools import groupby

import polars as pl

from hotline12345.flows.ingest.masking_rules import FROM, TO, Group, Rule, apply
from hotline12345.flows.ingest.surnames import AFTER_WORD, COMMON_DOUBLE, DOUBLE, GIVEN, ROLE, SINGLE, STRONG

PERSON = "先生|女士|小姐|太太"
KIN = "阿姨|叔叔|大爷|大妈|大娘|大叔|大哥|大姐|奶奶|爷爷"
POSITION = (
    "老师|医生|大夫|经理|主任|书记|警官|律师|老板|队长|科长|所长|站长|师傅|同志|局长|厅长|处长|校长|院长|园长"
    "|主席|总经理|董事长"
)
HEAD = "市长|县长|区长|镇长|乡长|村长"  # of a place: 前杨村长 is no 杨村长

_HAN = r"[\p{Han}&&[^某的了里跟他她我你谢]]"  # of a given name; without 某, so that a masked name is not taken for one
_PLACE = "村镇乡街区县市局所院厂校站庄府路店桥"
_GIVEN = rf"[{_HAN}&&[^{_PLACE}副和]]"  # before a title: 张村镇站长 is no person
# After a word for a person a name is only believed where its characters begin no ordinary word (陆续, 曾要求, 何时 …).
_NOT_BEGUN = (
    "们续述经次反映投诉要求举报咨询提时种处必况事故色土线地间季虑客围边末款钱费房楼车水电号门口乱上下外前后内这那有无"
    "多少个为被从到向往过去就也还又再很最更非每并且但若因以能可会想请让给年月日元万千百第于是及或而人度序师旧没不未"
)
_BELIEVED = rf"[{_GIVEN}&&[^{_NOT_BEGUN}]]"
_SURNAMES = "".join(sorted({*SINGLE, *(surname[0] for surname in DOUBLE)}))
_ANY = f"(?:{'|'.join(DOUBLE)}|[{SINGLE}])"
_SURE = f"(?:{'|'.join(COMMON_DOUBLE)}|[{AFTER_WORD}])"
_WIDE = f"(?:{'|'.join(COMMON_DOUBLE)}|[{STRONG}])"
_BEFORE_POSITION = f"(?:{'|'.join(COMMON_DOUBLE)}|[{ROLE}黎])"
_KNOWN = rf"[{GIVEN}&&{_GIVEN}]"
_TWO = rf"{_KNOWN}[{GIVEN}&&{_GIVEN}&&[^家]]"  # 王平家 is the home of 王平
_ALONE = rf"[{GIVEN}&&{_BELIEVED}&&[^家国民生一]]"

_CUES = (
    "姓名|联系人|来电人|诉求人|反映人|投诉人|举报人|当事人|报案人|申请人|收件人|收货人|寄件人|户主|法人代表|患者|代表人|报告人"
    "|留言人|经办人|签收人|业务联系人|死者|伤者|作者"
)
_SELF = "我叫|我名叫?|名叫|本人叫|名字叫|名字是|有个叫|叫做|板叫|人叫|自称"
_ROLES = (
    "市民|居民|村民|业主|住户|租户|租客|房东|房主|家长|包工头|工头|负责人|本人|职工|员工|民工|工人|司机|驾驶员|车主|店主|店长"
    "|摊主|保安|顾问|业务员|销售员?|客服|工作人员|服务员|干部|支书|组长|会计|领导人|领队|导游|法人|代表|客户|顾客|消费者|中介|军人"
    "|战士|英雄|记者|商人|商户|学生|网友|群众|我是|残疾人|老人"
)
_FAMILY = (
    "父亲|母亲|丈夫|妻子|儿子|女儿|继母|继父|岳父|岳母|婆婆|公公|孙子|孙女|哥哥|弟弟|姐姐|妹妹|爱人|老公|老婆|老伴|邻居|同事|同学"
    "|[我其][父母妻夫子女儿兄弟哥姐妹爸妈]|之[子女]"
)
_WHO = f"{_CUES}|{_SELF}|{POSITION}|{HEAD}|{_ROLES}|{_FAMILY}"
_BUILT = "庭苑轩阁居邸墅湾岛岸堡塔寺庙坊厦楼园城巷里"  # 杨柳青庭 is an estate
_PART_OF_PLACE = "巷里园苑湖河山江海城宫大小东西南北中公道家新"
_ACCUSED = "举报|控告|检举|查处|追究|处理"
_OF = "(?:公司|单位|学校|医院|银行|物业|中心|局|所|店)的"
_SAYS = (
    "来电|致电|来访|反映|反应|表示|称|说|讲|投诉|举报|要求|希望|咨询|求助|建议|认为|告知|承诺|拖欠|拒绝|批示|回复|代表|担任|驾驶|负责"
    "|骗取|违规|违法|非法|发现|赶到|态度|住院|入学|今年|实名|呈|签|家人|电话|手机|联系|名下|[的不未没在把将已因对与和及等有是于从到被向]"
)
_END = r"[^\p{Han}]|$"

_Way = tuple[str, str, str, str]  # before the name, surname, given name, behind


def _form(*ways: _Way) -> Rule:
    """Put the name between FROM and TO in whichever of these ways it shows; at the same place the first way wins.

    Ways that begin alike share one expression, but all in one would have more states than the engine keeps.
    """
    patterns, befores, names, behinds = [], "", "", ""
    group = 0
    for before, alike in groupby(ways, key=lambda way: way[0]):
        group += 1
        befores += f"${{{group}}}"
        tails = []
        for _, surname, given, behind in alike:
            tails.append(f"({surname})({given})({behind})")
            names += f"${{{group + 1}}}${{{group + 2}}}"
            behinds += f"${{{group + 3}}}"
            group += 3
        patterns.append(f"({before})(?:{'|'.join(tails)})")
    return Rule("|".join(patterns), f"{befores}{FROM}{names}{TO}{behinds}", twice=True)


_TITLED = (
    _form(("", _ANY, f"{_HAN}{{0,2}}", PERSON)),
    _form(("", f"(?:{'|'.join(DOUBLE)}|[{AFTER_WORD}])", f"{_BELIEVED}{{0,2}}", KIN)),
    _form(
        ("", _BEFORE_POSITION, f"{_GIVEN}{{0,2}}", f"副?(?:{POSITION})"),
        ("", _BEFORE_POSITION, f"{_GIVEN}{{1,2}}", f"副?(?:{HEAD})"),
    ),
    _form(
        ("", "周", f"{_BELIEVED}{{0,2}}", f"副?(?:{POSITION})"),
        ("", "周", f"{_BELIEVED}{{1,2}}", f"副?(?:{HEAD})"),
        ("", _WIDE, _TWO, f"{KIN}|副?(?:{POSITION}|{HEAD})"),
    ),
)
_AFTER_ROLE = f"(?:{_WHO})[都是为叫:： (（]{{0,2}}"
_CUED = (
    _form(
        (f"(?:{_SELF})[:： ]*", _ANY, f"{_GIVEN}{_BELIEVED}?", ""),
        (f"(?:{_CUES})(?:[是为叫:：; ]+|[(（])", _ANY, f"{_GIVEN}{{1,2}}", _END),
        (f"(?:{_CUES})", _WIDE, f"{_BELIEVED}{{2}}", _END),
        ("叫", _SURE, f"{_BELIEVED}{{1,2}}?", "的"),
        (f"(?:{_ACCUSED})", _SURE, f"{_KNOWN}{{1,2}}", f"{_SAYS}|{_END}"),
    ),
    _form(
        (_AFTER_ROLE, _SURE, f"{_BELIEVED}{{1,2}}?", f"{_SAYS}|{_END}"),
        (_AFTER_ROLE, _WIDE, _TWO, f"[^{_PLACE}{_BUILT}]|$"),
        (_AFTER_ROLE, _SURE, _ALONE, rf"[{_GIVEN}&&[^{_PART_OF_PLACE}{GIVEN}]]"),
        (_AFTER_ROLE, f"{_SURE}|曾", f"{_ALONE}|{_KNOWN}[{GIVEN}和]", _END),
    ),
    _form((f"(?:{_WHO}|{_OF})[，,、]?", _SURE, f"{_BELIEVED}{{2}}", _END)),
    _form(
        (r"\*{4}[0-9]{0,4}[ ，,(（]?", _SURE, f"{_GIVEN}{{1,2}}", _END),
        (r"[(（]", _SURE, f"{_KNOWN}{{1,2}}", "[)）]"),
        (
            r"[。！!；;：:，, ]",
            _SURE,
            f"{_GIVEN}{{1,2}}",
            "(?:19|20)[0-9]{2}[年./-]|，?(?:男|女|电话|手机)[，,：: 0-9]",
        ),
    ),
)
_LISTED = (_form((f"{TO}[、和]", _WIDE, f"{_BELIEVED}{{1,2}}", "[、，,。；;）)等和及的]|$")),) * 3
_CUE_GATE = (
    rf"叫[{_SURNAMES}]|(?:{_WHO}|{_OF}|{_ACCUSED})[都是为叫:： (（，,、;]{{0,2}}[{_SURNAMES}]|\*{{4}}[0-9]{{0,4}}[ ，,(（]?[{_SURNAMES}]"
    rf"|[(（。！!；;：:，, ][{_SURNAMES}]\p{{Han}}{{1,3}}(?:[)）]|[12][09][0-9]{{2}}|，?(?:男|女|电话|手机))"
)
# No word before it: only where all three characters say so, and not inside 荒唐政策, 伸张正义 or a name already shown.
_BARE = (
    f"^|[^荒伸主扩紧夸霸帝{FROM}]",
    f"{'|'.join(COMMON_DOUBLE)}|[{AFTER_WORD}&&[^何顾马]]",
    _TWO,
    rf"{_SAYS}|[^\p{{Han}}{TO}]|$",
)
_BARE_GATE = "".join(f"(?:{part})" for part in _BARE)
_TITLES = f"{PERSON}|{KIN}|{POSITION}|{HEAD}"
_NAMES = (
    Group(_TITLES, (Group(rf"[{_SURNAMES}]\p{{Han}}{{0,3}}(?:{_TITLES})", _TITLED),)),
    Group(f"{_CUE_GATE}|{_BARE_GATE}", (Group(_CUE_GATE, _CUED), Group(_BARE_GATE, (_form(_BARE),)))),
    Group(f"{TO}[、和][{_SURNAMES}]", _LISTED),
)
_PLACE_BEHIND = f"[{_PLACE}{_BUILT}]"  # 王平镇 is no repetition of 王平


def mask_names(texts: pl.Series) -> pl.Series:
    """The texts with names as 姓+某; once a form has shown a name, the whole text is masked of it."""
    for group in _NAMES:
        texts = apply(texts, group)
    places = texts.str.contains(FROM, literal=True).arg_true()
    if places.is_empty():
        return texts
    shown = texts.gather(places)
    masked = shown.str.replace_all(f"{FROM}({'|'.join(DOUBLE)}|.)[^{TO}]*{TO}", "${1}某")
    return texts.clone().scatter(places, _mask_again(masked, shown.str.extract_all(f"{FROM}[^{TO}]*{TO}")))


def _mask_again(texts: pl.Series, names: pl.Series) -> pl.Series:
    """The texts with their names masked also where these stand without a cue.

    Args:
        texts: already masked where a form showed the name.
        names: for each text the list of its names between marks.
    """
    left = pl.DataFrame([names.alias("name"), texts.alias("text")]).with_row_index("place").explode("name")
    left = left.with_columns(pl.col("name").str.slice(1, pl.col("name").str.len_chars() - 2))
    is_whole = (pl.col("name").str.len_chars() > 1) & ~pl.col("name").is_in(DOUBLE)  # 王女士, 欧阳女士: no given name
    left = left.filter(is_whole & pl.col("text").str.contains(pl.col("name"), literal=True))
    if left.is_empty():
        return texts
    masked: dict[int, str] = {}
    for place, name, text in left.iter_rows():
        masked[place] = re.sub(f"{name}(?!{_PLACE_BEHIND})", called(name), masked.get(place, text))
    return texts.clone().scatter(list(masked), pl.Series(list(masked.values()), dtype=pl.String))


def called(name: str) -> str:
    """A name as it is shown: surname and 某."""
    return f"{name[:2] if name[:2] in DOUBLE else name[0]}某"
