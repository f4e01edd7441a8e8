"""The release for catalogues of data: DCAT-AP 3 with HealthDCAT-AP as JSON-LD, and DataCite as JSON.

Addresses are relative to the file, so that they are right wherever the release is served.
"""

from datetime import datetime
from typing import Any

from ingestion.metadata.released import EUROSTAT, KEYWORDS, PUBLISHER, TITLE, Released

# https://semiceu.github.io/DCAT-AP/releases/3.0.0/ and https://healthdcat-ap.github.io/
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcatap": "http://data.europa.eu/r5r/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "spdx": "http://spdx.org/rdf/terms#",
    "prov": "http://www.w3.org/ns/prov#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority"
# The regulation on the European Health Data Space.
LEGISLATION = "http://data.europa.eu/eli/reg/2025/327/oj"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
# (path, title, media type, file type of the EU's authority list)
WHOLE = (
    ("warehouse.duckdb", "All tables as a DuckDB database", "application/vnd.duckdb", "BIN"),
    ("sdmx/estimates.csv", "Estimates as SDMX-CSV 2.0", "text/csv", "CSV"),
    ("sdmx/observations.csv", "Observations as SDMX-CSV 2.0", "text/csv", "CSV"),
)
DATACITE_SCHEMA = "http://datacite.org/schema/kernel-4"


def dcat(release: Released) -> dict[str, Any]:
    """Return the release as a dataset of a catalogue."""
    dataset = {
        "@id": "",
        "@type": "dcat:Dataset",
        "dct:identifier": f"pcm-observatory/{release.release_id}",
        "dct:title": _english(release.title),
        "dct:description": _english(release.description),
        "dcat:version": release.release_id,
        "dct:issued": _time(release),
        "dct:language": {"@id": f"{AUTHORITY}/language/ENG"},
        "dct:publisher": _publisher(),
        "dct:creator": {"@id": "#publisher"},
        **({"dcat:contactPoint": _contact(release)} if release.contact else {}),
        **({"dcat:landingPage": {"@id": release.address, "@type": "foaf:Document"}} if release.address else {}),
        "dcat:theme": {"@id": f"{AUTHORITY}/data-theme/HEAL"},
        "dcat:keyword": [_english(word) for word in KEYWORDS],
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dcatap:applicableLegislation": {"@id": LEGISLATION},
        "dct:spatial": [{"@id": f"{AUTHORITY}/country/{code}"} for code in _countries(release)],
        "dct:temporal": _temporal(release),
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "@id": "prov.json"},
        "healthdcatap:numberOfRecords": {
            "@type": "xsd:nonNegativeInteger",
            "@value": str(release.facts["observation_count"]),
        },
        "healthdcatap:populationCoverage": _english("People with cancer, at risk of it or screened for it."),
        "dcat:distribution": [*_distributions(release)],
    }
    return {"@context": CONTEXT, "@graph": [dataset]}


def _distributions(release: Released) -> list[dict[str, Any]]:
    kinds = (("csv", "text/csv", "CSV"), ("parquet", "application/vnd.apache.parquet", "PARQUET"))
    tables = [
        (f"{kind}/{table.name}.{kind}", f"{table.name} as {kind}", media_type, file_type)
        for table in release.exported
        for kind, media_type, file_type in kinds
    ]
    return [_distribution(release, *each) for each in (*WHOLE, *tables)]


def _distribution(release: Released, path: str, title: str, media_type: str, file_type: str) -> dict[str, Any]:
    size, digest = release.size_and_hash(release.folder / path)
    return {
        "@id": f"{path}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _english(title),
        "dcat:accessURL": {"@id": path},
        "dcat:downloadURL": {"@id": path},
        "dcat:mediaType": {"@id": f"{MEDIA_TYPES}/{media_type}"},
        "dct:license": {"@id": f"{AUTHORITY}/licence/{release.licence.authority}"},
        "dct:rights": {"@type": "dct:RightsStatement", "dct:description": _english(f"Sources: {EUROSTAT}.")},
        "dct:format": {"@id": f"{AUTHORITY}/file-type/{file_type}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": digest},
        },
        "dcatap:applicableLegislation": {"@id": LEGISLATION},
    }


def _publisher() -> dict[str, Any]:
    return {"@id": "#publisher", "@type": "foaf:Agent", "foaf:name": _english(PUBLISHER)}


def _contact(release: Released) -> dict[str, Any]:
    way = "vcard:hasEmail" if release.contact.startswith("mailto:") else "vcard:hasURL"
    return {"@type": "vcard:Organization", "vcard:fn": _english(PUBLISHER), way: {"@id": release.contact}}


def _temporal(release: Released) -> dict[str, Any]:
    [(first, last)] = release.ask("select min(period_start_on), max(period_end_on) from marts.dim_period")
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": {"@type": "xsd:date", "@value": first.isoformat()},
        "dcat:endDate": {"@type": "xsd:date", "@value": last.isoformat()},
    }


def _countries(release: Released) -> list[str]:
    found = release.ask("select iso3_code from marts.dim_country where is_in_roster order by iso3_code")
    return [code for (code,) in found]


def _time(release: Released) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": release.facts["published_at"]}


def _english(text: str) -> dict[str, str]:
    return {"@language": "en", "@value": text}


def datacite(release: Released) -> dict[str, Any]:
    """Return what a registration of a DOI needs; the DOI itself is given by who registers it."""
    published = datetime.fromisoformat(release.facts["published_at"])
    earlier = release.facts["previous_release_id"]
    publisher = {"name": PUBLISHER, "nameType": "Organizational"}
    return {
        "schemaVersion": DATACITE_SCHEMA,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Aggregated indicators"},
        "creators": [publisher],
        "titles": [{"title": release.title}],
        "publisher": {"name": PUBLISHER},
        "publicationYear": str(published.year),
        "version": release.release_id,
        "language": "en",
        **({"url": release.address} if release.address else {}),
        "rightsList": [
            {
                "rights": release.licence.title,
                "rightsUri": release.licence.address,
                "rightsIdentifier": release.licence.code,
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "dates": [{"date": published.date().isoformat(), "dateType": "Issued"}],
        "subjects": [{"subject": word} for word in KEYWORDS],
        "descriptions": [{"description": release.description, "descriptionType": "Abstract", "lang": "en"}],
        "alternateIdentifiers": [
            {"alternateIdentifier": release.facts["content_hash"], "alternateIdentifierType": "SHA-256 of the figures"}
        ],
        "formats": ["application/vnd.duckdb", "application/vnd.apache.parquet", "text/csv"],
        **({"relatedItems": [_new_version_of(earlier)]} if earlier else {}),
    }


def _new_version_of(release_id: str) -> dict[str, Any]:
    return {
        "relatedItemType": "Dataset",
        "relationType": "IsNewVersionOf",
        "titles": [{"title": f"{TITLE}, release {release_id}"}],
    }
