/** Random numbers that repeat: the same seed gives the same clinic, so that two people see the same one. */
export type Random = {
  /** At least `from`, below `to`. */
  between(from: number, to: number): number;
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
  /** A version 7 UUID of that moment. Not a secret: whoever knows the seed knows it. */
  uuid(at: Date): string;
};

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, plenty for a demo. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const bits = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const between = (from: number, to: number) => from + (bits() / 2 ** 32) * (to - from);
  const whole = (from: number, to: number) => Math.floor(between(from, to));

  return {
    between,
    whole,
    chance: (probability) => between(0, 1) < probability,
    pick: (list) => list[whole(0, list.length)] as never,
    shuffle(list) {
      const mixed = [...list];
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = whole(0, last + 1);
        [mixed[last], mixed[other]] = [mixed[other] as never, mixed[last] as never];
      }
      return mixed;
    },
    uuid(at) {
      const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
      const time = hex(at.getTime(), 12);
      const variant = hex(0x8000 | (bits() & 0x3fff), 4);
      const tail = hex(bits(), 8) + hex(bits() & 0xffff, 4);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(bits() & 0xfff, 3)}-${variant}-${tail}`;
    },
  };
}
