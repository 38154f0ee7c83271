"""Fills a scratch database with 20,000 tasks in books of 100, 400, 2,000 and the rest, for an ordinary official.

Texts are built from the sample task book, so that sizes and Chinese text are as in life.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from dalian_coop.accounts.models import Bureau, Membership, User
from dalian_coop.accounts.services import create_api_client, issue_token
from dalian_coop.base.reference import loaders
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Measure, Plan, Programme
from planning.roadmap.models import Milestone
from planning.taskbooks.models import Task, TaskBook, TaskUnit

BOOKS = {"bench-100": 100, "bench-400": 400, "bench-2000": 2000, "bench-rest": 17_500}
CONTENT = "推动日韩精细化工企业与本地石化基地配套，建立常态化产业对接机制（压力测试数据）"
LONG = "编制石化下游缺链清单；赴日本、韩国开展专题对接；落实“一项目一专班”，按季度调度进展并公布台账"


@dataclass
class Actor:
    """Who the bench asks as."""

    user: User
    token: str


def fill() -> Actor:
    """Seed everything; the official's bureau leads a fifth of the tasks, so that row scope has work to do."""
    for _name, loader in loaders():
        loader()
    numbers = random.Random(20_261_124)  # noqa: S311 - test data, the same every time
    bureaus = list(Bureau.objects.order_by("pinyin"))
    commerce = Bureau.objects.get(name_zh="市商务局")
    measures = _measures()
    for code, count in BOOKS.items():
        _book(code, count, measures, bureaus, commerce, numbers)
    user = User.objects.create_user(username="bench", display_name="性能测试")
    Membership.objects.create(user=user, bureau=commerce, role="official")
    client = create_api_client(
        name="bench", owner=commerce, scopes=["taskbooks:read", "taskbooks:write"],
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    return Actor(user, issue_token(client=client).text)


def _measures() -> list[Measure]:
    programme = Programme.objects.create(code="bench", name_zh="性能测试", is_sample=True)
    for horizon, (first, last) in zip(Horizon, ((2026, 2026), (2027, 2028), (2029, 2030)), strict=True):
        Plan.objects.create(programme=programme, horizon=horizon, first_year=first, last_year=last)
    return [
        Measure.objects.create(programme=programme, field=field, code=f"{field.order}.{n}", title="深化合作", order=n)
        for field in CooperationField.objects.all()
        for n in (1, 2, 3)
    ]


def _book(code, count, measures, bureaus, commerce, numbers) -> None:
    book = TaskBook.objects.create(
        code=code, title=f"性能测试任务书 {count}（示例）", programme=measures[0].programme,
        first_year=2026, last_year=2030, is_sample=True,
    )  # fmt: skip
    tasks = [_task(book, n, measures, bureaus, commerce, numbers) for n in range(count)]
    Task.objects.bulk_create(tasks, batch_size=2000)
    TaskUnit.objects.bulk_create(
        [TaskUnit(task=t, bureau=b, order=i) for t in tasks for i, b in enumerate(numbers.sample(bureaus, 2))],
        batch_size=4000,
    )
    Milestone.objects.bulk_create(
        [
            Milestone(task=t, code=f"{t.code}-M1", order=1, name="完成阶段成果", due=t.due - timedelta(days=90))
            for t in tasks[::2]
        ],
        batch_size=4000,
    )


def _task(book, n, measures, bureaus, commerce, numbers) -> Task:
    measure = measures[n * len(measures) // BOOKS[book.code]]
    number = [*map(int, measure.code.split(".")), n + 1]
    start = date(2026, 1, 1) + timedelta(days=numbers.randrange(700))
    due = start + timedelta(days=120 + numbers.randrange(900))
    progress = numbers.randrange(0, 100, 5)
    return Task(
        book=book, code=".".join(map(str, number)), sort_key=number, field_id=measure.field_id, measure=measure,
        content=f"{CONTENT}{n + 1}", objective=LONG, actions=LONG, deliverable="项目合同、项目台账",
        acceptance="合同已备案，项目完成立项或备案手续",
        lead=commerce if n % 5 == 0 else numbers.choice(bureaus),
        responsible="分管副局长", start=start, due=due, due_text=f"{due.year}年底前", horizon="medium",
        partners_text="日本、韩国", countries=["JP", "KR"], key_industries="石化和精细化工", guarantees=LONG,
        weight="1.00",
        state="in_progress", progress=progress,
    )  # fmt: skip
