"""How invented citizens word a letter: places under many names, a problem told in many ways, and a lot of talk around
it.

Vocabulary lies in `gold_letters/<half>_problems.toml` and `gold_letters/<half>_wording.toml`. Nothing here knows
which letters are planted; `planted_letters.py` decides that. Everything is drawn from the `Random` that is handed in.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent / "gold_letters"
SHORTEST, LONGEST = 80, 600
STEMS = {
    "development": ("春秋泽景瑞安嘉林清晨东岸碧竹梅兰", "和悦晖宁域潭岚泉垣坞盛翎岑芷歌帆"),
    "held_out": ("明长丰永旭康同广云海星河龙凤天德", "祺沁堰峪洛甸笛筱墅湄隅棣弦渚崧圩"),
}
WORDS = tomllib.loads((FOLDER / "synonyms.toml").read_text(encoding="utf-8"))["words"]
OTHERS = {word: tuple(other for other in words if other != word) for words in WORDS for word in words[:1]}
SPOKEN = re.compile("|".join(sorted(OTHERS, key=lambda word: (-len(word), word))))
ENDINGS = {
    "小区": ("小区", "花园", "家园", "公寓", "苑", "府", "新村"),
    "村": ("村", "冲村", "湾村", "坪村", "岗村", "桥村"),
    "路": ("路", "街", "大道"),
    "学校": ("小学", "中学", "学校"),
    "工地": ("大厦工地", "广场项目", "厂房工地"),
}
KIND_SHARES = {"小区": 46, "村": 30, "路": 12, "学校": 8, "工地": 4}


@dataclass(frozen=True)
class Place:
    """A place and what people call it; `slip` is a slip of the pen, empty where none is made."""

    place_id: str
    kind: str
    district: str
    names: tuple[str, ...]
    slip: str = ""

    def mention(self, rng: Random) -> str:
        """One way of naming it: its name, another name, a wrong character, with or without its district in front."""
        name = self.names[0] if rng.random() < 0.35 else rng.choice(self.names)
        if self.slip and rng.random() < 0.08:
            name = self.slip
        city = f"{self.district[0]}市"
        return rng.choices(("", self.district, city + self.district, city), (68, 18, 8, 6))[0] + name


@dataclass(frozen=True)
class Problem:
    """A problem: how titles call it, the ways of telling it, what it does to people, what they ask for."""

    problem_id: str
    kinds: tuple[str, ...]
    titles: tuple[str, ...]
    ways: tuple[str, ...]
    harms: tuple[str, ...]
    asks: tuple[str, ...]
    months: tuple[int, ...] = ()
    spread: bool = False


@dataclass(frozen=True)
class Matter:
    """A one-off matter: a subject and one aspect of it, in a few wordings, and sentences of that kind of matter."""

    subject: str
    wordings: tuple[str, ...]
    details: tuple[str, ...]

    def worded(self, rng: Random) -> str:
        return rng.choice(self.wordings).replace("{s}", self.subject)


@dataclass
class Half:
    """One half of the gold: problems, places and the wording of its letters."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    words: dict[str, Any] = field(default_factory=dict)

    def one_off_matters(self, rng: Random) -> Iterator[Matter]:
        """Matters without end, mixed: one in seven as listed, the others put together, so hardly a fault comes twice."""
        listed = cycle(rng.sample(self.matters, len(self.matters)))
        faults = [(part, state) for part in self.words["parts"].split() for state in self.words["states"].split()]
        while True:
            rng.shuffle(faults)
            for part, state in faults:
                matter = next(listed)
                if rng.random() < 1 / 7:
                    yield matter
                else:
                    yield replace(matter, wordings=(f"{{s}}的{part}{state}", f"{part}{state}，说的是{{s}}"))

    def other_places(self, count: int, rng: Random) -> list[Place]:
        """`count` further invented places of all kinds; no two share a stem of two characters."""
        first, second = STEMS[self.name]
        stems = rng.sample([a + b for a in first for b in second], count)
        districts = sorted({place.district for place in self.places})
        shares = {kind: share for kind, share in KIND_SHARES.items() if kind in self.words["intros"]}
        kinds = rng.choices(tuple(shares), tuple(shares.values()), k=count)
        return [
            _made_place(f"{self.name[0].upper()}Q{number:03d}", stem, kind, rng.choice(districts), rng)
            for number, (stem, kind) in enumerate(zip(stems, kinds, strict=True))
        ]


def _made_place(place_id: str, stem: str, kind: str, district: str, rng: Random) -> Place:
    name = stem + rng.choice(ENDINGS[kind])
    others = {
        "小区": (f"{stem}小区", f"{name}{rng.choice('一二三')}期", f"{stem}"),
        "村": (name.removesuffix("村"), f"{name}{rng.choice('一二三四五六')}组"),
        "路": (f"{name}中段", f"{name}口"),
        "学校": (f"{name}本部",),
        "工地": (f"{stem}项目部",),
    }[kind]
    return Place(place_id, kind, district, (name, name, *others))


def load_half(name: str) -> Half:
    """The vocabulary of `development` or `held_out`."""
    told = tomllib.loads((FOLDER / f"{name}_problems.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((FOLDER / f"{name}_wording.toml").read_text(encoding="utf-8"))
    problems = []
    for entry in told["problem"]:
        lists = {key: tuple(entry[key]) for key in ("kinds", "titles", "ways", "harms", "asks")}
        months = tuple(entry.get("months", ()))
        problems.append(Problem(entry["id"], months=months, spread=entry.get("spread", False), **lists))
    places = [
        Place(f"{name[0].upper()}P{number:02d}", kind, district, (first, *others), slip)
        for number, (first, kind, district, *others, slip) in enumerate(told["places"]["rows"])
    ]
    matters = [
        Matter(subject, tuple(aspect), tuple(group["details"]))
        for group in words["matter"]
        for subject in group["subjects"].split()
        for aspect in [*group["aspects"], *([fault.replace("～", "{s}")] for fault in group["faults"].split())]
    ]
    return Half(name, problems, places, matters, words)


@dataclass
class Teller:
    """Writes letters of one half; every draw comes from `rng`."""

    half: Half
    rng: Random

    def title(self, frames: str, told: str, place: Place | None) -> str:
        """A title that may name place and problem, or nothing at all."""
        if self.rng.random() < 0.1:
            return self.one("vague_titles")
        known = [frame for frame in self.half.words[frames] if place or "{p}" not in frame]
        return self.filled(self.rng.choice(known).replace("{x}", told), place)

    def about_problem(self, problem: Problem, place: Place) -> tuple[str, str]:
        """Title and body of a letter about a planted problem."""
        rng = self.rng
        told = rng.sample(problem.ways, rng.choices((1, 2, 3, 4), (15, 35, 35, 15))[0])
        told += rng.sample(problem.harms, rng.choices((0, 1, 2, 3), (10, 40, 35, 15))[0])
        core = [self.in_other_words(sentence) for sentence in told]
        if rng.random() < 0.3:
            rng.shuffle(core)
        ask = rng.choice(problem.asks) + "。" if rng.random() < 0.6 else self.one("asks")
        title = self.title("title_frames", self.in_other_words(rng.choice(problem.titles)), place)
        return title, self.body(core, ask, place)

    def about_matter(self, matter: Matter, place: Place | None, aside: str = "") -> tuple[str, str]:
        """Title and body of a letter about a one-off matter; `aside` is said in passing."""
        rng = self.rng
        details = rng.sample(matter.details, rng.choice((0, 1, 1, 2)))
        core = [matter.worded(rng), *(self.in_other_words(detail.rstrip("。")) for detail in details)]
        core += [self.one("who") + self.one("did") for _ in range(rng.choice((0, 1, 1, 2)))]
        if aside:
            core.insert(rng.randint(0, len(core)), f"{aside}的事上回也有人说过，先不提")
        return self.title("noise_titles", matter.worded(rng), place), self.body(core, self.one("asks"), place)

    def body(self, core: Sequence[str], ask: str, place: Place | None) -> str:
        """A letter of 80 to 600 characters around its core sentences."""
        rng = self.rng
        intro = self.filled(rng.choice(self.half.words["intros"][place.kind if place else "无"]), place)
        told = self.joined([self.filled(sentence, place) for sentence in core])
        parts = [self.one("openings"), intro, told]
        if rng.random() < 0.12:
            parts.append(self.filled(self.one("decoys"), rng.choice(self.half.places)))
        if place and rng.random() < 0.25:
            parts.append(f"{place.mention(rng)}的人都可以作证。")
        talk = self.talk()
        parts += [talk.pop() for _ in range(rng.choice((0, 1, 2, 2, 3, 4)))]
        if rng.random() < 0.15:
            parts[1], parts[2] = "", told + intro.rstrip("，") + "。"
        if rng.random() < 0.2:
            parts.insert(1, talk.pop())
        parts += [ask, self.one("closings")]
        if rng.random() < 0.15:
            parts = [self.one("boilerplate_front"), *parts, self.one("boilerplate_back")]
        least = rng.choices((SHORTEST, 180, 300, 450), (55, 27, 13, 5))[0]
        while len("".join(parts)) < least and talk:
            parts.insert(-2, talk.pop())
        return self.careless("".join(parts))[:LONGEST]

    def talk(self) -> list[str]:
        """What has little to do with the matter, in an order and wording of this letter."""
        phrases = [*self.half.words["digressions"], *self.half.words["procedures"]]
        self.rng.shuffle(phrases)
        return [self.in_other_words(self.filled(phrase, None)) for phrase in phrases]

    def in_other_words(self, sentence: str) -> str:
        """The sentence as somebody else would say it: now and then one clause of it, other words of the same meaning."""
        clauses = sentence.split("，")
        if len(clauses) > 1 and self.rng.random() < 0.35 and not sentence.endswith("。"):
            clauses = [self.rng.choice(clauses)]
        return SPOKEN.sub(
            lambda word: word[0] if self.rng.random() < 0.4 else self.rng.choice(OTHERS[word[0]]), "，".join(clauses)
        )

    def joined(self, sentences: Sequence[str]) -> str:
        """Sentences with the stops that people put between them."""
        ends = self.rng.choices(
            ("，", "。", "！", "；", "，而且", "。还有，", " "), (34, 34, 8, 8, 6, 6, 4), k=len(sentences)
        )
        return "".join(f"{sentence}{end}" for sentence, end in zip(sentences, [*ends[:-1], "。"], strict=True))

    def careless(self, text: str) -> str:
        """Now and then without stops, or with too many."""
        chance = self.rng.random()
        if chance < 0.05:
            return text.replace("。", "，")
        if chance < 0.1:
            return text.replace("！", "！！！").replace("。", "。。。", 2)
        return text.replace("，", ",") if chance < 0.13 else text

    def near_copy(self, title: str, body: str) -> tuple[str, str]:
        """The same letter as somebody else posts it: another end, a sentence less, a few characters lost."""
        rng = self.rng
        sentences = body.split("。")
        if len(sentences) > 4:
            del sentences[rng.randrange(1, len(sentences) - 1)]
        text = "。".join(sentences) + self.one("asks")
        for _ in range(rng.randint(0, 2)):
            at = rng.randrange(len(text))
            text = text[:at] + text[at + 1 :]
        while len(text) < SHORTEST:
            text += self.one("digressions")
        return (self.one("vague_titles") if rng.random() < 0.2 else title), text[:LONGEST]

    def one(self, name: str) -> str:
        """One of the half's phrases, its slots filled."""
        phrase = self.rng.choice(self.half.words[name])
        return phrase if "{p}" in phrase or "{x}" in phrase else self.filled(phrase, None)

    def filled(self, phrase: str, place: Place | None) -> str:
        """The phrase with its slots filled: place, number, amount, year, hour, months, degrees."""
        if "{" not in phrase:
            return phrase
        rng = self.rng
        return phrase.format(
            p=place.mention(rng) if place else "",
            n=rng.randint(3, 28),
            m=rng.randrange(200, 9900, 10),
            y=rng.randint(2012, 2023),
            t=rng.choice("一两三四"),
            mo=rng.randint(2, 9),
            deg=rng.randint(11, 16),
        )
