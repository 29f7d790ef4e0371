export interface GatewayOptions {
  /** Where the server is, such as `https://cloud.example.org`. */
  readonly url: string;
  /** `BACKEND_HMAC_SECRET` of the server. */
  readonly secret: string;
  readonly timeoutMs?: number;
}

/** Signs requests to the tool gateway with Web Crypto. */
export class GatewayClient {
  constructor(private readonly options: GatewayOptions) {}

  callTool(token: string, name: string, args: unknown): Promise<Response> {
    const path = `/api/v1/gateway/tools/${encodeURIComponent(name)}`;
    return this.send('POST', path, JSON.stringify({ arguments: args }), { 'X-Agent-Token': token });
  }

  status(): Promise<Response> {
    return this.send('GET', '/api/v1/gateway/status', '', {});
  }

  private async send(
    method: string,
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    return fetch(`${this.options.url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(await signedHeaders(this.options.secret, method, path, body)),
        ...(body === '' ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === '' ? {} : { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(this.options.timeoutMs ?? 10_000),
    });
  }
}

/** The headers that sign one request; each call makes a new nonce. */
export async function signedHeaders(
  secret: string,
  method: string,
  path: string,
  body: string,
): Promise<Record<string, string>> {
  const encoder = new TextEncoder();
  const timestamp = String(Date.now());
  const nonce = crypto.randomUUID();
  const digest = hex(await crypto.subtle.digest('SHA-256', encoder.encode(body)));
  const text = encoder.encode([timestamp, nonce, method, path, digest].join('\n'));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const signature = hex(await crypto.subtle.sign('HMAC', key, text));
  return { 'X-Timestamp': timestamp, 'X-Nonce': nonce, 'X-Signature': `v1=${signature}` };
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
