/** Arguments that no row and no kind of value tells: tokens, keys of vendors, words of ours, rows in a state of their own. */
import type { World } from "./world.ts";

export type Given = Record<string, unknown>;

/** Makes what a verb needs and answers with the arguments, by name, that lead there; undefined leaves one out. */
export const given: Record<string, (world: World) => Promise<Given>> = {
  acceptInvitation: invited,
  declineInvitation: invited,

  holdSlot: async (world) => ({ ...(await freeTime(world, 0)), specialistId: undefined }),
  bookAppointment: async (world) => ({
    holdToken: await held(world, 1),
    patientProfileId: await id(world, "select tests.id('ana') as id"),
  }),
  // One plan is of one patient, and pays for one service.
  bookDirectly: async () => ({
    specialistId: undefined,
    usePlan: undefined,
    patientServicePlanId: undefined,
  }),
  bookSeries: async (world) => ({
    ...(await freeTime(world, 7)),
    sessions: 2,
    everyWeeks: 1,
    specialistId: undefined,
    usePlan: undefined,
    patientServicePlanId: undefined,
  }),
  rescheduleAppointment: async (world) => ({
    startsAt: (await freeTime(world, 8)).startsAt,
    calendarId: undefined,
    specialistId: undefined,
    usePlan: undefined,
  }),
  requestBooking: async (world) => ({ holdToken: await held(world, 2), phone: "0722000333" }),
  extendHold: async (world) => ({ token: await held(world, 3) }),
  releaseHold: async (world) => ({ token: await held(world, 4) }),
  moveHold: async (world) => {
    const token = await held(world, 5);
    return { token, startsAt: (await freeTime(world, 6)).startsAt, specialistId: undefined };
  },
  withdrawBookingRequest: async (world) => {
    await world.api.sql(
      "update app_public.booking_requests set token_hash = sha256('to withdraw') where id = tests.id('request at boreal')",
    );
    return { token: "to withdraw" };
  },

  // Either a patient is named or a new one is made.
  confirmBookingRequest: async () => ({ asNewPatient: undefined }),
  editMessageTemplate: async () => ({ title: null }),
  restoreMessageTemplate: ofAtlas({ channel: "EMAIL" }),
  liftSuppression: async (world) => {
    const address = "bounced@people.test";
    await world.api.sql(
      `update app_public.messages set address = $1, recipient_email = $1
       where id = (select id from app_public.messages where organization_id = tests.id('atlas') and channel = 'email' limit 1)`,
      [address],
    );
    await world.api.sql(
      `insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
       values (tests.id('atlas'), 'email', $1, 'bounce')`,
      [address],
    );
    return ofAtlas({ channel: "EMAIL", address })(world);
  },
  replayWebhook: async () => ({ provider: "clerk", eventId: "msg_fixture" }),
  setNotificationPreference: async () => ({ patientProfileId: undefined }),

  // The draft has no data key of the fixture's, which no key service made.
  saveIntegration: async (world) => ({
    ...mail,
    organizationId: await id(world, "select tests.id('cetus') as id"),
  }),
  testIntegration: async (world) => ({
    integrationId: await id(
      world,
      "select id from app_public.organization_integrations where organization_id = tests.id('cetus')",
    ),
  }),

  // An address is proved, which is asked for elsewhere.
  updatePatientProfile: async () => ({ email: undefined }),
  mergePatients: async (world) => ({
    patientId: await id(world, "select tests.id('carmen at atlas') as id"),
    duplicateId: (await registered(world)).patientId,
  }),
  removeSpecialist: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    reassignTo: undefined,
  }),
  restoreDeletedRow: async (world) => ({
    entity: "services",
    id: await id(world, "select tests.id('service of retired calendar') as id"),
  }),
  createFormTemplate: async () => ({ content, kind: "INTAKE" }),
  updateFormTemplate: async () => ({ content, kind: "INTAKE" }),
  createCustomField: async () => ({ definition }),
  updateCustomField: async () => ({ definition }),
  createFormTemplatePurpose: async (world) => ({
    templateId: await id(world, "select tests.id('intake_atlas') as id"),
    purposeVersionId: await id(
      world,
      "select id from app_public.consent_purpose_versions where organization_id is null and purpose_code = 'telemedicine'",
    ),
  }),
  deleteFormTemplatePurpose: async (world) => ({
    templateId: await id(world, "select tests.id('intake_atlas') as id"),
    purposeVersionId: await id(
      world,
      "select id from app_public.consent_purpose_versions where organization_id is null and purpose_code = 'telemedicine'",
    ),
  }),
  publishFormTemplate: async (world) => ({ templateId: await template(world, "published") }),
  setCustomFieldValue: async (world) => ({
    customFieldId: await id(
      world,
      `with made as (
         insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published)
         values (tests.id('atlas'), 'patient', 'hobby', '{"type": "text", "label": {"ro": "Hobby"}}', 1, true)
         returning organization_id, id, definition
       ), versions as (
         insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition)
         select organization_id, id, 1, definition from made
       )
       select id from made`,
    ),
    entityId: await id(world, "select tests.id('ana at atlas') as id"),
    value: "chess",
  }),
  resolveWriteBack: async () => ({ takeForm: false }),
  createForm: async (world) => ({
    patientId: await id(world, "select tests.id('ana at atlas') as id"),
    templateId: await id(world, "select tests.id('intake_atlas') as id"),
    appointmentId: undefined,
    amendsFormId: undefined,
  }),
  saveFormAnswers: async (world) => ({
    formId: await anasForm(world, "saved"),
    answers: { note: "Since Monday" },
  }),
  completeForm: async (world) => ({ formId: await anasForm(world, "completed"), answers: undefined }),
  reopenForm: async (world) => ({ formId: await anasForm(world, "reopened") }),
  signForm: async (world) => {
    const content = "jsonb_build_array(tests.form_item('note', 'long_text'))";
    await id(
      world,
      `select tests.form_template('signed', ${content}, signature_mode => 'click_typed', clinic => 'atlas') as id`,
    );
    return {
      formId: await id(world, "select tests.form('signed form', 'bogdan', 'signed', 'atlas') as id"),
      textHash: await id(world, "select tests.text_hash('signed form') as id"),
      answers: undefined,
    };
  },
  setSpecialistSignature: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    fileId: await id(world, "select tests.id('signature of stefan') as id"),
    path: "M0 0L1 1",
  }),

  joinClinic: accepting({ patientProfileId: undefined }),
  enrollChild: accepting({ birthDate: `${new Date().getFullYear() - 5}-01-01`, relationship: "PARENT" }),
  requestProfileClaim: ofAtlas({ contact: "0722000444" }),
  confirmProfileClaim: async (world) => {
    const { profileId } = await registered(world);
    const claimId = await id(
      world,
      `with code as (
         insert into app_private.codes (organization_id, salt, digest, expires_at)
         select tests.id('atlas'), salt, app_private.code_digest('123456', salt), now() + interval '10 minutes'
         from extensions.gen_salt('bf', 9) as salt
         returning organization_id, id
       )
       insert into app_private.profile_claims (organization_id, human_id, code_id, patient_profile_id)
       select code.organization_id, personas.principal_id, code.id, '${profileId}'
       from code, tests.personas where personas.name = 'corina'
       returning id`,
    );
    const { acceptedVersionIds } = await accepting({})(world);
    return { claimId, code: "123456", acceptedVersionIds };
  },
  publishConsentVersion: ofAtlas({ purpose: "treatment_specific_atlas", inForceFrom: undefined }),
  publishPrivacyNotice: ofAtlas({ sections: [] }),
  overrideConsent: async (world) => ({ ...(await treatmentOfAna(world)), ...(await ofAtlas({})(world)) }),
  withdrawConsent: treatmentOfAna,

  updateOrganization: async () => ({ requiredProfileFields: ["phone"] }),
  createServicePlanCounter: assignments("months of atlas"),
  updateServicePlanCounter: assignments("sessions of atlas"),
  deleteServicePlanCounter: assignments("sessions of atlas"),
  startSubscription: async () => ({ status: "PENDING", trialEndsAt: undefined }),

  restoreFile: async (world) => {
    const file = await id(world, "select tests.id('logo of atlas') as id");
    await world.api.sql("update app_public.files set status = 'deleted', deleted_at = now() where id = $1", [
      file,
    ]);
    return { fileId: file };
  },
};

const mail = {
  provider: "smtp",
  integrationId: undefined,
  settings: { host: "127.0.0.1", port: 9, sender: "contact@cetus.test" },
  credentials: [
    { field: "username", value: "clinic" },
    { field: "password", value: "a password of the clinic" },
  ],
};

const label = { ro: "Întrebarea" };
const definition = { type: "text", label };
const content = { format: 1, title: label, items: [{ key: "note", type: "long_text", label }] };

/** Content of the fixture is canaries, which ask nothing. */
const template = (world: World, key: string): Promise<string> =>
  id(
    world,
    `select tests.form_template('${key}', jsonb_build_array(tests.form_item('note', 'long_text')), clinic => 'atlas') as id`,
  );
async function anasForm(world: World, key: string): Promise<string> {
  await template(world, key);
  return id(world, `select tests.form('${key} form', 'ana', '${key}', 'atlas') as id`);
}

/** Somebody who accepts all that atlas asks of whoever becomes its patient. */
function accepting(values: Given): (world: World) => Promise<Given> {
  return async (world) => ({
    ...(await ofAtlas(values)(world)),
    acceptedVersionIds: await id(world, "select tests.terms('atlas') as id"),
  });
}

async function treatmentOfAna(world: World): Promise<Given> {
  const patientId = await id(world, "select tests.id('ana at atlas') as id");
  return { patientId, purpose: "treatment_specific_atlas" };
}

function assignments(plan: string): (world: World) => Promise<Given> {
  return async (world) => ({
    kind: "treatment_plan_assignments",
    servicePlanId: await id(world, `select tests.id('${plan}') as id`),
  });
}

function ofAtlas(values: Given): (world: World) => Promise<Given> {
  return async (world) => ({ ...values, organizationId: await id(world, "select tests.id('atlas') as id") });
}

/** Whom front desk registered, with no account. */
async function registered(world: World): Promise<{ profileId: string; patientId: string }> {
  const profileId = await id(
    world,
    "insert into app_public.patient_profiles (given_name, family_name) values ('Just', 'Registered') returning id",
  );
  return {
    profileId,
    patientId: await id(world, `select tests.admitted(tests.id('atlas'), '${profileId}') as id`),
  };
}

async function id(world: World, sql: string): Promise<string> {
  const [row] = await world.api.sql(sql);
  return row.id;
}

/** An invitation of atlas to corina, who has an account and works nowhere. */
async function invited(world: World): Promise<Given> {
  const corina = "(select principal_id from tests.personas where name = 'corina' limit 1)";
  await world.api.sql(
    `update app_public.invitations set status = 'revoked'
     where email = (select email from app_public.humans where principal_id = ${corina}) and status = 'open'`,
  );
  const invitationId = await id(
    world,
    `with made as (
       insert into app_public.invitations (organization_id, kind, email, name, invited_by, expires_at)
       select tests.id('atlas'), 'member', humans.email, 'Corina',
         (select principal_id from tests.personas where name = 'olga' limit 1), now() + interval '1 day'
       from app_public.humans where humans.principal_id = ${corina}
       returning organization_id, id
     ), roles as (
       insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
       select made.organization_id, made.id, roles.id from made
       join app_public.roles on roles.organization_id = made.organization_id and roles.system_role_key = 'front_desk'
     )
     select id from made`,
  );
  return { invitationId };
}

/** The nth time that is free at atlas. */
async function freeTime(world: World, nth: number): Promise<{ calendarId: string; startsAt: string }> {
  const calendarId = await id(world, "select tests.id('calendar of atlas') as id");
  const [row] = await world.api.sql(
    `select to_json(starts_at) #>> '{}' as starts_at
     from app_public.available_slots($1, now(), now() + interval '14 days') order by starts_at offset $2 limit 1`,
    [calendarId, nth],
  );
  return { calendarId, startsAt: row.starts_at };
}

/** The token of a guest who holds the nth free time. */
async function held(world: World, nth: number): Promise<string> {
  const answer = await world.ask(
    world.person("a guest"),
    `mutation ($calendarId: UUID!, $startsAt: Datetime!) {
       holdSlot(input: { calendarId: $calendarId, startsAt: $startsAt }) { slotHold { token } } }`,
    await freeTime(world, nth),
  );
  return answer.body.data.holdSlot.slotHold.token;
}
