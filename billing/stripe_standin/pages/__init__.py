"""The pages that Stripe hosts: Checkout, billing portal, invoices, receipts. They work without JavaScript."""
