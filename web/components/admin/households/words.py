"""What keeps two files from being merged, in French: what, why, where it is put right, the verb."""

FAMILIES = "/mairie/familles"
OBSTACLES = {  # {0} the id of the file that would be closed, {1} its number, {2} whom it is about
    "merged": ("L’un des deux est déjà fermé", "Prenez le dossier qui reste.", FAMILIES, "Familles"),
    "anonymised": ("L’un des deux est anonymisé", "Plus personne n’y est nommé.", FAMILIES, "Familles"),
    "payment": (
        "Un paiement est en cours",
        "Il aboutit ou expire en quelques minutes.",
        FAMILIES + "/{0}",
        "Voir",
    ),
    "debit": (
        "Un prélèvement est en cours",
        "Attendez que la banque ait répondu.",
        "/mairie/prelevements",
        "Prélèvements",
    ),
    "mandate": (
        "Le dossier à fermer a un mandat de prélèvement",
        "Révoquez-le, ou gardez plutôt ce dossier.",
        "/mairie/prelevements",
        "Prélèvements",
    ),
    "refund": (
        "Un remboursement n’est pas fini",
        "Versez-le ou refusez-le d’abord.",
        "/mairie/regie/familles/{0}",
        "Avoirs et remboursements",
    ),
    "uninvoiced": (
        "Des jours passés restent à facturer",
        "Émettez leurs factures, ou gardez plutôt ce dossier.",
        "/mairie/facturation",
        "Facturation",
    ),
    "unsure": (
        "Des jours à venir ne sont pas confirmés",
        "Ils sont demandés, en attente d’une place ou en cours de paiement.",
        "/mairie/liste-attente",
        "Liste d’attente",
    ),
    "requests": (
        "Une demande attend une réponse",
        "Répondez-y d’abord.",
        "/mairie/demandes?recherche={1}",
        "Demandes",
    ),
    "class_event": (
        "Une sortie de classe a annulé des jours",
        "Ils reviennent si elle est retirée\u00a0: attendez qu’elle soit passée.",
        "/mairie/classes-absentes",
        "Classes absentes",
    ),
    "accounts": (
        "Deux accès au portail pour {2}",
        "Fermez-en un\u00a0: celui dont la famille ne se sert pas.",
        "/mairie/comptes?recherche={1}",
        "Comptes",
    ),
    "twice": (
        "Un même jour est réservé deux fois pour {2}",
        "Annulez ce jour dans l’un des deux dossiers.",
        FAMILIES + "/{0}",
        "Voir",
    ),
    "health": (
        "Deux fiches santé différentes pour {2}",
        "Demandez à la famille, et écrivez la même chose dans les deux.",
        FAMILIES + "/{0}/sante",
        "Santé",
    ),
    "elsewhere": (
        "Un second foyer pour {2}",
        "Cet enfant saisi deux fois vit aussi dans un autre dossier\u00a0: fusionnez d’abord celui-là.",
        FAMILIES + "/{0}/enfants",
        "Enfants",
    ),
}
PARTING = {  # the same, of one file
    **OBSTACLES,
    "merged": ("Ce dossier est fermé", "Prenez celui qui le remplace.", FAMILIES, "Familles"),
    "anonymised": ("Ce dossier est anonymisé", "Plus personne n’y est nommé.", FAMILIES, "Familles"),
}
CHOICES = {  # of the days to come that are the new home's
    "cancel": "Les annuler\u00a0: ce qui est payé devient un avoir de ce foyer",
    "move": "Les passer au nouveau foyer, qui les doit\u00a0; ce foyer en a l’avoir",
    "keep": "Les laisser à ce foyer, qui les paie",
}
