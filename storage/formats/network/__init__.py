"""Networks of actors and claims, counted over the documents and written for programs that draw and measure them.

`statements` reads who says what about whom, `build` counts it into a graph, `graphml` and `gexf` write that.
"""
