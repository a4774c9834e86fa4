"""Which sentences the code shows, and whether each has its English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

#: How many leading arguments of each function are text: context, singular, plural.
FUNCTIONS = {
    "_": ("msgid",),
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
METADATA = {
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
_LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_IN_TEMPLATE = re.compile(rf"\b(_|n?p?gettext)\({_LITERAL}(?:\s*,\s*{_LITERAL})?", re.S)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Message(NamedTuple):
    """One sentence as the code writes it, and the first place that does."""

    msgid: str
    plural: str = ""
    context: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.msgid


def collect(root: Path) -> dict[tuple[str, str], Message]:
    """Return every sentence of the Python files and templates below a folder."""
    found: dict[tuple[str, str], Message] = {}
    for file in sorted(root.rglob("*")):
        if file.suffix == ".py" and "migrations" not in file.parts:
            messages = in_python(file.read_text(encoding="utf-8"))
        elif file.suffix == ".html":
            messages = in_template(file.read_text(encoding="utf-8"))
        else:
            continue
        place = str(file.relative_to(root.parent))
        for message in messages:
            found.setdefault(message.key, message._replace(place=place))
    return found


def in_python(source: str) -> Iterator[Message]:
    """Return the sentences that stand as literals in calls of gettext's functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            roles = FUNCTIONS.get(name, ())
            texts = [_text(argument) for argument in node.args[: len(roles)]]
            if roles and all(texts) and len(texts) == len(roles):
                yield Message(**dict(zip(roles, texts, strict=True)))


def in_template(source: str) -> Iterator[Message]:
    """Return the sentences of `translate`, `blocktranslate` and `_()`."""
    for name, first, second in _IN_TEMPLATE.findall(templatize(source)):
        texts = [ast.literal_eval(text) for text in (first, second) if text]
        yield Message(**dict(zip(FUNCTIONS[name], texts, strict=False)))


def problems(messages: dict[tuple[str, str], Message], file: Path) -> list[str]:
    """Return one line for each sentence without English, and for a stale .mo file."""
    catalogue = _open(file)
    entries = {_key(entry): entry for entry in catalogue}
    lines = [
        f"{message.place}: {trouble}: {message.msgid!r}"
        for message in messages.values()
        if (trouble := _trouble(message, entries.get(message.key)))
    ]
    compiled = file.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        lines.append(f"{compiled.name} is stale: run `check_translations --write`")
    return lines


def write(messages: dict[tuple[str, str], Message], file: Path) -> None:
    """Add sentences that are missing, without English, and compile."""
    catalogue = _open(file)
    there = {_key(entry) for entry in catalogue}
    for message in messages.values():
        if message.key not in there:
            catalogue.append(_new(message))
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(file))
    file.with_suffix(".mo").write_bytes(catalogue.to_binary())


def _open(file: Path) -> polib.POFile:
    if file.exists():
        return polib.pofile(str(file))
    catalogue = polib.POFile()
    catalogue.metadata = METADATA
    return catalogue


def _text(argument: ast.expr) -> str:
    value = argument.value if isinstance(argument, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _new(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def _trouble(message: Message, entry: polib.POEntry | None) -> str:
    if entry is None or entry.obsolete:
        return "not in the catalogue"
    english = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if entry.fuzzy or not english or not all(english):
        return "no English"
    wanted = set(_PLACEHOLDER.findall(message.msgid))
    if any(set(_PLACEHOLDER.findall(text)) != wanted for text in english):
        return "other placeholders in English"
    return ""
