/** A span of text that is not for the user. */
export interface TextTag {
  readonly open: string;
  /** Undefined where the span lasts until the end of the answer. */
  readonly close?: string | undefined;
  /**
   * A `marker` is removed by itself and opens no span, a `wrapper` where it wraps the answer that follows reasoning. An `end` closes reasoning
   * that was not opened.
   */
  readonly kind: 'reasoning' | 'calls' | 'marker' | 'wrapper' | 'end';
  /** Ordinary text once the answer has begun: people use these names, too. */
  readonly onlyFirst?: true;
}

const REASONING = [
  'think',
  'thinking',
  'thought',
  'reasoning',
  'reflection',
  'seed:think',
  'mm:think',
  'longcat_think',
  'antthinking',
];
const FIRST_REASONING = ['analysis', 'scratchpad', 'thoughts', 'inner_monologue'];
/** Some templates wrap the answer that follows the reasoning. */
const WRAPPERS = ['answer', 'response'];
const CALLS = [
  'tool_call',
  'tool_calls',
  'function_call',
  'function_calls',
  'tool_code',
  'tools',
  'minimax:tool_call',
  'antml:function_calls',
];
const MARKERS = [
  '<|start|>assistant',
  '<|channel|>final<|message|>',
  '<|channel|>commentary<|message|>',
  '<|end|>',
  '<|return|>',
  '<|begin_of_solution|>',
  '<|end_of_solution|>',
  '<|START_RESPONSE|>',
  '<|END_RESPONSE|>',
  '<|begin_of_box|>',
  '<|end_of_box|>',
  '<|im_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<end_of_turn>',
  '<｜end▁of▁sentence｜>',
];

/** How models write reasoning and tool calls into the text where their server does not separate them. */
const TAGS: readonly TextTag[] = [
  ...REASONING.map((name) => ({ open: `<${name}>`, close: `</${name}>`, kind: 'reasoning' as const })),
  ...REASONING.map((name) => ({ open: `</${name}>`, kind: 'end' as const })),
  ...FIRST_REASONING.map((name) => ({
    open: `<${name}>`,
    close: `</${name}>`,
    kind: 'reasoning' as const,
    onlyFirst: true as const,
  })),
  { open: '[/THINK]', kind: 'end' },
  { open: '◁/think▷', kind: 'end' },
  { open: '[THINK]', close: '[/THINK]', kind: 'reasoning' },
  { open: '◁think▷', close: '◁/think▷', kind: 'reasoning' },
  { open: '<|channel|>analysis<|message|>', close: '<|end|>', kind: 'reasoning' },
  { open: '<|begin_of_thought|>', close: '<|end_of_thought|>', kind: 'reasoning' },
  { open: '<|inner_prefix|>', close: '<|inner_suffix|>', kind: 'reasoning' },
  { open: '<unused94>', close: '<unused95>', kind: 'reasoning' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>', kind: 'reasoning' },
  ...WRAPPERS.flatMap((name) => [
    { open: `<${name}>`, kind: 'wrapper' as const },
    { open: `</${name}>`, kind: 'wrapper' as const },
  ]),
  ...MARKERS.map((open) => ({ open, kind: 'marker' as const })),
  ...CALLS.map((name) => ({ open: `<${name}>`, close: `</${name}>`, kind: 'calls' as const })),
  { open: '<function=', close: '</function>', kind: 'calls' },
  { open: '<invoke name=', close: '</invoke>', kind: 'calls' },
  { open: '<｜DSML｜function_calls>', close: '</｜DSML｜function_calls>', kind: 'calls' },
  { open: '<|python_start|>', close: '<|python_end|>', kind: 'calls' },
  { open: '```tool_code', close: '```', kind: 'calls' },
  { open: '<｜tool▁calls▁begin｜>', close: '<｜tool▁calls▁end｜>', kind: 'calls' },
  { open: '<|tool_calls_section_begin|>', close: '<|tool_calls_section_end|>', kind: 'calls' },
  { open: '<|tool_call_start|>', close: '<|tool_call_end|>', kind: 'calls' },
  { open: '<|START_ACTION|>', close: '<|END_ACTION|>', kind: 'calls' },
  { open: '<|channel|>commentary to=', close: '<|call|>', kind: 'calls' },
  { open: '<|tool_call|>', kind: 'calls' },
  { open: '<|python_tag|>', kind: 'calls' },
  { open: '[TOOL_CALLS]', kind: 'calls' },
];
const BY_OPEN = new Map(TAGS.map((tag) => [tag.open.toLowerCase(), tag]));
const OPENS = TAGS.map(({ open }) => open.toLowerCase());
const OPEN = pattern(OPENS);
const CLOSE = new Map(TAGS.flatMap(({ close }) => (close === undefined ? [] : [[close, pattern([close])] as const])));
const FIRST = /[<[◁`]/;
const MAX_TAG = Math.max(...TAGS.map(({ open, close = '' }) => Math.max(open.length, close.length)));

/** The first tag in a text. */
export function findOpening(
  text: string,
): { readonly tag: TextTag; readonly at: number; readonly end: number } | undefined {
  const match = FIRST.test(text) ? OPEN.exec(text) : null;
  const tag = match && BY_OPEN.get(match[0].toLowerCase());
  return tag ? { tag, at: match.index, end: match.index + match[0].length } : undefined;
}

/** Where the span of a tag ends in a text. */
export function findClosing(
  { close }: TextTag,
  text: string,
): { readonly at: number; readonly end: number } | undefined {
  const match = close === undefined ? null : CLOSE.get(close)?.exec(text);
  return match ? { at: match.index, end: match.index + match[0].length } : undefined;
}

/** How many characters at the end of a text may be the beginning of a tag: any opening one, or the closing one of a span. */
export function partialTag(text: string, span?: TextTag): number {
  const tail = text.slice(-MAX_TAG);
  const first = tail.search(FIRST);
  if (first < 0 || (span && span.close === undefined)) return 0;
  const candidates = span?.close === undefined ? OPENS : [span.close.toLowerCase()];
  for (let from = first; from < tail.length; from += 1) {
    const end = tail.slice(from).toLowerCase();
    if (candidates.some((tag) => tag.length > end.length && tag.startsWith(end))) return tail.length - from;
  }
  return 0;
}

function pattern(texts: readonly string[]): RegExp {
  return new RegExp(texts.map((text) => text.replace(/[[\]|/]/g, '\\$&')).join('|'), 'i');
}
