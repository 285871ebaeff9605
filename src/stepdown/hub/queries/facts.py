"""Facts for the policy, some of them read only when it asks."""

from collections.abc import Callable, Iterator, Mapping


class Later(Mapping[str, object]):
    """Facts of which some (``later``) are read from the store when they are asked for, once."""

    def __init__(
        self, known: Mapping[str, object], later: Mapping[str, Callable[[], object]]
    ) -> None:
        self._known, self._later = dict(known), later

    def __getitem__(self, name: str) -> object:
        if name not in self._known and name in self._later:
            self._known[name] = self._later[name]()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known, *self._later)))

    def __len__(self) -> int:
        return len({*self._known, *self._later})
