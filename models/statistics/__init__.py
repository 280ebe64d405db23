"""Statistics on arrays: intervals, bands, differences."""
