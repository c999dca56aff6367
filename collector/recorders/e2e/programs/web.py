"""A web application for gunicorn."""

import fleet


def app(environ, start):
    fleet.job(0)
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
