"""`python -m kcreate.cli`, for machines where the script is not on the path."""

from . import main

main()
