"""What is printed: cards, wristbands, check-in sheets, lists, receipts; all A4, all readable without this program."""
