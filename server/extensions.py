"""The Flask extensions, made once and bound to the application in `create_app`. The database is in `database.py`."""

from functools import cache
from json import JSONDecodeError
from typing import Any

import marshmallow as ma
from flask import Request
from flask_limiter import Limit, Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user
from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from server.errors import BadRequest, from_http_exception
from server.schemas import ProblemSchema


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest with our problem documents instead of its own error shape."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        """Describe error answers as `application/problem+json`, other answers as JSON."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def handle_http_exception(self, error: HTTPException) -> Response:
        return from_http_exception(error)


class Parser(FlaskParser):
    """webargs, with one schema for all requests rather than one each, and without the one way in which JSON could
    still end as a 500: a number of thousands of digits."""

    def _get_schema(self, argmap: Any, req: Request) -> ma.Schema:
        return _schema(argmap)

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except (JSONDecodeError, UnicodeDecodeError):
            raise
        except ValueError as error:
            raise BadRequest("The JSON holds a number that is too long to be read.") from error


@cache
def _schema(argmap: type[ma.Schema] | ma.Schema) -> ma.Schema:
    return argmap if isinstance(argmap, ma.Schema) else argmap()


Blueprint.ARGUMENTS_PARSER = Parser()
login_manager = LoginManager()


def caller() -> str:
    """Who is counted where a route says nothing else: the account that calls, else the address."""
    return f"account:{current_user.id}" if current_user.is_authenticated else get_remote_address()


#: For each route that has no limit of its own: far over what an app does, far under what hurts.
EVERY_ROUTE = Limit("600 per minute", key_function=caller)
limiter = Limiter(get_remote_address, default_limits=[EVERY_ROUTE])
api = ProblemApi()
