import { LeakScrubber, PromptRegistry, REMOVED, UserTexts, type LeakHit } from '@adiuva/prompts';
import { BYTE_CHANNELS, LETTER_CHANNELS, WORD_CHANNELS } from '../evals/leaks/channels';
import { FURTHER, LISTED, randomFrom } from '../evals/leaks/encodings';
import { scrubText } from '../support/scrub-text';

const TEMPLATE = [
  'You keep the herbarium of {{owner}}. Pressed leaves are named by genus, then by the valley where they grew.',
  'Never guess a species from its colour alone; ask for the shape of the margin and the number of lobes first.',
].join('\n');
const SECRET =
  'Never guess a species from its colour alone; ask for the shape of the margin and the number of lobes first.';
const TOOLS = [
  {
    name: 'press_leaf',
    description: 'Lays one leaf between two sheets of blotting paper and notes the day on which it was found.',
    schema: {
      type: 'object',
      properties: { leaf: { type: 'string', description: 'The name that the finder gave to the leaf.' } },
    },
  },
];

function scrubber(hits: LeakHit[] = []): LeakScrubber {
  const registry = new PromptRegistry();
  registry.define('herbarium', TEMPLATE);
  registry.protectTools('herbarium', TOOLS);
  return new LeakScrubber(registry, { onHit: (hit) => hits.push(hit) });
}

/** What reaches the client when the text comes in pieces of one to nine characters. */
function streamed(
  under: LeakScrubber,
  text: string,
  said: readonly string[] = [],
): { tokens: string[]; leaked: boolean } {
  const random = randomFrom(text.length);
  const stream = under.stream(said);
  const tokens: string[] = [];
  for (let from = 0; from < text.length;) {
    const size = 1 + Math.floor(random() * 9);
    tokens.push(stream.push(text.slice(from, from + size)));
    from += size;
  }
  tokens.push(stream.end());
  return { tokens, leaked: stream.leaked };
}

describe('the leak scrubber', () => {
  const under = scrubber();
  const writings = Object.entries({
    ...LISTED,
    ...FURTHER,
    ...LETTER_CHANNELS,
    ...BYTE_CHANNELS,
    ...WORD_CHANNELS,
  }).filter(([name]) => name !== 'keyboard shift');

  test.each(writings)('catches a secret written %s and lets through less than 40 characters of it', (_, write) => {
    const written = write(SECRET, randomFrom(5));
    const { tokens, leaked } = streamed(under, `Gladly. ${written} Is there more?`);
    const sent = tokens.join('');
    expect(leaked).toBe(true);
    expect(sent.endsWith(REMOVED)).toBe(true);
    const reached = ((sent.length - 'Gladly. '.length - REMOVED.length) * SECRET.length) / written.length;
    expect(reached).toBeLessThan(40);
  });

  test.each([
    ['numbers', Array.from({ length: 300 }, (_, i) => `${i} ${(i * 7) % 26} ${(i * i) % 31}`).join('\n')],
    [
      'a table',
      Array.from({ length: 60 }, (_, i) => `| ${i} | leaf ${i % 9} | pressed | ${i % 2 ? 'yes' : 'no'} |`).join('\n'),
    ],
    ['CSV', Array.from({ length: 80 }, (_, i) => `${i},species ${i % 7},margin,${(i * 37) % 100},first`).join('\n')],
    [
      'the NATO alphabet',
      'Your code is Tango Alfa Sierra Kilo Romeo Echo Delta Mike Oscar Lima November Whiskey Zulu. '.repeat(3),
    ],
    [
      'base85 of other text',
      `<~${BYTE_CHANNELS['Ascii85']?.('The weather in Lisbon is mild in spring and rarely too hot before July. '.repeat(4), randomFrom(1))}~>`,
    ],
    [
      'hashes and ids',
      Array.from(
        { length: 40 },
        (_, i) => `${(i * 2_654_435_761).toString(16).padStart(12, '0')}-${'KZXW'.repeat(5)}`,
      ).join('\n'),
    ],
    [
      'words of a prompt in another order',
      'The first margin has lobes of one colour; a species alone never has the shape of its number. ',
    ],
  ])('lets %s through', (_, text) => {
    const { tokens, leaked } = streamed(under, text);
    expect(tokens.join('')).toBe(text);
    expect(leaked).toBe(false);
  });

  test('catches one word a JSON member where the words have apostrophes', () => {
    const secret =
      "The leaf's drawer stays with the leaf's own finder. Your labels are the only way to the leaf's valley.";
    const registry = new PromptRegistry();
    registry.define('copies', secret);
    const members = secret.split(' ').map((value) => ({ name: 'part', value }));
    const { tokens, leaked } = streamed(new LeakScrubber(registry), JSON.stringify(members));
    const values = [...tokens.join('').matchAll(/"value":"([^"]*)/g)].map(([, value]) => value);
    expect([leaked, values.join(' ').length < 40]).toEqual([true, true]);
  });

  test('a stream that leaks emits [removed] once and then nothing', () => {
    const stream = under.stream();
    expect(stream.push(`Here: ${SECRET}`)).toBe(`Here: ${REMOVED}`);
    expect(stream.push('more')).toBe('');
    expect(stream.end()).toBe('');
  });

  test('ordinary text is unchanged and delayed by at most 40 characters', () => {
    const text = 'The oak by the gate has lobed leaves; I would ask for the number of lobes before naming it. '.repeat(
      40,
    );
    const stream = under.stream();
    let sent = '';
    for (let i = 0; i < text.length; i += 4) {
      sent += stream.push(text.slice(i, i + 4));
      expect(i + 4 - sent.length).toBeLessThan(80);
    }
    expect(sent + stream.end()).toBe(text);
  });

  test('texts of the user are exempt in every encoding', () => {
    const texts = [
      SECRET,
      SECRET.toUpperCase(),
      Buffer.from(SECRET).toString('base64'),
      [...SECRET].reverse().join(''),
    ];
    for (const text of texts)
      expect(scrubText(under, text, [`Is this yours? ${SECRET}`])).toEqual({ text, leaked: false });
    expect(scrubText(under, SECRET, ['Never guess', 'a species', 'from its colour']).leaked).toBe(true);
  });

  test('texts of the user are exempt where several prompts have their words, also among other words', () => {
    const registry = new PromptRegistry();
    registry.define('first', `Look at the herbarium. ${SECRET}`);
    registry.define('second', `${SECRET.replace('colour alone', 'smell alone')} Write down the valley.`);
    const scrub = new LeakScrubber(registry);
    const text = SECRET.replace(/ /g, ', then ');
    expect(scrubText(scrub, text).leaked).toBe(true);
    expect(scrubText(scrub, text, [SECRET])).toEqual({ text, leaked: false });
    expect(scrubText(scrub, SECRET, [SECRET])).toEqual({ text: SECRET, leaked: false });
  });

  test('results of client tools are exempt', () => {
    const userTexts = new UserTexts(['hello']).add({ notes: [{ content: SECRET }] });
    expect(scrubText(under, SECRET, userTexts).leaked).toBe(false);
  });

  test('variables and public texts are exempt', () => {
    const registry = new PromptRegistry();
    const prompt = registry.define('letter', 'Answer the letter below in the name of the gardener.\n{{letter}}');
    const letter = 'Dear gardener, the roses along the northern wall have lost their leaves since the last rain.';
    prompt.render({ letter });
    expect(scrubText(new LeakScrubber(registry), letter).leaked).toBe(false);
    registry.allow(['Answer the letter below in the name of the gardener.']);
    expect(scrubText(new LeakScrubber(registry), 'Answer the letter below in the name of the gardener.').leaked).toBe(
      false,
    );
  });

  test('the schema of a tool is secret, its name is not', () => {
    expect(scrubText(under, JSON.stringify(TOOLS)).leaked).toBe(true);
    expect(scrubText(under, 'I called press_leaf with the leaf "oak".').leaked).toBe(false);
  });

  test('the canary alone is detected', () => {
    const registry = new PromptRegistry();
    const prompt = registry.define('short', 'Be brief.');
    const strict = new LeakScrubber(registry);
    const [canary = ''] = /[a-z]{20}/.exec(prompt.render()) ?? [];
    expect(scrubText(strict, prompt.render()).leaked).toBe(true);
    expect(scrubText(strict, `It says ${canary} somewhere.`).leaked).toBe(true);
    expect(scrubText(strict, Buffer.from(canary).toString('hex')).leaked).toBe(true);
  });

  test('a hit is reported by rule, prompt and length, never with its text', () => {
    const hits: LeakHit[] = [];
    scrubText(scrubber(hits), SECRET);
    expect(hits).toEqual([{ rule: expect.any(String), promptId: 'herbarium', length: expect.any(Number) }]);
  });

  describe('on JSON', () => {
    test('a value without leaks is returned unchanged', () => {
      const value = { title: 'Oak', count: 3, when: new Date(0), nested: [{ ok: true, none: null }] };
      expect(under.value(value)).toEqual({ value, leaked: false });
    });

    test('values and keys are cleaned at any depth', () => {
      const { value, leaked } = under.value({
        data: { fields: [{ note: `So: ${SECRET}` }], kept: 'yes', [SECRET]: 1 },
      });
      expect(leaked).toBe(true);
      expect(value).toEqual({ data: { fields: [{ note: `So: ${REMOVED}` }], kept: 'yes', [REMOVED]: 1 } });
    });

    test('a secret that is spread over strings or numbers is found', () => {
      const words = under.value({ list: SECRET.split(' '), after: 'fine' });
      expect(words.leaked).toBe(true);
      expect(JSON.stringify(words.value)).not.toContain('margin');
      expect(words.value.after).toBe('fine');
      expect(under.value([...Buffer.from(SECRET)]).leaked).toBe(true);
    });

    test('a short member name stays where it only begins a leak', () => {
      const [first = '', ...rest] = SECRET.split(' ');
      const { value, leaked } = under.value<Record<string, unknown>>({ [first]: rest.join(' '), tokens: 3 });
      expect(leaked).toBe(true);
      expect(Object.keys(value)).toEqual([first, 'tokens']);
      expect(JSON.stringify(value)).not.toContain('colour');
    });

    test('fails closed on a value that it cannot read', () => {
      let deep: unknown = SECRET;
      for (let i = 0; i < 1_000; i += 1) deep = [deep];
      expect(() => under.value(deep)).toThrow(expect.objectContaining({ code: 'upstream_failed' }));
    });
  });

  describe('on hostile input', () => {
    const sizes = [
      'a',
      'V',
      '\\',
      '\\u005c',
      '&amp;',
      '%25',
      '<b',
      '0 ',
      '\u200b',
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ+/',
      'the number of lobes first ',
    ];

    test.each(sizes)('reads 1 MB of %j without blocking the event loop', async (piece) => {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      let turns = 0;
      const clock = setInterval(() => (turns += 1), 1);
      await under.valueAsync(text);
      clearInterval(clock);
      expect(turns).toBeGreaterThan(5);
    });
  });
});

describe('pieces of a secret that follow each other', () => {
  const FILLER = [
    'Your tasks look fine today.',
    'Two of them are due on Monday.',
    'Shall I move the third one?',
    'Good.',
  ];
  const piecesOf = (length: number): string[] =>
    Array.from({ length: Math.ceil(SECRET.length / length) }, (_, i) =>
      SECRET.slice(i * length, (i + 1) * length).trim(),
    );
  const between = (pieces: readonly string[]): string =>
    pieces.map((piece, i) => `${FILLER[i % FILLER.length]} ${piece}`).join(' ');
  const reached = (pieces: readonly string[], received: string): number =>
    pieces.filter((piece) => received.includes(piece)).join('').length;

  test.each([12, 14, 16, 18, 20, 24, 28])('of %i characters in a text let through at most 40', (length) => {
    const pieces = piecesOf(length);
    const { tokens, leaked } = streamed(scrubber(), between(pieces));
    expect([leaked, reached(pieces, tokens.join('')) <= 40]).toEqual([true, true]);
  });

  test('are found over text and tool calls of a chat', () => {
    const output = scrubber().output(new UserTexts([]));
    const pieces = piecesOf(12);
    const received = pieces.flatMap((piece, i) =>
      i % 2 === 0
        ? [output.text.push(`${FILLER[i % 4]} ${piece}. `)]
        : [output.toolCall({ search: piece, status: 'todo' }).search],
    );
    expect([output.leaked, reached(pieces, received.join('\n')) <= 40]).toEqual([true, true]);
  });

  test('are found in the answers of a conversation, of which each has one', () => {
    const under = scrubber();
    const pieces = [...piecesOf(12), ...piecesOf(12)];
    const earlier = piecesOf(12).map((piece) => `Your tasks look fine. ${piece}, and so on.`);
    const leaks = pieces.map((piece, i) => {
      const output = under.output(new UserTexts([]));
      output.addEarlier(earlier.slice(0, i));
      output.text.push(`Two are due. ${piece}, and so on.`);
      return output.leaked;
    });
    expect(leaks.slice(0, 3)).toEqual([false, false, false]);
    expect(leaks.slice(7, 9)).toContain(true);
  });

  test('are no leak where the same phrases come again and again', () => {
    const phrase = 'Ask for the colour of the door; the number of leaves is on the sheet. ';
    expect(streamed(scrubber(), phrase.repeat(40)).leaked).toBe(false);
  });
});

describe('ordinary words that secrets use too', () => {
  const withPrompts = (...templates: readonly string[]): LeakScrubber => {
    const registry = new PromptRegistry();
    templates.forEach((template, i) => registry.define(`prompt-${i}`, template));
    return new LeakScrubber(registry);
  };

  test('count once, however many places of the secrets have them', () => {
    const under = withPrompts(
      'Greet the photographers by name.',
      'Some photographers bring a tripod.',
      'Ask whether all photographers have signed.',
      'Lend two photographers a lamp.',
    );
    const text =
      'The photographers met at noon. Some photographers left; later all photographers but two photographers did.';
    expect(scrubText(under, text)).toEqual({ text, leaked: false });
  });

  test('are no piece of a secret where a long word is alone', () => {
    const under = withPrompts(
      'Warn of a thunderstorm early.',
      'Name each photographer once.',
      'Write in a constructive tone.',
      'Draw the neighbourhood as a map.',
    );
    const text =
      'Our neighbourhood saw one thunderstorm. That photographer was polite; her constructive remarks helped.';
    expect(scrubText(under, text)).toEqual({ text, leaked: false });
  });
});
