"""What Stripe would do, one file per resource: state changes and the events they cause."""
