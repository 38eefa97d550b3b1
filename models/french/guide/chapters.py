"""The chapters of the guide, step by step. A button is called what its page calls it."""

from dataclasses import dataclass

from models.rules.money import NBSP


@dataclass(frozen=True, slots=True)
class Chapter:
    """`when`: what the commune must have for it (`models/rulebook/guide.py`); none: it is always there."""

    anchor: str
    title: str
    opening: str
    steps: tuple[str, ...]
    after: tuple[str, ...] = ()
    when: str = ""


def _said(text: str) -> str:
    """French spaces: « », before : ; ! ?"""
    for mark in (":", ";", "!", "?", "»"):
        text = text.replace(f" {mark}", f"{NBSP}{mark}")
    return text.replace("« ", f"«{NBSP}")


def _chapter(anchor: str, title: str, opening: str, steps: str, after: str = "", when: str = "") -> Chapter:
    """A line each."""
    lines = [
        tuple(_said(" ".join(line.split())) for line in text.strip().splitlines() if line.strip())
        for text in (steps, after)
    ]
    return Chapter(anchor, _said(title), _said(opening), lines[0], lines[1], when)


CHAPTERS = (
    _chapter(
        "premiere-connexion",
        "La première connexion",
        "La mairie vous a remis un courrier ou envoyé un e-mail d’invitation. Gardez-le sous la main, il "
        "suffit d’une fois.",
        """
        Sur la première page du portail, choisissez « Inscrivez-vous ».
        Recopiez le numéro de dossier et le code du courrier. Le carré du courrier, pris en photo, les remplit \
        pour vous.
        Indiquez votre adresse e-mail, puis choisissez un nom d’utilisateur et un mot de passe : une phrase \
        facile à retenir convient.
        Choisissez « Créer mon compte », ouvrez l’e-mail que le portail vous envoie et suivez son \
        lien : votre compte est ouvert, vous êtes connecté.
        """,
        """
        Mot de passe ou nom d’utilisateur oublié ? « Mot de passe oublié ? », sous le formulaire de \
        connexion, vous envoie un lien : inutile d’appeler.
        Chaque parent a son propre compte ; personne n’a besoin du mot de passe de l’autre.
        """,
    ),
    _chapter(
        "mon-dossier",
        "Relire mon dossier",
        "« Mon dossier » montre tout ce que la mairie sait de votre famille. Relisez-le une fois par an, et "
        "quand quelque chose change.",
        """
        Depuis l’accueil, ouvrez « Mon dossier ».
        Ouvrez la fiche d’un enfant : repas, autorisations, personnes qui peuvent venir le chercher.
        « Modifier » change tout de suite ce qui dépend de vous, vos téléphones par exemple. « Demander » \
        envoie le reste à la mairie, qui répond.
        Sous « Documents à envoyer », choisissez « Envoyer », puis un Pdf ou une photo de 2 Mo au plus.
        Quand tout est juste, choisissez « Je confirme mes informations ».
        """,
        "« Mes démarches » garde chaque demande avec sa date et sa réponse. Ce qui attend encore peut y être "
        "supprimé.",
    ),
    _chapter(
        "une-semaine",
        "Réserver une semaine",
        "Le planning est un tableau : une ligne par activité, une colonne par jour. Cocher une case la "
        "réserve, décocher l’annule.",
        """
        Ouvrez « Planning » et choisissez l’enfant.
        Choisissez « Modifier », puis touchez chaque case voulue. Le coût de la période change à chaque case.
        Passez d’une semaine à l’autre avec les flèches : vos cases restent cochées.
        Choisissez « Terminer », ou « Valider et terminer » sur un grand écran : le récapitulatif montre \
        chaque jour, son prix et sa limite.
        Validez. Rien n’est réservé avant ce clic.
        """,
        """
        Sous chaque case, la limite dit jusqu’à quand le jour peut encore changer. Une case barrée d’un \
        cadenas ne change plus.
        Certains jours, ceux des vacances par exemple, ne se réservent que pendant une période\u00a0: leur case dit \
        dès quand, puis jusqu’à quand.
        Une faute de doigt ? « Annuler », dans le bandeau, revient en arrière.
        """,
    ),
    _chapter(
        "un-mois",
        "Réserver un mois",
        "Pour des jours qui reviennent, inutile de cocher case par case.",
        """
        Dans le planning, choisissez la vue « Mois ».
        Choisissez « Modifier », puis la case au début d’une ligne : tous les jours encore ouverts du mois \
        sont cochés. Une seconde fois les décoche.
        Pour des semaines qui alternent ou toute l’année, ouvrez « Modification avancée » : cochez une \
        semaine type, sa période, puis « Voir l’aperçu ».
        Pour un frère ou une sœur, la même page copie le mois.
        Choisissez « Terminer », relisez, validez.
        """,
        "Les jours fermés, complets ou trop proches sont laissés de côté, et la page dit lesquels.",
    ),
    _chapter(
        "payer",
        "Payer ce que je réserve",
        "Les activités réglées d’avance se paient au moment où vous validez, pour tous les enfants à la fois.",
        """
        Préparez votre carte bancaire, puis choisissez « Terminer ».
        Vérifiez le récapitulatif : la somme, l’avoir qui en est déduit, ce qui sera facturé plus tard.
        Choisissez « Payer » : la page de la banque s’ouvre à la place du portail.
        Suivez la banque jusqu’au bout, puis revenez : le ticket confirme chaque jour.
        """,
        """
        Vos places sont gardées pendant que vous payez. Un paiement interrompu se reprend depuis l’accueil.
        Un jour payé que vous annulez à temps devient un avoir, déduit de votre prochain règlement.
        """,
        when="prepaid",
    ),
    _chapter(
        "factures",
        "Lire et payer mes factures",
        "Chaque facture a sa page et son Pdf ; toutes restent là, payées ou non.",
        """
        Ouvrez « Factures ».
        Cochez celles que vous voulez payer : la somme se fait en bas.
        Choisissez « Étape suivante », relisez, puis « Payer ».
        Le reçu est à télécharger aussitôt, sous « Mes factures payées ».
        """,
        "Sans carte bancaire : la facture indique les autres façons de payer, et où.",
        when="factures",
    ),
    _chapter(
        "absence",
        "Prévenir d’une absence",
        "Un enfant malade le matin même : une page suffit, même quand la limite est passée.",
        """
        Depuis l’accueil, choisissez « Prévenir d’une absence ».
        Cochez ce qu’il manquera et dites pourquoi.
        Choisissez « Prévenir » : la mairie le lit aussitôt.
        """,
        "La page dit avant votre clic ce qui reste dû et ce qui ne l’est pas, comme le règlement le prévoit.",
    ),
    _chapter(
        "messages",
        "Écrire à la mairie",
        "Un message trouve le bon service, et sa réponse reste avec lui.",
        """
        Ouvrez « Messages », puis « Envoyer un message ».
        Choisissez le service et le sujet, écrivez, joignez au besoin un Pdf ou une photo.
        Choisissez « Envoyer ». Un e-mail vous dira que la réponse est arrivée.
        """,
        "Répondez sur le portail, dans le même fil : une réponse à l’e-mail n’arrive à personne.",
        when="messages",
    ),
    _chapter(
        "notifications",
        "Être prévenu",
        "La cloche, en haut de chaque page, garde tout ce qui vous a été dit.",
        """
        Ouvrez la cloche, puis « Me prévenir ».
        Pour chaque sujet, choisissez : e-mail, notification sur vos appareils, ou les deux.
        Pour un téléphone ou un ordinateur, choisissez « Permettre les notifications sur cet appareil », \
        puis acceptez la question du navigateur.
        """,
        "Sur un écran verrouillé, ni nom ni somme ne s’affichent. La nuit, rien ne sonne.",
    ),
    _chapter(
        "telephone",
        "Installer le portail sur un téléphone",
        "Le portail s’ouvre alors comme une application, sans magasin et sans rien peser.",
        """
        Avec Chrome ou Edge : ouvrez « Installer l’application » en bas de l’accueil, et acceptez.
        Sur iPhone et iPad, avec Safari : « Partager », puis « Sur l’écran d’accueil », puis « Ajouter ».
        Ouvrez l’icône : vous restez connecté.
        """,
        """
        Sans réseau, le planning, les factures, les menus, les messages et le dossier que vous avez lus \
        restent lisibles, chacun avec sa date.
        Se déconnecter efface ces copies du téléphone.
        """,
    ),
    _chapter(
        "navigateur",
        "Si une page ne marche pas",
        "Le portail n’ouvre jamais de fenêtre surgissante : rien n’est à autoriser dans le navigateur, pas "
        "même pour payer.",
        """
        Actualisez la page : ce que vous avez coché est gardé.
        Mettez le navigateur à jour ; tous ceux des trois dernières années conviennent.
        Essayez une fenêtre privée : si la page y marche, une extension du navigateur la gêne.
        Essayez un autre appareil ou un autre réseau.
        """,
        """
        La mairie ne peut pas réparer un ordinateur ni un téléphone, installer un navigateur, lever le \
        blocage d’un réseau d’entreprise ou d’une carte bancaire : voyez un proche, votre banque ou un \
        espace France services.
        Elle peut vérifier votre dossier, renvoyer un lien de connexion et réserver ou payer avec vous au guichet.
        """,
    ),
)
