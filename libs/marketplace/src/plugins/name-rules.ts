import { errorFinding, warningFinding, type Finding } from './finding';
import { hasMixedScripts, plainName, skeleton } from './confusables';

const OURS = 'adiuva';

/** Compares a name with those of other authors' published plugins. `others` are their names with the same skeleton. */
export function checkName(name: string, others: readonly string[]): readonly Finding[] {
  const findings: Finding[] = [];
  if (hasMixedScripts(name)) findings.push(errorFinding('look_alike_name', 'The name mixes alphabets inside a word'));
  for (const other of others) {
    findings.push(
      plainName(other) === plainName(name)
        ? warningFinding('name_taken', 'Another author publishes a plugin of this name')
        : errorFinding('look_alike_name', 'The name can be taken for that of another plugin'),
    );
  }
  const official = skeleton(OURS);
  if (skeleton(name).includes(official)) {
    const honest = plainName(name).includes(OURS);
    findings.push(
      honest
        ? warningFinding('look_alike_name', "The name uses the product's own")
        : errorFinding('look_alike_name', "The name imitates the product's own"),
    );
  }
  return findings;
}

/** Cards cannot be charged less. */
export const MIN_CHARGE_CENTS = 50;

export function checkPrice(priceCents: number): readonly Finding[] {
  return priceCents > 0 && priceCents < MIN_CHARGE_CENTS
    ? [warningFinding('price', `Cards cannot be charged less than ${MIN_CHARGE_CENTS} cents, so this cannot be bought`)]
    : [];
}
