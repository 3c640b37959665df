"""Reception (受付): the one screen that must be faster than paper."""
