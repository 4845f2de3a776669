"""Editors' markdown made plain: a small allowed subset, everything else as the text it is.

Streamlit gives meaning to more than markdown (`$latex$`, `:red[text]`, `:material/icon:`, `:smile:`, images that the
browser fetches). A price in dollars must stay a price, and a proposal must not load anything from elsewhere. So the
text is parsed, and written again with only what is allowed: paragraphs, small headings, emphasis, lists, quotes, rules
and links to http, https and mailto.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_PARSER = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False}).disable("table")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~&=^])")
_SHORTCODE = re.compile(r":(?=[\w+\-/]+:)")
_KEPT = 1_000
"""Texts whose outcome is remembered: a page draws the same ones at every step its reader takes."""
_WORD_JOINER = "\u2060"  # Invisible; parts the colon from the name, so that no icon or emoji is looked up.
_LINK = re.compile(r"(?i)^(https?://|mailto:)")
_WORD = re.compile(r"[^\W_]+(?:[’'\-.][^\W_]+)*")


@lru_cache(maxsize=_KEPT)
def plain_markdown(text: str) -> str:
    """Markdown that shows what the editor meant and nothing more; safe for st.markdown."""
    return _blocks(SyntaxTreeNode(_PARSER.parse(text)))


def plain_text(text: str) -> str:
    """One line of literal text, written as markdown."""
    return _literal(" ".join(text.split()))


@lru_cache(maxsize=_KEPT)
def words_in(markdown: str) -> int:
    """How many words a reader meets; link targets and markup do not count."""
    return len(_WORD.findall(_readable(SyntaxTreeNode(_PARSER.parse(markdown)))))


def _readable(node: SyntaxTreeNode) -> str:
    if not node.is_root and not node.children:
        return node.content or " "
    apart = " " if node.is_root or (node.block and node.type != "inline") else ""
    return apart.join(map(_readable, node.children))


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _SHORTCODE.sub(":" + _WORD_JOINER, text))


def _blocks(node: SyntaxTreeNode) -> str:
    apart = "\n" if _is_tight(node) else "\n\n"
    return apart.join(filter(None, map(_block, node.children)))


def _is_tight(node: SyntaxTreeNode) -> bool:
    kinds = [child.type for child in node.children]
    return node.type == "list_item" and kinds[:1] == ["paragraph"] and node.children[0].hidden and len(kinds) == 2


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph":
            return _line(node.children[0])
        case "heading":
            line = _line(node.children[0]).replace("\n", " ")
            return line and f"### {line}"
        case "bullet_list":
            return _list(node, ["- "] * len(node.children))
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            return _list(node, [f"{first + i}. " for i in range(len(node.children))])
        case "blockquote":
            return _indent(_blocks(node), "> ", "> ")
        case "hr":
            return "***"
        case _:
            return "\n\n".join(_literal(line.strip()) for line in node.content.splitlines() if line.strip())


def _list(node: SyntaxTreeNode, marks: list[str]) -> str:
    items = (_indent(_blocks(item), mark, " " * len(mark)) for item, mark in zip(node.children, marks, strict=True))
    return "\n".join(items)


def _indent(text: str, first: str, rest: str) -> str:
    return first + text.replace("\n", "\n" + rest)


def _line(node: SyntaxTreeNode) -> str:
    return "".join(_inline(child) for child in node.children).strip()


def _inline(node: SyntaxTreeNode) -> str:
    inside = "".join(_inline(child) for child in node.children)
    match node.type:
        case "text" | "code_inline":
            return _literal(node.content)
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\n"
        case "strong":
            return _around(inside, "**")
        case "em":
            return _around(inside, "*")
        case "link" if inside and _LINK.match(str(node.attrs["href"])):
            return f"[{inside}](<{_address(str(node.attrs['href']))}>)"
        case _:
            return inside


def _around(inside: str, mark: str) -> str:
    core = inside.strip()
    return inside.replace(core, mark + core + mark, 1) if core else inside


def _address(href: str) -> str:
    return href.replace("$", "%24").replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
