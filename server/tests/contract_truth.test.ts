import {
  buildSchema,
  type GraphQLInputField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
} from "grafast/graphql";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { readText } from "../../runtime/line_ends.ts";
import { schemaPath } from "../export_schema.ts";
import { NAMED_SCALARS } from "../plugins/named_scalars.ts";
import type { Json } from "./support.ts";

/** May be null, though neither the catalog nor a comment says why. A new one is decided on here. */
const DECIDED_NULLABLE: Record<string, string> = {
  "ConsentState.consent": "Where nothing was answered there is none.",
  "ConsentState.purposeVersion": "Where nobody has published words there are none.",
  "MediaBufferingEvent.exerciseSession":
    "A row of the patient's file is read by whoever reads its recording.",
  "PoseRepMetric.exerciseSession": "A row of the patient's file is read by whoever reads its recording.",
  "File.upload": "Only for the uploader, while the file is pending.",
  "File.download": "Only when its bytes are confirmed.",
  "Invoice.period": "Its period, of which only whoever sees the subscription hears.",
  "BillingOverview.nextBillOn": "Of a subscription that has ended none is made.",
  "BillingOverview.overdueSince": "Where nothing is overdue.",
  "ClinicsOverview.nextBillOn": "Of a subscription that has ended, or never was, none is made.",
  "ClinicsOverview.overdueSince": "Where nothing is overdue.",
  "ClinicsOverview.status": "A clinic that never subscribed has none.",
  "ClinicsOverview.tierSlug": "A clinic that never subscribed has none.",
  "TierChangePreview.meter": "Only lines for usage have one.",
  "CadenceChangePreview.meter": "Only lines for usage have one.",
  "OrganizationBillingPeriod.closedAt": "A month that runs is not billed yet.",
  "OrganizationBillingPeriod.subscription": "Read with the reader's rights.",
  "Query.organizationBillingPeriod": "A row that is asked for by its key.",
  "PeriodBill.period": "Its period, of which only whoever sees the subscription hears.",
  "ProjectedInvoice.meter": "Only lines for usage have one.",
  "VerifyBilling.invoiceId": "What made no invoice has none.",
  "VerifyBilling.periodId": "A number that is missing is of no period.",
  "VerifyBilling.expected": "What should not be there is not expected.",
  "VerifyBilling.found": "What is missing is not found.",
  "SaveWebhookSubscriptionPayload.secret": "Shown for a new subscription only.",
  "MessagePreview.title": "A short text has none.",
  "MessageText.title": "A short text has none.",
  "MessagePreview.html": "Only a mail has one.",
  "MessagePreview.parts": "Only an SMS is counted in parts.",
  "PageInfo.startCursor": "An empty page has no row.",
  "PageInfo.endCursor": "An empty page has no row.",
  "AgendaAppointment.appointment": "Read with the reader's rights.",
  "AgendaRequest.bookingRequest": "Read with the reader's rights.",
  "RuleSample.patient": "Read with the reader's rights.",
  "AgendaResource.resource": "Read with the reader's rights.",
  "AgendaSession.calendar": "Read with the reader's rights.",
  "AgendaUse.specialist": "One who has left is shown with what they had.",
  "AgendaSpecialist.specialist": "One who has left is shown with what they had.",
  "AvailabilityChange.days": "None are named where the times of any day may have changed.",
  "AppointmentChange.appointment": "Read when it is told, with the rights of then.",
  "BookingRequestChange.bookingRequest": "Read when it is told, with the rights of then.",
  "ChartBlock.bookingBlock": "Read with the reader's rights.",
  "ChartLink.form": "Read with the reader's rights.",
  "ChartLink.signatureLink": "Read with the reader's rights.",
  "ChartPlan.patientServicePlan": "Read with the reader's rights.",
  "ChartRequest.bookingRequest": "Read with the reader's rights.",
  "MissingRequirement.patientServicePlan": "Where a plan is named, read with the reader's rights.",
  "PatientChart.patient": "Read with the reader's rights.",
  "MissingRequirement.form": "Where a form is named, read with the reader's rights.",
  "MissingRequirement.purposeVersion": "Where a consent is named.",
  "MissingRequirement.template": "Where a form is named, read with the reader's rights.",
  "PatientMatch.patient": "Read with the reader's rights.",
  "PatientMatch.patientProfile": "Read with the reader's rights.",
  "Subscription.inboxItemArrived": "Read when it arrives, with the rights of then.",
  "SendSignatureLinkPayload.code": "Who is asked for the date of birth is told none.",
  "VideoRoom.staffNotice": "Nothing keeps the room from being made.",
  "TestIntegrationPayload.reason": "Nothing was wrong.",
  "TestIntegrationPayload.hint": "Nothing was wrong.",
};

/** Text or a number, though the name sounds like a list of words, an instant or a scalar of its own. */
const DECIDED_STRINGS: Record<string, string> = {
  "MissingRequirement.kind": "What is missing is derived, and no column holds it.",
  "AutomationExecution.action": "The code of an action that automationBuilder lists, which are rows.",
  "SimulatedAction.action": "As AutomationExecution.action.",
  "File.contentType": "A media type: the list is that of files, and grows with them.",
  "RequestUploadInput.contentType": "As File.contentType.",
  "Organization.slug": "A name.",
  "OrganizationSubscription.providerStatus": "A word of the payment provider's.",
  "EntitlementEntry.subjectKind": "Whatever comes to use plans: a function of its area says the word.",
  "PatientEntitlement.kind": "The key of an EntitlementKind, which are rows.",
  "PublicAttachment.contentType": "As File.contentType.",
  "ServicePlanCounter.kind": "As PatientEntitlement.kind.",
  "DeleteServicePlanCounterInput.kind": "As PatientEntitlement.kind.",
  "ServicePlanCounterInput.kind": "As PatientEntitlement.kind.",
  "UpdateServicePlanCounterInput.kind": "As PatientEntitlement.kind.",
};

const SOUNDS_FIXED = /^(status|kind|state|mode|action)$|(Status|Kind|State|Mode|Strategy|Modality|Type)$/;
/** "new, open or closed": a description that begins by naming words names a list. */
const LISTS_WORDS = /^[a-z_]+(, [a-z_]+)+,? or [a-z_]+\b/;

let database: TestDatabase;
let schema: GraphQLSchema;
let pool: Pool;
beforeAll(async () => {
  schema = buildSchema(readText(schemaPath));
  database = await createTestDatabase({ bare: true, because: "the catalog is compared with the contract" });
  pool = new Pool({ connectionString: database.urls.admin, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const types = () => Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
const objects = () => types().filter(isObjectType);
const inputs = () => types().filter(isInputObjectType);
const fieldsOf = (name: string) => (schema.getType(name) as GraphQLObjectType).getFields();
const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `CalendarHour.specialistId` of the column app_public.calendar_hours.specialist_id, for all that answer to the test. */
async function columns(condition: string): Promise<Set<string>> {
  const { rows } = await pool.query(`
    select c.relname as table_name, a.attname as name, a.attname ~ '_by$' and a.atttypid = 'uuid'::regtype as is_of_who
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'app_public'::regnamespace and a.attnum > 0 and not a.attisdropped and ${condition}`);
  return new Set(
    rows.map(({ table_name, name, is_of_who }: Json) => {
      const type = camel(`_${table_name}`).replace(/ies$/, "y").replace(/s$/, "");
      return `${type}.${name === "row_id" ? "id" : camel(is_of_who ? `${name}_id` : name)}`;
    }),
  );
}

describe("FND-29: the contract tells the truth", () => {
  it("says of everything what it is", () => {
    const mute: string[] = [];
    for (const type of types()) {
      if (isSpecifiedScalarType(type)) continue;
      if (!type.description) mute.push(type.name);
      if (isEnumType(type))
        mute.push(...type.getValues().flatMap((v) => (v.description ? [] : [`${type.name}.${v.name}`])));
      if (!("getFields" in type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (!field.description) mute.push(`${type.name}.${field.name}`);
        for (const arg of "args" in field ? field.args : [])
          if (!arg.description) mute.push(`${type.name}.${field.name}(${arg.name})`);
      }
    }
    expect(mute).toEqual([]);
  });

  it("lets nothing be null but what the catalog, a comment or a decision says", async () => {
    const nullable = await columns(
      "case when c.relkind = 'r' then not a.attnotnull else col_description(c.oid, a.attnum) ~ '^@nullable|\\n@nullable' end",
    );
    const { rows } = await pool.query(
      "select proname from pg_proc where pronamespace = 'app_public'::regnamespace and obj_description(oid) ~ '@nullable'",
    );
    const answersNothing = new Set(rows.map(({ proname }: Json) => camel(proname)));
    const { rows: tables } = await pool.query(
      "select relname from pg_class where relnamespace = 'app_public'::regnamespace and relkind in ('r', 'v')",
    );
    const rowTypes = new Set(
      tables.map(({ relname }: Json) => camel(`_${relname}`).replace(/ies$/, "y").replace(/s$/, "")),
    );
    const undecided = objects().flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => !isNonNullType(field.type))
        .filter((field) => {
          const name = `${type.name}.${field.name}`;
          const isRow = rowTypes.has(getNamedType(field.type).name);
          if (name in DECIDED_NULLABLE || nullable.has(name)) return false;
          // A row that is asked for by its key, or that another leads to, may be hidden from the reader.
          if (isRow && (rowTypes.has(type.name) || type.name === "KnownTimeZone")) return false;
          if (type.name === "Query" && (isRow || getNamedType(field.type).name === "KnownTimeZone"))
            return !field.args.every((arg) => isNonNullType(arg.type));
          if (type.name === "Query") return !answersNothing.has(field.name);
          if (/(Max|Min)Aggregates$/.test(type.name)) return false;
          return ![...answersNothing].some((asked) => asked.toLowerCase().endsWith(field.name.toLowerCase()));
        })
        .map((field) => `${type.name}.${field.name}`),
    );
    expect(undecided).toEqual([]);
    const stale = Object.keys(DECIDED_NULLABLE).filter((name) => {
      const [type = "", field = ""] = name.split(".");
      const found = fieldsOf(type)[field];
      return !found || isNonNullType(found.type);
    });
    expect(stale).toEqual([]);
  });

  it("asks for every argument that has no default, and for no other", async () => {
    const { rows } = await pool.query(`
      select proname, provolatile = 'v' as changes, coalesce(proargnames[1 : pronargs], '{}') as names,
             pronargs - pronargdefaults as required
      from pg_proc where pronamespace = 'app_public'::regnamespace and prorettype <> 'trigger'::regtype
        and (pronargs = 0 or not exists (select from pg_class where reltype = proargtypes[0]))`);
    expect(rows.length).toBeGreaterThan(80);
    const wrong: string[] = [];
    for (const { proname, changes, names, required } of rows) {
      const field = fieldsOf(changes ? "Mutation" : "Query")[camel(proname)];
      if (!field) {
        wrong.push(`${proname} is no field`);
        continue;
      }
      const input = field.args.find(({ name }) => name === "input");
      const named = input && getNamedType(input.type);
      const args: Record<string, Pick<GraphQLInputField, "type">> = isInputObjectType(named)
        ? named.getFields()
        : Object.fromEntries(field.args.map((arg) => [arg.name, arg]));
      for (const [place, name] of (names as string[]).entries()) {
        const arg = args[name === "row_id" ? "id" : /^[a-z0-9]+$/.test(name) ? name : camel(name)];
        if (!arg || isNonNullType(arg.type) !== place < required) wrong.push(`${field.name}(${name})`);
      }
    }
    expect(wrong).toEqual([]);
    for (const document of [
      "mutation { cancelAppointment(input: {}) { appointment { id } } }",
      'mutation { createPatient(input: { givenName: "Ana", familyName: "Pop" }) { patient { id } } }',
      '{ appointments(filter: { status: { equalTo: "booked" } }) { nodes { id } } }',
      "{ appointments(filter: { status: { equalTo: BOOKT } }) { nodes { id } } }",
    ])
      expect(validate(schema, parse(document)).length, document).toBe(1);
  });

  it("has an enum for every fixed list, and text for nothing that sounds like one", async () => {
    const listed = await columns(`c.relkind = 'r' and a.atttypid = 'text'::regtype and exists (
      select from pg_constraint k where k.conrelid = c.oid and k.conkey = array[a.attnum]
        and k.conname ~ '_is_(known|supported|built)$')`);
    const stringly: string[] = [];
    for (const type of [...objects(), ...inputs()]) {
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type as GraphQLOutputType);
        const name = `${type.name}.${field.name}`;
        if (listed.has(name) && !isEnumType(named)) stringly.push(name);
        const soundsFixed = SOUNDS_FIXED.test(field.name) || LISTS_WORDS.test(field.description ?? "");
        if (named.name === "String" && soundsFixed && !(name in DECIDED_STRINGS)) stringly.push(name);
        if (/At$/.test(field.name) && isLeafType(named) && named.name !== "Datetime") stringly.push(name);
      }
    }
    expect(stringly).toEqual([]);
    expect(
      types().filter((type) => isEnumType(type) && !type.name.endsWith("OrderBy")).length,
    ).toBeGreaterThan(15);
  });

  it("gives a value of its own kind one scalar under all its names", () => {
    const wrong: string[] = [];
    const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    for (const type of [...objects(), ...inputs()]) {
      if (/Aggregates$|Filter$/.test(type.name)) continue;
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type as GraphQLOutputType);
        const meant = Object.entries(NAMED_SCALARS).find(([, { names }]) =>
          names.test(snake(field.name)),
        )?.[0];
        if (isLeafType(named) && meant && meant !== named.name)
          wrong.push(`${type.name}.${field.name}: ${named.name}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has one name for a key, one way to a row, and names that can be said", () => {
    const odd: string[] = [];
    for (const type of [...objects(), ...inputs()]) {
      for (const field of Object.values(type.getFields())) {
        const isOdd =
          getNamedType(field.type as GraphQLOutputType).name === "ID" ||
          /^(rowId|nodeId|clientMutationId|result)$|By[A-Z]\w*And[A-Z]|^principalBy/.test(field.name);
        if (isOdd) odd.push(`${type.name}.${field.name}`);
      }
    }
    expect(odd).toEqual([]);
    for (const name of ["Query", "Mutation"])
      expect(Object.keys(fieldsOf(name)).filter((field) => /ById$|ByNodeId$/.test(field))).toEqual([]);
  });

  it("sums up only where somebody asks for it", () => {
    const summed = objects().filter((type) => /(?<!Sum|Min|Max|DistinctCount)Aggregates$/.test(type.name));
    expect(summed.map(({ name }) => name)).toEqual(["AppointmentAggregates"]);
  });
});
