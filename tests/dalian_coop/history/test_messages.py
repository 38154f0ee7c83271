"""The audit context on its way into a task."""

import pytest

from dalian_coop.accounts.models import Bureau
from dalian_coop.celery import app
from tests.factories import make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def renaming():
    """A task that changes a bureau, as the worker would run it for a message with the given header."""

    @app.task(name="tests.rename")
    def rename(pk):
        Bureau.objects.filter(pk=pk).update(full_name="大连市新名称局")

    def run(pk, **header):
        rename.push_request(id="task-2", history=header)
        try:
            rename(pk)
        finally:
            rename.pop_request()

    yield run
    app.tasks.pop("tests.rename")


def last_context(bureau):
    return bureau.events.order_by("-pgh_id").first().pgh_context.metadata


def test_a_task_writes_in_the_name_of_its_sender(renaming):
    bureau = make_bureau()
    renaming(bureau.pk, actor_label="王芳", request_id="r-1")
    context = last_context(bureau)
    assert (context["actor_label"], context["request_id"]) == ("王芳", "r-1")
    assert (context["task"], context["task_id"]) == ("tests.rename", "task-2")


def test_a_task_that_a_task_sent_runs_under_its_own_name(renaming):
    bureau = make_bureau()
    renaming(bureau.pk, task="jobs.sweep", task_id="task-1")
    assert last_context(bureau)["task"] == "tests.rename"
