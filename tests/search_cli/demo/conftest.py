"""The fictional sites, built once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.demo.sites import DemoSites, build


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> DemoSites:
    return build(tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="session")
def folder(sites: DemoSites) -> Path:
    return sites.folder
