import type pg from "pg";
import { type Random, texts } from "./random.ts";
import { putTreatments } from "./treatments.ts";

type Row = Record<string, unknown>;
export type Clinic = { id: string; zone: string; members: Record<string, Set<string>> };

const day = 86_400_000;
const options = ["knee", "hip", "back"].map((value) => ({ value, label: { ro: value } }));
const items = [
  { key: "note", type: "text", label: { ro: "Notă" } },
  { key: "pain", type: "scale", label: { en: "Pain" }, min: 0, max: 10 },
  { key: "weight", type: "number", label: { ro: "Greutate" } },
  { key: "smokes", type: "boolean", label: { ro: "Fumează" } },
  { key: "injured_on", type: "date", label: { ro: "Accident" } },
  { key: "where", type: "choice", label: { ro: "Unde" }, options },
  { key: "areas", type: "choices", label: { ro: "Zone" }, options },
];

/** What somebody answered to an item; now and then nothing. */
function answer(random: Random, type: string, around: number): unknown {
  switch (type) {
    case "text":
      return random.of(texts);
    case "scale":
      return random.between(0, 10);
    case "number":
      return random.between(-20, 200) / 2;
    case "boolean":
      return random.chance(0.5);
    case "date":
      return date(around + random.between(-60, 60) * day);
    case "choice":
      return random.of(options).value;
    default:
      return [...new Set(random.some(options, 3).map(({ value }) => value))];
  }
}

const date = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const iso = (instant: number) => new Date(instant).toISOString();

/** Two clinics with patients whom both know, written as rows: triggers and keys are the business of others. */
export async function makeWorld(
  client: pg.Client,
  random: Random,
  now: number,
  purposes: PurposeVersion[],
): Promise<Clinic[]> {
  const rows: Record<string, Row[]> = {};
  const put = (table: string, row: Row) => {
    rows[table] = [...(rows[table] ?? []), row];
    return row.id as string;
  };
  const near = (days: number) => iso(now + random.between(-days * 24, days * 24) * 3_600_000);
  const perhaps = <T>(share: number, value: T) => (random.chance(share) ? value : null);

  const people = Array.from({ length: 12 }, () =>
    put("patient_profiles", {
      id: random.uuid(),
      human_id: perhaps(0.4, random.uuid()),
      given_name: `${random.of(texts.slice(0, 14))}`,
      family_name: `${random.of(texts.slice(0, 14))} x`,
      email: perhaps(0.6, random.of(["ana@example.com", "stefan.x@example.ro"])),
      phone: perhaps(0.5, "+40722000111"),
      birth_date: perhaps(
        0.85,
        date(now - random.between(0, 30) * 365.25 * day + random.between(-3, 3) * day),
      ),
      locale: random.of(["ro", "en"]),
    }),
  );
  const clinics: Clinic[] = [];
  for (const zone of [random.of(["Europe/Bucharest", "America/New_York"]), "Pacific/Auckland"]) {
    const organization_id = put("organizations", {
      id: random.uuid(),
      slug: `world-${clinics.length}`,
      name: "World",
      timezone: zone,
    });
    const own = (table: string, row: Row = {}) => put(table, { id: random.uuid(), organization_id, ...row });
    const priced = { price_amount: 100, currency: "RON" };
    const pair = (make: (number: number) => string) => [make(1), make(2)];
    const services = pair((n) =>
      own("services", { name: `S ${n}`, duration_minutes: 30, modality: "in_person", ...priced }),
    );
    const specialists = pair(() => own("specialists", { given_name: "Ion", family_name: "Pop" }));
    const tiers = pair((n) =>
      own("patient_tiers", { name: `T ${n}`, translations: {}, billing_period: "month", ...priced }),
    );
    const plans = pair((n) =>
      own("service_plans", {
        name: `P ${n}`,
        translations: {},
        plan_type: "session_based",
        sessions_total: 5,
        ...priced,
      }),
    );
    const fields = items.map(({ key, ...definition }) => {
      const id = own("custom_fields", {
        entity_type: "patient",
        system_key: `own_${key}`,
        definition,
        version: 1,
        published: true,
      });
      own("custom_field_versions", { custom_field_id: id, number: 1, definition });
      return { id, type: definition.type };
    });
    const content = {
      format: 1,
      title: { ro: "F" },
      items: [{ key: "g", type: "group", label: { ro: "G" }, items }],
    };
    const templates = pair((n) => {
      const id = own("form_templates", {
        key: `t${n}`,
        name: `F ${n}`,
        content,
        version: 1,
        published: true,
      });
      return id;
    });

    // Words of the clinic's own, of which some come into force by time alone, and make older answers stale or not.
    const versions = [...purposes];
    for (const { purpose_code } of purposes.slice(0, 2))
      for (const number of [1, 2])
        versions.push({
          id: own("consent_purpose_versions", {
            purpose_code,
            number,
            is_required: false,
            asks_again: true,
            accepts_from: random.between(1, number),
            in_force_from: near(10),
            title_ro: "T",
            body_ro: "B",
            content_hash: `\\x${"00".repeat(32)}`,
          }),
          scope_id: organization_id,
          purpose_code,
        });

    const segments = pair((n) => own("segments", { name: `Seg ${n}`, kind: "list" }));
    const members: Clinic["members"] = Object.fromEntries(segments.map((id) => [id, new Set()]));

    for (const patient_profile_id of people.filter(() => random.chance(0.7))) {
      const patient_id = own("patients", {
        patient_profile_id,
        created_at: near(400),
        profile_completed_at: perhaps(0.5, near(100)),
        deleted_at: perhaps(0.08, iso(now)),
      });
      for (const segment_id of segments.filter(() => random.chance(0.6))) {
        const left_at = perhaps(0.3, iso(now));
        const entered_at = iso(now - day);
        own("segment_members", { segment_id, patient_id, patient_profile_id, entered_at, left_at });
        if (left_at === null) members[segment_id]?.add(patient_id);
      }
      for (const { id, type } of fields)
        if (random.chance(0.6))
          own("custom_field_values", {
            custom_field_id: id,
            entity_type: "patient",
            patient_profile_id,
            value: answer(random, type, now),
            version: 1,
          });
      for (let left = random.below(4); left > 0; left -= 1) {
        const status = random.of(["completed", "signed", "completed", "in_progress", "pending"]);
        const done = status === "completed" || status === "signed";
        const completed_at = done ? near(60) : null;
        own("forms", {
          patient_id,
          patient_profile_id,
          template_id: random.of(templates),
          version_id: random.uuid(),
          snapshot: {},
          status,
          created_at: near(60),
          completed_at,
          signed_at: status === "signed" ? completed_at : null,
          deleted_at: perhaps(0.1, iso(now)),
          answers: Object.fromEntries(
            items.filter(() => random.chance(0.7)).map(({ key, type }) => [key, answer(random, type, now)]),
          ),
        });
      }
      for (let left = random.below(5); left > 0; left -= 1) {
        const starts_at = near(40);
        own("appointments", {
          patient_profile_id,
          calendar_id: random.uuid(),
          claim_id: random.uuid(),
          service_id: random.of(services),
          specialist_id: random.of(specialists),
          status: random.of(["booked", "confirmed", "done", "cancelled", "noshow"]),
          modality: random.of(["in_person", "video", "phone"]),
          starts_at,
          ends_at: iso(Date.parse(starts_at) + 3_600_000),
          contact_name: "x",
          locale: "ro",
          created_at: near(60),
          is_late_cancellation: perhaps(0.3, random.chance(0.5)),
          patient_service_plan_id: perhaps(0.3, random.uuid()),
          deleted_at: perhaps(0.1, iso(now)),
          ...priced,
        });
      }
      const subscription = random.chance(0.6)
        ? own("patient_subscriptions", {
            patient_profile_id,
            tier_id: random.of(tiers),
            status: random.of(["pending", "trialing", "active", "past_due"]),
            billing_period: random.of(["month", "year"]),
            anchor_on: date(now + random.between(-60, 10) * day),
            period_starts_at: near(20),
            period_ends_at: near(20),
            trial_ends_at: near(20),
            ends_at: perhaps(0.5, near(30)),
          })
        : null;
      for (let left = random.below(3); left > 0; left -= 1) {
        const starts_at = near(30);
        const comes = subscription && left === 1;
        own("patient_service_plans", {
          patient_profile_id,
          service_plan_id: random.of(plans),
          telerehab_access: false,
          library_access: false,
          starts_at,
          valid_until: perhaps(0.6, iso(Date.parse(starts_at) + random.between(1, 60) * day)),
          ended_at: perhaps(0.2, near(5)),
          ...(comes
            ? { source_tier_subscription_id: subscription, grant_period: "month", grant_quantity: 1 }
            : priced),
        });
      }
      putTreatments(own, random, now, patient_profile_id);
      for (let left = random.below(4); left > 0; left -= 1) {
        const decision = random.of(["granted", "granted", "refused"]);
        const held = decision === "granted" && random.chance(0.3);
        const version = random.of(versions);
        const decided_at = iso(now - random.between(1, 90 * 24) * 3_600_000);
        own("consents", {
          patient_profile_id,
          purpose_code: version.purpose_code,
          version_scope_id: version.scope_id,
          purpose_version_id: version.id,
          legal_basis: "consent",
          decision,
          source: held ? "staff" : "self",
          emergency_reason: held ? "Urgență" : null,
          holds_until: held ? iso(Date.parse(decided_at) + random.between(1, 120) * day) : null,
          decided_at,
          withdrawn_at: decision === "granted" ? perhaps(0.2, iso(Date.parse(decided_at) + day)) : null,
        });
      }
    }
    clinics.push({ id: organization_id, zone, members });
  }
  for (const [table, list] of Object.entries(rows)) await insert(client, table, list);
  await client.query(
    `insert into app_public.form_template_versions (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes)
     select organization_id, id, 1, content, sha256(convert_to(content::text, 'UTF8')), '{}', signature_mode, link_inner_mode, link_expires_minutes
     from app_public.form_templates`,
  );
  return clinics;
}

/** Rows of one table may name different columns; what one does not name is as the table says. */
async function insert(client: pg.Client, table: string, list: Row[]): Promise<void> {
  const kinds = Map.groupBy(list, (row) =>
    Object.keys(row)
      .filter((key) => row[key] !== null)
      .join(", "),
  );
  for (const [columns, alike] of kinds)
    await client.query(
      `insert into app_public.${table} (${columns})
       select ${columns} from jsonb_populate_recordset(null::app_public.${table}, $1)`,
      [JSON.stringify(alike)],
    );
}

export type PurposeVersion = { id: string; scope_id: string; purpose_code: string };

/** The platform's words of the purposes that patients are asked for. */
export async function readPurposes(client: pg.Client): Promise<PurposeVersion[]> {
  const known = await client.query(
    `select v.id, v.scope_id, v.purpose_code from app_public.consent_purpose_versions v
     join app_public.consent_purposes p on p.scope_id = v.purpose_scope_id and p.code = v.purpose_code
     where v.organization_id is null and p.scope = 'organization' order by v.purpose_code, v.number limit 4`,
  );
  return known.rows;
}
