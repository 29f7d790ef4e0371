import { DE_DATES } from './de-dates';
import type { Lexicon } from './lexicon';

export const DE: Lexicon = {
  language: 'de',
  functionWords:
    'ich|mich|mir|du|der|die|das|den|dem|des|ein|eine|einen|einer|einem|und|oder|nicht|ist|sind|für|mit|von|vom|zum|zur|zu|auf|bei|im|in|an|am|um|bis|bitte|mein|meine|meinen|meiner|mal|noch|wie|was|wer|wo|wann|welche|welcher|welches|kannst|könntest|kann|soll|wird|hat|habe|haben|es|sie|wir|uns|doch|auch|dann|nach|aus|als|dass|neue|neuen|neues|neuer|hab|ne|nen|ihr|heute|uhr|muss|müssen|bin|denn',
  entities: {
    task: {
      one: 'Aufgabe|Erinnerung|To do|Todo|Task|Aufgabenpunkt|Aufgbe|ToDo',
      many: 'Aufgaben|Erinnerungen|To dos|Todos|Tasks|Aufgabenliste|To do Liste|Todo Liste|ToDos',
    },
    comment: {
      one: 'Kommentar|Anmerkung|Bemerkung',
      many: 'gesagt wurde|geschrieben wurde|Kommentare|kommentiert|Anmerkungen|Kommentaren|Bemerkungen',
    },
    checkpoint: {
      one: 'Meilenstein|Etappenziel|Checkpoint|Zwischenziel',
      many: 'Meilensteine|Meilensteinen|Etappenziele|Checkpoints',
    },
    project: { one: 'Projekt|Projekts|Projektes', many: 'Projekte|Projekten' },
    note: { one: 'Notiz|Memo|Notizzettel', many: 'Notizen|Memos' },
    event: {
      one: 'Termin|Besprechung|Meeting|Treffen|Sitzung|Ereignis|Veranstaltung|Kalendereintrag|Verabredung',
      many: 'Termine|Besprechungen|Terminen|Meetings|Kalender|Ereignisse|Veranstaltungen|Terminkalender',
    },
    email: {
      one: 'E-Mail|Email|Mail|Mailentwurf|Emailentwurf|Nachricht|E-Mail-Entwurf',
      many: 'E-Mails|Emails|Mails|Nachrichten|Posteingang|Postfach',
    },
    figure: {
      one: 'Wochenbericht|Wochenübersicht|Statusbericht|Wochenrückblick|Bericht der Woche|Bericht für die Woche|Produktivität|Bericht für diese Woche',
      many: 'Statistiken|Statistik|Auswertung|Kennzahlen|Trends|Zahlen der Woche|Trend',
    },
  },
  eventWords:
    'Mittagessen|Abendessen|Frühstück|Zahnarzt|Arzt|Friseur|Kaffee|Workshop|Interview|Vorstellungsgespräch|Anruf mit|Telefonat|Telefonat mit|Party|Geburtstag|Essen|Konferenz|Budgetrunde|Jour fixe|Arzttermin|Zahnarzttermin|Stand up|Gespräch',
  verbs: {
    create:
      'pack|packst du|trägst du … ein|trägst du mir … ein|könntest du … anlegen|setzt du|stellst du … ein|einstellen|hinzufüge|leg mir … an|lege mir … an|mach mir … auf|mach mir|mache mir|notier … als Aufgabe|schreib mir … auf die Liste|bau … ein|erstell mir|erstelle mir|füge mir|trag mir … ein|gib mir … rein|einen neuen|eine neue|ein neues|aufmachen|eröffnen|einplanen|eintragn|anlegn|wir fangen … an|fang … an|fangen wir … an|wir starten mit|setz … auf meine Liste|halte als Aufgabe fest|wir starten ein|starten wir ein|machst du … auf|machst du|legst du|erstellst du|fügst du … hinzu|leg das … an|erstellen Sie|legen Sie … an|fügen Sie … hinzu|tragen Sie … ein|erstelle|erstell|erstellen|leg … an|lege … an|anlegen|legst … an|leg|lege|füge … hinzu|füg … hinzu|hinzufügen|füge|füg|mach … auf|mache … auf|mach|mache|neue|neuer|neues|neuen|trag … ein|trage … ein|eintragen|nimm … auf|aufnehmen|setz … auf die Liste|schreib … auf die Liste|richte … ein|einrichten|starte ein|starte ein neues|eröffne|definiere|erfasse|erfassen|erzeuge|erzeugen|schreib … auf meine Liste|pack … auf die Liste|pack … auf meine Liste|mach … rein|noch eine|noch einen|noch ein|ergänze|ergänzen|trag … nach|hinzu|plane ein|legen|gib … ein|starte eine|starten wir ein|beginne ein neues|packe … auf meine Liste|pack mir|noch ne|ich hätte gern|ich hätte gerne|angelegt',
    remind:
      'denk dran dass ich|denk daran dass ich|denk bitte dran dass ich|denk bitte daran dass ich|denk dran|denk daran|denk bitte dran|denk bitte daran|denkst du dran|denkst du daran|dass ich nicht vergesse|erinnere mich dass ich|erinner mich dass ich|erinnere mich daran dass ich|erinner mich daran dass ich|dran denken|vergiss bitte nicht|bitte nicht vergessen|nicht zu vergessen|erinnere mich an|erinnere mich daran|erinnere mich|erinner mich an|erinner mich daran|erinner mich|erinnern Sie mich an|erinnern Sie mich daran|erinnern Sie mich|erinnert mich|erinnere uns|ich darf nicht vergessen|nicht vergessen|darf nicht vergessen|vergiss nicht|lass mich nicht vergessen|erinnere mich bitte|erinnerst du mich|erinnerst du mich an|erinnerst du mich daran|Todo|To do|Aufgabe|zu erledigen|Erinnerung|ich will nicht vergessen|erinnerst du mich bitte|erinner mich bitte',
    jot: 'speichere als Notiz|speicher als Notiz|halte als Notiz fest|notieren Sie|notierst du|speichere das als Notiz|notiere|notier|notieren|Notiz|schreib dir auf|schreib auf|schreib … auf|schreibe … auf|merk dir|merke dir|merken|halte fest|halt fest|halte … fest|halt … fest|schreib eine Notiz|schreibe eine Notiz|mach eine Notiz|mach mir eine Notiz|notier dir|notiere dir|notiere mir|merk dir bitte|aufschreiben|Notiz an mich|notiert',
    schedule:
      'plane|plan|planen|vereinbare|vereinbar|vereinbaren|organisiere|organisieren|buche|buch|buchen|blocke|block|blockiere|reserviere|setz … an|setze … an|setz einen Termin|lade … ein|lad … ein|ich habe einen|ich hab einen|wir haben einen|terminiere|mach einen Termin|mach … aus|trag … in den Kalender ein',
    draft:
      'schreib eine E-Mail|schreibe eine E-Mail|schreib eine Mail|schreibe eine Mail|schreib|schreibe|schreiben|entwirf|entwerfe|entwerfen|verfasse|verfassen|formuliere|mail an|sende|schick|schicke|schick eine Mail|setz … auf',
    reply: 'antworte|antworten|antwort|antworte auf|beantworte|erwidere',
    comment:
      'kommentiere|kommentier|kommentieren|schreib einen Kommentar|schreibe einen Kommentar|hinterlass einen Kommentar|hinterlasse einen Kommentar|füge einen Kommentar|füg einen Kommentar|Kommentar|Kommentar zu|Kommentar bei|neuer Kommentar|mach einen Kommentar|ergänze einen Kommentar|trag einen Kommentar|poste einen Kommentar|schreib als Kommentar|vermerke|vermerk|vermerke bei|ergänze bei',
    delete:
      'rauslöschen|rausnehmen|rausschmeißen|rausstreichen|weglöschen|wegmachen|rausmachen|löschen Sie|entfernen Sie|löschst du|streichen Sie|lösche|lösch|löschen|loesche|loeschen|entferne|entfern|entfernen|streiche|streich|streichen|wirf … weg|wirf … raus|schmeiß … weg|schmeiß … raus|schmeiss … raus|schmeiss … weg|sag … ab|sage … ab|absagen|storniere|stornieren|eliminiere|mach … weg|nimm … raus|nimm … von der Liste|kann weg|weg damit|leere|leer|tilge|wegwerfen|rauswerfen|verwerfe|verwirf|vernichte|lösch … raus|hau … weg|räum … ab|leeren|gelöscht|kannst du löschen|tu … weg|hau … raus|cancel|cancele',
    update:
      'stell … zurück auf|stelle … zurück auf|stell … zurück|stelle … zurück|nimm … zurück|ändere|änder|ändern|aendere|setz … auf|setze … auf|setz|setze|setzen|stell … auf|stelle … auf|stell|stelle|stellen|markiere|markier|markieren|aktualisiere|aktualisier|aktualisieren|mach|mache|machen|bearbeite|korrigiere|pass … an|passe … an|anpassen|ersetze|ersetzen|überschreibe|gib|kennzeichne|bring|nimm|leg … fest|lege … fest|setz … hoch|setz … runter|mach … draus|setz … zurück|setze … zurück|stell … um',
    put: 'pack|packe|setz|setze|stell|stelle|leg|lege|tu|schieb',
    move: 'wir verschieben|wir verlegen|wir schieben|wir ziehen … vor|ziehen wir … vor|verschieben wir|verlegen wir|schieben wir|verschieben Sie|verlegen Sie|legen|verschiebst du|verschieb|verschiebe|verschieben|verleg|verlege|verlegen|zieh … vor|ziehe … vor|vorziehen|schieb|schiebe|schieben|schieb … auf|vertage|vertagen|verlängere|verlängern|verlegt|leg … auf|verschoben|zieh|schieb … nach hinten|verschiebst du',
    complete:
      'erledige|erledigt|erledigen|hak … ab|hake … ab|abhaken|schließ … ab|schließe … ab|schliess … ab|schliesse … ab|abschließen|beende|beenden|fertig mit|hak|mach … fertig|streich … durch|schließe|schließ|abgehakt|bin fertig mit|fertig',
    start:
      'beginne|beginn|beginnen|starte|start|fang … an|fange … an|anfangen|nimm … in Angriff|nimm … in Arbeit|mach weiter mit',
    reopen: 'öffne … wieder|öffne … erneut|reaktiviere die Aufgabe|mach … wieder auf|wieder öffnen|wiedereröffnen',
    archive: 'archiviere|archivier|archivieren|leg … ins Archiv|verschieb … ins Archiv|pack … ins Archiv|ins Archiv',
    restore:
      'reaktiviere|reaktivieren|stell … wieder her|stelle … wieder her|wiederherstellen|hol … aus dem Archiv|hole … aus dem Archiv|entarchiviere|dearchiviere',
    rename:
      'benenn … um|benenne … um|umbenennen|benenn|benenne|nenn … um|nenne … um|ändere den Namen|ändere den Titel|ändere den Titel von|ändere den Namen von|gib … den Namen|nenn|nenne|taufe … um|ändere den Titel der|ändere den Namen des|änder den Titel|änder den Namen',
    assign:
      'übergeben Sie|übergeben|übergebe|gib … weiter|gebe … weiter|geben Sie … weiter|reich … weiter|reiche … weiter|leite … weiter|weitergeben|weisen Sie … zu|übertragen Sie|geben Sie … an|ordnen Sie … zu|delegieren Sie|weise … zu|weis … zu|zuweisen|übertrag|übertrage|übertragen|gib … an|delegiere|delegieren|übergib|ordne … zu|zuteilen|teile … zu|teil … zu|gib|überlass|gib … ab',
    raise: 'erhöhe|erhöh|erhöhen|priorisiere|setz … höher|stufe … hoch|hochstufen|stuf … hoch',
    lower: 'senke|senk|senken|verringere|stufe … herunter|stufe … runter|herabstufen|stuf … runter',
    append: 'häng … an|hänge … an|anhängen|ergänze die Notiz|ergänze in der Notiz|füge an',
    approve: 'genehmige|genehmigen|bestätige die Aufgabe|nimm … an',
    reject: 'lehne … ab|lehn … ab|ablehnen',
    list: 'was gibts|was gibt es|was gibt’s|zeigen Sie|nennen Sie mir|listen Sie … auf|zeig|zeige|zeigen|zeig mir|zeige mir|zeig mal|liste|list|liste … auf|auflisten|such|suche|suchen|finde|find|finden|welche|welcher|welches|was|wann|wer|wo|gibt es|gibt’s|habe ich|hab ich|haben wir|bin ich|sind|ist|nenne mir|sag mir|gib mir|gib mir eine Liste|alle|meine|unsere|anzeigen|schau|guck|kann ich … sehen|zeigst du mir|zeig uns|ich möchte sehen|ich will sehen|zeigst du mir mal|übersicht|übersicht über|was steht|was haben wir|was habe ich|was hab ich|was sind|wie|liste der|Liste aller|zeigen Sie mir|nenn mir',
    get: 'erzähl mir was zum|erzähl mir was zu|erzähl mir etwas zum|erzähl mir vom|erzähl mir von|sag mir was zum|was weißt du über|was weißt du zum|öffne|öffnen|öffnest du|lies|lies mir|lesen|Details|Details zu|Details zum|Infos zu|Infos zum|Informationen zu|was steht in|was steht in der|Einzelheiten zu|zeig mir die Details|lies mir … vor|lies … vor|zeig mir Details zu|mach … auf|erzähl mir mehr über|Status von|wie steht es um|wie ist der Stand',
    count: 'wie viele|wieviele|zähle|zähl|Anzahl|wie viel|Anzahl der',
    summarise:
      'fasse … zusammen|fass … zusammen|zusammenfassen|Zusammenfassung|fasse|fass|gib mir eine Zusammenfassung|Zusammenfassung von|Zusammenfassung der',
    need: 'ich bräuchte ein|da fehlt noch eine|da fehlt noch ein|da fehlt noch einen|es fehlt noch eine|es fehlt noch ein|brauch ich noch einen|brauch ich noch eine|brauch ich noch ein|brauch ich einen|brauch ich eine|brauch ich ein|brauche ich noch eine|brauche ich noch einen|brauche ich noch ein|es braucht eine|es braucht einen|es braucht ein|man müsste|jemand muss|wir müssten|hätte ich gern einen|hätte ich gern eine|hätte ich gern ein|hätte ich gerne einen|hätte ich gerne eine|brauch ich|brauche ich|brauchen wir|brauche ich einen|brauche ich eine|brauche ich ein|brauchen wir einen|brauchen wir eine|möchte ich einen|möchte ich eine|muss ich noch|muss ich|ich muss|wir müssen|ich soll|ich sollte|wir sollten|ich brauche|wir brauchen|ich brauche eine|ich brauche einen|ich brauche ein|wir brauchen einen|wir brauchen eine|wir brauchen ein|ich will|ich möchte|muss|man muss|müsste|ich müsste|ich brauch|ich brauch ne|ich brauch eine|ich brauch einen|wir brauchen noch einen|wir brauchen noch eine|wir brauchen noch ein|ich bräuchte|ich bräuchte eine|ich bräuchte einen|ich bräuchte ein|ich sollte noch|ich muss noch',
  },
  enclitics: '',
  fillers:
    'und zwar|zwar|selbe Uhrzeit|gleiche Uhrzeit|gleiche Zeit|zur gleichen Zeit|zur selben Zeit|hat sich erledigt|hat sich eh erledigt|wärst du so lieb|wärst du so gut|wären Sie so freundlich|seien Sie so gut und|dürfte ich|dürfte ich dich bitten|darf ich dich bitten|ich würde dich bitten|ich bitte dich|ich bitte Sie|hättest du kurz Zeit|kannst du mir|könntest du mir|könnten Sie mir|würdest du mir|würden Sie mir|wenn du kannst|wenn du magst|wenn du Zeit hast|bei Gelegenheit|nur kurz|ganz kurz|bevor ich es vergesse|bevor ich’s vergesse|noch was|noch etwas|eins noch|nebenbei|tu mir den Gefallen und|sei bitte so nett und|bidde|pls|plz|bitteschön|bitte sehr|hey du|nee|nö|nein doch|ach und|ach|ach ja und|wäre nett|wenn’s geht|wenn es geht|könntet ihr|würdet ihr|sag mal|pass auf|ich meine|ich meinte|entschuldige|sorry|moment|bitte|mal|doch|bitte mal|doch bitte|doch mal|kannst du|könntest du|könnten Sie|können Sie|kannst du bitte|könntest du bitte|könnten Sie bitte|kann man|ich möchte|ich möchte dass du|ich will|ich hätte gern|ich hätte gerne|würdest du|würden Sie|wärst du so nett|wären Sie so nett|wäre es möglich|hallo|hi|hey|guten Morgen|guten Tag|guten Abend|servus|moin|danke|danke dir|vielen Dank|danke schön|also|so|und|dann|danach|jetzt|nun|noch|auch|außerdem|gerne|gern|mir|einfach|schnell|kurz|eben|gleich|ok|okay|ja|nein|ach|äh|ähm|hm|übrigens|bitte noch|mir bitte|mir mal|ich würde gerne|ich würde gern|ich wollte|zuerst|erstens|zweitens|schließlich|zum Schluss|ab jetzt|endlich|schon|denn|wieder|wäre gut|wäre super|wäre toll|liebe Grüße|lg|thx|lieber|doch lieber|mal eben|mal schnell|mal kurz|mal wieder|damit|dafür|das wäre super|kannste|könnteste|sei so gut und|sei so lieb und|sei so nett und|bitte jetzt|aber|ach ja|ach so|stimmt|hast du|komplett|endgültig|oh|willst du|magst du|anzulegen|zu erstellen|das wäre toll|das wäre nett|freundliche Grüße|wenn möglich|falls möglich|direkt|sofort|tatsächlich|eigentlich|mir noch|für mich|auch noch|auch bitte',
  asides:
    'und zwar|nämlich|mal|mal als|kommt|kommt in|kommt ins|gehört|gehört zu|gehört ins|geht|hinzu|dazu|an|auf|ein|auf die Liste|spätestens|jeweils|jeweils eine|jeweils eine eigene|eigene|eigenen|eigener|getrennt|einzeln|separat|separate|separaten|als eigene|fällig|Frist|Deadline|wäre schön|wäre lieb|würde helfen|das wär’s|das wäre es|als|so|pünktlich|bis spätestens|soll es sein|muss es sein|es ist|Termin ist|damit|daraus|draus|hätte ich gern|hätte ich gerne|hätt ich gern|möchte ich|notieren|eintragen|anlegen|erstellen|aufnehmen|wichtig ist das|kein Problem|erst|und auch|auch|aber|aber erst|Priorität|Prio|mach draus|wenns geht|zu erstellen|anzulegen|einzutragen',
  asksFor:
    'kannst du|könntest du|kannst du bitte|könntest du bitte|können Sie|könnten Sie|würdest du|würden Sie|kannst du mir|könntest du mir|kannste|könnteste|sei so gut und|sei so lieb und|also bitte|bitte',
  negators: 'nicht|bitte nicht|noch nicht|lieber nicht|niemals|auf keinen Fall',
  noneOf: 'keine|keinen|kein|noch keine|noch keinen|noch kein|nichts|noch nichts|nicht|noch nicht',
  contrast: {
    instead: 'statt|anstatt|anstelle von|anstelle vom|und nicht|aber nicht|an Stelle von',
    denies: 'nicht|nicht mehr|ist nicht|kein|nicht erst|nicht schon',
    but: 'sondern|lieber|vielmehr',
    anyMore: 'mehr|erst|schon|wie geplant|geplant',
  },
  determiners:
    'der|die|das|den|dem|des|ein|eine|einen|einer|einem|mein|meine|meinen|meiner|meinem|unser|unsere|unseren|diese|dieser|diesen|dieses|diesem|jede|jeden|jedes|alle|alles|ne|nen|’ne|irgendeine|ihre|seine|folgende|folgenden|folgendes|deren|dein|deine',
  prepositions:
    'in|im|für|zu|zum|zur|an|am|auf|von|vom|aus|bei|beim|unter|mit|über|wegen|um|bezüglich|zwecks|ins|ans|aufs',
  adjectives:
    'neue|neuer|neues|neuen|kurze|kurzer|kurzen|schnelle|weitere|weiteren|weiterer|weiteres|zusätzliche|offene|offenen|bestehende|alte|alten|einfache|zwei|drei|vier|fünf|sechs|dringende|dringender|dringenden|wichtige|wichtiger|wichtigen|kleine|kleinen|kleines|andere|letzte|letzten|aktuelle|aktuellen|gemeinsame',
  and: 'und|sowie|&|plus',
  then: 'dann|und dann|danach|anschließend|und danach|außerdem|und außerdem|zusätzlich|sowie|und auch|im Anschluss|daraufhin|und anschließend|ferner|und zusätzlich|und noch|dazu|zum Schluss|zuletzt',
  into: 'in|auf|zu|um in|als|nach|mit',
  samePlace:
    'darin|dazu|dafür|da rein|dort|drin|im selben Projekt|im gleichen Projekt|in dem Projekt|in diesem Projekt|in dasselbe Projekt|zum selben Projekt|zu diesem Projekt|zu dem Projekt',
  too: 'auch|ebenso|ebenfalls|genauso|dasselbe für|das gleiche für|dito',
  both: 'beides|beide|alle drei|alles|jeweils|alle',
  each: 'jeweils|je|jedes|jede|jeder|einzeln|einzelne|getrennt|separat|separate|eigene|eigenen|für jedes|für jeden',
  pronouns: 'es|sie|das|ihn|diese|dies|diesen|dieses|die letzte|das letzte|denselben|dieselbe|die Aufgabe|ihm|die',
  second: 'zweite|zweiten|die zweite|das zweite|der zweite|den zweiten|die andere|den anderen',
  anotherOne:
    'noch eine|noch einen|noch eins|noch ein|eine weitere|einen weiteren|ein weiteres|eine zweite|einen zweiten|ein zweites|eine andere|einen anderen|ein anderes|eine dritte|einen dritten|eins|eine|einen',
  creates: 'neue',
  taskLists:
    'auf meine Liste|auf die Liste|auf der Liste|in meine Liste|in die Liste|auf meine To do Liste|auf die To do Liste|auf meine Todo Liste|zu meinen Aufgaben|zu den Aufgaben|in meine Aufgaben|in die Aufgabenliste|auf die Aufgabenliste|auf meine Aufgabenliste|als Aufgabe|als Todo|als To do|meine Liste|meine ganze Liste|meine Aufgabenliste|die Liste|die ganze Liste|meiner Liste|von der Liste|auf meiner Liste|zu meinen To dos|zu meinen Todos',
  calendars:
    'im Kalender|in den Kalender|in meinen Kalender|in meinem Kalender|in dem Kalender|aus dem Kalender|aus meinem Kalender|mein Kalender|meinen Kalender|auf den Kalender|in unseren Kalender',
  all: 'alle|alles|sämtliche|jede|jeden|ganze|ganzen|gesamte|gesamten|allen|aller|komplette',
  questions:
    'was|welche|welcher|welches|welchen|wann|wer|wo|wie|warum|wieso|gibt|habe|hab|haben|bin|ist|sind|steht|stehen|wie viele|kann|darf|hat|wird|worum',
  howTo:
    'glaubst du|meinst du|denkst du|findest du|wie legt|wie lege|wie kann|wie mache|wie macht|wie erstellt|wie erstelle|wie funktioniert|wie geht|wie sagt|wie heißt|wie alt|wie bekomme|wie wird|wie lösche|wie löscht',
  due: 'steht|stehen|fällig|überfällig|anstehen|steht an|offen|erledigt|erledigen|zu tun|muss ich|sollte ich|machen|dringend|Frist|abgelaufen|ansteht|abgeben|schaffen|geschafft|tun',
  agenda: 'Termine|frei|verfügbar|geplant|los|vor|beschäftigt|im Kalender|steht an|ansteht|anstehen',
  client: 'Kunde|Kunden|Kundin|Auftraggeber',
  priorities: {
    high: 'hoch|hohe|hoher|hohen|hohes|höchste|höchster|höchsten|oberste|oberster|dringend|wichtig|top|maximal|maximale|hochprior|höchste|größte',
    medium: 'mittel|mittlere|mittlerer|mittleren|mittleres|normal|normale|normaler|durchschnittlich|mittelhoch',
    low: 'niedrig|niedrige|niedriger|niedrigen|niedriges|gering|geringe|geringer|geringen|tief|tiefe|niedrigste|niedrigster|geringste|kleine|unterste',
  },
  urgent:
    'dringend|dringende|dringenden|dringender|wichtig|wichtige|wichtigen|sehr wichtig|eilig|eilt|es eilt|so schnell wie möglich|schnellstmöglich|asap|sehr dringend|superwichtig|top Priorität|höchste Priorität|eilt sehr|brandeilig|super dringend|total wichtig|total dringend|Prio 1|Priorität 1|brennt',
  relaxed:
    'nicht dringend|nicht eilig|keine Eile|nicht so wichtig|unwichtig|nicht wichtig|hat Zeit|eilt nicht|kein Stress|wenn ich Zeit habe|nicht mehr wichtig|nicht mehr so wichtig|nicht mehr dringend|Prio 3|Priorität 3|ist nicht eilig|ohne Eile|kann warten|nichts Dringendes|nicht so dringend|nicht mehr so dringend',
  priorityNouns: 'Priorität|Prio|Wichtigkeit|Dringlichkeit|Prioritaet|Prioität',
  statuses: {
    todo: 'offen|offene|offenen|offener|zu erledigen|zu tun|todo|to do|nicht erledigt|nicht begonnen|unerledigt|ausstehend|ausstehende|unerledigte|unerledigten|nicht fertig|noch nicht begonnen|geplant',
    in_progress:
      'in Arbeit|in Bearbeitung|laufend|laufende|laufenden|begonnen|angefangen|gestartet|in progress|am Laufen|im Gange|aktiv|bearbeitet',
    done: 'erledigt|erledigte|erledigten|fertig|fertige|fertigen|abgeschlossen|abgeschlossene|abgeschlossenen|beendet|done|gemacht|abgehakt|durch|geschafft',
  },
  statusNouns: 'Status|Zustand',
  archived: 'archiviert|archivierte|archivierten|ins Archiv|Archiv',
  active: 'aktiv|aktive|aktiven',
  isDone:
    'ist raus|ist im Kasten|ist eingetütet|habe ich hinter mir|hab ich hinter mir|ist bezahlt worden|wurde gemacht|wurde eingereicht|wurde gekauft|ist gekauft|ist repariert|ist geputzt|ist geschrieben|ist überwiesen|ist beantragt|ist erledigt|ist fertig|sind erledigt|sind fertig|ist abgeschlossen|ist gemacht|ist getan|ist bezahlt|ist geschafft|ist durch|erledigt|fertig|ist jetzt erledigt|ist jetzt fertig|ist schon erledigt|ist beendet|sind abgeschlossen|wurde erledigt|wurde abgeschlossen|ist vom Tisch|ist raus|ist abgehakt|ist verschickt|ist gesendet|habe ich erledigt|hab ich erledigt|habe ich gemacht|hab ich gemacht|habe ich bezahlt|hab ich bezahlt|habe ich fertig|hab ich fertig|habe ich abgeschlossen|ist schon fertig|ist schon gemacht|ist endlich fertig|ist endlich erledigt|habe ich geschafft|hab ich geschafft|abgeschlossen|ist gebucht|ist bestellt|ist abgegeben|ist eingereicht|wurde bezahlt|wurde verschickt',
  isStarted:
    'ist in Arbeit|ist in Bearbeitung|läuft|läuft schon|läuft gerade|habe ich angefangen|hab ich angefangen|habe ich begonnen|hab ich begonnen|ist angefangen|ist begonnen|sind in Arbeit|habe ich gerade angefangen|hab ich gerade angefangen',
  haveDone:
    'ich habe … erledigt|ich hab … erledigt|ich habe … gemacht|ich hab … gemacht|ich habe … bezahlt|ich hab … bezahlt|ich habe … abgeschlossen|ich habe … verschickt|ich habe … geschickt|ich habe … gekauft|ich habe … fertig|ich hab … fertig|ich habe … beendet|ich habe … gesendet|ich habe … abgegeben|ich habe … überwiesen|ich habe … fertiggestellt|ich habe … gebucht|ich habe … angerufen|ich habe … bestellt|ich habe … geschrieben|ich habe … repariert|ich habe … abgeholt|wir haben … erledigt|wir haben … fertig|wir haben … abgeschlossen|hat … erledigt|hat … fertig|hat … abgeschlossen|hat … fertiggestellt|hab … erledigt|habe … erledigt|hab … bezahlt|habe … bezahlt|habe … fertig|hab … fertig|hab … gemacht|bin fertig mit|ich bin fertig mit|wir sind fertig mit|fertig mit|bin mit … fertig|ich bin mit … fertig|wir haben … gemacht|wir haben … verschickt|hab … gekauft|habe … gekauft|ich habe … eingereicht|ich habe … geputzt|ich habe … vorbereitet',
  haveStarted:
    'ich hab mit … angefangen|ich habe mit … angefangen|ich sitze an|ich bin bei|ich mache gerade|bin gerade an|bin an|ich arbeite an|ich arbeite gerade an|wir arbeiten an|ich arbeite jetzt an|ich beginne mit|ich fange an mit|ich habe angefangen mit|ich habe begonnen mit|ich bin gerade an|arbeite an|ich bin dran an|ich hab angefangen mit|ich sitze gerade an|ich fange jetzt mit|ich habe mit',
  notNeeded:
    'kann gelöscht werden|kann in den Müll|kann in die Tonne|fliegt raus|soll weg|muss weg|brauchts nicht mehr|wird nicht mehr benötigt|entfällt|fällt weg|fällt aus|wird nicht mehr gebraucht|brauche ich nicht mehr|brauchen wir nicht mehr|ist nicht mehr nötig|ist hinfällig|kann weg|hat sich erledigt|brauch ich nicht mehr',
  shallBeCalled:
    'nenn sie|nenn ihn|nenn es|nenne sie|nenne ihn|muss|müsste|muss eigentlich|muss jetzt|heißt künftig|heißt nun|heißt eigentlich|soll|sollte|heißt jetzt|heißt ab jetzt|soll eigentlich|soll künftig|soll ab jetzt|nenn sie|nenn es|nenn ihn',
  naming:
    'heißen|heißt|nennen|nenn|nenne|Name|Namen|Titel|umbenennen|benenn|benenne|Schreibfehler|Tippfehler|lauten|lautet|betiteln|Bezeichnung',
  belongs:
    'gehört|gehören|gehört zu|gehört zum|gehört ins|kommt|kommt in|kommt ins|soll ins|soll zum|muss ins|muss zum|verschieb|verschiebe|verschieben|pack|packe|leg|lege|ordne|zuordnen|häng|steck|stecke|tu|zählt|zugeordnet|Teil von|unter|einsortieren|übertrag|setz|setze',
  takesPlace:
    'findet|finden|statt|stattfinden|verlegt|verlegen|verleg|Ort|ist jetzt|ist nun|machen wir|treffen|sind wir|ist|soll|Raum|Adresse|wir gehen|sondern',
  deadlineOf:
    'Fälligkeitsdatum für|Fälligkeit für|Termin für|die Frist für|die Frist von|Frist für|die Deadline für|die Deadline von|Deadline für|das Fälligkeitsdatum von|Fälligkeitsdatum von|der Termin für|die Frist der Aufgabe|Deadline von|das Datum von|die Fälligkeit von|das Datum für',
  labels: {
    title:
      'Titel|Name|namens|mit dem Titel|mit dem Namen|mit Titel|mit Namen|genannt|nenn es|nenn ihn|nenn sie|nenne es|der Titel ist|Titel einfach|betitelt|heißt|die heißt|das heißt|der heißt|mit der Überschrift|Überschrift|soll heißen|nenn das',
    description: 'Beschreibung|mit der Beschreibung|mit Beschreibung|Details|beschreibung ist',
    content:
      'Inhalt|Text|mit dem Inhalt|und dem Inhalt|mit Inhalt|mit dem Text|und dem Text|mit Text|Nachricht|mit der Nachricht|und Inhalt|und Text|und folgendem Inhalt|mit folgendem Inhalt|mit folgendem Text',
    saying:
      'mit den Worten|schreib rein|schreib dazu|und schreib|in der steht|da steht drin|steht drin|und schreib rein|mit der Info|mit dem Hinweis|mit folgendem Text',
    location: 'Ort|Wo|Treffpunkt|Adresse|Raum|Veranstaltungsort|am Ort',
    about: 'wegen|über|zum Thema|bezüglich|betreffend|Betreff|zu',
  },
  assignTo:
    'zugewiesen an|zuweisen an|zuständig|zuständig ist|zuständig sind|verantwortlich|verantwortlich ist|weise sie|gib sie an|gib es an|Zuweisung|Bearbeiter|zugeteilt an|übertragen an|gib das|weise es|weise sie zu an|weise es zu an|weis sie|weis es|zugewiesen',
  forPerson: 'für|an',
  takesOver:
    'als Zuständige|als Zuständigen|als Verantwortliche|als Verantwortlichen|als Bearbeiter|als Bearbeiterin|schaut danach|bekommt das|kriegt das|nimmt das|ist dran|ist dafür zuständig|wird sich kümmern|übernimmt|übernimmt das|kümmert sich um|kümmert sich darum|kümmert sich|macht|macht das|soll das machen|soll|soll übernehmen|ist zuständig für|ist verantwortlich für|machen|übernehmen|erledigt das|kann das machen|kann das übernehmen|kann|wird das machen|soll sich kümmern um|ist zuständig',
  mustDo: 'muss|soll|sollte|müsste',
  with: 'mit|und',
  place: 'in|im|bei|beim|am|an der|über',
  orderBy: 'sortiert nach|sortiere nach|geordnet nach|nach',
  trend: 'Trend|Trends|Produktivität|produktiv|Entwicklung|Verlauf|im Vergleich|vergleiche',
  report: 'Wochenbericht|Bericht|Wochenübersicht|Statusbericht|Wochenrückblick|wie war meine Woche',
  smallTalk: {
    hello: 'hallo|hi|hey|guten Morgen|guten Tag|guten Abend|servus|moin|grüß Gott|grüezi',
    thanks: 'danke|vielen Dank|super|toll|perfekt|klasse|prima|danke schön|danke dir|merci',
    help: 'Hilfe|was kannst du|wer bist du|was bist du|wie funktionierst du|bist du eine KI|bist du ein Mensch|was kann ich dich fragen|bist du ChatGPT|bist du ein Bot|was können Sie|wer sind Sie',
    yes: 'ja|jawohl|klar|mach das|ja bitte|okay|ok|sicher|natürlich|gerne|genau|bestätigt|lösch es|jep|ja klar|ja lösch|einverstanden|mach|ja mach das|bestätige',
    no: 'nein|nicht|lass|nö|ne|nee|abbrechen|doch nicht|lass es|stopp|behalte|nein danke',
  },
  chores:
    'ruf|rufe|kauf|kaufe|bezahl|bezahle|schick|schicke|hol|hole|bring|bringe|putz|putze|reparier|repariere|bestell|bestelle|prüf|prüfe|lies|druck|drucke|gieß|gieße|wasch|wasche|koch|koche|sende|besuch|besuche|frag|frage|bereite',
  dates: DE_DATES,
};
