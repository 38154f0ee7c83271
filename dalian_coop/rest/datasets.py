"""The catalogue: what is offered, in the terms of DCAT-AP and of the core metadata of GB/T 21063.3.

Every list endpoint says what it is (``dataset = Dataset(…)``); everything else here follows from the routes, so that
the catalogue cannot name what does not exist, or forget what does.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dalian_coop.rest.exported import resources
from dalian_coop.rest.routing import paths, router

# Sharing attribute of the Regulation on Sharing of Government Data (State Council, in force since 2025-08-01).
UNCONDITIONAL, CONDITIONAL, NOT_SHARED = "unconditional", "conditional", "not_shared"
SHARING = {
    UNCONDITIONAL: pgettext_lazy("sharing", "Shared without conditions"),
    CONDITIONAL: pgettext_lazy("sharing", "Shared under conditions"),
    NOT_SHARED: pgettext_lazy("sharing", "Not shared"),
}
CONTINUAL, IRREGULAR = "UPDATE_CONT", "IRREG"  # of the EU's vocabulary of frequencies, which DCAT-AP uses
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_FORMATS = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "adms": "http://www.w3.org/ns/adms#",
    "gbt": "urn:gbt:21063.3-2007:",
    "share": "urn:cn:government-data-sharing:",
}
_LANGUAGES = {"zh-hans": "zh", "en": "en", "ja": "ja", "ko": "ko"}


@dataclass(frozen=True)
class Dataset:
    """What a resource is. ``summary``, ``theme`` and ``condition`` are lazy texts.

    ``condition`` is the condition of sharing, or the ground for not sharing.
    """

    summary: Any
    theme: Any
    sharing: str = CONDITIONAL
    condition: Any = ""
    update: str = CONTINUAL


def catalog(base: str, publisher: dict[str, str]) -> dict[str, Any]:
    """The catalogue as JSON-LD. ``base`` is the address of the interface, ``publisher`` its office: name and code."""
    found = _changed_at()
    agent = {"@type": "foaf:Agent", "@id": f"{base}bureaus/{publisher['code']}/", "foaf:name": publisher["name"]}
    return {
        "@context": CONTEXT,
        "@id": f"{base}catalog/",
        "@type": "dcat:Catalog",
        "dct:title": _texts(_("Dalian Japan–Korea Cooperation Portal")),
        "dct:description": _texts(_("Data of the portal for systems of other bureaus.")),
        "dct:publisher": agent,
        "dct:language": list(_LANGUAGES.values()),
        "dct:conformsTo": "http://data.europa.eu/r5r/",
        "dcat:dataset": [
            _dataset(base, name, viewset, agent, found.get(viewset.model._meta.label_lower))
            for name, viewset, _basename in router.registry
            if hasattr(viewset, "dataset")
        ],
        "dcat:service": [_service(base, name) for name in _services()],
    }


def _place() -> dict[str, Any]:
    code, title = settings.PORTAL_REGION
    return {"@type": "dct:Location", "dct:identifier": code, "dct:title": [{"@language": "zh", "@value": title}]}


def _services() -> list[str]:
    """What is no list of records: the feed, files, the catalogue itself, who one is."""
    names = [name for name, viewset, _basename in router.registry if not hasattr(viewset, "dataset")]
    return [*names, *dict.fromkeys(str(found.pattern).partition("/")[0] for found in paths)]


def _service(base: str, name: str) -> dict[str, Any]:
    return {
        "@id": f"{base}{name}/",
        "@type": "dcat:DataService",
        "dct:title": name,
        "dcat:endpointURL": f"{base}{name}/",
        "dcat:endpointDescription": f"{base}schema/",
    }


def _dataset(base: str, name: str, viewset: type, agent: dict, modified: str | None) -> dict[str, Any]:
    said: Dataset = viewset.dataset
    address = f"{base}{name}/"
    title = viewset.model._meta.verbose_name_plural
    entry = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": name,
        "dct:title": _texts(title),
        "dct:description": _texts(said.summary),
        "dct:publisher": agent,
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": agent["foaf:name"]},
        "dcat:keyword": _texts(said.theme),
        "dcat:theme": _texts(said.theme),
        "dct:spatial": _place(),
        "dct:accrualPeriodicity": {"@id": _FREQUENCY + said.update},
        "dct:accessRights": _texts(SHARING[said.sharing]),
        "share:attribute": said.sharing,
        "share:condition": _texts(said.condition) if said.condition else None,
        "dcat:distribution": _distributions(base, name),
        "gbt:metadata": _core_metadata(name, address, title, said, agent["foaf:name"], modified),
    }
    if modified:
        entry["dct:modified"] = {"@type": "xsd:dateTime", "@value": modified}
    return entry


def _distributions(base: str, name: str) -> list[dict[str, Any]]:
    """The list; for what is copied also the files and the feed."""
    schema = f"{base}schema/"
    found = [_distribution(f"{base}{name}/", "application/json", schema)]
    if name in resources():
        found += [_distribution(f"{base}export/{name}.{kind}", media, schema) for kind, media in _FORMATS.items()]
        found.append(_distribution(f"{base}changes/?resource={name}", "application/json", schema))
    return found


def _distribution(address: str, media_type: str, schema: str) -> dict[str, Any]:
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dcat:accessURL": address,
        "dcat:mediaType": media_type,
        "dct:conformsTo": schema,
    }


def _core_metadata(name: str, address: str, title, said: Dataset, office: str, modified: str | None) -> dict[str, Any]:
    """Core metadata of GB/T 21063.3-2007 under the names of the standard: six that are needed, five that may be."""
    with translation.override("zh-hans"):
        return {
            "信息资源名称": str(title),
            "信息资源摘要": str(said.summary),
            "信息资源提供方": office,
            "信息资源分类": str(said.theme),
            "信息资源标识符": name,
            "元数据标识符": f"metadata-{name}",
            "关键字说明": [str(said.theme)],
            "信息资源发布日期": (modified or "")[:10] or None,
            "在线资源链接地址": address,
            "元数据维护方": office,
            "元数据更新日期": (modified or "")[:10] or None,
            "共享类型": str(SHARING[said.sharing]),
            "共享条件": str(said.condition) or None,
        }


def _texts(text: Any) -> list[dict[str, str]]:
    """A lazy text in every language in which it says something of its own."""
    found = []
    for language, tag in _LANGUAGES.items():
        with translation.override(language):
            found.append({"@language": tag, "@value": str(text)})
    chinese_and_english = {value["@value"] for value in found[:2]}
    return found[:2] + [value for value in found[2:] if value["@value"] not in chinese_and_english]


def _changed_at() -> dict[str, str]:
    """Label of a model → time of its last numbered change: one walk of an index each."""
    labels = [viewset.model._meta.label_lower for _n, viewset, _b in router.registry if hasattr(viewset, "dataset")]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT label, (SELECT at FROM change_log WHERE resource = label AND seq IS NOT NULL
                           ORDER BY seq DESC LIMIT 1)
            FROM unnest(%s::text[]) AS label
            """,
            [labels],
        )
        return {label: at.isoformat() for label, at in cursor.fetchall() if at}
