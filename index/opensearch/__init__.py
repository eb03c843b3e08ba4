"""The index on an OpenSearch cluster: built, searched and cleaned as the one in the folder is."""
