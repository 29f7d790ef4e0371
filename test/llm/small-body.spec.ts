import { PassThrough, Readable } from 'node:stream';
import { smallBody } from '../../libs/llm/src/providers/http-post.adapter';

const LIMIT = 64 * 1024;

describe('the body of a refusal of a provider', () => {
  it('is read whole where it is small', async () => {
    expect(await smallBody(Readable.from([Buffer.from('{"error":'), Buffer.from('"busy"}')]))).toBe('{"error":"busy"}');
  });

  it('is read no further than its limit, and its connection is closed', async () => {
    let sent = 0;
    const endless = new Readable({
      highWaterMark: 1,
      read() {
        sent += 1_024;
        this.push(Buffer.alloc(1_024, 'x'));
      },
    });
    const text = await smallBody(endless);
    expect(text.length).toBeLessThanOrEqual(LIMIT + 1_024);
    expect(sent).toBeLessThanOrEqual(LIMIT + 4 * 1_024);
    expect(endless.destroyed).toBe(true);
  });

  it('that does not arrive in time is what has arrived', async () => {
    const slow = new PassThrough();
    slow.write('{"error":');
    expect(await smallBody(slow, 50)).toBe('{"error":');
    expect(slow.destroyed).toBe(true);
  });
});
