import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let atlas: string;
let boreal: string;
let ana: string;

beforeAll(async () => {
  api = await startTestApi({ because: "texts of the clinic are edited for good" });
  await api.sql(`
    select tests.clinic('boreal');
    select tests.staff('beata', 'owner', email => 'beata@clinic.test');
    select tests.clinic('atlas');
    update app_public.organizations set name = 'Clinica Atlas', contact_phone = '+40264000111', street = 'Strada Lungă 1', city = 'Cluj-Napoca'
    where slug = 'atlas';
    select tests.staff('adrian', 'admin', email => 'adrian@clinic.test');
    select tests.staff('flavia', 'front_desk', email => 'flavia@clinic.test');
    select tests.patient('ana', email => 'ana@people.test');
    update app_public.humans set email_verified_at = now();
  `);
  [{ id: atlas }] = await api.sql("select id from app_public.organizations where slug = 'atlas'");
  [{ id: boreal }] = await api.sql("select id from app_public.organizations where slug = 'boreal'");
  [{ id: ana }] = await api.sql("select id from app_public.patient_profiles where email = 'ana@people.test'");
});
afterAll(() => api.close());

const as = (name: string) => {
  const email = name === "ana" ? "ana@people.test" : `${name}@clinic.test`;
  return api.token({ subject: `user_${name}`, email, name });
};

const PREVIEW = `query ($organizationId: UUID!, $channel: Channel!, $locale: Locale!, $key: String!, $title: String, $body: String, $data: JSON) {
  previewMessageTemplate(organizationId: $organizationId, templateKey: $key, channel: $channel, locale: $locale,
    title: $title, body: $body, data: $data) { title text html parts } }`;
const preview = (variables: object, who = "adrian") =>
  api.graphql(PREVIEW, {
    token: as(who),
    variables: {
      organizationId: atlas,
      key: "appointment_booked",
      channel: "SMS",
      locale: "RO",
      ...variables,
    },
  });

describe("FND-15: a clinic sees a message before anybody gets it", () => {
  it("a mail, with its subject and both alternatives", async () => {
    const { body } = await preview({ channel: "EMAIL" });
    expect(body.errors).toBeUndefined();
    expect(body.data.previewMessageTemplate).toMatchObject({
      title: "Programarea dumneavoastră: luni, 8 martie 2027, 09:00",
      text: expect.stringContaining("Bună ziua, Ioana Mureșan,\n\nV-am făcut o programare:"),
      html: expect.stringContaining("<p"),
      parts: null,
    });
  });

  it("an SMS as the telephone shows it, with the parts that are paid for", async () => {
    const { body } = await preview({});
    expect(body.data.previewMessageTemplate).toEqual({
      title: null,
      text: "Clinica Atlas: aveti o programare luni, 8 martie 2027, 09:00. Mutati sau anulati aici: https://.../booking#... Va asteptam la Strada Lunga 1, Cluj-Napoca. Intrebari: +40264000111.",
      html: null,
      parts: 2,
    });
  });

  it("a notice and an item of the inbox, in English", async () => {
    const push = await preview({ channel: "PUSH", locale: "EN" });
    expect(push.body.data.previewMessageTemplate).toMatchObject({
      title: "Clinica Atlas",
      text: "You have an appointment on Monday, 8 March 2027, 09:00.",
    });
    const inbox = await preview({ channel: "IN_APP", locale: "EN" });
    expect(inbox.body.data.previewMessageTemplate.text).toContain("Dr. Ana Ionescu");
  });

  it("a draft, with data of the editor's own, and nothing is kept", async () => {
    const { body } = await preview({
      body: "Pe {{when}}, {{recipientName}}!",
      data: { startsAt: "2027-07-03T07:05:00Z" },
    });
    expect(body.data.previewMessageTemplate.text).toBe("Pe sâmbătă, 3 iulie 2027, 10:05, Ioana Mureșan!");
    expect(await api.sql("select from app_public.clinic_message_templates")).toEqual([]);
  });

  it("what a draft makes of markup is text", async () => {
    const { body } = await preview({
      channel: "EMAIL",
      title: "T",
      body: "{{clinicName}} <script>alert(1)</script>",
    });
    expect(body.data.previewMessageTemplate.html).not.toContain("<script>");
  });

  it.each([
    ["a message that does not exist", { key: "love_letter" }, "message_template_unknown"],
    ["an unknown variable in the draft", { body: "{{diagnosis}}" }, "message_text_malformed"],
    ["a section that is not closed", { body: "{{#clinicPhone}}" }, "message_text_malformed"],
    ["data that the message does not have", { data: { diagnosis: "x" } }, "message_variables_mismatch"],
    ["data that is no object", { data: [1] }, "message_data_malformed"],
    ["a time that is none", { data: { startsAt: "tomorrow" } }, "message_data_malformed"],
    ["a zone that is none", { data: { timezone: "Europe/Klausenburg" } }, "message_data_malformed"],
  ])("%s is refused", async (_what, variables, reason) => {
    expect(refusalOf(await preview(variables))).toMatchObject({ code: "VALIDATION", reason });
  });

  it.each([
    ["a channel", { channel: "PIGEON" }],
    ["a language", { locale: "FR" }],
    ["the database's own word for a channel", { channel: "sms" }],
  ])("%s that does not exist is refused by the schema", async (_what, variables) => {
    expect(refusalOf(await preview(variables))).toMatchObject({
      code: "GRAPHQL_VALIDATION",
      reason: "document_invalid",
    });
  });

  it("is not for front desk, another clinic, a patient or a visitor", async () => {
    expect(refusalOf(await preview({}, "flavia"))).toMatchObject({
      code: "FORBIDDEN",
      details: { permission: "message_templates.manage" },
    });
    expect(refusalOf(await preview({}, "beata"))).toMatchObject({ code: "NOT_FOUND" });
    expect(refusalOf(await preview({ organizationId: boreal }))).toMatchObject({ code: "NOT_FOUND" });
    expect(refusalOf(await preview({}, "ana"))).toMatchObject({ code: "NOT_FOUND" });
    const visitor = await api.graphql(PREVIEW, {
      variables: { organizationId: atlas, key: "appointment_booked", channel: "SMS", locale: "RO" },
    });
    expect(refusalOf(visitor)).toMatchObject({ code: "UNAUTHENTICATED" });
  });
});

describe("FND-15: words, wishes and the log through the API", () => {
  it("an admin edits a text, sees it in the listing and the preview, and goes back", async () => {
    const edited = await api.graphql(
      `mutation ($organizationId: UUID!) { editMessageTemplate(input: { organizationId: $organizationId, templateKey: "appointment_booked",
         channel: SMS, locale: RO, body: "Ne vedem {{when}}!" }) { clinicMessageTemplate { version body } } }`,
      { token: as("adrian"), variables: { organizationId: atlas } },
    );
    expect(edited.body.data.editMessageTemplate.clinicMessageTemplate).toEqual({
      version: 1,
      body: "Ne vedem {{when}}!",
    });
    expect((await preview({})).body.data.previewMessageTemplate.text).toBe(
      "Ne vedem luni, 8 martie 2027, 09:00!",
    );
    const texts = await api.graphql(
      `query ($organizationId: UUID!) { messageTexts(organizationId: $organizationId) { nodes { templateKey channel locale isOwn variables } } }`,
      { token: as("adrian"), variables: { organizationId: atlas } },
    );
    expect(texts.body.data.messageTexts.nodes.filter(({ isOwn }: { isOwn: boolean }) => isOwn)).toEqual([
      {
        templateKey: "appointment_booked",
        channel: "SMS",
        locale: "RO",
        isOwn: true,
        variables: expect.arrayContaining(["when", "clinicName"]),
      },
    ]);
    const restored = await api.graphql(
      `mutation ($organizationId: UUID!) { restoreMessageTemplate(input: { organizationId: $organizationId,
         templateKey: "appointment_booked", channel: SMS, locale: RO }) { clinicMessageTemplate { version } } }`,
      { token: as("adrian"), variables: { organizationId: atlas } },
    );
    expect(restored.body.data.restoreMessageTemplate.clinicMessageTemplate).toEqual({ version: 2 });
  });

  it("a patient's wishes and browsers are their own; a malformed endpoint is VALIDATION", async () => {
    const wish = await api.graphql(
      `mutation { setNotificationPreference(input: { topic: "appointments", channel: SMS, isEnabled: false }) { notificationPreference { topic channel isEnabled } } }`,
      { token: as("ana") },
    );
    expect(wish.body.data.setNotificationPreference.notificationPreference).toEqual({
      topic: "appointments",
      channel: "SMS",
      isEnabled: false,
    });
    const subscribe = (endpoint: string) =>
      api.graphql(
        `mutation ($endpoint: String!, $p256dh: String!, $auth: String!) { subscribeToPush(input: { endpoint: $endpoint, p256dh: $p256dh, auth: $auth }) { pushSubscription { id } } }`,
        {
          token: as("ana"),
          variables: { endpoint, p256dh: "B".repeat(87), auth: "A".repeat(22) },
        },
      );
    expect((await subscribe("https://fcm.googleapis.com/fcm/send/1")).body.errors).toBeUndefined();
    expect(refusalOf(await subscribe("http://169.254.169.254/latest/meta-data"))).toMatchObject({
      code: "VALIDATION",
      details: { rule: "endpoint is a push service" },
    });
  });

  it("front desk reads a patient's messages and why one was not sent; the patient reads their own", async () => {
    await api.sql(
      `select app_private.notify($1, 'appointment_cancelled',
         '{"serviceName": "K", "specialistName": "D", "startsAt": "2050-03-08T07:00:00Z", "endsAt": "2050-03-08T08:00:00Z",
           "timezone": "Europe/Bucharest", "modality": "video", "reason": "Cabinetul este închis."}',
         patient_profile_id => $2, calendar_uid => uuidv7())`,
      [atlas, ana],
    );
    const log = await api.graphql(
      `query ($profile: UUID!) { patients(filter: { patientProfileId: { equalTo: $profile } }) { nodes {
         messages(orderBy: CREATED_AT_DESC, first: 10) { nodes { channel status reason address templateKey } } } } }`,
      { token: as("flavia"), variables: { profile: ana } },
    );
    expect(log.body.errors).toBeUndefined();
    expect(log.body.data.patients.nodes[0].messages.nodes).toEqual(
      expect.arrayContaining([
        {
          channel: "EMAIL",
          status: "QUEUED",
          reason: null,
          address: "ana@people.test",
          templateKey: "appointment_cancelled",
        },
      ]),
    );
    expect(log.text).not.toContain("Cabinetul");

    const own = await api.graphql("{ messages { nodes { channel status } } }", { token: as("ana") });
    expect(own.body.data.messages.nodes.map(({ channel }: { channel: string }) => channel).sort()).toEqual([
      "EMAIL",
      "IN_APP",
      "PUSH",
    ]);
    const others = await api.graphql("{ messages { nodes { channel } } }", { token: as("beata") });
    expect(others.body.data.messages.nodes).toEqual([]);
    expect((await api.graphql("{ messages { nodes { data } } }", { token: as("flavia") })).status).toBe(400);
  });
});
