"""What the file says of the families' own files: the papers that are asked, the diets that are served."""
