"""What people talk about, found without a list of topics: from vectors and words to named topics that stay."""
