"""The search index of the warehouse: each new or changed text is read once, chunk by chunk, so that memory stays flat."""

from hotline12345.models.search.pairs import Entries, packaged_tokenizer, recipe
from hotline12345.sql import search_index
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

CHUNK = 20_000  # texts cut into entries at a time


def notice_recipe(connection: Connection, storage: Storage) -> None:
    """Forget an index that was made another way or lost a file, and the files that no snapshot lists."""
    search_index.use_recipe(connection, storage, recipe(packaged_tokenizer().lexicon))
    search_index.sweep_search(connection, storage)


def index_texts(connection: Connection, storage: Storage) -> int:
    """Index the texts of touched orders that are not yet in the index; returns how many. Cost: linear in the characters."""
    search_index.use_recipe(connection, storage, recipe(packaged_tokenizer().lexicon))
    entries, done = Entries(packaged_tokenizer()), 0
    making = search_index.FileInMaking(connection)
    for chunk in search_index.unindexed_texts(connection, storage, CHUNK):
        others = (chunk["body"].fill_null("") + " " + chunk["result_text"].fill_null("")).alias("others")
        making.add(chunk["text_hash"], entries.of(chunk["title"], others))
        done += chunk.height
        if making.texts >= search_index.FILE_TEXTS:
            making.write(storage)
    if making.texts:
        making.write(storage)
    search_index.put_together(connection, storage)
    return done
