import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { checksumOf, newId, splitSale } from '@adiuva/kernel';
import { ServerKeys } from '@adiuva/platform';
import { Environment } from '@adiuva/config';
import { MarketplaceConfig } from '../../libs/marketplace/src/marketplace.config';
import { SigningKeys } from '../../libs/marketplace/src/packages/signing-keys.service';
import { checkManifest, MANIFEST_LIMITS } from '../../libs/marketplace/src/plugins/manifest';
import { checkName } from '../../libs/marketplace/src/plugins/name-rules';
import { returnLine, saleLine } from '../../libs/marketplace/src/payments/revenue-lines';
import { skeleton } from '../../libs/marketplace/src/plugins/confusables';
import { parsePeriod, periodBefore, periodOf } from '../../libs/marketplace/src/payments/period';
import { nextPurchase, PURCHASE_STATES } from '../../libs/marketplace/src/payments/purchase';
import { nextReview, REVIEW_STATES } from '../../libs/marketplace/src/plugins/review';
import { prefixQuery } from '../../libs/marketplace/src/catalogue/search-terms';
import { signPackage, statementBytes, type PackageStatement } from '../../libs/marketplace/src/packages/signed-package';
import { isNewest, isVersion, servedVersion } from '../../libs/marketplace/src/plugins/versions';
import { MANIFEST } from './package-samples';

const checked = (changes: object) => checkManifest(JSON.stringify({ ...MANIFEST, ...changes }));

describe('a manifest', () => {
  it('passes as the contract has it, with or without an id', () => {
    expect(checked({}).manifest).toEqual(MANIFEST);
    expect(checked({ id: newId(), price_cents: 999, permissions: [] }).findings).toEqual([]);
    expect(
      checked({ name: '週報 👩‍💻', description: 'Zwei\nZeilen\tund ein Tab', category: 'Writing & Notes' }).findings,
    ).toEqual([]);
  });

  it.each([
    ['an unknown field', { extra: 1 }, 'manifest_schema', 'manifest'],
    ['no name', { name: ' ' }, 'manifest_schema', 'manifest.name'],
    ['a name of two lines', { name: 'a\nb' }, 'manifest_schema', 'manifest.name'],
    ['a name that turns around', { name: 'gpj.\u202eexe' }, 'manifest_schema', 'manifest.name'],
    ['an invisible character', { name: 'No\u200btes' }, 'manifest_schema', 'manifest.name'],
    ['an invisible character in its id', { id: 'a\u200bb' }, 'manifest_schema', 'manifest.id'],
    ['half a surrogate pair in its id', { id: 'a\ud800' }, 'manifest_schema', 'manifest.id'],
    ['an unknown permission', { permissions: ['disk:write'] }, 'manifest_permission', 'manifest.permissions.0'],
    [
      'a permission twice',
      { permissions: ['notes:read', 'notes:read'] },
      'manifest_permission',
      'manifest.permissions',
    ],
    ['a version of two parts', { version: '1.0' }, 'manifest_schema', 'manifest.version'],
    ['a version with a v', { version: 'v1.0.0' }, 'manifest_schema', 'manifest.version'],
    ['half a cent', { price_cents: 0.5 }, 'manifest_schema', 'manifest.price_cents'],
    ['a negative price', { price_cents: -1 }, 'manifest_schema', 'manifest.price_cents'],
    ['too long a description', { description: 'long words '.repeat(400) }, 'manifest_schema', 'manifest.description'],
    [
      'a picture in a data URI',
      { description: 'data:image/png;base64,iVBORw0KGgo=' },
      'manifest_binary',
      'manifest.description',
    ],
    ['base64 without words', { description: 'QUJD'.repeat(60) }, 'manifest_binary', 'manifest.description'],
    ['control characters', { author: 'A\u0000da' }, 'manifest_binary', 'manifest.author'],
    ['bytes in an unknown field', { icon: { data: 'ff'.repeat(200) } }, 'manifest_binary', 'manifest.icon.data'],
  ])('is refused with %s', (_, changes, rule, field) => {
    expect(checked(changes).findings).toContainEqual(expect.objectContaining({ rule, field, severity: 'error' }));
  });

  it('is refused when it is no JSON, no object or too large', () => {
    for (const json of [
      '{',
      'null',
      '[]',
      '"text"',
      JSON.stringify({ ...MANIFEST, x: ' '.repeat(MANIFEST_LIMITS.bytes) }),
    ]) {
      expect(checkManifest(json).manifest).toBeNull();
    }
  });
});

describe('names', () => {
  it('that look alike have one skeleton', () => {
    expect(skeleton('N0tes Pro')).toBe(skeleton('notes-pro'));
    expect(skeleton('Pаypal')).toBe(skeleton('Paypal'));
    expect(skeleton('Modern')).toBe(skeleton('Modem'));
    // Greek and Cyrillic capitals, whose small letters look like nothing Latin.
    expect(skeleton('ΝΟΤΕΣ')).not.toBe(skeleton('votes'));
    expect(skeleton('ΜΑΡ')).toBe(skeleton('MAP'));
    expect(skeleton('ΗΥΜΝ')).toBe(skeleton('HYMN'));
    expect(skeleton('ЅKY')).toBe(skeleton('SKY'));
    expect(skeleton('Lιst')).toBe(skeleton('List'));
    expect(skeleton('Plugin 12')).not.toBe(skeleton('Plugin 13'));
  });

  it('are refused when they imitate, and noted when they are openly the same', () => {
    expect(checkName('N0tes Pro', ['Notes Pro'])).toContainEqual(
      expect.objectContaining({ rule: 'look_alike_name', severity: 'error' }),
    );
    expect(checkName('notes pro', ['Notes Pro'])).toEqual([
      expect.objectContaining({ rule: 'name_taken', severity: 'warning' }),
    ]);
    expect(checkName('Nоtes', [])).toEqual([expect.objectContaining({ rule: 'look_alike_name', severity: 'error' })]);
    expect(checkName('Ad1uva Sync', [])).toEqual([
      expect.objectContaining({ rule: 'look_alike_name', severity: 'error' }),
    ]);
    expect(checkName('Заметки 2', [])).toEqual([]);
    expect(checkName('Νέα Ελλάδα News', [])).toEqual([]);
  });
});

describe('versions', () => {
  it('are strictly semantic and grow', () => {
    expect(['1.0.0', '0.0.1', '2.0.0-beta.1'].every(isVersion)).toBe(true);
    expect(['1', '1.0', 'v1.0.0', ' 1.0.0', '1.0.0+build', '01.0.0', '1.0.0-'].some(isVersion)).toBe(false);
    expect(isNewest('1.10.0', ['1.9.0', '1.2.0'])).toBe(true);
    expect(isNewest('1.9.0', ['1.9.0'])).toBe(false);
    expect(isNewest('2.0.0-rc.1', ['2.0.0'])).toBe(false);
  });

  it('serve the greatest release before any pre-release', () => {
    expect(servedVersion(['1.0.0', '1.10.0', '1.9.9', '2.0.0-beta.1'])).toBe('1.10.0');
    expect(servedVersion(['2.0.0-beta.1', '2.0.0-beta.2'])).toBe('2.0.0-beta.2');
    expect(servedVersion([])).toBeNull();
  });
});

describe('the machines of states', () => {
  it('decide a review once', () => {
    for (const state of REVIEW_STATES) {
      const open = state === 'pending_review' || state === 'in_review';
      expect(nextReview(state, 'approve')).toBe(open ? 'approved' : null);
      expect(nextReview(state, 'reject')).toBe(open ? 'rejected' : null);
    }
    expect(nextReview('approved', 'yank')).toBe('yanked');
    expect(nextReview('pending_review', 'release')).toBeNull();
  });

  it('never pay a purchase twice, nor one that was given back', () => {
    for (const state of PURCHASE_STATES) {
      const open = state === 'intended' || state === 'awaiting_payment' || state === 'failed';
      expect(nextPurchase(state, 'paid')).toBe(open ? 'paid' : null);
    }
  });
});

describe('the ledger', () => {
  const prices = Array.from({ length: 999 }, (_, index) => index + 1);

  it('splits every price from 1 to 999 cents without a rest', () => {
    for (const price of prices) {
      const line = saleLine(price);
      expect(line.developerCents + line.platformCents).toBe(price);
      expect([line.developerCents, line.platformCents].every(Number.isInteger)).toBe(true);
      expect(Math.abs(line.developerCents - price * 0.7)).toBeLessThan(1);
    }
  });

  it('takes back exactly what a sale gave, however the refund is cut up', () => {
    for (const price of prices) {
      const steps = [Math.floor(price / 3), Math.floor(price / 2), price];
      let [before, developer, platform] = [0, 0, 0];
      for (const after of steps) {
        const line = returnLine('refund', price, before, after);
        developer += line?.developerCents ?? 0;
        platform += line?.platformCents ?? 0;
        expect((line?.developerCents ?? 0) <= 0 && (line?.platformCents ?? 0) <= 0).toBe(true);
        before = Math.max(before, after);
      }
      const given = splitSale(price);
      expect([developer + given.developer, platform + given.platform]).toEqual([0, 0]);
    }
  });

  it('gives back exactly what a return took, and takes back nothing twice', () => {
    expect(returnLine('refund', 100, 100, 100)).toBeNull();
    for (const price of prices) {
      const half = Math.floor(price / 2);
      const taken = returnLine('dispute', price, half, price);
      const given = returnLine('dispute', price, price, half);
      expect(given?.kind ?? 'reinstatement').toBe('reinstatement');
      expect((taken?.developerCents ?? 0) + (given?.developerCents ?? 0)).toBe(0);
      expect((taken?.platformCents ?? 0) + (given?.platformCents ?? 0)).toBe(0);
    }
  });

  it('counts months in UTC', () => {
    expect(parsePeriod('2026-13')).toBeNull();
    expect(parsePeriod('2026-1')).toBeNull();
    expect(parsePeriod('2026-12')?.end.toISOString()).toBe('2027-01-01T00:00:00.000Z');
    expect(periodOf(new Date('2026-11-30T23:59:59Z')).name).toBe('2026-11');
    expect(periodBefore(new Date('2026-01-08T00:00:00Z')).name).toBe('2025-12');
  });
});

describe('a search', () => {
  it('is made of words only, whatever was typed', () => {
    expect(prefixQuery('Weekly  notes!')).toBe('weekly:* & notes:*');
    expect(prefixQuery("'; DROP TABLE plugins; --")).toBe('drop:* & table:* & plugins:*');
    expect(prefixQuery(' & | ! :* <-> ')).toBeNull();
    expect(prefixQuery('日本')).toBe('日本:*');
  });
});

describe('a signed package', () => {
  it('is known by its bytes, its plugin and its version', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const publicKey = createPublicKey(privateKey);
    const statement = { pluginId: newId(), version: '1.0.0', checksum: checksumOf(Buffer.from('zip')), sizeBytes: 3 };
    const signature = signPackage(statement, privateKey);
    const isSigned = (other: PackageStatement) => verify(null, statementBytes(other), publicKey, signature);
    expect(isSigned(statement)).toBe(true);
    const others = [
      { pluginId: newId() },
      { version: '1.0.1' },
      { checksum: checksumOf(Buffer.from('zap')) },
      { sizeBytes: 4 },
    ];
    for (const other of others) expect(isSigned({ ...statement, ...other })).toBe(false);
  });
});

describe('the derived key that signs packages', () => {
  it('stays the same when MASTER_KEY changes, whenever it is made', () => {
    const config = new MarketplaceConfig(new Environment({ ENV: 'test' }));
    const first = new ServerKeys('a'.repeat(64));
    const sealed = first.sealLasting('installation');
    const rotated = new ServerKeys('b'.repeat(64), 'a'.repeat(64));
    // Nest makes it before the installation has loaded its keys.
    const signing = new SigningKeys(config, rotated);
    rotated.loadLasting('installation', sealed);
    expect(signing.publicKeys()).toMatchObject([{ id: new SigningKeys(config, first).publicKeys()[0]?.id }]);
  });
});
