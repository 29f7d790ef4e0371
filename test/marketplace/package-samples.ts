import type { Manifest } from '../../libs/marketplace/src/plugins/manifest';
import type { Rule } from '../../libs/marketplace/src/plugins/finding';
import { zip, zipOf } from '../support/builders/zip';

export const MANIFEST: Manifest = {
  name: 'Weekly Notes',
  description: 'Collects the notes of a week.',
  version: '1.0.0',
  author: 'Ada',
  permissions: ['notes:read'],
  category: 'productivity',
  price_cents: 0,
};

/** A package that must be refused: what it is, what must be found, and where. */
export interface BadPackage {
  readonly what: string;
  readonly bytes: () => Buffer;
  readonly rule: Rule;
  readonly file?: string;
  readonly line?: number;
}

const LINK = 0o120777;
const js = (lines: number, last: string): string => `${'// a line\n'.repeat(lines - 1)}${last}\n`;
const one = (name: string, data: string | Buffer = 'x') => zip([{ name, data }]);

// Put together so that no scanner of this repository takes the samples for real keys.
const AWS_KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const STRIPE_KEY = ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
const GITHUB_TOKEN = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
const PRIVATE_KEY = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');

export const BAD_PACKAGES: readonly BadPackage[] = [
  { what: 'no archive at all', bytes: () => Buffer.from('#!/bin/sh\necho hello\n'), rule: 'not_a_zip' },
  { what: 'a cut archive', bytes: () => zipOf({ 'a.js': 'let a = 1;' }).subarray(0, -10), rule: 'not_a_zip' },
  {
    what: 'bytes after the end',
    bytes: () => zip([{ name: 'a.js' }], { suffix: Buffer.from('tail') }),
    rule: 'not_a_zip',
  },
  {
    what: 'a program in front of the archive',
    bytes: () => zip([{ name: 'a.js' }], { prefix: Buffer.from('MZ\0\0') }),
    rule: 'stray_bytes',
    file: 'a.js',
  },
  {
    what: 'a hidden file between two entries',
    bytes: () => zip([{ name: 'a.js' }, { name: 'b.js', before: zip([{ name: 'hidden.js', data: 'evil' }]) }]),
    rule: 'stray_bytes',
    file: 'b.js',
  },
  {
    what: 'a hidden directory',
    bytes: () => zip([{ name: 'a.js' }], { afterDirectory: Buffer.alloc(60) }),
    rule: 'stray_bytes',
  },
  {
    what: 'a name of 65,533 bytes with 32,766 slashes',
    bytes: () => one(`${'a/'.repeat(32_766)}a`),
    rule: 'name_too_long',
  },
  {
    what: 'many entries of 65,535 bytes of empty extra fields',
    bytes: () => zip(Array.from({ length: 60 }, (_, at) => ({ name: `f${at}`, extra: Buffer.alloc(65_532) }))),
    rule: 'stray_bytes',
    file: 'f0',
  },
  {
    what: 'a key behind more warnings than are kept',
    bytes: () =>
      zipOf({
        ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`a${at}.js`, "eval('1');\n".repeat(40)])),
        'z.js': `let key = '${AWS_KEY}';\n`,
      }),
    rule: 'secret',
    file: 'z.js',
  },
  {
    what: 'a key behind more warnings than are kept of its file',
    bytes: () => zipOf({ 'a.js': `${"eval('1');\n".repeat(40)}${'// pad\n'.repeat(20_000)}let key = '${AWS_KEY}';\n` }),
    rule: 'secret',
    file: 'a.js',
  },
  { what: 'a path to the parent folder', bytes: () => one('../evil.js'), rule: 'unsafe_path', file: '../evil.js' },
  {
    what: 'a path that climbs from inside',
    bytes: () => one('src/../../evil.js'),
    rule: 'unsafe_path',
    file: 'src/../../evil.js',
  },
  { what: 'an absolute path', bytes: () => one('/etc/cron.d/evil'), rule: 'unsafe_path', file: '/etc/cron.d/evil' },
  { what: 'a drive letter', bytes: () => one('C:/Windows/evil.js'), rule: 'unsafe_path', file: 'C:/Windows/evil.js' },
  { what: 'a backslash path', bytes: () => one('..\\evil.js'), rule: 'unsafe_path', file: '..\\evil.js' },
  { what: 'a name cut by NUL', bytes: () => one('readme.txt\0.js'), rule: 'unsafe_path' },
  { what: 'a name that turns around', bytes: () => one('gpj.\u202ejs'), rule: 'unsafe_path' },
  { what: 'a device name', bytes: () => one('src/NUL.txt'), rule: 'reserved_name', file: 'src/NUL.txt' },
  {
    what: 'a symbolic link',
    bytes: () => zip([{ name: 'link', data: '/etc/passwd', mode: LINK }]),
    rule: 'link',
    file: 'link',
  },
  { what: 'a device', bytes: () => zip([{ name: 'disk', mode: 0o060660 }]), rule: 'special_file', file: 'disk' },
  {
    what: 'a program that wants to be root',
    bytes: () => zip([{ name: 'run.sh', mode: 0o104755 }]),
    rule: 'special_file',
    file: 'run.sh',
  },
  {
    what: 'two entries of one name',
    bytes: () =>
      zip([
        { name: 'a.js', data: '1' },
        { name: 'a.js', data: '2' },
      ]),
    rule: 'duplicate_name',
    file: 'a.js',
  },
  {
    what: 'a file where a folder is needed',
    bytes: () => zip([{ name: 'a' }, { name: 'a/b.js' }]),
    rule: 'duplicate_name',
    file: 'a/b.js',
  },
  {
    what: 'names that differ in case',
    bytes: () => zip([{ name: 'Main.js' }, { name: 'main.js' }]),
    rule: 'case_twin',
    file: 'main.js',
  },
  {
    what: 'names that differ in composition',
    bytes: () => zip([{ name: 'caf\u00e9.js' }, { name: 'cafe\u0301.js' }]),
    rule: 'case_twin',
  },
  { what: 'an encrypted entry', bytes: () => zip([{ name: 'a.js', flags: 1 }]), rule: 'encrypted_entry', file: 'a.js' },
  { what: 'strong encryption', bytes: () => zip([{ name: 'a.js', flags: 0x41 }]), rule: 'encrypted_entry' },
  {
    what: 'another compression',
    bytes: () => zip([{ name: 'a.js', method: 12 }]),
    rule: 'unsupported_compression',
    file: 'a.js',
  },
  {
    what: 'a bomb',
    bytes: () => zip([{ name: 'zeros', data: Buffer.alloc(9 * 1024 * 1024) }]),
    rule: 'compression_ratio',
    file: 'zeros',
  },
  {
    what: 'a bomb that lies about its size',
    bytes: () => zip([{ name: 'zeros', data: Buffer.alloc(9 * 1024 * 1024), size: 100 }]),
    rule: 'damaged',
    file: 'zeros',
  },
  {
    what: 'a bomb of shared bytes',
    bytes: () =>
      zip(
        [
          { name: 'a', data: 'x'.repeat(1_000) },
          { name: 'a', data: 'x'.repeat(1_000), sharesWith: 0 },
        ].map((entry, index) => ({ ...entry, name: `f${index}`, localName: 'f0' })),
      ),
    rule: 'overlapping_entries',
  },
  {
    what: 'an enormous entry',
    bytes: () => zip([{ name: 'big', data: 'x', size: 3_000_000_000 }]),
    rule: 'entry_too_large',
    file: 'big',
  },
  {
    what: 'too many entries',
    bytes: () => zip(Array.from({ length: 2_001 }, (_, index) => ({ name: `f${index}` }))),
    rule: 'too_many_entries',
  },
  {
    what: 'too much in all',
    bytes: () => zip(Array.from({ length: 6 }, (_, index) => ({ name: `f${index}`, data: 'x', size: 9_000_000 }))),
    rule: 'package_too_large',
  },
  {
    what: 'a wrong checksum',
    bytes: () => zip([{ name: 'a.js', data: 'let a = 1;', crc: 7 }]),
    rule: 'damaged',
    file: 'a.js',
  },
  {
    what: 'another name in the entry than in the directory',
    bytes: () => zip([{ name: 'a.txt', localName: 'a.exe' }]),
    rule: 'header_mismatch',
    file: 'a.txt',
  },
  {
    what: 'a second name in an extra field',
    bytes: () => zip([{ name: 'a.js', extra: Buffer.from('7570050001000000ff', 'hex') }]),
    rule: 'header_mismatch',
    file: 'a.js',
  },
  {
    what: 'a second size in a zip64 field that nothing asks for',
    bytes: () => zip([{ name: 'a.js', data: '1', extra: zip64(9_000_000_000, 1) }]),
    rule: 'header_mismatch',
    file: 'a.js',
  },
  {
    what: 'headers that are masked',
    bytes: () => zip([{ name: 'a.js', flags: 0x2000 }]),
    rule: 'encrypted_entry',
    file: 'a.js',
  },
  {
    what: 'a patch of another entry',
    bytes: () => zip([{ name: 'a.js', flags: 0x20 }]),
    rule: 'unsupported_compression',
    file: 'a.js',
  },
  { what: 'a name in no encoding', bytes: () => zip([{ name: Buffer.from('ff8041', 'hex') }]), rule: 'name_encoding' },
  {
    what: 'an AWS key',
    bytes: () => zipOf({ 'src/aws.js': js(12, `const k = '${AWS_KEY}';`) }),
    rule: 'secret',
    file: 'src/aws.js',
    line: 12,
  },
  {
    what: 'a Stripe key',
    bytes: () => zipOf({ 'pay.js': js(3, `pay('${STRIPE_KEY}')`) }),
    rule: 'secret',
    file: 'pay.js',
    line: 3,
  },
  {
    what: 'a GitHub token far inside a long file',
    bytes: () =>
      zipOf({
        'long.js': `${Array.from({ length: 29_999 }, (_, at) => `call(${at * 7});\n`).join('')}// ${GITHUB_TOKEN}`,
      }),
    rule: 'secret',
    file: 'long.js',
    line: 30_000,
  },
  {
    what: 'a private key',
    bytes: () => zipOf({ 'key.txt': js(2, PRIVATE_KEY) }),
    rule: 'secret',
    file: 'key.txt',
    line: 2,
  },
  { what: 'an environment file', bytes: () => zipOf({ 'config/.env': 'A=1' }), rule: 'secret', file: 'config/.env' },
  {
    what: 'a Linux library',
    bytes: () => zipOf({ 'data.bin': Buffer.from('7f454c4602010100', 'hex') }),
    rule: 'native_binary',
    file: 'data.bin',
  },
  {
    what: 'a Windows program as a picture',
    bytes: () => zipOf({ 'logo.png': Buffer.from('4d5a90000300', 'hex') }),
    rule: 'native_binary',
    file: 'logo.png',
  },
  {
    what: 'a Node add-on',
    bytes: () => zipOf({ 'build/addon.node': 'x' }),
    rule: 'native_binary',
    file: 'build/addon.node',
  },
  {
    what: 'an archive inside',
    bytes: () => zipOf({ 'more.bin': zipOf({ 'a.js': '1' }) }),
    rule: 'nested_archive',
    file: 'more.bin',
  },
  {
    what: 'other permissions inside than outside',
    bytes: () => zipOf({ 'manifest.json': JSON.stringify({ ...MANIFEST, permissions: ['tasks:write'] }, null, 1) }),
    rule: 'manifest_mismatch',
    file: 'manifest.json',
    line: 6,
  },
];

const GOOD_FILES: Readonly<Record<string, string | Buffer>> = {
  'main.js': 'export const run = (tools) => tools.list_notes();\n',
  'manifest.json': JSON.stringify(MANIFEST, null, 2),
  'README.md': '# Weekly Notes\n\nReads your notes of a week.\n',
  LICENSE: 'MIT',
  'src/deep/er/than/most/index.js': 'export default 1;\n',
  'styles/app.css': 'body { color: red }\n',
  'icons/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'icons/logo.png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  'fonts/text.woff2': Buffer.from('774f463200010000', 'hex'),
  'locales/de.json': '{"hello": "Grüß dich"}',
  'locales/日本語.json': '{"hello": "こんにちは"}',
  'with blank.txt': 'a name with a blank',
  '.editorconfig': 'root = true\n',
  '.env.example': 'TOKEN=\n',
  'empty.txt': '',
  'minified.js': `var a=${'1+'.repeat(60_000)}1;`,
  'data.csv': 'a,b\n'.repeat(5_000),
  'package.json': '{"name": "weekly-notes", "type": "module", "scripts": {"test": "jest"}}',
  'docs/password.md': 'Choose a password: at least ten characters. The api_key: is shown once.',
  'MZ.md': 'MZ is how the letters of programs begin.',
};

/** Packages that must pass: no finding that refuses them. */
export const GOOD_PACKAGES: readonly { readonly what: string; readonly bytes: () => Buffer }[] = [
  ...Object.entries(GOOD_FILES).map(([name, data]) => ({
    what: `a package with ${name}`,
    bytes: () => zipOf({ [name]: data }),
  })),
  { what: 'all of them in one', bytes: () => zipOf(GOOD_FILES) },
  { what: 'stored entries', bytes: () => zip([{ name: 'a.js', data: 'let a = 1;', stored: true }]) },
  {
    what: 'folders as entries',
    bytes: () =>
      zip([
        { name: 'src/', mode: 0o040755 },
        { name: 'src/a.js', data: '1' },
      ]),
  },
  { what: 'Unix modes', bytes: () => zip([{ name: 'bin/run.sh', data: '#!/bin/sh', mode: 0o100755 }]) },
  { what: 'a comment', bytes: () => zip([{ name: 'a.js' }], { comment: Buffer.from('made by hand') }) },
  {
    what: 'time stamps in an extra field',
    bytes: () => zip([{ name: 'a.js', extra: Buffer.from('55540500010000000000'.slice(0, 18), 'hex') }]),
  },
  {
    what: 'two thousand files',
    bytes: () => zip(Array.from({ length: 2_000 }, (_, index) => ({ name: `f/${index}.txt` }))),
  },
  {
    what: 'a zip64 field that repeats the sizes',
    bytes: () => zip([{ name: 'a.js', data: 'ab', stored: true, extra: zip64(2, 2) }]),
  },
  { what: 'the same name in two folders', bytes: () => zipOf({ 'a/index.js': '1', 'b/index.js': '2' }) },
  { what: 'a small file that packs well', bytes: () => zipOf({ 'zeros.dat': Buffer.alloc(200_000) }) },
  { what: 'four megabytes that pack little', bytes: () => zipOf({ 'noise.dat': noise(4_000_000) }) },
  { what: 'a link in words only', bytes: () => zipOf({ 'links.md': '[there](../../etc/passwd)' }) },
  { what: 'no file at all', bytes: () => zip([]) },
];

/** A zip64 extra field (APPNOTE 4.5.3) with an unpacked and a packed size. */
function zip64(unpacked: number, packed: number): Buffer {
  const field = Buffer.alloc(20);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(16, 2);
  field.writeBigUInt64LE(BigInt(unpacked), 4);
  field.writeBigUInt64LE(BigInt(packed), 12);
  return field;
}

/** Repeatable bytes without structure (a xorshift of 32 bits). */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 2_463_534_242;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}
