"""Menus of the canteen: dishes with what they contain, and the file in which communes publish them."""
