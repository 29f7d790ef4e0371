import { IT_DATES } from './it-dates';
import type { Lexicon } from './lexicon';

export const IT: Lexicon = {
  language: 'it',
  functionWords:
    'il|lo|la|gli|le|un|una|uno|un’|e|è|o|di|del|della|dei|delle|dello|dell’|da|dal|dalla|in|nel|nella|nell’|con|su|sul|sulla|sull’|per|a|al|alla|alle|all’|che|chi|cosa|quali|quale|quanto|quanti|quante|quando|come|dove|mi|ti|ci|si|ho|hai|ha|abbiamo|sono|sei|non|più|anche|questo|questa|mio|mia|miei|mie|nostro|puoi|potresti|vorrei|devo|poi|ma|se|l’|d’|c’|oggi|domani|entro|nuova|nuovo|tutti|tutte|fa|va|lo',
  entities: {
    task: {
      one: 'attività|unattività|compito|promemoria|task|todo|cosa da fare|incarico|attivita|mansione',
      many: 'compiti|tasks|todos|cose da fare|lista delle attività|le attività|le mie attività|tutte le attività|incarichi|mansioni|attività completate|attività aperte',
    },
    comment: { one: 'commento|osservazione', many: 'commenti|commentato|osservazioni' },
    checkpoint: {
      one: 'traguardo|milestone|pietra miliare|tappa|checkpoint',
      many: 'traguardi|pietre miliari|tappe|checkpoints|le milestone',
    },
    project: { one: 'progetto', many: 'progetti' },
    note: { one: 'nota|appunto|memo', many: 'note|appunti' },
    event: {
      one: 'riunione|evento|appuntamento|incontro|meeting',
      many: 'riunioni|eventi|appuntamenti|calendario|agenda|incontri',
    },
    email: { one: 'email|e-mail|mail|messaggio|posta|bozza', many: 'messaggi|posta in arrivo|le email|le mail' },
    figure: {
      one: 'resoconto settimanale|rapporto settimanale|report settimanale|riepilogo settimanale|riepilogo della settimana|produttività|resoconto della settimana|rapporto della settimana|andamento',
      many: 'statistiche|statistica|metriche|tendenze|report|resoconto|trend',
    },
  },
  eventWords:
    'pranzo|cena|colazione|dentista|medico|caffè|workshop|colloquio|chiamata con|call|festa|compleanno|conferenza|visita|aperitivo|parrucchiere|intervista',
  verbs: {
    create:
      'metti su|mettici|butta dentro|carica|caricare|immetti|immettere|inserire|inseriscimi|inseriscici|predisponi|predisporre|allestisci|apri una nuova|aprimi|aprimi un|aprimi una|segnare|scrivimi tra le attività|dammi una nuova|dammi un nuovo|aggiungine|creaci|aggiungici|aggiungete|create|inserite|apriamo una|aggiungetemi|piazza un|piazzami|fanne|creane|aggiungine|mettine|fatene|iniziamo un|apriamo un|lanciamo un|segnami|segnamelo|mettimi in lista|mi segni|me lo segni|annotami|buttami giù|tira su un|tirami su un|si parte con un nuovo|si parte con un|partiamo con un|lanciamo un|mi fai un|mi fai una|mi fai|fai un|fai una|metti tra le attività|aggiungerebbe|crei una|inserisci una|crea|creare|creami|crei|aggiungi|aggiungere|aggiungimi|aggiungeresti|aggiunga|nuova|nuovo|inserisci|inserire|inserisca|metti|apri un|apri un nuovo|apri una|apri|aprire|fai|fammi|fare|registra|avvia|avvia un|avvia un nuovo|imposta un|imposta una|definisci|genera|prepara|prepara una|creeresti|creerebbe|un’altra|un altro|metti in lista|mettimi|segnami|segnati|iniziare un nuovo|inizia un nuovo|comincia un nuovo|aggiungiamo|creiamo|mi crei|mi aggiungi|ci serve un|ci serve una|imposta|apra|crei un|aggiunta|voglio aggiungere|fissa una',
    remind:
      'fammi presente di|fammi presente che|mi ricordi per favore di|ricordami per favore di|ricordamelo|tienimi a mente di|tieni a mente che devo|non voglio dimenticare di|non voglio dimenticarmi di|non voglio scordarmi di|bisogna che mi ricordi di|che mi ricordi di|avvertimi di|fai in modo che mi ricordi di|non devo scordarmi di|non devo dimenticarmi di|non farmi scordare di|non scordare di|non scordarti di|devo ricordarmi|ricordami di|ricordami che|ricordami|ricordati di|ricordati|ricorda di|ricordarmi di|ricordarmi|ricordaci di|non dimenticare di|non dimenticare|devo ricordarmi di|non farmi dimenticare di|non farmi dimenticare|mi ricordi di|mi ricordi|promemoria|da fare|attività nuova|compito nuovo|attività|compito|cosa da fare|mi ricorderesti di|fammi ricordare di|non devo dimenticare di|non devo scordare di|task|todo|avvisami di',
    jot: 'salva questo come nota|salva come nota|salva come|tieni come nota|metti questo in una nota|salvalo come nota|annota|annotare|annotati|annotami|prendi nota|prendi nota che|prendi nota di|nota|appunta|appuntati|appunto|scrivi una nota|segnati che|segna che|segnati|fammi una nota|fai una nota|crea una nota|scrivi nelle note|prendi un appunto|memo|ricordati che|ricorda che|tieni presente che|metti per iscritto|scrivimi una nota|metti in nota|salva una nota',
    schedule:
      'annota in agenda|annota in calendario|annota sul calendario|segna sul calendario|scrivi in agenda|fissa|fissare|pianifica|pianificare|organizza|organizzare|prenota|prenotare|programma|programmare|blocca|invita|invitare|fissami|ho un|ho una|abbiamo un|abbiamo una|fissiamo|metti in calendario|metti in agenda|segna in calendario|segna in agenda|inserisci in calendario|calendarizza',
    draft:
      'scrivi un’email|scrivi una mail|scrivi|scrivere|scrivimi|prepara un’email|prepara una mail|bozza|redigi|manda un’email|manda una mail|manda|invia|componi|abbozza|manda un messaggio|inviare una mail|scrivi una email|prepara una email|manda una email',
    reply: 'rispondi|rispondere|rispondi a|risposta|rispondi su',
    comment:
      'commenta|commentare|aggiungi un commento|aggiungi il commento|aggiungi commento|lascia un commento|scrivi un commento|metti un commento|inserisci un commento|commento|nuovo commento|aggiungi come commento|scrivi nei commenti|commenta su|commenta che|pubblica un commento|lascia il commento',
    delete:
      'cancella|cancellare|elimina|eliminare|rimuovi|rimuovere|togli|togliere|butta|butta via|buttare|annulla|annullare|disdici|disdire|svuota|svuotare|leva|scarta|fai sparire|sbarazzati di|cestina|cestinare|via|elimini|cancelli|distruggi|depenna',
    update:
      'modifica|modificare|cambia|cambiare|segna|segnare|imposta|impostare|aggiorna|aggiornare|metti|mettere|mettila|porta|correggi|rendi|marca|contrassegna|passa|fai|dai|riporta|sostituisci|riscrivi|cambi|segni|metta|considera|indica|rimetti',
    put: 'metti|mettere|inserisci|metta|mettimi|butta giù|piazza',
    move: 'anticipiamo|posticipiamo|rinviamo|abbiamo spostato|abbiamo rimandato|abbiamo anticipato|spostate|rimandate|spostami|rimandami|si sposta|slittiamo|sposta|spostare|rimanda|rimandare|posticipa|posticipare|anticipa|anticipare|rinvia|rinviare|prolunga|slitta|fai slittare|ritarda|sposti|spostiamo|rimandiamo|proroga|prorogare|posponi',
    complete:
      'completa|completare|termina|terminare|chiudi|chiudere|finisci|spunta|spuntare|concludi|ho finito|ho finito con|finito|fatto|fatta|porta a termine|archivia come fatta|completato|depenna',
    start: 'inizia|iniziare|comincia|cominciare|avvia|inizia a lavorare su|prendi in carico|riprendi|continua',
    reopen: 'riapri|riaprire|togli la spunta',
    archive:
      'archivia|archiviare|archivi|metti in archivio|sposta in archivio|manda in archivio|metti … in archivio|sposta … in archivio|archiviamo|archivialo',
    restore: 'ripristina|ripristinare|riattiva|riattivare|recupera|togli … dall’archivio|tira fuori dall’archivio',
    rename:
      'rinomina|rinominare|rinomini|cambia nome|cambia il nome|cambia il nome di|cambia il nome del|cambia il nome dell’|cambia il titolo|cambia il titolo di|cambia il titolo dell’|chiama|ribattezza|modifica il titolo|modifica il nome|cambia il nome della|modifica il titolo di|modifica il nome di',
    assign:
      'passi|passate|cedi|gira|girate|assegna|assegnare|assegni|delega|delegare|affida|affidare|passa|dai|riassegna|assegnalo|trasferisci',
    raise: 'alza|alzare|aumenta|aumentare|prioritizza|eleva',
    lower: 'abbassa|abbassare|riduci|ridurre|diminuisci',
    append: 'aggiungi alla nota|accoda|aggiungi in fondo alla nota',
    approve: 'approva|approvare|accetta',
    reject: 'rifiuta|rifiutare|respingi',
    list: 'mostra|mostrami|mostrare|mostraci|elenca|elencami|elenco|elenco di|elenco delle|elenco dei|lista|lista di|lista delle|lista dei|cerca|cercami|trova|trovami|quali|quale|cosa|che cosa|che|chi|quando|ho|abbiamo|c’è|ci sono|fammi vedere|fai vedere|dammi|dimmi|vedi|vedere|visualizza|qual è|quali sono|dove|tutte le|tutti i|le mie|i miei|cos’|mi mostri|mi fai vedere|mi dici|mi elenchi|vorrei vedere|voglio vedere|puoi mostrarmi|guarda|controlla|che cos’|in|su|elencare|l’elenco delle|l’elenco dei|dammi la lista|dammi l’elenco',
    get: 'raccontami di|raccontami del|raccontami della|parlami del|parlami della|dimmi tutto su|dimmi tutto sul|apri la|apri la nota|leggi|leggimi|leggere|mi leggi|dettagli|dettagli di|dettagli su|dettagli del|dettagli della|dammi i dettagli di|informazioni su|informazioni sul|info su|info sul|cosa c’è scritto|apri|mostrami i dettagli|mi apri|apri il|apri il progetto|parlami di|cosa dice|stato di|stato del',
    count: 'quante|quanti|conta|numero di|quanto|il numero di',
    summarise:
      'riassumi|riassumimi|riepiloga|sintetizza|riassunto|riassunto di|riassunto delle|fammi un riassunto|riepilogo di|riepilogo delle|sintesi di',
    need: 'mi servirebbe un’|ci vorrebbe un|ci vorrebbe una|ci vorrebbe un’|mi serve un’|ci vuole un’|mi farebbe comodo un|mi farebbe comodo una|servirebbe un|servirebbe una|mi occorre un|mi occorre una|ci servirebbe un|ci servirebbe una|mi tocca|bisognerebbe|non devo dimenticare di|devo|dobbiamo|dovrei|bisogna|ho bisogno di|mi serve|ci serve|serve|voglio|vorrei|occorre|mi serve un|mi serve una|ho bisogno di un|ho bisogno di una|mi serve un nuovo|mi serve una nuova|ci vuole un|ci vuole una|bisogna che|avrei bisogno di un|avrei bisogno di una|mi servirebbe un|mi servirebbe una|vorrei un|vorrei una|dovremmo|serve un|serve una',
  },
  enclitics: 'glielo|gliela|melo|mela|celo|cela|lo|la|li|le|gli|mi|ci|telo|ne',
  fillers:
    'stessa ora|alla stessa ora|stesso orario|allo stesso orario|saresti così gentile da|sarebbe così gentile da|mi faresti il favore di|fammi il favore di|fammi la cortesia di|ti andrebbe di|ti va di|avresti voglia di|ti chiederei di|le chiederei di|ti pregherei di|la prego di|quando puoi|quando hai tempo|quando hai un attimo|un’altra cosa|ancora una cosa|prima che mi dimentichi|prima che me ne scordi|già che ci sei|a proposito|pls|plz|perfavore|x favore|grazie in anticipo|tante grazie|mi raccomando|per caso|per favore|per piacere|per cortesia|cortesemente|gentilmente|grazie|grazie mille|puoi|potresti|può|potrebbe|vorrei|vorrei che|mi|ciao|buongiorno|buonasera|salve|ehi|allora|dunque|quindi|poi|e|anche|adesso|ora|ok|okay|va bene|sì|no|ecco|beh|senti|ascolta|scusa|subito|veloce|velocemente|magari|pure|dopo|infine|inoltre|prima|intanto|ti prego|se puoi|se possibile|mi piacerebbe|vorrei per favore|mi puoi|mi potresti|finalmente|già|che ne dici di|sarebbe possibile|è possibile|ho bisogno che|avrei bisogno di|per me|ancora|di nuovo|perfetto|bene|invece|meglio|anzi|per ora|più tardi|riesci a|ce la fai a|ti chiedo di|mi fai|volevo|volevo chiederti di|dai|su|forse|tipo|insomma|definitivamente|del tutto|ti spiace|ti dispiace|le dispiace|potete|mi raccomando|me lo|me la|nel frattempo|che tu',
  asides:
    'cioè|ovvero|va|va in|va nel|vanno|separate|separati|separata|separato|distinte|distinti|ciascuna|ciascuno|ognuna|ognuno|una per|una ciascuna|scadenza|entro|al massimo|al più tardi|sarebbe ottimo|sarebbe bello|ecco tutto|tutto qui|in punto|priorità|a parte|da aggiungere|da creare|da inserire|da segnare|da mettere|ti ringrazio|se riesci|se ce la fai|così|invece|anche|ma|però|dovrebbe essere|deve essere|fanne|facciamone|fai|metti|mettilo|mettila|aggiungilo|aggiungila|segnalo|segnala',
  asksFor: 'puoi|potresti|può|potrebbe|mi puoi|mi potresti|allora|quindi|per favore|ti prego di|vorrei che tu|riesci a',
  negators: 'non|non ancora|per ora non|per adesso non|mai|non voglio',
  noneOf: 'nessuna|nessun|nessuno|niente',
  contrast: {
    instead:
      'invece di|invece del|invece della|invece che|anziché|al posto di|al posto del|al posto della|e non|ma non|e non più',
    denies: 'non|non è|non più|non è più',
    but: 'ma|bensì|però',
    anyMore: 'più|ormai',
  },
  determiners:
    'il|lo|la|i|gli|le|un|una|uno|un’|l’|mio|mia|miei|mie|nostro|nostra|nostri|nostre|questo|questa|questi|queste|quel|quella|quello|ogni|tutti|tutte|del|della|dei|delle|seguenti|altra|altro|il mio|la mia',
  prepositions:
    'in|nel|nella|nell’|nelle|nei|nello|per|di|del|della|dell’|dei|delle|dello|da|dal|dalla|dalle|a|al|alla|alle|allo|ai|all’|su|sul|sulla|sull’|sulle|con|tra|fra|sotto|riguardo|circa',
  adjectives:
    'nuovo|nuova|nuovi|nuove|altro|altra|altre|altri|breve|veloce|piccolo|piccola|due|tre|quattro|cinque|sei|aperte|aperti|aperto|aperta|vecchio|vecchia|vecchie|urgente|importante|semplice|ultimo|ultima|seguente|ulteriore|prossimo|prossima',
  and: 'e|ed|più|nonché|&',
  then: 'poi|e poi|dopo|quindi|e quindi|dopodiché|e dopo|inoltre|infine|e anche|e inoltre|successivamente|in seguito|e infine',
  into: 'in|a|come|con|al|su',
  samePlace:
    'lì dentro|al suo interno|in esso|nello stesso progetto|in quel progetto|a quel progetto|allo stesso progetto|in questo progetto|a questo progetto|lì|dentro|dentro ci|per lo stesso progetto',
  too: 'anche|pure|lo stesso per|idem|altrettanto',
  both: 'entrambi|entrambe|tutti e due|tutte e due|tutto|tutti e tre|tutte e tre',
  each: 'ciascuna|ciascuno|ognuna|ognuno|separate|separati|separatamente|distinte|distinti|singole|singolarmente|una per una|una ciascuna',
  pronouns: 'lo|la|questo|questa|quello|quella|li|le|esso|essa|l’ultima|l’ultimo|quella lì|quell’|lei|ciò',
  second: 'seconda|secondo|la seconda|il secondo|l’altra|l’altro',
  anotherOne: 'un’altra|un altro|una seconda|un secondo|una terza|un terzo|ancora una|ancora uno|una|uno',
  creates: 'crea',
  taskLists:
    'alla mia lista|alla lista|nella lista|nella mia lista|in lista|sulla lista|sulla mia lista|tra le cose da fare|alle mie attività|alle attività|tra le attività|nelle attività|tra i compiti|nei compiti|alle cose da fare|come attività|come compito|come promemoria|la mia lista|tutta la mia lista|tutta la lista|la lista|tra le mie attività|tra i task|nei task|ai miei task|dalla lista',
  calendars:
    'in calendario|nel calendario|nel mio calendario|al calendario|in agenda|nell’agenda|nella mia agenda|sul calendario|dal calendario|dall’agenda|il mio calendario|la mia agenda|al mio calendario|dal mio calendario',
  all: 'elenco delle attività|intero elenco|tutti|tutte|tutto|tutta|ogni|intera|intero|qualsiasi|ciascuna',
  questions: 'che|cosa|quali|quale|quando|chi|dove|come|perché|quanto|quanti|quante|cos’|qual|ho|abbiamo|c’|ci sono',
  howTo:
    'secondo te|credi che|pensi che|ti sembra|come si|come faccio|come posso|come funziona|come mai|come stai|come va|come ti',
  due: 'scade|scadono|scadenza|in scadenza|da fare|devo fare|in ritardo|urgenti|urgente|aperte|completate|completato|finito|fare|rimane|resta|manca|mancano|dobbiamo fare|da finire|finire',
  agenda:
    'libero|libera|occupato|impegni|programma|in programma|in calendario|in agenda|previsto|previsti|appuntamenti|succede',
  client: 'cliente|clienti',
  priorities: {
    high: 'alta|alto|altissima|massima|elevata|urgente|prioritaria|maggiore',
    medium: 'media|medio|normale|intermedia|standard',
    low: 'bassa|basso|bassissima|minima|minore',
  },
  urgent:
    'urgente|urgenti|importante|molto importante|molto urgente|il prima possibile|appena possibile|subito possibile|prioritario|urgentissimo|urgentissima|asap|è urgente|con urgenza|urgentemente|critico|fondamentale|massima urgenza|quanto prima|importantissimo|importantissima',
  relaxed:
    'non urgente|senza fretta|non c’è fretta|non è urgente|niente di urgente|non importante|quando ho tempo|con calma|nessuna fretta|non è più urgente|non è più importante|poco importante|non è importante|può aspettare|niente fretta|quando capita|non più urgente|non più importante',
  priorityNouns: 'priorità|importanza|urgenza|prioritá|prio',
  statuses: {
    todo: 'da fare|aperta|aperto|aperte|aperti|da iniziare|in sospeso|non fatto|non fatta|in attesa|todo|non completate|non completata|da completare|non iniziata|incomplete|ancora da fare',
    in_progress:
      'in corso|in lavorazione|iniziata|iniziato|avviata|avviato|in svolgimento|in progress|cominciata|cominciato|in esecuzione',
    done: 'fatto|fatta|fatti|fatte|completata|completato|completate|completati|finita|finito|finite|finiti|terminata|terminato|terminate|conclusa|concluso|chiusa|chiuso|chiuse|conclusa|svolta|svolte|evasa',
  },
  statusNouns: 'stato|status',
  archived: 'archiviato|archiviati|archiviata|archiviate|in archivio|archivio',
  active: 'attivo|attivi|attiva',
  isDone:
    'è partito|è partita|è sistemato|è sistemata|è risolto|è risolta|è consegnato|è consegnata|è stato consegnato|è stata consegnata|è comprato|è comprata|ce l’ho fatta|è chiuso|è firmato|è firmata|è spedito|è pronta|pagata|pagato|inviata|inviato|spedita|spedito|consegnata|consegnato|prenotata|prenotato|è fatto|è fatta|è finito|è finita|è completato|è completata|è pronto|è pronta|è terminato|è terminata|è conclusa|è concluso|è chiusa|sono finiti|sono finite|sono fatte|sono fatti|sono pronte|sono pronti|è stato fatto|è stata fatta|fatto|fatta|finito|è a posto|completata|completato|è stata completata|è stato completato|è pagata|è pagato|è stata pagata|è stato pagato|è stato inviato|è stata inviata|è già fatto|è già fatta|l’ho fatto|l’ho fatta|l’ho finito|l’ho finita|è inviato|è inviata|è andata|l’ho già fatto|l’ho già fatta|l’ho completata|l’ho completato|l’ho pagata|l’ho pagato|è prenotata|è prenotato|è spedita|è spedito|finita',
  isStarted:
    'è in corso|è iniziato|è iniziata|è avviata|è avviato|è cominciato|è cominciata|è in lavorazione|sono in corso|l’ho iniziata|l’ho iniziato|l’ho cominciata|l’ho cominciato|l’ho appena iniziata|l’ho appena iniziato',
  haveDone:
    'ho finito|ho finito di|ho completato|ho fatto|ho pagato|ho inviato|ho mandato|ho chiamato|ho comprato|abbiamo finito|abbiamo completato|ho terminato|finito|finito di|ho chiuso|ho consegnato|ho già fatto|ho già pagato|ho appena finito|abbiamo fatto|ho spedito|ho prenotato|ha finito|ha completato|ho scritto|ho sistemato|ho risolto|pagato|pagata|inviato|ho concluso|ho portato a termine|fatto|ha terminato|ho preparato|ho stampato|ho ritirato|ho appena pagato',
  haveStarted:
    'mi sono messo a|mi sono messa a|mi sono messo su|sono su|mi sono messo al|mi sono messa al|ho iniziato|ho cominciato|sto lavorando a|sto lavorando su|stiamo lavorando a|ho iniziato a|sto facendo|ho iniziato a lavorare a|ho iniziato a lavorare su|sto lavorando al|sto lavorando alla|sto lavorando sul|sto lavorando sulla|ho appena iniziato|stiamo lavorando su|sto lavorando all’|ho avviato|abbiamo iniziato|ho cominciato a',
  notNeeded:
    'si può eliminare|si può cancellare|può essere eliminata|può essere eliminato|può essere cancellata|può essere cancellato|va eliminata|va eliminato|va tolta|va tolto|non serve a niente|è superato|è superata|puoi toglierla|puoi toglierlo|non serve più|non è più necessario|non è più necessaria|non mi serve più|non ci serve più|non servono più|non ho più bisogno di|non ho più bisogno del|non ho più bisogno della',
  shallBeCalled:
    'chiamala|chiamalo|chiamale|rinominala|deve chiamarsi ora|andrebbe chiamata|andrebbe chiamato|va chiamata|va chiamato|in realtà si chiama|dovrebbe essere|dovrebbe chiamarsi|deve chiamarsi|si chiama ora|ora si chiama|adesso si chiama|chiamala|chiamalo|che si chiami|cambiale il nome in|cambiagli il nome in|cambia nome in|rinominala in|rinominalo in|rinominala|rinominalo',
  naming:
    'chiama|chiamarsi|chiamare|chiamata|chiamato|nome|titolo|rinomina|rinominare|intitolare|errore di battitura|refuso|si chiama|scritto male',
  belongs:
    'va|vanno|va nel|appartiene|appartengono|sposta|spostare|metti|mettere|mettila|mettilo|collega|associa|assegna|fa parte|rientra|inserisci|riguarda|passa|archivia sotto|sistema',
  takesPlace:
    'si tiene|si svolge|si fa|facciamo|la facciamo|lo facciamo|spostata|spostato|luogo|posto|è in|sarà|ora è|sede|ci vediamo|si terrà|cambia|sposta|invece',
  deadlineOf:
    'nuova scadenza per|scadenza per|nuova scadenza di|nuova data per|termine per|la scadenza di|la scadenza del|la scadenza della|la scadenza dell’|scadenza di|scadenza del|la data di|la data del|la data della|il termine di|la scadenza per|il termine per|scadenza della|la data dell’',
  labels: {
    title:
      'titolo|nome|chiamato|chiamata|intitolato|intitolata|dal titolo|con titolo|con il titolo|che si chiama|di nome|si intitola|si chiama|chiamalo|chiamala|denominato|con nome|il titolo è|titolata',
    description: 'descrizione|con descrizione|con la descrizione|dettagli|con questa descrizione',
    content:
      'contenuto|testo|con contenuto|con il contenuto|con testo|con il testo|messaggio|con il messaggio|con dentro|con scritto|e contenuto|e testo|con scritto dentro|e come contenuto|con questo testo',
    saying:
      'che dice|dicendo|dicendo che|scrivi|con scritto che|in cui c’è scritto|e scrivi|dove dici che|che dica|scrivendo|scrivendo che|con il messaggio',
    location: 'luogo|posto|dove|sede|indirizzo|aula|presso',
    about: 'su|sul|sulla|sull’|riguardo a|riguardo al|a proposito di|oggetto|per quanto riguarda|riguardante|circa',
  },
  assignTo:
    'assegnata a|assegnata ad|assegnato a|assegnato ad|assegnate a|assegnate ad|assegnala a|assegnala ad|assegnalo a|assegnalo ad|assegnare a|assegnare ad|assegnatari|assegnatario|responsabile|delegata a|delegata ad|delegato a|delegato ad|dalla a|dalla ad|affidata a|affidata ad|affidato a|affidato ad|affidala a|affidala ad|affidalo a|affidalo ad|assegna a|assegna ad|in carico a|in carico ad|incaricato|passala a|passala ad|passalo a|passalo ad|dallo a|dallo ad',
  forPerson: 'per|a|ad|al|alla',
  takesOver:
    'come responsabile|come incaricato|come incaricata|se ne occupano|ci pensano|se la prende|se lo prende|ne è responsabile|tocca a|fallo fare a|falla fare a|fai fare a|fatelo fare a|che lo faccia|che la faccia|lo fa|la fa|se ne occupa|si occupa di|può farlo|può farla|lo prende|la prende|se ne occuperà|dovrà occuparsene|deve farlo|deve farla|può occuparsene|deve occuparsi di|ci pensa|si occuperà di|è responsabile di',
  mustDo: 'deve|dovrebbe|dovrà',
  with: 'con|e',
  place: 'in|nel|nella|presso|da|al|alla|a|su|all’|nell’',
  orderBy: 'ordinate per|ordinati per|ordina per|ordinato per|in ordine di',
  trend: 'andamento|tendenza|tendenze|produttività|produttivo|produttiva|confronta|trend',
  report: 'resoconto|rapporto|report|riepilogo settimanale|riepilogo della settimana|com’è andata la settimana',
  smallTalk: {
    hello: 'ciao|buongiorno|buonasera|salve|ehi|buon pomeriggio|buondì',
    thanks: 'grazie|grazie mille|perfetto|ottimo|fantastico|bravo|bravissimo|grande',
    help: 'aiuto|cosa sai fare|chi sei|che cosa sei|cosa puoi fare|come funzioni|sei un robot|sei una persona|sei ChatGPT|che cosa sai fare|che cosa puoi fare|sei umano',
    yes: 'sì|si|certo|conferma|confermo|procedi|va bene|ok|okay|esatto|fallo|eliminalo|cancellalo|eliminala|cancellala|sì grazie|certamente|d’accordo',
    no: 'no|annulla|non|lascia stare|lascia|ferma|no grazie|lascia perdere|meglio di no',
  },
  chores:
    'chiama|chiamare|compra|comprare|paga|pagare|invia|inviare|manda|mandare|prenota|prenotare|ritira|ritirare|porta|portare|pulisci|pulire|ripara|riparare|stampa|stampare|innaffia|annaffiare|leggi|studia|studiare|cucina|cucinare|lava|lavare|spedisci|spedire|ordina|ordinare|prepara|preparare|controlla|controllare|rivedi|rivedere|consegna|consegnare|firma|firmare|rinnova|rinnovare|telefona|telefonare|contatta|contattare|buttare|sistema|sistemare',
  dates: IT_DATES,
};
