import { z } from "zod";
import { defineTask } from "../task.ts";

/** Weighs an invoice whose total the invoicing provider has returned, and pays it out of the clinic's balance (BIL-05, BIL-07). */
export default defineTask({
  payload: z.object({ invoiceId: z.uuid() }),

  async run({ invoiceId }, { withPgClient }) {
    await withPgClient((client) => client.query("select app_hidden.settle_invoice($1)", [invoiceId]));
  },
});
