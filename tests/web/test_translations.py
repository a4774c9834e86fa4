"""Sentences are found where they stand, and each lack of English is told."""

import pytest

from services.web.translations import Message, collect, in_python, in_template, problems
from services.web.translations import write as write_catalogue

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def catalogue(tmp_path):
    def made(entries: str):
        file = tmp_path / "django.po"
        file.write_text(HEADER + entries, encoding="utf-8")
        write_catalogue({}, file)
        return file

    return made


def keyed(*messages: Message) -> dict[tuple[str, str], Message]:
    return {message.key: message for message in messages}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("已受理")', Message("已受理")),
        ('gettext_lazy("已" "受理")', Message("已受理")),
        ('translation.gettext("已受理")', Message("已受理")),
        ('ngettext("%(n)s 份", "%(n)s 份们", n)', Message("%(n)s 份", "%(n)s 份们")),
        ('pgettext("动词", "办理")', Message("办理", context="动词")),
    ],
)
def test_a_call_in_python_is_found(source, found):
    assert list(in_python(source)) == [found]


def test_what_is_not_a_literal_is_left_to_whoever_wrote_it():
    assert list(in_python("_(label)\nother('已受理')")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% translate '已受理' %}", Message("已受理")),
        ('<c-card title="{% translate "已受理" %}" />', Message("已受理")),
        ("{% translate '办理' context '动词' %}", Message("办理", context="动词")),
        ("{% include 'x.html' with label=_('已受理') %}", Message("已受理")),
        (
            "{% blocktranslate trimmed %}\n 共 {{ n }} 件\n{% endblocktranslate %}",
            Message("共 %(n)s 件"),
        ),
        (
            (
                "{% blocktranslate count n=n %}一件{% plural %}{{ n }} 件"
                "{% endblocktranslate %}"
            ),
            Message("一件", "%(n)s 件"),
        ),
    ],
)
def test_a_tag_in_a_template_is_found(source, found):
    assert list(in_template("{% load i18n %}" + source)) == [found]


def test_each_sentence_is_collected_once_with_the_first_place(tmp_path):
    app = tmp_path / "services" / "cases"
    app.mkdir(parents=True)
    (app / "a.py").write_text('_("甲")', encoding="utf-8")
    (app / "b.html").write_text("{% translate '甲' %}", encoding="utf-8")

    found = collect(tmp_path / "services")

    assert found == keyed(Message("甲", place="services/cases/a.py"))


@pytest.mark.parametrize(
    ("entry", "trouble"),
    [
        ("", "not in the catalogue"),
        ('msgid "共 %(n)s 件"\nmsgstr ""\n', "no English"),
        ('#, fuzzy\nmsgid "共 %(n)s 件"\nmsgstr "%(n)s cases"\n', "no English"),
        ('msgid "共 %(n)s 件"\nmsgstr "%(m)s cases"\n', "other placeholders"),
    ],
)
def test_a_sentence_without_good_english_is_told_with_its_place(
    catalogue, entry, trouble
):
    messages = keyed(Message("共 %(n)s 件", place="services/x.py"))

    (line,) = problems(messages, catalogue(entry))

    assert line.startswith(f"services/x.py: {trouble}")


def test_complete_english_has_no_problem(catalogue):
    entry = 'msgid "共 %(n)s 件"\nmsgstr "%(n)s cases"\n'

    assert problems(keyed(Message("共 %(n)s 件")), catalogue(entry)) == []


def test_a_stale_compiled_file_is_told(catalogue):
    file = catalogue('msgid "甲"\nmsgstr "A"\n')
    file.write_text(file.read_text("utf-8").replace("A", "B"), encoding="utf-8")

    (line,) = problems({}, file)

    assert "django.mo is stale" in line


def test_writing_adds_what_is_missing_and_keeps_what_is_there(catalogue):
    file = catalogue('msgid "甲"\nmsgstr "A"\n')

    write_catalogue(keyed(Message("甲"), Message("乙", "乙们", context="数")), file)

    text = file.read_text("utf-8")
    assert 'msgstr "A"' in text
    assert 'msgctxt "数"\nmsgid "乙"\nmsgid_plural "乙们"\nmsgstr[0] ""' in text


def test_the_first_writing_makes_a_file_that_is_complete_but_for_the_english(tmp_path):
    file = tmp_path / "locale" / "django.po"
    messages = keyed(Message("甲", place="services/x.py"))

    write_catalogue(messages, file)

    assert problems(messages, file) == ["services/x.py: no English: '甲'"]
