"""XPS and OpenXPS (ECMA-388): packages of fixed pages."""
