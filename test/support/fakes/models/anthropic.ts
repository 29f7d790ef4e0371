import { event, halves, SECRET, type FakeAnswer, type FakeProtocol, type Json } from './protocol';

const send = (data: { readonly type: string; readonly [member: string]: unknown }): string => event(data, data.type);
const block = (index: number, content_block: object, deltas: readonly object[]): readonly string[] => [
  send({ type: 'content_block_start', index, content_block }),
  ...deltas.map((delta) => send({ type: 'content_block_delta', index, delta })),
  send({ type: 'content_block_stop', index }),
];
const REASONS = { stop: 'end_turn', length: 'max_tokens', refused: 'refusal' };

/** Anthropic's messages. */
export const anthropic: FakeProtocol = {
  contentType: 'text/event-stream; charset=utf-8',
  framing: 'events',
  refuses: true,
  path: /\/v1\/messages$/,
  frames({ text = [], reasoning, calls = [], state, finish = 'stop', usage }: FakeAnswer) {
    const thought = state ?? reasoning;
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
    };
    const blocks: ((index: number) => readonly string[])[] = [
      ...(thought === undefined
        ? []
        : [
            (index: number) =>
              block(index, { type: 'thinking', thinking: '' }, [
                { type: 'thinking_delta', thinking: 'SECRETTHOUGHT' },
                { type: 'signature_delta', signature: thought },
              ]),
          ]),
      ...(text.length === 0
        ? []
        : [
            (index: number) =>
              block(
                index,
                { type: 'text', text: '' },
                text.map((part) => ({ type: 'text_delta', text: part })),
              ),
          ]),
      ...calls.map(
        ({ name, args }, at) =>
          (index: number) =>
            block(
              index,
              { type: 'tool_use', id: `toolu_${at}`, name, input: {} },
              halves(JSON.stringify(args)).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
            ),
      ),
    ];
    const reason = calls.length > 0 && finish === 'stop' ? 'tool_use' : REASONS[finish];
    return {
      body: [
        send({
          type: 'message_start',
          message: { ...message, usage: { input_tokens: usage?.input ?? 100, output_tokens: 1 } },
        }),
        send({ type: 'ping' }),
        ...blocks.flatMap((make, index) => make(index)),
      ],
      end: [
        send({
          type: 'message_delta',
          delta: { stop_reason: reason, stop_sequence: null },
          usage: { output_tokens: usage?.output ?? 20 },
        }),
        send({ type: 'message_stop' }),
      ],
    };
  },
  failure: (status) =>
    event(
      { type: 'error', error: { type: status === 529 ? 'overloaded_error' : 'api_error', message: SECRET } },
      'error',
    ),
  results: (body) =>
    body['messages']
      .flatMap(({ content }: Json) => content)
      .filter(({ type }: Json) => type === 'tool_result')
      .map(({ content }: Json) => content),
  state: (body) =>
    body['messages'].flatMap(({ content }: Json) => content).find(({ type }: Json) => type === 'thinking')?.signature,
};
