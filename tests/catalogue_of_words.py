"""The catalogue of words, kept by Babel: ``make words`` collects, updates and compiles it.

English stands in the code (``tr``, ``tr_in``, ``tr_n``) and in the texts of formulas; each other
language has ``geo/languages/<code>/messages.po``. A text that nobody says any more leaves it.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "geo" / "languages"
KEYWORDS = {"tr": None, "tr_in": ((1, "c"), 2), "tr_n": (2, 3)}
KEY = re.compile(
    r'(?:^msgctxt .*\n)?^msgid (?:"(?:.*)"\s*\n?)+(?=^msgid_plural|^msgstr)', re.MULTILINE
)
ANSWER = re.compile(r'^msgstr(?:\[\d\])? (?:""\s*\n)?"[^"]', re.MULTILINE)
PLACE = re.compile(r"\{(\w*)[^{}]*\}")
WIDER = {"{name} and {more} more": {"n"}}  # the page gives the whole number too: 北京等3地
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
HEADER = "# The words of jingjinji. Keep every {name} of the English text.\n#"


def said():
    """Collect every text of the code: (file, message or pair, context)."""
    for path in sorted((ROOT / "geo").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        with path.open("rb") as file:
            for _, message, _, context in extract("python", file, keywords=KEYWORDS):
                yield place, message, context
    for path in sorted((ROOT / "geo" / "analysis" / "formula_texts").glob("*.yaml")):
        place = path.relative_to(ROOT).as_posix()
        for formula in yaml.safe_load(path.read_text("utf-8")).values():
            yield place, formula["name"], None
            yield place, formula["caveat"], None


def template():
    """Return the catalogue without translations, by file and then by text."""
    made = Catalog(project="jingjinji", charset="utf-8", header_comment=HEADER)
    for place, message, context in said():
        known = made.get(message[0] if isinstance(message, tuple) else message, context)
        places = [one for one, _ in known.locations] if known else []
        made.add(message, context=context, locations=[] if place in places else [(place, None)])
    return made


def languages():
    """Return the codes of the languages that translate."""
    return sorted(one.name for one in FOLDER.iterdir() if one.is_dir() and one.name != "en")


def kept(code):
    """Read the translations of a language; a new one has none."""
    path = FOLDER / code / "messages.po"
    if not path.is_file():
        return Catalog(locale=code, project="jingjinji", charset="utf-8", header_comment=HEADER)
    return read_po(io.BytesIO(once_each(path).encode()), locale=code)


def once_each(path):
    """Return the text of a catalogue with each message once: the one that is translated."""
    entries = {}
    for block in re.split(r"\n\s*\n", path.read_text("utf-8").strip()):
        found = KEY.search(block)
        key = re.sub(r'"\s*\n\s*"', "", found.group()) if found else block
        known = entries.get(key)
        if known is None or not ANSWER.search(known):
            entries[key] = block
        elif ANSWER.search(block) and block != known:
            sys.exit(f"{path.relative_to(ROOT)}: twice there, keep one: {key}")
    return "\n\n".join(entries.values()) + "\n"


def updated(code):
    """Return the translations of a language as they should stand: in the template's order."""
    found, made = kept(code), template()
    made.locale = code
    for message in made:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        known = found.get(key, message.context)
        if known is not None and known.string:
            message.string = known.string
    return made


def as_po(catalogue):
    """Return the text of a catalogue, without dates: equal words give equal bytes."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True)
    plural = catalogue.plural_forms
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plural}\\n"\n\n'
    )
    return head.encode() + file.getvalue()


def as_mo(catalogue):
    """Return the compiled catalogue, which is what the package reads."""
    file = io.BytesIO()
    plain = read_po(io.BytesIO(as_po(catalogue)), locale=catalogue.locale)
    plain.creation_date = plain.revision_date = NO_DATE  # equal words, equal bytes
    write_mo(file, plain)
    return file.getvalue()


def texts(string):
    """Return the forms of a message as a list."""
    return [string] if isinstance(string, str) else list(string or ())


def odd_places(message):
    """Return the places in a translation that its text does not have."""
    known = set().union(*(PLACE.findall(text) for text in texts(message.id)))
    known |= WIDER.get(message.id, set())
    return sorted(set().union(*(PLACE.findall(text) for text in texts(message.string))) - known)


def main():
    """Write the catalogue of each language; say what is missing, wrong or said nowhere."""
    faults = 0
    for code in languages():
        catalogue, place = updated(code), f"geo/languages/{code}/messages.po"
        here = {(one.id, one.context) for one in catalogue}
        for one in kept(code):
            if one.id and any(texts(one.string)) and (one.id, one.context) not in here:
                sys.stdout.write(f"{place}: left out, no code says it: {one.id!r}\n")
        (FOLDER / code / "messages.po").write_bytes(as_po(catalogue))
        (FOLDER / code / "messages.mo").write_bytes(as_mo(catalogue))
        for message in catalogue:
            if message.id and not (message.string and all(message.string)):
                faults += 1
                sys.stdout.write(f"{place}: not translated: {message.id!r}\n")
            for odd in odd_places(message) if message.id else ():
                faults += 1
                sys.stdout.write(f"{place}: {{{odd}}} is not in the English text: {message.id!r}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
