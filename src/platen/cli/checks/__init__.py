"""What `platen doctor` looks at: one module a subject, each giving findings."""
