"""The fields of a form as a browser would send them, with what is chosen in each."""

from html.parser import HTMLParser

from tests.integration.web.pressing import Shown


class _Filling(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._action, self._inside, self._select, self._area = action, False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("action") == self._action
        if not self._inside:
            return
        if tag == "select":
            self._select = said["name"]
            self.fields[self._select] = ""
        elif tag == "option" and self._select and "selected" in said:
            self.fields[self._select] = said["value"]
        elif tag == "textarea":
            self._area = said["name"]
            self.fields[self._area] = ""
        elif tag == "input" and "name" in said and (said.get("type") != "checkbox" or "checked" in said):
            self.fields[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            self.fields[self._area] += data


def fields_of(page: Shown, action: str) -> dict[str, str]:
    """What the last form of a page with this address would send, but for its buttons."""
    filling = _Filling(action)
    filling.feed(page.html)
    return {name: value.strip() for name, value in filling.fields.items()}
