import { z } from "zod";
import { Refused } from "../../providers/failures.ts";
import { moveMoney } from "../effects/move_money.ts";
import { notYet, once } from "../effects/once.ts";
import { defineTask } from "../task.ts";

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
        if (!payments) throw new Refused("no payment vendor is set up");
        const vendor = payments.for(refund.provider);
        return await moveMoney(
          () =>
            vendor.refund({
              refundId,
              paymentId: refund.provider_payment_id,
              amount: BigInt(refund.amount),
              currency: refund.currency,
            }),
          {
            record: ({ status, id, failureCode, asOf }) =>
              client.query("select app_hidden.record_refund($1, $2, $3, $4, $5)", [
                refundId,
                status,
                id,
                failureCode,
                asOf,
              ]),
            warn: (status) =>
              logger.error(`${vendor.provider} says ${status} of a refund, which nobody knows`),
            abortSignal,
          },
        );
      },
    );
  },
});
