import { errorFinding, type Finding } from '../plugins/finding';
import type { PackageLimits } from './package-limits';
import { hasHiddenCharacters } from '../plugins/text-checks';

/** Device names of Windows, which no extension makes harmless. */
const RESERVED =
  /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\.|$)/i;
const UNSAFE_CHARACTERS = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\\\:*?"<>|]');

/** Whether an entry's name stays inside the package and means the same on every system. `name` ends with `/` for a folder. */
export function checkEntryName(name: string, limits: PackageLimits): Finding | null {
  const tooLong = `A path is at most ${limits.nameBytes} bytes and ${limits.depth} steps long`;
  // Before anything that takes time or memory for each step of the path.
  if (Buffer.byteLength(name) > limits.nameBytes) return errorFinding('name_too_long', tooLong, name);
  const segments = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (name === '' || name === '/') return errorFinding('unsafe_path', 'An entry has no name', name);
  if (name.startsWith('/') || name.startsWith('~'))
    return errorFinding('unsafe_path', 'The path does not start inside the package', name);
  if (segments.includes('..')) return errorFinding('unsafe_path', 'The path leads outside the package', name);
  if (segments.some((segment) => segment === '' || segment === '.'))
    return errorFinding('unsafe_path', 'The path has an empty step', name);
  if (UNSAFE_CHARACTERS.test(name))
    return errorFinding('unsafe_path', 'The path has characters that some systems read differently', name);
  if (hasHiddenCharacters(name)) return errorFinding('unsafe_path', 'The path has invisible characters', name);
  if (segments.some((segment) => /[. ]$|^ /.test(segment)))
    return errorFinding('unsafe_path', 'A name ends with a dot or a blank', name);
  if (segments.some((segment) => RESERVED.test(segment)))
    return errorFinding('reserved_name', 'The name means a device on Windows', name);
  if (segments.length > limits.depth) return errorFinding('name_too_long', tooLong, name);
  return null;
}

/** Finds names that would be one file when the package is unpacked on some system. */
export class EntryNames {
  private readonly files = new Set<string>();
  /** Every folder, those that are only implied too. */
  private readonly folders = new Set<string>();
  private readonly spellings = new Map<string, string>();

  add(name: string): Finding | null {
    const isFolder = name.endsWith('/');
    const path = isFolder ? name.slice(0, -1) : name;
    const clash = this.clashOf(path, isFolder);
    const parents = parentsOf(path);
    for (const folder of isFolder ? [...parents, path] : parents) this.folders.add(folder);
    if (!isFolder) this.files.add(path);
    const twin = [...parents, path].map((step) => this.spell(step)).find((found) => found !== null);
    if (clash) return errorFinding('duplicate_name', clash, name);
    return twin
      ? errorFinding('case_twin', `On some systems this is the same name as ${JSON.stringify(twin)}`, name)
      : null;
  }

  private clashOf(path: string, isFolder: boolean): string | null {
    if (this.files.has(path)) return isFolder ? 'A file has the name of this folder' : 'Two entries have this name';
    if (!isFolder && this.folders.has(path)) return 'A folder has the name of this file';
    return parentsOf(path).some((parent) => this.files.has(parent))
      ? 'A file has the name of a folder of this path'
      : null;
  }

  /** The other spelling under which this step of a path is known, or null. */
  private spell(step: string): string | null {
    const folded = step.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
    const known = this.spellings.get(folded);
    if (known === undefined) this.spellings.set(folded, step);
    return known === undefined || known === step ? null : known;
  }
}

function parentsOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
