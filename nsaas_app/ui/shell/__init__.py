"""The frame around every page: navigation, header, banners, announcers."""

__all__: list[str] = []
