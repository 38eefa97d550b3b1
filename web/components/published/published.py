"""What everybody may read, signed in or not: news, documents, menus, prices, legal pages."""

from web.components.published import documents, legal, menus, news, prices

routes = [*news.routes, *documents.routes, *menus.routes, *prices.routes, *legal.routes]
