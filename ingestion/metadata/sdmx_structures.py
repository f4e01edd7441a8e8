"""SDMX-ML 3.0: code lists, concepts, data structures and dataflows. https://github.com/sdmx-twg/sdmx-ml"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from ingestion.metadata.released import Released
from ingestion.metadata.sdmx import AGENCY, CONCEPTS, VERSION, Component, Flow, codes_of, flows

NAMESPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
URN = "urn:sdmx:org.sdmx.infomodel"
ROLES = {
    "dimension": ("DimensionList", "Dimension"),
    "time": ("DimensionList", "TimeDimension"),
    "attribute": ("AttributeList", "Attribute"),
    "measure": ("MeasureList", "Measure"),
}
PREFIXES = {"mes": "message", "str": "structure", "com": "common"}


def sdmx_structures(release: Released) -> bytes:
    """Return the SDMX-ML structure message of a release."""
    for prefix, name in PREFIXES.items():
        register_namespace(prefix, f"{NAMESPACE}/{name}")
    message = Element(_name("mes:Structure"))
    header = _add(message, "mes:Header")
    _add(header, "mes:ID", text=f"PCM-{release.release_id.replace('.', '-')}")
    _add(header, "mes:Test", text="false")
    _add(header, "mes:Prepared", text=release.facts["published_at"])
    _add(header, "mes:Sender", id=AGENCY)
    structures = _add(message, "mes:Structures")
    components = {component.name: component for flow in flows() for component in flow.components}.values()
    _add_code_lists(structures, [component for component in components if component.code_list])
    _add_concepts(structures, components)
    _add_flows(structures)
    _add_data_structures(structures)
    indent(message, " ")
    return bytes(tostring(message, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_code_lists(structures: Element, components: Iterable[Component]) -> None:
    parent = _add(structures, "str:Codelists")
    for component in components:
        code_list = _maintained(parent, "Codelist", component.list_id, component.description.rstrip("."))
        for code, label in codes_of(component):
            _named(code_list, "Code", code, label)


def _add_concepts(structures: Element, components: Iterable[Component]) -> None:
    scheme = _maintained(_add(structures, "str:ConceptSchemes"), "ConceptScheme", CONCEPTS, "Concepts")
    for component in components:
        _named(scheme, "Concept", component.name, component.description)


def _add_flows(structures: Element) -> None:
    parent = _add(structures, "str:Dataflows")
    for flow in flows():
        dataflow = _maintained(parent, "Dataflow", flow.name, flow.title)
        _add(dataflow, "str:Structure", text=f"{URN}.datastructure.DataStructure={flow.structure_id}")


def _add_data_structures(structures: Element) -> None:
    parent = _add(structures, "str:DataStructures")
    for flow in flows():
        _add_components(_maintained(parent, "DataStructure", flow.name, flow.title), flow)


def _add_components(structure: Element, flow: Flow) -> None:
    parent = _add(structure, "str:DataStructureComponents")
    lists = {name: _add(parent, f"str:{name}") for name in ("DimensionList", "AttributeList", "MeasureList")}
    for position, component in enumerate(flow.components, start=1):
        list_name, tag = ROLES[component.role]
        more = {"position": str(position)} if component.role == "dimension" else {}
        more |= {"usage": "optional"} if component.role == "attribute" else {}
        _add_component(_add(lists[list_name], f"str:{tag}", id=component.name, **more), component)


def _add_component(element: Element, component: Component) -> None:
    concept = f"{URN}.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{component.name}"
    _add(element, "str:ConceptIdentity", text=concept)
    representation = _add(element, "str:LocalRepresentation")
    if component.code_list:
        urn = f"{URN}.codelist.Codelist={AGENCY}:{component.list_id}({VERSION})"
        _add(representation, "str:Enumeration", text=urn)
    else:
        _add(representation, "str:TextFormat", textType=component.text_type)
    if component.role == "attribute":
        _add(_add(element, "str:AttributeRelationship"), "str:Observation")


def _maintained(parent: Element, tag: str, name: str, title: str) -> Element:
    return _named(parent, tag, name, title, agencyID=AGENCY, version=VERSION)


def _named(parent: Element, tag: str, name: str, title: str, **attributes: str) -> Element:
    element = _add(parent, f"str:{tag}", id=name, **attributes)
    label = _add(element, "com:Name", text=title)
    label.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    return element


def _add(parent: Element, tag: str, *, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, _name(tag), attributes)
    element.text = text
    return element


def _name(tag: str) -> str:
    prefix, name = tag.split(":")
    return f"{{{NAMESPACE}/{PREFIXES[prefix]}}}{name}"
