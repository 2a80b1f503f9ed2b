"""Who and what a PJL header names: the owner, the host, the title, the driver, the application, in vendors' spellings.

@PJL JOB NAME="report" DISPLAY="..."            @PJL COMMENT "Username: anna; ..."
@PJL SET USERNAME="anna"                        @PJL COMMENT OID_ATT_JOB_OWNER "anna";
@PJL SET JOBATTR="JobAcct1=anna"                @PJL LJOBINFO USERID="anna" HOSTID="PC17"
"""

from __future__ import annotations

import re
from typing import Literal

from platen.documents.draft import Draft

_Fact = Literal["user", "host", "title", "driver", "application"]

# How well a statement is to be believed; of like ones the first counts.
_SET, _ATTRIBUTE, _COMMENT, _WEAK = 4, 3, 2, 1

_NAMES: dict[str, tuple[_Fact, int]] = {
    "USERNAME": ("user", _SET),
    "JOBOWNER": ("user", _ATTRIBUTE),
    "OWNERNAME": ("user", _ATTRIBUTE),
    "OWNER": ("user", _ATTRIBUTE),
    "LOGINNAME": ("user", _ATTRIBUTE),
    "LOGINUSER": ("user", _ATTRIBUTE),
    "HOSTLOGINNAME": ("user", _ATTRIBUTE),
    "KMUSERNAME": ("user", _ATTRIBUTE),
    "DRIVERUSERNAME": ("user", _ATTRIBUTE),
    "USER": ("user", _ATTRIBUTE),
    "USERID": ("user", _COMMENT),
    "ACCOUNTLOGIN": ("user", _WEAK),
    "JOBACCT1": ("user", _ATTRIBUTE),
    "JOBACCT8": ("user", _COMMENT),
    "HOSTNAME": ("host", _SET),
    "HOST": ("host", _WEAK),
    "COMPUTERNAME": ("host", _SET),
    "MACHINENAME": ("host", _ATTRIBUTE),
    "CLIENTNAME": ("host", _ATTRIBUTE),
    "PCNAME": ("host", _ATTRIBUTE),
    "HOSTID": ("host", _ATTRIBUTE),
    "JOBACCT2": ("host", _ATTRIBUTE),
    "JOBNAME": ("title", _SET),
    "DOCNAME": ("title", _ATTRIBUTE),
    "DOCUMENTNAME": ("title", _ATTRIBUTE),
    "DOCU": ("title", _WEAK),
    "JOBTITLE": ("title", _ATTRIBUTE),
    "DRIVERNAME": ("driver", _SET),
    "PRINTERDRIVER": ("driver", _ATTRIBUTE),
    "APPNAME": ("application", _SET),
    "APPLICATIONNAME": ("application", _SET),
    "APPLICATION": ("application", _ATTRIBUTE),
    "JOBACCT6": ("application", _ATTRIBUTE),
    "JOBACCT7": ("application", _COMMENT),
}
_PAIR = re.compile(r'([A-Za-z][A-Za-z0-9_]{0,40})\s*=\s*(?:"([^"]*)"|([^\s"]+))')
_ATTRIBUTE_PAIR = re.compile(r"\s*([A-Za-z][A-Za-z0-9_ ]{0,40})\s*[=:]\s*(.*)", re.DOTALL)
_NUMBERED_JOB = re.compile(r"\d{1,9}/([^/]{1,255})/(.+)", re.DOTALL)  # job number, user, title: a filter of CUPS
_DRIVER = re.compile(r"Target (?:Printer|Device)\s*:\s*([^;]+)|^\s*(.*\bdriver\b.*)$", re.IGNORECASE)
_IN_COMMENT: tuple[tuple[re.Pattern[str], _Fact], ...] = (
    (re.compile(r"User ?name\s*:\s*([^;]+)", re.IGNORECASE), "user"),
    (re.compile(r'OID_ATT_JOB_OWNER\s+"([^"]+)"', re.IGNORECASE), "user"),
    (re.compile(r'OID_ATT_JOB_NAME\s+"([^"]+)"', re.IGNORECASE), "title"),
    (re.compile(r"(?:Computer|Host|Machine) ?name\s*:\s*([^;]+)", re.IGNORECASE), "host"),
    (re.compile(r"(?:Document|Job) ?name\s*:\s*([^;]+)", re.IGNORECASE), "title"),
    (re.compile(r"App(?:lication)? ?(?:Info|Name)\s*:\s*([^;]+)", re.IGNORECASE), "application"),
)
_NAME_LENGTH_MAX = 1024
# What drivers write who know no name.
_NO_NAME = re.compile(r"(?:(?:user|job)name )?unknown|<?(?:stdin|unknown)>?|\(stdin\)", re.IGNORECASE)


class PjlNames:
    """Keeps the best statement of each kind."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._ranks: dict[str, int] = {}

    def set(self, name: str, value: str) -> None:
        """SET name = value."""
        if name == "JOBATTR":
            if pair := _ATTRIBUTE_PAIR.fullmatch(value):
                self._say_named(pair[1], pair[2])
        else:
            self._say_named(name, value)

    def job(self, arguments: str) -> None:
        """JOB NAME="..." DISPLAY="..."."""
        for pair in _PAIR.finditer(arguments):
            value = pair[2] if pair[2] is not None else pair[3]
            if pair[1].upper() == "NAME":
                if numbered := _NUMBERED_JOB.fullmatch(value):
                    self._say("user", numbered[1], _COMMENT)
                    value = numbered[2]
                self._say("title", value, _ATTRIBUTE)
            elif pair[1].upper() == "DISPLAY":
                self._say("title", value, _WEAK)
            else:
                self._say_named(pair[1], value)

    def other(self, arguments: str) -> None:
        """A command of a vendor's own, with pairs of names and values, or with DATA="name=value"."""
        for pair in _PAIR.finditer(arguments):
            value = pair[2] if pair[2] is not None else pair[3]
            if pair[1].upper() == "DATA":
                self.set("JOBATTR", value)
            else:
                self._say_named(pair[1], value)

    def comment(self, text: str) -> None:
        """COMMENT."""
        if found := _DRIVER.search(text):
            self._say("driver", found[1] or found[2], _COMMENT)
        for pattern, fact in _IN_COMMENT:
            if named := pattern.search(text):
                self._say(fact, named[1], _COMMENT)

    def _say_named(self, name: str, value: str) -> None:
        if known := _NAMES.get(name.upper().replace(" ", "").replace("_", "")):
            self._say(known[0], value, known[1])

    def _say(self, fact: _Fact, value: str, rank: int) -> None:
        value = "".join(part for part in value if part.isprintable())[:_NAME_LENGTH_MAX].strip().strip('"').strip()
        if value and not _NO_NAME.fullmatch(value) and rank > self._ranks.get(fact, 0):
            self._ranks[fact] = rank
            setattr(self._draft, fact, value)
