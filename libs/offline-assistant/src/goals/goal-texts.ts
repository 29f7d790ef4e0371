import type { Language } from '../lexicon/lexicon';

interface GoalTexts {
  /** Words in front of what is wanted. */
  readonly opening: RegExp;
  /** The steps of a goal that names none; `{goal}` is its title. */
  readonly define: string;
  readonly begin: string;
  readonly review: string;
  /** When the last one is done. */
  readonly weekly: string;
}

export const GOAL_TEXTS: Readonly<Record<Language, GoalTexts>> = {
  en: {
    opening:
      /^(?:my goal is to|my goal is|the goal is to|i(?:'d| would) like to|i(?: really)? want to|i want|i plan to|i need to|i have to|i will|i'll|help me(?: to)?|and|then|also|please)\s+/i,
    define: 'Write down what "{goal}" means when it is done',
    begin: 'Take the first small step: {goal}',
    review: 'Review the progress: {goal}',
    weekly: 'every week',
  },
  de: {
    opening:
      /^(?:mein ziel ist(?: es)?,?|das ziel ist(?: es)?,?|ich (?:möchte|mochte|will|muss|plane)(?: gerne?)?|hilf mir(?: dabei)?,?|und|dann|auch|bitte)\s+/i,
    define: 'Aufschreiben, was „{goal}“ heißt, wenn es erreicht ist',
    begin: 'Den ersten kleinen Schritt tun: {goal}',
    review: 'Den Fortschritt prüfen: {goal}',
    weekly: 'jede Woche',
  },
  it: {
    opening:
      /^(?:il mio obiettivo è(?: di)?|l[’']obiettivo è(?: di)?|vorrei|voglio|devo|ho intenzione di|aiutami a|e|poi|anche|per favore)\s+/i,
    define: 'Scrivere che cosa significa «{goal}» quando è fatto',
    begin: 'Fare il primo piccolo passo: {goal}',
    review: 'Controllare i progressi: {goal}',
    weekly: 'ogni settimana',
  },
  fr: {
    opening:
      /^(?:mon objectif est de|l[’']objectif est de|je (?:voudrais|veux|dois|souhaite|compte)|j[’']aimerais|aide-moi à|et|puis|aussi)\s+/i,
    define: 'Écrire ce que « {goal} » veut dire une fois atteint',
    begin: 'Faire le premier petit pas : {goal}',
    review: 'Faire le point : {goal}',
    weekly: 'chaque semaine',
  },
  es: {
    opening:
      /^(?:mi objetivo es|el objetivo es|quiero|quisiera|me gustaría|debo|tengo que|ayúdame a|y|luego|también)\s+/i,
    define: 'Escribir qué significa «{goal}» cuando esté hecho',
    begin: 'Dar el primer paso pequeño: {goal}',
    review: 'Revisar el progreso: {goal}',
    weekly: 'cada semana',
  },
};
