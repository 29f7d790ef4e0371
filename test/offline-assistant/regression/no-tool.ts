import { fixturesAfter } from './fixtures';
import { ANY_AGENT, sentencesFor } from './sentence';

export const NO_TOOL = sentencesFor(ANY_AGENT, null, [
  { say: 'hi' },
  { say: 'Good evening, how are you?' },
  { say: 'thanks!', context: fixturesAfter('mark "Buy milk" as done', 'Done: "Buy milk" is finished.') },
  { say: 'ok great, that was all for now' },
  { say: 'who are you?' },
  { say: 'what can you do' },
  { say: 'write me a poem about the sea' },
  { say: "what's the weather like in Milan" },
  { say: 'order me a pizza' },
  { say: 'How many kilometres are there in a mile?' },
  { say: 'play some jazz' },
  { say: 'asdfgh', context: {} },
]);
