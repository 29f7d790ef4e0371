import type { Language } from '../lexicon/lexicon';

/** What the coach must know of a user, in the order in which it is asked. */
export const INTERVIEW_TOPICS = ['name', 'goals', 'working_hours', 'reminders', 'obstacles'] as const;
export type InterviewTopic = (typeof INTERVIEW_TOPICS)[number];

interface InterviewTexts {
  readonly hello: string;
  readonly noted: string;
  readonly complete: string;
  readonly questions: Readonly<Record<InterviewTopic, string>>;
}

export const INTERVIEW_TEXTS: Readonly<Record<Language, InterviewTexts>> = {
  en: {
    hello: 'Welcome to Adiuva. A few questions help me to plan with you.',
    noted: 'Noted.',
    complete: 'That is all I need. Tell me a goal whenever you like, and I make a plan for it.',
    questions: {
      name: 'What may I call you?',
      goals: 'What would you like to achieve in the next months?',
      working_hours: 'On which days and at which hours do you work?',
      reminders: 'At what time of the day should I remind you of tasks?',
      obstacles: 'What usually keeps you from finishing what you planned?',
    },
  },
  de: {
    hello: 'Willkommen bei Adiuva. Ein paar Fragen helfen mir, mit dir zu planen.',
    noted: 'Notiert.',
    complete: 'Mehr brauche ich nicht. Nenne mir jederzeit ein Ziel, und ich mache einen Plan dafür.',
    questions: {
      name: 'Wie darf ich dich nennen?',
      goals: 'Was möchtest du in den nächsten Monaten erreichen?',
      working_hours: 'An welchen Tagen und zu welchen Zeiten arbeitest du?',
      reminders: 'Zu welcher Tageszeit soll ich dich an Aufgaben erinnern?',
      obstacles: 'Was hält dich meistens davon ab, Geplantes abzuschließen?',
    },
  },
  it: {
    hello: 'Ti do il benvenuto in Adiuva. Qualche domanda mi aiuta a pianificare con te.',
    noted: 'Annotato.',
    complete: 'Non mi serve altro. Dimmi un obiettivo quando vuoi e ne faccio un piano.',
    questions: {
      name: 'Come posso chiamarti?',
      goals: 'Che cosa vorresti raggiungere nei prossimi mesi?',
      working_hours: 'In quali giorni e a quali ore lavori?',
      reminders: 'A che ora del giorno devo ricordarti le attività?',
      obstacles: 'Che cosa ti impedisce di solito di finire quello che hai pianificato?',
    },
  },
  fr: {
    hello: 'Bienvenue dans Adiuva. Quelques questions m’aident à planifier avec vous.',
    noted: 'C’est noté.',
    complete: 'C’est tout ce qu’il me faut. Donnez-moi un objectif quand vous voulez, j’en ferai un plan.',
    questions: {
      name: 'Comment puis-je vous appeler ?',
      goals: 'Que voulez-vous atteindre dans les prochains mois ?',
      working_hours: 'Quels jours et à quelles heures travaillez-vous ?',
      reminders: 'À quel moment de la journée dois-je vous rappeler vos tâches ?',
      obstacles: 'Qu’est-ce qui vous empêche le plus souvent de finir ce que vous avez prévu ?',
    },
  },
  es: {
    hello: 'Te doy la bienvenida a Adiuva. Unas preguntas me ayudan a planificar contigo.',
    noted: 'Anotado.',
    complete: 'No necesito nada más. Dime un objetivo cuando quieras y haré un plan.',
    questions: {
      name: '¿Cómo puedo llamarte?',
      goals: '¿Qué te gustaría lograr en los próximos meses?',
      working_hours: '¿Qué días y a qué horas trabajas?',
      reminders: '¿A qué hora del día debo recordarte las tareas?',
      obstacles: '¿Qué suele impedirte terminar lo que has planeado?',
    },
  },
};
