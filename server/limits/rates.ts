/** How much of something one caller may do: `burst` at once, and `perMinute` in the long run. */
export type Rate = { perMinute: number; burst: number };

/**
 * What is limited, by what is done (FND-27). A clinic sits behind one address, reception, therapists and the
 * tablets in the gym together, so what counts by address is generous, and who is signed in counts by themselves.
 */
export const defaultRates = {
  /** Everything that comes from one address, before anything is known about it. */
  address: { perMinute: 12_000, burst: 4_000 },
  /** Tokens that do not verify, by address. Somebody with a good token is not held back by them. */
  badTokens: { perMinute: 60, burst: 60 },
  /** The booking paths under /v1/public, by address, or by person where one is signed in. */
  publicBooking: { perMinute: 300, burst: 150 },
  /** The paths of signature links and kiosks under /v1/signing, by address. */
  signing: { perMinute: 600, burst: 200 },
  /** GraphQL requests, and the other paths of people who are signed in, by person, or by address where nobody is signed in. */
  graphql: { perMinute: 1_200, burst: 600 },
  /** Their cost, as server/http/document_cost.ts counts it. */
  graphqlCost: { perMinute: 60_000, burst: 30_000 },
  /** Mutations among them. */
  mutations: { perMinute: 300, burst: 150 },
  /** Requests for one clinic, of all its people together. */
  organization: { perMinute: 24_000, burst: 8_000 },
  /** Upload slots and confirmations of files, by person. */
  uploads: { perMinute: 60, burst: 60 },
  /** Previews of templates of documents, by person; each is rendered. */
  documentPreviews: { perMinute: 30, burst: 20 },
  /** What a program records or reports with its key, by key. */
  serviceAccounts: { perMinute: 3_000, burst: 1_000 },
  /** Deliveries of one vendor's webhooks, by address. */
  webhooks: { perMinute: 6_000, burst: 3_000 },
} as const satisfies Record<string, Rate>;

export type RateName = keyof typeof defaultRates;
export type Rates = Record<RateName, Rate>;

/** Reads `graphql=600/300,badTokens=30/10`: a rate a minute and a burst; what is not named stays as it is. */
export function parseRates(text: string): Rates | null {
  const rates: Rates = { ...defaultRates };
  for (const part of text.split(",").map((piece) => piece.trim())) {
    if (part === "") continue;
    const [, name = "", perMinute, burst] = /^([A-Za-z]+)=([1-9]\d{0,6})\/([1-9]\d{0,6})$/.exec(part) ?? [];
    if (!Object.hasOwn(defaultRates, name)) return null;
    rates[name as RateName] = { perMinute: Number(perMinute), burst: Number(burst) };
  }
  return rates;
}
