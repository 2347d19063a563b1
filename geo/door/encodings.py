"""Detection of text encodings: byte order mark, strict decoding, then character frequencies.

UTF-8 that decodes strictly is UTF-8. Otherwise each East Asian encoding that decodes the sample
strictly is weighed by how many of its characters are common ones; charset-normalizer breaks ties
and judges the rest. The choice is always reported.
"""

import codecs
from dataclasses import dataclass
from typing import BinaryIO, Final

from charset_normalizer import from_bytes

from geo.errors import InputError

__all__ = ["Encoding", "common_share", "detect"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES: Final = ("gb18030", "big5", "cp932", "euc_jp", "euc_kr")
_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 20
_NEARLY_UTF8: Final = 0.9
# the signs of headers, place names, addresses, companies: what tables of this field are made of
_COMMON: Final = frozenset(
    "高驗食额顺面電集雄際院限阳间门門镇金量都郸邯邢道造通这运过输路资贸责資豐谷说设訊要西衡街行融號莊药臺能育股而编经纬红縣緯經経类究稱種称秦科种社研码石県省目皇的發番町电用生环灣滨源淀"
    "海津注法河沧沟水民機標構楼業械桥桃株标柔构東来村材机术期朝服有是昌时日方新料文数教投技承所房我成息总怀心德得張张式开建延廣廊座度府庆庄年平市工州岛山展就对實密容家室定安學学子头天大"
    "多备場城型坐坊址地在園國国园团商唐員品和后名同司号台可口发县卫南单區医区北化动务前制到分出农兴公信保作住位会企份任们以代他人京产交云于了乡也义主为丰中个东业不下上丁一をれるらもはの"
    "になとでてったしさこがかいあ"
)


@dataclass(frozen=True)
class Encoding:
    """The encoding of a text and how it was found.

    Attributes
    ----------
    name
        Name of the encoding in Python.
    how
        ``declared``, ``mark``, ``utf-8``, ``ascii`` or ``detected``.
    """

    name: str
    how: str


def detect(file: BinaryIO, name: str, *, declared: str | None = None) -> Encoding:
    r"""Detect the encoding of a file, and check that all of it decodes.

    Parameters
    ----------
    file
        Open at its start; left at its start.
    name
        Name of the file as the user gave it, for messages.
    declared
        An encoding that the user names; it wins.

    Returns
    -------
    Encoding
        The name and how it was found.

    Raises
    ------
    InputError
        When the declared encoding is unknown or does not fit, when the file holds zero bytes or
        mixes encodings (the line is named), or when it cannot be determined.

    Examples
    --------
    >>> import io
    >>> detect(io.BytesIO("名称,经度\n雄安".encode("gbk")), "a.csv")
    Encoding(name='gb18030', how='detected')
    """
    head = file.read(_SAMPLE)
    file.seek(0)
    found = _first_guess(head, name, declared)
    if found.how in ("ascii", "utf-8"):
        problem = _first_bad_line(file, "utf-8")
        if problem is None:
            return found
        found = _east_asian(_sample_around(file), name, problem)
    problem = _first_bad_line(file, found.name)
    if problem is not None:
        hint = "" if declared else "; it mixes encodings, or name the right one with --encoding"
        msg = f"{name}: line {problem} is not {found.name} ({found.how}){hint}"
        raise InputError(msg)
    return found


def _first_guess(head: bytes, name: str, declared: str | None) -> Encoding:
    for mark, encoding in _MARKS:
        if head.startswith(mark) and (declared is None or _is_unicode(declared)):
            return Encoding(encoding, "mark")
    if declared is not None:
        return Encoding(_known(declared, name), "declared")
    if b"\x00" in head:
        return Encoding(_unmarked_utf16(head, name), "detected")
    return Encoding("utf-8", "ascii" if head.isascii() else "utf-8")


def _is_unicode(declared: str) -> bool:
    return declared.lower().replace("_", "-").startswith(("utf", "u8"))


def _known(declared: str, name: str) -> str:
    try:
        found = codecs.lookup(declared).name
        "".encode(found)
    except (LookupError, ValueError, UnicodeError):
        msg = f"{name}: {declared!r} is not an encoding; utf-8, gb18030, big5 and utf-16 are usual"
        raise InputError(msg) from None
    # every GBK and GB 2312 text is GB 18030 text
    return "gb18030" if found in ("gb2312", "gbk", "cp936", "hz") else found


def _unmarked_utf16(head: bytes, name: str) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.2 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.2 * half and odd < 0.02 * half:
        return "utf-16-be"
    line = head[: head.index(0)].count(b"\n") + 1
    msg = f"{name}: line {line} holds zero bytes, so it is not a text table (or it is damaged)"
    raise InputError(msg)


def _first_bad_line(file: BinaryIO, encoding: str) -> int | None:
    """Decode the whole file strictly; return the line of the first bad byte."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    file.seek(0)
    try:
        while True:
            block = file.read(_BLOCK)
            try:
                line += decoder.decode(block, final=not block).count("\n")
            except UnicodeDecodeError as error:
                return line + bytes(error.object[: error.start]).count(b"\n")
            if not block:
                return None
    finally:
        file.seek(0)


def _sample_around(file: BinaryIO) -> bytes:
    """Return up to a mebibyte that is rich in what is not ASCII, cut at line ends."""
    file.seek(0)
    kept: list[bytes] = []
    size = 0
    for line in file:
        if not line.isascii() or not kept:
            kept.append(line)
            size += len(line)
        if size > _SAMPLE:
            break
    file.seek(0)
    return b"".join(kept)


def common_share(text: str) -> float:
    """Return the share of non-ASCII characters that are common in tables of this field.

    Parameters
    ----------
    text
        Sample of the text, decoded under the encoding that is tried.

    Returns
    -------
    float
        0 to 1; 0 when all is ASCII.

    Examples
    --------
    >>> common_share("经度"), common_share("娴嬭瘯")
    (1.0, 0.0)
    """
    beyond = [sign for sign in text if sign > "\x7f"]
    return sum(sign in _COMMON for sign in beyond) / len(beyond) if beyond else 0.0


def _east_asian(sample: bytes, name: str, bad_line: int) -> Encoding:
    if _looks_utf8(sample):
        msg = (
            f"{name}: line {bad_line} is damaged: the file is UTF-8 but for some bytes; "
            "mend them, or name the encoding with --encoding"
        )
        raise InputError(msg)
    scores: dict[str, float] = {}
    for encoding in _CANDIDATES:
        try:
            scores[encoding] = common_share(sample.decode(encoding))
        except UnicodeDecodeError:
            continue
    best = max(scores, key=lambda one: scores[one], default=None)
    if best is not None and scores[best] >= 0.15:
        return Encoding(best, "detected")
    if "gb18030" in scores and _is_gb2312(sample):
        return Encoding("gb18030", "detected")  # too few signs for a guess by their frequency
    guess = from_bytes(sample).best()
    if guess is None or (best is not None and guess.encoding in _CANDIDATES):
        if best is None:
            msg = f"{name}: its encoding cannot be determined; name it with --encoding"
            raise InputError(msg)
        return Encoding(best, "detected")
    return Encoding(_known(guess.encoding, name), "detected")


def _is_gb2312(sample: bytes) -> bool:
    """Tell whether the bytes beyond ASCII are pairs of GB 2312, as no western text has them."""
    try:
        sample.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def _looks_utf8(sample: bytes) -> bool:
    """Tell whether nearly all that is not ASCII decodes as UTF-8."""
    text = sample.decode("utf-8", "replace")
    beyond = sum(sign > "\x7f" for sign in text)
    return beyond > 0 and text.count("\ufffd") < (1 - _NEARLY_UTF8) * beyond
