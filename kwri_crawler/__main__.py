"""`python -m kwri_crawler` is `kwri`."""

from kwri_crawler.cli import main

if __name__ == "__main__":
    main()
