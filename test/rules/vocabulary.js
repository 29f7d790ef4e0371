/**
 * Words that this code base does not use, and the standard term that replaces each (docs/glossary.md). Checked in identifiers, comments and
 * documents; text in string literals (sentences of the offline assistant, test data) is not.
 */
const IDENTIFIER_WORDS = new Map([
  ['most', '`max`'],
  ['longest', '`max`'],
  ['deepest', '`max`'],
  ['farthest', '`max`'],
  ['least', '`min`'],
  ['shortest', '`min`'],
  ['fewest', '`min`'],
  ['news', '`event`'],
  ['heard', '`userTexts`, or the noun for what is received'],
  ['hear', '`receive`, or a `Sink`'],
  ['said', 'the noun for the text, such as `message`'],
  ['wish', '`request`'],
  ['fixture', 'the noun for the responsibility'],
  ['shelf', '`registry`'],
  ['bell', '`notifier`'],
  ['inlet', '`queue`'],
  ['lens', '`projector`'],
  ['crumb', '`partialMatch`'],
  ['crumbs', '`partialMatches`'],
  ['suspense', '`holdback`'],
  ['colleagues', '`delegates`'],
  ['duty', '`instructions`'],
  ['duties', '`instructions`'],
  ['victim', '`process`'],
]);

/** Matched as whole words, without regard to case, in comments and documents. */
const PROSE_WORDS = new Map([
  ['journey', '"round trip"'],
  ['journeys', '"round trips"'],
  ['reckon', '"compute"'],
  ['reckons', '"computes"'],
  ['reckoned', '"computed"'],
  ['anew', '"again"'],
  ['whoever', '"any caller", "the user"'],
  ['whomever', '"any caller", "the user"'],
  ['hear', '"receive", "be notified"'],
  ['hears', '"receives", "is notified"'],
  ['heard', '"received"'],
  ['somebody', '"a client", "another process"'],
  ['nobody', '"no process", "no client"'],
  ['he', '"they", or the role'],
  ['him', '"them", or the role'],
  ['his', '"their", or the role'],
  ['himself', '"themselves", or the role'],
  ['news', '"event"'],
  ['at once', '"immediately", "concurrently" or "atomically"'],
  ['under way', '"in progress"'],
  ['underway', '"in progress"'],
  ['goes on', '"continues"'],
  ['go on', '"continue"'],
  ['let go', '"released"'],
  ['give up', '"abort"'],
  ['gives up', '"aborts"'],
  ['given up', '"aborted"'],
  ['asks back', '"asks for confirmation"'],
  ['by hand', '"manually"'],
  ['taken in', '"processed"'],
  ['stands for', '"represents"'],
  ['stands in', '"is stored in", "replaces"'],
]);

const PROSE = new RegExp(
  `\\b(?:${[...PROSE_WORDS.keys()].map((word) => word.replace(' ', '\\s+')).join('|')})\\b`,
  'gi',
);

/** The words of a text that are not used here, each with what replaces it. */
function forbiddenProse(text) {
  return [...text.matchAll(PROSE)].map(({ 0: word, index }) => ({
    word,
    index,
    instead: PROSE_WORDS.get(word.toLowerCase().replace(/\s+/g, ' ')),
  }));
}

/** The words of an identifier in camelCase, PascalCase or UPPER_CASE that are not used here. */
function forbiddenInIdentifier(name) {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_$]+/);
  return words.flatMap((word) => (IDENTIFIER_WORDS.has(word) ? [{ word, instead: IDENTIFIER_WORDS.get(word) }] : []));
}

/** @type {import("eslint").ESLint.Plugin} */
module.exports = {
  forbiddenProse,
  forbiddenInIdentifier,
  rules: {
    'standard-terms': {
      meta: {
        type: 'suggestion',
        schema: [],
        messages: { word: '"{{word}}" is not a term of this code base: use {{instead}} (docs/glossary.md).' },
      },
      create(context) {
        const declared = (node) => {
          if (node?.type !== 'Identifier') return;
          for (const found of forbiddenInIdentifier(node.name))
            context.report({ node, messageId: 'word', data: found });
        };
        return {
          Program() {
            for (const comment of context.sourceCode.getAllComments()) {
              for (const found of forbiddenProse(comment.value))
                context.report({ loc: comment.loc, messageId: 'word', data: found });
            }
          },
          VariableDeclarator: ({ id }) => declared(id),
          'FunctionDeclaration, FunctionExpression, ArrowFunctionExpression': ({ id, params }) =>
            [id, ...params].forEach(declared),
          'ClassDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration, TSEnumDeclaration': ({ id }) =>
            declared(id),
          'MethodDefinition, PropertyDefinition, TSPropertySignature, TSMethodSignature, TSAbstractMethodDefinition': ({
            key,
          }) => declared(key),
          TSParameterProperty: ({ parameter }) => declared(parameter),
        };
      },
    },
  },
};
