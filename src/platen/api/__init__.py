"""The REST API: resources over the same verbs as console, panel and command line, without rules of its own."""
