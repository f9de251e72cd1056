"""``python -m inquiry_site.adapters.cli`` is the command ``inquiry``."""

from inquiry_site.adapters.cli import main

if __name__ == "__main__":
    main(prog_name="inquiry")
