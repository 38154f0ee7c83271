"""Refusal of a case that cannot give a right result."""


class Refused(ValueError):
    """A case refused before the run. ``code`` is stable and for programs, ``items`` name what is wrong.

    ``str()`` is the English sentence, made of ``template`` and ``items`` (so that a translation of the template by
    ``code`` gives the same sentence in another language).
    """

    def __init__(self, code: str, template: str, /, **items):
        self.code, self.template = code, template
        self.items = {name: str(item) for name, item in items.items()}
        super().__init__(template % self.items)
