import { NgramTable } from './ngram-table';
import { Projector, VIEW_NAMES, type SymbolSink, type Projections } from '../normalise/projections';
import { markExempt } from './exempt-positions';
import { ordersOf, type Permuted } from './permutations';
import type { Secret } from '../prompt-registry';
import { ShortNgrams } from './prefix-holdback';
import { RollingHash } from './rolling-hash';
import { SecretCorpus } from './secret-corpus';
import { Unescaper } from '../normalise/unescaper';
import { VIEW_RULES, type ViewRule } from '../normalise/detection-thresholds';
import { WordIndex } from './word-index';

const { min } = Math;
const LETTERS = 26;

let latest: { readonly corpus: string; readonly index: SecretIndex } | undefined;

/** The index of these secrets: the one that was made last, where they are the same, as they are for all servers of a process. */
export function indexOf(secrets: readonly Secret[], allowed: readonly string[]): SecretIndex {
  const corpus = JSON.stringify([secrets, allowed]);
  if (latest?.corpus !== corpus) latest = { corpus, index: new SecretIndex(secrets, allowed) };
  return latest.index;
}

/** The fingerprints of all secrets in every view. Built once for a set of secrets, about 5 ms a KB. */
export class SecretIndex {
  readonly tables: Projections<NgramTable>;
  readonly text: SecretCorpus;
  readonly shortNgrams = new ShortNgrams();
  readonly words = new WordIndex();
  /** Marks of the public positions. */
  readonly open: Uint8Array;

  constructor(secrets: readonly Secret[], allowed: readonly string[]) {
    this.text = new SecretCorpus(secrets);
    const length = this.text.length;
    this.tables = {
      steps: new NgramTable(),
      chain: new NgramTable(),
      consonants: new NgramTable(),
      leet: new NgramTable(),
      ascii: new NgramTable(),
      pattern: new NgramTable(),
    };
    secrets.forEach((secret, i) => {
      this.add(secret.text, this.text.starts[i] ?? 0);
      this.words.add(secret, this.text.starts[i] ?? 0);
    });
    this.words.freeze();
    this.open = new Uint8Array(length);
    for (const text of allowed) {
      markExempt(this.open, this.tables.steps, text);
      this.words.markExempt(this.open, text);
    }
  }

  private add(text: string, start: number): void {
    const [plain, backwards, ...others] = ordersOf(text);
    const recorded = this.record(plain, start);
    this.shortNgrams.add(recorded.steps.symbols);
    this.enter(recorded, VIEW_NAMES, true);
    this.enter(this.record(backwards, start), ['steps', 'chain', 'consonants', 'leet'], true);
    for (const other of others) this.enter(this.record(other, start), ['steps'], false);
  }

  private record(order: Permuted, start: number): Projections<Recorder> {
    const recorders = {
      steps: new Recorder(),
      chain: new Recorder(),
      consonants: new Recorder(),
      leet: new Recorder(),
      ascii: new Recorder(),
      pattern: new Recorder(),
    };
    const reader = new Unescaper(new Projector(recorders));
    order.offsets.forEach((offset, i) => reader.feed(order.text.charCodeAt(i), start + offset));
    reader.end();
    return recorders;
  }

  private enter(
    recorded: Projections<Recorder>,
    names: readonly (keyof Projections<unknown>)[],
    mirrored: boolean,
  ): void {
    for (const name of names) this.grams(VIEW_RULES[name], this.tables[name], recorded[name]);
    if (mirrored) this.grams(VIEW_RULES.steps, this.tables.steps, recorded.steps.mirrored());
  }

  private grams(rule: ViewRule, table: NgramTable, recorded: Recorder): void {
    const hash = new RollingHash(rule.gram);
    const { symbols, places } = recorded;
    let bits = 0;
    symbols.forEach((symbol, i) => {
      const value = hash.push(symbol, 0);
      bits += this.text.bitsAt(places[i] ?? 0) - (i >= rule.gram ? this.text.bitsAt(places[i - rule.gram] ?? 0) : 0);
      if (i + 1 < rule.gram) return;
      const position = min(places[i] ?? 0, places[i + 1 - rule.gram] ?? 0);
      table.add(value, position, (bits / rule.gram) * rule.letters);
    });
  }
}

/** Records the symbols of one projection. */
class Recorder implements SymbolSink {
  readonly symbols: number[] = [];
  readonly places: number[] = [];

  push(symbol: number, at: number): void {
    this.symbols.push(symbol);
    this.places.push(at);
  }

  /** The same steps through an alphabet that runs backwards (Atbash and its shifts). */
  mirrored(): Recorder {
    const mirrored = new Recorder();
    this.symbols.forEach((symbol, i) => mirrored.push((LETTERS - symbol) % LETTERS, this.places[i] ?? 0));
    return mirrored;
  }
}
