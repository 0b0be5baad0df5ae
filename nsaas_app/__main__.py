"""`python -m nsaas_app`: the same as the command `nsaas`."""

from .cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
