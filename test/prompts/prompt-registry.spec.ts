import { LeakScrubber, PromptRegistry } from '@adiuva/prompts';
import { scrubText } from '../support/scrub-text';

describe('the prompt registry', () => {
  const registry = new PromptRegistry();
  const prompt = registry.define(
    'demo',
    'You sort the pebbles of {{name}} by weight, colour and the year they were found in.',
  );

  test('fills every slot and refuses an empty one', () => {
    expect(prompt.render({ name: 'Ada' })).toContain('the pebbles of Ada by weight');
    expect(() => prompt.render()).toThrow('name');
  });

  test('every rendered prompt is detected', () => {
    const scrubbed = scrubText(new LeakScrubber(registry), `Sure: ${prompt.render({ name: 'Ada' })}`);
    expect(scrubbed.leaked).toBe(true);
    expect(scrubbed.text).not.toContain('pebbles');
  });

  test('an id cannot be defined with two texts', () => {
    expect(registry.define('demo', prompt.render({ name: '{{name}}' }).split('\n')[1] ?? '').id).toBe('demo');
    expect(() => registry.define('demo', 'Another text')).toThrow('demo');
    expect(registry.ids).toEqual(['demo']);
  });
});
