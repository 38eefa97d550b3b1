"""What every page is made of: templates, menu, static files, colours."""
