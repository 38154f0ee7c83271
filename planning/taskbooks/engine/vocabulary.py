"""What the columns of task books are called, and which part of a task each of them holds."""

import re
from collections.abc import Mapping

from planning.taskbooks.engine.words import squashed, without_remark

# Roles whose columns the JSON result shows, then those of the decreed form that only the import uses.
ROLES = (
    "code",
    "field",
    "content",
    "target",
    "lead",
    "units",
    "support",
    "start",
    "due",
    "period",
    "due_text",
    "horizon",
)
MORE = (
    "measure",
    "actions",
    "deliverable",
    "acceptance",
    "responsible",
    "partners_text",
    "key_industries",
    "guarantees",
    "weight",
    "identity",
)
OTHER = ""  # a known heading that holds nothing of ours

_NAMES = {
    "code": """
        序号 编号 任务编号 任务序号 项目编号 项目序号 任务号 号 NO No no NO. No. 序 编码 任务编码
    """,
    "field": """
        领域 类别 主题 合作领域 任务类别 工作类别 分类 板块 任务领域 所属领域 专题 重点领域 工作领域
        任务分类 工作板块 领域类别 领域/类别 主题/类别 主题类别 方面 任务类型 大类 一级分类 领域分类
    """,
    "content": """
        重点任务 工作任务 具体任务 任务内容 任务名称 重点工作任务 重点任务内容 工作任务内容 任务事项
        工作事项 重点事项 合作事项 任务 重点工作 工作内容 任务描述 主要任务 主要工作任务 年度任务
        年度重点任务 重点工作内容 合作项目 项目名称 工作项目 事项 事项名称 目标任务 任务清单 任务要点
        工作要点 具体工作任务 重点任务名称 二级任务
    """,
    "content_second": """
        具体内容 主要内容 内容 建设内容 具体事项 工作举措 项目 合作内容 具体工作 工作
    """,
    "target": """
        工作目标 目标 预期目标 年度目标 主要目标 目标要求 完成目标 具体目标 量化目标 绩效目标 任务目标
        阶段目标 预期成效 目标值 工作目标及要求 目标成效
    """,
    "lead": """
        牵头单位 牵头部门 牵头责任单位 主办单位 主责单位 主要责任单位 牵头 第一责任单位 牵头责任部门
        主办 主办部门 主责部门 主责 牵头责任 牵头处室
    """,
    "units": """
        责任单位 责任部门 承办单位 实施单位 负责部门 负责单位 落实单位 责任主体 执行单位 责任分工
        责任科室 责任处室 承办部门 责任 任务单位 实施主体 牵头/配合单位 牵头、配合单位 牵头及配合单位
        牵头和配合单位 分工
    """,
    "support": """
        配合单位 协办单位 协同配合单位 协作单位 参与单位 配合部门 支持单位 协作和配合单位 配合 协办
        参加单位 配合责任单位 协同单位 协办部门 参与部门 协同部门 协作部门 支撑单位 协同
    """,
    "start": """
        起始时间 开始时间 启动时间 起始日期 开始日期 起始 开始 启动 起 计划开始时间 计划启动时间
        开工时间 开始时限 启动日期 起始时限
    """,
    "due": """
        完成时限 时限要求 完成时间 时限 截止时间 完成期限 截止日期 完成日期 办结时限 计划完成时间
        时间节点 完成节点 时间要求 结束时间 预计完成时间 期限 工作时限 推进时限 到期时间 完成 止 结束
        截止 结束日期 终止时间 办理时限 预计完成时限 计划完成时限 完成时限要求 任务时限 进度要求
        时间安排 时间 日期 计划完成日期 时间期限
    """,
    "due_text": """
        时限表述
    """,
    "period": """
        起止时间 起止日期 实施时间 实施期限 起止时限 实施周期 建设周期 工作周期 起止年限 起止年月
        实施年限 执行时间
    """,
    "horizon": """
        期限类别 期限类型 近中远期 任务期限 期限分类 时段 任务周期 期别 阶段 规划期
    """,
    "measure": """
        主要举措 举措 一级任务
    """,
    "actions": """
        具体措施 工作措施 主要措施 措施 具体举措 具体要求 推进措施 工作要求 落实措施 实施路径 工作安排
    """,
    "deliverable": """
        成果形式 成果 预期成果 成果类型 交付物 工作成果 标志性成果
    """,
    "acceptance": """
        验收标准 考核标准 评价标准 完成标准 考核指标 验收要求
    """,
    "responsible": """
        责任人 具体责任人 责任领导 牵头领导 分管领导 负责人 牵头责任人 责任同志 项目负责人
    """,
    "partners_text": """
        对应国别/城市 国别 国别/城市 合作城市 对应城市 合作国别 国别城市 合作对象 国家/城市
    """,
    "key_industries": """
        重点产业 产业 涉及产业 产业领域
    """,
    "guarantees": """
        保障措施 保障 保障条件
    """,
    "weight": """
        权重 分值 权重(%) 权重%
    """,
    "identity": """
        行标识
    """,
    OTHER: """
        备注 进展情况 工作进展 进展 完成情况 存在问题 下一步措施 下一步打算 联系人 联系电话 电话
        联系方式 资金 资金使用情况 督查 督办 工作动态 工作进度 进度 完成率 状态 是否完成 来源 依据 说明
        季度 牵头分管领导 一季度 二季度 三季度 四季度 每季度形象进度 形象进度 推进计划 来源文件
        责任人及电话 完成进度
    """,
}
EXACT = {name: role for role, names in _NAMES.items() for name in names.split()}
CONTENT_ORDER = {name: n for n, name in enumerate(_NAMES["content"].split())}
# Without a column of tasks, the task stands in one of these.
CONTENT_INSTEAD = ("content_second", "measure", "actions", "target")

_PATTERNS = (
    (OTHER, r"领导|进展|问题|电话|联系|备注|情况|完成率|(?:任务|项目|事项)数|数量|个数|得分"),
    ("responsible", r"责任人|负责人|人员"),
    ("units", r"(?:牵头|主办|主责|责任).*(?:配合|协办|参与|协同)|(?:配合|协办).*牵头"),
    ("support", r"(?:配合|协办|协同|协作|参与|参加|支持).*(?:单位|部门|处室|机构)"),
    ("lead", r"(?:牵头|主办|主责).*(?:单位|部门|处室|机构)"),
    ("units", r"(?:责任|承办|负责|落实|实施|执行).*(?:单位|部门|主体|处室|科室)"),
    ("period", r"起止"),
    ("start", r"(?:开始|起始|启动).*(?:时间|日期|时限)"),
    ("due", r"(?:完成|截止|办结|结束|到期|终止).*(?:时限|时间|期限|日期|节点)|时限|截止"),
    ("code", r"^.{0,4}(?:序号|编号)$"),
    ("horizon", r"期限(?:类别|类型)|近.*中.*远"),
    ("field", r"^.{0,4}(?:领域|类别|板块)$"),
    ("target", r"目标"),
    ("content", r"任务$|任务(?:内容|名称|事项|描述)|重点工作"),
    ("actions", r"措施$|举措$"),
    ("deliverable", r"成果"),
    ("acceptance", r"标准$"),
    ("weight", r"^权重"),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _PATTERNS)
_LONGEST = 20


def key_of(label: str) -> str:
    """A heading in the form in which headings are compared (and remembered)."""
    return squashed(label).strip(":*★")


def exact_role(label: str, learnt: Mapping[str, str]) -> str | None:
    """The role of a heading by its name; ``learnt`` are headings that people have explained, by ``key_of``."""
    key = key_of(label)
    if key in learnt:
        return learnt[key]
    if re.search(r"牵头.*[(/、和及].*配合|责任.*\(.*牵头.*配合", key):
        return "units"
    bare = without_remark(key)
    return EXACT.get(key, EXACT.get(bare, EXACT.get(re.sub(r"[^\w/、]", "", bare))))


def likely_role(label: str) -> str | None:
    """The role of a heading by the words in it."""
    key = without_remark(key_of(label))
    if not key or len(key) > _LONGEST:
        return None
    return next((role for role, pattern in _COMPILED if pattern.search(key)), None)
