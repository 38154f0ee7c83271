"""What a person does with the grid, and what they see."""

import re

from playwright.sync_api import Page, expect


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
            if re.fullmatch(r"(?:(?:Control|Shift|Alt)\+)*(?:Arrow\w+|Page\w+|Enter|Escape|Tab|Delete|Home|End|F\d|.)", key):
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

    def poll(self) -> None:
        """Ask the server now, as the page does every 15 seconds."""
        self.page.evaluate("taskgrid.live.ask()")
