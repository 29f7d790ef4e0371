import { StringDecoder } from 'node:string_decoder';

/** UTF-16 units; an answer as long as models give comes whole in one event. */
const LONGEST_EVENT = 1_048_576;

/**
 * Reads server-sent events (WHATWG, "Interpreting an event stream") as bytes come, and hands on their data. Names and ids are not
 * looked at: model providers put all into the data. Throws where an event is too long.
 */
export class EventReader {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private data: string | undefined;

  constructor(private readonly hear: (data: string) => void) {}

  feed(bytes: Buffer): void {
    const text = this.rest + this.decoder.write(bytes);
    let from = 0;
    for (let end = text.indexOf('\n', this.rest.length); end >= 0; end = text.indexOf('\n', from)) {
      this.line(text.slice(from, end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end));
      from = end + 1;
    }
    this.rest = text.slice(from);
    if (this.rest.length + (this.data?.length ?? 0) > LONGEST_EVENT)
      throw new Error('an event of the provider is too long');
  }

  /** An event that was not finished by an empty line is read too: some servers forget it. */
  end(): void {
    if (this.rest !== '') this.line(this.rest);
    this.line('');
  }

  private line(line: string): void {
    if (line === '') {
      const { data } = this;
      this.data = undefined;
      if (data !== undefined) this.hear(data);
    } else if (line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === 32 ? 6 : 5);
      this.data = this.data === undefined ? value : `${this.data}\n${value}`;
    }
  }
}
