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

# Letters from a team's server: subject and text.
LETTERS = {
    "ready": ("Utkastet är klart: {title}",
              "Utkastet till ”{title}” är klart att granska:\n\n{link}\n\nDet är en maskins utkast. Lyssna på beläggen innan du skickar det vidare.\n"),
    "failed": ("Utkastet blev inte gjort: {title}",
               "Det gick inte att göra ett utkast till ”{title}”. Vad som är fel och hur du försöker igen står här:\n\n{link}\n"),
    "shared": ("Ett möte har delats med dig: {title}",
               "”{title}” har delats med dig. Logga in hos din organisation för att läsa och lyssna:\n\n{link}\n"),
}
