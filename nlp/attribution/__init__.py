"""Who says what: claims with their cues and sources, found by rules on the parse and on quotation marks.

`find_attributions` is the way in. The words are data (`nlp/data/cues.toml`), the modules here only know
grammar: `quotes` pairs quotation marks, `cues` finds cue words with their argument patterns, `arguments`
cuts content and source out of the parse, `engine` puts them together.
"""

from nlp.attribution.engine import find_attributions
from nlp.attribution.records import QUOTATION, Attribution

__all__ = ["QUOTATION", "Attribution", "find_attributions"]
