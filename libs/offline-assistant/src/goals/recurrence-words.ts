import type { Language } from '../lexicon/lexicon';

/** Alternatives of a regular expression over folded words: lower case, no accents. */
interface RecurrenceWords {
  readonly every: string;
  readonly day: string;
  readonly week: string;
  readonly month: string;
  readonly year: string;
  readonly daily: string;
  readonly weekly: string;
  readonly monthly: string;
  readonly yearly: string;
  readonly workdays: string;
  readonly weekend: string;
  /** "every other week". */
  readonly other: string;
  /** In front of a plural weekday: "on Mondays". */
  readonly on: string;
  /** "three times a week" with the number in front. */
  readonly timesAWeek: string;
  /** Behind "times": a word that says the number and "times" in one. */
  readonly countWords: Readonly<Record<string, number>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly and: string;
  /** Parts of the day that stand behind "every" and say the hour. */
  readonly parts: Readonly<Record<string, number>>;
}

export const RECURRENCE_WORDS: Readonly<Record<Language, RecurrenceWords>> = {
  en: {
    every: 'every single|every|each',
    day: 'days|day',
    week: 'weeks|week',
    month: 'months|month',
    year: 'years|year',
    daily: 'daily|everyday',
    weekly: 'weekly|once a week',
    monthly: 'monthly|once a month',
    yearly: 'yearly|annually|once a year',
    workdays: '(?:every|each|on) (?:weekdays|weekday|workdays|workday|working day|working days)',
    weekend: '(?:every|each|on) (?:weekends|weekend)',
    other: '(?:every|each) (?:other|second)|biweekly|fortnightly|every fortnight',
    on: 'on',
    timesAWeek: 'times (?:a|per|each) week',
    countWords: { 'twice a week': 2, 'twice per week': 2 },
    numbers: { two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7 },
    and: 'and|,|&',
    parts: { morning: 9, afternoon: 15, evening: 19, night: 20 },
  },
  de: {
    every: 'jeden|jede|jedes|jeder|jedem|alle',
    day: 'tage|tagen|tag',
    week: 'wochen|woche',
    month: 'monate|monaten|monat',
    year: 'jahre|jahren|jahr',
    daily: 'taglich',
    weekly: 'wochentlich|einmal (?:pro|in der|die) woche',
    monthly: 'monatlich|einmal (?:pro|im) monat',
    yearly: 'jahrlich|einmal (?:pro|im) jahr',
    workdays: 'werktags|unter der woche|an werktagen|jeden werktag',
    weekend: '(?:jedes wochenende|am wochenende immer|an wochenenden)',
    other: '(?:jede|jeden|jedes) (?:zweite|zweiten|zweites)|vierzehntagig',
    on: 'immer|an',
    timesAWeek: '(?:mal )?(?:pro|in der|die) woche',
    countWords: { 'zweimal pro woche': 2, 'zweimal die woche': 2, 'zweimal in der woche': 2 },
    numbers: {
      ...{ zwei: 2, drei: 3, vier: 4, funf: 5, sechs: 6, sieben: 7 },
      ...{ zweimal: 2, dreimal: 3, viermal: 4, funfmal: 5, sechsmal: 6, siebenmal: 7 },
    },
    and: 'und|,',
    parts: { morgen: 9, vormittag: 10, nachmittag: 15, abend: 19 },
  },
  it: {
    every: 'ogni|tutti i|tutte le|tutti gli',
    day: 'giorni|giorno',
    week: 'settimane|settimana',
    month: 'mesi|mese',
    year: 'anni|anno',
    daily: 'quotidianamente|giornalmente',
    weekly: 'settimanalmente|una volta (?:a|alla) settimana',
    monthly: 'mensilmente|una volta al mese',
    yearly: "annualmente|una volta (?:all' ?anno|l' ?anno)",
    workdays: '(?:nei|tutti i|ogni) (?:giorni feriali|giorno feriale|giorni lavorativi|giorno lavorativo)',
    weekend: '(?:ogni|nei|tutti i) (?:weekend|fine settimana)',
    other: 'una (?:settimana) si e una no|a settimane alterne',
    on: 'il|di|la',
    timesAWeek: 'volte (?:a|alla|per|la) settimana',
    countWords: {},
    numbers: { due: 2, tre: 3, quattro: 4, cinque: 5, sei: 6, sette: 7 },
    and: 'e|,',
    parts: { mattina: 9, mattino: 9, pomeriggio: 15, sera: 19, notte: 20 },
  },
  fr: {
    every: 'chaque|tous les|toutes les',
    day: 'jours|jour',
    week: 'semaines|semaine',
    month: 'mois',
    year: 'ans|annees|an|annee',
    daily: 'quotidiennement|au quotidien',
    weekly: 'hebdomadaire|une fois par semaine',
    monthly: 'mensuellement|une fois par mois',
    yearly: 'annuellement|une fois par an',
    workdays: '(?:tous les|les|chaque) (?:jours ouvrables|jour ouvrable|jours ouvres|jours de semaine)|en semaine',
    weekend: '(?:chaque|tous les|le) (?:week-end|week-ends|weekend|weekends|week - end|week - ends)',
    other: 'une semaine sur deux',
    on: 'les|le',
    timesAWeek: 'fois par semaine',
    countWords: {},
    numbers: { deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7 },
    and: 'et|,',
    parts: { matin: 9, matins: 9, 'apres-midi': 15, soir: 19, soirs: 19 },
  },
  es: {
    every: 'cada|todos los|todas las',
    day: 'dias|dia',
    week: 'semanas|semana',
    month: 'meses|mes',
    year: 'anos|ano',
    daily: 'diariamente|a diario',
    weekly: 'semanalmente|una vez (?:a la|por) semana',
    monthly: 'mensualmente|una vez (?:al|por) mes',
    yearly: 'anualmente|una vez (?:al|por) ano',
    workdays: '(?:entre semana|los dias laborables|cada dia laborable|todos los dias laborables)',
    weekend: '(?:cada|los|todos los) (?:fin de semana|fines de semana)',
    other: 'una semana si y otra no',
    on: 'los|el',
    timesAWeek: 'veces (?:a la|por) semana',
    countWords: {},
    numbers: { dos: 2, tres: 3, cuatro: 4, cinco: 5, seis: 6, siete: 7 },
    and: 'y|e|,',
    parts: { manana: 9, mananas: 9, tarde: 17, tardes: 17, noche: 20, noches: 20 },
  },
};
