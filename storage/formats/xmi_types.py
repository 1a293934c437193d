"""The type system of Sayso's XMI files: which layers there are and which features they have."""

from __future__ import annotations

from collections.abc import Iterable

from storage.formats.uima import LINK, LINK_FEATURES, SOURCE, SPAN, SPAN_FEATURES, TARGET, field_feature
from storage.formats.xml_file import escaped

DOCUMENT = "custom.Document"
REVIEWED = "custom.Reviewed"
STRETCH = "custom.Stretch"
#: Where INCEpTION and DKPro keep a document's title and language.
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"

_TEXT = "uima.cas.String"
_SUPERTYPES = {METADATA: "uima.tcas.DocumentAnnotation"}
_MEANINGS = {
    SPAN: "A stretch of text that names an actor, says a claim or signals who says it.",
    LINK: "Who says a claim, about whom, by which words.",
    DOCUMENT: "What is known of the document.",
    REVIEWED: "Nothing else is to be found here.",
    STRETCH: "A page, or a part that is left out of the work.",
    METADATA: "",
}


def type_system(fields: Iterable[str]) -> str:
    """Return the type system as XML, with a feature for each field."""
    plain = {
        SPAN: [(name, "", _TEXT) for name in SPAN_FEATURES],
        LINK: [(name, "", _TEXT) for name in LINK_FEATURES],
        DOCUMENT: [(name, "", _TEXT) for name in ("title", "source", "date", "language", "encoding", "meta", "unfit")],
        REVIEWED: [],
        STRETCH: [(name, "", _TEXT) for name in ("kind", "value")],
        METADATA: [(name, "", _TEXT) for name in ("documentTitle", "documentId")],
    }
    plain[SPAN] += [(field_feature(name), name, _TEXT) for name in fields]
    plain[LINK] += [(SOURCE, "The span it leads from.", SPAN), (TARGET, "The span it leads to.", SPAN)]
    types = "".join(_type(layer, features) for layer, features in plain.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n'
        f"<types>\n{types}</types>\n</typeSystemDescription>\n"
    )


def _type(layer: str, features: Iterable[tuple[str, str, str]]) -> str:
    return (
        f"<typeDescription><name>{layer}</name><description>{escaped(_MEANINGS[layer])}</description>"
        f"<supertypeName>{_SUPERTYPES.get(layer, 'uima.tcas.Annotation')}</supertypeName>\n"
        f"<features>\n{''.join(_feature(*feature) for feature in features)}</features></typeDescription>\n"
    )


def _feature(name: str, description: str, values: str) -> str:
    return (
        f"<featureDescription><name>{name}</name><description>{escaped(description)}</description>"
        f"<rangeTypeName>{values}</rangeTypeName></featureDescription>\n"
    )
