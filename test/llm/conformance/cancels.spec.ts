import { CANCEL_SETTINGS, cancelAtRandom } from './cancels';
import { ModelUnderTest } from './model-under-test';
import { TESTED } from './providers';

describe.each(TESTED)('$name', (provider) => {
  let model: ModelUnderTest;
  beforeAll(async () => {
    model = await ModelUnderTest.start(provider, CANCEL_SETTINGS);
  });
  afterAll(() => model.stop());

  it('cancelled at random moments leaves the server, its connections and the month of the user as they were', async () => {
    await cancelAtRandom(model, 30);
  });
});
