"""What rings on a parent's devices: encrypted for one browser, handed to its service."""
