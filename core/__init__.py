"""The vocabulary every room shares: models, contracts, configuration, errors."""
