"""Layer rules that import-linter has no word for."""

import sys
from typing import Any

from grimp import ImportGraph, build_graph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.protected import ProtectedContract


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


class ProtectedAtRuntime(ProtectedContract):
    """Protected modules whose names others may still write in annotations.

    An import under ``if TYPE_CHECKING`` is never carried out, so it hands nobody the module: a page
    may say in its signature which record it is given without being able to fetch or write one.
    """

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Forget the imports that only a type checker follows, then check as usual."""
        root = self.session_options["root_packages"][0]
        real = build_graph(root, include_external_packages=True, exclude_type_checking_imports=True)
        for importer in graph.modules & real.modules:
            imported = graph.find_modules_directly_imported_by(importer)
            for module in imported - real.find_modules_directly_imported_by(importer):
                graph.remove_import(importer=importer, imported=module)
        return super().check(graph, verbose)
