import { OutcomeUnknown, Refused } from "../../providers/failures.ts";
import type { Outcome } from "../../providers/payment/index.ts";
import { heed } from "../vendor_trouble.ts";
import { notYet } from "./once.ts";

/**
 * Asks a vendor to take or give back money, and records what became of it (BIL-04, BIL-05); answers as an effect does. A declined card is an
 * outcome. An answer that is lost is recorded as such, and the vendor asked again. What goes on at the vendor is told by its webhook, or found
 * by the next time that the job comes.
 *
 * @param ask    the vendor, under a key that it makes the move once for
 * @param record keeps the outcome
 * @param warn   of a state of the vendor's that nobody knows
 */
export async function moveMoney(
  ask: () => Promise<Outcome>,
  {
    record,
    warn,
    abortSignal,
  }: {
    record(outcome: Omit<Outcome, "vendorStatus">): Promise<unknown>;
    warn(vendorStatus: string): void;
    abortSignal: AbortSignal | undefined;
  },
): Promise<unknown> {
  try {
    const outcome = await ask();
    if (outcome.status === "unknown") warn(outcome.vendorStatus);
    await record(outcome);
    return outcome.status === "succeeded" || outcome.status === "failed" ? outcome.status : notYet;
  } catch (error) {
    if (error instanceof OutcomeUnknown) {
      await record({ status: "unknown", id: null, failureCode: null, asOf: new Date() });
      return notYet;
    }
    if (error instanceof Refused) {
      await record({ status: "failed", id: null, failureCode: error.message, asOf: new Date() });
      return "refused";
    }
    await heed(error, abortSignal);
    throw error;
  }
}
