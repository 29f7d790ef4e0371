import { error, warning, type Finding } from './finding';
import { hasMixedScripts, plainName, skeleton } from './look-alike';

const OURS = 'adiuva';

/** How a name stands to those of other authors' published plugins. `others` are their names with the same skeleton. */
export function checkName(name: string, others: readonly string[]): readonly Finding[] {
  const findings: Finding[] = [];
  if (hasMixedScripts(name)) findings.push(error('look_alike_name', 'The name mixes alphabets inside a word'));
  for (const other of others) {
    findings.push(
      plainName(other) === plainName(name)
        ? warning('name_taken', 'Another author publishes a plugin of this name')
        : error('look_alike_name', 'The name can be taken for that of another plugin'),
    );
  }
  const official = skeleton(OURS);
  if (skeleton(name).includes(official)) {
    const honest = plainName(name).includes(OURS);
    findings.push(
      honest
        ? warning('look_alike_name', "The name uses the product's own")
        : error('look_alike_name', "The name imitates the product's own"),
    );
  }
  return findings;
}

/** Cards cannot be charged less. */
export const LEAST_CHARGE_CENTS = 50;

export function checkPrice(priceCents: number): readonly Finding[] {
  return priceCents > 0 && priceCents < LEAST_CHARGE_CENTS
    ? [warning('price', `Cards cannot be charged less than ${LEAST_CHARGE_CENTS} cents, so nobody can buy this`)]
    : [];
}
