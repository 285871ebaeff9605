"""Records management: what people may ask of the data that is held about them."""
