"""Speaking to the servers that may keep record and archive: PostgreSQL and S3. Their libraries are loaded here alone, and late."""
