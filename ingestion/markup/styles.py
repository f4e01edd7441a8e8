"""The style sheet of a workbook: new styles are added at the end of its lists, the old ones keep their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingestion.markup.package import WORKBOOK, XML, Package
from ingestion.markup.tones import LIGHT_FILLS, STRONG_FILLS
from ingestion.markup.xml_bytes import Element, prefixed, replaced, root_of, with_attributes

STYLES = "xl/styles.xml"  # some programs look for it nowhere else
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
USUAL = {
    "fonts": ['<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'],
    # Every style sheet begins with these two fills, whatever it says.
    "fills": ['<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>'],
    "borders": ["<border><left/><right/><top/><bottom/><diagonal/></border>"],
    "cellStyleXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
    "cellXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'],
    "cellStyles": ['<cellStyle name="Normal" xfId="0" builtinId="0"/>'],
}
# CT_Stylesheet of ECMA-376 part 1.
ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
# Colours of a font that are white or nearly so in every usual theme, and in the palette of old.
LIGHT_THEMES = ("0", "2")
LIGHT_INDEXES = ("1", "9")
MIDDLE_LUMINANCE = 0.45


@dataclass
class Styles:
    """The styles of a workbook, those that were added included; `save` writes them back."""

    package: Package
    part: str
    new: dict[str, list[str]] = field(default_factory=dict)
    marked: dict[tuple[int, str], int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the lists of the style sheet."""
        root = root_of(self.package.read(self.part))
        lists = {child.local_name: list(child.children()) for child in root.children() if child.local_name in ORDER}
        self.prefix = root.prefix.decode()
        self.formats: list[Element] = lists.get("cellXfs", [])
        self.fonts: list[Element] = lists.get("fonts", [])
        self.counts = {name: len(found) for name, found in lists.items()}

    def add(self, name: str, xml: str) -> int:
        """Add an entry to a list such as `fills`, written without a prefix; return its number."""
        return self._put(name, prefixed(xml, self.prefix))

    def _put(self, name: str, xml: str) -> int:
        # Entry 0 is what all cells have that say nothing: an empty list begins with the usual one.
        usual = [] if self.counts.get(name) else [prefixed(entry, self.prefix) for entry in USUAL[name]]
        known = self.new.setdefault(name, usual)
        if xml not in known:
            known.append(xml)
        return self.counts.get(name, 0) + known.index(xml)

    def add_fill(self, colour: str) -> int:
        """Add a plain fill and return its number."""
        foreground = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
        return self.add("fills", f'<fill><patternFill patternType="solid">{foreground}</patternFill></fill>')

    def marked_like(self, style: int, severity: str) -> int:
        """Return the style that differs from another in its fill alone, which shows how severe the mark is."""
        key = (style, severity)
        if key not in self.marked:
            tones = STRONG_FILLS if self._has_light_font(style) else LIGHT_FILLS
            fill = {"fillId": str(self.add_fill(tones[severity])), "applyFill": "1"}
            self.marked[key] = self._put("cellXfs", self._format(style, fill))
        return self.marked[key]

    def save(self) -> None:
        """Write the new entries at the end of their lists."""
        for name in ORDER:
            if name in self.new:
                self._extend(name, "".join(self.new[name]))

    def _extend(self, name: str, entries: str) -> None:
        root = root_of(self.package.read(self.part))
        new = entries.encode()
        count = str(self.counts.get(name, 0) + len(self.new[name]))
        found = root.child(name)
        if found is not None:
            element = found.with_inside(found.inside + new, tag=with_attributes(found.tag, {"count": count}))
            self.package.write(self.part, replaced(found, element))
        else:
            whole = f'<{self.prefix}{name} count="{count}">'.encode() + new + f"</{self.prefix}{name}>".encode()
            self.package.write(self.part, _in_order(root, name, whole))

    def _format(self, style: int, values: dict[str, str]) -> str:
        if style >= len(self.formats):
            return f'<{self.prefix}xf numFmtId="0" fontId="0" fillId="{values["fillId"]}" borderId="0" applyFill="1"/>'
        found = self.formats[style]
        return found.with_tag(with_attributes(found.tag, values)).decode()

    def _has_light_font(self, style: int) -> bool:
        if style >= len(self.formats):
            return False
        number = int(self.formats[style].attributes.get("fontId", 0))
        colour = self.fonts[number].child("color") if number < len(self.fonts) else None
        return colour is not None and _is_light(colour.attributes)


def styles_of(package: Package) -> Styles:
    """Return the styles of a workbook; one that has none gets the usual start of a style sheet."""
    found = package.related(WORKBOOK, "styles")
    if found is not None and found.part in package:
        return Styles(package, found.part)
    if STYLES not in package:
        package.add(STYLES, XML + style_sheet(package.main).encode(), STYLES_TYPE)
    package.relate(WORKBOOK, "styles", STYLES)
    return Styles(package, STYLES)


def _in_order(root: Element, name: str, new: bytes) -> bytes:
    """Return the style sheet with a list that it did not have, behind those that come before it."""
    earlier = ORDER[: ORDER.index(name)]
    before = [child.end for child in root.children() if child.local_name in earlier]
    place = max(before, default=root.inner_start)
    inside = root.xml[root.inner_start : place] + new + root.xml[place : root.inner_end]
    return replaced(root, root.with_inside(inside))


def style_sheet(main: str, *, fonts: Sequence[str] = (), formats: Sequence[str] = ()) -> str:
    """Return a style sheet with the usual beginning, and more fonts and formats behind it."""
    more = {"fonts": fonts, "cellXfs": formats}
    lists = {name: [*entries, *more.get(name, ())] for name, entries in USUAL.items()}
    written = "".join(f'<{name} count="{len(found)}">{"".join(found)}</{name}>' for name, found in lists.items())
    return f'<styleSheet xmlns="{main}">{written}</styleSheet>'


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as 9C2B22: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    shares = [int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_light(colour: dict[str, str]) -> bool:
    if "rgb" in colour:
        return luminance(colour["rgb"][-6:]) > MIDDLE_LUMINANCE
    return colour.get("theme") in LIGHT_THEMES or colour.get("indexed") in LIGHT_INDEXES
