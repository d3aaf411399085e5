"""How the shipped model was made and measured."""
