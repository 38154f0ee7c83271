"""What a person does with the grid, and what they see."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from planning.taskbooks.models import Task, TaskBook
from tests.factories import make_bureau
from tests.planning.factories import make_book, make_coordinator, make_measure, make_task

_KEY = re.compile(r"(?:(?:Control|Shift|Alt)\+)*(?:Arrow\w+|Page\w+|Enter|Escape|Tab|Delete|Home|End|F\d|[!-~])")


def sheet(tasks: int = 6) -> TaskBook:
    """A book of two measures; odd tasks are led by the bureau of commerce, even ones by that of transport."""
    book = make_book(code="jk", title="对日韩合作任务书")
    commerce, transport = make_bureau("市商务局", code="commerce"), make_bureau("市交通局", code="transport")
    make_bureau("市科技局", code="science")
    for m in (1, 2):
        measure = make_measure(book.programme, f"1.{m}", f"举措{m}")
        for n in range(1, tasks + 1):
            texts = {"content": f"任务{m}{n}", "objective": f"目标{m}{n}"}
            make_task(book, measure=measure, code=f"1.{m}.{n}", lead=commerce if n % 2 else transport, **texts)
    return book


def open_grid(page: Page, sign_in, who=None, query: str = "") -> "Grid":
    """The grid of ``sheet`` as a coordinator (or ``who``) sees it."""
    sign_in(who or make_coordinator(), into=page.context)
    return Grid(page).open(query)


class Grid:
    """The grid on a page. Keys are real key events; positions are named by task number and column."""

    def __init__(self, page: Page):
        self.page = page
        self.input = page.locator("#tg-input")

    def open(self, query: str = "") -> "Grid":
        self.page.goto(f"/books/jk/{query}")
        expect(self.page.locator(".tg-body [role=row]").first).to_be_visible()
        self.input.focus()
        return self

    def keys(self, *keys: str) -> None:
        """Named keys and combinations are pressed; everything else is typed."""
        for key in keys:
            if _KEY.fullmatch(key):
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)

    def cell(self, code: str, name: str):
        row = self.page.locator(".tg-body [role=row]").filter(
            has=self.page.locator(".tg-c-code", has_text=re.compile(rf"^{re.escape(code)}"))
        )
        return row.locator(f".tg-c-{name}")

    def row(self, code: str):
        return self.cell(code, "code").locator("xpath=..")

    def go(self, code: str, name: str, **click) -> None:
        self.cell(code, name).click(**click)

    def text(self, code: str, name: str) -> str:
        return self.cell(code, name).inner_text().strip()

    def cursor(self) -> tuple[str, str]:
        """(number, column) of the current cell."""
        script = "(({view, model}) => [view.current?.code ?? view.cursor.line, view.cursor.name])(taskgrid)"
        return tuple(self.page.evaluate(script))

    def saved(self) -> None:
        """Wait until nothing waits to be saved."""
        expect(self.page.locator('[data-tg="state"][data-state="saved"]')).to_be_visible()

    def says(self, text: str) -> None:
        expect(self.page.locator('[data-tg="said"]')).to_contain_text(text)

    def state(self, state: str) -> None:
        expect(self.page.locator(f'[data-tg="state"][data-state="{state}"]')).to_be_visible()

    def touch(self, code: str) -> None:
        """A change written past the services counts as written now."""
        Task.objects.filter(code=code).update(updated_at=timezone.now())

    def poll(self) -> None:
        """Ask the server now, as the page does every 15 seconds."""
        self.page.evaluate("taskgrid.live.ask()")

    # --- Input methods and the clipboard ---

    def compose(self, *steps: str, commit: str = "") -> None:
        """An input method at work: each step shows a preliminary text; ``commit`` is what the person chooses."""
        self._cdp = getattr(self, "_cdp", None) or self.page.context.new_cdp_session(self.page)
        for step in steps:
            key = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process"}
            self._cdp.send("Input.dispatchKeyEvent", key)
            end = len(step)
            self._cdp.send("Input.imeSetComposition", {"text": step, "selectionStart": end, "selectionEnd": end})
        if commit:
            self._cdp.send("Input.insertText", {"text": commit})

    def key_in_composition(self, key: str) -> None:
        """A key that the input method takes for itself: ``Enter`` on macOS, ``Process`` elsewhere."""
        for kind in ("rawKeyDown", "keyUp"):
            event = {"type": kind, "windowsVirtualKeyCode": 229, "key": key, "code": "Enter"}
            self._cdp.send("Input.dispatchKeyEvent", event)

    def put_on_clipboard(self, text: str) -> None:
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)

    def clipboard(self) -> str:
        return self.page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")

    def wait_stored(self, check) -> None:
        """Wait until ``check`` of what the database holds is true."""
        for _ in range(60):
            if check():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the database does not hold it")
