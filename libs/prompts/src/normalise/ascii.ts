export function isLetter(codePoint: number): boolean {
  const folded = codePoint | 0x20;
  return folded >= 0x61 && folded <= 0x7a;
}

export function isAlphanumeric(codePoint: number): boolean {
  return (codePoint >= 0x30 && codePoint <= 0x39) || isLetter(codePoint);
}
