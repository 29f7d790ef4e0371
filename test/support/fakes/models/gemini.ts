import { event, SECRET, type FakeAnswer, type FakeProtocol, type Json } from './protocol';

const REASONS = { stop: 'STOP', length: 'MAX_TOKENS', refused: 'SAFETY' };

/** Gemini's streamGenerateContent with `alt=sse`. */
export const gemini: FakeProtocol = {
  contentType: 'text/event-stream',
  framing: 'events',
  refuses: true,
  path: /\/v1beta\/models\/[^/]+:streamGenerateContent\?.*alt=sse/,
  frames({ text = [], reasoning, calls = [], state, finish = 'stop', usage }: FakeAnswer) {
    const frame = (parts: readonly object[], last: object = {}): string =>
      event({ candidates: [{ content: { role: 'model', parts }, index: 0, ...last }] });
    return {
      body: [
        ...(reasoning === undefined ? [] : [frame([{ text: reasoning, thought: true }])]),
        ...text.map((part) => frame([{ text: part }])),
        ...(calls.length === 0
          ? []
          : [
              frame(
                calls.map(({ name, args }, at) => ({
                  functionCall: { name, args },
                  ...(at === 0 && state !== undefined ? { thoughtSignature: state } : {}),
                })),
              ),
            ]),
      ],
      end: [
        event({
          candidates: [{ content: { role: 'model', parts: [] }, finishReason: REASONS[finish], index: 0 }],
          usageMetadata: { promptTokenCount: usage?.input ?? 100, candidatesTokenCount: usage?.output ?? 20 },
        }),
      ],
    };
  },
  failure: (status) => event({ error: { code: status, message: SECRET, status: 'FAILED' } }),
  results: (body) =>
    body['contents']
      .flatMap(({ parts }: Json) => parts)
      .filter(({ functionResponse }: Json) => functionResponse)
      .map(({ functionResponse }: Json) => JSON.stringify(functionResponse.response)),
  state: (body) =>
    body['contents'].flatMap(({ parts }: Json) => parts).find(({ functionCall }: Json) => functionCall)
      ?.thoughtSignature,
};
