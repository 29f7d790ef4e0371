import type { InnerReader } from './decoded-candidate';
import { SeedChainMatcher } from './seed-chain-matcher';
import { NgramMatcher } from './ngram-matcher';
import { EncodedTextDecoders } from './encoded-text-decoders';
import { Projector, type Projections } from '../normalise/projections';
import { TrailingWindow } from './trailing-window';
import { Unescaper } from '../normalise/unescaper';
import type { DetectionState } from './detection-state';
import { VIEW_RULES } from '../normalise/detection-thresholds';

const MAX_DEPTH = 3;
const { min, max } = Math;

/** Reads one text in every view and, through decoders, the texts that are written inside it. */
export class TextScanner implements InnerReader {
  private readonly views: Projections<NgramMatcher | SeedChainMatcher>;
  private readonly list: readonly (NgramMatcher | SeedChainMatcher)[];
  private readonly steps: NgramMatcher;
  private readonly chain: SeedChainMatcher;
  private readonly projector: Projector;
  private readonly unescaper: Unescaper;
  private readonly trailingWindow = new TrailingWindow();
  private readonly inner: EncodedTextDecoders | undefined;

  private readonly inFull: boolean;
  private readAt = 0;

  constructor(detectionState: DetectionState, depth = 0) {
    this.inFull = depth === 0;
    const { tables } = detectionState.index;
    this.steps = new NgramMatcher(VIEW_RULES.steps, tables.steps, detectionState, true);
    this.chain = new SeedChainMatcher(VIEW_RULES.chain, tables.chain, detectionState);
    this.views = {
      steps: this.steps,
      chain: this.chain,
      consonants: new NgramMatcher(VIEW_RULES.consonants, tables.consonants, detectionState),
      leet: new NgramMatcher(VIEW_RULES.leet, tables.leet, detectionState),
      ascii: new NgramMatcher(VIEW_RULES.ascii, tables.ascii, detectionState),
      pattern: new NgramMatcher(VIEW_RULES.pattern, tables.pattern, detectionState),
    };
    this.list = this.inFull ? Object.values(this.views) : [this.steps, this.views.consonants];
    this.projector = new Projector(this.views, this.inFull);
    this.unescaper = new Unescaper({ feed: (codePoint, at) => this.read(codePoint, at) });
    this.inner =
      depth < MAX_DEPTH
        ? new EncodedTextDecoders(detectionState, depth, () => new TextScanner(detectionState, depth + 1))
        : undefined;
  }

  /** Everything before this place can no longer be a part of a leak. */
  get holdFrom(): number {
    let from = max(this.inFull ? this.chain.prefixFrom(this.readAt) : this.steps.windowFrom, this.trailingWindow.from);
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
    this.projector.reset();
    this.trailingWindow.reset();
    for (const view of this.list) view.reset();
    this.inner?.end();
  }

  private read(codePoint: number, at: number): void {
    this.readAt = at;
    this.trailingWindow.push(codePoint, at);
    this.projector.feed(codePoint, at);
    this.inner?.feed(codePoint, at);
  }
}
