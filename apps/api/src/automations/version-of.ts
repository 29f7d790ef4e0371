const TAG = /^(?:W\/)?"?([1-9]\d{0,8})"?$/;

/** The version that `If-Match` names; undefined without a condition. A tag that was never ours matches nothing. */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return Number(TAG.exec(ifMatch.trim())?.[1] ?? 0);
}
