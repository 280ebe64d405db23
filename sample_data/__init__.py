"""Synthetic work orders of the invented 示例区, with a known truth. Nothing here describes real persons or places."""
