import { pino } from "pino";
import { type SmtpVendor, startSmtpVendor } from "../../../providers/email/tests/smtp_vendor.ts";
import { openKms } from "../../../providers/kms/index.ts";
import { paymentVendorsFrom } from "../../../providers/payment/index.ts";
import { taxOfficeFrom } from "../../../providers/tax_office/index.ts";
import { DEV_ISSUER } from "../../../runtime/environment/variables.ts";
import { invoicingOf, startBillingVendors, type Vendors } from "../../../tasks/tests/billing_support.ts";
import { eventually } from "../../../tasks/tests/database.ts";
import { nowhere } from "../../../tasks/tests/nowhere.ts";
import { startVendors } from "../../../tasks/tests/vendors.ts";
import { startWorker, type Worker } from "../../../tasks/worker.ts";
import { createWebhookHandlers } from "../../../webhooks/index.ts";
import { type Answer, type Json, startTestApi, type TestApi, wideRates } from "../support.ts";

/** An API and a worker over one database whose clock the test moves, and every vendor that billing needs. */
export type World = {
  api: TestApi;
  vendors: Vendors;
  smtp: SmtpVendor;
  /** Who takes text messages. */
  phones: ReturnType<typeof startVendors>;
  ids: Record<string, string>;
  /** What somebody of the clinics signs in with. */
  token(who: string): string;
  ask(who: string | null, query: string, variables?: object): Promise<Answer>;
  /** The same, where it is to go well. */
  does(who: string, query: string, variables?: object): Promise<Json>;
  /** Lets so much time pass; the worker does whatever has become due. */
  pass(time: string): Promise<void>;
  /** Lets the worker do what is due. */
  settle(): Promise<void>;
  stop(): Promise<void>;
};

/** With a `port` its pages are looked at there: that is where vendors' pages lead back to. */
export async function openWorld({ port = 0 }: { port?: number } = {}): Promise<World> {
  const [vendors, smtp] = await Promise.all([startBillingVendors(), startSmtpVendor()]);
  const api = await startTestApi({
    because: "its clock is moved by months, and a worker does what becomes due",
    config: {
      port,
      vendors: { ...vendors.env, ...(port && { PUBLIC_URL: `http://localhost:${port}` }) },
      rates: wideRates,
    },
  });
  await api.sql(`
    begin;
    select tests.person('root', superadmin => true);
    select tests.clinic('nordic'), tests.staff('nora', 'admin');
    select tests.clinic('boreal'), tests.staff('bogdan', 'admin');
    select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
    select tests.specialist('stefan', '{"mon": [["00:00", "23:00"]], "tue": [["00:00", "23:00"]], "wed": [["00:00", "23:00"]]}');
    select tests.calendar('visits', '{stefan}');
    insert into app_private.identities (issuer, subject, principal_id)
    select '${DEV_ISSUER}', 'dev_' || p.name, p.principal_id from tests.personas p
    on conflict do nothing;
    update app_private.channels set quiet_from = null, quiet_until = null;
    commit;
  `);
  const ids: Record<string, string> = {};
  for (const name of ["atlas", "nordic", "boreal", "visits", "stefan"])
    [{ id: ids[name] }] = await api.sql("select tests.id($1) as id", [name]);

  const kms = openKms(api.config.kms);
  const phones = startVendors();
  const worker: Worker = await startWorker({
    ...nowhere,
    databaseUrl: api.workerUrl,
    mailers: { for: async () => smtp.mailer, check: async () => null, close() {} },
    texts: phones.messengers,
    payments: paymentVendorsFrom(vendors.env),
    invoicing: invoicingOf(vendors),
    taxOffice: taxOfficeFrom(vendors.env) ?? undefined,
    webhooks: createWebhookHandlers({ identityIssuer: DEV_ISSUER }),
    publicUrl: "http://localhost:4000",
    kms,
    log: pino({ level: "silent" }),
    timed: false,
    pollMs: 100,
  });

  const token = (who: string) => api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who });
  const ask: World["ask"] = (who, query, variables = {}) =>
    api.graphql(query, { variables, ...(who && { token: token(who) }) });
  const moved: string[] = [];
  async function settle() {
    await api.sql("select graphile_worker.add_job('settle_subscriptions', '{}')");
    await eventually(
      async () => {
        // The queue goes by the clock of the server, which nobody moves.
        await api.sql(
          `update graphile_worker._private_jobs set run_at = now()
           where run_at > now() and run_at <= app_hidden.now() and locked_at is null and attempts < max_attempts`,
        );
        const [{ n }] = await api.sql(
          `select count(*)::int as n from graphile_worker._private_jobs
           where (run_at <= now() or locked_at is not null) and attempts < max_attempts`,
        );
        return n === 0;
      },
      "the worker to have done what is due",
      120_000,
    );
  }

  return {
    api,
    vendors,
    smtp,
    phones,
    ids,
    token,
    ask,
    async does(who, query, variables) {
      const { body } = await ask(who, query, variables);
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data;
    },
    settle,
    async pass(time) {
      moved.push(`interval '${time}'`);
      await api.sql(
        `create or replace function app_hidden.now() returns timestamptz language sql stable set search_path = ''
         return pg_catalog.now() + ${moved.join(" + ")}`,
      );
      await settle();
    },
    async stop() {
      await worker.stop();
      kms.close();
      await Promise.all([api.close(), vendors.stop(), smtp.stop()]);
    },
  };
}
