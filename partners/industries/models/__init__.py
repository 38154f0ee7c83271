"""Fields of cooperation and industries."""

from partners.industries.models.cooperation_field import CooperationField
from partners.industries.models.industry import Industry, IndustryLink

__all__ = ["CooperationField", "Industry", "IndustryLink"]
