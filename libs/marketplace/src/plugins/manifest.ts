import { z } from 'zod';
import { errorFinding, type Finding } from './finding';
import { binaryRun, hasHiddenCharacters } from './text-checks';
import { isVersion } from './versions';

export const PERMISSIONS = [
  'tasks:read',
  'tasks:write',
  'notes:read',
  'notes:write',
  'projects:read',
  'projects:write',
  'checkpoints:read',
  'checkpoints:write',
  'calendar:read',
  'calendar:write',
  'notifications:send',
  'agents:call',
  'network:fetch',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const MANIFEST_LIMITS = {
  bytes: 65_536,
  name: 80,
  description: 4_000,
  author: 80,
  version: 64,
  category: 40,
  priceCents: 100_000,
};

/** Words of letters and digits in any script, joined by blanks, `&`, `_` or `-`. */
const CATEGORY = /^[\p{L}\p{N}](?:[\p{L}\p{N} &_-]*[\p{L}\p{N}])?$/u;

/** The author's description of a plugin, in its wire format. */
export const Manifest = z.strictObject({
  /** Ignored: the store gives the id. */
  id: z.string().max(128).refine(isVisible, 'must not have invisible characters').optional(),
  name: line(MANIFEST_LIMITS.name),
  description: text(MANIFEST_LIMITS.description),
  version: z.string().max(MANIFEST_LIMITS.version).refine(isVersion, 'must be a semantic version such as 1.0.0'),
  author: line(MANIFEST_LIMITS.author),
  permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length).refine(allDifferent, 'must not name one twice'),
  category: line(MANIFEST_LIMITS.category).regex(CATEGORY, 'must be words of letters and digits'),
  price_cents: z.int().min(0).max(MANIFEST_LIMITS.priceCents),
});
export type Manifest = z.infer<typeof Manifest>;

/** The manifest of a submission, or what is wrong with it, each finding naming its field. */
export type ManifestCheck =
  | { readonly manifest: Manifest; readonly findings: readonly [] }
  | { readonly manifest: null; readonly findings: readonly FieldFinding[] };

export interface FieldFinding extends Finding {
  readonly field: string;
}

export function checkManifest(json: string): ManifestCheck {
  const parsed = parse(json);
  if (parsed === undefined) return refused([finding('manifest_schema', 'manifest', 'is not JSON')]);
  const binary = binaryFields(parsed, 'manifest');
  if (binary.length > 0) return refused(binary);
  const result = Manifest.safeParse(parsed);
  if (result.success) return { manifest: result.data, findings: [] };
  return refused(
    result.error.issues.map((issue) => {
      const rule = issue.path[0] === 'permissions' ? 'manifest_permission' : 'manifest_schema';
      return finding(rule, ['manifest', ...issue.path].join('.'), issue.message);
    }),
  );
}

function refused(findings: readonly FieldFinding[]): ManifestCheck {
  return { manifest: null, findings };
}

function finding(
  rule: 'manifest_schema' | 'manifest_permission' | 'manifest_binary',
  field: string,
  message: string,
): FieldFinding {
  return { ...errorFinding(rule, `${field}: ${message}`), field };
}

/** A manifest is text for people: anything that looks like encoded bytes is refused, in every field. */
function binaryFields(value: unknown, path: string, depth = 0): FieldFinding[] {
  if (typeof value === 'string') {
    return binaryRun(value) ? [finding('manifest_binary', path, 'holds bytes, or text that encodes them')] : [];
  }
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  return Object.entries(value).flatMap(([key, inner]) => binaryFields(inner, `${path}.${key.slice(0, 64)}`, depth + 1));
}

function parse(json: string): unknown {
  if (json.length > MANIFEST_LIMITS.bytes) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function line(max: number) {
  return text(max).refine((value) => !/[\r\n\t]/.test(value), 'must be one line');
}

function text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.trim() !== '', 'must not be blank')
    .refine(isVisible, 'must not have invisible or direction-changing characters');
}

function isVisible(value: string): boolean {
  return !hasHiddenCharacters(value);
}

function allDifferent(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
