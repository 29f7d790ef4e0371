export type CheckState = 'up' | 'down' | 'disabled';

const TIMEOUT_MS = 1_000;

/** The outcome of a check that gets a second. */
export async function stateOf(check: Promise<boolean>): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), TIMEOUT_MS)));
  const up = await Promise.race([check, late]);
  clearTimeout(timer);
  return up ? 'up' : 'down';
}

export function succeeds(check: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  return check(AbortSignal.timeout(TIMEOUT_MS)).then(
    () => true,
    () => false,
  );
}
