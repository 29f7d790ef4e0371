import type { InnerReader } from './byte-run';
import { ChainView } from './chain-view';
import { GramView } from './gram-view';
import { InnerTexts } from './inner-texts';
import { Lens, type Views } from './lens';
import { Trail } from './trail';
import { Unescaper } from './unescaper';
import type { Verdict } from './verdict';
import { VIEW_RULES } from './views';

const DEEPEST = 3;
const { min, max } = Math;

/** Reads one text in every view and, through decoders, the texts that are written inside it. */
export class TextReader implements InnerReader {
  private readonly views: Views<GramView | ChainView>;
  private readonly list: readonly (GramView | ChainView)[];
  private readonly steps: GramView;
  private readonly chain: ChainView;
  private readonly lens: Lens;
  private readonly unescaper: Unescaper;
  private readonly trail = new Trail();
  private readonly inner: InnerTexts | undefined;

  private readonly inFull: boolean;
  private readAt = 0;

  constructor(verdict: Verdict, depth = 0) {
    this.inFull = depth === 0;
    const { tables } = verdict.index;
    this.steps = new GramView(VIEW_RULES.steps, tables.steps, verdict, true);
    this.chain = new ChainView(VIEW_RULES.chain, tables.chain, verdict);
    this.views = {
      steps: this.steps,
      chain: this.chain,
      consonants: new GramView(VIEW_RULES.consonants, tables.consonants, verdict),
      leet: new GramView(VIEW_RULES.leet, tables.leet, verdict),
      ascii: new GramView(VIEW_RULES.ascii, tables.ascii, verdict),
      pattern: new GramView(VIEW_RULES.pattern, tables.pattern, verdict),
    };
    this.list = this.inFull ? Object.values(this.views) : [this.steps, this.views.consonants];
    this.lens = new Lens(this.views, this.inFull);
    this.unescaper = new Unescaper({ feed: (codePoint, at) => this.read(codePoint, at) });
    this.inner = depth < DEEPEST ? new InnerTexts(verdict, depth, () => new TextReader(verdict, depth + 1)) : undefined;
  }

  /** Everything before this place can no longer be a part of a leak. */
  get holdFrom(): number {
    let from = max(this.inFull ? this.chain.preludeFrom(this.readAt) : this.steps.windowFrom, this.trail.from);
    if (this.unescaper.pendingFrom < from) from = this.unescaper.pendingFrom;
    for (const view of this.list) if (view.suspectFrom < from) from = view.suspectFrom;
    return this.inner ? min(from, this.inner.holdFrom) : from;
  }

  feed(codePoint: number, at: number): void {
    this.unescaper.feed(codePoint, at);
  }

  end(): void {
    this.unescaper.end();
    this.inner?.end();
  }

  reset(): void {
    this.unescaper.reset();
    this.lens.reset();
    this.trail.reset();
    for (const view of this.list) view.reset();
    this.inner?.end();
  }

  private read(codePoint: number, at: number): void {
    this.readAt = at;
    this.trail.push(codePoint, at);
    this.lens.feed(codePoint, at);
    this.inner?.feed(codePoint, at);
  }
}
