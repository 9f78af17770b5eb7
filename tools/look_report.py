"""What a reader of a report sees and hears: pictures of its pages, and what axe-core finds in them, in headless Chromium.

python tools/look_report.py build/look

The demo region is evaluated and reported; of index, municipality and school there are pictures at two widths and a print
as PDF. axe-core comes by npm into a temporary folder; nothing serious may be found. Exit code 77: something is not here.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import shsnor
from shsnor.demo import DEMO_YEAR, demo_region, flagged_entity

SKIPPED = 77
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = "axe-core@4"
WIDTHS = (400, 1280)

#: Runs axe in the page and leaves what it found where `--dump-dom` shows it.
_ASK = """<script src="{axe}"></script><script>
axe.run(document, {{resultTypes: ["violations"]}}).then(found => {{
  const told = found.violations.map(v => ({{id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => n.html)}}));
  document.documentElement.dataset.axe = JSON.stringify(told);
}});
</script>"""


def main(out: Path) -> int:
    """0: nothing serious; 1: something is; 77: a program is lacking."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return _skip("no chromium")
    with tempfile.TemporaryDirectory(prefix="shsnor-look-") as name:
        work = Path(name)
        pages = _report(work)
        for kind, page in pages.items():
            _pictures(browser, kind, page, out)
        axe = _axe(work)
        if axe is None:
            return _skip("no node, npm or axe-core: pictures only")
        wrong = [line for kind, page in pages.items() for line in _serious(browser, kind, page, axe)]
    for line in wrong:
        print("FAIL", line)
    print(f"axe-core: {len(pages)} pages, serious: {len(wrong)}")
    return 1 if wrong else 0


def _report(work: Path) -> dict[str, Path]:
    """The kinds of pages, each with one of its kind."""
    with shsnor.evaluate(shsnor.load_pack("federal"), demo_region(), as_of=DEMO_YEAR) as outcome:
        school = flagged_entity(outcome)
        folder = shsnor.write_report(outcome, work / "report")
        public = shsnor.write_report(outcome, work / "public", public=True)
    return {
        "index": folder / "index.html",
        "municipality": sorted((folder / "municipality").iterdir())[0],
        "school": folder / "school" / f"school-{school}.html",
        "public-index": public / "index.html",
        "public-school": public / "school" / f"school-{school}.html",
    }


def _pictures(browser: str, kind: str, page: Path, out: Path) -> None:
    for width in WIDTHS:
        shot = f"--screenshot={out / f'report-{kind}-{width}.png'}"
        _run(browser, "--hide-scrollbars", f"--window-size={width},3000", shot, page.as_uri())
    _run(browser, "--no-pdf-header-footer", f"--print-to-pdf={out / f'report-{kind}.pdf'}", page.as_uri())


def _axe(work: Path) -> Path | None:
    """The script of axe-core; None where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    told = subprocess.run([npm, "install", "--no-save", "--prefix", str(work), AXE], capture_output=True, check=False)
    script = work / "node_modules" / "axe-core" / "axe.min.js"
    return script if told.returncode == 0 and script.is_file() else None


def _serious(browser: str, kind: str, page: Path, axe: Path) -> Iterator[str]:
    """What axe-core calls serious or critical in a page; and that it could not be asked."""
    asking = page.with_name(f"axe-{page.name}")
    text = page.read_text("utf-8").replace("</body>", _ASK.format(axe=axe.as_uri()) + "</body>")
    asking.write_text(text, "utf-8")
    dom = _run(browser, "--virtual-time-budget=60000", "--dump-dom", asking.as_uri())
    found = re.search(r'data-axe="([^"]*)"', dom)
    if found is None:
        yield f"{kind}: axe-core gave no answer"
        return
    for violation in json.loads(html.unescape(found[1])):
        line = f"{kind}: {violation['impact']}: {violation['id']}: {violation['help']}: {violation['nodes'][:2]}"
        if violation["impact"] in ("serious", "critical"):
            yield line
        else:
            print(line)


def _run(browser: str, *arguments: str) -> str:
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=300).stdout.decode("utf-8", "replace")


def _skip(why: str) -> int:
    print(why)
    return SKIPPED


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/look")
    folder.mkdir(parents=True, exist_ok=True)
    sys.exit(main(folder))
