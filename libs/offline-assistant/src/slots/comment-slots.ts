import type { Item } from '../entities/assistant-context';
import type { Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { titleOf } from '../text/title-text';
import { extractNoun, extractTarget, referenceOf } from './reference-slots';
import type { Request } from './request';
import { extractContent, taken } from './text-slots';

/** The text of a remark, word for word, and the task that it is about. */
export function fillComment(masked: MaskedText, mentions: readonly Mention[], item?: Item): Partial<Request> {
  extractNoun(masked, 'comment', 0);
  const target = extractTarget(masked, 'task', mentions) ?? (item && { item, twins: undefined });
  const content = extractContent(masked, 0) ?? behindThat(masked) ?? (target ? rest(masked) : undefined);
  const reference = target?.item.name ?? referenceOf(masked, 'task');
  return { content, reference, ...(target ? { target: target.item, twins: target.twins } : {}) };
}

export const THAT = /^(?:that|dass|che|que|qu')$/;

export function behindThat(masked: MaskedText): string | undefined {
  const at = masked.tokens.findIndex(({ word }, index) => THAT.test(word) && index > 1);
  return at < 0 ? undefined : taken(masked, at + 1, masked.tokens.length, at);
}

function rest(masked: MaskedText): string | undefined {
  const last = masked.tokens.findLastIndex((_, at) => !masked.isFree(at));
  const text = titleOf(masked, last + 1);
  return text === undefined ? undefined : masked.slice(masked.firstFree(last + 1), masked.tokens.length);
}
