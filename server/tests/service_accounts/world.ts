import pg from "pg";
import { defaultRates } from "../../limits/rates.ts";
import { type Answer, type Json, startTestApi, type TestApi } from "../support.ts";

/** What the cases of service_accounts.test.ts ask: two clinics, their keys, the platform's, and subscriptions that are linked. */
export let api: TestApi;
export const ids: Record<string, string> = {};
/** Keys by what they are of; each was told once. */
export const keys: Record<string, string> = {};

export async function openWorld(): Promise<void> {
  api = await startTestApi({
    because: "keys are made, used at once and revoked, and the log is searched for them",
    config: {
      poolSize: 8,
      // Every door is tried with keys that it refuses; one key asks too much, and gets nothing back while the test runs.
      rates: {
        ...defaultRates,
        badTokens: { perMinute: 60_000, burst: 60_000 },
        serviceAccounts: { perMinute: 6, burst: 200 },
      },
    },
    before: `
      begin;
      select tests.person('root', superadmin => true);
      select tests.clinic('boreal'), tests.staff('otto', 'owner'), tests.patient('bogdan');
      select tests.tier('silver');
      select tests.subscribed('bogdan', 'silver', 'pending'), tests.linked('bogdan''s silver', 'B-1');
      select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk'), tests.patient('ana');
      select tests.plan('four sessions', 4), tests.tier('gold'), tests.includes('gold', 'four sessions');
      select tests.subscribed('ana', 'gold', 'pending'), tests.linked('ana''s gold', 'A/1');
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  for (const name of ["atlas", "boreal", "ana's gold", "bogdan's silver"])
    [{ id: ids[name] }] = await api.sql("select tests.id($1) as id", [name]);
  keys.platform = await made("root", "AI_CALLS", "Gateway", null);
  keys.atlas = await made("olga", "PATIENT_SUBSCRIPTIONS", "Payments", ids.atlas as string);
  keys.boreal = await made("otto", "PATIENT_SUBSCRIPTIONS", "Payments", ids.boreal as string);
}

/** Lets subscriptions be as before they began. */
export async function begin(): Promise<void> {
  await api.sql(`
    begin;
    delete from app_public.patient_subscription_reports;
    set local session_replication_role = replica;
    delete from app_public.entitlement_entries;
    delete from app_public.patient_entitlements;
    delete from app_public.patient_service_plans;
    update app_public.patient_subscriptions
    set status = 'pending', ended_at = null, anchor_on = null, period_starts_at = null, period_ends_at = null, settle_at = null;
    commit`);
}

export const closeWorld = () => api.close();

export const as = (
  who: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
) =>
  api.graphql(query, {
    variables,
    headers,
    token: api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who }),
  });

const create = `mutation ($input: CreateServiceAccountKeyInput!) {
  createServiceAccountKey(input: $input) { serviceAccountKeyToken { id token } } }`;

export const makeKey = (who: string, scope: string, name: string, organizationId: string | null) =>
  as(who, create, { input: { scope, name, organizationId } });

async function made(
  who: string,
  scope: string,
  name: string,
  organizationId: string | null,
): Promise<string> {
  const { body } = await makeKey(who, scope, name, organizationId);
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data.createServiceAccountKey.serviceAccountKeyToken.token;
}

/** What a program sends. */
export const post = (
  path: string,
  key: string | null,
  body: Json,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  api.fetch(path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

export const report = (key: string | null, reference: string, body: Json, headers = {}) =>
  post(`/v1/patient-subscriptions/${encodeURIComponent(reference)}/status`, key, body, headers);

/** Somebody else's transaction, which holds what it touched until it is told to go on. */
export async function holding(sql: string): Promise<{ commit(): Promise<void> }> {
  const client = new pg.Client({ connectionString: api.adminUrl });
  await client.connect();
  await client.query("begin");
  await client.query(sql);
  return {
    async commit() {
      await client.query("commit");
      await client.end();
    },
  };
}
