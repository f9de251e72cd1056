"""``python -m inquiry_site.adapters.commands`` is the command ``inquiry``."""

from inquiry_site.adapters.commands import main

if __name__ == "__main__":
    main(prog_name="inquiry")
