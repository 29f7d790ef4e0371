/** The versions of which one must be the present one; `any`: it must exist. Null: no condition. */
export type Precondition = readonly number[] | 'any' | null;

export function satisfies(version: number, expected: Precondition): boolean {
  return expected === null || expected === 'any' || expected.includes(version);
}
