"""Pure parsers, one a format: a page in, items and the pages behind it out. Nothing here touches the network."""
