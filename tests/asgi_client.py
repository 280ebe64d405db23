"""Starlette's test client, imported without its advice to move to a client library that nothing else here needs."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["TestClient"]
