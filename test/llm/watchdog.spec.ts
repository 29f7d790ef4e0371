import { Watchdog } from '../../libs/llm/src/streaming/watchdog';
import { eventually } from '../support/app';

const LIMITS = { LLM_FIRST_TOKEN_TIMEOUT_MS: 200, LLM_TOKEN_GAP_TIMEOUT_MS: 200, LLM_TOTAL_TIMEOUT_MS: 120_000 };

/** As a process does that the machine does not let run. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('the time in which this process stood still is not held against the model, and its silence after that is', async () => {
  let late = 0;
  const watchdog = new Watchdog(LIMITS, () => (late += 1));
  watchdog.startFirst();
  standStill(1_000);
  // A later timer: that of the watchdog has fired.
  await new Promise((resolve) => setTimeout(resolve));
  expect(late).toBe(0);
  await eventually(() => late === 1);
  watchdog.stop();
});
