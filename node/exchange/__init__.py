"""Files in: rosters, shelter lists, headcounts. Each row is taken, mended or refused, and it is said which."""
