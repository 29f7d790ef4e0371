import { CANCEL_SETTINGS, cancelAtRandom } from '../llm/conformance/cancels';
import { ModelUnderTest } from '../llm/conformance/model-under-test';
import { TESTED } from '../llm/conformance/providers';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';

const CANCELS = 1_000;

/** A thousand cancels at random moments for each provider: the process lives, no connection stays in use, no reservation is left. */
export async function chaos(): Promise<void> {
  const broken: unknown[] = [];
  process.on('unhandledRejection', (error) => broken.push(error));
  process.on('uncaughtException', (error) => broken.push(error));
  await setUp();
  for (const provider of TESTED) {
    const model = await ModelUnderTest.start(provider, CANCEL_SETTINGS);
    const began = performance.now();
    await cancelAtRandom(model, CANCELS);
    await model.stop();
    if (broken.length > 0) throw new Error(`${provider.name}: an error that is not handled`, { cause: broken[0] });
    process.stdout.write(
      `${provider.name}: ${CANCELS} cancels in ${Math.round((performance.now() - began) / 1_000)} s\n`,
    );
  }
  await tearDown();
}
