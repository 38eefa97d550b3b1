"""The account of a till at its bank, as the file of PORTAIL_BANKS describes it: which keys, of which form."""

import re
from collections.abc import Mapping

from models.banks import Bank, Make
from models.banks.paybox import Paybox
from models.banks.payfip import PayFiP
from models.banks.payzen import PayZen, SystemPay
from models.settings import WrongSetting, is_loopback

TEST, PRODUCTION, ACTIVATION = "test", "production", "activation"
MODE = f"{TEST}|{PRODUCTION}", f"« {TEST} » or « {PRODUCTION} »"
SHOP = {
    "mode": MODE,
    "site": ("[0-9]{8}", "8 digits"),
    "key": ("[A-Za-z0-9+/=_-]{16,}", "the HMAC-SHA-256 key of that mode"),
    "password": (r"\S{16,}", "the password of the REST API, of that mode"),
}
KEYS: dict[str, dict[str, tuple[str, str]]] = {  # by provider: a pattern, and how it is told
    "payfip": {
        "mode": (f"{TEST}|{ACTIVATION}|{PRODUCTION}", f"« {TEST} », « {ACTIVATION} » or « {PRODUCTION} »"),
        "numcli": ("[0-9]{6}", "6 digits"),
    },
    "paybox": {
        "mode": MODE,
        "site": ("[0-9]{7}", "7 digits"),
        "rank": ("[0-9]{2,3}", "2 or 3 digits"),
        "identifier": ("[0-9]{1,9}", "up to 9 digits"),
        "key": ("([0-9A-Fa-f]{2}){32,}", "the HMAC key, in hexadecimal"),
        "password": (r"\S{8,}", "the key of Paybox Direct (CLE)"),
    },
    "payzen": SHOP,
    "systempay": SHOP,
}
# A bank on this very machine, to try the portal without one: never in production.
ELSEWHERE = {"page": "where customers pay", "service": "the bank's server"}
OPTIONAL = {"paybox": {"public_key": "the key that signs its notifications"}}
PLATFORM = "paybox|up2pay", "« paybox » or « up2pay »"
MAKERS: dict[str, Make] = {"payfip": PayFiP, "paybox": Paybox, "payzen": PayZen, "systempay": SystemPay}


def opened(provider: str, till: str, said: Mapping[str, str] | None, *, demo: bool) -> Bank:
    """The bank of a till. Raises WrongSetting: a sentence that names the key, and never its value."""
    if provider not in KEYS:
        raise WrongSetting(
            f"The till « {till} » names the provider « {provider} », which is none of {', '.join(KEYS)}."
        )
    if said is None:
        raise WrongSetting(
            f"The till « {till} » takes cards through {provider}, and PORTAIL_BANKS does not describe its account."
        )
    wanted, more = dict(KEYS[provider]), {**ELSEWHERE, **OPTIONAL.get(provider, {})}
    if provider == "paybox" and "platform" in said:
        wanted["platform"] = PLATFORM
    for key in said:
        if key not in (*wanted, *more):
            raise _wrong(till, key, f"is unknown; {provider} has {', '.join(wanted)}")
    for key, (pattern, told) in wanted.items():
        if not re.fullmatch(pattern, said.get(key, ""), re.ASCII):
            raise _wrong(till, key, f"is expected: {told}")
    for key, told in more.items():
        if key in said and said["mode"] != TEST:
            raise _wrong(till, key, f"({told}) is only for the mode « {TEST} »")
        if key in said and key in ELSEWHERE and not is_loopback(said[key]):
            raise _wrong(till, key, f"({told}) may only be on this very machine")
    if demo and said["mode"] == PRODUCTION:
        raise _wrong(till, "mode", f"cannot be « {PRODUCTION} » with --demo, which plays with money")
    return MAKERS[provider](till, said)


def _wrong(till: str, key: str, why: str) -> WrongSetting:
    return WrongSetting(f"PORTAIL_BANKS, till « {till} »: « {key} » {why}.")
