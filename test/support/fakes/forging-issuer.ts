import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign, type Algorithm } from 'jsonwebtoken';

/** What the next ID token has instead of what is right. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
  readonly algorithm?: Algorithm;
  readonly expiresIn?: number;
}

/** An OpenID provider of an attacker: it gives every code for every request, and says in its ID tokens what a test wants. */
export class ForgingIssuer {
  forgery: Forgery = {};
  /** Where the next request for metadata is redirected to. */
  redirect: string | undefined;
  isDown = false;
  /** Bytes of an unknown member in the metadata. */
  padding = 0;
  nonce = '';
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(private readonly server: Server) {
    server.on('request', ({ url = '' }, response) => {
      response.setHeader('content-type', 'application/json');
      if (this.isDown) response.destroy();
      else if (this.redirect !== undefined) response.writeHead(302, { location: this.redirect }).end();
      else response.end(JSON.stringify(this.answer(url)));
    });
  }

  static async start(): Promise<ForgingIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ForgingIssuer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => void this.server.close(() => resolve()));
  }

  private answer(path: string): object {
    if (path.startsWith('/.well-known')) return this.metadata();
    if (path === '/jwks')
      return { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] };
    return { access_token: 'x', token_type: 'bearer', id_token: this.idToken() };
  }

  private metadata(): object {
    const { url } = this;
    return {
      issuer: url,
      padding: 'x'.repeat(this.padding),
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  private idToken(): string {
    const { claims = {}, key = this.keys.privateKey, algorithm = 'RS256', expiresIn = 60 } = this.forgery;
    const right = { iss: this.url, aud: 'adiuva', sub: 'someone', nonce: this.nonce };
    const payload = JSON.parse(JSON.stringify({ ...right, ...claims }));
    return sign(payload, algorithm === 'none' ? '' : key, { algorithm, keyid: 'one', expiresIn });
  }
}
