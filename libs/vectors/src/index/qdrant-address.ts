const DEFAULT_PORT = 6333;

/** Host, port and path; the client itself knows no path and takes 6333 where the port is that of the scheme. */
export function qdrantAddress(text: string): { url: string; port: number | null; prefix?: string } {
  const { protocol, hostname, pathname } = new URL(text);
  const prefix = pathname.replace(/\/+$/, '');
  const [, explicit] = /^[a-z]+:\/\/[^/]*:(\d+)(?:\/|$)/i.exec(text) ?? [];
  const fallback = prefix === '' ? DEFAULT_PORT : null;
  const port = explicit === undefined ? fallback : Number(explicit);
  return { url: `${protocol}//${hostname}`, port, ...(prefix === '' ? {} : { prefix }) };
}
