"""Starting a book from another one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import ValidationError
from planning.roadmap import services
from planning.roadmap.enums import Counting
from planning.roadmap.forms import StartForm
from planning.roadmap.views.pages import ReaderView
from planning.taskbooks.models import TaskBook


class Start(ReaderView):
    """A form of four fields; the coordinating office alone."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        return self.page(self.allowed(book), StartForm(initial={"counting": Counting.WORKING}))

    def post(self, request: HttpRequest, book: str) -> HttpResponse:
        source, form = self.allowed(book), StartForm(request.POST)
        if not form.is_valid():
            return self.page(source, form, 422)
        try:
            made = services.start_book(source=source, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(source, form, 422)
        messages.success(request, _("The book is started; its dates keep the distances of the other one."))
        return redirect("taskbooks:book", made.code)

    def allowed(self, code: str) -> TaskBook:
        found = self.book(code)
        if not self.request.user.has_perm(str(Perm.IMPORT_BOOK), found):
            raise PermissionDenied
        return found

    def page(self, source: TaskBook, form: StartForm, status: int = 200) -> HttpResponse:
        context = {"book": source, "form": form, "first": services.first_day(source)}
        return render(self.request, "roadmap/start.html", context, status=status)
