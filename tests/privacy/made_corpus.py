"""Invented messages with known truth: every shape of personal data among numbers and names that have to stay.

Numbers are invalid by construction (no such prefixes, impossible birth dates), names are drawn from their own lists, not
from those of the rules. Same seed, same corpus.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from made_clauses import NARRATIVE, NEUTRAL, PERSONAL

Maker = Callable[[random.Random], str]
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Span:
    """Personal data of one kind at text[start:end]."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Message:
    """A text and where its personal data stand."""

    text: str
    spans: tuple[Span, ...]


def digits(random_: random.Random, length: int) -> str:
    return "".join(random_.choice("0123456789") for _ in range(length))


def mobile(random_: random.Random) -> str:
    a, b, c = f"1{random_.choice('0124')}{digits(random_, 1)}", digits(random_, 4), digits(random_, 4)
    plain = a + b + c
    return random_.choice(
        [
            *([plain] * 8),
            *(f"{a} {b} {c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"{a}·{b}·{c}", f"{a}/{b}/{c}", f"{a}－{b}－{c}"),
            *(f"{a} {b}{c}", f"{a}{b} {c}", f"{plain[:4]} {plain[4:7]} {c}", f"{a}（{b}）{c}", f"{a}—{b}—{c}"),
            *(f"+86 {plain}", f"86{plain}", f"+86-{a}-{b}-{c}", f"0{plain}", " ".join(plain)),
            *(
                plain.translate(WIDE),
                plain.translate(CHINESE),
                f"{a}{b.translate(CHINESE)}{c}",
                plain.replace("1", "幺", 1),
            ),
            *(f"{a}{b}，后四位{c}", f"{a}{b}尾号{c}", f"{a}{b}再接{c}"),
        ]
    )


def landline(random_: random.Random) -> str:
    area, number = random_.choice(["010", "021", "0311", "000"]), digits(random_, 8)
    return random_.choice(
        [
            f"{area}-{number}",
            f"{area}{number}",
            f"{area} {number}",
            f"({area}){number}",
            f"（{area}）{number}",
            f"{area}—{number[:4]} {number[4:]}",
        ]
    )


def local_number(random_: random.Random) -> str:
    number = random_.choice("5678") + digits(random_, 7)
    return random_.choice([number, f"{number[:4]}-{number[4:]}", f"{number[:4]} {number[4:]}", number[:7]])


def id_card(random_: random.Random) -> str:
    birth = random_.choice(
        [f"19{digits(random_, 2)}0{random_.randint(1, 9)}1{digits(random_, 1)}", f"2099{digits(random_, 2)}31"]
    )
    area, tail = f"{random_.choice('1346')}{digits(random_, 5)}", digits(random_, 3) + random_.choice("0123456789XXx")
    return random_.choice([f"{area}{birth}{tail}", f"{area} {birth} {tail}", f"{area}{birth}{tail}".translate(WIDE)])


def old_id_card(random_: random.Random) -> str:
    return f"{random_.choice(['11', '13', '37', '42'])}{digits(random_, 4)}{digits(random_, 2)}0{random_.randint(1, 9)}2{digits(random_, 4)}"


def bank_card(random_: random.Random) -> str:
    number = f"{random_.choice(['62', '60', '45', '9'])}{digits(random_, 20)}"[: random_.choice([16, 18, 19])]
    return random_.choice([number, number, " ".join(number[i : i + 4] for i in range(0, len(number), 4))])


def plate(random_: random.Random) -> str:
    letters = "ABCDEFGHJK"
    tail = random_.choice("0123456789I") + digits(random_, 3) + random_.choice(letters)
    return (
        random_.choice("京津冀沪晋")
        + random_.choice(letters)
        + random_.choice(["", "", "·", " ", "-"])
        + random_.choice([tail, f"D{tail}"])
    )


def mail(random_: random.Random) -> str:
    return f"{random_.choice(['zhang', 'li.na', 'w_ang'])}{digits(random_, 3)}@{random_.choice(['example.com', 'mail.example.cn'])}"


def chat_account(random_: random.Random) -> str:
    return random_.choice(
        [f"abc_{digits(random_, 4)}", f"wxid{digits(random_, 5)}", f"xiao-li{digits(random_, 3)}", digits(random_, 9)]
    )


def room(random_: random.Random) -> str:
    house, entrance, flat = random_.randint(1, 30), random_.randint(1, 6), random_.randint(101, 2804)
    return random_.choice(
        [
            *(
                f"{house}号楼{entrance}单元{flat}室",
                f"{house}栋{entrance}单元{flat}",
                f"{house}幢{flat}室",
                f"{house}#楼{flat}",
            ),
            *(
                f"{house}-{entrance}-{flat}",
                f"甲{entrance}号楼{entrance}门{flat}号",
                f"{entrance}单元{flat}室",
                f"{flat}室",
            ),
            *("三号楼二单元五零一室", f"{house}楼{flat}室"),
        ]
    )


SURNAMES = [*"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕", "欧阳", "诸葛", "司马"]
FIRST = "伟芳秀建志晓玉国文春小桂丽永德雪红海金俊子思宇欣梓浩一嘉若承翠彦逸"
SECOND = "华英兰平明强军梅霞军龙生勇杰涛峰燕萍玲珍洋娜婷宁轩涵怡然林凤琴鹏辉"


def name(random_: random.Random) -> str:
    given = random_.choice(SECOND) if random_.random() < 0.25 else random_.choice(FIRST) + random_.choice(SECOND)
    return random_.choice(SURNAMES) + given


MAKERS: dict[str, Maker] = {
    "mobile": mobile,
    "landline": landline,
    "local": local_number,
    "id_card": id_card,
    "old_id_card": old_id_card,
    "bank_card": bank_card,
    "plate": plate,
    "mail": mail,
    "chat": chat_account,
    "room": room,
    "name": name,
}


def clause(random_: random.Random, template: str) -> Message:
    """One clause with its slots filled."""
    text, spans, rest = "", [], template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        slot, _, rest = rest.partition("}")
        text += before
        value = MAKERS[slot](random_) if slot in MAKERS else _filler(random_, slot)
        if slot in MAKERS:
            spans.append(Span(len(text), len(text) + len(value), slot))
        text += value
    return Message(text + rest, tuple(spans))


def _filler(random_: random.Random, slot: str) -> str:
    """Digits that are nobody's: n5 five of them without a leading zero, n12x with letters before them, d one digit."""
    if slot == "d":
        return random_.choice("123456789")
    length = int(slot[1:].rstrip("x"))
    return ("WD" if slot.endswith("x") else "") + random_.choice("2345678") + digits(random_, length - 1)


def make_corpus(count: int, share: float, seed: int, narrative: float = 0.2) -> list[Message]:
    """Messages of about 100 characters.

    Args:
        count: how many.
        share: of the messages that hold one to three clauses with personal data.
        seed: same seed, same messages.
        narrative: share of plain words among the other clauses; the rest are numbers and names that have to stay.
    """
    random_ = random.Random(seed)
    return [_message(random_, random_.random() < share, narrative) for _ in range(count)]


def _message(random_: random.Random, personal: bool, narrative: float) -> Message:
    templates = random_.choices(PERSONAL, k=random_.randint(1, 3)) if personal else []
    clauses = [clause(random_, template) for template in templates]
    while sum(len(one.text) + 1 for one in clauses) < 90:
        clauses.append(clause(random_, random_.choice(NARRATIVE if random_.random() < narrative else NEUTRAL)))
    random_.shuffle(clauses)
    text, spans = "", []
    for one in clauses:
        spans += [Span(len(text) + span.start, len(text) + span.end, span.kind) for span in one.spans]
        text += one.text + ("" if one.text.endswith(("，", "。")) else random_.choice(["，", "，", "。", "；", " "]))
    return Message(text, tuple(spans))
