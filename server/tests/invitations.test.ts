import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onboardingCases } from "./onboarding.cases.ts";
import { type Answer, type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
const ids: Record<string, string> = {};
const tokens = new Map<string, string>();

beforeAll(async () => {
  api = await startTestApi({
    because: "people join and leave for good, and every mail to them is counted",
    before: `
      begin;
      select tests.clinic('boreal'), tests.staff('otto', 'owner');
      select tests.clinic('atlas'), tests.staff('olga', 'owner');
      select tests.person('nora');
      update app_public.humans set display_name = 'Nora Ene', locale = 'en' where email = 'nora@people.test';
      select tests.patient('ana', account => false, email => 'ana@people.test');
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  for (const name of ["otto", "olga", "nora", "ana", "mallory"])
    tokens.set(
      name,
      api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name: `${name} of Clerk` }),
    );
  const [row] = await api.sql(
    `select tests.id('atlas') as atlas, tests.id('ana') as ana, roles.id as role
     from app_public.roles where organization_id = tests.id('atlas') and key = 'front_desk'`,
  );
  Object.assign(ids, row);
});
afterAll(() => api.close());

const as = (who: string, query: string, variables: object = {}, headers = {}): Promise<Answer> =>
  api.graphql(query, {
    variables,
    headers,
    ...(tokens.has(who) ? { token: tokens.get(who) as string } : {}),
  });
const answered = (answer: Answer): Json => {
  expect(answer.body.errors, answer.text).toBeUndefined();
  return answer.body.data;
};

const INVITE = `mutation ($input: InviteMemberInput!) {
  inviteMember(input: $input) { invitation { id email name status kind expiresAt sentTimes } } }`;
const invite = (who: string, email: string, headers = {}) =>
  as(
    who,
    INVITE,
    { input: { organizationId: ids.atlas, email, name: "A Colleague", roleIds: [ids.role] } },
    headers,
  );
const answerTo = (who: string, verb: "accept" | "decline", invitationId: string, said = "") =>
  as(
    who,
    `mutation ($id: UUID!) { answer: ${verb}Invitation(input: { invitationId: $id ${said} }) { receivedInvitation { kind status clinicName roleNames } } }`,
    { id: invitationId },
  );
const inbox = (who: string) => as(who, "{ myInvitations { nodes { id kind clinicName status roleNames } } }");
const mails = (email: string) =>
  api.sql(
    "select template_key, status, locale, recipient_name from app_public.messages where recipient_email = $1",
    [email],
  );

describe("inviting a colleague (FND-04)", () => {
  it("answers, writes and sends alike whether the address has an account or not", async () => {
    const alike = (answer: Answer, email: string) =>
      answer.text
        .replaceAll(email, "…")
        .replace(/"id":"[^"]+"/, "")
        .replaceAll(/\d{4}-\d\d-\d\dT[^"]+/g, "");
    const known = await invite("olga", "nora@people.test");
    const unknown = await invite("olga", "nobody@people.test");
    expect(answered(known).inviteMember.invitation).toMatchObject({ name: "A Colleague", status: "OPEN" });
    expect(alike(known, "nora@people.test")).toBe(alike(unknown, "nobody@people.test"));
    expect(await mails("nora@people.test")).toEqual(await mails("nobody@people.test"));
    expect(await mails("nora@people.test")).toEqual([
      { template_key: "member_invited", status: "queued", locale: "ro", recipient_name: "A Colleague" },
    ]);
    expect(known.text).not.toContain("Nora Ene");

    const people = answered(
      await as("olga", "{ humans { nodes { displayName } } principals { nodes { id } } }"),
    );
    expect(people.humans.nodes).toEqual([{ displayName: "Olga" }]);
    expect(people.principals.nodes).toHaveLength(1);
  });

  it("is accepted by the owner of the address alone, once, under the own name", async () => {
    const [{ id }] = answered(
      await as("olga", '{ invitations(filter: {email: {equalTo: "nora@people.test"}}) { nodes { id } } }'),
    ).invitations.nodes;
    for (const stranger of ["mallory", "otto", "olga"]) {
      expect(refusalOf(await answerTo(stranger, "accept", id))).toMatchObject({
        code: "NOT_FOUND",
        reason: "invitation_not_found",
      });
    }
    const [mine] = answered(await inbox("nora")).myInvitations.nodes;
    expect(mine).toEqual({
      id,
      kind: "MEMBER",
      clinicName: "Atlas",
      status: "OPEN",
      roleNames: [expect.any(String)],
    });
    expect(answered(await answerTo("nora", "accept", id)).answer.receivedInvitation.status).toBe("ACCEPTED");
    expect(refusalOf(await answerTo("nora", "decline", id))).toMatchObject({ code: "GONE" });
    const members = answered(await as("olga", "{ memberships { nodes { human { displayName } } } }"))
      .memberships.nodes;
    expect(members).toEqual(expect.arrayContaining([{ human: { displayName: "Nora Ene" } }]));
  });

  it("is one invitation and one mail when the request is repeated with its key", async () => {
    const headers = { "idempotency-key": "invite-once" };
    const [first, again] = [
      await invite("olga", "twice@people.test", headers),
      await invite("olga", "twice@people.test", headers),
    ];
    expect(answered(again)).toEqual(answered(first));
    expect(await mails("twice@people.test")).toHaveLength(1);
    // Rights come before what is remembered.
    await api.sql(
      "update app_public.memberships set ended_at = now() where human_id = (select principal_id from tests.personas where name = 'nora')",
    );
    expect(refusalOf(await invite("nora", "twice@people.test", headers)).code).toBe("NOT_FOUND");
  });

  it("is nothing to a visitor, another clinic or an address that merely looks alike", async () => {
    expect(refusalOf(await invite("nobody", "x@people.test")).code).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    expect(refusalOf(await invite("otto", "x@people.test")).code).toBe("NOT_FOUND");
    expect(refusalOf(await invite("olga", "\u0130na@people.test"))).toMatchObject({
      code: "VALIDATION",
      details: { field: "email" },
    });
    expect(await mails("x@people.test")).toEqual([]);
  });
});

describe("inviting a patient (FND-07, FND-32)", () => {
  it("lets the person take over the profile with an account begun for it", async () => {
    const { invitation } = answered(
      await as(
        "olga",
        `mutation ($input: InvitePatientInput!) { invitePatient(input: $input) { invitation { id email name } } }`,
        { input: { organizationId: ids.atlas, patientProfileId: ids.ana } },
      ),
    ).invitePatient;
    expect(invitation).toMatchObject({ email: "ana@people.test", name: "Ana Popescu" });
    expect(answered(await as("ana", "{ patientProfiles { nodes { id } } }")).patientProfiles.nodes).toEqual(
      [],
    );
    expect(refusalOf(await answerTo("ana", "accept", invitation.id))).toMatchObject({
      code: "CONFLICT",
      reason: "person_unclear",
    });
    let name = 'givenName: "Ana", familyName: "Popescu"';
    expect(refusalOf(await answerTo("ana", "accept", invitation.id, name))).toMatchObject({
      code: "CONSENT_REQUIRED",
      reason: "terms_not_accepted",
    });
    const { nodes } = answered(
      await as("ana", `{ clinicTerms(organizationId: "${ids.atlas}") { nodes { id } } }`),
    ).clinicTerms;
    name += `, acceptedVersionIds: ${JSON.stringify(nodes.map(({ id }: Json) => id))}`;
    expect(
      answered(await answerTo("ana", "accept", invitation.id, name)).answer.receivedInvitation,
    ).toMatchObject({
      kind: "PATIENT",
      status: "ACCEPTED",
      roleNames: [],
    });
    expect(answered(await as("ana", "{ me { displayName } patientProfiles { nodes { id } } }"))).toEqual({
      me: { displayName: "ana of Clerk" },
      patientProfiles: { nodes: [{ id: ids.ana }] },
    });
  });
});

onboardingCases(() => ({ api, clinic: ids.atlas as string, as }));
