"""The shapes of countries that maps are drawn from, and the programme that derives them."""
