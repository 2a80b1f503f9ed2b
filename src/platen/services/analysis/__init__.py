"""Document analysis in bounded subprocesses: a hostile file costs its own analysis and nothing else.

`pool.AnalysisPool` is what the node uses; `worker` is the program that runs in each subprocess.
"""
