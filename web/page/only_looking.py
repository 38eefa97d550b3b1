"""A family's page as somebody of the mairie sees it: what would be refused is drawn, and does nothing."""

import re

BACK = "/mairie/familles/vue/fin"  # the one form that is theirs
WHY = "Vous regardez comme cette famille\u00a0: seule elle peut le faire."
_FORM = re.compile(r"<form\b(?P<said>[^>]*)>.*?</form>", re.DOTALL)
_CONTROL = re.compile(
    r'<(button|select|textarea|input(?![^>]*type="hidden"))(?![^>]* disabled)(?=[\s>])([^>]*)>'
)
_FAR = re.compile(r'<(?:button|select|textarea|input)\b[^>]*\bform="(?P<form>[^"]+)"[^>]*>')
_ID = re.compile(r'\bid="([^"]+)"')


def without_forms(page: str) -> str:
    """The page with the controls of its forms that write, each disabled with the reason; searches and filters stay."""
    refused: set[str] = set()

    def still(found: re.Match[str]) -> str:
        said = found["said"]
        if 'method="post"' not in said or f'action="{BACK}"' in said:
            return found[0]
        refused.update(_ID.findall(said))
        return _CONTROL.sub(_disabled, found[0])

    page = _FORM.sub(still, page)
    return _FAR.sub(lambda far: _CONTROL.sub(_disabled, far[0]) if far["form"] in refused else far[0], page)


def _disabled(control: re.Match[str]) -> str:
    name, said = control.groups()
    title = "" if " title=" in said else f' title="{WHY}"'
    return f"<{name} disabled{title}{said}>"
