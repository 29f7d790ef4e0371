import { ave1Keys, Sketcher, type Domain } from '../../libs/client/src/ave1/sketcher';
import { toHex } from '../../libs/client/src/crypto/bytes';
import vectors from './vectors/ave1.json';

type Case = (typeof vectors)[number];

function inputOf({ x, dim }: Case): number[] {
  if (Array.isArray(x)) return x;
  return Array.from({ length: dim }, (_, i) => (((i * i * 37 + i * 11 + 5) % 211) - 105) / 64);
}

function domainOf(word: string): Domain {
  return word === 'query' ? 'query' : 'doc';
}

function sketched(known: Case) {
  const keys = ave1Keys(Buffer.from(known.vector_key, 'hex'), known.model, known.dim);
  return new Sketcher(keys, known.dim, known.beta).sketch(domainOf(known.domain), known.id, inputOf(known));
}

describe('AVE1 agrees with its second implementation', () => {
  test.each(vectors.map((known) => [known.dim, known.domain, known] as const))(
    '%i dimensions, %s',
    (_dim, _domain, known) => {
      const keys = ave1Keys(Buffer.from(known.vector_key, 'hex'), known.model, known.dim);
      expect(Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, toHex(key)]))).toEqual(known.keys);
      const { nonce, rotated, sketch } = sketched(known);
      expect(toHex(nonce)).toBe(known.nonce);
      known.at.forEach((i, k) => {
        expect(Math.abs((rotated[i] ?? NaN) - (known.rotated[k] ?? NaN))).toBeLessThan(1e-6);
        expect(Math.abs((sketch[i] ?? NaN) - (known.sketch[k] ?? NaN))).toBeLessThan(1e-6);
      });
    },
  );

  test('the known answers of the specification', () => {
    const vectorKey = Uint8Array.from({ length: 32 }, (_, i) => i);
    const small = new Sketcher(ave1Keys(vectorKey, 'kat-8', 8), 8, 2000);
    expect(toHex(small.sketch('query', 'item-1', [1, 2, 3, 4, 5, 6, 7, 8]).nonce)).toBe(
      '9c55f659ca3f55185856064b2ca66b1d',
    );
    const wide = new Sketcher(ave1Keys(vectorKey, 'kat-384', 384), 384, 1750);
    const { nonce, sketch } = wide.sketch(
      'doc',
      'item-1',
      Array.from({ length: 384 }, (_, i) => i + 1),
    );
    expect(toHex(nonce)).toBe('ce983687767a843826598b148973dadc');
    [-0.0092975, -0.0722517, -0.0143355, 0.0545288].forEach((value, i) => expect(sketch[i]).toBeCloseTo(value, 6));
  });
});

describe('each thing bound to a sketch changes it', () => {
  const base = { key: 7, model: 'm', domain: 'doc', id: 'a', beta: 2000, x: 0 };
  const sketchOf = (change: Partial<typeof base>): string => {
    const { key, model, domain, id, beta, x } = { ...base, ...change };
    const vector = Array.from({ length: 100 }, (_, i) => (i === 3 ? i + x : i) + 1);
    const sketcher = new Sketcher(ave1Keys(new Uint8Array(32).fill(7).fill(key, 31), model, 100), 100, beta);
    return toHex(sketcher.sketch(domainOf(domain), id, vector).nonce);
  };
  test.each([
    ['one bit of the key', { key: 6 }],
    ['the model', { model: 'n' }],
    ['the domain', { domain: 'query' }],
    ['the id', { id: 'b' }],
    ['beta', { beta: 2001 }],
    ['a small change of one coordinate', { x: 0.001 }],
  ])('%s', (_name, change) => {
    expect(sketchOf(change)).not.toBe(sketchOf({}));
  });

  test('and nothing else does: the same item gives the same sketch', () => {
    expect(sketchOf({})).toBe(sketchOf({}));
  });
});

describe('AVE1 refuses', () => {
  const sketcher = new Sketcher(ave1Keys(new Uint8Array(32), 'm', 4), 4, 1000);
  test.each([
    ['another dimension', [1, 2, 3]],
    ['a number that is not finite', [1, NaN, 3, 4]],
    ['an infinite number', [1, Infinity, 3, 4]],
    ['a vector of no length', [0, 0, 0, 1e-7]],
  ])('%s', (_name, vector) => {
    expect(() => sketcher.sketch('doc', 'a', vector)).toThrow(RangeError);
  });
});
