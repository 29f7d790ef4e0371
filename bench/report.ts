/** One measured scenario with what it is compared with. */
export interface Figure {
  readonly bench: string;
  readonly scenario: string;
  readonly value: number;
  /** Of `value` and of `peer`; `ratio` where the value itself is one. */
  readonly unit: string;
  /** A peer that did the same work in the same run, or a physical limit. */
  readonly peer?: { readonly name: string; readonly value: number };
  readonly ratio?: number;
  readonly target: { readonly max: number } | { readonly min: number };
  readonly verdict: 'reached' | 'missed';
}

interface Measured {
  readonly unit: string;
  readonly peer?: { readonly name: string; readonly value: number };
}

/**
 * The figures of one bench. With `quick`, each scenario is one short round: it shows that the bench works and says little about speed, so
 * nothing is judged by it.
 */
export class Report {
  readonly figures: Figure[] = [];

  constructor(
    readonly bench: string,
    readonly quick: boolean,
  ) {}

  /** `full` of a complete run, `quick` of a short one. */
  size(full: number, quick: number): number {
    return this.quick ? quick : full;
  }

  max(scenario: string, value: number, limit: number, measured: Measured = { unit: 'ratio' }): void {
    this.add(scenario, value, { max: rounded(limit) }, value <= limit, measured);
  }

  min(scenario: string, value: number, limit: number, measured: Measured = { unit: 'ratio' }): void {
    this.add(scenario, value, { min: rounded(limit) }, value >= limit, measured);
  }

  note(line: string): void {
    process.stdout.write(`         ${line}\n`);
  }

  private add(scenario: string, value: number, target: Figure['target'], reached: boolean, measured: Measured): void {
    const { unit, peer } = measured;
    const ratio = peer && peer.value > 0 ? { ratio: rounded(value / peer.value) } : {};
    const verdict = reached ? 'reached' : 'missed';
    const compared = peer ? { peer: { ...peer, value: rounded(peer.value) }, ...ratio } : {};
    this.figures.push({ bench: this.bench, scenario, value: rounded(value), unit, ...compared, target, verdict });
    process.stdout.write(`${verdict.padEnd(8)} ${described(this.figures.at(-1))}\n`);
  }
}

function described(figure: Figure | undefined): string {
  if (!figure) return '';
  const { bench, scenario, value, unit, peer, ratio, target } = figure;
  const limit = 'max' in target ? `at most ${target.max}` : `at least ${target.min}`;
  const beside = peer ? `; ${peer.name}: ${peer.value}${ratio === undefined ? '' : `, ratio ${ratio}`}` : '';
  return `${bench}: ${scenario}: ${value}${unit === 'ratio' ? '' : ` ${unit}`} (${limit}${beside})`;
}

/** Three figures that count. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
