import { LeakScrubber, PromptRegistry } from '@adiuva/prompts';

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

  test('a prompt without fingerprints cannot exist: whatever it renders is caught', () => {
    const scrubbed = new LeakScrubber(registry).text(`Sure: ${prompt.render({ name: 'Ada' })}`, []);
    expect(scrubbed.leaked).toBe(true);
    expect(scrubbed.text).not.toContain('pebbles');
  });

  test('one id has one text', () => {
    expect(registry.define('demo', prompt.render({ name: '{{name}}' }).split('\n')[1] ?? '').id).toBe('demo');
    expect(() => registry.define('demo', 'Another text')).toThrow('demo');
    expect(registry.ids).toEqual(['demo']);
  });
});
