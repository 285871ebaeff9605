"""A layer rule that import-linter has no word for: which outside packages a package may import."""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Externals(Contract):
    """Each of ``packages`` ("name: allowed allowed") imports the standard library and those named.

    Only direct imports count: what a named package pulls in is its own affair, and what comes by
    way of the house itself is the business of its layers. A package that is not there yet is kept
    to its word from the day it appears.
    """

    packages = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of an outside package that the contract does not name."""
        root = self.session_options["root_packages"][0]
        broken: list[str] = []
        for line in self.packages:  # type: ignore[attr-defined]
            package, _, names = str(line).partition(":")
            allowed = {root, *names.split(), *sys.stdlib_module_names}
            if package not in graph.modules:
                continue
            for module in sorted({package, *graph.find_descendants(package)}):
                for imported in sorted(graph.find_modules_directly_imported_by(module)):
                    if imported.partition(".")[0] not in allowed:
                        broken.append(f"{module} imports {imported}")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import that is not allowed."""
        broken: list[Any] = check.metadata["broken"]
        for line in broken:
            output.print_error(line)
            output.new_line()
