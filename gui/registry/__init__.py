"""The registry at work: what joins its panel to the project, and what its keys do. May import all of `gui`."""
