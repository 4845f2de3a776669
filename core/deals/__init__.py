"""Deals of resellers: from an intent, reviewed, to a quote, an invoice and a payment."""
