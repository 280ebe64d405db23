"""Headers that no alias knows, with the column that each means, and invented cells for every column.

`TUNED` was looked at while the suggestions were made; `UNSEEN` was written afterwards and measures them.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

TUNED = {
    "order_id": "业务单号 工单流水 单号 受理单号 诉求工单编号（唯一） order_no REC_ID",
    "case_id": "案件流水号 事件单号",
    "channel": "受理途径 诉求来源渠道 信息来源渠道 EVENT_SRC_NAME",
    "order_type": "诉求性质 工单类别 事项性质 EVENT_PROPERTY_NAME",
    "topic_path": "问题归类 诉求问题分类 所属分类",
    "topic_level1": "问题大类 诉求大类 一级目录",
    "topic_level2": "问题中类 二级目录",
    "topic_level3": "问题小类 三级目录",
    "title": "诉求主题 工单题目 事件标题",
    "body": "诉求描述 投诉内容 具体内容 诉求详情 反映问题描述 case_content",
    "result_text": "办理结果描述 处置结果 办理结果反馈 处理结果说明",
    "created_at": "受理日期 建单时间 来电日期 生成时间 CREATE_TIME 诉求时间 登记日期 提交时间",
    "dispatched_at": "派单日期 转办时间 交办时间 派发时间",
    "due_at": "应办结时间 限办时间 办结期限 要求完成时间",
    "closed_at": "办结日期 办毕时间 归档时间 结案日期 实际办结时间 close_time",
    "limit_text": "办理时限要求 规定时限",
    "place_town": "所属镇街 街道名称 事发街镇 问题所属街道 STREET_NAME",
    "community": "社区名称 所属村居 事发社区 COMMUNITY_NAME",
    "place_point": "事发地址 诉求地址 具体位置 具体地址",
    "unit_name": "承办部门名称 主办部门 办件单位 处置单位 责任部门 DISPOSE_UNIT_NAME",
    "co_units": "协办部门名称 配合部门",
    "caller_name": "投诉人 来电人名称 市民名字 联系人",
    "caller_key": "手机 联系手机 来电电话 投诉人电话 主叫号码 phone",
    "is_valid_callback": "回访是否有效 是否有效回访件",
    "is_contacted": "是否联系群众 是否联系市民",
    "resolution": "解决与否 问题是否解决 回访解决情况",
    "satisfaction": "满意与否 群众满意度 回访满意度 是否满意（回访）",
    "retention": "保留或剔除 是否保留工单",
    "exclusion_tag": "剔除挂账情况 剔挂情况",
    "seven_five": "七有五性类别",
    "return_count": "退单数 退回数",
}
UNSEEN = {
    "order_id": "诉求单号 业务编号 工单ID 热线单号 事件流水号",
    "channel": "来件渠道 受理来源 接收渠道",
    "order_type": "业务类型 诉求种类 来电性质",
    "topic_path": "分类路径 事件分类 诉求类目",
    "topic_level1": "大类 一级问题类别",
    "topic_level2": "中类 二级问题类别",
    "topic_level3": "小类 三级问题类别",
    "title": "事项标题 诉求题目",
    "body": "事件描述 来电诉求 工单描述 反映事项 问题内容",
    "result_text": "承办单位办理结果 处置情况 办理答复",
    "created_at": "工单生成时间 受理时刻 诉求提交时间 录入时间 接单时间 来电时刻",
    "dispatched_at": "派件时间 下派时间 分派时间",
    "due_at": "最后期限 应反馈时间 办理到期时间",
    "closed_at": "办理完成时间 结单时间 完结时间 办结完成日期",
    "place_town": "镇街名称 所在街道 归属街道 涉事街镇",
    "community": "所属社区村 涉事社区 社区（村）名称",
    "place_point": "事件地址 问题地点 涉事地址 点位名称",
    "unit_name": "处理部门 办理部门 经办单位 主责单位 承办机构",
    "caller_name": "诉求人名称 反映人名字 来电者",
    "caller_key": "来电人手机 电话号码 来电手机号 反映人联系方式",
    "is_valid_callback": "有效回访与否 回访有效",
    "is_contacted": "是否与诉求人联系 有无联系",
    "resolution": "是否已解决 解决结果",
    "satisfaction": "是否满意办理结果 市民满意度 满意程度",
    "retention": "是否保留该工单",
    "seven_five": "七有五性标签",
}

TOWNS = ("甲山街道", "乙水镇", "丙河乡", "丁桥街道")
UNITS = ("甲山街道", "乙水镇", "区示例局", "示例热力公司", "区示例委")
PLACES = ("东明里", "西安园小区", "南湖家园", "北苑路", "中兴公寓")
MATTERS = ("暖气不热", "屋面漏水", "夜间施工噪声", "路口拥堵", "路灯不亮")
TOPICS = ("公共服务", "住房", "环境保护", "交通管理")
LEAVES = ("供暖", "漏水", "噪声", "信号灯")
FIRST = datetime(2026, 3, 1, 9)

Cell = Callable[[random.Random, int], str]
CREATED = [FIRST + timedelta(hours=7 * number) for number in range(1000)]


def _later(low: int, high: int) -> Cell:
    return lambda rng, number: f"{CREATED[number] + timedelta(hours=rng.randint(low, high)):%Y-%m-%d %H:%M:%S}"


def _one_of(*words: str) -> Cell:
    return lambda rng, number: rng.choice(words)


CELLS: dict[str, Cell] = {
    "order_id": lambda rng, number: f"GD2026{number:08d}",
    "case_id": lambda rng, number: f"AJ2026{number // 2:08d}",
    "channel": _one_of("电话", "电话", "网上12345", "微信"),
    "order_type": _one_of("投诉", "求助", "咨询", "建议"),
    "topic_path": lambda rng, number: f"{rng.choice(TOPICS)}->{rng.choice(LEAVES)}->其他",
    "topic_level1": _one_of(*TOPICS),
    "topic_level2": _one_of(*LEAVES),
    "topic_level3": _one_of("集中供暖", "屋面渗漏", "夜间噪声", "配时、标线"),
    "title": lambda rng, number: f"{rng.choice(PLACES)}{rng.choice(MATTERS)}",
    "body": lambda rng, number: (
        f"{rng.choice(PLACES)}居民反映{rng.choice(MATTERS)}，已经持续 {number % 9 + 1} 天，希望尽快处理"
    ),
    "result_text": lambda rng, number: (
        f"经核实情况属实，已安排{rng.choice(UNITS)}到场处理，并已向诉求人说明第 {number} 项"
    ),
    "created_at": lambda rng, number: f"{CREATED[number]:%Y-%m-%d %H:%M:%S}",
    "dispatched_at": _later(1, 5),
    "due_at": _later(160, 170),
    "closed_at": _later(24, 150),
    "limit_text": _one_of("24小时", "7天", "15天"),
    "place_town": _one_of(*TOWNS),
    "community": lambda rng, number: f"{rng.choice(PLACES)[:3]}社区",
    "place_point": lambda rng, number: f"{rng.choice(PLACES)}{number % 30 + 1}号院",
    "unit_name": _one_of(*UNITS),
    "co_units": _one_of("区示例局", "示例燃气公司", ""),
    "caller_name": lambda rng, number: rng.choice("王李张赵") + rng.choice(("某", "女士", "先生")),
    "caller_key": lambda rng, number: f"129{rng.randint(0, 99999999):08d}",
    "is_valid_callback": _one_of("是", "是", "否"),
    "is_contacted": _one_of("是", "否"),
    "resolution": _one_of("解决", "未解决", "部分解决"),
    "satisfaction": _one_of("满意", "基本满意", "不满意"),
    "retention": _one_of("保留", "保留", "剔除"),
    "exclusion_tag": _one_of("剔除", "挂账", ""),
    "seven_five": _one_of("宜居性", "安全性", "住有所居"),
    "return_count": _one_of("0", "0", "1"),
}


def files(variants: dict[str, str]) -> list[dict[str, str]]:
    """Files in which each column has one of its variants as header (header → column), until all were used."""
    listed = {column: headers.split() for column, headers in variants.items()}
    rounds = max(map(len, listed.values()))
    return [{headers[i % len(headers)]: column for column, headers in listed.items()} for i in range(rounds)]


def cells(columns: list[str], rows: int, seed: int = 12345) -> list[list[str]]:
    """Invented cells of the columns, column by column."""
    rng = random.Random(seed)
    return [[CELLS[column](rng, number) for number in range(rows)] for column in columns]
