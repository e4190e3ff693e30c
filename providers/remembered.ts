import { createHash } from "node:crypto";

/**
 * Remembers what is costly to make, such as a vendor's client with its connections, by what it was made
 * from. At most `most` at once: the one made first is forgotten first, and may still be finishing its work.
 */
export function remembered<T>(most: number, dispose: (made: T) => void = () => {}) {
  const kept = new Map<string, T>();
  return {
    get(from: unknown, make: () => T): T {
      // A digest, so that no credentials live on as keys.
      const key = createHash("sha256").update(JSON.stringify(from)).digest("base64");
      const known = kept.get(key);
      if (known !== undefined) return known;
      const made = make();
      kept.set(key, made);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return made;
    },
    clear() {
      for (const made of kept.values()) dispose(made);
      kept.clear();
    },
  };
}
