"""What became of money that was paid."""

SPARE = {  # paid for nothing, by the kind of anomaly: « 3,40 € sont un avoir sur votre compte : … »
    "debt": "votre restant dû avait été réglé entre-temps",
    "member": "une de ces adhésions était déjà payée",
}
