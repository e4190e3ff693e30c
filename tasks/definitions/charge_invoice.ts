import { z } from "zod";
import { OutcomeUnknown, Refused } from "../../providers/failures.ts";
import type { Outcome } from "../../providers/payment/index.ts";
import { notYet, once } from "../effects/once.ts";
import { defineTask } from "../task.ts";
import { heed } from "../vendor_trouble.ts";

type Attempt = {
  attempt_id: string;
  invoice_id: string;
  invoice_number: string;
  provider: string;
  provider_customer_id: string | null;
  currency: string;
  amount: string;
};

/**
 * Takes the money of an invoice (BIL-04, BIL-05). The attempt's id is the key towards the vendor, which is asked what it has of it before
 * it is asked for money. A declined card is an outcome; an answer that is lost is recorded as such, and the vendor asked again. What
 * goes on at the vendor is told by its webhook, or found by the next time that the job comes.
 */
export default defineTask({
  payload: z.object({ attemptId: z.uuid() }),

  async run({ attemptId }, { withPgClient, job, logger, abortSignal }, { payments }) {
    await once(
      withPgClient,
      { key: `charge:${attemptId}`, by: job.locked_by ?? "unknown" },
      async (client) => {
        const { rows } = await client.query<Attempt>("select * from app_hidden.attempt_to_charge($1)", [
          attemptId,
        ]);
        const [attempt] = rows;
        if (!attempt) return notYet;
        const record = (outcome: Omit<Outcome, "vendorStatus">) =>
          client.query("select app_hidden.record_attempt($1, $2, $3, $4, $5)", [
            attemptId,
            outcome.status,
            outcome.id,
            outcome.failureCode,
            outcome.asOf,
          ]);
        if (!payments) throw new Refused("no payment vendor is set up");
        const vendor = payments.for(attempt.provider);
        try {
          const outcome = await vendor.charge({
            attemptId,
            invoiceId: attempt.invoice_id,
            description: attempt.invoice_number,
            customerId: attempt.provider_customer_id,
            amount: BigInt(attempt.amount),
            currency: attempt.currency,
          });
          if (outcome.status === "unknown") {
            logger.error(`${vendor.provider} says ${outcome.vendorStatus} of a charge, which nobody knows`);
          }
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
      },
    );
  },
});
