from hotline12345.dashboard.views.scope import Scope


def render(scope: Scope) -> None:
    pass
