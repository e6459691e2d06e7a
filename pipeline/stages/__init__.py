"""One module a stage, each a step from domain objects to domain objects."""
