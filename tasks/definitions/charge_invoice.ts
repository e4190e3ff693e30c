import { z } from "zod";
import { Refused } from "../../providers/failures.ts";
import { moveMoney } from "../effects/move_money.ts";
import { notYet, once } from "../effects/once.ts";
import { defineTask } from "../task.ts";

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
 * it is asked for money.
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
        if (!payments) throw new Refused("no payment vendor is set up");
        const vendor = payments.for(attempt.provider);
        return await moveMoney(
          () =>
            vendor.charge({
              attemptId,
              invoiceId: attempt.invoice_id,
              description: attempt.invoice_number,
              customerId: attempt.provider_customer_id,
              amount: BigInt(attempt.amount),
              currency: attempt.currency,
            }),
          {
            record: ({ status, id, failureCode, asOf }) =>
              client.query("select app_hidden.record_attempt($1, $2, $3, $4, $5)", [
                attemptId,
                status,
                id,
                failureCode,
                asOf,
              ]),
            warn: (status) =>
              logger.error(`${vendor.provider} says ${status} of a charge, which nobody knows`),
            abortSignal,
          },
        );
      },
    );
  },
});
