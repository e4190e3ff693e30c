import { z } from "zod";
import { settleEach } from "../settle_each.ts";
import { defineTask } from "../task.ts";

const patientsAtOnce = 500;

type Due = { organization_id: string; patient_profile_id: string; due_at: string };

/** Months of subscriptions begin, and what has an end ends (CAT-06, FND-21), one patient after the other. */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, helpers) {
    await settleEach<Due>(helpers, {
      what: "plans of patients",
      async dueAfter(client, last) {
        const { rows } = await client.query<Due>(
          `select organization_id, patient_profile_id, due_at::text
           from app_private.due_patient_plans($1, $2, $3, $4)`,
          [patientsAtOnce, last?.due_at, last?.organization_id, last?.patient_profile_id],
        );
        return rows;
      },
      settle: (client, { organization_id, patient_profile_id }) =>
        client.query("select app_private.settle_due_plans($1, $2)", [organization_id, patient_profile_id]),
    });
  },
});
