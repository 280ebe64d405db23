"""Remove personal data from texts by shape; checksums are not asked, because a mistyped number is a person's too.

Every rule is a Rust regular expression (no look-around), so polars masks a whole column at once. Where a rule needs a
border it consumes one character on each side and runs twice, as neighbours share it. Masking twice changes nothing.
"""

import hmac
from dataclasses import dataclass

import polars as pl

from hotline12345.flows.ingest.surnames import AFTER_WORD, COMMON_DOUBLE, DOUBLE, ROLE, SINGLE
from hotline12345.flows.ingest.text import WIDE

KEY_BYTES = 16  # of the HMAC-SHA256; 32 hex digits


@dataclass(frozen=True)
class _Rule:
    """Replace `pattern` by `replacement`, `passes` times, in texts that match `trigger`."""

    trigger: str
    pattern: str
    replacement: str
    passes: int = 1


_HAN = r"[\p{Han}&&[^某的了里跟他她我你谢]]"  # of a given name; without 某, so that a masked name is not taken for one
_PLACE = "村镇乡街区县市局所院厂校站庄府路店桥"
_GIVEN = rf"[{_HAN}&&[^{_PLACE}]]"  # before a title: 张村镇站长 is no person
# After a word for a person a name is only believed where its characters begin no ordinary word (陆续, 曾要求, 何时 …).
_BELIEVED = (
    rf"[{_GIVEN}&&[^们续述经次反映投诉要求举报咨询提时种处必况事故色土线地间季虑客围边末款钱费房楼车水电号门口乱]]"
)
_NUMBER = "[0-9零〇一二两三四五六七八九十百]+"
_SURNAME = f"(?:{'|'.join(DOUBLE)}|[{SINGLE}])"
_PERSON = "先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大娘|大叔|大哥|大姐|奶奶|爷爷"
_POSITION = "老师|医生|大夫|经理|主任|书记|警官|律师|老板|队长|科长|所长|站长|师傅|同志"
_CUES = "姓名|联系人|来电人|诉求人|反映人|投诉人|举报人|当事人|报案人|申请人|收件人|收货人|寄件人|户主|法人代表|患者"
_WHO = f"{_CUES}|{_POSITION}|市民|居民|村民|业主|住户|租户|租客|房东|房主|家长|包工头|工头|负责人|本人"
_SAYS = (
    "来电|致电|来访|反映|反应|表示|称|说|投诉|举报|要求|希望|咨询|求助|建议|认为|告知|承诺|拖欠|拒绝"
    "|电话|手机|联系|名下|[的不未没在把将已因对与和及等]"
)
_OPEN, _CLOSE = "(^|[^0-9])", "([^0-9]|$)"
_BIRTH = "(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PROVINCE_CODE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|[789][0-9])"
_CARD_GROUPS = "[0-9][ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}(?:[ -]?[0-9]{1,3})?"
_PLATE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁使]"
_ROOM_START = (
    rf"[甲乙丙丁]?(?:{_NUMBER}(?:号楼|#楼|号?单元)|[0-9A-Za-z]+(?:号?栋|号?幢)|[A-Za-z]座"
    rf"|{_NUMBER}号?[栋幢]{_NUMBER}号?单元)"
)
_ROOM_NEXT = rf"(?:[-—、 ]?(?:{_NUMBER}(?:号?单元|号?门|层|号?楼|室|号房|房间|房|号)|[0-9]{{3,4}}户))*"
_ROOM_TRIGGER = "楼|单元|栋|幢|座|室|房"
_TEN_DIGITS, _FIFTEEN_DIGITS = "[0-9][0-9 .-]{9}", "[0-9][0-9 -]{13}[0-9Xx]"

RULES = (
    _Rule(
        "[0-9]-[0-9]",
        "(^|[^0-9A-Za-z-])[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?:室|号房|房间)?([^0-9A-Za-z-]|$)",
        "${1}${2}",
        2,
    ),
    _Rule(_ROOM_TRIGGER, rf"{_NUMBER}楼[-— ]?{_NUMBER}号?(?:单元|门|室|房间|房){_ROOM_NEXT}", ""),
    _Rule(
        _ROOM_TRIGGER,
        rf"([甲乙丙丁]?{_NUMBER}号楼社区)|{_ROOM_START}{_ROOM_NEXT}"
        rf"(?:[-— ]?(?:[零〇一二三四五六七八九]{{3,4}}|(?:[0-9]{{1,2}}-)?[0-9]{{3,4}}([^0-9年元平米㎡%.]|$)))?",
        "${1}${2}",
        2,
    ),
    _Rule(_ROOM_TRIGGER, "[0-9]{3,4}(?:室|号房|房间)", ""),
    _Rule("@", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "***@***"),
    _Rule(
        "(?i)微信|wx|vx|qq|扣扣",
        "(?i)(微信号?|wx|vx|qq号?|扣扣号?)((?:号码|同号)?[:：是为 ]*)[A-Za-z0-9_-]{5,}",
        "${1}${2}***",
    ),
    _Rule(
        _FIFTEEN_DIGITS,
        f"{_OPEN}([1-9][0-9]{{2}})[0-9]{{3}}[ -]?{_BIRTH}[ -]?[0-9]{{3}}[0-9Xx]{_CLOSE}",
        "${1}${2}***${3}",
        2,
    ),
    _Rule(_FIFTEEN_DIGITS, f"{_OPEN}([1-9][0-9]{{2}})[0-9]{{14}}[Xx]{_CLOSE}", "${1}${2}***${3}", 2),
    _Rule(
        _FIFTEEN_DIGITS,
        f"{_OPEN}((?:[013-9][0-9]|2[1-9])[0-9])(?:[0-9]{{13,16}}|{_CARD_GROUPS}){_CLOSE}",
        "${1}${2}***${3}",
        2,
    ),
    _Rule(
        _FIFTEEN_DIGITS,
        f"{_OPEN}({_PROVINCE_CODE})[0-9]{{6}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}{_CLOSE}",
        "${1}${2}***${3}",
        2,
    ),
    _Rule(
        _TEN_DIGITS,
        rf"{_OPEN}(?:(?:\+|00)?86[ -]?|0)?(1[0-9]{{2}})"
        rf"(?:[ -]?[0-9]{{4}}[ -]?|\.[0-9]{{4}}\.|[ -][0-9]{{3}}[ -][0-9]|[0-9][ -][0-9]{{3}}[ -])([0-9]{{4}}){_CLOSE}",
        "${1}${2}****${3}${4}",
        2,
    ),
    _Rule(_TEN_DIGITS, f"{_OPEN}(0[0-9]{{2,3}})[ -]?[0-9]{{3,4}}[ -]?([0-9]{{4}}){_CLOSE}", "${1}${2}****${3}${4}", 2),
    _Rule(
        "电话|座机|固话|手机|致电|联系",
        f"(电话|座机|固话|手机|致电|联系方式|联系)((?:号码?)?[:：是为 ]*)[2-8][0-9]{{2,3}}-?[0-9]{{4}}{_CLOSE}",
        "${1}${2}****${3}",
    ),
    _Rule(_PLATE, rf"({_PLATE}(?:[A-Za-z]| [A-Z]))[·•. -]?(?:[0-9A-Za-z]{{5,6}}|[0-9A-Za-z]{{4}}[警学挂])", "${1}***"),
    _Rule(_PERSON, rf"({_SURNAME}){_HAN}{{0,2}}({_PERSON})", "${1}某${2}"),
    _Rule(_POSITION, rf"([{ROLE}]){_GIVEN}{{0,2}}({_POSITION})", "${1}某${2}"),
    _Rule(_CUES, rf"((?:{_CUES})(?:[是为叫:： ]+{_SURNAME}|[{ROLE}])){_HAN}{{1,2}}([^\p{{Han}}]|$)", "${1}某${2}"),
    _Rule(
        _WHO,
        rf"((?:{_WHO})[:： (（]?(?:{'|'.join(COMMON_DOUBLE)}|[{AFTER_WORD}]))"
        rf"{_BELIEVED}{{1,2}}({_SAYS}|[^\p{{Han}}]|$)",
        "${1}某${2}",
        2,
    ),
    _Rule("我叫|名叫|本人叫", rf"((?:我叫|名叫|本人叫)[:： ]*{_SURNAME}){_HAN}{{1,2}}", "${1}某"),
)

_NOT_NAMES = [
    *("匿名", "市民", "居民", "业主", "群众", "村民", "先生", "女士", "小姐", "未知", "保密", "本人", "家属"),
    *("商户", "租户", "住户", "网民", "网友", "工作人员", "热心市民"),
]


def mask_series(texts: pl.Series) -> pl.Series:
    """Mask a string column; each rule touches only the texts that show its trigger."""
    for rule in RULES:
        places = texts.str.contains(rule.trigger).fill_null(False).arg_true()
        if places.is_empty():
            continue
        masked = texts.gather(places)
        for _ in range(rule.passes):
            masked = masked.str.replace_all(rule.pattern, rule.replacement)
        texts = texts.clone().scatter(places, masked)
    return texts


def mask_text(text: str) -> str:
    """Mask one string (a file name, a value in a message); full-width letters and digits become plain ones."""
    masked = mask_series(
        pl.Series([text.translate({ord(wide): plain for wide, plain in WIDE.items()})], dtype=pl.String)
    )[0]
    return str(masked)


def own_names(callers: pl.Series) -> pl.Series:
    """The callers' names without titles, null where the file gives no name (张先生, 匿名, a number)."""
    plain = callers.str.replace(f"(?:{_PERSON}|{_POSITION})$", "").alias("name")
    is_name = pl.col("name").str.contains(r"^\p{Han}[\p{Han}·]{1,5}$") & ~pl.col("name").is_in(_NOT_NAMES)
    return plain.to_frame().select(pl.when(is_name).then("name")).to_series()


def mask_own_name(texts: pl.Series, names: pl.Series) -> pl.Series:
    """Replace each row's own caller name, as given by `own_names`, in the text of the same row by 姓+某."""
    named = pl.DataFrame([texts.alias("text"), names.alias("name")])
    places = (
        named.select(pl.col("text").str.contains(pl.col("name"), literal=True).fill_null(False)).to_series().arg_true()
    )
    if places.is_empty():
        return texts
    pairs = zip(texts.gather(places), names.gather(places), strict=True)
    masked = [text.replace(name, f"{name[:2] if name[:2] in DOUBLE else name[0]}某") for text, name in pairs]
    return texts.clone().scatter(places, pl.Series(masked, dtype=pl.String))


def caller_keys(accounts: pl.Series, key: bytes) -> pl.Series:
    """Keyed HMAC of each phone number or account, 32 hex digits; null where there is none that tells people apart.

    Args:
        accounts: cleaned phone numbers or accounts.
        key: the site's secret; the same number gives the same key only under the same secret.
    """
    plain = (
        accounts.str.to_lowercase()
        .str.replace_all(r"[\s()（）-]", "")
        .str.replace(r"\.0+$", "")
        .str.replace(r"^(?:\+|00)?86(1[0-9]{10})$", "${1}")
        .str.replace(r"^0(1[0-9]{10})$", "${1}")
    )
    useless = plain.str.contains(r"^(?:0*|匿名|保密|未知|[0-9]\.[0-9]+e\+?[0-9]+)$")
    plain = plain.to_frame("account").select(pl.when(~useless).then(pl.col("account"))).to_series()
    distinct = plain.drop_nulls().unique(maintain_order=True)
    digests = [hmac.digest(key, account.encode(), "sha256")[:KEY_BYTES].hex() for account in distinct]
    return plain.replace(distinct, pl.Series(digests, dtype=pl.String))
