import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';

/** Reads an OpenAPI document from standard input and prints the errors of Redocly's recommended rules, one a line. */
const config = await createConfig({ extends: ['recommended'] });
const problems = await lintFromString({ source: readFileSync(0, 'utf8'), absoluteRef: 'openapi.json', config });
for (const { ruleId, severity, message, location } of problems) {
  if (severity === 'error') process.stdout.write(`${ruleId}: ${message} (${location[0]?.pointer ?? ''})\n`);
}
