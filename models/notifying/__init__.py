"""How families are told on the portal and on their devices: the bell, what each parent chose, browsers that ring."""
