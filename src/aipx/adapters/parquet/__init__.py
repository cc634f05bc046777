"""Recordings as Parquet files: typed columns, whole files only, one folder per kind and date."""
