"""The server of these tests sends to a push service on loopback."""

from tests.support.push_fixtures import app, push_service, running_push_service, signed_in

__all__ = ["app", "push_service", "running_push_service", "signed_in"]
