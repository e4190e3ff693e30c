import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKms } from "../../providers/kms/index.ts";
import { createSecrets } from "../../secrets/index.ts";
import { goOnWithRotation } from "../../secrets/rotation.ts";
import { taxIdPlace } from "../../secrets/tax_id.ts";
import { endOf, readTaxId } from "../billing_details/tax_id.ts";
import { type Answer, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let atlas: string;
const tokens = new Map<string, string>();

beforeAll(async () => {
  api = await startTestApi({
    because: "a tax id is sealed by the process, and sealed again as keys rotate",
    before: `
      begin;
      select tests.clinic('boreal'), tests.staff('otto', 'owner');
      select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
      select tests.person('root', superadmin => true);
      select tests.offered_tier('plus', 30);
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  for (const name of ["otto", "olga", "flavia", "root"]) {
    tokens.set(name, api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name }));
  }
  atlas = (await api.sql("select tests.id('atlas') as id"))[0].id;
});
afterAll(() => api.close());

const canary = "18547290";
const details = {
  legalName: "Atlas Recuperare SRL",
  street: "Strada Lungă 1",
  city: "Cluj-Napoca",
  county: "Cluj",
  country: "RO",
  registrationNumber: "J12/1/2020",
  billingEmail: "facturi@atlas.test",
  currency: "RON",
  timezone: "Europe/Bucharest",
  cadence: "MONTHLY",
};
const as = (who: string, query: string, variables: object): Promise<Answer> =>
  api.graphql(query, { variables, token: tokens.get(who) as string });
const save = (who: string, input: object) =>
  as(
    who,
    `mutation ($input: SaveOrganizationBillingInput!) {
       saveOrganizationBilling(input: $input) {
         organizationBilling { legalName registrationNumber taxIdLastFour billingEmail cadence country }
       }
     }`,
    { input: { organizationId: atlas, ...details, ...input } },
  );
const subscribe = (who: string) =>
  as(
    who,
    `mutation ($input: SubscribeOrganizationInput!) {
       subscribeOrganization(input: $input) { organizationSubscription { status cadence anchorOn } }
     }`,
    {
      input: { organizationId: atlas, tierId: tier, cadence: "ANNUAL" },
    },
  );
let tier: string;

describe("saveOrganizationBilling (BIL-10)", () => {
  it("is needed before a clinic subscribes, and says what is missing", async () => {
    tier = (await api.sql("select tests.id('plus') as id"))[0].id;
    const refused = refusalOf(await subscribe("olga"));
    expect(refused).toMatchObject({ code: "STATE", reason: "billing_incomplete" });
    expect(refused.details.missing).toContain("taxId");
  });

  it("seals the tax id before SQL sees it, and shows the end of it", async () => {
    const answer = await save("olga", { taxId: ` ro ${canary} ` });
    expect(answer.body.errors, answer.text).toBeUndefined();
    expect(answer.body.data.saveOrganizationBilling.organizationBilling).toEqual({
      legalName: "Atlas Recuperare SRL",
      registrationNumber: "J12/1/2020",
      taxIdLastFour: "7290",
      billingEmail: "facturi@atlas.test",
      cadence: "MONTHLY",
      country: "RO",
    });
    const [row] = await api.sql("select tax_id from app_public.organization_billing");
    expect(row.tax_id.subarray(0, 3).toString("latin1")).toBe("RXE");
    expect(row.tax_id.includes(canary)).toBe(false);
    expect(api.logs()).not.toContain(canary);
  });

  it("keeps the tax id where none is given", async () => {
    const [before] = await api.sql("select tax_id from app_public.organization_billing");
    await save("olga", { legalName: "Atlas SRL", cadence: "ANNUAL" });
    const [after] = await api.sql("select tax_id, legal_name, cadence from app_public.organization_billing");
    expect(after).toEqual({ tax_id: before.tax_id, legal_name: "Atlas SRL", cadence: "annual" });
  });

  it.each([
    ["RO", "18547291"],
    ["RO", "RO"],
    ["RO", "12345678901"],
    ["DE", "????"],
  ])("refuses a tax id of %s that is none: %s", async (country, taxId) => {
    const refused = refusalOf(await save("olga", { taxId, country }));
    expect(refused).toMatchObject({
      code: "VALIDATION",
      reason: "tax_id_invalid",
      details: { field: "taxId" },
    });
  });

  it("is for the clinic's own billing.manage and the platform", async () => {
    expect(refusalOf(await save("flavia", { taxId: canary }))).toMatchObject({ code: "FORBIDDEN" });
    expect(refusalOf(await save("otto", { taxId: canary }))).toMatchObject({ code: "NOT_FOUND" });
    const answer = await save("root", { legalName: "Atlas de la platformă SRL" });
    expect(answer.body.data.saveOrganizationBilling.organizationBilling.legalName).toBe(
      "Atlas de la platformă SRL",
    );
  });

  it("is found by a rotation of keys, and opens after it", async () => {
    const pool = new pg.Pool({ connectionString: api.workerUrl, max: 2 });
    try {
      const kms = await openKms(api.config.kms);
      const [before] = await api.sql("select tax_id from app_public.organization_billing");
      const client = await pool.connect();
      await goOnWithRotation(client, kms, { begin: true, by: "a test" }, { graceMs: 0 });
      client.release();
      const [after] = await api.sql("select tax_id from app_public.organization_billing");
      expect(after.tax_id.equals(before.tax_id)).toBe(false);
      const secrets = createSecrets(kms, pool);
      const opened = await secrets.open(atlas, taxIdPlace(atlas), after.tax_id);
      expect(opened.toString("utf8")).toBe(`RO${canary}`);
    } finally {
      await pool.end();
    }
  });

  it("lets a clinic subscribe by GraphQL", async () => {
    const answer = await subscribe("olga");
    expect(answer.body.errors, answer.text).toBeUndefined();
    expect(answer.body.data.subscribeOrganization.organizationSubscription).toMatchObject({
      status: "TRIALING",
      cadence: "ANNUAL",
    });
  });
});

describe("readTaxId (BIL-10)", () => {
  it.each([
    ["RO", "RO 18547290", "RO18547290"],
    ["RO", "14399840", "14399840"],
    ["RO", "ro361757", "RO361757"],
    ["DE", "DE 136.695-976", "DE136695976"],
  ])("reads %s %s", (country, given, stored) => {
    expect(readTaxId(given, country)).toBe(stored);
  });

  it("shows no more than half of a short one", () => {
    expect([endOf("RO18547290"), endOf("123456"), endOf("19")]).toEqual(["7290", "456", "9"]);
  });
});
