import { splitSale } from '@adiuva/kernel';

describe('the split of a sale', () => {
  it('loses no cent for any price from 1 to 999', () => {
    for (let price = 1; price <= 999; price += 1) {
      const { developer, platform } = splitSale(price);
      expect(developer + platform).toBe(price);
      expect(Math.abs(developer - price * 0.7)).toBeLessThan(1);
    }
  });

  it('refuses what is not a whole number of cents', () => {
    for (const price of [-1, 0.5, Number.NaN, 2 ** 60]) expect(() => splitSale(price)).toThrow(RangeError);
  });
});
