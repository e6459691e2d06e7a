"""Spoken to written Swedish: repairs, compression, dates, cues and personal data."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.meeting import Utterance
from pipeline.swedish.cues import (
    accepts,
    is_off_record,
    is_transition,
    refuses,
    self_introductions,
    sounds_decided,
    sounds_postponed,
    sounds_settled,
    takes_on,
)
from pipeline.swedish.dates import appointment, nearest_day, no_such_day, with_months
from pipeline.swedish.decisions import agreed, declined, names_matter, put_forward, settled_by_chair, settled_day
from pipeline.swedish.hallucinations import is_hallucination, is_loop
from pipeline.swedish.matter import topic_of, under_topic, with_fragment, with_topic
from pipeline.swedish.normalised import normalised
from pipeline.swedish.numbers import digits
from pipeline.swedish.personal import PATIENT, reason_to_withhold, withheld
from pipeline.swedish.register import FILLER, FIRST_PERSON, typography
from pipeline.swedish.repairs import overruled_days, retracted_figures, without_retractions
from pipeline.swedish.sentences import sentences
from pipeline.swedish.sounds import as_heard
from pipeline.swedish.spoken import without_fillers, written_forms
from pipeline.swedish.tasks import assigned, charged, due_of, left_over, promise, request, who_does, wished
from pipeline.swedish.written import compress, refers_back, tells_of_a_person

NAMES = ["Karin Ekwall", "Johan Lindqvist", "Elin Mårdh"]


def test_a_corrected_figure_replaces_the_wrong_one() -> None:
    assert without_retractions("SUV låg 18, nej, 8 % för lågt") == "SUV låg 8 % för lågt"
    assert without_retractions(digits("vecka elva, nej förlåt, vecka tio")) == "vecka 10"


def test_a_figure_said_to_be_wrong_at_length_gives_way() -> None:
    said = "Prognosen är minus två komma fyrtiosex miljoner. Så det är, eh. Nej, förlåt. Jag läste på fel rad. Två komma sextiofyra."
    assert without_retractions(digits(said)) == "Prognosen är minus 2,64 miljoner."
    said = "Kostnaderna har gått upp med tjugo procent, eller, nej, vänta. Tjugo var efter februari. Till och med mars är det tolv."
    assert without_retractions(digits(said)) == "Kostnaderna har gått upp med 12 %."
    for kept in ("Förlåt, vi har 14 kvar. De 3 som gick är klara.", "Det är 14 platser. Förlåt att jag avbryter, men 23 vill komma."):
        assert without_retractions(kept) == kept


def test_a_figure_denied_by_another_is_retracted() -> None:
    assert retracted_figures(["det är fyra stycken som, nej vänta, det är tre.", "tre alltså, inte fyra."]) == {"4"}


def test_a_figure_said_again_as_true_is_not_retracted() -> None:
    assert retracted_figures(["vi har fyra", "inte fyra, fem", "jo fyra är rätt"]) == set()
    assert retracted_figures(["vi har tre vakanser kvar i stället för fem"]) == set()
    assert retracted_figures(["kan du komma den tjugonionde april", "nej, den tjugonionde går inte"]) == {"29"}


@pytest.mark.parametrize(("spoken", "written"), [
    ("Ja men vi har ju fått två nya kameror, alltså.", "Kalmar har fått 2 nya kameror."),
    ("Och det är tjugoen i Lund.", "Det är 21 i Lund."),
    ("Jag tycker att det är jobbigt.", None),
    ("Hur går det?", None),
    ("Helårsprognosen, den är minus två komma sex miljoner.", "Helårsprognosen är minus 2,6 miljoner."),
    ("Så finns det två förslag om sommaren.", "Det finns 2 förslag om sommaren."),
    ("Vi ligger på, vi ligger på hundraåttiosex ärenden.", "Kalmar ligger på 186 ärenden."),
    ("Vi har fått svar, och vi fick två anmärkningar.", "Kalmar har fått svar, och fick 2 anmärkningar."),
    ("Sen är driften sexhundratusen om året.", "Driften är 600 000 om året."),
    ("Nej, det blir var tredje helg, men då blir passen tio timmar.", "Det blir var tredje helg, men då blir passen 10 timmar."),
    ("Och så har Marie, vår BMA, gått i pension nu.", None),
    ("Dan har räknat på lagringen i juni.", "Dan har räknat på lagringen i juni."),
    ("Andelen som får kontakt samma dag, den var åttionio procent i mars.", "Andelen som får kontakt samma dag var 89\u00a0% i mars."),
    ("Då har återbesöken på akuten, alltså de som vi skickar dit, de har gått ner med en tredjedel.", "Återbesöken på akuten har gått ner med en tredjedel."),
    ("Och är man borta mer än två dagar ska man ha en namngiven ersättare.", "Om man är borta mer än 2 dagar ska man ha en namngiven ersättare."),
    ("Sen ska alla svar signeras inom tre arbetsdagar.", "Alla svar ska signeras inom 3 arbetsdagar."),
    ("Sen ska jag bara säga att kötiden är elva veckor nu.", "Kötiden är 11 veckor nu."),
    ("De ska inte köra till oss efter klockan sexton, för då hinner vi inte.", "De ska inte köra till Kalmar efter kl. 16.00, för då hinner Kalmar inte."),
    ("Och ni som område ligger på tvåhundratrettioåtta.", "Verksamheten ligger på 238."),
    ("Vi har fått vår nya gammakamera.", "Kalmar har fått en ny gammakamera."),
    ("Då gör vi så, alla mejlar Lovisa senast första juni.", "Alla mejlar Lovisa senast 1 juni."),
    ("Vi är fem, men det är inte alla dagar.", None),
    ("Jag har begärt tio personlarm och det ska vi ha i december.", "10 personlarm har begärts och det ska Kalmar ha i december."),
    ("Däremot så är kön nere på två veckor.", "Däremot är kön nere på 2 veckor."),
    ("Och lab tre, det har jag anmält och de ska komma och täta på måndag.", "Lab 3 har anmälts och de ska komma och täta på måndag."),
    ("Sen sa kommunen att de öppnar åtta platser.", "Kommunen sa att de öppnar 8 platser."),
])
def test_speech_is_compressed_or_left_alone(spoken: str, written: str | None) -> None:
    result = compress(digits(spoken), "Kalmar")
    assert result == written
    assert result is None or not (FIRST_PERSON.search(result) or FILLER.search(result))


def test_a_sentence_that_refers_back_is_known() -> None:
    assert refers_back("Den ställs på baksidan.")
    assert refers_back("Det ska upp i nämnden den 28 april.")
    assert not refers_back("Det finns 2 förslag.")
    assert not refers_back("Trailern ställs på baksidan.")


def test_who_comes_and_goes_by_first_name_is_known() -> None:
    assert tells_of_a_person("Bosse slutade 2013.")
    assert tells_of_a_person("Lotta går i pension i juni.")
    assert not tells_of_a_person("Kursen börjar i maj.")
    assert not tells_of_a_person("Fasadrenoveringen börjar i maj.")


def test_what_is_asked_back_raises_no_matter() -> None:
    assert topic_of("En tredjedel?", []) is None
    assert topic_of(digits("Elva veckor?"), []) is None
    assert topic_of("Nåt mer?", []) is None


def test_a_figure_corrected_with_its_verb_keeps_its_unit() -> None:
    said = digits("Labbet är stängt i tre veckor. Nej, fyra blev det, för de byter golv.")
    assert without_retractions(said) == "Labbet är stängt i 4 veckor, för de byter golv."


def test_a_pronoun_gets_the_matter_that_was_raised() -> None:
    assert topic_of("Joakim, utrymningsövningen på Sjövik?", ["Joakim Tärnlund"]) == "utrymningsövningen på Sjövik"
    assert topic_of("Hur går det med utrymningsövningen?", []) is None
    assert topic_of(digits("Tolv procent."), []) is None
    assert with_topic("Ja, den är gjord i mars.", "utrymningsövningen") == "utrymningsövningen är gjord i mars."
    assert with_topic("Vi gjorde den i mars.", "utrymningsövningen") == "Vi gjorde den i mars."
    assert with_topic("Den nya är på plats.", "maskinen") == "Den nya maskinen är på plats."
    assert with_topic("Det finns pengar kvar.", "rekryteringen") == "Det finns pengar kvar."
    assert topic_of("Ja, på universitetet.", []) is None


def test_figures_without_a_verb_go_with_the_sentence_they_follow() -> None:
    assert with_fragment("Det är 2 platser kvar.", "Alltså 1 i maj.") == "Det är 2 platser kvar, 1 i maj."
    assert with_fragment("Det är 2 platser kvar.", "1 i maj?") is None
    assert with_fragment("Det är 2 platser kvar.", "Vi tar 1 i maj.") is None


def test_figures_without_a_verb_may_stand_under_their_matter() -> None:
    assert under_topic("bullermätningen", "Sjuttioåtta, nej, 78 decibel på Eken.") is not None
    assert under_topic("bullermätningen", "Ja, 78 decibel på Eken.") == "Bullermätningen är 78 decibel på Eken."
    assert under_topic("bullermätningen", "Ja, det låter högt på Eken.") is None
    assert under_topic("bullermätningen", "78 decibel var det på Eken.") is None


def test_of_several_figures_the_nearest_gives_way() -> None:
    said = digits("Åtta av de elva är korttid, om jag minns rätt. Nej, sju. Sju av elva.")
    assert without_retractions(said) == "7 av de 11 är korttid, om jag minns rätt. 7 av 11."


@pytest.mark.parametrize(("said", "decided"), [
    ("Jag föreslår att vi köper in larmknappar till alla.", "Att köpa in larmknappar till alla."), ("Mitt förslag är att bröst går före i kön.", "Bröst går före i kön."),
    ("Ska vi inte bjuda in Uppsala?", "Att bjuda in Uppsala."), ("Ska vi prata om det sen?", None), ("Kan vi ta punkt fyra först?", None), ("Larmen är köpta.", None)])
def test_what_is_put_forward_is_told_as_what_may_be_decided(said: str, decided: str | None) -> None:
    assert put_forward(said) == decided


@pytest.mark.parametrize(("said", "day"), [
    ("Bra, då blir det torsdag den tionde.", "torsdag den 10"), ("Då säger vi vecka tolv.", "vecka 12"), ("Då blir det bowling på torsdag.", None), ("Då tar vi det i maj.", None)])
def test_a_day_alone_can_be_settled(said: str, day: str | None) -> None:
    assert settled_day(digits(said)) == day


def test_a_day_of_the_week_is_rather_to_come() -> None:
    assert with_months("Det blir torsdag den 10.", dt.date(2026, 10, 14)) == "Det blir torsdag den 10 december."
    assert with_months("En börjar den 1 november och en den 15.", dt.date(2026, 10, 14)) == "En börjar den 1 november och en den 15 november."


def test_days_beside_their_month_are_read_as_days() -> None:
    assert digits("kursen i september, sjuttonde till artonde") == "kursen i september, 17–18"
    assert digits("till årsskiftet tjugosju tjugoåtta") == "till årsskiftet 27/28"


def test_a_day_given_up_for_another_is_known() -> None:
    assert overruled_days(["Fredagen den elfte december går.", "Fredag är dåligt, då jobbar halva gänget."]) == {"11 december"}
    assert overruled_days(["Jag hade tänkt den trettonde maj.", "Då är jag ledig.", "Veckan efter då, den tjugonde maj?"]) == {"13 maj"}
    assert overruled_days(["Vi tar den i bruk vecka tjugotvå.", "Tjugofyra alltså, inte tjugotvå."]) == {"vecka 22"}
    assert overruled_days(["Jag sa vecka tjugotvå. Men vi tar den i bruk vecka tjugofyra."]) == {"vecka 22"}
    assert overruled_days(["Jag hade tänkt den trettonde maj.", "Och kursen är den tjugonde maj."]) == frozenset()
    assert overruled_days(["Jag hade tänkt den trettonde maj.", "Eller tar vi den tjugonde maj?", "Nej, den trettonde maj."]) == frozenset()


@given(st.lists(st.sampled_from(["jag hade tänkt den 3 maj", "då tar vi den 4 maj", "inte 3", "vecka 3", "jag sa vecka 3, vecka 4", "ja"]), max_size=6))
def test_only_days_that_were_named_are_given_up(talk: list[str]) -> None:
    assert all(day in " ".join(talk) for day in overruled_days(talk))


@given(st.text(alphabet="abdeiklmnoprstuvåäö ", max_size=60))
def test_a_pattern_as_heard_takes_what_it_took(text: str) -> None:
    assert re.fullmatch(as_heard(text), text)


@given(st.text(alphabet=st.sampled_from("abcdeåäö ,.?jagvijunintefemär0123"), max_size=200))
def test_compression_never_fails_and_never_keeps_the_first_person(text: str) -> None:
    result = compress(text, "Kalmar")
    assert result is None or (len(result.split()) <= 32 and not FIRST_PERSON.search(result))


def test_counted_things_are_no_verbs() -> None:
    assert compress("28 patienter på 4 dagar", "Kalmar") is None
    assert compress("28 patienter väntar på 4 enheter", "Kalmar") == "28 patienter väntar på 4 enheter."


@pytest.mark.parametrize(("said", "mended"), [
    ("Det stod att vi hade kört trettio studier och det var tretton.", "Det ska stå att vi hade kört 13 studier."),
    ("Det fattas två på natten. Nej, en, Rasmus bytte.", "Det fattas en på natten, Rasmus bytte."),
    ("Det står trettio i planen men vi har kört tjugo.", "Det står 30 i planen men vi har kört 20.")])
def test_what_the_minutes_before_had_wrong_and_what_becomes_one_are_mended(said: str, mended: str) -> None:
    assert without_retractions(digits(said)) == mended


def test_a_figure_yields_to_one_that_another_says_alone() -> None:
    assert retracted_figures(["Vi har hundrafyrtio på kö.", "Hundrafjorton.", "Hundrafjorton, förlåt."]) == {"140"}
    assert retracted_figures(["Vi har två stycken.", "Tre veckor.", "Ja."]) == set()


@pytest.mark.parametrize(("said", "task"), [
    ("Då felanmäler jag diskmaskinen en gång till, direkt efter mötet.", "Felanmäler diskmaskinen en gång till."),
    ("Och annandag natt ringer jag poolen om. Det gör jag i dag.", "Ringer poolen om annandag natt."),
    ("Om vi inte hittar dem så beställer jag nycklar på måndag.", None), ("Då håller jag tyst om det.", None), ("Då tackar jag för rapporten.", None)])
def test_a_promise_with_the_verb_first_is_a_task(said: str, task: str | None) -> None:
    assert promise(said) == task


@pytest.mark.parametrize(("before", "said", "task"), [
    ("Det krävs en ansökan från regionen.", "Ja, jag skickar in den i veckan.", "Skickar in ansökan."),
    ("Monica, du svarar tidningen?", "Jag ringer dem i morgon.", "Ringer tidningen."),
    ("", "Då lägger jag in den i ledningssystemet, det gör jag i dag.", "Lägger in den i ledningssystemet."),
    ("", "Jag mejlar er så fort jag vet.", "Mejlar gruppen."),
    ("", "Då uppfattar jag att styrgruppen förlänger piloten, senast den 15 oktober.", None)])
def test_what_a_promise_is_about_may_be_said_before_it(before: str, said: str, task: str | None) -> None:
    assert promise(said, before) == task


def test_tasks_are_wished_for_left_over_or_given_formally() -> None:
    assert wished("Jag vill gärna se en ny prognos till nästa möte.", "Den gör jag.") == "Gör en ny prognos."
    assert wished("Jag vill gärna se en ny prognos.", "Det förstår jag.") is None
    assert left_over("Jag skulle ta fram en jämförelse, och det har jag inte hunnit.") == "Tar fram en jämförelse."
    assert charged("Då får Kenneth i uppdrag att upphandla en utvärderare.") == ("Kenneth", "Upphandlar en utvärderare.")
    assert request("Viktor, kan inte du skicka ut siffrorna per förskrivare?") == "Skickar ut siffrorna per förskrivare."


def test_a_task_given_by_name_is_of_whom_is_named() -> None:
    assert assigned("Bra. Cecilia, du får skriva till regionen om stängningen.", "Cecilia") == "Skriver till regionen om stängningen."
    assert assigned("Bifall till två. Dragan meddelar klinikerna.", "Dragan") == "Meddelar klinikerna."
    assert assigned("Cecilia, du vet det där med regionen.", "Cecilia") is None
    assert assigned("Cecilia, du skriver till regionen.", "Dragan") is None
    assert who_does("Vem håller i upphandlingen av flyttfirma?") == "Håller i upphandlingen av flyttfirma."
    assert who_does("Vem är det?") is None


@pytest.mark.parametrize(("said", "decided"), [
    ("Då byter vi inte fabrikat.", "Att inte byta fabrikat."), ("Bowling blir det.", "Det blir bowling."),
    ("Då är Karin miljöansvarig.", "Karin Ekwall är miljöansvarig."), ("Bra, då kör vi på sex akuttider om dagen.", "6 akuttider om dagen."),
    ("Då uppfattar jag att styrgruppen förordar alternativ B.", "Alternativ B."), ("Då väntar vi på Emir.", None), ("Då väntar vi på Lena.", None), ("Då väntar vi på besked från leverantören.", "Att vänta på besked från leverantören."), ("Då öppnar vi mötet.", None),
    ("Då släpper vi det.", None), ("Vad blir det?", None)])
def test_what_the_chair_settles_is_told_as_a_decision(said: str, decided: str | None) -> None:
    assert settled_by_chair(said, NAMES) == decided


def test_a_group_settles_something_once_somebody_agrees() -> None:
    assert agreed("Ja, vi säljer de äldsta bilarna.", "Ja, det är klart.") == "Att sälja de äldsta bilarna."
    assert agreed("Vi säljer de äldsta bilarna.", "Ja, men inte i år.") is None
    assert agreed("Vi har sålt bilarna.", "Ja.") is None


def test_a_decision_says_what_is_decided() -> None:
    assert names_matter("Att bjuda in Uppsala.")
    assert names_matter("Fotdag den 8 maj.")
    assert not names_matter("Den 30 januari.")
    assert not names_matter("Att flytta den till nästa möte.")


@pytest.mark.parametrize(("said", "kept_out"), [
    ("Per är inte med, han är på sjukhuset med sin pappa.", True), ("Stig Hammarlund, som slår när man ska byta på honom.", True),
    ("Lovisa Brink har gått in i väggen, stackars människa.", True), ("Karin Ekwall hade en fråga om provsvaren.", False),
    ("Vi har fått två nya kameror till sjukhuset.", False), ("Fallen har ökat, tre patienter föll i oktober.", False)])
def test_what_is_told_of_those_cared_for_and_of_relatives_is_kept_out(said: str, kept_out: bool) -> None:
    assert (reason_to_withhold(said, NAMES) is not None) is kept_out


@pytest.mark.parametrize(("said", "asked"), [
    ("Vi tar inga patienter här, Eva.", True), ("Vi tar inte personalfrågor här.", True), ("Nu ska vi inte prata om patienter här.", True),
    ("Vi har inga patienter inbokade på fredag.", False)])
def test_asking_not_to_talk_of_single_persons_keeps_it_off_the_record(said: str, asked: bool) -> None:
    assert is_off_record(said) is asked


def test_requests_and_promises_become_tasks() -> None:
    assert request("Kan du skicka ut en mall till nästa möte?") == "Skickar ut en mall."
    assert request("Lennart, kan du ringa Gävle och höra vad som är problemet?") == "Ringer Gävle och hör vad som är problemet."
    assert promise("Ja, jag skickar ut tidplanen senast den tjugonde februari") == "Skickar ut tidplanen."
    assert promise("Och annonserna är nästan färdiga. Så jag publicerar dom senast fredag nästa vecka.") == "Publicerar annonserna."
    assert promise("Där lämnar jag våra synpunkter till trafikenheten, senast den 22 april.") == "Lämnar synpunkter till trafikenheten."
    assert promise("Jag är i Lund senast på fredag.") is None
    assert due_of(digits("senast den tjugonde februari")) == "den 20 februari"
    assert accepts("Ja, det kan jag göra.")
    assert not accepts("Nej, jag hinner inte.")
    assert refuses("Jag hinner inte, jag har överlämningar hela månaden.")
    assert not refuses("Jag kan ta det.")


def test_a_figure_told_as_absurd_or_taken_back_whole_is_not_written() -> None:
    assert retracted_figures(["Rapporten är helt galen, den säger minus fyra dagar.", "Minus fyra? Svårslaget.", "Kön är tolv."]) == {"4"}
    assert retracted_figures(["Det är galet, vi har fyra bunkrar.", "Ja, fyra."]) == set()
    whole = "Det var sjuttiofem minuter ungefär, nej vänta. Nej, det var ju när allt var grönt igen. Själva avbrottet var fyrtiofem."
    assert "75" in retracted_figures([whole])
    assert "75" not in without_retractions(digits(whole))


def test_days_are_told_against_the_meeting() -> None:
    meeting = dt.date(2026, 2, 5)
    assert nearest_day(20, meeting) == dt.date(2026, 2, 20)
    assert nearest_day(3, meeting) == dt.date(2026, 3, 3)
    assert nearest_day(20, meeting, past=True) == dt.date(2026, 1, 20)
    assert with_months("Klart den 20.", meeting) == "Klart den 20 februari."
    assert with_months("Klart den 20.", meeting, "det sitter på maj, den tjugonde") == "Klart den 20."
    assert with_months("Servern tappade nätet den 20.", meeting) == "Servern tappade nätet den 20 januari."
    assert with_months("Torsdagen den 22 låg nätet nere.", meeting) == "Torsdagen den 22 januari låg nätet nere."
    assert with_months("Torsdagen den 20 låg nätet nere.", dt.date(2026, 3, 18)) == "Torsdagen den 20 låg nätet nere."  # no such Thursday near
    assert no_such_day("Det gäller från torsdag den 12 februari.", meeting) is None
    assert no_such_day("Det gäller från fredag den 12 februari.", meeting) == "fredag den 12 februari"


def test_the_last_day_named_is_the_next_meeting() -> None:
    settled = appointment(["nästa möte den femte mars?", "nej den tolfte mars passar", "klockan nio"], dt.date(2026, 2, 5), None)
    assert settled is not None
    assert (settled[0].day, settled[0].clock) == (dt.date(2026, 3, 12), "09.00")
    closed = appointment(["nästa möte den tolfte mars klockan nio", "då tackar jag för i dag, klockan är halv två"], dt.date(2026, 2, 5), None)
    assert closed is not None
    assert closed[0].clock == "09.00"


@pytest.mark.parametrize("text", ["Svensktextning.nu", "Textning Stina Hedin www.btistudios.com", "Tack för att ni tittade!"])
def test_made_up_segments_are_known(text: str) -> None:
    assert is_hallucination(text)


@pytest.mark.parametrize("text", ["Tack så mycket, vi ses nästa gång.", "Ja.", "Textning av filmen är inte klar, tack för att ni väntade."])
def test_real_closings_are_kept(text: str) -> None:
    assert not is_hallucination(text)


def test_loops_are_known() -> None:
    assert is_loop("det är det " * 6)
    assert not is_loop("ja, ja, det är det")


def test_cues() -> None:
    assert is_transition("Då går vi vidare till punkt tre.")
    assert sounds_decided("Då beslutar vi att avtalet förlängs.")
    assert not sounds_decided("Det är inte bestämt än.")
    assert sounds_postponed("Den bordlägger vi.")
    assert is_off_record("Det där ska inte med i anteckningarna.")
    assert is_off_record("Flygeln går bort. Agneta, du skriver inte in den.")
    assert is_off_record("Det där ska du inte skriva, Agneta.")
    assert is_off_record("Stopp, stopp. Det är ju anbudssekretess på det där.")
    assert is_off_record("Nej, Nasrin, stopp. Den tar vi inte här. Inga enskilda elever.")
    assert not is_off_record("Det blev stopp i avloppet på plan två.")
    assert self_introductions("Det är Karin här, Karin Ekwall.", NAMES) == ["Karin"] or "Karin Ekwall" in self_introductions(
        "Det är Karin här, Karin Ekwall.", NAMES)
    assert self_introductions("Och Elin då, Elin Mårdh?", NAMES) == []


def test_a_matter_is_settled_in_weaker_words_too() -> None:
    assert sounds_settled(["lokalfrågan då", "då skjuter vi på den till aprilmötet"])
    assert sounds_settled(["en dag i Eksjö i stället", "femtonde oktober i Eksjö, är alla med, bra"])
    assert sounds_settled(["ska vi testa teamrond halv nio", "jo, vi provar, fyra veckor"])
    assert sounds_settled(["tolvhundra timmen så trettiosex tusen", "ja men kör"])
    assert sounds_settled(["nä. vi håller oss till oktober som det står"])
    assert not sounds_settled(["vi kör fem dagar i veckan igen", "vad roligt"])


@pytest.mark.parametrize(("said", "taken"), [
    ("Det stod inte i listan. Jag går igenom listan, alla certifikat.", True), ("Det finns det, jag kan be att få den.", True),
    ("Jag skriver texten men bilderna hinner jag inte.", True), ("jag hinner inte, jag är i fjällen", False), ("Ja, men jag kan inte då.", False),
    ("jag får se", False), ("jag sitter på plan tre", False)])
def test_who_says_so_in_any_words_takes_a_task_on(said: str, taken: bool) -> None:
    assert takes_on(said) is taken


def test_personal_matters_are_withheld_with_their_reason() -> None:
    assert reason_to_withhold("Han är sjukskriven för diskbråck.", NAMES) == "hälsa eller frånvaroorsak"
    assert reason_to_withhold("En av våra parkarbetare har råkat ut för en olycka med sågen.", NAMES) == "hälsa eller frånvaroorsak"
    assert reason_to_withhold("Två är sjukskrivna i november.", NAMES) is None
    assert reason_to_withhold("Personnumret är 19121212-1212.", NAMES) == "personnummer eller telefonnummer"
    assert reason_to_withhold("Väntetiden för cancerpatienter är 31 dagar.", NAMES) is None
    assert reason_to_withhold("Och sen har vi Albin i sexan, han ska byta klass.", NAMES) == PATIENT
    assert reason_to_withhold("Vi har tre elever i sexan som byter klass.", NAMES) is None
    talk = [Utterance(start=i, end=i + 1, speaker=s, text=t) for i, (s, t) in enumerate([
        ("A", "Vi samlar isotoperna i en termos."), ("B", "Det där skriver vi inte."), ("A", "Nästa punkt.")])]
    assert withheld(talk, NAMES) == {0: "sagt utom protokollet", 1: "sagt utom protokollet"}


def test_sentences_end_where_they_end() -> None:
    assert sentences("Det blir kl. 13.00 på onsdag. Ca 17 % är klara.") == ["Det blir kl. 13.00 på onsdag.", "Ca 17 % är klara."]


def test_typography() -> None:
    assert typography("4 - 5 patienter, 17%, kl 13:00, 2026-02-11") == "4–5 patienter, 17\u00a0%, kl. 13.00, 2026-02-11"


def test_fillers_go_and_spoken_forms_are_written() -> None:
    assert without_fillers("det det är, eh, tretton i Malmö") == "det är, tretton i Malmö"
    assert written_forms("dom har nåt sånt sen i våras") == "de har något sådant sedan i våras"


@pytest.mark.parametrize(("a", "b"), [
    ("Kl. 13.00 har vi ökat 17 %, i dag.", "klockan tretton har vi ökat sjutton procent idag"), ("kolin-PET", "kolin PET"),
    ("2 500 kronor", "tvåtusenfemhundra kronor"), ("Dom har nåt nytt.", "De har något nytt"), ("Okay", "okej")])
def test_spelling_alone_is_no_word_error(a: str, b: str) -> None:
    assert normalised(a) == normalised(b)


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_what_the_chair_says_will_not_be_done_has_the_matter_that_was_raised() -> None:
    raised = ["De kan ta trehundra om året.", "Men köpa från Capio, ska vi göra det också så länge?", "Nej, det blir för dyrt."]
    assert declined("Okej, då köper vi inte.", raised) == "Att inte köpa från Capio."
    assert declined("Okej, då köper vi inte.", raised[:1]) is None
    assert declined("Då köper vi en ny.", raised) is None


@pytest.mark.parametrize(("said", "written"), [
    ("Nittio dagar på koloskopi, eller ja, det var i augusti, nu är det nittiosex.", "96 dagar på koloskopi."),
    ("Det står att Sundsvall har sex skoprum, vi har fem.", "Det ska stå att Sundsvall har 5 skoprum."),
])
def test_what_was_so_before_or_stood_wrong_gives_way_to_what_is(said: str, written: str) -> None:
    assert without_retractions(digits(said)) == written
    assert retracted_figures([said])


@pytest.mark.parametrize(("said", "written"), [
    ("Vi är två läkare nu i stället för tre, för Börje gick i pension i juni.", "Umeå har 2 läkare nu i stället för 3."),
    ("Om man lägger ihop alla tre så behöver vi göra nittontusen om året.", "Om man lägger ihop alla 3 så behöver Umeå göra 19 000 om året."),
    ("Så då räknar jag med att det fattas tvåtusenfemhundra.", "Bedömningen är att det fattas 2 500."),
])
def test_more_that_is_said_becomes_a_written_sentence(said: str, written: str) -> None:
    assert compress(digits(said), "Umeå") == written


def test_more_promises() -> None:
    assert promise("Då säger jag upp avtalet.") == "Säger upp avtalet."
    assert promise("Jag ska se till att sekreteraren får behörighet.") == "Ser till att sekreteraren får behörighet."


def test_who_repeats_anothers_figure_gives_up_the_own_one() -> None:
    talk = ["Anna gör ju, vad blir det, femtonhundra om året.", "Hon gör tolvhundra, hon har semester ibland.", "Tolvhundra då. Två sådana till och vi är i mål."]
    assert "1500" in {f.replace(" ", "") for f in retracted_figures(talk)}
    assert not retracted_figures([*talk[:2], "Två sådana till och vi är i mål."])
