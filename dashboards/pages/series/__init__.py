"""The charts of one series, each with its title, its table and its data: pages choose among them."""
