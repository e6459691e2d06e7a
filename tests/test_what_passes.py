"""What may be stated: given talk and a statement about it, what speaks against it; and what the words of the talk settle by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from small_meeting import small_meeting, small_talk

from models.minutes.format import Proposal
from pipeline.agenda import parse_agenda
from pipeline.meeting import (
    Kind,
    Section,
)
from pipeline.stages.propose import from_model, next_meeting, settled_days
from pipeline.stages.settle import settled
from pipeline.stages.stretch import Stretch, support_of
from pipeline.stages.support import Support
from pipeline.stages.verify import FATAL, Problem, problems
from pipeline.swedish.repairs import retracted_figures

SAID = ["Vi hoppas att driftstarten blir vecka tio men det är preliminärt", "Vi har inte fått besked från SSM", "Det kostar två miljoner"]


@pytest.mark.parametrize(("text", "problem"), [
    ("Driftstarten blir preliminärt vecka 10.", None), ("Driftstarten blir preliminärt vecka 12.", Problem.NUMBER),
    ("Besked från Läkemedelsverket har inte lämnats.", Problem.NAME), ("Kostnaden är 2 miljoner kronor.", None),
    ("Vi har inte fått besked.", Problem.FORM),
])
def test_statements_are_checked_against_what_was_said(text: str, problem: Problem | None) -> None:
    support = Support.of(SAID, "Lägesrapport 2026-02-11", retracted_figures(SAID))
    found = FATAL.intersection(problems(Kind.INFORMATION, text, support, " ".join(SAID), SAID))
    assert (problem in found) if problem else not found


def test_figures_of_two_speakers_are_not_joined() -> None:
    talk = ["antalet har ökat från fyra till nio patienter", "totalt har det ökat med sjutton procent"]
    support = Support.of(talk, "", set())
    assert Problem.MIXED in problems(Kind.INFORMATION, "Antalet har ökat från 4 till 17 %.", support, talk[0], talk)
    assert not FATAL.intersection(problems(Kind.INFORMATION, "Antalet patienter har ökat från 4 till 9.", support, talk[0], talk))


def test_a_dropped_negation_is_noticed() -> None:
    support = Support.of(SAID, "", set())
    assert Problem.NEGATION in problems(Kind.INFORMATION, "Besked från SSM har kommit.", support, SAID[1], SAID)


def test_what_a_contrast_ruled_out_is_not_told_as_so() -> None:
    talk = ["vi brukar ju vara i kyrkan men dom lägger om taket", "Hembygdsparken alltså, inte kyrkan. Bra, då vet vi."]
    support = Support.of(talk, "Skolavslutning", set())
    assert Problem.DENIAL in problems(Kind.INFORMATION, "Skolavslutningen hålls i kyrkan.", support, talk[1], talk)
    assert Problem.DENIAL not in problems(Kind.INFORMATION, "Skolavslutningen hålls i hembygdsparken.", support, talk[1], talk)


@pytest.mark.parametrize(("said", "told"), [
    ("Så i år är vi inte i kyrkan utan i hembygdsparken.", "Avslutningen hålls i kyrkan."), ("Ja ja, vagnen då. Lego får vänta.", "Lego köps in.")])
def test_what_was_given_up_for_something_else_is_not_told_as_so(said: str, told: str) -> None:
    talk = ["Ska vi vara i kyrkan som vanligt?", "Vi har talat om att köpa in lego till avslutningen.", said]
    assert Problem.DENIAL in problems(Kind.DECISION, told, Support.of(talk, "Avslutning", set()), talk[2], talk)


def test_a_figure_that_belongs_to_something_else_does_not_pass() -> None:
    talk = ["Sökande till förskoleklass är 84 och platserna är 75, det blir ont om platser till hösten.",
            "Sen har vi matsalen i Granskolan där bullret var högt, och fritids på lovet hade en kö på 9 familjer."]
    support = Support.of(talk, "Läge", set())
    assert Problem.PLACE in problems(Kind.INFORMATION, "Antalet platser i förskoleklass är 9.", support, talk[0], talk)
    assert Problem.PLACE not in problems(Kind.INFORMATION, "Antalet platser i förskoleklass är 75.", support, talk[0], talk)
    assert Problem.PLACE not in problems(Kind.INFORMATION, "Kön till fritids omfattar 9 familjer.", support, talk[1], talk)


def test_a_day_that_the_calendar_lacks_does_not_pass() -> None:
    talk = ["paragraferna börjar på trettioett i april"]
    support = Support.of(talk, "2026-02-11 2026", set())
    assert Problem.NUMBER in problems(Kind.INFORMATION, "Paragraferna börjar den 31 april.", support, talk[0], talk)
    assert Problem.NUMBER in problems(Kind.INFORMATION, "Paragraferna börjar den 2026:e.", support, talk[0], talk)


def test_the_year_of_the_meeting_is_no_amount() -> None:
    talk = ["Ersättningen är 18 kronor per patient och gäller hela året."]
    support = Support.of(talk, "Lägesrapport 2026-02-11 2026", set())
    for amount in ("2026 kronor", "18 2026 kronor"):
        assert Problem.NUMBER in problems(Kind.INFORMATION, f"Ersättningen är {amount} per patient.", support, talk[0], talk)
    assert Problem.NUMBER not in problems(Kind.INFORMATION, "Ersättningen är 18 kronor per patient under hela 2026.", support, talk[0], talk)


def _judged(talk: Sequence[tuple[str, str]], *told: str, kind: str = "info") -> list[tuple[Problem, ...]]:
    """What speaks against statements of a language model about a stretch, as whole drafts ask."""
    stretch = Stretch(None, "Läget", small_talk(talk))
    return [c.problems for t in told for c in from_model([Proposal(kind, t)], stretch, support_of(stretch, small_meeting()), small_meeting(), 0.65)]


@pytest.mark.parametrize(("sure", "told", "passes"), [
    (-0.4, "Skickar fram mallen om personerna.", False), (-0.05, "Skickar fram mallen om personerna.", True), (-0.4, "Skickar ut mallen på fredag.", True),
    (None, "Skickar fram mallen om personerna.", True)])
def test_a_task_that_the_model_is_not_sure_of_must_be_said_in_nearly_its_words(sure: float | None, told: str, passes: bool) -> None:
    stretch = Stretch(None, "Läget", small_talk([("Anna Berg", "Vi har mallen och personerna som ska ha den."), ("Per Ek", "Ja, jag skickar ut mallen på fredag.")]))
    proposed = [Proposal("åtgärd", told, "Per Ek", sure=sure)]
    [found] = from_model(proposed, stretch, support_of(stretch, small_meeting()), small_meeting(), 0.5)
    assert (Problem.UNSURE in found.problems) is not passes


def test_what_is_only_asked_is_no_statement_until_somebody_says_so() -> None:
    asked, told = "Ultraljudet på Ekevik, är det nån som kan kolla om det skickar till den nya noden?", "Ultraljudet på Ekevik skickar till den nya noden."
    assert Problem.ASKED in _judged([("Åsa Öberg", asked), ("Per Ek", "Men kön från i torsdags måste vi ta.")], told)[0]
    assert _judged([("Åsa Öberg", asked), ("Per Ek", "Ja, det gör det.")], told) == [()]
    assert Problem.ASKED not in _judged([("Åsa Öberg", "Skickar ultraljudet på Ekevik till den nya noden?"), ("Per Ek", "Nej.")],
                                        "Ultraljudet på Ekevik skickar inte till den nya noden.")[0]


@pytest.mark.parametrize(("answers", "fell"), [
    ([("Åsa Öberg", "Femton? Nä, det vill jag inte."), ("Anna Berg", "Då väntar vi med det.")], True),
    ([("Åsa Öberg", "Vi provade det i fjol."), ("Per Ek", "Nej okej, då stryker vi det.")], True),
    ([("Åsa Öberg", "Nej, är inte det för lite?"), ("Anna Berg", "Nej, då säger vi femton minuter.")], False),
    ([("Åsa Öberg", "Finns det någon risk?"), ("Per Ek", "Nej, ingen."), ("Anna Berg", "Bra.")], False),
    ([("Åsa Öberg", "Bra, det gör vi.")], False)])
def test_what_was_proposed_and_turned_down_is_not_told_as_so(answers: list[tuple[str, str]], fell: bool) -> None:
    [found] = _judged([("Per Ek", "Jag föreslår att alla ger läkemedlet efter femton minuter."), *answers], "Läkemedlet ges efter 15 minuter.")
    assert (Problem.FELL in found) is fell


def test_what_answers_a_proposal_may_stand_after_the_stretch() -> None:
    talk = small_talk([("Per Ek", "Jag föreslår att alla ger läkemedlet efter femton minuter."), ("Åsa Öberg", "Nej, det tycker jag inte.")])
    stretch = Stretch(None, "Läget", talk[:1], talk[1:])
    [found] = from_model([Proposal("info", "Läkemedlet ges efter 15 minuter.")], stretch, support_of(stretch, small_meeting()), small_meeting())
    assert Problem.FELL in found.problems


@pytest.mark.parametrize(("task", "holds"), [("Bokar lokalen.", True), ("Beställer blodtrycksmätare.", False), ("Öppnar mötet.", False)])
def test_a_task_is_of_what_its_owner_talks_about(task: str, holds: bool) -> None:
    talk = [("Anna Berg", "Då öppnar jag mötet. Kan du boka lokalen, Per?"), ("Per Ek", "Ja, det gör jag."),
            ("Åsa Öberg", "Blodtrycksmätaren är trasig."), ("Anna Berg", "Jag tar det.")]
    stretch = Stretch(None, "Läget", small_talk(talk))
    [found] = from_model([Proposal("åtgärd", task, "Per Ek")], stretch, support_of(stretch, small_meeting()), small_meeting())
    assert found.passes is holds


def test_a_task_is_of_who_says_so_or_is_asked_by_name() -> None:
    talk = [("Anna Berg", "Per, tar du och bokar tider på verkstan?"), ("Per Ek", "Ja, jag gör väl det."), ("Åsa Öberg", "Jag mejlar kontaktmännen om planerna.")]
    stretch = Stretch(None, "Läget", small_talk(talk))
    proposals = [Proposal("åtgärd", "Bokar tider på verkstan.", "Anna Berg"), Proposal("åtgärd", "Mejlar kontaktmännen om planerna.", "Per Ek")]
    assert [c.owner for c in from_model(proposals, stretch, support_of(stretch, small_meeting()), small_meeting())] == ["Per Ek", "Åsa Öberg"]


def test_hearsay_is_a_sentence_not_all_that_is_said_in_one_breath() -> None:
    talk = [("Per Ek", "Nej, det är bara rykten. Löneöversynen är klar i april."), ("Åsa Öberg", "Jag hörde av nån i Motala att taxan höjs.")]
    fact, rumour = _judged(talk, "Löneöversynen är klar i april.", "Taxan i Motala höjs.")
    assert Problem.HEARSAY not in fact
    assert Problem.HEARSAY in rumour


@pytest.mark.parametrize(("told", "problem"), [
    ("25 av 22 patienter bokades om.", Problem.MIXED), ("22 av 22 patienter bokades om.", Problem.MIXED), ("22 av 25 patienter bokades om.", None),
    ("De bokade patienterna är 22 av dem.", Problem.FORM), ("Patienterna bokades om od.", Problem.SPELLING), ("Patienter beslutar om 22 av 25 bokade.", Problem.CLAIM),
    ("22 patienter bokades om i Kalmar.", Problem.MIXED)])
def test_what_no_secretary_would_write_does_not_pass(told: str, problem: Problem | None) -> None:
    talk = [("Anna Berg", "Det regnar visst i Kalmar."), ("Tomas Hedin", "Ja, hela veckan."), ("Åsa Öberg", "Hur många blev det?"), ("Tomas Hedin", "Av vilka?"),
            ("Per Ek", "Vi fick boka om tjugotvå av tjugofem patienter.")]
    [found] = _judged(talk, told)
    assert problem in found if problem else found == ()


def test_the_day_of_the_meeting_is_no_figure_of_its_matters() -> None:
    [found] = _judged([("Per Ek", "I Kalmar har alla gått utbildningen.")], "I Kalmar har 11 % gått utbildningen.")  # the meeting is on the 11th
    assert Problem.NUMBER in found


def test_a_sentence_put_together_from_talk_that_lies_apart_does_not_pass() -> None:
    talk = [("Per Ek", "Grävmaskinen väntar väl där också."), ("Åsa Öberg", "Säg inte så."), ("Anna Berg", "Hur går det för er andra?"),
            ("Tomas Hedin", "Avvecklingen den tuffar på, fjorton servrar är kvar av femtiotvå.")]
    joined, said = _judged(talk, "Grävmaskinen väntar på avveckling.", "14 av 52 servrar är kvar i avvecklingen.")
    assert Problem.MIXED in joined
    assert Problem.MIXED not in said


def test_what_the_words_of_the_talk_are_put_together_to_say_does_not_pass() -> None:
    talk = [("Per Ek", "Larmet går på tjugofem grader. Det blev varmt. Dom bytte en fläkt i måndags så nu fungerar den.")]
    joined, said = _judged(talk, "En fläkt i larmet fungerade.", "De bytte en fläkt i måndags.")
    assert Problem.ORDER in joined
    assert said == ()


@pytest.mark.parametrize(("talk", "decided"), [
    ([("Per Ek", "Jag föreslår att vi kör ett pilotprojekt i Kalmar i höst, med trehundra fall."), ("Åsa Öberg", "Vi är på."), ("Anna Berg", "Då gör vi det.")],
     "Att köra ett pilotprojekt i Kalmar i höst, med 300 fall."),
    ([("Anna Berg", "Röd etikett på burken, från och med första juni. Är alla överens?"), ("Per Ek", "Ja.")], "Röd etikett på burken, från och med 1 juni."),
    ([("Anna Berg", "Vi utnyttjar optionen, tycker jag. Är det nån som är emot det? Nej.")], "Att utnyttja optionen."),
    ([("Anna Berg", "Samma aktivitet, femhundra megabecquerel, på alla tre."), ("Per Ek", "Ja."), ("Åsa Öberg", "Ja, det är bra."), ("Anna Berg", "Då är det beslutat.")],
     "Samma aktivitet, 500 megabecquerel, på alla 3."),
    ([("Per Ek", "Då säger vi så. Väntetiden redovisas som median från behandlingsbeslut till första fraktion.")],
     "Väntetiden redovisas som median från behandlingsbeslut till första fraktion."),
    ([("Per Ek", "Jag föreslår att vi köper in larmknappar."), ("Åsa Öberg", "Nej, det vill jag inte."), ("Anna Berg", "Då gör vi så.")], None),
    ([("Per Ek", "Kan vi inte ta sjuan före fyran?"), ("Anna Berg", "Då gör vi så.")], None),
])
def test_what_was_put_forward_and_settled_is_a_decision_in_its_own_words(talk: list[tuple[str, str]], decided: str | None) -> None:
    assert [s.text for s in settled(small_talk(talk))] == ([decided] if decided else [])


def test_the_next_meeting_may_have_another_name() -> None:
    meeting = small_meeting(agenda=parse_agenda("1. Väntetider\n2. Nästa kvalitetsråd").agenda)
    talk = small_talk([("Anna Berg", "Tionde mars, kvart över åtta."), ("Per Ek", "Det går bra.")])
    found = next_meeting(meeting, [Section(item="2", utterances=talk)])
    assert found is not None
    assert found[1].text == "Nästa möte hålls tisdagen den 10 mars kl. 08.15."


def test_a_day_that_the_chair_settles_is_told_with_its_matter() -> None:
    meeting = small_meeting()
    talk = small_talk([("Anna Berg", "Per, julbordet."), ("Per Ek", "Torsdagen den tionde går."), (str(meeting.chair), "Då blir det torsdag den tionde december.")])
    [found] = settled_days(Section(item=None, utterances=talk), meeting)
    assert (found.kind, found.text) == (Kind.DECISION, "Julbordet: torsdag den 10 december.")


@pytest.mark.parametrize("broken", [
    "Semesterlistan är utsk tal sedan i måndags.", "Semesterlistan har skickas ut till alla.", "Semesterlistan är inte skickas ut.",
    "Semesterlistan ska skickats ut till alla.", "Semesterlistan till alla på måndag."])
def test_what_is_no_swedish_sentence_does_not_pass(broken: str) -> None:
    talk = [("Åsa Öberg", "Semesterlistan är utskickad till alla, den skickades ut i måndags, och det har varit tal om den.")]
    [found, right] = _judged(talk, broken, "Semesterlistan skickades ut till alla i måndags.")
    assert {Problem.SPELLING, Problem.FORM} & set(found)
    assert right == ()


def test_the_part_of_the_day_that_was_told_decides_the_hour() -> None:
    talk = [("Per Ek", "Vi flyttar jobbet till natten. Till klockan två, och mötet börjar klockan tre.")]
    right, wrong = _judged(talk, "Jobbet flyttas till kl. 02.00 på natten.", "Jobbet flyttas till kl. 14.00.")
    assert Problem.NUMBER not in right
    assert Problem.NUMBER in wrong


def test_a_weekday_that_is_not_the_dates_does_not_pass_unless_it_was_said() -> None:
    talk = [("Per Ek", "Stoppet för inköp gäller från måndag, sen ses vi i maj. Den tjugonde börjar det, och torsdag den femtonde mars är det slut.")]
    made_up, said = _judged(talk, "Stoppet för inköp gäller från måndag den 20 maj.", "Stoppet för inköp är slut torsdag den 15 mars.")
    assert Problem.DAY in made_up
    assert Problem.DAY not in said


@pytest.mark.parametrize(("said", "due", "kept"), [
    ("senast den sjugonde februari", "den 2 februari", None), ("senast den sjugonde februari", "den 11 februari", None),
    ("senast den tjugonde februari", "den 20 februari", "den 20 februari"), ("till nästa möte", "nästa möte", "nästa möte")])
def test_a_deadline_whose_day_was_not_said_is_left_out(said: str, due: str, kept: str | None) -> None:
    meeting = small_meeting()  # 2026-02-11: the model knows the day, too
    stretch = Stretch(None, "Läge", small_talk([("Anna Berg", "Kan du skicka tidplanen?"), ("Per Ek", f"Ja, jag skickar tidplanen {said}.")]))
    [task] = from_model([Proposal("åtgärd", "Skickar tidplanen.", "Per Ek", due)], stretch, support_of(stretch, meeting), meeting)
    assert task.due == kept


def test_what_holds_of_a_proposal_stays_together_when_one_sentence_of_it_falls() -> None:
    meeting = small_meeting()
    stretch = Stretch(None, "Läge", small_talk([("Per Ek", "Vi har fått två nya kameror. Driftstart är vecka 10. Kön är fem veckor.")]))
    proposed = [Proposal("info", "Två nya kameror har kommit. Driftstart är vecka 12. Kön är 5 veckor.", None, None)]
    found = from_model(proposed, stretch, support_of(stretch, meeting), meeting)
    assert [c.text for c in found if c.passes] == ["Två nya kameror har kommit. Kön är 5 veckor."]
    assert [c.text for c in found if not c.passes] == ["Driftstart är vecka 12."]


def test_what_is_put_off_by_the_group_is_a_decision() -> None:
    meeting = small_meeting()
    stretch = Stretch(None, "Arbetsplan", small_talk([("Anna Berg", "Vi skjuter på arbetsplanen till aprilmötet."), ("Per Ek", "Ja, det är lika bra.")]))
    [found] = from_model([Proposal("info", "Arbetsplanen skjuts upp till mötet i april.", None, None)], stretch, support_of(stretch, meeting), meeting)
    assert found.passes
    assert found.kind is Kind.DECISION


def test_what_is_filed_does_not_become_what_is_struck() -> None:
    talk = ["Då lägger vi minnesanteckningarna till handlingarna."]
    text = "Minnesanteckningarna utgår i handlingarna."
    assert Problem.CLAIM in problems(Kind.DECISION, text, Support.of(talk, "", set(), []), talk[0], talk)


def test_per_cent_holds_for_the_figures_after_it_until_there_is_another_unit() -> None:
    talk = ["Deltagandet är 63 procent. Bland kvinnorna är det 69.", "Målet är 30 dagar och snittet är 41. Umeå har 58, så det är där det brister."]
    support = Support.of(talk, "", set())
    assert Problem.UNIT not in problems(Kind.INFORMATION, "Deltagandet bland kvinnorna är 69 %.", support, talk[0], talk)
    assert Problem.UNIT in problems(Kind.INFORMATION, "Umeå har 58 %, så det är där det brister.", support, talk[1], talk)


def test_a_decision_says_more_than_the_heading_does() -> None:
    agenda = parse_agenda("4. Tarmcancerscreening").agenda
    talk = (("Anna Berg", "Är vi överens om det, påminnelse efter sex veckor?"), ("Per Ek", "Ja."), ("Anna Berg", "Då är det beslutat, från den första oktober."))
    meeting = small_meeting()
    stretch = Stretch(agenda.items[0], agenda.items[0].title, small_talk(talk))
    proposals = [Proposal("beslut", "Tarmcancerscreening genomförs från den 1 oktober."), Proposal("beslut", "Påminnelse efter 6 veckor.")]
    heading, said = from_model(proposals, stretch, support_of(stretch, meeting), meeting)
    assert Problem.WORDS in heading.problems
    assert said.passes
