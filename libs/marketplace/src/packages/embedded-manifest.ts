import { errorFinding, warningFinding, type Finding } from '../plugins/finding';
import type { Manifest } from '../plugins/manifest';

/** A package may repeat its manifest; it must then not say something else than the one that is reviewed. */
export const INNER_MANIFEST = 'manifest.json';
export const INNER_MANIFEST_BYTES = 65_536;

const COMPARED = ['name', 'version', 'permissions', 'price_cents'] as const;

export function checkInnerManifest(json: string, manifest: Manifest): readonly Finding[] {
  const inner = objectOf(json);
  if (inner === null) return [errorFinding('manifest_mismatch', 'The file is not a JSON object', INNER_MANIFEST)];
  return COMPARED.filter((field) => inner.has(field) && !same(inner.get(field), manifest[field])).map((field) => {
    // Permissions are what users agree to, so a second list of them is worse than a name that was not kept up.
    const make = field === 'permissions' ? errorFinding : warningFinding;
    return make(
      'manifest_mismatch',
      `Its ${field} differs from the submitted manifest`,
      INNER_MANIFEST,
      lineOf(json, field),
    );
  });
}

function objectOf(json: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

/** The order of permissions means nothing. */
function same(there: unknown, here: unknown): boolean {
  const sorted = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.map(String).sort() : value);
  return sorted(there) === sorted(here);
}

function lineOf(json: string, field: string): number {
  return json.slice(0, Math.max(0, json.indexOf(`"${field}"`))).split('\n').length;
}
