import pg from "pg";
import { pino } from "pino";
import type { InvoicingVendors } from "../../providers/invoicing/index.ts";
import { type PaymentVendors, paymentVendorsFrom } from "../../providers/payment/index.ts";
import { taxOfficeFrom } from "../../providers/tax_office/index.ts";
import { createWebhookHandlers } from "../../webhooks/index.ts";
import type { Outside } from "../task.ts";
import { startWorker, type Worker } from "../worker.ts";
import { invoicingOf } from "./billing_support.ts";
import { nowhere } from "./nowhere.ts";

/**
 * When a worker dies: before the vendor or the database hears of it, after their yes and before our record of it, or, of a statement, while
 * the database is at it.
 */
export type Moment = "before" | "during" | "after";

/** Calls `on` before, while and after any connection of this process asks for a function of the database. */
function watchStatements(asksFor: string, on: (moment: Moment) => void): void {
  const ask = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function watched(this: pg.Client, ...given: unknown[]) {
    const [what] = given;
    const text = typeof what === "string" ? what : (what as { text?: string } | undefined)?.text;
    if (!text?.includes(`${asksFor}(`)) return ask.apply(this, given);
    on("before");
    const asked = ask.apply(this, given) as Promise<unknown>;
    // By then it has left, and whoever holds what it needs keeps it from going on.
    setTimeout(() => on("during"), 300);
    return asked.then((answer) => {
      on("after");
      return answer;
    });
  } as typeof pg.Client.prototype.query;
}

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
  const outside: Outside = {
    ...nowhere,
    payments,
    invoicing,
    taxOffice: taxOfficeFrom(vendors.env) ?? undefined,
    webhooks: createWebhookHandlers({ identityIssuer: "https://identity.test" }),
  };
  return startWorker({
    databaseUrl,
    ...outside,
    log: pino({ level: "silent" }),
    timed: false,
    pollMs: 100,
    heartbeat: { everyMs: 100, silentMs: 1_500 },
  });
}

/**
 * As a process of its own it dies at the moment it is told: URL of the database, what leads to the vendors, moment, and the function of the
 * database that it is about; without one, what is asked of a vendor.
 */
if (import.meta.main) {
  const [databaseUrl, vendors, moment, asksFor] = process.argv.slice(2) as [string, string, Moment, string?];
  const die = (now: Moment) => {
    if (now === moment) process.kill(process.pid, "SIGKILL");
  };
  if (asksFor) watchStatements(asksFor, die);
  await startBiller(databaseUrl, JSON.parse(vendors), asksFor ? undefined : die);
  process.send?.("ready");
}
