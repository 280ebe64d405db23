"""Rules for numbers and addresses by shape; a checksum is never asked, because a mistyped number is a person's too.

A word before a number settles what the shape leaves open: an order or meter number stays, a card number of any length
goes. Mobile and landline numbers also hide in Chinese digits, between spaces, dashes and dots, and behind 后四位.
"""

from hotline12345.flows.ingest.masking_rules import FROM, KEPT, TO, Group, Rule

_HAN_DIGIT = "[零〇一二三四五六七八九幺]"
_D = "[0-9零〇一二三四五六七八九幺]"
_OPEN = f"(^|[^0-9{KEPT}])"
_CLOSE = "([^0-9]|$|(?:19|20)[0-9]{2}年)"  # a date is often glued to the number before it
_S = r"(?: ?[-—–_·~] ?| {1,2}|[()（）])"  # between the parts of a number
_IS = "(?:号码?|[:：;；是为在 (（])*"

# Long numbers that are no person's, told by the word before them; a number of a mobile's length is not protected.
_NO_PERSON = (
    "(?:工单|订单|运单|快递|案件|受理|诉求|登记|合同|发票|设备|产品|用户|客户|缴费|电表|水表|气表|表)(?:编号|单号|号)"
    "|工单|订单|单号|流水号|交易号|批次号|发票代码|统一社会信用代码|[电水气费暖]户号|读数"
)
_KEEP = Rule(
    f"((?:{_NO_PERSON})[:：为是 ]{{0,2}}[A-Za-z]{{0,4}})([02-9][0-9]{{6,}}|[0-9]{{12,}})", f"${{1}}{KEPT}${{2}}"
)
_BIRTH = "(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_BIRTH = "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PROVINCE_CODE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|[789][0-9])"
_CARD_GROUPS = "[0-9][ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}(?:[ -]?[0-9]{1,3})?"
_DOCUMENT = "身份证|证件|护照|卡号|银行卡|社保卡|医保卡|账号|帐号|账户|帐户"

_DOCUMENTS = Rule(
    f"((?:{_DOCUMENT}){_IS}[0-9A-Za-z]{{3}})(?:[0-9A-Za-z][0-9]{{4,20}}[0-9Xx]|[0-9]{{3}}[ -][0-9]{{8}}[ -][0-9]{{3}}[0-9Xx]|[0-9](?:[ -][0-9]{{4}}){{2,3}})",
    "${1}***",
)
_LONG = (
    Rule(
        f"{_OPEN}(?:([1-9][0-9]{{2}})[0-9]{{3}}[ -]?{_BIRTH}[ -]?[0-9]{{3}}[0-9Xx]"
        f"|([1-9][0-9]{{2}})[0-9]{{3}}[ -][0-9]{{8}}[ -][0-9]{{3}}[0-9Xx]"
        f"|([1-9][0-9]{{2}})[0-9]{{14}}[Xx]"
        f"|((?:[013-9][0-9]|2[1-9])[0-9])(?:[0-9]{{13,16}}|{_CARD_GROUPS})"
        f"|({_PROVINCE_CODE}[0-9])[0-9]{{3}}{_SHORT_BIRTH}[0-9]{{3}}){_CLOSE}",
        "${1}${2}${3}${4}${5}${6}***${7}",
        twice=True,
    ),
)
_PARTS = "|".join(  # of a mobile number between its first three and its last four digits
    (
        f"{_S}{_D}{{4}}{_S}",
        f"{_D}{{4}}{_S}?",
        f"(?:[-—–_·~)）]{_D}| [03-9]){_D}{{3}}| (?:1[0-8]|2[1-9]){_D}{{2}}",  # 110 20240501 is a call and a date
        f"[./]{_D}{{4}}[./]",
        f"{_S}{_D}{{3}}{_S}{_D}",
        f"{_D}{_S}{_D}{{3}}{_S}",
        f"{_D}{{2}}{_S}{_D}{{2}}",
    )
)
_AREA = f"(?:[0零〇][12一二0零〇]{_D}|[0零〇]{_D}{{3}})"
_MOBILE = rf"{_OPEN}(?:(?:\+|00)?86{_S}?|0)?[(（]?([1一幺]{_D}{{2}})({_PARTS})({_D}{{4}}){_CLOSE}"
_SPACED = rf"{_OPEN}([1一幺](?: {_D}){{2}})((?: {_D}){{4}})((?: {_D}){{4}}){_CLOSE}"
_TELEPHONES = (
    Rule(_MOBILE, "${1}${2}****${4}${5}", twice=True),
    Rule(_SPACED, "${1}${2} ****${4}${5}"),
    Rule(
        rf"{_OPEN}(?:86{_S}?)?[(（]?({_AREA}){_S}?{_D}{{3,4}}{_S}?({_D}{{4}}){_CLOSE}",
        "${1}${2}****${3}${4}",
        twice=True,
    ),
)
_FOLLOWS = "(?:后|尾|再|接|加|转|这里|那里)"
_IN_TWO = f"{_OPEN}(1[0-9]{{2}})([0-9]{{4}})([^0-9]{{0,5}}{_FOLLOWS}[^0-9]{{0,5}})([0-9]{{4}}){_CLOSE}"
_SPLIT = Rule(_IN_TWO, "${1}${2}****${4}${5}${6}", twice=True)
_TELEPHONE = "电话|座机|固话|手机|致电|联系方式|联系|拨打|号码"
_SAID = (
    Rule(f"({_TELEPHONE})({_IS})[2-8][0-9]{{2,3}}{_S}?[0-9]{{4}}([^0-9]|$)", "${1}${2}****${3}"),
    Rule(
        f"({_TELEPHONE})([^0-9]{{0,6}}1[0-9]{{2}})([^0-9年月日元*]{{1,6}})[0-9]{{4}}([^0-9年月日元*]{{1,6}}[0-9]{{4}})([^0-9]|$)",
        "${1}${2}${3}****${4}${5}",
    ),
)

_CHAT = "微信号?|微信同号|薇信|wx|vx|v信|加v|qq群?号?|扣扣号?"
_PLATE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁使楚]"

_N = "[0-9零〇一二两三四五六七八九十百]+"
_ROOM_START = (
    rf"[甲乙丙丁]?(?:{_N}(?:号楼|#楼|号?单元)|[0-9A-Za-z]+(?:号?栋|号?幢)|[A-Za-z]座"
    rf"|{_N}号?[栋幢]{_N}号?单元)"
)
_ROOM_NEXT = rf"(?:[-—、 ]?(?:{_N}(?:号?单元|号?门|层|号?楼|室|号房|房间|房|号)|[0-9]{{3,4}}户))*"
_COUNTED = "(?:共|有|为|约|达|近|这|那|整|每|建|的|及|面对|修)[了是计]{0,2}[0-9]{1,3}[栋幢]|[0-9]{1,3}[栋幢](?:高层|楼房|房屋|住宅|居民)"
_ROOMS = (
    Rule(
        "(^|[^0-9A-Za-z-])[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?:室|号房|房间)?([^0-9A-Za-z-]|$)",
        "${1}${2}",
        twice=True,
    ),
    Rule(rf"{_N}楼[-— ]?{_N}号?(?:单元|门|室|房间|房){_ROOM_NEXT}", ""),
    Rule(
        rf"([甲乙丙丁]?{_N}号楼社区|{_COUNTED})|{_ROOM_START}{_ROOM_NEXT}"
        rf"(?:[-— ]?(?:[零〇一二三四五六七八九]{{3,4}}|(?:[0-9]{{1,2}}-)?[0-9]{{3,4}}([^0-9年元平米㎡%.]|$)))?",
        "${1}${2}",
        twice=True,
    ),
    Rule("[0-9]{3,4}(?:室|号房|房间)", ""),
    Rule("[0-9]{3,4}(房(?:[^屋源款价贷租子型地号间]|$))", "${1}"),
)

_PLATES = (
    Rule(
        rf"({_PLATE}(?:[A-Za-z]| [A-Z]))[·•. -]?(?:[0-9A-Za-z]{{5,6}}|[0-9A-Za-z]{{4}}[警学挂]|\p{{Han}}[0-9]{{4}})",
        "${1}***",
    ),
    Rule(r"(车牌[号码为是:： ]*[A-Z])[0-9A-Z]{5}|([^0-9A-Za-z][A-Z])[0-9]{5}(号?车)", "${1}${2}***${3}"),
)
_APART = "[ .·—–_~/（）()-]{0,3}"

_PLATE_GATE = f"{_PLATE} ?[A-Za-z]|车牌|[A-Z][0-9]{{5}}"
_ROOM_GATE = "单元|[0-9零〇一二三四五六七八九十A-Za-z][号#]?[楼栋幢座室房]|[0-9]-[0-9]"
_HAN_NUMBER_GATE = f"{_HAN_DIGIT}(?:{_S}?{_HAN_DIGIT}){{3}}"

_DIGITS_GATE = f"[0-9](?:{_APART}[0-9]){{9}}"
_SPLIT_GATE = f"[0-9]{{7}}[^0-9]{{0,5}}{_FOLLOWS}[^0-9]{{0,5}}[0-9]"

# A gate that begins with an ASCII digit or with rare words is found at once; the slow ones share a gate.
NUMBERS = (
    Group(f"(?:{_DOCUMENT})[^0-9]{{0,8}}[0-9]", (_DOCUMENTS,)),
    Group(_DIGITS_GATE, (_KEEP, *_LONG, *_TELEPHONES, Rule(KEPT, ""))),
    Group(
        f"{_PLATE_GATE}|{_ROOM_GATE}|{_HAN_NUMBER_GATE}",
        (
            Group(_PLATE_GATE, _PLATES),
            Group(_ROOM_GATE, _ROOMS),
            Group(_HAN_NUMBER_GATE, (_KEEP, *_TELEPHONES, Rule(KEPT, ""))),
        ),
    ),
    Group(_SPLIT_GATE, (_SPLIT,)),
    Group(f"(?:{_TELEPHONE})[^0-9]{{0,6}}[1-8][0-9]{{2}}", _SAID),
    Group("@", (Rule(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "***@***"),)),
    Group(
        f"(?i)(?:{_CHAT})[^0-9A-Za-z]{{0,6}}[0-9A-Za-z]",
        (Rule(f"(?i)({_CHAT})((?:号码|同号)?[:：是为 <（(]*)[A-Za-z0-9_-]{{5,}}", "${1}${2}***"),),
    ),
)

MOBILES = Group(  # marks each mobile number instead of masking it
    f"{_DIGITS_GATE}|{_HAN_NUMBER_GATE}|{_SPLIT_GATE}",
    (
        _KEEP,
        _DOCUMENTS,
        *_LONG,
        Rule(_MOBILE, f"${{1}}{FROM}${{2}}${{3}}${{4}}{TO}${{5}}", twice=True),
        Rule(_SPACED, f"${{1}}{FROM}${{2}}${{3}}${{4}}{TO}${{5}}", twice=True),
        Rule(_IN_TWO, f"${{1}}{FROM}${{2}}${{3}}${{5}}{TO}${{4}}${{6}}", twice=True),
    ),
)
