"""Turn decided documents into training data for spaCy: stretches, tokens, files, configuration, report.

`nlp.docbin` is the way in. What no analyst declared complete must never teach a model that nothing is there:
that thought runs through all modules here.
"""
