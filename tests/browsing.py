"""A browser at the door: who opens the house, in which language and width, what goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError

from tests.living import House

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]
DESK, PHONE = (1440, 900), (390, 844)
ANSWERED = "Failed to load resource: the server responded with a status of 4"
# What htmx says of a completion still on its way when the person goes to the next page: a failed
# request, then that it was given up. A failed request alone stays a complaint.
FAILED, GIVEN_UP = "htmx:afterRequest", "htmx:sendAbort"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Have the system's browser running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Door:
    """Opens the house for people, and remembers every complaint of the browser."""

    house: House
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    _signed_in: dict[str, Any] = field(default_factory=dict)

    def open(
        self,
        username: str = "",
        *,
        language: str = "en",
        size: tuple[int, int] = DESK,
        dark: bool = False,
    ) -> Page:
        """Return a page of the house: signed in as somebody, or a stranger's."""
        context = self.browser.new_context(
            base_url=self.house.address,
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            storage_state=self._signed_in.get(username),
            has_touch=size == PHONE,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        self._listen(page)
        self.pages.append(page)
        if username and username not in self._signed_in:
            self._sign_in(page, context, username)
        return page

    def close(self) -> None:
        """Close every page."""
        for page in self.pages:
            page.context.close()
        self.pages.clear()

    def _sign_in(self, page: Page, context: BrowserContext, username: str) -> None:
        page.goto("/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", self.house.password)
        page.click("#sign-in button")
        page.wait_for_url(lambda url: "sign-in" not in url)
        self._signed_in[username] = context.storage_state()

    def _listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", self._hear_error)
        page.on("response", self._look)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type != "error" or message.text.startswith(ANSWERED):
            return
        if message.text.startswith(GIVEN_UP):
            if self.complaints and FAILED in self.complaints[-1]:
                self.complaints.pop()
        else:
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def _hear_error(self, error: BrowserError) -> None:
        self.complaints.append(str(error))

    def _look(self, response: Response) -> None:
        path, status = urlsplit(response.url).path, response.status
        lost = status == HTTPStatus.NOT_FOUND and path.startswith("/static/")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or lost:
            self.complaints.append(f"{path} answers {status}")
