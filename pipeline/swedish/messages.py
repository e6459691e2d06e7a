"""Swedish words of the interface that are used in more than one place."""

from __future__ import annotations

STAGES = {
    "ingest": "Läser inspelningen", "transcribe": "Lyssnar", "diarize": "Skiljer rösterna åt",
    "attribute": "Kopplar tal till talare", "segment": "Delar upp efter dagordningen",
    "condense": "Skriver förslag och kontrollerar dem", "render": "Skapar dokument",
}
DRAFT_MARK = "UTKAST – arbetsmaterial, inte granskat"
UNTITLED = "Möte"
LABELS = {"minnesanteckningar": "Minnesanteckningar", "beslutsprotokoll": "Protokoll", "diskussionsprotokoll": "Protokoll"}
