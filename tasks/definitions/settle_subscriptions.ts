import { z } from "zod";
import { settleEach } from "../settle_each.ts";
import { defineTask } from "../task.ts";

const subscriptionsAtOnce = 200;

type Due = { organization_id: string; subscription_id: string; due_at: string };

/**
 * What time makes due of clinics' subscriptions (BIL-01, BIL-05), one after the other: trials and billing periods end and begin,
 * payments are tried again, clinics are suspended.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, helpers) {
    await settleEach<Due>(helpers, {
      what: "subscriptions of clinics",
      async dueAfter(client, last) {
        const { rows } = await client.query<Due>(
          `select organization_id, subscription_id, due_at::text
           from app_private.due_subscriptions($1, $2, $3)`,
          [subscriptionsAtOnce, last?.due_at, last?.subscription_id],
        );
        return rows;
      },
      settle: (client, { organization_id, subscription_id }) =>
        client.query("select app_private.settle_subscription($1, $2)", [organization_id, subscription_id]),
    });
  },
});
