import { type Kept, keptInTab, nameOf } from "../components/kept.ts";
import type { Answers } from "../forms/content.ts";

/** What a page behind a link keeps while its tab is open, so that loading it again loses nothing. */
export type Draft = { session?: string; formId?: string; answers?: Answers; names?: Record<string, string> };
export type Drafts = Kept<Draft>;

/** In the tab's own storage, under a name that does not tell the token. The answers are saved by the API as well. */
export async function openDrafts(token: string): Promise<Drafts> {
  return keptInTab(await nameOf("signing", token));
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
