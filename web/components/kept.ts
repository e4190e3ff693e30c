/** What a page keeps while its tab is open, so that loading it again loses nothing. */
export type Kept<T extends object> = { read(): Partial<T>; write(change: Partial<T>): void; forget(): void };

/** In the tab's own storage. A browser that keeps nothing, as some do inside of another page, loses it with the page. */
export function keptInTab<T extends object>(name: string): Kept<T> {
  let unkept: Partial<T> = {};
  const read = (): Partial<T> => {
    try {
      return JSON.parse(sessionStorage.getItem(name) ?? "{}");
    } catch {
      return unkept;
    }
  };
  return {
    read,
    write(change) {
      unkept = { ...read(), ...change };
      try {
        sessionStorage.setItem(name, JSON.stringify(unkept));
      } catch {
        // It stays as long as the page does.
      }
    },
    forget() {
      unkept = {};
      try {
        sessionStorage.removeItem(name);
      } catch {
        // Nothing was kept.
      }
    },
  };
}

/** A name in the tab's storage that does not tell the token it is about. */
export async function nameOf(kind: string, token: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  return `${kind}-${Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
