import { isId, newId } from '@adiuva/kernel';

function timeOf(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}

describe('ids of one process', () => {
  it('sort in the order of making, also within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    expect(ids.filter((id) => !isId(id))).toEqual([]);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('sort in the order of making when the clock is set back, and tell the time again when it has caught up', () => {
    const before = newId();
    // Another spec file of this process may have made ids of a later time.
    const now = Math.max(Date.now(), timeOf(before));
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);
    const after = Array.from({ length: 5_000 }, newId);
    expect([before, ...after]).toEqual([before, ...after].toSorted());
    clock.mockReturnValue(now + 50);
    expect(timeOf(newId())).toBe(now + 50);
    clock.mockRestore();
  });
});
