import { errorFinding, warningFinding, type Finding } from '../plugins/finding';

type Magic = readonly [offset: number, hex: string];

const NATIVE: readonly Magic[] = [
  [0, '7f454c46'],
  [0, 'feedface'],
  [0, 'feedfacf'],
  [0, 'cefaedfe'],
  [0, 'cffaedfe'],
  [0, 'cafebabe'],
  [0, 'bebafeca'],
  [0, '213c617263683e0a'],
];
const ARCHIVES: readonly Magic[] = [
  [0, '504b0304'],
  [0, '504b0506'],
  [0, '1f8b08'],
  [0, '425a68'],
  [0, 'fd377a585a00'],
  [0, '377abcaf271c'],
  [0, '526172211a07'],
  [0, '28b52ffd'],
  [257, '7573746172'],
];
const WEB_ASSEMBLY: Magic = [0, '0061736d'];

const NATIVE_NAME =
  /\.(?:node|dll|exe|com|scr|msi|sys|dylib|so(?:\.\d+)*|o|obj|a|lib|class|pyc|pyd|jsc|apk|app|dmg|deb|rpm)$/i;
const ARCHIVE_NAME = /\.(?:zip|jar|war|asar|tar|tgz|gz|bz2|xz|7z|rar|zst|iso|whl|nupkg)$/i;
const SECRET_NAME =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?!\.(?:example|sample|template)$)(?:\.[\w-]+)?|\.npmrc|\.netrc|\.pgpass|[^/]+\.(?:p12|pfx|keystore|jks|kdbx))$/i;
const TEXT_NAME = /\.(?:txt|md|js|mjs|cjs|ts|json|html?|css|svg|ya?ml|xml|csv)$/i;

/** What a file's name alone gives away. */
export function checkFileName(name: string): readonly Finding[] {
  if (SECRET_NAME.test(name)) return [errorFinding('secret', 'Files of this name hold keys or passwords', name)];
  if (NATIVE_NAME.test(name)) return [errorFinding('native_binary', 'Plugins hold no native code', name)];
  return ARCHIVE_NAME.test(name)
    ? [errorFinding('nested_archive', 'An archive inside the package cannot be checked', name)]
    : [];
}

/** What a file's first bytes give away; `head` is as many of the first 512 as there are. */
export function checkFileHead(name: string, head: Buffer): readonly Finding[] {
  if (NATIVE.some((magic) => starts(head, magic)) || isWindowsProgram(name, head)) {
    return [errorFinding('native_binary', 'Plugins hold no native code', name)];
  }
  if (ARCHIVES.some((magic) => starts(head, magic))) {
    return [errorFinding('nested_archive', 'An archive inside the package cannot be checked', name)];
  }
  return starts(head, WEB_ASSEMBLY) ? [warningFinding('web_assembly', 'WebAssembly is hard to review', name)] : [];
}

/** `MZ` may also begin an honest text. */
function isWindowsProgram(name: string, head: Buffer): boolean {
  return starts(head, [0, '4d5a']) && (head.includes(0) || !TEXT_NAME.test(name));
}

function starts(head: Buffer, [offset, hex]: Magic): boolean {
  return head.subarray(offset, offset + hex.length / 2).toString('hex') === hex;
}
