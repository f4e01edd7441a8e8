"""The statistics of the warehouse, in the same SQL, for an analyst's own figures."""
