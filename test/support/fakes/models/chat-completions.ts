import { event, halves, SECRET, type FakeAnswer, type FakeProtocol, type Json } from './protocol';

const chunk = (choice: object | undefined, rest: object = {}): string =>
  event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [],
    ...rest,
  });

const REASONS = { stop: 'stop', length: 'length', refused: 'content_filter' };

/** OpenAI's chat completions. */
export const chatCompletions: FakeProtocol = {
  contentType: 'text/event-stream',
  framing: 'events',
  refuses: true,
  path: /\/chat\/completions$/,
  frames({ text = [], reasoning, calls = [], state, finish = 'stop', usage }: FakeAnswer) {
    const reason = calls.length > 0 && finish === 'stop' ? 'tool_calls' : REASONS[finish];
    const thought = state ?? reasoning;
    return {
      body: [
        chunk({ delta: { role: 'assistant', content: '' } }),
        ...(thought === undefined ? [] : halves(thought).map((part) => chunk({ delta: { reasoning_content: part } }))),
        ...text.map((content) => chunk({ delta: { content } })),
        ...calls.flatMap(({ name, args }, index) => {
          const [one, two] = halves(JSON.stringify(args));
          return [
            { index, id: `call_${index}_${name.length}`, type: 'function', function: { name, arguments: '' } },
            { index, function: { arguments: one } },
            { index, function: { arguments: two } },
          ].map((part) => chunk({ delta: { tool_calls: [part] } }));
        }),
      ],
      end: [
        chunk({ delta: {}, finish_reason: reason }),
        chunk(undefined, {
          usage: { prompt_tokens: usage?.input ?? 100, completion_tokens: usage?.output ?? 20 },
        }),
        'data: [DONE]\n\n',
      ],
    };
  },
  failure: (status) => event({ error: { message: SECRET, code: status } }),
  results: (body) => body['messages'].filter(({ role }: Json) => role === 'tool').map(({ content }: Json) => content),
  state: (body) => body['messages'].find(({ tool_calls }: Json) => tool_calls)?.reasoning_content,
};
