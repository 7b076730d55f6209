"""A module that one program imports."""


def describe(count):
    return f"own library says {count}"
