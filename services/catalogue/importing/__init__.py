"""Real records of the national portal and of provinces become drafts that editors finish. docs/rules/importing.md."""
