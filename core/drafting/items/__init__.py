"""Questions made from the author's own sentences, one form of question a file; `ItemWriter` chooses among them."""

from .writing import ItemWriter as ItemWriter
