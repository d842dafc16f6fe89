"""How an act says no."""


class Refused(Exception):
    """An act was not done; the sentence says why and what to do next. Nothing has changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
