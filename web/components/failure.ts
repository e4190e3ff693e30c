import { Refused, Unreachable } from "../../client/refused.ts";

/** What went wrong, as a page shows it: words for the person, and the code for whoever they ask for help. */
export type Failure = { message: string; code: string; isNetwork: boolean };

/** A refusal speaks the language that it was asked in; what never reached the API is told in our own words. */
export function failureOf(error: unknown, offline: string): Failure {
  if (error instanceof Refused) {
    const { code, reason } = error.refusal;
    return { message: error.message, code: `${code} ${reason}`, isNetwork: false };
  }
  if (error instanceof Unreachable) return { message: offline, code: "UNREACHABLE", isNetwork: true };
  throw error;
}
