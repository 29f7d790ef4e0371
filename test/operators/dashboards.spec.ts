import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { z } from 'zod';
import { Metrics } from '@adiuva/platform';

const ROOT = resolve(__dirname, '../..');
const RULES = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const DASHBOARD = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
});
/** Labels that Prometheus adds, and metrics that it makes. */
const ADDED_LABELS = ['job', 'instance', 'le'];
const ADDED_METRICS = ['up'];

interface Query {
  readonly of: string;
  readonly expr: string;
}

describe('a query of the dashboards and alert rules', () => {
  const queries: readonly Query[] = [...alertQueries(), ...dashboardQueries()];
  let known: Map<string, readonly string[] | undefined>;

  beforeAll(async () => {
    const metrics = new Metrics();
    metrics.watchProcess();
    known = series(metrics, await metrics.text());
  });

  it('is valid PromQL', () => {
    expect(queries.length).toBeGreaterThan(50);
    expect(queries.filter(({ expr }) => !isValid(expr))).toEqual([]);
    expect(isValid('sum(rate(adiuva_jobs[5m]) by')).toBe(false);
  });

  it('names only metrics that exist', () => {
    const unknown = queries.flatMap(({ of, expr }) =>
      metricsIn(expr)
        .filter((metric) => !known.has(metric) && !ADDED_METRICS.includes(metric))
        .map((metric) => `${of}: ${metric}`),
    );
    expect(unknown).toEqual([]);
    expect(metricsIn('rate(adiuva_missing_total[5m])')).toEqual(['adiuva_missing_total']);
  });

  it('names only labels that its metrics have', () => {
    const unknown = queries.flatMap(({ of, expr }) => {
      const labels = metricsIn(expr).flatMap((metric) => known.get(metric) ?? []);
      return labelsIn(expr)
        .filter((label) => !labels.includes(label) && !ADDED_LABELS.includes(label))
        .map((label) => `${of}: ${label}`);
    });
    expect(unknown).toEqual([]);
    expect(labelsIn('sum by (missing) (adiuva_jobs{other="x"})')).toEqual(['missing', 'other']);
  });

  it('shows every metric of ours somewhere', () => {
    const shown = new Set(queries.flatMap(({ expr }) => metricsIn(expr)).map((metric) => baseOf(metric)));
    const hidden = new Metrics().describe().filter(({ name }) => !shown.has(name));
    expect(hidden.map(({ name }) => name)).toEqual([]);
  });
});

describe('an alert', () => {
  it('has a section of docs/operations.md that says what to do', () => {
    const anchors = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .map((line) => `docs/operations.md#${anchorOf(line)}`);
    const missing = alerts().filter(({ annotations }) => !anchors.includes(annotations.runbook));
    expect(missing.map(({ alert, annotations }) => `${alert}: ${annotations.runbook}`)).toEqual([]);
  });

  it('has a name of its own', () => {
    const names = alerts().map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('docs/operations.md', () => {
  it('explains every metric', () => {
    const text = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8');
    const missing = new Metrics().describe().filter(({ name }) => !text.includes(`\`${name}\``));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

function alerts() {
  const text = readFileSync(resolve(ROOT, 'deploy/prometheus/alerts.yml'), 'utf8');
  return RULES.parse(parse(text)).groups.flatMap(({ rules }) => rules);
}

function alertQueries(): Query[] {
  return alerts().map(({ alert, expr }) => ({ of: alert, expr }));
}

function dashboardQueries(): Query[] {
  const folder = resolve(ROOT, 'deploy/grafana');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => DASHBOARD.parse(JSON.parse(readFileSync(resolve(folder, file), 'utf8'))).panels)
    .flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ of: title, expr: expr.replaceAll('$__rate_interval', '5m') })),
    );
}

/** The series of each metric with their labels; undefined where the process library knows them. */
function series(metrics: Metrics, text: string): Map<string, readonly string[] | undefined> {
  const ours = metrics.describe().flatMap(({ name, type, labels }) => {
    const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    return suffixes.map((suffix): [string, readonly string[]] => [`${name}${suffix}`, labels]);
  });
  const others = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']): [string, undefined] => [name, undefined]);
  return new Map([...others.filter(([name]) => !name.startsWith('adiuva_')), ...ours]);
}

function isValid(expr: string): boolean {
  return nodesOf(expr).every(({ isError }) => !isError);
}

function metricsIn(expr: string): string[] {
  return textsOf(expr, ['VectorSelector > Identifier', 'Identifier'], 'VectorSelector');
}

function labelsIn(expr: string): string[] {
  return textsOf(expr, ['LabelName'], undefined);
}

function textsOf(expr: string, names: readonly string[], parent: string | undefined): string[] {
  return nodesOf(expr)
    .filter((node) => names.includes(node.name) && (parent === undefined || node.parent === parent))
    .map(({ text }) => text);
}

function nodesOf(expr: string) {
  const nodes: { name: string; parent: string | undefined; text: string; isError: boolean }[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type, node }) => {
      nodes.push({ name, parent: node.parent?.name, text: expr.slice(from, to), isError: type.isError });
    },
  });
  return nodes;
}

function baseOf(metric: string): string {
  return metric.replace(/_(?:bucket|sum|count)$/, '');
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
