"""What is done in the background, as the mairie reads it: a name for each job of `jobs/registry.py`."""

JOBS = {
    "send_email": "Envoyer un courriel",
    "write_receipt": "Écrire un ticket",
    "write_late_payment": "Écrire à propos d’un paiement tardif",
    "write_anomalies": "Écrire à la mairie ce qui est à voir",
    "write_confirmation": "Écrire une confirmation",
    "tell": "Avertir une famille",
    "draft_invoices": "Préparer des factures",
    "issue_invoices": "Émettre des factures",
    "draw_papers": "Dessiner des factures",
    "draw_letters": "Rassembler les factures à imprimer",
    "poll_bank": "Demander à la banque",
    "notify_portal": "Avertir le portail (banque de démonstration)",
    "promote": "Attribuer une place libérée",
    "expire_holds": "Libérer les places non payées",
    "lapse_offers": "Passer les places sans réponse au suivant",
    "sweep": "Faire le ménage",
}
