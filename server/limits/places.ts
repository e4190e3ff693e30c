/** How many sockets one address may have: at all, and before it is known whose they are (FND-27). */
export type PlaceLimits = { sockets: number; socketsPerAddress: number; silentPerAddress: number };

/** What a socket takes up until its connection is gone. */
export type Place = {
  /** Its caller is known: it is silent no more. */
  known(): void;
  leave(): void;
};

/**
 * Counts the open sockets of each address. A socket that says nothing costs as much as one that does, so those are few at each
 * address: 5,000 of them are no longer one caller's to take from all others.
 */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #addresses = new Map<string, { open: number; silent: number }>();
  #open = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Whether there are as many sockets as this server carries at all. */
  get isFull(): boolean {
    return this.#open >= this.#limits.sockets;
  }

  /** Null when this address has as many as it may. */
  take(address: string): Place | null {
    const here = this.#addresses.get(address) ?? { open: 0, silent: 0 };
    if (here.open >= this.#limits.socketsPerAddress || here.silent >= this.#limits.silentPerAddress)
      return null;
    this.#addresses.set(address, here);
    this.#open += 1;
    here.open += 1;
    here.silent += 1;
    let isSilent = true;
    let isHere = true;
    const known = (): void => {
      if (isSilent) here.silent -= 1;
      isSilent = false;
    };
    return {
      known,
      leave: () => {
        if (!isHere) return;
        isHere = false;
        known();
        this.#open -= 1;
        here.open -= 1;
        if (here.open === 0) this.#addresses.delete(address);
      },
    };
  }
}
