"""What a bank answers to a file of collections (pain.002): which of them it rejects, and why.

The whole answer is read before anything is recorded: one mistake in it, and none of it counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.direct_debit.debit import DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.rejecting import Reject
from models.rules.files.mistakes import Mistake, WrongFile
from models.rules.states.debits import DebitState

LONGEST = 5 * 1024 * 1024  # bytes
REJECTED = "RJCT"
_SPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.\d\d")
_CODE = re.compile(r"[A-Z0-9]{4}")


class Flaw(StrEnum):
    XML = "xml"  # cannot be read at all
    ANSWER = "answer"  # another kind of file
    BATCH = "batch"  # about a file that this portal never made
    DEBIT = "debit"  # a collection that is not in that file
    CENTS = "cents"  # another sum than was asked for
    REASON = "reason"  # rejected without a code
    TWICE = "twice"
    UNSENT = "unsent"  # of a collection that never left
    LOT = "lot"  # a group is rejected without saying which collections


@dataclass(frozen=True, slots=True)
class Answer:
    batch: DebitBatch
    rejects: list[Reject]


async def read(content: bytes) -> Answer:
    """Raises WrongFile, with every mistake of the file."""
    report = _report(content)
    named = _first(report, "OrgnlGrpInfAndSts/OrgnlMsgId")
    batch = await DebitBatch.get_or_none(message=_text(named))
    if batch is None:
        raise WrongFile([Mistake(_line(named, report), Flaw.BATCH, _text(named))])
    debits = {debit.reference: debit for debit in await DirectDebit.filter(batch_id=batch.id)}
    rejects, mistakes = [], []
    for one in _read(report, debits):
        if isinstance(one, Mistake):
            mistakes.append(one)
        else:
            rejects.append(one)
    if mistakes:
        raise WrongFile(mistakes)
    return Answer(batch, rejects)


def _report(content: bytes) -> Any:
    """What is inside the envelope. No entity is opened, nothing is fetched."""
    from lxml import etree  # here: four megabytes that a web process seldom needs

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise WrongFile([Mistake(getattr(exc, "lineno", None) or 1, Flaw.XML)]) from None
    if root.getroottree().docinfo.doctype:
        raise WrongFile([Mistake(1, Flaw.XML)])
    for one in root.iter():
        if isinstance(one.tag, str) and _SPACE.fullmatch(etree.QName(one).namespace or ""):
            one.tag = etree.QName(one).localname
    report = root.find("CstmrPmtStsRpt")
    if root.tag != "Document" or report is None:
        raise WrongFile([Mistake(root.sourceline or 1, Flaw.ANSWER)])
    return report


def _read(report: Any, debits: dict[str, DirectDebit]) -> Iterator[Reject | Mistake]:
    seen: set[str] = set()
    lines = report.findall("OrgnlPmtInfAndSts/TxInfAndSts")
    for one in lines:
        if _text(_first(one, "TxSts")) == REJECTED:
            yield _one(one, debits, seen)
    whole = _first(report, "OrgnlGrpInfAndSts")
    if not lines and _text(_first(whole, "GrpSts")) == REJECTED:
        yield from _all(whole, debits)
    for group in report.findall("OrgnlPmtInfAndSts"):
        alone = group.find("TxInfAndSts") is None
        if alone and lines and _text(_first(group, "PmtInfSts")) == REJECTED:
            yield Mistake(group.sourceline, Flaw.LOT, _text(_first(group, "OrgnlPmtInfId")))


def _one(line: Any, debits: dict[str, DirectDebit], seen: set[str]) -> Reject | Mistake:
    reference, at = _text(_first(line, "OrgnlEndToEndId")), line.sourceline
    debit, reason = debits.get(reference), _text(_first(line, "StsRsnInf/Rsn/Cd"))
    if debit is None:
        return Mistake(at, Flaw.DEBIT, reference)
    if reference in seen:
        return Mistake(at, Flaw.TWICE, reference)
    seen.add(reference)
    sum = _first(line, "OrgnlTxRef/Amt/InstdAmt")
    if sum is not None and _text(sum) != _euros(debit.cents or 0):
        return Mistake(sum.sourceline, Flaw.CENTS, _text(sum))
    return _rejected(debit, reason, at)


def _all(whole: Any, debits: dict[str, DirectDebit]) -> Iterator[Reject | Mistake]:
    reason = _text(_first(whole, "StsRsnInf/Rsn/Cd"))
    for debit in debits.values():
        yield _rejected(debit, reason, whole.sourceline)


def _rejected(debit: DirectDebit, reason: str, line: int) -> Reject | Mistake:
    if not _CODE.fullmatch(reason):
        return Mistake(line, Flaw.REASON, reason)
    if debit.state == DebitState.PREPARED:
        return Mistake(line, Flaw.UNSENT, debit.reference)
    return Reject(debit.id, reason)


def _first(element: Any, path: str) -> Any:
    return None if element is None else element.find(path)


def _text(element: Any) -> str:
    return "" if element is None else (element.text or "").strip()


def _line(element: Any, otherwise: Any) -> int:
    return int(otherwise.sourceline if element is None else element.sourceline)


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
