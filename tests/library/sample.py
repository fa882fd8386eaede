"""A small content folder that breaks no rule, for tests to break on purpose."""

from pathlib import Path

from server.library.model import NUDGE_KINDS
from tests.conftest import ROOT

SOURCES = "sources: []"
_PLAIN = "The kettle clicks off. You pour one cup and stand by the window for a while. The street is wet."

_READING = """---
title: "{title}"
chapter: understanding
summary: "What {word} does on a quiet evening."
takeaway: "A small {word} is enough for tonight."
practice: practices/slow-breathing
question: "Where did {word} help you this week?"
related: [{related}, guides/the-first-night]
sources:
  - {{authors: "Langeslag, S. J. E. & Sanchez, M. E.",
     title: "Down-Regulation of Love Feelings After a Romantic Break-Up",
     in: "Journal of Experimental Psychology: General 147(5), 720-733", year: 2018, doi: 10.1037/xge0000360,
     says: "Looking away helped attention.", certainty: mixed}}
---
{word_title} is where it starts. See [slow breathing](practices/slow-breathing) when you like.

## What's *there*

{body}
"""
_GUIDE = """---
title: "{title}"
summary: "For {word}."
when: "It is late and {word} is near."
practice: practices/slow-breathing
related: [readings/boundaries]
helplines: true
sources: []
---
{word_title} can wait until the tea is drunk. The [help lines](help/lines) are there at any hour.

{body}
"""
_PRACTICE = """---
title: "{title}"
summary: "A few minutes of {word}."
minutes: 3
runner: {runner}
lands_in: none
steps:
  - {{say: "Sit down.", seconds: 20}}
  - say: "Let your shoulders drop."
  - say: "Stay a little."
{extra}
why: "Slow breaths tell the body that nothing is chasing it."
certainty: common_sense
related: []
sources: []
---
{word_title} asks nothing of you.

{body}
"""
_NUDGE = "water leaves lamps minutes doorways rainwater kettles"
_HELPLINES = """country: {country}
emergency: {emergency}
lines:
  - name: "{name}"
    for: crisis
    phone: "116 123"
    text: null
    web: "https://example.org"
    hours: null
    languages: [en]
    note: null
    checked: {{on: 2026-11-24, source: "https://example.org"}}
"""


def reading(title: str, word: str, related: str) -> str:
    return _READING.format(title=title, word=word, word_title=word.title(), related=related, body=_body(16))


def guide(title: str, word: str) -> str:
    return _GUIDE.format(title=title, word=word, word_title=word.title(), body=_body(14))


def practice(title: str, word: str, runner: str, extra: str) -> str:
    return _PRACTICE.format(title=title, word=word, word_title=word.title(), runner=runner, extra=extra, body=_body(4))


def helplines(country: str, emergency: str, name: str) -> str:
    return _HELPLINES.format(country=country, emergency=emergency, name=name)


def nudges(kind: str) -> str:
    """Three texts of `kind` for every stage, in letters shifted so that no two are alike."""
    first = 3 * NUDGE_KINDS.index(kind) + 1
    return "\n".join(_nudge(f"{kind.replace('_', '-')}-{number:02}", number) for number in range(first, first + 3))


def _nudge(identity: str, number: int) -> str:
    text = "".join(chr((ord(letter) - 97 + number) % 26 + 97) if letter.isalpha() else letter for letter in _NUDGE)
    return (
        f"- id: {identity}\n"
        "  stages: [first_days, first_weeks, finding_your_feet, further_on]\n"
        "  mood: any\n"
        f'  title: "Nudge {number}"\n'
        f'  body: "{text}"\n'
        '  neutral: {title: "A quiet minute", body: "When you like."}\n'
    )


def _body(times: int) -> str:
    return "\n\n".join([_PLAIN] * times)


def english() -> dict[str, str]:
    """Name → text of a sound English folder: two readings, a guide, two practices, and one of everything else."""
    return {
        "en/readings/01-boundaries.md": reading("Boundaries", "fence", "readings/room-to-grow"),
        "en/readings/02-room-to-grow.md": reading("Room to grow", "garden", "readings/boundaries"),
        "en/guides/01-the-first-night.md": guide("The first night", "night"),
        "en/practices/slow-breathing.md": practice(
            "Slow breathing", "breath", "breathing", "breathing: {in: 4, hold: 0, out: 6, rounds: 10}"
        ),
        "en/practices/one-small-thing.md": practice(
            "One small thing", "doing", "list", 'prompts: ["What is one small thing?"]'
        ),
        **{f"en/nudges/{kind}.yaml": nudges(kind) for kind in NUDGE_KINDS},
        "en/helplines/GB.yaml": helplines("United Kingdom", '"999"', "Samaritans"),
        "en/helplines/international.yaml": helplines("International", "null", "Find A Helpline"),
        "en/books.yaml": '- {slug: daring-greatly, title: Daring Greatly, authors: "Brown, Brené", year: 2012,\n'
        '   good_for: "For days when shame is loud.", when: "Once sleep is back."}\n',
        "en/path.yaml": "chapters:\n  - {id: understanding, title: Understanding, summary: What happened.}\n"
        "takeaways:\n  - {title: Room, text: Growth needs room., item: readings/room-to-grow}\n",
        "en/push.yaml": (ROOT / "content" / "en" / "push.yaml").read_text(encoding="utf-8"),
        "en/search.yaml": "stop: [the, and, is]\nfinds:\n  - {item: guides/the-first-night, words: [insomnia]}\n",
    }


def write(root: Path, files: dict[str, str]) -> Path:
    """Write `files` below `root` and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def folder(tmp_path: Path) -> Path:
    """A sound content folder below `tmp_path`."""
    return write(tmp_path / "content", english())


def edit(root: Path, name: str, old: str, new: str) -> int:
    """Replace `old` by `new` in a file, once; the line where it stood, from 1."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
