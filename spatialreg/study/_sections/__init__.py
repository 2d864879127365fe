"""The sections that a study file may have, by question."""

from __future__ import annotations

from ._access import AccessSection, ConnectorsSection, LinksSection, NetworkSection
from ._base import Section
from ._clusters import AutocorrelationSection, CrossSection, WeightsSection
from ._composite import CompositeItem, CompositeSection
from ._concentration import (
    OURS,
    ConcentrationSection,
    DecompositionSection,
    DoubtSection,
    MarkSection,
    VintageSection,
)
from ._convergence import ClubsSection, ConvergenceSection
from ._coverage import (
    ClaimsSection,
    CoverageSection,
    EventsSection,
    GrowthSection,
    LevelsSection,
    SideBySideSection,
)
from ._gaps import GapSection, TransfersSection, UrbanRuralSection
from ._inequality import InequalitySection
from ._markets import FlowsSection, MarketSection
from ._monitoring import MonitorSection, TargetSection, WatchedGapSection
from ._places import PanelSection, RegionsSection, StudySection
from ._surface import SurfaceSection

__all__ = [
    "OURS",
    "AccessSection",
    "AutocorrelationSection",
    "ClaimsSection",
    "ClubsSection",
    "CompositeItem",
    "CompositeSection",
    "ConcentrationSection",
    "ConnectorsSection",
    "ConvergenceSection",
    "CoverageSection",
    "CrossSection",
    "DecompositionSection",
    "DoubtSection",
    "EventsSection",
    "FlowsSection",
    "GapSection",
    "GrowthSection",
    "InequalitySection",
    "LevelsSection",
    "LinksSection",
    "MarkSection",
    "MarketSection",
    "MonitorSection",
    "NetworkSection",
    "PanelSection",
    "RegionsSection",
    "Section",
    "SideBySideSection",
    "StudySection",
    "SurfaceSection",
    "TargetSection",
    "TransfersSection",
    "UrbanRuralSection",
    "VintageSection",
    "WatchedGapSection",
    "WeightsSection",
]
