import { ENTITY_DEFINITIONS } from '../entities/entity-definitions';
import { ENTITY_TYPES, type EntityType, type Language } from '../lexicon/lexicon';
import { fill, repliesIn } from '../lexicon/replies/reply-texts';
import { lexiconOf } from '../text/compiled-lexicon';
import { languagesOf } from '../text/language';
import { tokenize } from '../text/tokens';
import { resultsIn } from './agent-results';
import type { OfferedTool } from './tool-mapping';

const MAX_TOKENS = 40;

/** Answers to what is no command but kind: a greeting, thanks, "what can you do?". */
export function smallTalk(message: string, language: Language, tools: readonly OfferedTool[]): string | undefined {
  const tokens = tokenize(message.slice(0, 200))
    .filter(({ kind }) => kind === 'word')
    .slice(0, MAX_TOKENS);
  const { data } = lexiconOf(language);
  const lexicon = lexiconOf(language);
  const says = (kind: keyof typeof data.smallTalk): boolean => lexicon.set(data.smallTalk[kind]).all(tokens).length > 0;
  const begins = (kind: keyof typeof data.smallTalk): boolean =>
    lexicon.set(data.smallTalk[kind]).at(tokens, 0) !== undefined;
  const replies = repliesIn(language);
  if (says('help')) return `${replies.whoIAm}. ${abilities(tools, language)} ${replies.connect}`;
  if (begins('thanks') || (tokens.length <= 8 && says('thanks'))) return replies.welcome;
  if (begins('hello') && tokens.length <= 8)
    return fill(replies.hello, { who: replies.whoIAm, abilities: abilities(tools, language) });
  if (tokens.length <= 2 && (begins('yes') || begins('no'))) return replies.allRight;
  return undefined;
}

export function cannot(tools: readonly OfferedTool[], language: Language): string {
  const replies = repliesIn(language);
  return `${fill(replies.notUnderstood, { who: replies.whoIAm, abilities: abilities(tools, language) })} ${replies.connect}`;
}

/** One sentence of what the tools at hand can do, and an example. */
export function abilities(tools: readonly OfferedTool[], language: Language): string {
  const replies = repliesIn(language);
  const types = ENTITY_TYPES.filter((type) => type !== 'comment' && offers(type, tools));
  const [first] = types;
  if (first === undefined) return '';
  const skills = types.flatMap((type) => replies.skills[type] ?? []).join('; ');
  return fill(replies.abilities, { skills, example: replies.example[first] ?? '' });
}

function offers(type: EntityType, tools: readonly OfferedTool[]): boolean {
  const names = Object.values(ENTITY_DEFINITIONS[type].tools).flat();
  return tools.some((tool) => names.some((name) => name.test(tool.name)));
}

/**
 * What the assistant says where free text is wanted: the results of earlier agents word for word, and one plain
 * sentence.
 */
export function withoutTools(message: string): string {
  const results = resultsIn(message);
  const [lexicon] = languagesOf(tokenize(message.slice(0, 400)), 'en');
  const replies = repliesIn(lexicon?.data.language ?? 'en');
  const plain = fill(replies.noFreeText, { who: replies.whoIAm });
  return results.length > 0 ? `${results.join('\n\n')}\n\n${plain}` : `${plain} ${replies.connect}`;
}
