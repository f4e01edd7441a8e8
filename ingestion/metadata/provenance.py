"""Where a release comes from, as PROV-JSON: submissions (ids only), build, gate, publication.

https://www.w3.org/submissions/prov-json/
"""

from typing import Any

from ingestion.metadata.released import PUBLISHER, Released

NAMESPACE = "urn:pcm-observatory:"


def provenance(release: Released) -> dict[str, Any]:
    """Return the PROV document of a release."""
    release_id, build_id = f"pcm:release/{release.release_id}", f"pcm:build/{release.facts['build_id']}"
    building, judging = f"{build_id}/making", f"{build_id}/gate"
    publishing, gate = f"{release_id}/publishing", f"{build_id}/gate-result"
    submissions = [f"pcm:submission/{name}" for name in _submissions(release)]
    entities = {release_id: _label(release.title), build_id: _label("Build"), gate: _label("Result of the gate")}
    used = [(building, each) for each in submissions] + [
        (judging, build_id),
        (publishing, build_id),
        (publishing, gate),
    ]
    made = [(build_id, building), (gate, judging), (release_id, publishing)]
    earlier = release.facts["previous_release_id"]
    document: dict[str, Any] = {
        "prefix": {"pcm": NAMESPACE},
        "entity": entities | {each: _label("Submission") for each in submissions},
        "activity": {building: _label("build"), judging: _label("gate"), publishing: _published(release)},
        "agent": {"pcm:observatory": _label(PUBLISHER)},
        "used": _numbered("u", [{"prov:activity": a, "prov:entity": e} for a, e in used]),
        "wasGeneratedBy": _numbered("g", [{"prov:entity": e, "prov:activity": a} for e, a in made]),
        "wasAssociatedWith": _numbered("a", [{"prov:activity": a, "prov:agent": "pcm:observatory"} for _, a in made]),
    }
    if earlier:
        document["entity"][f"pcm:release/{earlier}"] = _label(f"Release {earlier}")
        revision = {"prov:generatedEntity": release_id, "prov:usedEntity": f"pcm:release/{earlier}"}
        document["wasDerivedFrom"] = {
            "_:d1": revision | {"prov:type": {"$": "prov:Revision", "type": "prov:QUALIFIED_NAME"}}
        }
    return document


def _submissions(release: Released) -> list[str]:
    """Return the submissions of which something stands in the release."""
    found = release.ask("select submission_id from marts.dim_submission where is_in_force order by submission_id")
    return [name for (name,) in found]


def _published(release: Released) -> dict[str, Any]:
    return _label("publish") | {"prov:endTime": release.facts["published_at"]}


def _label(text: str) -> dict[str, Any]:
    return {"prov:label": text}


def _numbered(letter: str, relations: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {f"_:{letter}{number}": relation for number, relation in enumerate(relations, start=1)}
