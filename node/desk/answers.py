"""The three choices of the safety form (安否情報): who may be told, as the person said it."""

from dataclasses import dataclass

from node.desk.post import Post
from node.desk.views import Done
from node.errors import AnswersContradict
from node.people.facets import Answers, from_content
from node.people.facets.kinds import Answer
from node.records.kinds import ANSWERS


@dataclass(frozen=True, slots=True)
class Choices:
    """None: not asked. That counts as yes to kin and to acquaintances, and as no to anyone."""

    kin: bool | None = None
    acquaintances: bool | None = None
    anyone: bool | None = None

    @property
    def contradict(self) -> bool:
        """Whether anyone may be told, but not some who are among them."""
        return self.anyone is True and False in (self.kin, self.acquaintances)


class SafetyAnswers:
    """What people chose on the safety form."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def of(self, subject: bytes) -> Choices:
        """The choices of a person, all not asked where nothing was said.

        Raises:
            SubjectUnknown: nobody of that id is known here.
        """
        self._post.person(subject)
        for held in self._post.ledger.heads(subject, ANSWERS):
            said = from_content(ANSWERS, held.record.content)
            if isinstance(said, Answers):
                return Choices(_chosen(said.kin), _chosen(said.acquaintances), _chosen(said.anyone))
        return Choices()

    def say(self, subject: bytes, choices: Choices) -> Done:
        """Write down what the person chose.

        Raises:
            AnswersContradict: anyone may be told, but kin or acquaintances, who are among them, may not.
            SubjectUnknown: nobody of that id is known here.
        """
        self._post.person(subject)
        if choices.contradict:
            raise AnswersContradict
        said = Answers(kin=_said(choices.kin), acquaintances=_said(choices.acquaintances), anyone=_said(choices.anyone))
        with self._post.pen.sheet(operator=self._post.operator, act="answers") as sheet:
            sheet.put(subject, ANSWERS, said)
            undo = sheet.remember("answers", self._post.entropy(16))
        return Done((subject,), len(sheet.written), undo)


def _chosen(answer: int) -> bool | None:
    return {int(Answer.YES): True, int(Answer.NO): False}.get(int(answer))


def _said(choice: bool | None) -> Answer:
    return Answer.UNSPECIFIED if choice is None else Answer.YES if choice else Answer.NO
