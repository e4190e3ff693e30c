import { pino } from "pino";
import type { InvoicingVendors } from "../../providers/invoicing/index.ts";
import { type PaymentVendors, paymentVendorsFrom } from "../../providers/payment/index.ts";
import type { Outside } from "../task.ts";
import { startWorker, type Worker } from "../worker.ts";
import { invoicingOf } from "./billing_support.ts";
import { nowhere } from "./nowhere.ts";

/** When a worker dies: before the vendor hears of it, or after the vendor's yes and before our record. */
export type Moment = "before" | "after";

/** A worker whose vendors call `on` before and after each effect. */
export function startBiller(
  databaseUrl: string,
  vendors: Parameters<typeof invoicingOf>[0],
  on: (moment: Moment) => void = () => {},
): Promise<Worker> {
  const around = async <T>(effect: () => Promise<T>): Promise<T> => {
    on("before");
    const made = await effect();
    on("after");
    return made;
  };
  const chosen = paymentVendorsFrom(vendors.env);
  const payments: PaymentVendors = {
    for(provider) {
      const vendor = chosen.for(provider);
      return {
        ...vendor,
        charge: (charge) => around(() => vendor.charge(charge)),
        refund: (refund) => around(() => vendor.refund(refund)),
      };
    },
  };
  const issuing = invoicingOf(vendors);
  const invoicing: InvoicingVendors = {
    for(provider) {
      const vendor = issuing.for(provider);
      return { ...vendor, issue: (document, keep) => around(() => vendor.issue(document, keep)) };
    },
  };
  const outside: Outside = { ...nowhere, payments, invoicing };
  return startWorker({
    databaseUrl,
    ...outside,
    log: pino({ level: "silent" }),
    timed: false,
    pollMs: 100,
    heartbeat: { everyMs: 100, silentMs: 1_500 },
  });
}

/** As a process of its own it dies at the moment it is told: URL of the database, what leads to the vendors, moment. */
if (import.meta.main) {
  const [databaseUrl, vendors, moment] = process.argv.slice(2) as [string, string, Moment];
  await startBiller(databaseUrl, JSON.parse(vendors), (now) => {
    if (now === moment) process.kill(process.pid, "SIGKILL");
  });
  process.send?.("ready");
}
