"""A real browser for what only a browser can tell: Chromium, driven by Playwright.

The gate installs it. Elsewhere these tests are skipped where there is none, since `make test` asks for Python alone.
"""

import os
import shutil

import pytest

# Without these Chromium looks for its makers' hosts at every start.
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and "CI" not in os.environ:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    assert found, "Chromium is needed here: apt-get install chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=found, args=OFFLINE)


@pytest.fixture(params=[(360, 740), (1280, 900)], ids=["phone", "desk"])
def page(browser, request):
    """An empty page, once as wide as a phone and once as wide as a desk's screen, that notes what goes wrong on it."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    yield page
    context.close()
