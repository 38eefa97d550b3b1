"""The families' files (dossiers): found, read whole, made, changed; children in their classes and activities."""
