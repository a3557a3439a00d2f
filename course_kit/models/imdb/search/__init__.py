"""A search for the recipe with the largest F1 on validation: many trials, one study, as many workers as there are."""
