import { ByteRun, type InnerReader } from './byte-run';
import { Base32Decoder, Base64Decoder, HexDecoder, type Decoder } from './decoders';
import { GramView } from './gram-view';
import { Lens, type Views } from './lens';
import { NumberDecoder } from './number-decoder';
import { ReaderPool } from './reader-pool';
import { Trail } from './trail';
import { Unescaper } from './unescaper';
import type { Verdict } from './verdict';
import { VIEW_RULES } from './views';

const DEEPEST = 3;
const TAGS = 0xe0000;
const SELECTORS = 0xfe00;

/** Reads one text in every view and, through decoders, the texts that are written inside it. */
export class TextReader implements InnerReader {
  private readonly views: Views<GramView>;
  private readonly list: readonly GramView[];
  private readonly lens: Lens;
  private readonly unescaper: Unescaper;
  private readonly trail = new Trail();
  private readonly decoders: readonly Decoder[];
  private readonly smuggled: ByteRun | undefined;

  constructor(verdict: Verdict, depth = 0) {
    const { tables } = verdict.index;
    this.views = {
      steps: new GramView(VIEW_RULES.steps, tables.steps, verdict),
      consonants: new GramView(VIEW_RULES.consonants, tables.consonants, verdict),
      leet: new GramView(VIEW_RULES.leet, tables.leet, verdict),
      ascii: new GramView(VIEW_RULES.ascii, tables.ascii, verdict),
      pattern: new GramView(VIEW_RULES.pattern, tables.pattern, verdict),
    };
    this.list = Object.values(this.views);
    this.lens = new Lens(this.views);
    this.unescaper = new Unescaper({ feed: (codePoint, at) => this.read(codePoint, at) });
    const pool = new ReaderPool(verdict, () => new TextReader(verdict, depth + 1));
    const inner = depth < DEEPEST;
    this.decoders = inner
      ? [new Base64Decoder(pool), new HexDecoder(pool), new NumberDecoder(pool), new Base32Decoder(pool)]
      : [];
    this.smuggled = inner ? new ByteRun(pool) : undefined;
  }

  /** Everything before this place can no longer be a part of a leak. */
  get holdFrom(): number {
    let from = Math.max(this.views.steps.windowFrom, this.trail.from);
    if (this.unescaper.pendingFrom < from) from = this.unescaper.pendingFrom;
    for (const view of this.list) if (view.suspectFrom < from) from = view.suspectFrom;
    for (const decoder of this.decoders) from = Math.min(from, decoder.holdFrom);
    return this.smuggled ? Math.min(from, this.smuggled.holdFrom) : from;
  }

  feed(codePoint: number, at: number): void {
    this.unescaper.feed(codePoint, at);
  }

  end(): void {
    this.unescaper.end();
    for (const decoder of this.decoders) decoder.end();
    this.smuggled?.end();
  }

  reset(): void {
    this.unescaper.reset();
    this.lens.reset();
    this.trail.reset();
    for (const view of this.list) view.reset();
    for (const decoder of this.decoders) decoder.end();
    this.smuggled?.end();
  }

  private read(codePoint: number, at: number): void {
    this.trail.push(codePoint, at);
    this.lens.feed(codePoint, at);
    for (const decoder of this.decoders) decoder.feed(codePoint, at);
    if (codePoint >= SELECTORS) this.smuggle(codePoint, at);
  }

  /** Tag characters and variation selectors show nothing and carry a byte each. */
  private smuggle(codePoint: number, at: number): void {
    if (codePoint <= SELECTORS + 15) this.smuggled?.push(codePoint - SELECTORS, at);
    else if (codePoint >= TAGS && codePoint < TAGS + 0x80) this.smuggled?.push(codePoint - TAGS, at);
    else if (codePoint >= 0xe0100 && codePoint <= 0xe01ef) this.smuggled?.push(codePoint - 0xe0100 + 16, at);
  }
}
