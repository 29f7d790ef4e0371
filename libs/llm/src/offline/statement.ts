import type { Command } from './command';
import type { Knowledge } from './knowledge';
import { thingOf, type Thing } from './nouns';
import { pattern } from './pattern';

const DONE = pattern(
  '',
  String.raw`\b(?:(?:is|are|has been|have been|was|were) (?:now |all |already |finally )*(?:done|finished`,
  String.raw`|completed?|ready|paid|sent|fixed|solved)|(?:ist|sind) (?:erledigt|fertig)|e (?:fatto|finito`,
  String.raw`|completato|pronto))[\s.!]*$`,
);
const URGENT = pattern(
  '',
  String.raw`\b(?:is|are|has become|became|got)\s+(?:\w+\s+){0,2}(?:urgent|important|critical|(?:high|low`,
  String.raw`|medium|top) priority)\b`,
);
const SLIPS = pattern(
  '',
  String.raw`\b(?:slips?|slipped|slides?|moves?|moved|(?:has|have|was|were|is|are|got`,
  String.raw`|gets)(?: been)? (?:moved|postponed|delayed|pushed|rescheduled|shifted)|(?:is|are) (?:now`,
  String.raw`|actually)(?: due)?|(?:is|are|should be|must be) (?:now |actually )?due(?= (?:on |by |at `,
  String.raw`|to)?\w))\b.*\b(?:to|until|on|due|till|for|by)\b`,
);
const PAST = pattern(
  '',
  String.raw`^(?:i|we)(?:'ve| have)?(?: just| already| finally| now)* (?:[a-z]{2,12}ed|bought|made|wrote|took`,
  String.raw`|got|gave|did|sent|paid|met|told|spoke|brought|read|built|found|left|won|sold|put|set|cut|chose`,
  String.raw`|drew|held|kept|ran|taught|went to|had)\b`,
);

/**
 * Sentences that state how something known is ("the slides are urgent now", "I bought the milk"): changes in other
 * words.
 */
export function readStatement(live: string, knowledge: Knowledge): Command | undefined {
  if (/\?\s*$|^(?:what|which|when|who|where|why|how|is|are|do|does|did|can|any)\b/.test(live)) return undefined;
  const imperative = /^(?:mark|set|make|update|change|create|add|remind|note|show|list|write|draft)\b/.test(live);
  if (!imperative && DONE.test(live)) return { act: 'update', thing: 'task', status: 'done', verbEnd: 0 };
  const about = (): Thing | undefined =>
    thingOf(live, false) ?? knowledge.named() ?? knowledge.alike(live.slice(0, 200));
  if (!imperative && URGENT.test(live) && subjectKnown(live, knowledge))
    return { act: 'update', thing: 'task', verbEnd: 0 };
  const slips = imperative ? null : SLIPS.exec(live);
  if (slips && slips.index > 0 && subjectKnown(live, knowledge))
    return { act: 'update', thing: about() ?? 'task', verbEnd: 0 };
  const past = PAST.exec(live);
  if (past && knowledge.alike(live.slice(past[0].length)) === 'task')
    return { act: 'update', thing: 'task', status: 'done', verbEnd: past[0].length };
  return undefined;
}

/** The words before the verb name something that the user has. */
function subjectKnown(live: string, knowledge: Knowledge): boolean {
  const subject = live
    .split(/\b(?:is|are|has|have|was|were|got|gets|slips?|slipped|moves?|moved|slides?|became)\b/, 1)
    .join('');
  return (
    knowledge.named() !== undefined || knowledge.alike(subject) !== undefined || thingOf(subject, false) !== undefined
  );
}
