"""Sandbox: four vendors' APIs over real HTTP, answered from the ledger of a simulated company.

One server (`server`) routes by the Host header and acts as a plain-http forward proxy, so a client keeps the vendor's
real URL. Each vendor is one face (`absorb`, `bamboohr`, `zendesk`, `salesforce`) over its records (`records`), which show
only what is known at the sandbox's `now`. `process` starts and stops it as a child process.
"""
