import type { MaskedText } from '../text/masked-text';
import { fold } from '../text/clean';

/** A tag question or a tale makes conversation of what has the form of a command. */
const CHAT =
  /(?:would|do|is|are|have|did)n['’]t (?:you|we|it|they)\b|\b(?:used to say|that was the (?:secret|trick)|n['’]est-ce pas|c['’]était (?:ça )?le (?:secret|truc)|non trovi|non credi|era il segreto|das war das geheimnis|so hat (?:oma|opa|meine)|no crees|era el secreto|no te parece)\b/iu;

/** Wishes for advice, in folded words: "book recommendations for …", "necesito un consejo para …". */
const ADVICE =
  /^\W*(?:(?:i (?:just )?need|i could use|i'd like|do you have|have you got|got|necesito|quiero|quisiera|tienes|dame|mi serve|vorrei|ho bisogno di|hai|dammi|j'ai besoin de?|il me faut|je voudrais|as-tu|donne-moi|ich brauche?|ich suche|ich hatte gerne?|hast du|gib mir|give me)['\s]+)?(?:(?:any|some|an?|good|nice|einen?|ein paar|gute|un'?|una|uno|une|d'un|des|alguna?s?|algun|qualche|quelques|buen)\s+)*(?:(?:books?|movies?|films?|series|restaurants?|recipes?|gifts?|presents?|songs?|music|wine|travel|holiday|podcasts?|games?|reading)\s+)?(?:recommendations?|suggestions?|advice|tips?|ideas?|\p{L}*(?:empfehlung|empfehlungen|tipp|tipps|idee|ideen|vorschlag|vorschlage)|rat|consigl[io]|consigli|suggeriment[oi]|conseils?|recommandations?|idees?|consejos?|recomendaci(?:on|ones)|sugerencias?)(?=\s*(?:[?!.]|$)|\s+(?:for|on|about|fur|zu|zum|zur|per|su|sul|pour|sur|para|sobre|de|di|d'))/u;

/** Measures of a kitchen behind the verb, or a second step of cooking. */
const MEASURE =
  /(?:\b(?:pinch|cups?|spoons?|teaspoons?|tablespoons?|tsp|tbsp|prise|esloffel|teeloffel|el|tl|pizzico|cucchiai(?:o|ni)?|cucchiaino|pincee|cuilleres?|cuilleree|pizca|cucharad(?:a|as|ita|itas)|tazas?)\s(?:of|di|d'|de)?|\b\d+\s?(?:g|gr|ml|dl|cl|kg)\b)/u;
const COOKS =
  /(?:,|\b(?:and|then|und|dann|e|poi|et|puis|y|luego))\s+(?:then\s+|dann\s+|poi\s+|puis\s+|luego\s+)?(?:stir|mix|whisk|beat|fold|knead|simmer|boil|bake|blend|season|sprinkle|ruhre?n?|verruhre?n?|umruhren|mische?n?|vermische?n?|verquirle?n?|knete?n?|mescola(?:te|re)?|amalgama(?:te|re)?|sbatti|impasta(?:te|re)?|cuoci|melange[zr]?|remue[zr]?|fouette[zr]?|petri[srz]+|remueve|revuelve|mezcla|bate|amasa)\b/u;

/** What has the form of a command and asks for none of the tools: talk, wishes for advice, steps of a recipe. */
export function isOutOfScope({ text }: MaskedText): boolean {
  const folded = fold(text);
  return CHAT.test(text) || ADVICE.test(folded);
}

/** How far the verb of a step may stand from its beginning. */
const MAX_VERB = 20;

/** "… and stir": the next step of a recipe. */
export function isCooking(text: string): boolean {
  return COOKS.test(`, ${fold(text)}`.slice(0, MAX_VERB));
}

/** "Add two eggs and stir": something new without a word for what it is to be, beside words of cooking. */
export function isRecipe({ text }: MaskedText): boolean {
  const folded = fold(text);
  return COOKS.test(folded) || MEASURE.test(folded);
}
