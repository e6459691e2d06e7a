"""Spoken Swedish to written: given what was said, then this sentence, task or decision."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_meeting import small_meeting

from pipeline.agenda import parse_agenda
from pipeline.meeting import Kind, Section, Utterance
from pipeline.stages.judge import judge
from pipeline.stages.propose import compressed, next_meeting, standing
from pipeline.stages.settle import settled
from pipeline.stages.stretch import Candidate, Stretch, support_of
from pipeline.stages.taken import task_in
from pipeline.stages.verify import Problem
from pipeline.swedish.decisions import decision, settled_by_chair, with_object
from pipeline.swedish.matter import how_many, in_answer, of_a_matter, told_to_all, topic_of, with_object_asked
from pipeline.swedish.numbers import digits
from pipeline.swedish.personal import withheld
from pipeline.swedish.repairs import as_corrected, retracted_figures, without_retractions
from pipeline.swedish.spoken import without_fillers, written_forms
from pipeline.swedish.tasks import as_clause, day_asked, due_of, promise, request, still_to_do, wished
from pipeline.swedish.written import compress, is_dictated

NAMES = ["Anna Berg", "Per Ek", "Åsa Öberg"]


def said(*talk: str) -> tuple[Utterance, ...]:
    """"Name: what is said" as utterances, one after another."""
    turns = [t.split(": ", 1) for t in talk]
    return tuple(Utterance(start=n * 5000, end=n * 5000 + 4000, speaker=who, person=who, text=text) for n, (who, text) in enumerate(turns))


def told(*talk: str) -> list[str]:
    """What compression proposes of talk on no item."""
    stretch = Stretch(None, "Mötet", said(*talk))
    meeting = small_meeting()
    return [c.text for c in compressed(stretch, support_of(stretch, meeting), meeting) if c.passes]


@pytest.mark.parametrize(("spoken", "written"), [
    ("Diskdesinfektorn läcker fortfarande.", "Diskdesinfektorn läcker fortfarande."),
    ("Taket, ja, pannorna håller fem sex år till.", "Taket, pannorna håller 5–6 år till."),
    ("Ortopedin säger ja till det i maj.", "Ortopedin säger ja till det i maj."),
    ("Adenomen, där ligger vi på trettioåtta procent.", "Adenomen: Kalmar ligger på 38\u00a0%."),
    ("Kinolonerna, där ser jag att det har gått upp lite, från åtta till elva procent.", "Kinolonerna har gått upp lite, från 8 till 11\u00a0%."),
    ("Lab tre, det har jag anmält till fastighet.", "Lab 3 har anmälts till fastighet."),
    ("Jag har föreslagit Ekbacken, men chefen har inte sagt ja.", "Ekbacken har föreslagits, men chefen har inte sagt ja."),
    ("Jag har bett HR att titta på det, de kommer till oss i november.", "HR har ombetts att titta på det, de kommer till Kalmar i november."),
    ("Jag har inga siffror för mars.", "Kalmar har inga siffror för mars."),
    ("Men då skriver jag att orsaken, att den inte är klarlagd.", "Orsaken är inte klarlagd."),
    ("Det är sekretess på det, men jag kan säga så mycket som att vi har fått in tre svar.",
     "Det är sekretess på det, men Kalmar har fått in 3 svar."),
    ("Som det är nu behandlas alla i Linköping.", "Nu behandlas alla i Linköping."),
    ("Ketamin i nässpray, det får vi ge från den första september.", "Ketamin i nässpray får Kalmar ge från den 1 september."),
    ("Larmet, det personliga alltså, det fungerade inte.", "Larmet fungerade inte."),
    ("Backupen på filservrarna den har inte gått.", "Backupen på filservrarna har inte gått."),
    ("Så gick ju kylan sönder i serverrummet.", "Kylan gick sönder i serverrummet."),
    ("Avsändaren är stoppad i brandväggen, nej, i mejlfiltret menar jag.", "Avsändaren är stoppad i mejlfiltret."),
    ("Vi har sjuttiosex patienter, och det är, vi är byggda för sjuttio.", "Kalmar har 76 patienter, och är byggda för 70."),
    ("Vi har lagt på femtonhundra, femtonhundra i månaden.", "Kalmar har lagt på 1 500 i månaden."),
    ("Fyra av dom har gått till bemanning.", "4 av dem har gått till bemanning."),
    ("Vi har fyrahundra patienter med typ två.", "Kalmar har 400 patienter med typ 2."),
    ("Det är Anton som är jävig i ärendet.", "Anton är jävig i ärendet."),
    ("Så vitt vi vet är det ingen som har lämnat ut någonting.", "Så vitt Kalmar vet är det ingen som har lämnat ut någonting."),
    ("En av våra två BMA:er, alltså Lotta, går i pension i juni, så vi söker en ny.", "En av 2 BMA:er går i pension i juni, så Kalmar söker en ny."),
    ("Det är förhämtningen som.", None),
    ("Det är mögel i duschen, det vet ni.", "Det är mögel i duschen."),
])
def test_a_spoken_sentence_is_told_in_written_order_or_left_alone(spoken: str, written: str | None) -> None:
    assert compress(digits(spoken), "Kalmar") == written


@pytest.mark.parametrize(("asked", "answered", "whole"), [
    ("Och hur länge är vi nere?", "4 timmar.", "vi är nere 4 timmar"),
    ("Hur många patienter har ni?", "Ungefär 14.", "vi har ungefär 14 patienter"),
    ("Och när ska det vara klart, Henrik?", "Vecka 12.", "det ska vara klart vecka 12"),
    ("Hur lång är kön?", "11 veckor.", "kön är 11 veckor"),
    ("Hur länge måste man ha stängt?", "7 månader.", "man måste ha stängt 7 månader"),
    ("Vad gör vi åt det här?", "I maj.", None),
    ("Hur många blir det?", "Det vet jag inte.", None),
    ("Är det klart?", "4 timmar.", None),
])
def test_an_answer_without_a_verb_takes_the_words_of_the_question(asked: str, answered: str, whole: str | None) -> None:
    assert in_answer(asked, answered) == whole


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_question_and_answer(asked: str, answered: str) -> None:
    assert in_answer(asked, answered) is None or answered.strip()


def test_figures_that_name_their_matter_stand_under_it() -> None:
    assert of_a_matter("Örebro 71 %, Karlstad 88 %.") == "Örebro: 71\u00a0%, Karlstad 88\u00a0%."
    assert of_a_matter("Punktprevalensmätningen, 8,4 %.") == "Punktprevalensmätningen: 8,4\u00a0%."
    assert of_a_matter("Vecka 29 till 30, 2 veckor.") is None
    assert of_a_matter("Lördag 19 april") is None
    assert how_many("Avvikelser", "Det är 41 sen sist.") == "Avvikelser: 41 sedan sist."
    assert how_many("Avvikelser", "Det är 9 som inte är klara.") is None


def test_what_all_are_to_do_by_a_day_is_told() -> None:
    assert told_to_all("Så säg till Karin Ek senast på måndag om ni vill.") == "Besked till Karin Ek senast på måndag."
    assert told_to_all("Skriv era önskemål senast den 20 november.") == "Önskemål lämnas senast den 20 november."
    assert told_to_all("Anmälan till Emma före den 1 juni.") == "Anmälan till Emma före den 1 juni."
    assert told_to_all("Säg det till mig.") is None


@pytest.mark.parametrize(("spoken", "topic"), [
    ("Ja, det är löpbandet.", "löpbandet"),
    ("Sen har vi ventilationen på op.", "ventilationen på op"),
    ("Det är immunfärgningarna som tar tid.", "immunfärgningarna"),
    ("Och Hannas enkät om väntetider?", "Hannas enkät om väntetider"),
    ("Och framkallningsmaskinen, nej vad heter den, dehydreringsmaskinen?", "dehydreringsmaskinen"),
    ("Tariq, du skulle ta fram en lathund för osteoporos.", "lathund för osteoporos"),
    ("Dom flesta.", None),
    ("Det är klart.", None),
])
def test_a_matter_is_raised_in_many_ways(spoken: str, topic: str | None) -> None:
    assert topic_of(spoken, ["Tariq Aziz"]) == topic


def test_a_matter_goes_with_what_is_told_of_it() -> None:
    assert "Certifikatet på remissportalen går ut den 4 april." in told("Per Ek: Ja, certifikatet, ja. På remissportalen. Det går ut den fjärde april.")
    assert "Löpbandet har gått sönder igen, tredje gången i år." in told("Per Ek: Ja, det är löpbandet. Det har gått sönder igen, tredje gången i år.")
    assert not any("flesta är" in t for t in told("Per Ek: Ja, dom flesta. Men det är nio som inte är matchade."))


def test_clauses_that_carry_nothing_fall_away() -> None:
    assert "Verksamheten gjorde 4 800 undersökningar i oktober." in told("Anna Berg: Vi gjorde fyratusenåttahundra undersökningar i oktober, och det är rekord.")
    assert any("3 saknas" in t for t in told("Anna Berg: Vi har fjorton maskiner i drift nu, men tre saknas."))


def test_what_is_to_be_written_down_is_known() -> None:
    assert is_dictated("Men då skriver jag att orsaken inte är klarlagd.")
    assert not is_dictated("Jag skriver till dem på måndag.")


def test_anothers_correction_stands_in_the_sentence() -> None:
    talk = ["Vi har 140 på väntelistan till kurator.", "114.", "Ja, 114."]
    assert as_corrected(talk) == {0: "Vi har 114 på väntelistan till kurator."}
    assert as_corrected(talk[:2]) == {}


@pytest.mark.parametrize(("spoken", "mended"), [
    ("Det var nittio, eh, nittiotvå procent.", "Det var 92 %."),
    ("Det står att Halmstad har arton platser. Vi har fjorton.", "Det ska stå att Halmstad har 14 platser."),
    ("Där står det att hon fick fyrtiotusen i vite, men det var fjorton. Fjortontusen.", "Där ska det stå att hon fick 14 000 i vite."),
])
def test_a_figure_begun_or_misread_gives_way(spoken: str, mended: str) -> None:
    assert written_forms(without_fillers(without_retractions(digits(spoken)))) == mended


def test_a_sentence_rests_on_all_that_lent_it_words() -> None:
    talk = said("Anna Berg: Hur länge är systemet nere?", "Per Ek: Fyra timmar.", "Åsa Öberg: Vi har hundrafyrtio på väntelistan.",
                "Per Ek: 114.", "Åsa Öberg: Ja, 114.")
    stretch, meeting = Stretch(None, "Mötet", talk), small_meeting()
    found = {c.text: [u.start // 5000 for u in c.evidence] for c in compressed(stretch, support_of(stretch, meeting), meeting)}
    assert found["Systemet är nere 4 timmar."] == [0, 1]
    assert found["Verksamheten har 114 på väntelistan."] == [2, 3, 4]


# ------------------------------------------------------------------ tasks


@pytest.mark.parametrize(("before", "spoken", "task"), [
    ("Kan man inte ha två simkort så länge?", "Det vet jag inte. Jag kan ta reda på det.", "Tar reda på om man kan ha 2 simkort så länge."),
    ("Hur blir det med semestrarna?", "Jag kollar upp det till nästa gång.", "Kollar upp hur det blir med semestrarna."),
    ("", "Jag skriver ihop ett underlag till dig, före påsk.", "Skriver ihop ett underlag."),
    ("", "Jag kan ta med mig frågan dit, de träffas den nionde april.", "Tar med sig frågan."),
    ("Har vi någon gemensam rutin för det?", "Vi har en egen. Den kan jag skicka runt.", "Skickar runt gemensam rutin."),
    ("", "Jag kan säga att kulturskolan har hundratolv i kö.", None),
    ("Det var bra.", "Jag kollar det.", None),
    ("", "Jag tar tillbaka det.", None),
])
def test_a_task_says_what_it_is_about(before: str, spoken: str, task: str | None) -> None:
    assert promise(spoken, before) == task


def test_a_task_asked_after_and_promised_anew_is_one() -> None:
    asked = "Du sa att du skulle kolla om vi kan få regionens pengar?"
    assert still_to_do(asked, "Det har jag inte hunnit. Jag gör det till nästa gång.") == "Kollar om man kan få regionens pengar."
    assert still_to_do(asked, "Ja, det är klart.") is None
    assert wished("Kan vi få det i siffror per kvartal?", "Det kan jag göra.") == "Gör det i siffror per kvartal."
    assert as_clause("Det är bra.") is None


def test_deadlines_may_be_parts_of_a_month_or_meetings() -> None:
    assert due_of("Ja. Till slutet av nästa vecka.") == "slutet av nästa vecka"
    assert due_of("Den är klar till mötet i mars.") == "mötet i mars"


# ------------------------------------------------------------------ decisions


@pytest.mark.parametrize(("spoken", "decided"), [
    ("Då blir beslutet att vi höjer vuxen till nittio.", "Att höja vuxen till 90."),
    ("Då är det beslutat, start den första september och utvärdering efter ett halvår.", "Start den 1 september och utvärdering efter ett halvår."),
    ("Då säger vi att vi lånar bussen i juni och utvärderar i september.", "Att låna bussen i juni och utvärdera i september."),
    ("Då bestämmer vi oss för den nionde februari för Motala.", "Den 9 februari för Motala."),
    ("Då är det beslutat, från den första oktober.", None),
])
def test_what_is_said_to_be_decided_is_a_decision(spoken: str, decided: str | None) -> None:
    assert decision(digits(spoken)) == decided


def test_a_unit_may_be_told_what_it_does() -> None:
    assert settled_by_chair("Då skickar Växjö sina prov till Halmstad från april.", ["Anna Berg"]) == "Växjö skickar sina prov till Halmstad från april."
    assert settled_by_chair("Då skickar Anna sina prov till Halmstad.", ["Anna Berg"]) is None


def test_a_decision_names_what_its_pronoun_stands_for() -> None:
    assert with_object("Att tillsätta den på halvtid.", ["Ska vi tillsätta tjänsten direkt?"]) == "Att tillsätta tjänsten på halvtid."
    assert with_object("Att tillsätta den på halvtid.", ["Vad säger ni?"]) == "Att tillsätta den på halvtid."


def test_what_is_said_when_it_is_settled_belongs_to_the_decision() -> None:
    talk = said("Anna Berg: Ska vi säga att alla övar brandlarm en gång om året?", "Per Ek: Ja.",
                "Anna Berg: Då bestämmer vi det. En övning på varje enhet, den första före sista september.")
    assert [s.text for s in settled(talk)] == ["Alla övar brandlarm en gång om året: en övning på varje enhet, den första före sista september."]
    talk = said("Per Ek: Jag föreslår att vi testar kylen varje dag.", "Åsa Öberg: Visst.", "Anna Berg: Då gör vi så, från och med i morgon.")
    assert [s.text for s in settled(talk)] == ["Att testa kylen varje dag, från och med i morgon."]


def test_a_proposal_that_others_do_not_want_is_not_settled() -> None:
    talk = said("Per Ek: Förslaget är att barnbiljetten går upp till fyrtiofem.", "Åsa Öberg: Jag tycker inte att vi ska höja för barnen.",
                "Anna Berg: Då gör vi så.")
    assert settled(talk) == []


def test_reservations_votes_and_corrections_of_the_minutes_are_told() -> None:
    agenda = parse_agenda("1. Föregående protokoll").agenda
    talk = said("Anna Berg: Vi röstar.", "Anna Berg: Fyra mot två, och en avstår.", "Per Ek: Då vill jag reservera mig.",
                "Åsa Öberg: Det var fel datum. Jag rättar det.")
    found = standing(Section(item=agenda.items[0].id, utterances=talk), small_meeting(agenda=agenda))
    assert {c.text for c in found} >= {"Omröstningen slutar 4 mot 2, en avstår.", "Per Ek reserverar sig.", "Rättar protokollet."}
    assert next(c for c in found if c.kind is Kind.ACTION).owner == "Åsa Öberg"


def test_a_next_meeting_named_with_the_goodbye_stands_under_the_last_item() -> None:
    agenda = parse_agenda("1. Bemanning\n2. Övrigt").agenda
    goodbye = Section(item=None, utterances=said("Anna Berg: Nästa APT är onsdagen den elfte mars, samma tid. Tack för i dag."))
    sections = [*(Section(item=i.id, utterances=()) for i in agenda), goodbye]
    found = next_meeting(small_meeting(agenda=agenda), sections)
    assert found is not None
    assert found[0] == 1
    assert found[1].text == "Nästa möte hålls onsdagen den 11 mars kl. 13.00."


def test_what_was_let_pass_is_not_off_the_record() -> None:
    talk = said("Åsa Öberg: Jag skriver ett underlag före påsk.", "Anna Berg: Toppen.", "Per Ek: Ingvar i Alvesta har det svårt.",
                "Anna Berg: Det tar vi inte här.")
    assert 0 not in withheld(talk, ["Anna Berg"])
    assert 2 in withheld(talk, ["Anna Berg"])


@pytest.mark.parametrize(("spoken", "written"), [
    ("Vi i Kalmar har två vakanser, och en av dom blir tillsatt i januari.", "Kalmar har 2 vakanser, och en av dem blir tillsatt i januari."),
    ("Kalmar, vi har en hyrläkare året ut.", "Kalmar har en hyrläkare året ut."),
    ("Vi har sjuttio apparater och det är arton av dem som är trasiga.", "Kalmar har 70 apparater och 18 av dem är trasiga."),
    ("Och Lena, tandhygienisten, hon går ner till sjuttiofem procent.", "Tandhygienisten går ner till 75 %."),
    ("Nitton procent var undertriagerade, fast jag vill säga att i fjol var det tjugosju.", "19 % var undertriagerade, i fjol var det 27."),
    ("För tre år sen var det tjugo.", "För 3 år sedan var det 20."),
    ("Det som brister är handsprit före handskar, det är bara sjuttiofyra där.", "Det som brister är handsprit före handskar, det är 74 där."),
])
def test_who_and_how_many_are_told_in_the_order_of_writing(spoken: str, written: str) -> None:
    assert (compress(digits(spoken), "Kalmar") or "").replace("\u00a0", " ") == written


def test_who_stands_by_a_figure_has_not_been_corrected() -> None:
    assert as_corrected(["Där är vi bara uppe i 69.", "Det var väl 96?", "Nej, det är laktat du tänker på. Laktat är 96."]) == {}
    assert as_corrected(["Vi har betat av 140 sedan jul.", "Det är nog fler. Jag räknade i går, och det var 162.", "Åh, vad bra. 162."]) == {
        0: "Vi har betat av 162 sedan jul."}


def test_an_answer_names_what_was_asked_after_in_place_of_a_pronoun() -> None:
    assert with_object_asked("Bolaget lägger om det i påskveckan.", "Golvet i steriliseringen") == "Bolaget lägger om golvet i steriliseringen i påskveckan."
    assert with_object_asked("Det blir bra.", "Golvet") == "Det blir bra."
    assert topic_of("Och halksockor?", []) == "halksockor"


def test_what_is_planned_is_a_task_once_its_day_is_given() -> None:
    talk = said("Per Ek: Jag tänkte att vi skulle göra en lathund för äldre.", "Anna Berg: Bra idé. När kan den vara färdig?",
                "Per Ek: Till midsommar, säg artonde juni.")
    taken = task_in(talk, 0, NAMES)
    assert taken is not None
    assert (taken.task, taken.owner, taken.due, taken.said) == ("Gör en lathund för äldre.", "Per Ek", "18 juni", (talk[0], talk[2]))
    assert task_in(talk[:1], 0, NAMES) is None


def test_a_task_gets_the_day_that_is_asked_for() -> None:
    talk = said("Per Ek: Då skriver jag om rutinen.", "Anna Berg: När?", "Per Ek: Före helgen.")
    taken = task_in(talk, 0, NAMES)
    assert taken is not None
    assert (taken.task, taken.due) == ("Skriver om rutinen.", "Före helgen")
    assert day_asked("Och det är klart till?", "Den första december.") == "Den 1 december"
    assert day_asked("Vad kostar den?", "Den första december.") is None


@pytest.mark.parametrize(("before", "spoken", "task"), [
    ("Kompressorn. Den har stannat. En ny kostar hundratusen.", "Det måste vi göra. Jag beställer den i dag.", "Beställer kompressorn."),
    ("I mars var det jättemycket.", "Det tar jag upp med ledningen på måndag.", "Tar upp det med ledningen."),
    ("", "Jag påminner om att burken ska stängas.", None),
])
def test_a_promise_takes_the_matter_that_was_raised_by_itself(before: str, spoken: str, task: str | None) -> None:
    assert promise(spoken, before) == task


def test_two_are_asked_and_one_is_wished_of() -> None:
    assert request("Bengt och Amira, vill ni skriva ett utkast?") == "Skriver ett utkast."
    assert request("Då tycker jag att du skriver ihop erfarenheterna.") == "Skriver ihop erfarenheterna."
    assert request("Vill ni höra mer?") is None


@pytest.mark.parametrize(("talk", "decided"), [
    (("Per Ek: Vi har ett förslag att lägga färdiga påsar i varje akutrum.", "Anna Berg: Det låter enkelt nog. Ja, gör det."),
     "Att lägga färdiga påsar i varje akutrum."),
    (("Anna Berg: Vad är förslaget?", "Per Ek: Att historiken gallras efter nittio dagar, och att den gamla raderas i september.",
      "Anna Berg: Då beslutar styrgruppen i enlighet med Pers förslag."), "Historiken gallras efter 90 dagar, och den gamla raderas i september."),
    (("Per Ek: Jag föreslår att vi går till två signaturer vid varje uttag.", "Anna Berg: Då inför vi det från den första maj."),
     "Att gå till 2 signaturer vid varje uttag, från den 1 maj."),
])
def test_a_chair_settles_in_few_words_what_others_put_forward(talk: Sequence[str], decided: str) -> None:
    assert [s.text for s in settled(said(*talk))] == [decided]


def test_a_decision_told_with_its_proposer_is_told_without() -> None:
    assert decision("Då har styrgruppen beslutat enligt Malins förslag, kvalitet 60 och pris 40.") == "Kvalitet 60 och pris 40."


def test_a_matter_that_is_sent_back_says_so() -> None:
    agenda = parse_agenda("1. Införandeplan").agenda
    talk = said("Anna Berg: Då återremitteras den till nästa sammanträde.", "Per Ek: Bra.")
    found = standing(Section(item=agenda.items[0].id, utterances=talk), small_meeting(agenda=agenda, chair="Anna Berg"))
    assert [c.text for c in found] == ["Ärendet återremitteras till nästa sammanträde."]


def test_units_named_after_an_illness_are_nobodys_health() -> None:
    names = ["Anna Berg"]
    assert withheld(said("Per Ek: Vi har tjugo platser på strokeenheten. Vi har anställt en neurolog, hon börjar i januari."), names) == {}
    assert withheld(said("Per Ek: Hon fick en stroke i går."), names) != {}


def test_a_strangers_name_hides_nothing_that_was_said_before_it() -> None:
    talk = said("Anna Berg: Vad kostar det?", "Åsa Öberg: En komma sex miljoner om året.", "Per Ek: Vi hade en lärare, Gun-Britt Alm, på avdelningen.",
                "Anna Berg: Inga namn, Per.")
    assert set(withheld(talk, NAMES)) == {2, 3}


def test_what_is_compared_is_not_taken_back() -> None:
    assert retracted_figures(["De hittade fler stora kärl, 9 i stället för 6."]) == set()
    assert retracted_figures(["Det ska stå 9 i stället för 6."]) == {"6"}


@pytest.mark.parametrize(("spoken", "decided"), [
    ("Då skriver gruppen en gemensam skrivelse.", "Gruppen skriver en gemensam skrivelse."),
    ("Då går gruppen vidare till nästa punkt.", None),
])
def test_what_the_group_does_is_a_decision(spoken: str, decided: str | None) -> None:
    assert settled_by_chair(spoken, NAMES) == decided


def test_what_holds_from_a_day_goes_with_what_was_agreed() -> None:
    talk = said("Anna Berg: Kan vi komma överens om att bilderna skickas direkt efter undersökningen?", "Per Ek: Ja.", "Åsa Öberg: Ja, det är rimligt.",
                "Anna Berg: Då gäller det från den första december för alla.")
    assert [s.text for s in settled(talk)] == ["Bilderna skickas direkt efter undersökningen, från den 1 december för alla."]


def test_what_is_asked_for_is_told_without_whom_it_is_for() -> None:
    assert request("Kan du göra en sammanställning som vi kan visa för ledningen?") == "Gör en sammanställning."


@pytest.mark.parametrize("claimed", ["En sjuksköterska från Kalmar är utsedd.", "Inlagda medarbetare behandlas av sjuksköterska."])
def test_information_that_claims_what_nobody_said_is_rejected(claimed: str) -> None:
    stretch = Stretch(None, "Mötet", said("Per Ek: Jag skulle vilja ha med en sjuksköterska från Kalmar. De inlagda väntar sju timmar."))
    meeting = small_meeting()
    proposal = Candidate(Kind.INFORMATION, claimed, None, None, "language_model", ())
    assert Problem.CLAIM in judge(proposal, stretch, support_of(stretch, meeting), meeting, 0.5).problems
