"""The formats that Sayso reads and writes, what each can hold, and where its code is.

The dialogs, the commands and the loss reports derive from this table. A format's module is imported when it is
first used; a format without one (`spacy`) is read and written elsewhere and only declared here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from storage.formats.interface import EVERYTHING, Capabilities, Format, FormatOption, Group

#: How much of a file a recogniser sees.
HEAD_BYTES = 64 * 1024

#: A network counts confirmed claims; the text itself is not in it.
_NETWORK = Capabilities(overlap=True, fragments=True, links=True, fields=True, actors=True, metadata=True)
#: Tables hold every span, but neither the texts nor what is known of their parts; links stand in the rows of claims.
_TABLES = replace(EVERYTHING, reviewed=False, stretches=False)
_NETWORK_OPTIONS = (
    FormatOption(
        "network",
        "Network",
        ("actor-claim", "actor-actor", "agreement"),
        "who claims what; who speaks of whom; or who claims alike (congruence less conflict)",
    ),
    FormatOption(
        "claims-by",
        "Claims are",
        ("label", "concept"),
        "their label, or what the first free-text field of claims says",
    ),
    FormatOption("slices", "Time", ("none", "year", "quarter", "month"), "one edge for each slice of time"),
)

#: Where several formats share an extension, those that recognise their files are asked first, in this order; the first
#: of the others takes what none of them claims.
FORMATS = (
    Format(
        name="text",
        title="Plain text and Markdown",
        extensions=(".txt", ".md", ".markdown", ".text"),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.plain",
        remark="The head of a Markdown file (front matter) gives title, date, source and language, and is excluded.",
    ),
    Format(
        name="html",
        title="Web pages (HTML)",
        extensions=(".html", ".htm", ".xhtml"),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.html",
        remark="The main text, title, date, source and language; navigation, adverts and notes on cookies stay out.",
    ),
    Format(
        name="pdf",
        title="PDF documents",
        extensions=(".pdf",),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.pdf",
        remark="Text in the order of reading with page numbers; running heads and feet come in excluded, scanned pages "
        "are reported.",
    ),
    Format(
        name="docx",
        title="Word documents (DOCX)",
        extensions=(".docx", ".docm", ".dotx"),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.docx",
        remark="Paragraphs, tables, boxes, footnotes; comments, hidden and deleted text, headers and footers stay out.",
    ),
    Format(
        name="odt",
        title="OpenDocument texts (ODT)",
        extensions=(".odt", ".ott"),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.odt",
        remark="Paragraphs, tables, frames, footnotes; comments, deleted text, headers and footers stay out.",
    ),
    Format(
        name="rtf",
        title="Rich Text (RTF)",
        extensions=(".rtf",),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.rtf",
        remark="Paragraphs, tables, text boxes, footnotes; hidden and deleted text, headers and footers stay out.",
    ),
    Format(
        name="epub",
        title="Books (EPUB)",
        extensions=(".epub",),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.epub",
        remark="All chapters in the order of reading as one document; books protected by DRM are refused.",
    ),
    Format(
        name="eml",
        title="Mails (EML)",
        extensions=(".eml",),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.eml",
        remark="The message with subject, sender and day; attachments are named, not read.",
    ),
    Format(
        name="table",
        title="Tables of documents (CSV, TSV, XLSX, Parquet), one a row",
        extensions=(".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet", ".pq"),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        takes_columns=True,
        module="storage.formats.tabular",
        remark="You say which columns are text, title, date, source and language, the others are kept as metadata; "
        "of a workbook the first sheet is read, and those with the same head.",
    ),
    Format(
        name="zip",
        title="ZIP archives of documents",
        extensions=(".zip",),
        can_read=True,
        can_write=False,
        group=Group.DOCUMENTS,
        module="storage.formats.archive",
        remark="Each file in it comes in or is left out by name; an archive within the archive is read as well.",
    ),
    Format(
        name="jsonl",
        title="JSON Lines (everything, one document a line)",
        extensions=(".jsonl", ".ndjson"),
        can_read=True,
        can_write=True,
        group=Group.EVERYTHING,
        holds=EVERYTHING,
        tells_kinds=True,
        module="storage.formats.jsonl",
        remark="In a new project documents, codebook and registry are as they were; the change log is not in it.",
        options=(
            FormatOption(
                "project",
                "Codebook, registry",
                ("with", "without"),
                "codebook and registry on the first line, or nothing but documents, for other programs",
            ),
        ),
    ),
    Format(
        name="prodigy",
        title="Prodigy (JSON Lines)",
        extensions=(".jsonl", ".ndjson"),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(overlap=True, fragments=True, links=True, negatives=True, unreviewed=True, metadata=True),
        is_recognised=True,
        module="storage.formats.prodigy",
        remark="Rejections are tasks of their own, undecided suggestions a task with the answer “ignore”.",
    ),
    Format(
        name="label-studio",
        title="Label Studio (JSON)",
        extensions=(".json",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(
            overlap=True,
            fragments=True,
            links=True,
            fields=True,
            unreviewed=True,
            actors=True,
            notes=True,
            metadata=True,
        ),
        is_recognised=True,
        module="storage.formats.label_studio",
        remark="The labelling interface that shows the tasks is written beside them (.config.xml).",
    ),
    Format(
        name="doccano",
        title="doccano (JSON Lines)",
        extensions=(".jsonl", ".ndjson", ".json"),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(overlap=True, fragments=True, links=True, metadata=True),
        is_recognised=True,
        module="storage.formats.doccano",
        remark="Offsets count UTF-16 units, as doccano does.",
        options=(
            FormatOption("shape", "Spans as", ("relations", "labels"), "for a project with relations, or without them"),
        ),
    ),
    Format(
        name="hf-tokens",
        title="Hugging Face token classification (JSON Lines)",
        extensions=(".jsonl", ".ndjson"),
        can_read=True,
        can_write=True,
        group=Group.TRAINING,
        is_recognised=True,
        module="storage.formats.hf_tokens",
        remark="Tokens and BIO tags, with the text and the places of the tokens.",
        options=(
            FormatOption(
                "rows", "A row for each", ("documents", "lines"), "documents come back whole; models like lines"
            ),
        ),
    ),
    Format(
        name="conll",
        title="CoNLL-2003 / IOB2",
        extensions=(".conll", ".iob", ".iob2", ".bio", ".txt"),
        can_read=True,
        can_write=True,
        group=Group.TRAINING,
        is_recognised=True,
        module="storage.formats.conll",
        remark="Words with their tags, no text: blanks and line breaks are lost.",
    ),
    Format(
        name="brat",
        title="brat (folder of .txt and .ann)",
        extensions=(".ann",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(overlap=True, fragments=True, links=True, fields=True, actors=True, notes=True),
        is_folder=True,
        is_recognised=True,
        module="storage.formats.brat",
        remark="Titles become names of files; attributions as in PARC and PolNeAR become claims with cue and speaker.",
        options=(
            FormatOption(
                "claims",
                "Claims as",
                ("relations", "events"),
                "spans with relations, or events with Content, Cue and Source",
            ),
        ),
    ),
    Format(
        name="xmi",
        title="UIMA CAS XMI (INCEpTION, dkpro-cassis)",
        extensions=(".xmi",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=EVERYTHING,
        is_folder=True,
        is_recognised=True,
        is_read_from_archives=True,
        module="storage.formats.xmi",
        remark="A folder of one file a document with TypeSystem.xml, of which INCEpTION makes its layers.",
    ),
    Format(
        name="webanno",
        title="WebAnno TSV 3.3 (INCEpTION, WebAnno)",
        extensions=(".tsv",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(
            overlap=True,
            fragments=True,
            links=True,
            fields=True,
            negatives=True,
            unreviewed=True,
            actors=True,
            notes=True,
            decisions=True,
        ),
        is_folder=True,
        is_recognised=True,
        is_read_from_archives=True,
        module="storage.formats.webanno",
        remark="A folder of one file a document; INCEpTION wants the layers first: the TypeSystem.xml of XMI has them.",
    ),
    Format(
        name="citron",
        title="Citron JSON (quote attribution)",
        extensions=(".json",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(overlap=True, fragments=True, links=True),
        is_folder=True,
        is_recognised=True,
        is_read_from_archives=True,
        tells_kinds=True,
        module="storage.formats.citron",
        remark="A folder of one file a document; quotes with a cue, their sources, and nothing else.",
    ),
    Format(
        name="w3c",
        title="W3C Web Annotations (JSON-LD)",
        extensions=(".jsonld",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=EVERYTHING,
        is_folder=True,
        is_recognised=True,
        module="storage.formats.w3c",
        remark="A folder with each text and, beside it, its page of annotations; nothing is fetched on reading.",
    ),
    Format(
        name="refi",
        title="REFI-QDA project (NVivo, ATLAS.ti, MAXQDA, QualCoder)",
        extensions=(".qdpx",),
        can_read=True,
        can_write=True,
        group=Group.TOOLS,
        holds=Capabilities(
            overlap=True,
            fragments=True,
            links=True,
            fields=True,
            actors=True,
            notes=True,
            decisions=True,
            metadata=True,
        ),
        module="storage.formats.refi",
        remark="Codes, users, notes, cases and links; who coded and when, without scores, reasons and suggesters.",
    ),
    Format(
        name="spacy",
        title="spaCy training data (DocBin, with config and report)",
        extensions=(".spacy",),
        can_read=True,
        can_write=True,
        group=Group.TRAINING,
        # A span of several fragments becomes several spans, links and fields are left out; the report counts them.
        holds=Capabilities(overlap=True, negatives=True, unreviewed=True, reviewed=True, stretches=True),
        is_folder=True,
        remark="Out: a folder with config and report. In: entities and span groups of any .spacy file.",
    ),
    Format(
        name="tables-csv",
        title="Tables: spans, claims, actors, decisions (CSV)",
        extensions=(),
        can_read=False,
        can_write=True,
        group=Group.TABLES,
        holds=_TABLES,
        is_folder=True,
        module="storage.formats.tables.csv_files",
        remark="A folder of four files; a cell that begins like a formula gets an apostrophe in front.",
    ),
    Format(
        name="tables-xlsx",
        title="Tables: spans, claims, actors, decisions (Excel)",
        extensions=(".xlsx",),
        can_read=False,
        can_write=True,
        group=Group.TABLES,
        holds=_TABLES,
        module="storage.formats.tables.xlsx",
        remark="A workbook of four sheets; a cell that begins like a formula gets an apostrophe in front.",
    ),
    Format(
        name="tables-parquet",
        title="Tables: spans, claims, actors, decisions (Parquet)",
        extensions=(),
        can_read=False,
        can_write=True,
        group=Group.TABLES,
        holds=_TABLES,
        is_folder=True,
        module="storage.formats.tables.parquet",
        remark="A folder of four typed files for pandas, R or DuckDB.",
    ),
    Format(
        name="report",
        title="Report on one page (HTML)",
        extensions=(".html",),
        can_read=False,
        can_write=True,
        group=Group.REPORTS,
        holds=EVERYTHING,
        is_summary=True,
        module="storage.formats.report.page",
        remark="Counts, acceptance, who speaks about whom, examples; one file that loads nothing from anywhere.",
    ),
    Format(
        name="graphml",
        title="Actor-claim network, GraphML",
        extensions=(".graphml",),
        can_read=False,
        can_write=True,
        group=Group.NETWORKS,
        holds=_NETWORK,
        is_summary=True,
        module="storage.formats.network.graphml",
        remark="Claims counted between actors and what they claim, or whom they speak of, with stance and dates.",
        options=_NETWORK_OPTIONS,
    ),
    Format(
        name="gexf",
        title="Actor-claim network, GEXF",
        extensions=(".gexf",),
        can_read=False,
        can_write=True,
        group=Group.NETWORKS,
        holds=_NETWORK,
        is_summary=True,
        module="storage.formats.network.gexf",
        remark="The same network for Gephi; slices of time are its dynamic edges.",
        options=_NETWORK_OPTIONS,
    ),
)


def read_formats() -> tuple[Format, ...]:
    """Return the formats that can be imported, in the order in which to offer them."""
    return tuple(format_ for format_ in FORMATS if format_.can_read)


def write_formats() -> tuple[Format, ...]:
    """Return the formats that can be exported, in the order in which to offer them."""
    return tuple(format_ for format_ in FORMATS if format_.can_write)


def formats_of(extension: str) -> tuple[Format, ...]:
    """Return the formats that read files with this extension, in any case, in the order in which they are asked."""
    return tuple(format_ for format_ in read_formats() if extension.lower() in format_.extensions)


def format_named(name: str) -> Format:
    """Return the format with this name; `KeyError` if there is none."""
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise KeyError(name)


def format_for(path: Path) -> Format | None:
    """Return the format that reads a file, by its extension in any case and, where several share it, by its content.

    None if there is none. A folder is of a format only if that recognises it; otherwise it is searched through. A
    format that is written as a folder may also read single files of it, by their extension.
    """
    is_folder = path.is_dir()
    extension = path.suffix.lower()
    sharing = [
        format_ for format_ in read_formats() if (format_.is_folder if is_folder else extension in format_.extensions)
    ]
    asked = [format_ for format_ in sharing if format_.is_recognised]
    if asked:
        head = b"" if is_folder else _head(path)
        for format_ in asked:
            if format_.recogniser().recognises(path, head):
                return format_
    # What is in an unknown folder is looked at file by file.
    return None if is_folder else next((format_ for format_ in sharing if not format_.is_recognised), None)


def _head(path: Path) -> bytes:
    """Return the beginning of a file, nothing if it cannot be read: whoever reads it next says why."""
    if not path.is_file():  # a pipe would wait for a writer
        return b""
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""
