"""The second engine: the same index on a cluster of OpenSearch, for homes whose config.toml names one (extra [opensearch])."""
