import type { AssistantContext } from '../entities/assistant-context';
import type { Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { tidy, trimmed } from '../text/title-text';
import { extractProject } from './project-slots';
import type { Request } from './request';
import { labelledText, taken } from './text-slots';

/** What the content of a note becomes, or what is added to it. */
export function noteChange(
  masked: MaskedText,
  mentions: readonly Mention[],
  context: AssistantContext,
): Partial<Request> {
  const replaces =
    /^(?:replace|rewrite|change|set|overwrite|update|ersetze?|andere?|setze?|sostituisci|modifica|cambia|remplace|modifie|change|reemplaza|cambia|modifica|sustituye|uberschreibe)$/.test(
      masked.word(0),
    ) || masked.lexicon.set(masked.lexicon.data.labels.content).all(masked.tokens).length > 0;
  const first = masked.firstFree(0);
  const pronoun = /^(?:to|into|a|en|zu)$/.test(masked.word(first))
    ? masked.lexicon.set(masked.lexicon.data.pronouns).at(masked.tokens, first + 1)
    : undefined;
  if (pronoun) {
    const that = /^(?:that|dass|che|que|:|,)$/.test(masked.word(pronoun.end)) ? 1 : 0;
    return { content: taken(masked, pronoun.end + that, masked.tokens.length, first) };
  }
  const labelled = labelledText(masked, 'content', ['content']) ?? labelledText(masked, 'saying', ['content']);
  const colon = masked.tokens.findIndex(({ text }, at) => text === ':' && masked.isFree(at));
  const behind = labelled ?? (colon >= 0 ? taken(masked, colon + 1, masked.tokens.length, colon) : undefined);
  const quote = behind === undefined ? masked.quote() : undefined;
  const content =
    behind?.replace(/^(?:to|in|auf|a|en)\s*:?\s+/i, '') ??
    (quote === undefined ? added(masked, first) : taken(masked, quote, quote + 1));
  const project = content === undefined ? extractProject(masked, mentions, context, false) : undefined;
  return { content, replaces, project };
}

/** "add milk to the note Shopping": what stands between the verb and the destination. */
function added(masked: MaskedText, first: number): string | undefined {
  const into = masked.tokens.findIndex(
    (_, at) =>
      at > first &&
      masked.isFree(at) &&
      /^(?:to|in|into|onto|on|zur|zu|in|auf|alla|nella|a|à|dans|en|al?)$/.test(masked.word(at)),
  );
  const stop = into < 0 ? masked.tokens.findIndex((_, at) => at > first && !masked.isFree(at)) : into;
  if (into === first || stop < 0) return undefined;
  const cut = trimmed(masked, first, stop);
  const text = tidy(masked.slice(cut.start, cut.end));
  masked.extract(first, stop + (into < 0 ? 0 : 1));
  return text === '' ? undefined : text;
}
