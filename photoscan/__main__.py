"""`python -m photoscan`."""

from photoscan.cli import main

if __name__ == "__main__":
    main()
