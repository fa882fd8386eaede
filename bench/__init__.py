"""Speed, one script a figure. Each compares Heartwood with a baseline in the same run and prints the ratio."""
