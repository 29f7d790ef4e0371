import { createSocket, type Socket } from 'node:dgram';

/** A DNS server (RFC 1035) on a loopback port that answers questions for TXT records. */
export class DnsServer {
  readonly texts = new Map<string, readonly string[]>();
  /** Answers that the server has failed (RCODE 2). */
  fails = false;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (query, { port, address }) => socket.send(this.answer(query), port, address));
  }

  static async start(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new DnsServer(socket);
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => void this.socket.close(() => resolve()));
  }

  private answer(query: Buffer): Buffer {
    const { name, end } = questionOf(query);
    const texts = this.fails ? [] : (this.texts.get(name.toLowerCase()) ?? []);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(this.fails ? 0x8182 : texts.length > 0 ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(texts.length, 6);
    header.writeUInt32BE(0, 8);
    const records = texts.map((text) => {
      const data = Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
      const head = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, data.length]);
      return Buffer.concat([head, data]);
    });
    return Buffer.concat([header, query.subarray(12, end), ...records]);
  }
}

function questionOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 5 };
}
