import { Database } from '@adiuva/platform';
import { TokenBudget } from '@adiuva/llm';
import { TestApp, type TestUser } from '../support/app';
import { FakeMedia, PICTURE } from '../support/fakes/fake-media';

const AUDIO = Buffer.from('the bytes of a song '.repeat(5_000));

describe('images, speech and transcriptions', () => {
  const media = new FakeMedia();
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    const url = await media.start();
    app = await TestApp.start({
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: url,
      AI_IMAGE_ENABLED: 'true',
      AI_AUDIO_ENABLED: 'true',
    });
  });
  beforeEach(async () => {
    media.status = 200;
    media.picture = PICTURE;
    media.seen.length = 0;
    user = await app.user();
  });
  afterAll(async () => {
    await app.stop();
    await media.stop();
  });
  const used = () => app.nest.get(TokenBudget).used(user.id);
  const image = () => app.call('post', '/ai/images', user).send({ prompt: 'A harbour', size: '1024x1024' });

  it('an image is made, and the tokens that the provider reports are charged', async () => {
    const { body } = await image().expect(200);
    expect(body).toEqual({ images: [{ b64_json: PICTURE }] });
    expect(JSON.parse(media.seen[0]?.body.toString() ?? '')).toEqual({
      model: 'gpt-image-1',
      prompt: 'A harbour',
      size: '1024x1024',
    });
    expect(await used()).toBe(321);
  });

  it('speech is streamed in the wanted format and charged by its text', async () => {
    const { body, headers } = await app
      .call('post', '/ai/speech', user)
      .send({ text: 'Good morning', voice: 'alloy', format: 'mp3' })
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      })
      .expect(200);
    expect([headers['content-type'], String(body)]).toEqual(['audio/mpeg', 'first second']);
    expect(await used()).toBe(18);
  });

  it('audio is transcribed, and passes through whole', async () => {
    const { body } = await app
      .call('post', '/ai/transcriptions', user)
      .attach('file', AUDIO, { filename: 'me"mo\r\n.mp3', contentType: 'audio/mpeg' })
      .expect(200);
    expect(body).toEqual({ text: 'Call Anna' });
    const [seen] = media.seen;
    expect(seen?.type).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen?.body.includes(AUDIO)).toBe(true);
    expect(seen?.body.toString('latin1')).toContain('name="model"\r\n\r\ngpt-4o-mini-transcribe');
    expect(await used()).toBe(55);
  });

  it.each([
    ['no file', (ask: ReturnType<TestApp['call']>) => ask.field('other', 'x'), 400, 'validation_failed'],
    ['JSON', (ask: ReturnType<TestApp['call']>) => ask.send({ file: 'x' }), 415, 'unsupported_media_type'],
    [
      'too much',
      (ask: ReturnType<TestApp['call']>) => ask.attach('file', Buffer.alloc(26 * 1024 * 1024), 'a.mp3'),
      413,
      'payload_too_large',
    ],
  ] as const)('a transcription of %s is refused', async (_, fill, status, code) => {
    const { body } = await fill(app.call('post', '/ai/transcriptions', user)).expect(status);
    expect([body.code, media.seen.length, await used()]).toEqual([code, 0, 0]);
  });

  it.each([
    [429, 503, 'unavailable'],
    [500, 502, 'upstream_failed'],
  ])('a provider that answers %i is %i, without its words, and nothing is charged', async (theirs, ours, code) => {
    media.status = theirs;
    const { body, text } = await image().expect(ours);
    expect([body.code, text.includes('SECRET'), await used()]).toEqual([code, false, 0]);
  });

  it('many large pictures are read a few at a time, and one of more than 16 MiB is 502', async () => {
    media.picture = 'A'.repeat(12 * 1024 * 1024);
    const answers = await Promise.all(Array.from({ length: 6 }, () => image()));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    media.picture = 'A'.repeat(16 * 1024 * 1024);
    expect((await image().expect(502)).body.code).toBe('upstream_failed');
  });

  it('a month that is used up is 402, and the provider is not called', async () => {
    await image().expect(200);
    await app.nest.get(Database).query('UPDATE token_usage SET tokens = 1000000 WHERE user_id = $1', [user.id]);
    expect((await image().expect(402)).body.code).toBe('quota_exceeded');
    expect(media.seen).toHaveLength(1);
  });

  it('nothing of them is kept, not for an idempotency key either', async () => {
    const key = 'an-image';
    await image().set('Idempotency-Key', key).expect(200);
    await image().set('Idempotency-Key', key).expect(200);
    expect(media.seen).toHaveLength(2);
    expect(app.log.join('')).not.toContain('A harbour');
  });
});

describe('where they are off', () => {
  let app: TestApp;
  let user: TestUser;
  const start = async (settings: Record<string, string>): Promise<void> => {
    app = await TestApp.start(settings);
    user = await app.user();
  };
  afterEach(() => app.stop());
  const ask = () => [
    app.call('post', '/ai/images', user).send({ prompt: 'x' }),
    app.call('post', '/ai/speech', user).send({ text: 'x' }),
    app.call('post', '/ai/transcriptions', user).attach('file', Buffer.from('x'), 'a.mp3'),
  ];

  it('each is 501 and names its setting', async () => {
    await start({ OPENAI_API_KEY: 'key' });
    const answers = await Promise.all(ask());
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([501, 'not_configured']));
    expect(answers.map(({ body }) => body.detail)).toEqual([
      expect.stringContaining('AI_IMAGE_ENABLED'),
      expect.stringContaining('AI_AUDIO_ENABLED'),
      expect.stringContaining('AI_AUDIO_ENABLED'),
    ]);
  });

  it('each is 501 and names the key where that is missing', async () => {
    await start({ AI_IMAGE_ENABLED: 'true', AI_AUDIO_ENABLED: 'true' });
    const answers = await Promise.all(ask());
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(3).fill([501, expect.stringContaining('OPENAI_API_KEY')]),
    );
  });
});
