"""Colours and shapes. No meaning rests on a colour alone: shapes, patterns, positions and words carry it too."""

INK = "#1F2933"
SOFT = "#52606D"
NAVY = "#1D4273"
BROWN = "#8A2B06"
GREY = "#6B7280"
PALE = "#E3E8EE"
MIDDLE_GREY = "#B9C4D0"
GRID = "#DDE2E8"
WHITE = "#FFFFFF"
LAND = "#E4E7EB"
SEA = "#F7F9FB"

RAMP = ("#E8F1C9", "#A9D3A0", "#5FAE9B", "#2F7D94", "#1D4273")  # five classes; dark is better
NEUTRAL_RAMP = ("#F1F1F1", "#D2D2D2", "#ABABAB", "#767676", "#404040")  # where neither end is better

# Colours of groups, from the most disadvantaged to the least where the dimension is ordered.
GROUP_COLOURS = {
    1: (NAVY,),
    2: (BROWN, NAVY),
    3: (BROWN, "#8C8C8C", NAVY),
    4: (BROWN, "#D08A4E", "#5C97B8", NAVY),
    5: (BROWN, "#D08A4E", "#8C8C8C", "#5C97B8", NAVY),
}
SHAPES = {
    "up": "M0,-5.5 L5,4 L-5,4 Z",
    "down": "M0,5.5 L5,-4 L-5,-4 Z",
    "square": "M-4,-4 H4 V4 H-4 Z",
    "diamond": "M0,-5.5 L5.5,0 L0,5.5 L-5.5,0 Z",
    "circle": "M-4.5,0 A4.5,4.5 0 1 1 4.5,0 A4.5,4.5 0 1 1 -4.5,0 Z",
    "dot": "M-2.5,0 A2.5,2.5 0 1 1 2.5,0 A2.5,2.5 0 1 1 -2.5,0 Z",
}
GROUP_SHAPES = {
    1: ("circle",),
    2: ("up", "circle"),
    3: ("up", "square", "circle"),
    4: ("up", "diamond", "square", "circle"),
    5: ("up", "diamond", "square", "down", "circle"),
}
MANY_MARK = ("dot", NAVY)  # more than five groups: no mark of their own
STANDING_MARKS = {
    "better": ("up", NAVY),
    "worse": ("down", BROWN),
    "similar": ("circle", GREY),
    "": ("circle", GREY),
}
CHANGE_MARKS = {"improving": NAVY, "worsening": BROWN, "no_clear_change": GREY, "not_assessed": GREY}


def group_marks(count: int) -> list[tuple[str, str]]:
    """Return (shape, colour) for each of `count` groups; beyond five groups all look alike."""
    if count > max(GROUP_SHAPES):
        return [MANY_MARK] * count
    return list(zip(GROUP_SHAPES.get(count, ()), GROUP_COLOURS.get(count, ()), strict=True))


def ink_on(fill: str) -> str:
    """Return the colour of text on a filled place: dark on light, white on dark."""
    red, green, blue = (int(fill[start : start + 2], 16) for start in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 135 else WHITE
