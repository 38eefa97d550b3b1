"""What a child's file holds beyond its name: health, whom to call, what the parents allow."""
