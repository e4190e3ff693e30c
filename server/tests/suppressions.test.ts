import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let atlas: string;
let boreal: string;

beforeAll(async () => {
  api = await startTestApi({ because: "addresses are suppressed for everybody" });
  await api.sql(`
    begin;
    select tests.clinic('boreal'), tests.staff('beata', 'owner'), tests.patient('bogdan');
    select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk'), tests.patient('ana');
    select tests.person('root', superadmin => true);
    insert into app_private.identities (issuer, subject, principal_id)
    select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p
    on conflict do nothing;
    commit;
  `);
  [{ id: atlas }] = await api.sql("select tests.id('atlas') as id");
  [{ id: boreal }] = await api.sql("select tests.id('boreal') as id");
  await tell();
  await api.sql(
    `insert into app_private.suppressed_addresses (channel, address, reason) values
       ('email', 'ana@people.test', 'bounce'), ('email', 'bogdan@people.test', 'complaint')`,
  );
  await api.sql(
    `insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
     values ($1, 'email', 'ana@people.test', 'complaint')`,
    [atlas],
  );
});
afterAll(() => api.close());

/** Tells Ana of an appointment; answers with what became of the mail. */
async function tell(): Promise<string> {
  await api.sql(
    `select app_private.notify($1, 'appointment_booked',
       '{"serviceName": "K", "specialistName": "D", "startsAt": "2050-03-08T07:00:00Z", "endsAt": "2050-03-08T08:00:00Z",
         "timezone": "Europe/Bucharest", "modality": "video"}',
       patient_profile_id => tests.id('ana'), calendar_uid => uuidv7())`,
    [atlas],
  );
  const [message] = await api.sql(
    "select status from app_public.messages where channel = 'email' order by created_at desc, id desc limit 1",
  );
  return message.status;
}

const lift = (who: string | null, input: object) =>
  api.graphql("mutation ($input: LiftSuppressionInput!) { liftSuppression(input: $input) { wasLifted } }", {
    variables: {
      input: {
        organizationId: atlas,
        channel: "EMAIL",
        address: "ana@people.test",
        reason: "She wrote to us from it.",
        ...input,
      },
    },
    ...(who && { token: api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who }) }),
  });
const suppressed = () =>
  api.sql(
    `select address, reason from app_private.suppressed_addresses
     union all select address, reason from app_private.clinic_suppressed_addresses order by 1, 2`,
  );

describe("liftSuppression (FND-35, FND-15)", () => {
  it.each([
    ["a visitor", null, {}, "UNAUTHENTICATED", "not_signed_in"],
    ["a patient", "ana", {}, "NOT_FOUND", "not_found"],
    ["a colleague without the permission", "flavia", {}, "FORBIDDEN", "permission_missing"],
    ["staff of another clinic", "beata", {}, "NOT_FOUND", "not_found"],
    ["an owner, for everybody", "olga", { organizationId: null }, "FORBIDDEN", "superadmin_only"],
    ["the platform, for a clinic", "root", {}, "NOT_FOUND", "not_found"],
    ["nobody's reason", "olga", { reason: null }, "GRAPHQL_VALIDATION", "document_invalid"],
    ["a blank reason", "olga", { reason: " \t" }, "VALIDATION", "reason_missing"],
    ["a reason of two lines", "olga", { reason: "one\ntwo" }, "VALIDATION", "reason_missing"],
    ["no address", "olga", { address: null }, "GRAPHQL_VALIDATION", "document_invalid"],
    ["no channel", "olga", { channel: null }, "GRAPHQL_VALIDATION", "document_invalid"],
    ["an address that is none", "olga", { address: "' or true --" }, "VALIDATION", "not_an_address"],
    [
      "an address that the clinic never wrote to",
      "olga",
      { address: "bogdan@people.test" },
      "NOT_FOUND",
      "not_suppressed",
    ],
  ])("%s lifts nothing", async (_, who, input, code, reason) => {
    const before = await suppressed();
    const answer = await lift(who, input);
    expect(refusalOf(answer)).toMatchObject({ code, reason });
    expect(answer.text).not.toContain("@people.test");
    expect(await suppressed()).toEqual(before);
    expect(await api.sql("select from app_private.lifted_suppressions")).toEqual([]);
  });

  it("lets the clinic write there again, and keeps who lifted what and why", async () => {
    expect(await tell()).toBe("suppressed");
    const answer = await lift("olga", { address: " Ana@People.test " });
    expect(answer.body).toEqual({ data: { liftSuppression: { wasLifted: true } } });
    expect(await tell()).toBe("queued");
    expect(
      await api.sql(
        `select organization_id, address, reason, because, lifted_by from app_private.lifted_suppressions
         order by reason`,
      ),
    ).toEqual(
      [
        { organization_id: null, reason: "bounce" },
        { organization_id: atlas, reason: "complaint" },
      ].map((lifted) => ({
        ...lifted,
        address: "ana@people.test",
        because: "She wrote to us from it.",
        lifted_by: "permission",
      })),
    );
    expect(refusalOf(await lift("olga", {})).reason).toBe("not_suppressed");
  });

  it("lifts for everybody by the platform's word alone", async () => {
    const address = "bogdan@people.test";
    const answer = await lift("root", { organizationId: null, address });
    expect(answer.body).toEqual({ data: { liftSuppression: { wasLifted: true } } });
    expect(await suppressed()).toEqual([]);
    expect(refusalOf(await lift("beata", { organizationId: boreal, address })).reason).toBe("not_suppressed");
  });
});
