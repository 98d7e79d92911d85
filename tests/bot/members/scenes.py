"""A whole talk in Bengali and in Hindi, to be played on any stage and read by members."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from tests.bot.members.lane import CODE

Role: TypeAlias = Literal["she", "member", "press"]
TAG = re.compile(r"(?<![0-9A-Z])[2-9ACFHJKLMRTUWY]{6}(?![0-9A-Z])", re.ASCII)

SCENES: dict[str, Sequence[tuple[Role, str]]] = {
    "bn": (
        ("she", "নমস্কার, কেমন আছেন"), ("she", "1"), ("she", "9"), ("she", "1"), ("she", "1"), ("she", "বসিরহাট"),
        ("she", "1"), ("she", "3"),
        ("press", "আমি নিচ্ছি"),
        ("she", "অফিস একটা ফর্ম দিয়েছে, কিছু বুঝছি না"),
        ("member", "পড়লাম। ফর্মের উপরে কী লেখা আছে?"),
        ("she", "রাজ্যের অফিস লেখা"),
        ("press", "কী করব"), ("press", "তৈরি কথা"), ("press", "কাগজে তারিখ লেখা আছে?"),
        ("she", "2"),
        ("member", "আমার নম্বর 5550000002, ফোন করুন"),
        ("press", "কী করব"), ("press", "নোট"), ("member", "জুনে আবার জিজ্ঞেস করতে হবে"),
        ("press", "কী করব"), ("press", "আলাপ বন্ধ"), ("press", "তিনি সাহায্য পেয়েছেন"),
        ("she", "3"), ("she", "00"),
    ),
    "hi": (
        ("she", "नमस्ते, आप कैसी हैं"), ("she", "1"), ("she", "9"), ("she", "1"), ("she", "1"), ("she", "बशीरहाट"),
        ("she", "1"), ("she", "3"),
        ("press", "मैं लेती हूँ"),
        ("she", "ऑफ़िस ने एक फ़ॉर्म दिया, कुछ समझ नहीं आया"),
        ("member", "पढ़ लिया। फ़ॉर्म के ऊपर क्या लिखा है?"),
        ("she", "राज्य का ऑफ़िस लिखा है"),
        ("press", "क्या करूँ"), ("press", "तैयार बात"), ("press", "कागज़ पर तारीख लिखी है?"),
        ("she", "2"),
        ("member", "मेरा नंबर 5550000002 है, फ़ोन कीजिए"),
        ("press", "क्या करूँ"), ("press", "नोट"), ("member", "जून में फिर पूछना है"),
        ("press", "क्या करूँ"), ("press", "बातचीत बंद"), ("press", "उन्हें मदद मिली"),
        ("she", "3"), ("she", "00"),
    ),
}  # fmt: skip
PREFIX = {"bn": "দিদি: ", "hi": "दीदी: "}


class Stage(Protocol):
    """Where a scene is played: what each side does, and what each has read so far."""

    def she(self, text: str) -> None:
        """She sends an SMS."""

    def member(self, text: str) -> None:
        """The member writes."""

    def press(self, label: str) -> None:
        """The member presses the newest button with this label."""

    def her_texts(self) -> Sequence[str]:
        """All that she has read."""

    def member_texts(self) -> Sequence[str]:
        """All that the member has read."""


@dataclass(slots=True)
class Play:
    """A scene that is played, line by line, as it is written down."""

    stage: Stage
    lines: list[str] = field(default_factory=list)
    read: list[int] = field(default_factory=lambda: [0, 0])

    def run(self, scene: Sequence[tuple[Role, str]]) -> str:
        """Play all of it; the whole as a member can read it."""
        self._hear()
        for role, text in scene:
            told = {"she": f"She: {text}", "member": f"Member: {text}", "press": f"Member presses: {text}"}[role]
            self.lines.append(f"- **{told.partition(': ')[0]}:** {text}")
            getattr(self.stage, role)(text)
            self._hear()
        return "\n".join(self.lines) + "\n"

    def _hear(self) -> None:
        for at, (whose, texts) in enumerate((("She", self.stage.her_texts()), ("Member", self.stage.member_texts()))):
            for text in texts[self.read[at] :]:
                shown = TAG.sub("ABC234", CODE.sub("1234 5678", text)).replace("\n", " / ")
                self.lines.append(f"    - *{whose} reads:* {shown}")
            self.read[at] = len(texts)
