import { merged } from './one-answer';
import { TESTED } from './providers';

const TEXT = ['Grüße, ', '👩‍💻 ', 'alle.'];
const TITLES = ['Milk', 'Bread'];
const STEP = 23;
/** One provider of each protocol. */
const PROTOCOLS = TESTED.filter(({ name }) => ['openai', 'anthropic', 'google', 'ollama'].includes(name));

describe.each(PROTOCOLS)('an answer of $name that is cut at any byte', ({ name, protocol }) => {
  const answer = { text: TEXT, calls: TITLES.map((title) => ({ name: 'create_task', args: { title } })) };
  const { body, end } = protocol.frames(answer);
  const bytes = Buffer.from([...body, ...end].join(''));

  it.each(['end', 'reset'] as const)(
    'is complete only where all of its text and calls have arrived: by %s',
    async (then) => {
      for (let length = 1; length <= bytes.length; length += STEP) {
        const part = bytes.subarray(0, length);
        const { text, calls, failure } = await merged(name, { type: protocol.contentType, parts: [part], then });
        const isWhole = text === TEXT.join('') && calls.length === TITLES.length;
        expect([length, failure !== undefined || isWhole]).toEqual([length, true]);
      }
    },
  );

  it('is complete with its last byte', async () => {
    const { text, calls, failure } = await merged(name, { type: protocol.contentType, parts: [bytes] });
    expect([text, calls.map(({ args }) => args), failure]).toEqual([
      TEXT.join(''),
      TITLES.map((title) => ({ title })),
      undefined,
    ]);
  });
});
