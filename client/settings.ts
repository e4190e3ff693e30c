import type { Patience } from "./retry.ts";
import type { UUID } from "./scalars.ts";

/** How a client reaches the API, and for whom it asks. */
export type ClientSettings = {
  /** Where the API is, such as https://api.example.com: /graphql and /v1 are below it. */
  url: string;
  /**
   * The token of whoever is signed in, asked for before every request and whenever a socket begins; null for a visitor.
   * `isStale`: the last one has ended or is about to, so one that lies in a cache is of no use.
   */
  token?: (isStale: boolean) => string | null | Promise<string | null>;
  /** The clinic that is worked for; without it, everything that the person may see at any. */
  organization?: UUID;
  /** The language of refusals for visitors; people who are signed in read their own. */
  language?: "ro" | "en";
  /** Who a visitor is from request to request: a random value that the page keeps. */
  visitorId?: string;
  /** `ids` in production, where the API answers only what a frontend was built with (FND-27). */
  documents?: "texts" | "ids";
  patience?: Partial<Patience>;
  /** The platform's own where nothing is said. */
  fetch?: typeof fetch;
  WebSocket?: typeof WebSocket;
};
