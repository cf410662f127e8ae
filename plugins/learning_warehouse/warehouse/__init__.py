"""What differs between warehouse engines outside SQL: copying marts aside, hashing rows, exporting files.

`duckdb.py` is the engine of the default; another engine is one more module with the functions of `base.Warehouse`.
"""
