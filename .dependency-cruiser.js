/** Which lib may import which; nothing else may. The order is that of the floors, from the ground up. */
const ARROWS = {
  kernel: [],
  config: [],
  embedded: [],
  platform: ['kernel', 'config', 'embedded'],
  prompts: ['kernel', 'config', 'platform'],
  'offline-assistant': [],
  llm: ['kernel', 'config', 'platform', 'offline-assistant'],
  providers: ['kernel', 'platform', 'llm', 'audit', 'auth'],
  quota: ['kernel', 'config', 'platform'],
  mail: ['kernel', 'config', 'platform'],
  audit: ['kernel', 'config', 'platform'],
  auth: ['kernel', 'config', 'platform', 'audit', 'mail'],
  billing: ['kernel', 'config', 'platform', 'audit', 'auth'],
  storage: ['kernel', 'config', 'platform', 'quota', 'auth'],
  vectors: ['kernel', 'config', 'platform', 'quota', 'auth'],
  backup: ['kernel', 'config', 'platform', 'quota', 'auth'],
  agents: ['kernel', 'config', 'platform', 'llm', 'prompts'],
  marketplace: ['kernel', 'config', 'platform', 'audit', 'auth', 'billing'],
  orchestrator: ['kernel', 'config', 'platform', 'llm', 'prompts', 'agents'],
  chat: ['kernel', 'config', 'platform', 'auth', 'prompts', 'agents', 'orchestrator'],
  runs: ['kernel', 'config', 'platform', 'auth'],
  automations: [
    'kernel',
    'config',
    'platform',
    'offline-assistant',
    'llm',
    'prompts',
    'auth',
    'billing',
    'agents',
    'notifications',
    'orchestrator',
    'runs',
  ],
  projects: [
    'kernel',
    'config',
    'platform',
    'quota',
    'llm',
    'prompts',
    'auth',
    'billing',
    'agents',
    'runs',
    'automations',
  ],
  telemetry: ['kernel', 'config', 'platform', 'auth'],
  exports: ['kernel', 'config', 'platform', 'audit', 'auth', 'billing'],
  gateway: ['kernel', 'config', 'platform', 'audit', 'auth', 'agents', 'automations', 'runs'],
  notifications: ['kernel', 'config', 'platform', 'auth', 'billing', 'mail'],
  'server-backup': ['kernel', 'config', 'platform'],
  doctor: ['kernel', 'config', 'platform', 'auth', 'mail', 'billing', 'llm'],
  teams: ['kernel', 'config', 'platform', 'audit', 'mail', 'auth', 'billing'],
  client: [],
};

/** The one home of each SDK that speaks to the world. */
const HOMES = {
  '^(?:@langchain/)': '^libs/(?:llm|offline-assistant|agents|orchestrator)/',
  '^stripe': '^libs/billing/',
  '^@simplewebauthn/': '^libs/auth/',
  '^openid-client': '^libs/teams/',
  '^nodemailer': '^libs/mail/',
  '^@aws-sdk/': '^libs/platform/src/blobs/',
  '^(?:@pinecone-database/|@qdrant/)': '^libs/vectors/',
  '^(?:@node-rs/argon2|jsonwebtoken)': '^libs/auth/',
  '^pg-copy-streams': '^libs/server-backup/',
  '^graphile-worker': '^libs/platform/src/(?:jobs|database)/',
  '^(?:ioredis|rate-limiter-flexible)': '^libs/platform/src/limits/',
  '^@opentelemetry/': '^libs/platform/src/tracing/',
  '^pino': '^libs/platform/src/(?:logging|platform.module)|^apps/api/src/(?:api.module|application)',
  '^(?:react|react-dom|wouter|@tanstack/react-query|lucide-react|vite)(?:$|/)': '^apps/console/',
  '^(?:class-validator|class-transformer|@nestjs/swagger|passport|express|socket\\.io$|busboy)': '^apps/api/',
};

const ROLES =
  'module|config|controller|gateway|dto|guard|interceptor|filter|middleware|service|store|entity|entities|erasure|port|adapter|jobs|metrics|agent|tools|prompt|command|strategy|pipe|spec';

const arrows = Object.entries(ARROWS).map(([lib, allowed]) => ({
  name: `arrows-of-${lib}`,
  comment: `libs/${lib} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(?:libs|apps)/|^ormconfig', pathNot: `^libs/(?:${[lib, ...allowed].join('|')})/` },
}));

const faces = Object.keys(ARROWS).map((lib) => ({
  name: `face-of-${lib}`,
  comment: `From outside, libs/${lib} is imported by its face alone`,
  severity: 'error',
  from: { pathNot: `^libs/${lib}/` },
  to: { path: `^libs/${lib}/src/`, pathNot: `^libs/${lib}/src/index\\.ts$` },
}));

const ownFaces = Object.keys(ARROWS).map((lib) => ({
  name: `own-face-of-${lib}`,
  comment: 'Nobody imports through his own index',
  severity: 'error',
  from: { path: `^libs/${lib}/src/`, pathNot: `^libs/${lib}/src/index\\.ts$` },
  to: { path: `^libs/${lib}/src/index\\.ts$` },
}));

const homes = Object.entries(HOMES).map(([sdk, home]) => ({
  name: `home-of-${sdk.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')}`,
  comment: 'An SDK has one home; the rest of the code speaks to our port',
  severity: 'error',
  from: { path: '^(?:libs|apps)/', pathNot: home },
  to: {
    path: sdk.replace('^', '(?:^|node_modules/)'),
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'No circles, not of types either',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-apps',
      comment: 'A lib knows no app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'console-on-sdk-alone',
      comment: 'The web console knows the server by the SDK alone, and no other app knows the console',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(?:libs|apps)/', pathNot: '^apps/console/|^libs/client/src/index\\.ts$' },
    },
    {
      name: 'not-to-console',
      comment: 'Other apps serve its files and import none',
      severity: 'error',
      from: { path: '^(?:libs|apps)/', pathNot: '^apps/console/' },
      to: { path: '^apps/console/' },
    },
    {
      name: 'bare-means-pure',
      comment: 'A file without a role in its name has no Nest, TypeORM, SDK or I/O',
      severity: 'error',
      from: {
        path: '^libs/',
        pathNot: [`\\.(?:${ROLES})\\.ts$`, '/index\\.ts$', '^libs/client/', '^libs/platform/src/database/migrations/'],
      },
      to: {
        path: '(?:^|node_modules/)(?:@nestjs/|typeorm|pg$|stripe|@aws-sdk/|ioredis|graphile-worker|@pinecone|@qdrant)|^(?:node:)?(?:fs|fs/promises|net|http|https|child_process|dns)$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-unresolved',
      comment: 'Every import leads somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...arrows,
    ...faces,
    ...ownFaces,
    ...homes,
  ],
  options: {
    // Anchored: an unanchored `dist` would silently drop every package whose path has the word.
    exclude: { path: '^(?:dist|data)/' },
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
