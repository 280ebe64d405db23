"""The store of what people write: requests, the server that executes them, the files of watched folders."""
