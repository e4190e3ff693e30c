/** Values for arguments: whose row an id names, and something plausible for everything else. */
import {
  type GraphQLInputObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from "grafast/graphql";
import type { Slot } from "./operations.ts";

/**
 * Doors for people who are not known yet: a clinic's public page, what it hands out there, and signing up are the same for
 * everyone. At scale (scale.ts) only clinics by their slugs are left out: nobody asks there for what is shown to everybody.
 */
export const publicDoors = new Set([
  "clinicBySlug",
  "clinicTerms",
  "enrollChild",
  "joinClinic",
  "organizationBySlug",
  "requestProfileClaim",
  "serviceAttachments",
]);

/** Arguments that name a row by another word than its table. */
const otherWords: Record<string, string> = {
  acknowledgedContraindication: "app_public.exercise_contraindications",
  acceptedVersion: "app_public.consent_purpose_versions",
  // billingOverview goes on from a clinic.
  afterOrganization: "app_public.organizations",
  actor: "app_public.humans",
  amendsForm: "app_public.forms",
  claim: "app_private.profile_claims",
  // logExercise: the id that a device gave an entry.
  client: "app_public.patient_exercise_logs",
  // likelyDuplicates goes on from a patient.
  before: "app_public.patients",
  document: "app_public.appointment_documents",
  duplicate: "app_public.patients",
  // setCustomFieldValue, of a field of patients.
  entity: "app_public.patients",
  entitlement: "app_public.organization_entitlements",
  human: "app_public.humans",
  key: "app_public.service_account_keys",
  line: "app_public.invoice_lines",
  link: "app_public.patient_subscription_links",
  merge: "app_public.patient_merges",
  owner: "app_public.appointments",
  person: "app_public.patient_profiles",
  principal: "app_public.humans",
  purposeVersion: "app_public.consent_purpose_versions",
  reassignTo: "app_public.specialists",
  render: "app_public.exercise_renders",
  // restoreDeletedRow, asked for the entity below.
  id: "app_public.services",
  specialty: "app_public.specialties",
  subscription: "app_public.patient_subscriptions",
  template: "app_public.form_templates",
  tier: "app_public.patient_tiers",
  tierVersion: "app_public.platform_tier_versions",
  version: "app_public.treatment_plan_versions",
  writeBack: "app_public.form_write_backs",
  integration: "app_public.organization_integrations",
};

/** The table whose row an id argument names; undefined when nobody decided. `owner` is the table of a plain id. */
export function tableOfSlot(
  slot: Slot,
  tables: ReadonlySet<string>,
  owner: string | undefined,
): string | undefined {
  if (slot.name === "id") return owner ?? otherWords.id;
  const word = slot.name.replace(/Ids?$/, "");
  return otherWords[word] ?? otherWords[slot.name] ?? tableNamed(word, tables);
}

/** `CalendarHour` or `calendarHour` → app_public.calendar_hours. */
export function tableNamed(word: string, tables: ReadonlySet<string>): string | undefined {
  const snake = word.replace(/[A-Z]/g, (letter, at) => `${at > 0 ? "_" : ""}${letter.toLowerCase()}`);
  return [`${snake}s`, snake.replace(/y$/, "ies"), snake]
    .map((name) => `app_public.${name}`)
    .find((name) => tables.has(name));
}

/** The table that a root field is about: of its result, or of the words after its verb. */
export function tableOfField(name: string, result: string, tables: ReadonlySet<string>): string | undefined {
  const thing = name.replace(/^(create|update|delete)/, "");
  return tableNamed(result.replace(/Payload$/, ""), tables) ?? tableNamed(thing, tables);
}

export function isUuid(slot: Slot): boolean {
  return getNamedType(slot.type).name === "UUID";
}

const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);

const byName: Record<string, unknown> = {
  email: "somebody.new@people.test",
  ownerEmail: "somebody.new@people.test",
  phone: "+40722000333",
  contactPhone: "+40722000333",
  contactEmail: "somebody.new@people.test",
  slug: "somewhere-new",
  key: "something_new",
  locale: "RO",
  timezone: "Europe/Bucharest",
  schedulingTimezone: "Europe/Bucharest",
  currency: "RON",
  tenancyMode: "SHARED",
  surface: "APPOINTMENT_FILES",
  filename: "scrisoare.pdf",
  contentType: "application/pdf",
  sizeBytes: "1000",
  sha256: "0".repeat(64),
  modality: "IN_PERSON",
  assignmentStrategy: "ROUND_ROBIN",
  relationship: "OTHER",
  kind: "CLOSED",
  entity: "services",
  permission: "patients.view",
  capability: "sms",
  provider: "twilio",
  credentials: [{ field: "authToken", value: "0123456789abcdef" }],
  permissions: ["patients.view"],
  templateKey: "appointment_booked",
  channel: "SMS",
  topic: "appointments",
  contentSid: `HX${"1".repeat(32)}`,
  variables: ["recipientName"],
  endpoint: "https://push.example.org/new",
  p256dh: "B".repeat(87),
  auth: "A".repeat(22),
  token: "a-token-that-nobody-was-given",
  holdToken: "a-token-that-nobody-was-given",
  from: `${soon}T00:00:00Z`,
  to: `${soon}T23:00:00Z`,
  birthDate: "1990-01-01",
  weekday: 2,
  starts: "09:00:00",
  ends: "10:00:00",
  priority: 1,
  draft: false,
  bookingResponseHours: 24,
  holdMinutes: 10,
  holdsPerVisitor: 3,
  holdsPerAddress: 20,
  limit: 1,
  count: 1,
  rule: { all: [] },
  eventName: "appointment.booked",
  conditions: { all: [] },
  actions: [{ action: "require_consent", config: { purpose: "org_terms" } }],
  editorState: { blocks: [] },
};

/** Something the argument would take. */
export function plausible(slot: Slot): unknown {
  const named = getNamedType(slot.type);
  const meant = String(byName[slot.name]);
  // What is `from` an instant elsewhere is from a day here, and each list has kinds of its own.
  const isOtherKind =
    (named.name === "Date" && meant.includes("T")) || (isEnumType(named) && !named.getValue(meant));
  if (slot.name in byName && !isOtherKind) return byName[slot.name];
  const value = isEnumType(named)
    ? named.getValues()[0]?.name
    : isInputObjectType(named)
      ? objectOf(named)
      : byType[named.name];
  return isListType(getNullableType(slot.type)) ? [value] : value;
}

/** An element of a list of objects: what it cannot be without. */
function objectOf(type: GraphQLInputObjectType): Record<string, unknown> {
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(
    required.map(({ name, type: of }) => [name, plausible({ path: [name], name, type: of, required: true })]),
  );
}

const byType: Record<string, unknown> = {
  String: "something",
  Int: 30,
  BigInt: "10000",
  MoneyMinor: "10000",
  Minutes: 30,
  Email: "somebody.new@people.test",
  PhoneNumber: "+40722000333",
  TimeZone: "Europe/Bucharest",
  BigFloat: "1",
  Float: 1,
  Boolean: true,
  JSON: {},
  Date: soon,
  Datetime: `${soon}T09:00:00Z`,
  LocalTime: "09:00:00",
};
