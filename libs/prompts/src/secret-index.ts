import { GramTable } from './gram-table';
import { Lens, VIEW_NAMES, type SymbolSink, type Views } from './lens';
import { mark } from './marks';
import { ordersOf, type Permuted } from './permutations';
import type { Secret } from './prompt-registry';
import { RollingHash } from './rolling-hash';
import { SecretText } from './secret-text';
import { Unescaper } from './unescaper';
import { VIEW_RULES, type ViewRule } from './views';

const LETTERS = 26;

/** The fingerprints of all secrets in every view. Built once for a set of secrets, about 2 ms a KB. */
export class SecretIndex {
  readonly tables: Views<GramTable>;
  readonly text: SecretText;
  /** Marks of the positions that anybody may read. */
  readonly open: Uint8Array;

  constructor(secrets: readonly Secret[], allowed: readonly string[]) {
    this.text = new SecretText(secrets);
    const room = this.text.length;
    this.tables = {
      steps: new GramTable(room * 6),
      consonants: new GramTable(room * 2),
      leet: new GramTable(room * 2),
      ascii: new GramTable(room),
      pattern: new GramTable(room),
    };
    secrets.forEach((secret, i) => this.add(secret.text, this.text.starts[i] ?? 0));
    this.open = new Uint8Array(room);
    for (const text of allowed) mark(this.open, this.tables.steps, text);
  }

  private add(text: string, start: number): void {
    const [plain, backwards, ...others] = ordersOf(text);
    if (!plain || !backwards) return;
    this.record(plain, start, VIEW_NAMES);
    this.record(backwards, start, ['steps', 'consonants', 'leet']);
    for (const other of others) this.record(other, start, ['steps']);
  }

  private record(order: Permuted, start: number, names: readonly (keyof Views<unknown>)[]): void {
    const recorders = {
      steps: new Recorder(),
      consonants: new Recorder(),
      leet: new Recorder(),
      ascii: new Recorder(),
      pattern: new Recorder(),
    };
    const reader = new Unescaper(new Lens(recorders));
    for (let i = 0; i < order.text.length; i += 1)
      reader.feed(order.text.charCodeAt(i), start + (order.offsets[i] ?? 0));
    reader.end();
    for (const name of names) this.enter(VIEW_RULES[name], this.tables[name], recorders[name]);
    const mirrored = recorders.steps.mirrored();
    if (names.includes('ascii') || names.includes('leet')) this.enter(VIEW_RULES.steps, this.tables.steps, mirrored);
  }

  private enter(rule: ViewRule, table: GramTable, recorded: Recorder): void {
    const hash = new RollingHash(rule.gram, 0);
    const { symbols, places } = recorded;
    let bits = 0;
    symbols.forEach((symbol, i) => {
      const value = hash.push(symbol, 0);
      bits += this.text.bitsAt(places[i] ?? 0) - (i >= rule.gram ? this.text.bitsAt(places[i - rule.gram] ?? 0) : 0);
      if (i + 1 < rule.gram) return;
      const position = Math.min(places[i] ?? 0, places[i + 1 - rule.gram] ?? 0);
      table.add(value, position, (bits / rule.gram) * rule.letters);
    });
  }
}

/** Keeps what a lens sees. */
class Recorder implements SymbolSink {
  symbols: number[] = [];
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
