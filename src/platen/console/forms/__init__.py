"""Forms of the console: what was typed, as values. Rules are the verbs' own."""
