import { z } from "zod";
import { OutcomeUnknown, Refused } from "../../providers/failures.ts";
import type { Outcome } from "../../providers/payment/index.ts";
import { notYet, once } from "../effects/once.ts";
import { defineTask } from "../task.ts";
import { heed } from "../vendor_trouble.ts";

type Refund = { provider: string; provider_payment_id: string; currency: string; amount: string };

/** Gives money of a payment back (BIL-05), in the way in which charge_invoice takes it. */
export default defineTask({
  payload: z.object({ refundId: z.uuid() }),

  async run({ refundId }, { withPgClient, job, logger, abortSignal }, { payments }) {
    await once(
      withPgClient,
      { key: `refund:${refundId}`, by: job.locked_by ?? "unknown" },
      async (client) => {
        const { rows } = await client.query<Refund>("select * from app_hidden.refund_to_make($1)", [
          refundId,
        ]);
        const [refund] = rows;
        if (!refund) return notYet;
        const record = (outcome: Omit<Outcome, "vendorStatus">) =>
          client.query("select app_hidden.record_refund($1, $2, $3, $4, $5)", [
            refundId,
            outcome.status,
            outcome.id,
            outcome.failureCode,
            outcome.asOf,
          ]);
        if (!payments) throw new Refused("no payment vendor is set up");
        const vendor = payments.for(refund.provider);
        try {
          const outcome = await vendor.refund({
            refundId,
            paymentId: refund.provider_payment_id,
            amount: BigInt(refund.amount),
            currency: refund.currency,
          });
          if (outcome.status === "unknown") {
            logger.error(`${vendor.provider} says ${outcome.vendorStatus} of a refund, which nobody knows`);
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
