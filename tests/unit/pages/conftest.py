"""Lets the tests of this folder import its two helper modules."""
