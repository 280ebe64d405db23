"""Small synthetic orders of four topics."""

from random import Random

import pytest

MATTERS = {
    "供热": ("暖气不热", "室内温度低", "供暖管道漏水", "热力公司不上门", "暖气费退费"),
    "停车": ("乱停车堵住消防通道", "停车位被地锁占用", "停车费乱涨价", "小区车位紧张", "僵尸车占道"),
    "教育": ("幼儿园入园名额", "学校课后服务收费", "校外培训机构不退费", "学区划片不清楚", "老师补课"),
    "欠薪": ("拖欠工资", "工地不发农民工工资", "公司辞退不签劳动合同", "包工头欠薪", "社保断缴"),
}
PLACES = ("幸福里小区", "东街", "河西村", "工业园", "南门商场")


@pytest.fixture(scope="session")
def orders() -> tuple[list[tuple[str, str]], list[str]]:
    """160 documents (title, body) and their labels; every body also holds half a matter of another topic."""
    random, documents, labels = Random(7), [], []
    for number in range(160):
        label = sorted(MATTERS)[number % 4]
        other = random.choice([topic for topic in sorted(MATTERS) if topic != label])
        main, aside = random.choice(MATTERS[label]), random.choice(MATTERS[other])
        body = f"市民反映：{random.choice(PLACES)}{main}，没有结果，还问{aside[:3]}的事，请有关部门尽快核实处理。"
        documents.append((f"{main}问题", f"{body}编号{number}"))
        labels.append(label)
    return documents, labels
