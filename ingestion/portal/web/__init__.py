"""What every request passes and every page is made with: the guard, forms, templates, limits for slow lines."""
