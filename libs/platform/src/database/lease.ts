/**
 * After so long a lease that its process does not renew has ended, and a repeated request is carried out. A process that lives renews it in time
 * although a statement takes the longest that is allowed, 15 s.
 */
export const LEASE_SECONDS = 30;
const RENEW_MS = 3_000;

/** Calls `renew` every 3 s until the returned function is called, so that the lease of a process that dies is short however long the work takes. */
export function renewLease(renew: () => Promise<unknown>): () => void {
  let isRenewing = false;
  const timer = setInterval(() => {
    if (isRenewing) return;
    isRenewing = true;
    // A failed renewal is followed by the next.
    void renew()
      .catch(() => undefined)
      .finally(() => (isRenewing = false));
  }, RENEW_MS);
  return () => clearInterval(timer);
}
