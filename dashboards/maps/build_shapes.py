"""Derive `europe.json` from the npm package `world-atlas` (`countries-50m.json`: Natural Earth 1:50 million, TopoJSON).

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python -m dashboards.maps.build_shapes package/countries-50m.json

Two corrections: the part of Cyprus that Natural Earth draws by itself is joined to Cyprus, and all that is no country
of our catalogue becomes one land without borders. Lines are made simpler arc by arc, so neighbours keep one border.
"""

import argparse
import itertools
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dashboards.maps import SHAPES_FILE
from ingestion.catalogue import rows

Place = tuple[float, float]
Ring = list[Place]

# The view in metres of EPSG:3035 (west, south, east, north): from Iceland to Cyprus, from Malta to the North Cape.
VIEW = (2_580_000.0, 1_360_000.0, 6_640_000.0, 5_420_000.0)
REGION_CODE_LENGTH = 4  # of NUTS 2
WIDTH = 1000  # of the drawing; whole numbers of this width are exact to four kilometres
TOLERANCE = 0.7  # of Douglas and Peucker, in the same unit
SMALLEST_PART = 2.0  # square units: smaller islands cannot be seen, unless they are all there is of a country
# Where land is looked for, in degrees (west, south, east, north); far places would only be clipped again.
NEIGHBOURHOOD = (-45.0, 15.0, 80.0, 84.0)
JOINED = {"N. Cyprus": "Cyprus"}  # neighbours: the border between them goes
PARTS = {"Åland": "Finland"}  # islands that the package lists by themselves

# GRS 80 and the origin of EPSG:3035, https://epsg.io/3035
EARTH_AXIS, EARTH_FLATTENING = 6_378_137.0, 1 / 298.257222101
ORIGIN_LATITUDE, ORIGIN_LONGITUDE = math.radians(52), math.radians(10)
FALSE_EASTING, FALSE_NORTHING = 4_321_000.0, 3_210_000.0
ECCENTRICITY = math.sqrt(EARTH_FLATTENING * (2 - EARTH_FLATTENING))


def project(longitude: float, latitude: float) -> Place:
    """Return (easting, northing) in metres of ETRS89-LAEA, EPSG:3035; degrees in.

    Lambert's azimuthal equal-area projection of the ellipsoid: IOGP Geomatics Guidance Note 7-2, section 3.4.2,
    https://www.iogp.org/bookstore/product/coordinate-conversions-and-transformation-including-formulas/
    """
    pole = _authalic(math.pi / 2)
    beta, origin = (math.asin(_authalic(angle) / pole) for angle in (math.radians(latitude), ORIGIN_LATITUDE))
    turn = math.radians(longitude) - ORIGIN_LONGITUDE
    radius = EARTH_AXIS * math.sqrt(pole / 2)
    shrink = EARTH_AXIS * math.cos(ORIGIN_LATITUDE)
    shrink /= math.sqrt(1 - (ECCENTRICITY * math.sin(ORIGIN_LATITUDE)) ** 2) * radius * math.cos(origin)
    cosine = math.sin(origin) * math.sin(beta) + math.cos(origin) * math.cos(beta) * math.cos(turn)
    stretch = radius * math.sqrt(2 / (1 + cosine))
    north = math.cos(origin) * math.sin(beta) - math.sin(origin) * math.cos(beta) * math.cos(turn)
    return (
        FALSE_EASTING + stretch * shrink * math.cos(beta) * math.sin(turn),
        FALSE_NORTHING + stretch / shrink * north,
    )


def _authalic(latitude: float) -> float:
    sine = math.sin(latitude)
    turned = ECCENTRICITY * sine
    return (1 - ECCENTRICITY**2) * (sine / (1 - turned**2) - math.log((1 - turned) / (1 + turned)) / (2 * ECCENTRICITY))


def build(topology: dict[str, Any]) -> dict[str, Any]:
    """Return the shapes: the size of the drawing, the land of others, and of each country its path and its box."""
    arcs = [_simpler([_placed(*project(*point)) for point in arc]) for arc in _degrees(topology)]
    inside = [_is_near(arc) for arc in _degrees(topology)]
    geometries = topology["objects"]["countries"]["geometries"]
    polygons = {each["properties"]["name"]: _polygons(each) for each in geometries}
    for part, whole in JOINED.items():
        polygons[whole] = [_merged(polygons[whole][0], polygons.pop(part)[0])]
    for part, whole in PARTS.items():
        polygons[whole] += polygons.pop(part)
    names = {int(each["id"]): each["properties"]["name"] for each in geometries if "id" in each}
    ours = {row["country_code"]: names[_number_of(row)] for row in rows("countries")}
    land = [
        ring
        for name, parts in polygons.items()
        if name not in ours.values()
        for part in parts
        if any(inside[_index(arc)] for arc in part[0])
        for ring in _clipped(_ring(part[0], arcs))
    ]
    countries = {code: _country(polygons[name], arcs) for code, name in sorted(ours.items())}
    return {"width": WIDTH, "height": _height(), "land": _path(land), "countries": countries}


def _number_of(row: dict[str, str]) -> int:
    return ISO_NUMBERS[row["iso2_code"]]


# ISO 3166-1 numbers, by which the package names countries, https://www.iso.org/obp/ui/#search
ISO_NUMBERS = dict(
    AT=40, BA=70, BE=56, BG=100, CH=756, CY=196, CZ=203, DE=276, DK=208, EE=233, ES=724, FI=246, FR=250, GB=826, GR=300,
    HR=191, HU=348, IE=372, IS=352, IT=380, LI=438, LT=440, LU=442, LV=428, MD=498, MT=470, NL=528, NO=578, PL=616,
    PT=620, RO=642, SE=752, SI=705, SK=703, UA=804,
)  # fmt: skip


def _degrees(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs in degrees: TopoJSON keeps whole numbers and differences."""
    (scale_x, scale_y), (move_x, move_y) = (topology["transform"][name] for name in ("scale", "translate"))
    arcs = []
    for coded in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in coded:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(arc)
    return arcs


def _is_near(arc: Ring) -> bool:
    west, south, east, north = NEIGHBOURHOOD
    return any(west <= x <= east and south <= y <= north for x, y in arc)


def _placed(easting: float, northing: float) -> Place:
    west, _, east, north = VIEW
    scale = WIDTH / (east - west)
    return (easting - west) * scale, (north - northing) * scale


def _height() -> int:
    west, south, east, north = VIEW
    return round(WIDTH * (north - south) / (east - west))


def _simpler(line: Ring) -> Ring:
    """Return the line with fewer points (Douglas and Peucker); its ends stay, so that neighbours still meet."""
    if len(line) < 3:
        return line
    first, last = line[0], line[-1]
    if first == last:  # a closed arc has no direction: cut it where it is widest
        far = max(range(len(line)), key=lambda place: math.dist(first, line[place]))
        return _simpler(line[: far + 1])[:-1] + _simpler(line[far:])
    distances = [_distance(point, first, last) for point in line[1:-1]]
    widest = max(range(len(distances)), key=distances.__getitem__) + 1
    if distances[widest - 1] <= TOLERANCE:
        return [first, last]
    return _simpler(line[: widest + 1])[:-1] + _simpler(line[widest:])


def _distance(point: Place, first: Place, last: Place) -> float:
    (x, y), (x1, y1), (x2, y2) = point, first, last
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / math.dist(first, last)


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    found = geometry["arcs"]
    return [found] if geometry["type"] == "Polygon" else list(found)


def _merged(first: list[list[int]], second: list[list[int]]) -> list[list[int]]:
    """Return two neighbouring polygons as one: the border that both have, once in each direction, is left out."""
    both = [*first[0], *second[0]]
    outer = [arc for arc in both if ~arc not in both]
    return [outer, *first[1:], *second[1:]]


def _index(arc: int) -> int:
    return ~arc if arc < 0 else arc


def _ring(indices: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """Return the closed line that arcs make, one after the other; a negative index is an arc read backwards."""
    lines = [arcs[_index(each)][:: -1 if each < 0 else 1] for each in indices]
    ring = list(lines.pop(0))
    while lines:  # merged rings hold their arcs in no order
        place = next(number for number, line in enumerate(lines) if math.dist(line[0], ring[-1]) < 1e-6)
        ring.extend(lines.pop(place)[1:])
    return ring


def _clipped(ring: Ring) -> list[Ring]:
    """Return what of a ring lies in the drawing (Sutherland and Hodgman)."""
    edge = 8.0
    for axis, limit, sign in ((0, -edge, 1), (0, WIDTH + edge, -1), (1, -edge, 1), (1, _height() + edge, -1)):
        ring = _cut(ring, axis, limit, sign)
    return [ring] if len(ring) > 2 and _area(ring) > SMALLEST_PART else []


def _cut(ring: Ring, axis: int, limit: float, sign: int) -> Ring:
    kept: Ring = []
    for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        is_in, was_in = ((each[axis] - limit) * sign >= 0 for each in (point, before))
        if is_in != was_in:
            share = (limit - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if is_in:
            kept.append(point)
    return kept


def _country(polygons: list[list[list[int]]], arcs: Sequence[Ring]) -> dict[str, Any]:
    """Return the path and the box of a country: the parts that lie in the view (islands far away are not drawn)."""
    parts = [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]
    return _shape([part for part in parts if _is_inside(part[0])])


def _shape(seen: list[list[Ring]]) -> dict[str, Any]:
    largest = max(seen, key=lambda part: _area(part[0]))
    kept = [part for part in seen if part is largest or _area(part[0]) >= SMALLEST_PART]
    rings = [ring for part in kept for ring in part]
    xs, ys = ([point[axis] for ring in rings for point in ring] for axis in (0, 1))
    box = [round(limit) for limit in (min(xs), min(ys), max(xs), max(ys))]
    return {"path": _path(rings), "box": box, "area": round(sum(_area(part[0]) for part in kept))}


def _area(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _path(rings: Iterable[Ring]) -> str:
    return "".join(_closed(ring) for ring in rings)


def _closed(ring: Ring) -> str:
    """Return a ring as an SVG path of whole numbers: a start, and differences."""
    points = [(round(x), round(y)) for x, y in ring]
    if points[0] == points[-1]:
        points.pop()
    kept = [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]
    if len(kept) < 3:  # a point of a country is a country, too
        x, y = kept[0]
        kept = [(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in itertools.pairwise(kept)]
    return f"M{kept[0][0]} {kept[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


def build_regions(collection: dict[str, Any]) -> dict[str, Any]:
    """Return the shapes of regions from GeoJSON in degrees whose features have a `NUTS_ID`; level 2 only."""
    regions = {}
    for feature in collection["features"]:
        code, geometry = feature["properties"]["NUTS_ID"], feature["geometry"]
        parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        placed = [[[_placed(*project(*point[:2])) for point in ring] for ring in part] for part in parts]
        if len(code) == REGION_CODE_LENGTH and (seen := [part for part in placed if _is_inside(part[0])]):
            regions[code] = _shape([[_simpler(ring) for ring in part] for part in seen])
    return {"width": WIDTH, "height": _height(), "countries": dict(sorted(regions.items()))}


def _is_inside(ring: Ring) -> bool:
    return all(0 <= x <= WIDTH and 0 <= y <= _height() for x, y in ring)


def main() -> None:
    """Read the file that is named, write the shapes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="countries-50m.json of the npm package world-atlas")
    parser.add_argument("--regions", action="store_true", help="the source is GeoJSON of NUTS 2 regions")
    parser.add_argument("--target", type=Path, default=SHAPES_FILE)
    asked = parser.parse_args()
    source = json.loads(asked.source.read_text(encoding="utf-8"))
    shapes = build_regions(source) if asked.regions else build(source)
    asked.target.write_text(json.dumps(shapes, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
