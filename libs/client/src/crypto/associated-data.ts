/**
 * The associated data of a seal: a label of format and the parts that say where the bytes belong. Each part carries its length,
 * so no two different lists of parts give the same text.
 */
export function associatedData(label: string, ...parts: readonly (string | number)[]): string {
  return [label, ...parts.map((part) => `${String(part).length}:${part}`)].join('|');
}
