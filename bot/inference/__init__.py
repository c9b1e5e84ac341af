"""The models: weights, encoder, writer, parser, and the worker process that hosts them."""

import os

# Standard error belongs to our own logs and progress; tqdm reads this when transformers first imports it.
os.environ.setdefault("TQDM_DISABLE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
