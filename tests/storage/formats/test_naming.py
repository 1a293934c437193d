"""Names of files that exports make."""

from storage.formats.naming import FileNames


def test_names_are_numbered_short_and_harmless():
    names = FileNames()
    assert [names.of(title) for title in ("Straits", "Straits", "../../etc/passwd", " ", "a\n:*?.", "東" * 90)] == [
        "00001 Straits",
        "00002 Straits",
        "00003 .. .. etc passwd",
        "00004",
        "00005 a",
        "00006 " + "東" * 26,
    ]
