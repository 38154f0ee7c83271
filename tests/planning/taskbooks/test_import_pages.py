"""The import pages: look first, then do exactly that."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from planning.taskbooks import services
from planning.taskbooks.models import Task
from planning.taskbooks.services.exporting import export_workbook
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def book():
    book = make_book(code="jk-2026-2030", title="大连市对日韩合作任务书（2026—2030年）")
    for number in (1, 2, 3):
        make_task(book, code=f"1.1.{number}", lead=make_bureau(), objective="原目标")
    return book


@pytest.fixture
def coordinator(client):
    user = make_coordinator()
    client.force_login(user)
    return user


def workbook(book, user, **cells):
    """The exported book with some cells changed, as an upload."""
    file = openpyxl.load_workbook(io.BytesIO(export_workbook(book=book, by=user).getvalue()))
    for cell, value in cells.items():
        file.worksheets[0][cell] = value
    out = io.BytesIO()
    file.save(out)
    return SimpleUploadedFile("book.xlsx", out.getvalue())


def address(name, *args):
    return reverse(f"taskbooks:{name}", args=args)


def look(client, book, file):
    return client.post(address("import", book.code), {"file": file})


def do(client, book, response):
    data = {"token": response.context["token"], "digest": response.context["report"].digest}
    return client.post(address("import-apply", book.code), data)


def test_an_unchanged_workbook_has_nothing_to_import(client, book, coordinator):
    response = look(client, book, workbook(book, coordinator))
    report = response.context["report"]
    assert (report.new, report.changed) == (0, 0)
    assert not response.context["token"]


def test_two_changed_cells_are_shown_and_then_written(client, book, coordinator):
    response = look(client, book, workbook(book, coordinator, E4="新目标一", G5="新成果"))
    assert response.context["report"].changes == 2
    assert not Task.objects.filter(objective="新目标一").exists()

    assert do(client, book, response).url == address("book", book.code)

    assert Task.objects.get(code="1.1.1").objective == "新目标一"
    assert Task.objects.get(code="1.1.2").deliverable == "新成果"
    assert set(Task.objects.values_list("code", "version")) == {("1.1.1", 2), ("1.1.2", 2), ("1.1.3", 1)}


def test_a_refused_cell_is_named_and_nothing_can_be_imported(client, book, coordinator):
    response = look(client, book, workbook(book, coordinator, E4="新目标一", S5=200))
    assert response.status_code == 422
    assert [m.cell for m in response.context["report"].errors] == ["S5"]
    assert "S5" in response.content.decode()
    assert not response.context["token"]


def test_an_edit_in_between_is_noticed(client, book, coordinator):
    response = look(client, book, workbook(book, coordinator, E4="新目标一"))
    task = Task.objects.get(code="1.1.1")
    services.edit_task(task=task, values={"objective": "抢先"}, version=1, by=coordinator)

    again = do(client, book, response)

    assert again.status_code == 422
    assert Task.objects.get(code="1.1.1").objective == "抢先"


@pytest.mark.parametrize(
    ("content", "code"), [(b"", None), (b"PK\x03\x04 no workbook", "broken"), (b"\xd0\xcf\x11\xe0", None)]
)
def test_what_is_no_workbook_gets_one_sentence(client, book, coordinator, content, code):
    response = look(client, book, SimpleUploadedFile("book.xlsx", content))
    assert response.status_code == 422
    assert len(response.context["form"].errors["file"]) == 1


def test_the_kept_file_belongs_to_its_uploader(client, book, coordinator):
    response = look(client, book, workbook(book, coordinator, E4="新目标一"))
    client.force_login(make_coordinator())
    assert do(client, book, response).status_code == 422
    assert not Task.objects.filter(objective="新目标一").exists()


def test_a_forged_token_is_refused(client, book, coordinator):
    response = client.post(address("import-apply", book.code), {"token": "../../etc/passwd", "digest": ""})
    assert response.status_code == 422


def test_only_the_coordinator_imports(client, book):
    lead = Task.objects.first().lead
    for role in (Role.OFFICIAL, Role.HEAD):
        client.force_login(make_user(role, bureau=lead))
        assert client.get(address("import", book.code)).status_code == 403
        assert client.post(address("import-apply", book.code), {}).status_code == 403
        assert client.get(address("import-new")).status_code == 403
    client.force_login(make_user(Role.OFFICIAL))
    assert client.get(address("import", book.code)).status_code == 404


def test_conflicts_come_back_as_a_sheet_with_both_texts(client, book, coordinator):
    file = workbook(book, coordinator, E4="文件里的", E5="只有文件改的")
    task = Task.objects.get(code="1.1.1")
    services.edit_task(task=task, values={"objective": "页面上的"}, version=1, by=coordinator)
    looked = look(client, book, file)
    done = do(client, book, looked)
    assert done.status_code == 200 and Task.objects.get(code="1.1.2").objective == "只有文件改的"
    sheet = client.get(address("import-conflicts", book.code), {"token": done.context["token"]})
    values = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(sheet.content)).active[4]]
    assert values[2:] == ["1.1.1", "工作目标", "原目标", "页面上的", "文件里的"]
    client.force_login(make_coordinator())
    assert client.get(address("import-conflicts", book.code), {"token": done.context["token"]}).status_code == 404
