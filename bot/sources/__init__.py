"""Text comes in: Parliament's services, news feeds and files given by hand, each as `Document`s.

http.py is the one door to the web. Everything else here turns bytes into `bot.domain` nouns, and can be used on bytes
that came some other way.
"""
