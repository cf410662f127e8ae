"""Learning Warehouse: joins LMS, HRIS, tickets and CRM every night and says honestly whether learning changed anything."""

__version__ = "0.1.0"
