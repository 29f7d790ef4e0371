import { Problem } from '@adiuva/kernel';

/** Runs a part of the scrubber; on a failure nothing leaves. @throws Problem `upstream_failed`. */
export function failClosed<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Problem('upstream_failed', { cause });
  }
}
