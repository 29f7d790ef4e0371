import { fold } from './draft';
import { pattern } from './pattern';

const POLITE = pattern(
  '',
  String.raw`^(?:please|pls|plz|kindly|hey|hi|hello|hallo|ciao|good (?:morning|afternoon|evening)|actually`,
  String.raw`|hmm+|oh|right|alright|great|thanks|permanently|simply|maybe|no|yes|ok|okay|so|well|also|then`,
  String.raw`|and|finally|afterwards?|after that|next|adiuva|assistant|can you|could you|would you|will you`,
  String.raw`|can we|could we|can i|could i|may i|i(?:'d| would) like (?:you )?to(?= (?:see|know|create|add`,
  String.raw`|make|schedule|delete|change|archive|list|book))|i want (?:you )?to(?= (?:see|know|create|add`,
  String.raw`|make|schedule|delete|change|archive|list|book))|i need you to|would you mind|let'?s(?! see)`,
  String.raw`|just|now|quickly|go ahead and|in (?:the )?project [^\s,]+(?=,)|bitte|kannst du|konntest du`,
  String.raw`|konnen sie|ich mochte(?: dass du)?|per favore|puoi|potresti|vorrei|und|dann|danach|poi|e(?= )`,
  String.raw`|quindi)(?=[\s,!:]|$)[\s,!:]*`,
);

/** How many characters of courtesy stand before the command ("please, could you …"). */
export function courtesyOf(text: string): number {
  const folded = fold(text);
  let length = folded.length - folded.trimStart().length;
  for (let round = 0; round < 8; round += 1) {
    const polite = POLITE.exec(folded.slice(length));
    if (!polite || polite[0].length === 0) break;
    length += polite[0].length;
  }
  return length;
}
