"""The benchmarks run; how fast is for the benchmarks to say."""
