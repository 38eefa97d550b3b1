"""What everybody may read: news, documents to download, menus."""
