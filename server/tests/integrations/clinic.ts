import { expect } from "vitest";
import { type KmsVendor, startKmsVendor } from "../../../providers/kms/tests/kms_vendor.ts";
import { startTwilio, type TwilioVendor } from "../../../providers/sms/tests/twilio_vendor.ts";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { type Answer, type Json, startTestApi, type TestApi } from "../support.ts";

/** What the cases of integrations.test.ts ask: one clinic with an API, its key service, vendors and a store, all real. */
export let api: TestApi;
export let kms: KmsVendor;
export let twilio: TwilioVendor;
export let objects: EmbeddedObjects;
const tokens = new Map<string, string>();
let atlas: string;

/** What no log, answer, job, event or statement may hold. */
export const canary = "canary-secret-4f1d9c7a";
/** No key, and still nothing that an answer repeats. */
export const misplaced = "canary-setting-4f1d9c7a";

export async function openClinic(): Promise<void> {
  // The SDK finds its credentials where it would in production.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" });
  [kms, twilio] = await Promise.all([startKmsVendor(), startTwilio()]);
  api = await startTestApi({
    because: "a key service and vendors of its own, and its whole database is searched for a key",
    config: {
      kms: {
        provider: "aws",
        keyId: "alias/restartix",
        oldKeyIds: [],
        region: "eu-central-1",
        endpoint: kms.endpoint,
      },
      vendors: { TWILIO_API_URL: twilio.account.apiUrl ?? "" },
    },
    // The database's own log shows every statement with its parameters: what SQL sees, it shows.
    before: `
      do $$ begin
        execute format('alter role app_authenticator in database %I set log_statement = ''all''', current_database());
        execute format('alter role app_authenticator in database %I set log_error_verbosity = ''default''', current_database());
        execute format('alter role app_authenticator in database %I set log_parameter_max_length = -1', current_database());
      end $$;
      begin;
      select tests.clinic('boreal');
      select tests.staff('otto', 'owner');
      select tests.clinic('atlas');
      select tests.staff('olga', 'owner');
      select tests.staff('adrian', 'admin');
      select tests.staff('flavia', 'front_desk');
      select tests.patient('ana');
      select tests.person('root', superadmin => true);
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  objects = await startObjects({ port: 0, dataDir: api.config.dataDir });
  for (const name of ["otto", "olga", "adrian", "flavia", "ana", "root"]) {
    tokens.set(name, api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name }));
  }
  atlas = (await api.sql("select tests.id('atlas') as id"))[0].id;
}

export async function closeClinic(): Promise<void> {
  await Promise.all([kms.stop(), twilio.stop(), objects.stop()]);
  await api.close();
}

export const as = (who: string, query: string, variables: object = {}): Promise<Answer> =>
  api.graphql(query, { variables, ...(tokens.has(who) ? { token: tokens.get(who) as string } : {}) });

export const shown = `id provider label settings lastFour status disabledReason consecutiveAuthFailures
  lastTestedAt lastTestPassed lastTestReason credentialsVersion`;
export const save = (who: string, input: object) =>
  as(
    who,
    `mutation ($input: SaveIntegrationInput!) { saveIntegration(input: $input) { organizationIntegration { ${shown} } } }`,
    { input: { organizationId: atlas, provider: "twilio", label: "Twilio", ...input } },
  );
export const test = (who: string, integrationId: string) =>
  as(
    who,
    `mutation ($input: TestIntegrationInput!) {
       testIntegration(input: $input) { passed reason hint organizationIntegration { ${shown} } }
     }`,
    { input: { integrationId } },
  );
export const saved = (answer: Answer): Json => {
  expect(answer.body.errors, answer.text).toBeUndefined();
  return answer.body.data.saveIntegration.organizationIntegration;
};
export const tested = (answer: Answer): Json => {
  expect(answer.body.errors, answer.text).toBeUndefined();
  return answer.body.data.testIntegration;
};
export const keys = (accountSid: string, authToken: string) => [
  { field: "accountSid", value: accountSid },
  { field: "authToken", value: authToken },
];
export const mine = () => keys(twilio.account.accountSid, twilio.account.authToken);
export const rows = (where = "true") =>
  api.sql(`select * from app_public.organization_integrations where ${where}`);
/** Every table but one: what callers spent of their rates is written once a second, whatever is asked meanwhile. */
export const state = async () =>
  (await api.sql("select tests.state() - 'app_private.spent_allowances' as state"))[0].state;
