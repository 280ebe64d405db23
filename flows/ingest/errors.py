"""The one exception that leaves ingest: where, what, what is allowed, what to do next; never a cell's value."""


class IngestError(Exception):
    """A file that cannot be loaded, told to a clerk.

    Attributes:
        code: stable short code, ``E01`` to ``E99``; the command prints it beside the message.
        message: Chinese text without cell values and without folders; file names in it are masked.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
