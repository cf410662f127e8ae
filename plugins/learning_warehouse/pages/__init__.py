"""The pages of a generation: front page, data trust, marts, and the hardened documentation of GX and dbt.

Plain HTML by jinja2 with autoescape, one small CSS put into each page, charts as inline SVG, no script of ours, no
address of any other host. Everything that comes from a vendor is treated as hostile text.
"""
