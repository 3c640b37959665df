"""Lists that come with the product: towns, kanji variants, names, codes; their credits are in tables/CREDITS.md."""
