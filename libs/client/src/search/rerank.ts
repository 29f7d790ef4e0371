/** A candidate with its exact vector, however it was fetched. */
export interface Candidate {
  readonly id: string;
  readonly vector: ArrayLike<number>;
}

/** `score` is the exact cosine, 1 for the same direction. */
export type Ranked<C extends Candidate> = C & { readonly score: number };

/** How many to fetch so that the best `topK` are among them: ten times as many, at least 50, at most the 200 that the server gives. */
export function overFetch(topK: number): number {
  return Math.min(200, Math.max(50, 10 * topK));
}

/** The `topK` candidates nearest by exact cosine, best first. */
export function rerank<C extends Candidate>(
  query: ArrayLike<number>,
  candidates: readonly C[],
  topK: number,
): Ranked<C>[] {
  return candidates
    .map((candidate) => ({ ...candidate, score: cosine(query, candidate.vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, topK);
}

/** 0 when either has no length. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
