"""What a rule may lay down, one Specification a feature; each rule is the example but for the lines shown."""

from specification import Batch, Specification, variant

JIA, YI = "U1,甲镇,街镇,,,,,,", "U2,乙镇,街镇,,,,,,"

RULES = (
    Specification(
        "unreached-counted-against",
        "未联系上的可以按不利计入",
        "规则写 assessed 时，回访过而没有取得有效答复的工单进分母、不进分子；还没有回访的不受影响。",
        (
            Batch("""
            件数 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            8    | 甲镇     | 2026-03-01 | 是           | 是       | 解决     | 满意
            2    | 甲镇     | 2026-03-01 | 否           |          |          |
            3    | 甲镇     | 2026-03-01 |              |          |          |
            """),
        ),
        {"甲镇": {"received": 13, "valid": 8, "unreached": 2, "response_rate": 8 / 8, "resolution_rate": 8 / (8 + 2)}},
        rule=variant(denominators='resolution = "assessed"'),
        formulas={"解决率": "8 / (8 + 2)", "响应率（仍用有效回访）": "8 / 8"},
    ),
    Specification(
        "answered-only",
        "可以只算答了这一项的",
        "规则写 answered 时，有效回访中这一项空白、未评价、无法回访的不进这一项的分母，其余各项照计。",
        (
            Batch("""
            件数 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            6    | 甲镇     | 2026-03-01 | 是           | 是       | 解决     | 满意
            2    | 甲镇     | 2026-03-01 | 是           | 是       | 解决     | 不满意
            2    | 甲镇     | 2026-03-01 | 是           | 是       | 解决     | 未评价
            """),
        ),
        {"甲镇": {"valid": 10, "resolution_rate": 10 / 10, "satisfaction_rate": 6 / (6 + 2)}},
        rule=variant(denominators='satisfaction = "answered"'),
    ),
    Specification(
        "city-callback",
        "规则写明哪一方的回访计分",
        "同一张工单可以有单位自评、区回访、市回访三套答复。这里以市回访为准：区回访的解决不计，市回访还没有的等待回访。",
        (
            Batch("""
            件数 | 承办单位 | 创建时间   | 是否有效回访 | 解决情况 | 市回访是否有效 | 市回访是否联系 | 市回访是否解决 | 市回访是否满意
            3    | 甲镇     | 2026-03-01 | 是           | 解决     | 是             | 是             | 解决           | 满意
            1    | 甲镇     | 2026-03-01 | 是           | 解决     | 是             | 是             | 未解决         | 不满意
            2    | 甲镇     | 2026-03-01 | 是           | 解决     |                |                |                |
            """),
        ),
        {"甲镇": {"valid": 3 + 1, "awaited": 2, "resolution_rate": 3 / (3 + 1)}},
        rule=variant(callback='source = "city"'),
    ),
    Specification(
        "first-answer",
        "首次还是最终",
        "规则取首次答复时，后来的改口不计；没有首次一栏的工单，用唯一的那个答复。",
        (
            Batch("""
            承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意 | 首次满意度
            甲镇     | 2026-03-01 | 是           | 是       | 解决     | 满意     | 不满意
            甲镇     | 2026-03-01 | 是           | 是       | 解决     | 满意     |
            """),
        ),
        {"甲镇": {"valid": 2, "satisfaction_rate": 1 / 2}},
        rule=variant(callback='round = "first"'),
    ),
    Specification(
        "exclusion-kinds",
        "哪些剔除生效",
        "规则只认“历史遗留”的剔除时，其他剔除照常考核。挂账不受影响，销账后照常计入。",
        (
            Batch("""
            件数 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意 | 剔挂标签 | 剔除挂账类型
            5    | 甲镇     | 2026-03-01 | 是           | 是       | 解决     | 满意     |          |
            2    | 甲镇     | 2026-03-01 | 是           | 是       | 未解决   | 不满意   | 剔除     | 历史遗留
            1    | 甲镇     | 2026-03-01 | 是           | 是       | 未解决   | 不满意   | 剔除     | 诉求不合理
            """),
        ),
        {"甲镇": {"excluded": 3, "valid": 5 + 1, "resolution_rate": 5 / (5 + 1)}},
        rule=variant(flags='excluded_kinds = ["历史遗留"]'),
    ),
    Specification(
        "latest-of-case",
        "同一案件只计一张",
        "规则取每个案件最晚的一张：同一案件编号在同一周期、同一单位的有效回访中，只有最晚创建的一张计入，其余写明“同一案件已计另一张”。没有案件编号的各算一案。",
        (
            Batch("""
            案件编号 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            C1       | 甲镇     | 2026-03-01 | 是           | 是       | 未解决   | 不满意
            C1       | 甲镇     | 2026-03-05 | 是           | 是       | 解决     | 满意
            C2       | 甲镇     | 2026-03-02 | 是           | 是       | 未解决   | 不满意
                     | 甲镇     | 2026-03-03 | 是           | 是       | 解决     | 满意
            """),
        ),
        {"甲镇": {"received": 4, "valid": 3, "resolution_rate": (1 + 0 + 1) / 3}},
        rule=variant(repeats='policy = "latest_per_case"'),
    ),
    Specification(
        "by-place",
        "计给谁：承办单位、被反映街乡镇、行业部门",
        "一个规则里，一张工单只按一种角色计给一个单位，合计不重复。要同时看街镇和部门，用两个规则。",
        (
            Batch("""
            承办单位 | 被反映街乡镇 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            乙镇     | 甲镇         | 2026-03-01 | 是           | 是       | 解决     | 满意
            乙镇     | 乙镇         | 2026-03-01 | 是           | 是       | 未解决   | 不满意
            """),
        ),
        {"甲镇": {"received": 1, "resolution_rate": 1 / 1}, "乙镇": {"received": 1, "resolution_rate": 0 / 1}},
        units=(JIA, YI),
        rule=variant(scope='excluded_order_types = []\nunit_role = "place"'),
    ),
    Specification(
        "response-only-group",
        "整类单位可以只评价响应率",
        "规则写明国企只评价响应率：它们的工单只进响应率的分母。",
        (
            Batch("""
            承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            某公司   | 2026-03-01 | 是           | 是       | 未解决   | 不满意
            某公司   | 2026-03-01 | 是           | 否       | 未解决   | 不满意
            """),
        ),
        {"某公司": {"response_rate": 1 / 2, "resolution_rate": None, "response_only": 2, "score": 50.0}},
        units=("E1,某公司,国企,,,,,,",),
        rule=variant(scope='excluded_order_types = []\nresponse_only_groups = ["国企"]'),
    ),
    Specification(
        "deduction",
        "扣分制",
        "从 100 分起，指标低于目标的每个百分点扣若干分：按期办结率目标 95%，每低 1 个百分点扣 0.5 分。",
        (
            Batch("""
            件数 | 承办单位 | 创建时间   | 办结时间   | 截止时间   | 是否有效回访
            9    | 甲镇     | 2026-03-01 | 2026-03-05 | 2026-03-08 |
            1    | 甲镇     | 2026-03-01 | 2026-03-09 | 2026-03-08 |
            5    | 甲镇     | 2026-03-01 |            | 2026-03-08 |
            """),
        ),
        {"甲镇": {"on_time_rate": 9 / (9 + 1), "score": 100 - 0.5 * (95 - 90)}},
        rule=variant(score='method = "deduction"', deductions_on_time="target = 0.95\npoints = 0.5"),
        formulas={"综合成绩": "100 − 0.5 × (95 − 90) = 97.5；未办结的 5 件不进按期办结率，另列“超期未办结”"},
    ),
    Specification(
        "stars",
        "星级折算",
        "满意度也可以是 0–5 星：规则写明每一级计多少。",
        (
            Batch("""
            承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            甲镇     | 2026-03-01 | 是           | 是       | 解决     | 5星
            甲镇     | 2026-03-01 | 是           | 是       | 解决     | 3星
            甲镇     | 2026-03-01 | 是           | 是       | 解决     | 0星
            """),
        ),
        {"甲镇": {"satisfaction_rate": (1.0 + 0.6 + 0) / 3}},
        rule=variant(answers_satisfaction='"5星" = 1.0\n"4星" = 0.8\n"3星" = 0.6\n"2星" = 0.4\n"1星" = 0.2'),
    ),
    Specification(
        "minimum-and-ties",
        "太少不排位次；同分可以并列",
        "有效回访不足 5 件的单位有成绩、不排位次；规则写明并列时，同分的位次相同。",
        (
            Batch("""
            件数 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            6    | 甲镇     | 2026-03-01 | 是           | 是       | 解决     | 满意
            9    | 乙镇     | 2026-03-01 | 是           | 是       | 解决     | 满意
            4    | 丙镇     | 2026-03-01 | 是           | 是       | 解决     | 满意
            """),
        ),
        {"甲镇": {"score_rank": 1}, "乙镇": {"score_rank": 1}, "丙镇": {"score": 100.0, "score_rank": None}},
        units=(JIA, YI, "U3,丙镇,街镇,,,,,,"),
        rule=variant(score='tie_break = "shared"\nminimum_for_rank = 5'),
    ),
    Specification(
        "start-hour-and-label",
        "周期可以从某日某时开始，并以开始的月份命名",
        "每月 26 日 12 时起：2 月 26 日 11:59 属于上一期（1 月），12:00 起属于 2 月这一期。",
        (
            Batch("""
            承办单位 | 创建时间            | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            甲镇     | 2026-02-26 11:59:59 | 是           | 是       | 未解决   | 不满意
            甲镇     | 2026-02-26 12:00:00 | 是           | 是       | 解决     | 满意
            """),
        ),
        {"甲镇": {"received": 1, "resolution_rate": 1 / 1}},
        period="2026-02",
        rule=variant(period='start_day = 26\nstart_hour = 12\nlabel = "start"'),
    ),
    Specification(
        "natural-year",
        "按自然年",
        "周期是一个自然年，用年份命名。",
        (
            Batch("""
            承办单位 | 创建时间            | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
            甲镇     | 2025-12-31 23:59:59 | 是           | 是       | 未解决   | 不满意
            甲镇     | 2026-01-01 00:00:00 | 是           | 是       | 解决     | 满意
            甲镇     | 2026-12-31 23:59:59 | 是           | 是       | 解决     | 满意
            """),
        ),
        {"甲镇": {"received": 2, "resolution_rate": 2 / 2}},
        period="2026",
        rule=variant(period='length = "year"\nstart_day = 1'),
    ),
)
