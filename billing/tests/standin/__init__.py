"""The stand-in for Stripe under test: what it does, and its shape against Stripe's specification."""
