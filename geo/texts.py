"""A text in the three languages that readers see."""

from dataclasses import dataclass

__all__ = ["Text3"]


@dataclass(frozen=True)
class Text3:
    """One text in the three languages that readers of a map see.

    Attributes
    ----------
    zh, en, ja
        Chinese, English, Japanese.
    """

    zh: str
    en: str
    ja: str

    def described(self) -> dict[str, str]:
        """Return the text by language.

        Returns
        -------
        dict
            Keys ``zh``, ``en``, ``ja``.
        """
        return {"zh": self.zh, "en": self.en, "ja": self.ja}
