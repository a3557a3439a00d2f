"""Read an HTML page strictly, with the standard library: what a test asks of a report."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "link", "br", "hr", "img", "input", "rect", "line"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None"
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, tag: str = "", **wanted: str) -> list["Element"]:
        """Elements below this one, in the order of the page; ``class_="a"`` asks for the class a."""
        found = []
        for child in self.children:
            fits = not tag or child.tag == tag
            for name, value in wanted.items():
                have = (child.attributes.get(name.rstrip("_")) or "").split()
                fits = fits and value in have
            found += [child] if fits else []
            found += child.all(tag, **wanted)
        return found

    def one(self, tag: str = "", **wanted: str) -> "Element":
        (found,) = self.all(tag, **wanted)
        return found

    @property
    def words(self) -> str:
        """The text with its white space made single."""
        return " ".join(self.text.split())


class Strict(HTMLParser):
    """Builds the tree, and fails where an element is not closed in its turn."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self.here = self.root
        self.feed(page)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is never closed"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID, f"<{tag}/> does not close itself in HTML"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data):
        element = self.here
        while element:
            element.text += data
            element = element.parent


def read(page: str) -> Element:
    """The page as a tree."""
    assert page.startswith("<!DOCTYPE html>")
    return Strict(page).root


def shape(element: Element) -> list:
    """Tags and names of attributes, without any text or value: what a submission must not be able to change."""
    return [(child.tag, sorted(child.attributes), shape(child)) for child in element.children]


def source_hash(text: str) -> str:
    """A content security policy's name for an inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def faults(page: str) -> list[str]:
    """What keeps a page from being self-contained, closed against scripts, and usable with a screen reader."""
    root = read(page)
    everything = root.all()
    ids = [e.attributes["id"] for e in everything if "id" in e.attributes]
    found = [f"id {id} twice" for id in set(ids) if ids.count(id) > 1]
    for e in everything:
        for name, value in e.attributes.items():
            if name.startswith("on") or name in ("style", "src", "srcset", "action", "formaction"):
                found.append(f"<{e.tag} {name}>")
            if name in ("aria-labelledby", "aria-describedby"):
                found += [f"{name} {id} leads nowhere" for id in value.split() if id not in ids]
            if name == "href" and not re.fullmatch(r"#[a-z-]+|feedback/[a-z0-9._-]+\.html", value):
                found.append(f"href {value}")
            if name == "href" and value.startswith("#") and value[1:] not in ids:
                found.append(f"href {value} leads nowhere")
    found += [f"<{e.tag}>" for e in everything if e.tag in ("iframe", "object", "embed", "form", "base", "link", "img")]
    style = root.one("style").text
    found += [word for word in ("url(", "@import", "//") if word in style.lower()]
    found += [
        word for word in ("fetch(", "innerHTML", "eval(", "http") if any(word in s.text for s in root.all("script"))
    ]
    found += _unnamed(root)
    levels = [int(e.tag[1]) for e in everything if re.fullmatch("h[1-6]", e.tag)]
    if levels[:1] != [1] or levels.count(1) != 1 or any(b > a + 1 for a, b in pairwise(levels)):
        found.append(f"headings {levels}")
    return found + [f"{len(root.all(tag))} <{tag}>" for tag in ("header", "main", "footer") if len(root.all(tag)) != 1]


def _unnamed(root: Element) -> list[str]:
    """Elements that a screen reader could not announce."""
    found = [] if root.all("html", lang="en") and root.one("head").one("title").words else ["no language or no title"]
    for table in root.all("table"):
        found += [] if table.children[0].tag == "caption" and table.children[0].words else ["table without caption"]
        found += [f"th without scope: {th.words}" for th in table.all("th") if "scope" not in th.attributes]
        found += ["row without heading" for row in table.all("tr") if not row.all("th")]
    for e in root.all():
        named = {"aria-label", "aria-labelledby"} & set(e.attributes)
        scrolls = e.attributes.get("tabindex") == "0"
        if (scrolls or e.tag == "nav" or e.attributes.get("role") in ("img", "region")) and not named:
            found.append(f"<{e.tag}> without a name")
        if e.tag == "svg" and e.attributes.get("aria-hidden") != "true" and e.attributes.get("role") != "img":
            found.append("svg neither named nor hidden")
        if e.tag in ("a", "summary", "button", "h1", "h2", "h3") and not e.words:
            found.append(f"<{e.tag}> without words")
    return found
