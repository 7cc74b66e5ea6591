"""Numbered references, for which each page is read once a build.

Sphinx itself would read the page with the figure again for each of them.
"""

from functools import cache, cached_property
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment


class _ReadOnce:
    """An environment whose trees are kept; only for those who do not change them."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self.get_doctree = cache(env.get_doctree)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


class _Standard(StandardDomain):
    @cached_property
    def _once(self) -> _ReadOnce:
        return _ReadOnce(self.env)

    def _resolve_numref_xref(self, env: BuildEnvironment, *reference: Any) -> nodes.Element | None:
        return super()._resolve_numref_xref(self._once, *reference)  # type: ignore[arg-type]


def setup(app: Sphinx) -> None:
    """Put the domain in the place of Sphinx's own, of which it is one."""
    app.add_domain(_Standard, override=True)
