/** JSON of any shape: what it must be is the assertion itself. */
export type Json = ReturnType<typeof JSON.parse>;

/** An answer of a model, in the terms of no protocol. */
export interface FakeAnswer {
  readonly text?: readonly string[];
  readonly reasoning?: string;
  readonly calls?: readonly { readonly name: string; readonly args: object }[];
  /** What the provider wants back with the calls. */
  readonly state?: string;
  readonly finish?: 'stop' | 'length' | 'refused';
  readonly usage?: { readonly input: unknown; readonly output: unknown };
}

/** The messages of an answer, as they are framed on the wire; without `end` it has broken off. */
export interface FakeFrames {
  readonly body: readonly string[];
  readonly end: readonly string[];
}

/** One streaming protocol, as its documents describe it. */
export interface FakeProtocol {
  readonly contentType: string;
  readonly framing: 'events' | 'lines';
  /** Whether it has a word for an answer that is refused. */
  readonly refuses: boolean;
  /** Where calls are made, below the base URL. */
  readonly path: RegExp;
  frames(answer: FakeAnswer): FakeFrames;
  /** A failure inside a stream that began well. */
  failure(status: number): string;
  /** What a request says about earlier rounds: the results of tools by their order, and the state that went back. */
  results(body: Json): readonly string[];
  state(body: Json): unknown;
}

export const SECRET = 'SECRETUPSTREAM';
export const THOUGHT = 'SECRETTHOUGHT';

export function event(data: object, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

export function halves(text: string): readonly [string, string] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
