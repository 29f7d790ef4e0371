import type { lookup } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { hasPrivateAddress, isPublicAddress, PRIVATE_ADDRESS, publicConnector, publicLookup } from '@adiuva/platform';

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '169.254.169.254',
    '192.168.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '::',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '224.0.0.1',
    'localhost',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '2606:4700:4700::1111'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    ...[
      '2130706433',
      '0x7f.1',
      '0x7f000001',
      '017700000001',
      '0177.0.0.1',
      '127.1',
      '127.0.0.1.',
      '0',
      '１２７.0.0.1',
      '127。0。0。1',
    ],
    ...[
      '[::ffff:7f00:1]',
      '[::ffff:127.0.0.1]',
      '[::127.0.0.1]',
      '[64:ff9b::a00:1]',
      '[2002:a00:1::]',
      '[fe80::1]',
      '[::ffff:0:10.0.0.1]',
    ],
    ...['user:secret@10.0.0.1', '8.8.8.8@10.0.0.1', 'localhost', 'LOCALHOST', 'localhost.', 'x.localhost', 'ⓛocalhost'],
    ...['printer.local', 'metadata.google.internal', 'metadata.google.internal.', 'nas.home.arpa'],
  ])('%s names an address that is not public', (host) =>
    expect(hasPrivateAddress(new URL(`http://${host}/`))).toBe(true),
  );
  it.each([
    'example.org',
    'localhost.example.org',
    'notlocalhost',
    'internal.example.org',
    '8.8.8.8',
    '127.0.0.1@8.8.8.8',
  ])('%s may be public', (host) => expect(hasPrivateAddress(new URL(`http://${host}/`))).toBe(false));
});

/** Longer than a test waits: nothing here is refused because of it. */
const CONNECT_MS = 200_000;

describe('a connection to a URL that a user gave', () => {
  let server: Server;
  let visits = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      visits += 1;
      response.end('secret');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  beforeEach(() => void (visits = 0));

  const port = () => (server.address() as AddressInfo).port;
  /** Resolves names to these addresses, one after the other. */
  function names(...addresses: readonly (readonly string[])[]): typeof lookup {
    const left = [...addresses];
    const resolve = (_: string, __: object, callback: (error: null, found: object[]) => void): void => {
      const found = left.length > 1 ? left.shift() : left[0];
      callback(
        null,
        (found ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    return resolve as typeof lookup;
  }
  async function outcome(url: string, resolve?: typeof lookup): Promise<unknown> {
    const agent = new Agent({ connect: publicConnector(CONNECT_MS, () => false, resolve) });
    try {
      return (await request(url, { dispatcher: agent })).statusCode;
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    } finally {
      await agent.destroy();
    }
  }

  it('is refused for a literal address that is not public, in every notation', async () => {
    for (const host of ['127.0.0.1', '[::1]', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0'])
      expect([host, await outcome(`http://${host}:${port()}/`)]).toEqual([host, PRIVATE_ADDRESS]);
    expect(visits).toBe(0);
  });

  it('is refused for a name with any address that is not public', async () => {
    expect(await outcome(`http://localhost:${port()}/`)).toBe(PRIVATE_ADDRESS);
    expect(await outcome(`http://a.example:${port()}/`, names(['8.8.8.8', '127.0.0.1']))).toBe(PRIVATE_ADDRESS);
    expect(visits).toBe(0);
  });

  it('is checked when it is made, so a name whose address changes after a check leads nowhere (DNS rebinding)', async () => {
    const rebinding = names(['203.0.114.1'], ['127.0.0.1']);
    const checked = new Promise((resolve) => {
      publicLookup(rebinding)('rebinding.example', {}, (error, address) => resolve(error ?? address));
    });
    expect(await checked).toBe('203.0.114.1');
    expect(await outcome(`http://rebinding.example:${port()}/`, rebinding)).toBe(PRIVATE_ADDRESS);
    expect(visits).toBe(0);
  });

  it('is made where the host and port are trusted, and to no other port', async () => {
    const agent = new Agent({ connect: publicConnector(CONNECT_MS, (host) => host === `127.0.0.1:${port()}`) });
    expect((await request(`http://127.0.0.1:${port()}/`, { dispatcher: agent })).statusCode).toBe(200);
    await expect(request(`http://127.0.0.1:1/`, { dispatcher: agent })).rejects.toMatchObject({
      code: PRIVATE_ADDRESS,
    });
    await agent.destroy();
  });
});
