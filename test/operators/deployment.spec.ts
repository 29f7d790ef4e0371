import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const ROOT = resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const COMPOSE = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      restart: z.string().optional(),
      profiles: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
      healthcheck: z.looseObject({}).optional(),
      volumes: z.array(z.string()).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});
const OBJECT = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});

/** Names of settings in .env.example, and those of the image and of Node. */
function settings(): ReadonlySet<string> {
  const names = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
  return new Set(names);
}

/** What the schema of a Kubernetes object does not allow. A member that its validator never reads is none of the schema. */
async function faultsOf(object: z.infer<typeof OBJECT>): Promise<string[]> {
  const { apiVersion, kind } = object;
  const models: Record<string, { prototype: { validate: (this: object) => void } }> = await import(
    `kubernetes-models/${apiVersion}/${kind}`
  );
  const unread = new Set<string>();
  const Model = models[kind];
  try {
    if (!Model) throw new Error(`there is no ${kind}`);
    // A model copies what it is given, which reads all of it.
    Model.prototype.validate.call(watched(object, '', unread));
  } catch (error) {
    return [error instanceof Error ? error.message : 'unknown'];
  }
  return [...unread].map((path) => `${path} is unknown`);
}

/** The object; in `unread` are the paths of its members until they are read. */
function watched(value: object, path: string, unread: Set<string>): object {
  const inside = (member: unknown, place: string): unknown =>
    typeof member === 'object' && member !== null ? watched(member, place, unread) : member;
  if (Array.isArray(value)) return value.map((item, at) => inside(item, `${path}/${at}`));
  const members = {};
  for (const [name, member] of Object.entries(value)) {
    const place = `${path}/${name}`;
    const inner = inside(member, place);
    unread.add(place);
    const get = (): unknown => {
      unread.delete(place);
      return inner;
    };
    Object.defineProperty(members, name, { enumerable: true, get });
  }
  return members;
}

describe('compose.yaml', () => {
  const { services, volumes } = COMPOSE.parse(parse(read('compose.yaml'), { merge: true }));

  it('has two API nodes, a worker and what they need, in the order in which they can start', () => {
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['proxy', 'api-1', 'api-2', 'worker', 'migrate', 'bucket', 'postgres', 'redis', 's3']),
    );
    for (const name of ['api-1', 'api-2', 'worker'])
      expect(services[name]?.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        redis: { condition: 'service_healthy' },
        bucket: { condition: 'service_completed_successfully' },
      });
  });

  it('restarts what should run, and only that', () => {
    const restarted = Object.entries(services).filter(([, { restart }]) => restart === 'unless-stopped');
    const others = Object.keys(services).filter((name) => !restarted.some(([other]) => other === name));
    expect(others.sort()).toEqual(['bucket', 'migrate']);
  });

  it('starts Prometheus and Grafana by a profile only', () => {
    const withProfile = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('metrics'));
    expect(withProfile.map(([name]) => name).sort()).toEqual(['grafana', 'prometheus']);
  });

  it('pins each image to a version, and uses no image that is no longer published', () => {
    const images = Object.values(services).map(({ image }) => image);
    const unpinned = images.filter((image) => !/^adiuva-cloud:/.test(image) && !/:v?\d+\.\d+/.test(image));
    expect([unpinned, images.filter((image) => image.includes('minio'))]).toEqual([[], []]);
  });

  it('gives the server only settings that it knows, and named volumes that exist', () => {
    const given = ['api-1', 'worker', 'migrate'].flatMap((name) => Object.keys(services[name]?.environment ?? {}));
    expect(given.filter((name) => !settings().has(name))).toEqual([]);
    const mounted = Object.values(services).flatMap(({ volumes: mounts = [] }) =>
      mounts.map((m) => m.split(':', 1)[0]),
    );
    const named = mounted.filter((name) => name !== undefined && !name.startsWith('.'));
    expect(named.filter((name) => !(String(name) in volumes))).toEqual([]);
  });

  const client = [['docker', 'compose'], ['docker-compose']].find(([program = '', ...words]) => {
    return spawnSync(program, [...words, 'version']).status === 0;
  });
  (client ? it : it.skip)('is accepted by `docker compose config`, with the example filled in', () => {
    const [program = '', ...words] = client ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'adiuva-compose-'));
    for (const name of ['compose.yaml', 'deploy']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    const example = read('deploy/compose.env.example').replaceAll(/^([A-Z_]+)=$/gm, '$1=a-value');
    writeFileSync(join(folder, '.env'), example);
    const command = [...words, '--profile', 'metrics', 'config', '--quiet'];
    const { status, stderr } = spawnSync(program, command, { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has an example for each variable that it demands', () => {
    const demanded = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    const example = read('deploy/compose.env.example');
    expect(demanded.length).toBeGreaterThan(3);
    expect([...new Set(demanded)].filter((name) => !example.includes(`\n${name}=`))).toEqual([]);
  });
});

describe('the Kubernetes manifests', () => {
  const objects = parseAllDocuments(read('deploy/kubernetes/adiuva.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return OBJECT.parse(document.toJS());
  });

  it('have deployments for API and worker, a service, an ingress and a disruption budget', () => {
    expect(objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([
      'ConfigMap adiuva',
      'Deployment adiuva-api',
      'Deployment adiuva-worker',
      'Service adiuva-api',
      'PodDisruptionBudget adiuva-api',
      'Ingress adiuva',
    ]);
  });

  it('have only members that the API of Kubernetes has, each of its type', async () => {
    expect((await Promise.all(objects.map(faultsOf))).flat()).toEqual([]);
  });

  it.each([
    ['of another type', { replicas: '2' }],
    ['that is misspelled', { replica: 2 }],
    ['of no value', { selector: undefined }],
  ])('would be refused with a member %s', async (_, members) => {
    const deployment = OBJECT.parse(objects.find(({ kind }) => kind === 'Deployment'));
    const { spec } = z.object({ spec: z.looseObject({}) }).parse(deployment);
    expect(await faultsOf({ ...deployment, spec: { ...spec, ...members } })).toHaveLength(1);
  });

  it('give the server only settings that it knows', () => {
    const given = Object.keys(objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {});
    expect(given.filter((name) => !settings().has(name))).toEqual([]);
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  it('has a base of an exact version and runs as a user without rights', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-/m);
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  });

  it('changes no file after it was copied, which would store it twice', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    const afterCopy = last.slice(last.indexOf('\nCOPY '));
    expect(afterCopy).not.toContain('\nRUN ');
  });
});

describe('npm ci --omit=dev', () => {
  it('needs no tool that only builds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'adiuva-prepare-'));
    cpSync(join(ROOT, 'tools'), join(folder, 'tools'), { recursive: true });
    expect(() => execFileSync(process.execPath, ['tools/prepare.mjs'], { cwd: folder })).not.toThrow();
    rmSync(folder, { recursive: true });
  });
});
