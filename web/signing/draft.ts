import type { Answers } from "../forms/content.ts";

/** What a page behind a link keeps while its tab is open, so that loading it again loses nothing. */
export type Draft = { session?: string; formId?: string; answers?: Answers; names?: Record<string, string> };
export type Drafts = { read(): Draft; write(change: Draft): void; forget(): void };

/** In the tab's own storage, under a name that does not tell the token. */
export async function openDrafts(token: string): Promise<Drafts> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const name = `signing-${Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const read = (): Draft => {
    try {
      return JSON.parse(sessionStorage.getItem(name) ?? "{}");
    } catch {
      return {}; // a browser that keeps nothing
    }
  };
  return {
    read,
    write(change) {
      try {
        sessionStorage.setItem(name, JSON.stringify({ ...read(), ...change }));
      } catch {
        // The answers are saved by the API as well.
      }
    },
    forget() {
      try {
        sessionStorage.removeItem(name);
      } catch {
        // Nothing was kept.
      }
    },
  };
}

/** A kiosk keeps nothing outside of the page: the next person sits before the same browser. */
export function draftsOfKiosk(): Drafts {
  let draft: Draft = {};
  return {
    read: () => draft,
    write(change) {
      draft = { ...draft, ...change };
    },
    forget() {
      draft = {};
    },
  };
}
