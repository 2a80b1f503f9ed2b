"""Pictures that are sent to be printed as they are."""
