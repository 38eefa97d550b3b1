"""The portal's pages. What stands in their addresses is short: a longer id or token is no page, not an error."""

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor


class Id(IntegerConvertor):
    regex = "[0-9]{1,9}"  # both databases keep them in 32 bits


class Token(StringConvertor):
    regex = "[^/]{1,64}"  # as the columns that hold them


register_url_convertor("int", Id())
register_url_convertor("str", Token())
