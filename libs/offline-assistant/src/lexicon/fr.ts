import { FR_DATES } from './fr-dates';
import type { Lexicon } from './lexicon';

export const FR: Lexicon = {
  language: 'fr',
  functionWords:
    'le|la|les|un|une|des|du|de|d’|l’|et|est|sont|à|au|aux|en|dans|sur|pour|par|avec|que|qu’|qui|quoi|quel|quelle|quels|quelles|quand|où|comment|combien|je|j’|tu|il|elle|on|nous|vous|me|moi|m’|te|toi|se|s’|ce|c’|cette|cet|ces|mon|ma|mes|ton|notre|nos|ne|n’|pas|plus|aussi|peux|pourrais|pouvez|pourriez|dois|faut|ai|as|a|avons|puis|mais|stp|svp|plaît|nouvelle|nouveau|tous|toutes|tout|y',
  entities: {
    task: {
      one: 'tâche|rappel|tâche à faire|todo|chose à faire|tache',
      many: 'tâches|rappels|todos|choses à faire|liste de tâches|taches|liste des tâches',
    },
    comment: { one: 'commentaire|remarque|com', many: 'commentaires|commenté|remarques' },
    checkpoint: { one: 'jalon|étape clé', many: 'jalons|étapes clés' },
    project: { one: 'projet', many: 'projets' },
    note: { one: 'note|mémo', many: 'notes|mémos' },
    event: {
      one: 'réunion|rendez-vous|événement|évènement|rdv|rencontre',
      many: 'réunions|événements|évènements|agenda|calendrier|rencontres|les rendez-vous|mes rendez-vous|mes rdv',
    },
    email: {
      one: 'e-mail|email|mail|courriel|message|brouillon',
      many: 'e-mails|emails|mails|courriels|messages|boîte de réception|boîte mail',
    },
    figure: {
      one: 'rapport hebdomadaire|bilan hebdomadaire|bilan de la semaine|rapport de la semaine|résumé de la semaine|productivité|compte rendu hebdomadaire|récapitulatif de la semaine',
      many: 'statistiques|statistique|stats|tendances|rapports|tendance|chiffres de la semaine',
    },
  },
  eventWords:
    'déjeuner|dîner|petit-déjeuner|dentiste|médecin|docteur|café|atelier|entretien|appel avec|fête|anniversaire|conférence|coiffeur|visite|apéro|point avec|séminaire',
  verbs: {
    create:
      'poser|posez|pose-moi|insérer|insérez|ajoute-nous|crée-nous|saisis|saisir|saisissez|rentre|rentrer|consigne|consigner|ouvre-moi|ouvre-moi une|ouvre-moi un|mets-moi de côté|mets en place|fais-moi un|fais-moi une|faites-moi un|faites-moi une|monte-moi|dresse|ajoutes|ouvres|crées|à mettre|à ajouter|à noter|garder une|garde une|on lance un|nous lançons un|on démarre un|lançons un|tu me crées|vous me créez|ajoutez-moi|crée|créer|créez|crée-moi|créez-moi|cree|creer|ajoute|ajouter|ajoutez|ajoute-moi|nouvelle|nouveau|nouvel|ouvre un|ouvre un nouveau|ouvre une|fais|fais-moi|faire|insère|inscris|inscrire|enregistre|enregistrer|lance un|lance un nouveau|démarre un|démarre un nouveau|définis|mets-moi|rajoute|rajouter|rajoute-moi|prépare|génère|une autre|un autre|encore une|note-moi une tâche|il me faut une|il me faut un|il nous faut un|il nous faut une|j’ai besoin d’une|j’ai besoin d’un|on a besoin d’un|on a besoin d’une|commence un nouveau|planifie une tâche|mettre en place|ajoutons|créons|tu me crées|tu m’ajoutes|ouvrir un|ouvrez un|je voudrais une|je voudrais un|intègre|créé|cré',
    remind:
      'pense à me rappeler de|pense à me rappeler d’|il faut que je me rappelle de|il faut que je pense à|je voudrais ne pas oublier de|je veux pas oublier de|je ne veux pas oublier de|je ne veux pas oublier d’|que je n’oublie pas de|que je n’oublie pas d’|préviens-moi de|avertis-moi de|rappelle-le-moi|fais en sorte que je n’oublie pas de|me rappelles de|tu me rappelles de|tu me rappelles d’|penses à me rappeler de|faudra penser à|il faudra penser à|rappelle-moi de|rappelle-moi d’|rappelle-moi que|rappelle-moi|rappelez-moi de|rappelez-moi d’|rappelez-moi|rappelle-nous de|n’oublie pas de|n’oublie pas d’|n’oublie pas|ne pas oublier de|ne pas oublier d’|ne pas oublier|il ne faut pas que j’oublie de|il ne faut pas que j’oublie d’|je ne dois pas oublier de|je ne dois pas oublier d’|me rappeler de|me rappeler d’|me rappeler|tâche nouvelle|tâche|à faire|rappel|pense à|ne me laisse pas oublier de|todo|pense-bête|fais-moi penser à|fais-moi penser d’|fais-moi penser|penser à|faut pas que j’oublie de|faut pas que j’oublie d’|tu peux me rappeler de|tu peux me rappeler d’|tache|rappelle moi de|faut que je pense à',
    jot: 'garde ça en note|garde en note|mets ça en note|garde cela en note|enregistre en note|enregistre ça comme note|sauvegarde en note|conserve en note|note|noter|notez|note que|notez que|note-moi|prends note|prends note que|prends en note|écris une note|mémo|fais-moi une note|fais une note|crée une note|prends une note|note bien que|retiens que|souviens-toi que|garde en tête que|note dans|notons que',
    schedule:
      'note dans l’agenda|note dans mon agenda|note dans le calendrier|note dans mon calendrier|note à l’agenda|planifie|planifier|planifiez|programme|programmer|organise|organiser|réserve|réserver|fixe|fixer|cale|cale-moi|bloque|bloquer|invite|inviter|prévois|prévoir|j’ai un|j’ai une|on a un|on a une|prends rendez-vous|mets dans mon agenda|mets dans l’agenda|prévoyez|fixez|cale une',
    draft:
      'écris un e-mail|écris un mail|écris|écrire|écrivez|rédige|rédiger|rédigez|prépare un e-mail|prépare un mail|prépare un brouillon|brouillon|envoie un mail|envoie un e-mail|envoie|envoyer|compose|écris à|prépare un courriel|envoie un message|écris un message|écris un courriel|envoyer un mail',
    reply: 'réponds|répondre|répondez|réponds à|réponds sur',
    comment:
      'commente|commenter|commentez|ajoute un commentaire|ajoute le commentaire|ajouter un commentaire|ajoute commentaire|laisse un commentaire|mets un commentaire|écris un commentaire|poste un commentaire|commentaire|nouveau commentaire|ajoute en commentaire|écris en commentaire|mets en commentaire|ajoute comme commentaire|laisser un commentaire|note en commentaire|commente que|ajoutez un commentaire|rajoute un commentaire',
    delete:
      'supprime|supprimer|supprimez|efface|effacer|effacez|enlève|enlever|retire|retirer|retirez|vire|virer|jette|jeter|annule|annuler|annulez|élimine|éliminer|vide|vider|poubelle|débarrasse-toi de|détruis|bazarde|enlevez|mets à la poubelle|dégage|raye|rayer|balance|supp|fais disparaître',
    update:
      'modifie|modifier|modifiez|change|changer|changez|mets|mettre|mettez|passe|passer|passez|marque|marquer|marquez|mets à jour|mettre à jour|actualise|corrige|rends|donne|remets|remplace|remplacer|fais passer|bascule|règle|indique|considère|classe|fais|remettre|édite|coche comme',
    put: 'pose|mets|mettre|mettez|colle|place|inscris|mets-moi',
    move: 'on avance|on repousse|on décale|on déplace|on reporte|on recule|nous repoussons|nous décalons|nous reportons|on a repoussé|on a décalé|on a déplacé|on a reporté|avançons|repoussons|décalons|reportons|déplace|déplacer|déplacez|repousse|repousser|repoussez|décale|décaler|décalez|reporte|reporter|reportez|avance|avancer|recule|prolonge|diffère|reprogramme|replanifie|ajourne|retarde|décaler|glisse',
    complete:
      'clos|clore|classe comme terminée|boucle-la|boucle-le|termine|terminer|terminez|finis|finir|coche|cocher|clôture|clôturer|ferme|fermer|boucle|boucler|achève|raye de la liste|complète|compléter|j’ai fini|j’ai terminé|fini|terminé|c’est fait|cochez|valide la tâche|fait',
    start: 'commence|commencer|démarre|démarrer|lance|attaque|entame|reprends|continue|débute',
    reopen: 'rouvre|rouvrir|réouvre|décoche|rouvrez',
    archive:
      'archive|archiver|archivez|mets … aux archives|mets … en archive|range … dans les archives|mets … dans les archives|passe … en archive',
    restore: 'désarchive|désarchiver|restaure|restaurer|réactive|réactiver|sors … des archives|ressors … des archives',
    rename:
      'renomme|renommer|renommez|change le nom|change le nom de|change le nom du|change le titre|change le titre de|rebaptise|appelle|modifie le titre|modifie le nom|change le titre de la|change le nom de la|modifie le titre de|modifie le nom de|remplace le titre de',
    assign:
      'transmets|transmettez|transmettre|remets|repasse|assigne|assigner|assignez|attribue|attribuer|attribuez|confie|confier|délègue|déléguer|donne|passe|affecte|affecter|réassigne|réattribue|refile|transfère',
    raise: 'augmente|augmenter|monte|priorise|relève|remonte',
    lower: 'baisse|baisser|diminue|réduis|descends|abaisse',
    append: 'ajoute à la note|ajoute à ma note|complète la note',
    approve: 'approuve|approuver|accepte',
    reject: 'refuse|refuser|rejette',
    list: 'retrouve|retrouve-moi|retrouver|recherche|rechercher|sors-moi|ressors|montre|montre-moi|montrer|montrez|montrez-moi|affiche|afficher|affiche-moi|affichez|liste|lister|liste de|liste des|liste-moi|cherche|chercher|trouve|trouver|trouve-moi|quels|quelles|quel|quelle|qu’|que|quoi|qui|quand|où|est-ce que|ai-je|avons-nous|y a-t-il|il y a|donne-moi|donner|dis-moi|fais-moi voir|voir|je veux voir|je voudrais voir|toutes les|tous les|mes|c’est quoi|c’est quoi les|quelles sont|quels sont|qu’est-ce que|qu’est-ce qui|tu peux me montrer|j’ai|combien|liste de mes|regarde|vérifie|consulter|consulte|donne-moi la liste|donnez-moi|fais voir|peux-tu me montrer|la liste des|quoi de prévu',
    get: 'parle-moi de|parle-moi du|parle-moi de la|raconte-moi|ouvre|ouvrir|ouvre la|ouvre-moi|ouvrez|lis|lis-moi|lire|lisez|détails|détails de|détails du|les détails du|infos sur|informations sur|donne-moi les détails|que dit|montre-moi les détails|affiche les détails|dis-m’en plus sur|les infos du|donne-moi les infos|où en est|statut de|qu’y a-t-il dans',
    count: 'combien de|combien|compte|nombre de|combien d’|compter|le nombre de',
    summarise:
      'résume|résumer|résumé|résumé de|résumé des|récapitule|synthétise|fais-moi un résumé|fais un résumé|résume-moi|résumez|synthèse de|synthèse des',
    need: 'il me faudrait un|il me faudrait une|il nous faudrait un|il nous faudrait une|ça me ferait une|il manque un|il manque une|il y aurait besoin d’un|il y aurait besoin d’une|faudrait que je|il va falloir|je suis censé|je suis censée|je dois|il faut|nous devons|on doit|il faut que je|j’ai besoin de|j’ai besoin d’|il me faut|je veux|je voudrais|faut|faut que je|je devrais|on devrait|il faudrait|il faut que|j’aimerais|il nous faut|on a besoin de|il faudrait un|il faudrait une|dois|il faut qu’',
  },
  enclitics: '',
  fillers:
    'même heure|à la même heure|et ce|serait-il possible d’|serait-ce possible d’|est-ce possible de|est-ce possible d’|il serait possible de|il serait possible d’|auriez-vous la gentillesse de|aurais-tu la gentillesse de|auriez-vous l’amabilité de|aurais-tu l’amabilité de|ça te dérangerait de|ça te dérangerait d’|ça vous dérangerait de|ça vous dérangerait d’|tu voudrais bien|vous voudriez bien|je te demande de|je vous demande de|je vous prie de|je vous prie de bien vouloir|merci de bien vouloir|quand tu auras le temps|quand tu auras un moment|quand vous pourrez|autre chose|encore une chose|avant que j’oublie|tant que j’y pense|au passage|fais-moi plaisir et|sois gentil et|sois sympa et|sil te plait|siouplait|j’aimerais bien|je voudrais bien|j’aurais aimé|il faudrait que tu|est-ce que je peux|est-ce qu’on peut|pourrais-je|puis-je|merci d’|veuillez|veuillez|veuillez bien|merci de|je veux dire|pardon|désolé|sorry|je te prie de bien vouloir|prière de|s’il te plaît|s’il vous plaît|stp|svp|s’il te plait|merci|merci beaucoup|merci d’avance|peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|tu peux|tu pourrais|vous pouvez|vous pourriez|est-ce que tu peux|est-ce que tu pourrais|est-ce que vous pouvez|est-ce que vous pourriez|je voudrais|j’aimerais|je veux|je souhaite|je voudrais que tu|j’aimerais que tu|me|moi|bonjour|bonsoir|salut|coucou|hello|alors|donc|bon|ben|euh|et|puis|ensuite|aussi|également|maintenant|ok|d’accord|oui|non|tiens|dis|dis-moi|vite|rapidement|juste|simplement|finalement|enfin|d’abord|premièrement|deuxièmement|en fait|du coup|si possible|si tu peux|si vous pouvez|voudrais-tu|voudriez-vous|tu veux bien|veux-tu|peux-tu me|tu peux me|pourriez-vous me|pourrais-tu me|encore|déjà|au fait|ah|oh|voilà|par contre|plutôt|en plus|là|donc là|serait-il possible de|il serait bien de|je te prie de|on peut|pourrait-on|peut-on|définitivement|complètement|pour moi|je voulais|tu me|vous me|serait-ce possible de|super|parfait|quand tu peux|quand tu as le temps|désormais|est-il possible de|aimerais|c’est possible de|ça serait bien de|t’es gentil de',
  asides:
    'à savoir|c’est-à-dire|va|va dans|vont|séparées|séparés|séparément|distinctes|distincts|chacune|chacun|une par|une chacune|échéance|au plus tard|pas plus tard que|avant|date limite|ce serait bien|ce serait super|ce serait top|voilà tout|c’est tout|précises|précise|pile|priorité|à part|à ajouter|à créer|à noter|à mettre|à inscrire|et ce|si tu y arrives|comme ça|mais|aussi|doit être|devrait être|fais-en|mets|ajoute|ajoute-la|ajoute-le|mets-la|mets-le|note-la|note-le|tu veux bien|tu peux',
  asksFor:
    'peux-tu|pourrais-tu|tu peux|tu pourrais|pouvez-vous|pourriez-vous|vous pouvez|est-ce que tu peux|est-ce que tu pourrais|est-ce que vous pouvez|alors|donc|merci de|veux-tu bien|tu veux bien|stp|s’il te plaît',
  negators: 'ne|n’|pas|pas encore|surtout pas|ne pas|jamais|surtout ne',
  noneOf: 'aucune|aucun|pas de|pas encore de|rien',
  contrast: {
    instead: 'au lieu de|au lieu du|au lieu d’|plutôt que|et non|et pas|à la place de|à la place du|mais pas',
    denies: 'pas|n’est pas|n’est plus|et plus|plus à|non pas',
    but: 'mais|c’est|plutôt',
    anyMore: 'plus|désormais',
  },
  determiners:
    'le|la|les|l’|un|une|des|du|mon|ma|mes|notre|nos|ce|cet|cette|ces|ton|ta|tes|votre|vos|chaque|tous|toutes|toute|tout|quelques|autre|suivantes|suivants',
  prepositions: 'dans|pour|de|d’|du|des|à|au|aux|sur|en|avec|par|chez|sous|vers|concernant|entre|contre|depuis',
  adjectives:
    'nouvelle|nouveau|nouvel|nouvelles|nouveaux|autre|autres|petite|petit|rapide|deux|trois|quatre|cinq|six|ouverte|ouvertes|vieille|vieux|ancienne|ancien|anciennes|anciens|urgente|urgent|importante|important|simple|dernière|dernier|suivante|suivantes|supplémentaire|prochain|prochaine',
  and: 'et|ainsi que|plus|&',
  then: 'puis|et puis|ensuite|et ensuite|après|après ça|après cela|et après|enfin|et aussi|en plus|et enfin|et également|puis aussi|par la suite|de plus|pour finir',
  into: 'en|à|comme|par|au|pour|avec|sur',
  samePlace:
    'dedans|y|à l’intérieur|dans le même projet|dans ce projet|à ce projet|au même projet|pour ce projet|là-dedans',
  too: 'aussi|également|de même|pareil pour|idem|la même chose pour',
  both: 'les deux|toutes les deux|tous les deux|le tout|tout ça|tous les trois|toutes les trois',
  each: 'chacune|chacun|séparées|séparés|séparément|distinctes|distincts|individuellement|une par une|à chaque fois|une chacune',
  pronouns: 'le|la|les|l’|ça|cela|celle-ci|celui-ci|celle-là|celui-là|celle|celui|lui|la dernière|le dernier|elle',
  second: 'deuxième|la deuxième|le deuxième|seconde|la seconde|le second|l’autre|second',
  anotherOne:
    'une autre|un autre|une deuxième|un deuxième|une seconde|un second|une troisième|encore une|encore un|une|un',
  creates: 'crée',
  taskLists:
    'à ma liste|à la liste|sur ma liste|sur la liste|dans ma liste|dans la liste|à mes tâches|dans mes tâches|à ma liste de tâches|dans ma liste de tâches|sur ma liste de tâches|comme tâche|en tâche|aux tâches|ma liste|toute ma liste|la liste|ma liste de tâches|toute la liste|à mes choses à faire|dans mes choses à faire|dans les tâches|à ma to do|dans ma to do|de ma liste|de la liste',
  calendars:
    'dans mon agenda|dans l’agenda|à mon agenda|à l’agenda|dans mon calendrier|dans le calendrier|au calendrier|à mon calendrier|sur mon calendrier|sur le calendrier|de mon agenda|du calendrier|mon agenda|mon calendrier|de l’agenda|de mon calendrier',
  all: 'tous|toutes|tout|toute|chaque|l’ensemble|entière|entier|la totalité',
  questions:
    'que|qu’|quoi|qui|quel|quelle|quels|quelles|quand|où|comment|pourquoi|combien|est-ce|ai-je|y a-t-il|c’est quoi|avons-nous|est|il y a|as-tu',
  howTo:
    'tu crois|crois-tu|tu penses que|penses-tu|à ton avis|comment on|comment faire|comment puis|comment je|comment ça|comment se|comment dit|comment créer|comment fait|comment vas|comment est',
  due: 'à rendre|échéance|échéances|en retard|à faire|urgent|urgentes|je dois faire|dois-je faire|terminées|terminé|fini|reste|reste à faire|échoit|expire|faire|pour aujourd’hui|deadline|à finir|arrivent à échéance|urgents',
  agenda: 'libre|occupé|prévu|prévue|au programme|dans mon agenda|disponible|rendez-vous|programme|dispo|de prévu',
  client: 'client|cliente|clients',
  priorities: {
    high: 'haute|élevée|maximale|urgente|importante|haut|max|prioritaire|forte|plus haute|supérieure',
    medium: 'moyenne|normale|moyen|standard|intermédiaire|modérée',
    low: 'basse|faible|minimale|bas|mineure|plus basse|moindre',
  },
  urgent:
    'urgent|urgente|important|importante|très important|très importante|très urgent|très urgente|dès que possible|au plus vite|asap|prioritaire|c’est urgent|le plus vite possible|en urgence|critique|hyper important|crucial|aussi vite que possible|hyper urgent|super urgent|super important',
  relaxed:
    'pas urgent|pas urgente|rien d’urgent|pas pressé|pas important|pas importante|sans urgence|quand j’aurai le temps|rien ne presse|ça ne presse pas|pas d’urgence|n’est plus urgent|n’est plus urgente|n’est plus importante|n’est plus important|plus urgent|peut attendre|ça peut attendre|ce n’est pas urgent|c’est pas urgent|plus urgente|pas très important|pas de stress|pas très urgent|plus si urgent|plus si important|plus important|plus importante',
  priorityNouns: 'priorité|prio|importance|urgence|priorite',
  statuses: {
    todo: 'à faire|ouverte|ouvertes|ouvert|pas commencé|pas commencée|en attente|à commencer|non terminées|non terminée|todo|pas terminée|pas terminées|pas faite|non faites|restantes|inachevées|non commencée',
    in_progress:
      'en cours|commencée|commencé|démarrée|démarré|en progression|in progress|entamée|lancée|en cours de traitement',
    done: 'terminée|terminé|terminées|terminés|fini|finie|finies|finis|faite|fait|faites|faits|achevée|achevé|achevées|clôturée|clôturé|clôturées|complétée|complété|complétées|bouclée|bouclé|cochée|réglée',
  },
  statusNouns: 'statut|état',
  archived: 'archivé|archivés|archivée|archivées|aux archives|les archives',
  active: 'actif|actifs|active|actives',
  isDone:
    'est parti|est partie|sont partis|sont parties|est rendu|est rendue|est déposé|est déposée|est signé|est signée|est livré|est livrée|est commandé|est commandée|est acheté|est achetée|est réparé|est réparée|payée|payé|envoyée|envoyé|réglé|réglée|livré|livrée|rendu|rendue|est terminée|est terminé|est finie|est fini|est faite|est fait|sont terminées|sont terminés|sont finies|est prête|est prêt|est bouclée|est bouclé|c’est fini|c’est fait|c’est terminé|est payée|est payé|est réglée|est réglé|est envoyée|est envoyé|a été faite|a été fait|est achevée|est achevé|terminé|terminée|fini|finie|est close|est clôturé|c’est bon|fait|faite|est bien fait|est complète|a été envoyé|a été envoyée|a été payée|a été payé|a été terminée|est réservée|c’est réglé|c’est bouclé|c’est payé|c’est envoyé|sont faites|sont payées|sont envoyées|sont prêts|sont prêtes',
  isStarted:
    'est en cours|est commencée|est commencé|est démarrée|est démarré|est lancée|a commencé|sont en cours|c’est en cours|c’est commencé|c’est lancé|est entamée|est entamé',
  haveDone:
    'je l’ai payée|je l’ai payé|je l’ai faite|je l’ai fait|je l’ai finie|je l’ai fini|je l’ai envoyée|je l’ai envoyé|je l’ai terminée|je l’ai terminé|j’ai déposé|j’ai rempli|j’ai nettoyé|j’ai réparé|j’ai fini|j’ai fini de|j’ai fini d’|j’ai terminé|j’ai fait|j’ai payé|j’ai envoyé|j’ai appelé|j’ai acheté|nous avons fini|on a fini|on a terminé|nous avons terminé|j’ai bouclé|j’ai rendu|j’ai réglé|j’ai déjà fait|j’ai déjà payé|je viens de finir|je viens de terminer|fini de|a fini|a terminé|j’ai rédigé|j’ai réservé|j’ai écrit|j’ai complété|j’ai achevé|je viens d’envoyer|je viens de payer|on a fait|on a envoyé|payé|envoyé|j’ai commandé|j’ai préparé|j’ai imprimé|j’ai récupéré|j’ai signé|j’ai livré|j’ai corrigé|j’ai clôturé|j’en ai fini avec|j’ai enfin fini|a envoyé|a payé',
  haveStarted:
    'je me suis mis à|je me suis mis au|je me suis mis aux|je me suis mise à|je me suis mise au|je m’y suis mis|je m’attaque à|je m’attaque au|j’ai commencé|j’ai commencé à|j’ai démarré|je travaille sur|on travaille sur|nous travaillons sur|je suis sur|j’ai attaqué|j’ai entamé|je commence|je viens de commencer|je suis en train de|on a commencé|j’ai commencé à travailler sur|je bosse sur|j’ai lancé|nous avons commencé|on bosse sur',
  notNeeded:
    'on peut supprimer|peut être supprimée|peut être supprimé|ne me sert plus|n’a plus lieu d’être|peut disparaître|est caduque|est à supprimer|à la poubelle|ne nous sert plus|n’est plus d’actualité|n’est plus nécessaire|n’est plus utile|ne sert plus|ne sert plus à rien|n’a plus besoin de|n’a plus besoin du|n’ai plus besoin de|n’ai plus besoin du|on n’a plus besoin du|on n’a plus besoin de|je n’ai plus besoin de|je n’ai plus besoin du|on n’a plus besoin de la|je n’ai plus besoin de la|plus besoin de|plus besoin du',
  shallBeCalled:
    'appelle-la|appelle-le|nomme-la|nomme-le|devra s’appeler|il faut l’appeler|s’appelle en fait|devrait être|on l’appelle|devrait s’appeler|doit s’appeler|s’appelle maintenant|s’appelle désormais|appelle-la|appelle-le|renomme-la en|renomme-le en|renomme la en|renomme le en|renomme-la|renomme-le',
  naming:
    'appeler|s’appeler|appelle|nommer|nom|titre|renomme|renommer|intitulé|faute de frappe|coquille|s’appelle|intituler|orthographe',
  belongs:
    'va|vont|va dans|appartient|appartiennent|déplace|déplacer|mets|mettre|range|ranger|rattache|rattacher|classe|relie|associe|fait partie|relève|concerne|passe|bascule|place',
  takesPlace:
    'a lieu|aura lieu|lieu|se tient|se tiendra|se passe|se fait|on fait|déplacé|déplacée|salle|adresse|c’est|sera|maintenant|on se retrouve|change|mais|corrige',
  deadlineOf:
    'nouvelle échéance pour|échéance pour|nouvelle date pour|nouvelle échéance de|date limite pour|nouvelle date limite pour|la date limite de|la date limite du|la date limite pour|l’échéance de|l’échéance du|l’échéance pour|échéance de|la deadline de|la deadline du|la deadline pour|date limite de|la date de|la date du|l’échéance de la|la date limite de la|l’échéance d’|la deadline de la',
  labels: {
    title:
      'titre|nom|intitulé|intitulée|appelé|appelée|nommé|nommée|avec le titre|avec pour titre|qui s’appelle|sous le nom|appelle-le|appelle-la|nomme-le|nomme-la|du nom de|ayant pour titre|avec comme titre|dénommé|titré|titrée|baptisé|que tu appelles|au nom de',
    description:
      'description|avec la description|avec pour description|détails|avec comme description|avec description',
    content:
      'contenu|texte|avec le contenu|avec comme contenu|avec pour contenu|avec le texte|avec comme texte|message|avec le message|corps|et le contenu|et comme contenu|avec dedans|et le texte|avec écrit|avec pour texte|contenant|et pour contenu',
    saying:
      'disant|disant que|qui dit|qui dit que|en disant|en disant que|pour dire que|écris dedans|et écris|où tu écris|pour lui dire que|comme quoi|indiquant|indiquant que|précisant que',
    location: 'lieu|endroit|où|adresse|salle',
    about:
      'au sujet de|au sujet du|au sujet de la|à propos de|à propos du|concernant|sujet|objet|sur|relatif à|à propos de la|à propos des',
  },
  assignTo:
    'assignée à|assigné à|assignées à|assigne-la à|assigne-le à|attribuée à|attribué à|attribue-la à|attribue-le à|confiée à|confié à|confie-la à|confie-le à|responsable|déléguée à|délégué à|donne-la à|donne-le à|à assigner à|assignés|assigner à|affectée à|affecté à|responsables|assigné|assignée|passe-la à|passe-le à|assigne à',
  forPerson: 'pour|à|au|aux',
  takesOver:
    'comme responsable|en responsable|qui s’y colle|s’y colle|qui s’en charge|qui s’en occupe|qui le fait|qui la fait|s’en chargera|s’en chargent|s’en occupent|la prend|le prend|qui s’occupe de|qui s’occupe du|s’occupe de|s’en occupe|s’en charge|se charge de|peut s’en occuper|peut le faire|peut la faire|s’en occupera|prend|prend en charge|va s’en occuper|doit s’en occuper|va le faire|va la faire|qui fait|se chargera de|peut s’en charger|s’occupera de|est responsable de|s’occupera du',
  mustDo: 'doit|devrait|devra',
  with: 'avec|et',
  place: 'à|au|chez|dans|en|sur|via|à la|à l’',
  orderBy: 'triées par|triés par|trie par|classées par|classés par|trier par|ordonnées par|par ordre de|par ordre d’',
  trend: 'tendance|tendances|productivité|productif|productive|évolution|compare',
  report: 'rapport|bilan|résumé de la semaine|rapport hebdomadaire|compte rendu|récapitulatif',
  smallTalk: {
    hello: 'bonjour|salut|bonsoir|coucou|hello',
    thanks: 'merci|merci beaucoup|parfait|super|génial|top|nickel|impeccable|bravo',
    help: 'aide|que sais-tu faire|qui es-tu|tu es qui|que peux-tu faire|comment tu marches|tu es un robot|qu’est-ce que tu sais faire|qu’est-ce que tu peux faire|tu sais faire quoi|tu peux faire quoi|tu es ChatGPT|es-tu un humain|comment ça marche',
    yes: 'oui|ouais|bien sûr|ok|d’accord|vas-y|confirme|je confirme|exact|oui merci|supprime-la|supprime-le|certainement|okay|allez|tout à fait|absolument',
    no: 'non|annule|arrête|pas|surtout pas|laisse|laisse tomber|non merci|stop|garde-la|garde-le|nan',
  },
  chores:
    'appelle|appeler|achète|acheter|paie|payer|envoie|envoyer|réserve|réserver|récupère|récupérer|apporte|apporter|nettoie|nettoyer|répare|réparer|imprime|imprimer|arrose|arroser|lis|lire|étudie|étudier|lave|laver|commande|commander|vérifie|vérifier|relis|relire|sors|sortir|téléphone|téléphoner|contacte|contacter|signer|renouveler|préparer|rendre|poster|ranger|cuisiner|finir',
  dates: FR_DATES,
};
