import { LANGUAGES, type Language } from '../lexicon/lexicon';
import { languagesOf } from '../text/language';
import { tokenize } from '../text/tokens';
import { INTERVIEW_TEXTS, INTERVIEW_TOPICS, type InterviewTopic } from './interview-texts';
import type { Reply, Turn } from './turn';

const REMEMBER = 'remember';
const MAX_ANSWER = 3_900;

/**
 * Asks for what is not known yet, one question at a time, and has each answer remembered as `topic: answer`. The state is what is
 * remembered, and the last question of the conversation. Undefined where the turn is no interview.
 */
export function interview(turn: Turn): Reply | undefined {
  const { interview: topics, memories } = turn.context;
  if (topics.length === 0 || !turn.tools.some(({ name }) => name === REMEMBER)) return undefined;
  const asked = questionIn(turn.history.findLast(({ role }) => role === 'assistant')?.text ?? '');
  const stored = turn.outcomes.filter(({ name }) => name === REMEMBER).map(({ args }) => String(args['content']));
  if (asked && stored.length === 0 && turn.message !== '') {
    const content = `${asked.topic}: ${turn.message.slice(0, MAX_ANSWER)}`;
    return { calls: [{ id: 'offline_interview', name: REMEMBER, args: { content } }] };
  }
  const known = [...memories, ...stored];
  const next = INTERVIEW_TOPICS.find(
    (topic) => topics.includes(topic) && !known.some((memory) => memory.startsWith(`${topic}:`)),
  );
  const texts = INTERVIEW_TEXTS[asked?.language ?? languageOf(turn)];
  if (!next) return { text: texts.complete };
  return { text: `${asked ? texts.noted : texts.hello} ${texts.questions[next]}` };
}

function questionIn(text: string): { readonly topic: InterviewTopic; readonly language: Language } | undefined {
  for (const language of LANGUAGES) {
    const topic = INTERVIEW_TOPICS.find((candidate) => text.includes(INTERVIEW_TEXTS[language].questions[candidate]));
    if (topic) return { topic, language };
  }
  return undefined;
}

function languageOf({ message, context }: Turn): Language {
  const [lexicon] = languagesOf(tokenize(message.slice(0, 500)), context.language);
  return lexicon?.data.language ?? context.language;
}
