import { SECRET, type FakeAnswer, type FakeProtocol, type Json } from './protocol';

/** Ollama's chat: a line of JSON each. */
export const ollama: FakeProtocol = {
  contentType: 'application/x-ndjson',
  framing: 'lines',
  refuses: false,
  path: /\/api\/chat$/,
  frames({ text = [], reasoning, calls = [], state, finish = 'stop', usage }: FakeAnswer) {
    const line = (message: object, last: object = { done: false }): string =>
      `${JSON.stringify({ model: 'llama3.1', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: '', ...message }, ...last })}\n`;
    const thought = state ?? reasoning;
    return {
      body: [
        ...(thought === undefined ? [] : [line({ thinking: thought })]),
        ...text.map((content) => line({ content })),
        ...(calls.length === 0
          ? []
          : [line({ tool_calls: calls.map(({ name, args }) => ({ function: { name, arguments: args } })) })]),
      ],
      end: [
        line(
          {},
          {
            done: true,
            done_reason: finish,
            prompt_eval_count: usage?.input ?? 100,
            eval_count: usage?.output ?? 20,
          },
        ),
      ],
    };
  },
  failure: () => `${JSON.stringify({ error: SECRET })}\n`,
  results: (body) => body['messages'].filter(({ role }: Json) => role === 'tool').map(({ content }: Json) => content),
  state: (body) => body['messages'].find(({ tool_calls }: Json) => tool_calls)?.thinking,
};
