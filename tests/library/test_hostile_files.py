"""Whatever lies in the content folder, reading it ends in findings: never in a crash, a hang, or markup that runs."""

from datetime import UTC, date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.library import loader, markup
from server.library.check import check
from server.library.service import load
from server.library.source import ContentError, Finding
from tests.library import sample

TODAY = date(2026, 11, 24)
SOUND = sample.english()
#: One file of each kind.
NAMES = [
    "en/readings/01-boundaries.md", "en/guides/01-the-first-night.md", "en/practices/slow-breathing.md",
    "en/nudges/read.yaml", "en/helplines/GB.yaml", "en/books.yaml", "en/path.yaml", "en/search.yaml",
]  # fmt: skip
FIELDS = sorted({"in", "for", "on", "id", "slug", "title", "lines", "steps", "sources", "related", "checked", "mood"})
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(),
    st.datetimes(timezones=st.just(UTC)), st.binary(max_size=8),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner),
    max_leaves=12,
)
ALIASES = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12))
CORPUS = [
    "&a [*a]", "{a: &a {b: *a}}", "a: &a [x]\n" + ALIASES, "[" * 5000 + "]" * 5000, "{a: " * 3000, "- " * 4000 + "x",
    "!!python/object/apply:os.system ['true']", "!!python/name:os.system", "a: !!binary |\n  /w==\n", "a: \x00", "\x85",
    "\ufeff\ufeff---\n", "%YAML 9.9\n---\na: 1", "---\n---\n---\n", "a: 1\n...\nb: 2", "<<: {a: 1}", "? {a: 1}\n: 2",
    "? - a\n: b", "a: " + "9" * 6000, "a: -9999-99-99", "a: 2026-02-30", "\t- a", "a:\n\t- b", "'", '"\\ud800"',
    "a: |\n" + "  x\n" * 50_000, "- " + "x" * 300_000, "null", "~", "42", "true", "{}", "- null", "- []", "- {}",
]  # fmt: skip

quick = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def as_file(name: str, text: str) -> bytes:
    """YAML as the bytes of a file: of a Markdown file it is the front matter."""
    whole = f"---\n{text}\n---\nx\n" if name.endswith(".md") else text
    return whole.encode("utf-8", "surrogatepass")


def read(root: Path, name: str, content: bytes) -> list[Finding]:
    """What is found when this lies in place of a sound file, by everything that reads the folder."""
    path = sample.write(root / "content", SOUND) / name
    path.write_bytes(content)
    found = [*loader.read(root / "content").findings, *check(root / "content", TODAY)]
    try:
        load(root / "content")
    except ContentError as error:
        found += error.findings
    assert all(isinstance(each, Finding) and each.line >= 1 for each in found)
    return found


@pytest.mark.parametrize("turn", range(len(CORPUS)))
def test_every_known_trick_ends_in_a_finding_about_that_file(tmp_path: Path, turn: int) -> None:
    for name in NAMES:
        read_alone(tmp_path / "alone", name, as_file(name, CORPUS[turn]))
    name = NAMES[turn % len(NAMES)]
    found = read(tmp_path, name, as_file(name, CORPUS[turn]))
    assert [each for each in found if each.file == f"content/{name}"]


@pytest.mark.parametrize("name", NAMES)
@given(content=st.binary(max_size=400))
@quick
def test_any_bytes_end_in_findings(tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes) -> None:
    read_alone(tmp_path_factory.getbasetemp() / "bytes", name, content)


@pytest.mark.parametrize("name", NAMES)
@given(value=VALUES)
@quick
def test_any_values_end_in_findings(tmp_path_factory: pytest.TempPathFactory, name: str, value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    read_alone(tmp_path_factory.getbasetemp() / "values", name, as_file(name, text))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(parent=quick, max_examples=25)
def test_a_sound_file_with_any_one_spoiled_place_is_served_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    sound = SOUND[name]
    at = data.draw(st.integers(0, len(sound)))
    cut = data.draw(st.integers(0, 40))
    added = data.draw(st.text(max_size=12) | st.sampled_from([": ", "\n- ", "&a ", "*a", "[", "}", "'", "#", "---\n"]))
    spoiled = sound[:at] + added + sound[at + cut :]
    read(tmp_path_factory.getbasetemp() / "spoiled", name, spoiled.encode("utf-8", "surrogatepass"))


def read_alone(folder: Path, name: str, content: bytes) -> None:
    """The quick half of `read`: the one file alone."""
    path = folder / "content" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    try:
        found = loader.read(folder / "content").findings
        assert all(each.line >= 1 for each in found)
    finally:
        path.unlink()


#: OWASP, "XSS Filter Evasion Cheat Sheet", and what Markdown and YAML add to it.
SCRIPTS = [
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe src=javascript:alert(1)>",
    "<body onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>", "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))", "[x](java\nscript:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:msgbox(1))", "[x](//evil.example)",
    "[x](readings/boundaries\"onmouseover=\"alert(1))", "![x](x\"onerror=\"alert(1))", "![x](javascript:alert(1))",
    "<javascript:alert(1)>", "<https://evil.example>", "[x]: javascript:alert(1)\n\n[x]", "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>", "```html\n<script>alert(1)</script>\n```", "<!--<script>-->alert(1)</script>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>", "<style>@import'//evil.example'</style>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>", "<details open ontoggle=alert(1)>",
    "<base href=//evil.example>",
    "<form action=//evil.example><button>x</button></form>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>", "{{constructor.constructor('alert(1)')()}}",
    "<x onclick=alert(1)>",
    "\u2028<script>alert(1)</script>", "<scr\u0000ipt>alert(1)</scr\u0000ipt>", "<img src=`x`onerror=alert(1)>",
]  # fmt: skip


class Strict(HTMLParser):
    """Refuses every tag, attribute and target that a text may not have, as a browser would read the HTML."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in markup.TAGS, tag
        for name, value in attrs:
            assert name in markup.ATTRIBUTES.get(tag, set()), (tag, name)
            assert name != "href" or str(value).startswith("/"), value
            assert not str(value).startswith("//"), value

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def is_harmless(html: str) -> None:
    reader = Strict(convert_charrefs=True)
    reader.feed(html)
    reader.close()


@pytest.mark.parametrize("text", SCRIPTS)
def test_no_known_script_survives_a_text(text: str) -> None:
    for around in ("{}", "words {} words", "## {}", "- {}\n- x", "> {}", "*{}*", "[{}](readings/boundaries)"):
        is_harmless(markup.render(around.format(text)))


@given(st.text(max_size=200) | st.lists(st.sampled_from([*SCRIPTS, "\n", "](", "[", "<", ">", '"', "`"])).map("".join))
@settings(parent=quick, max_examples=1000)
def test_no_text_at_all_becomes_anything_but_plain_markup(text: str) -> None:
    is_harmless(markup.render(text))


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_title_with_a_script_reaches_the_app_as_text_and_never_as_html(tmp_path: Path, text: str) -> None:
    root = sample.folder(tmp_path)
    line = " ".join(text.replace("\x00", "").split())[:60]
    sample.edit(root, NAMES[0], 'title: "Boundaries"', f"title: {yaml.safe_dump(line, width=1000).strip()}")
    sample.edit(root, NAMES[0], "The street is wet.", text.replace("\x00", ""))
    try:
        shelf = load(root)["en"]
    except ContentError:
        return
    reading = shelf.library.by_ref["readings/boundaries"]
    is_harmless(reading.html)
    assert "<script" not in reading.html.lower()
