export interface ForbiddenWord {
  readonly word: string;
  /** What replaces it. */
  readonly instead: string;
}

export function forbiddenProse(text: string): (ForbiddenWord & { readonly index: number })[];
export function forbiddenInIdentifier(name: string): ForbiddenWord[];
