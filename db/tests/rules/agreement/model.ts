import type pg from "pg";
import { type Any, compares, daysToBirthday, plusDays, years } from "./comparisons.ts";
import { adherence } from "./treatments.ts";

type Row = Record<string, Any>;

const tables = [
  "patients",
  "patient_profiles",
  "custom_fields",
  "custom_field_values",
  "forms",
  "appointments",
  "consents",
  "consent_purpose_versions",
  "patient_subscriptions",
  "patient_service_plans",
  "patient_treatment_plans",
  "patient_sessions",
] as const;

/** Rules evaluated for one patient after the other, from rows as they stand: another hand than the compiler's. */
export class Model {
  #rows: Record<string, Row[]> = {};
  #zone = "";
  organizationId: string;
  now = 0;
  /** The members of the segments that rules name. */
  segments: Record<string, Set<string>> = {};

  constructor(organizationId: string, zone: string) {
    this.organizationId = organizationId;
    this.#zone = zone;
  }

  async read(client: pg.Client): Promise<void> {
    for (const table of tables) {
      const { rows } = await client.query(`select to_jsonb(t) as row from app_public.${table} as t`);
      this.#rows[table] = rows.map(({ row }) => row);
    }
  }

  patients(): Row[] {
    return this.#of("patients").filter((row) => row.deleted_at === null);
  }

  members(rule: Any): string[] {
    return this.patients()
      .filter((patient) => this.holds(rule, patient))
      .map(({ id }) => id)
      .sort();
  }

  holds(rule: Any, patient: Row, row?: Row): boolean {
    if (rule.all) return rule.all.every((part: Any) => this.holds(part, patient, row));
    if (rule.any) return rule.any.some((part: Any) => this.holds(part, patient, row));
    if (rule.not) return !this.holds(rule.not, patient, row);
    if (rule.segment) return this.segments[rule.segment]?.has(patient.id) ?? false;
    if (rule.count)
      return compares(this.#count(rule.count, patient), rule.operator, rule.value, this.#today());
    const value = row ? this.#ofRow(rule.field, row) : this.#ofPatient(rule.field, patient);
    return compares(value, rule.operator, rule.value, this.#today());
  }

  #of(table: (typeof tables)[number]): Row[] {
    return (this.#rows[table] ?? []).filter((row) => row.organization_id === this.organizationId);
  }

  #date(instant: string | number | null): string | null {
    if (instant === null) return null;
    return new Intl.DateTimeFormat("sv-SE", { timeZone: this.#zone }).format(new Date(instant));
  }

  #today(): string {
    return this.#date(this.now) as string;
  }

  #count(count: Any, patient: Row): number {
    const [table, time] = {
      appointments: ["appointments", (row: Row) => row.starts_at],
      forms: ["forms", (row: Row) => row.completed_at ?? row.created_at],
      plans: ["patient_service_plans", (row: Row) => row.starts_at],
    }[count.of as string] as ["forms", (row: Row) => string];
    return this.#of(table).filter((row) => {
      if (row.patient_profile_id !== patient.patient_profile_id || row.deleted_at) return false;
      if (count.where && !this.holds(count.where, patient, row)) return false;
      if (!count.within) return true;
      const on = this.#date(time(row)) as string;
      const today = this.#today();
      if (count.within.from) return count.within.from <= on && on <= count.within.to;
      if ("days" in count.within) return plusDays(today, -count.within.days) <= on && on <= today;
      return today <= on && on <= plusDays(today, count.within.next_days);
    }).length;
  }

  #isOpen(plan: Row): boolean {
    const after = (instant: string | null) => instant === null || Date.parse(instant) > this.now;
    if (plan.ended_at || Date.parse(plan.starts_at) > this.now || !after(plan.valid_until)) return false;
    if (!plan.source_tier_subscription_id) return true;
    const source = this.#of("patient_subscriptions").find(
      ({ id }) => id === plan.source_tier_subscription_id,
    );
    return (
      source !== undefined &&
      after(source.ends_at) &&
      (source.status === "active" ||
        (source.status === "trialing" && Date.parse(source.trial_ends_at) > this.now))
    );
  }

  #ofRow(field: string, row: Row): Any {
    const [subject, name] = field.split(".") as [string, string];
    switch (field) {
      case "appointment.is_to_come":
        return Date.parse(row.starts_at) > this.now;
      case "appointment.is_by_plan":
        return row.patient_service_plan_id !== null;
      case "plan.is_open":
        return this.#isOpen(row);
      case "plan.is_of_subscription":
        return row.source_tier_subscription_id !== null;
      case "answered.template":
      case "appointment.service":
      case "appointment.specialist":
      case "appointment.calendar":
      case "plan.service_plan":
        return row[`${name}_id`];
      default:
        return /_at$|valid_until/.test(name) && subject ? this.#date(row[name]) : row[name];
    }
  }

  #ofPatient(field: string, patient: Row): Any {
    const [family, key, answer] = field.split(".") as [string, string, string];
    const profile = this.#rows.patient_profiles?.find(({ id }) => id === patient.patient_profile_id) as Row;
    const mine = ({ patient_profile_id }: Row) => patient_profile_id === profile.id;
    const today = this.#today();
    switch (family) {
      case "custom": {
        const { id } = this.#of("custom_fields").find(({ system_key }) => system_key === key) as Row;
        return (
          this.#of("custom_field_values").find((row) => row.custom_field_id === id && mine(row))?.value ??
          null
        );
      }
      case "form": {
        const done = this.#of("forms").filter(
          (row) =>
            mine(row) && row.template_id === key && row.completed_at !== null && row.deleted_at === null,
        );
        return latest(done, "completed_at")?.answers[answer] ?? null;
      }
      case "consent":
        return this.#consent(profile.id, key);
      case "subscription": {
        const live = this.#of("patient_subscriptions").find(mine);
        if (!live) return null;
        if (key === "ends_at") return this.#date(live.ends_at);
        return key === "tier" ? live.tier_id : live[key === "since" ? "anchor_on" : key];
      }
    }
    switch (field) {
      case "profile.age":
        return profile.birth_date && years(profile.birth_date, today);
      case "profile.days_to_birthday":
        return profile.birth_date && daysToBirthday(profile.birth_date, today);
      case "profile.has_phone":
        return profile.phone !== null;
      case "patient.has_account":
        return profile.human_id !== null;
      case "patient.has_open_plan":
        return this.#of("patient_service_plans").some((row) => mine(row) && this.#isOpen(row));
      case "treatment.adherence":
        return adherence(
          this.#of("patient_treatment_plans").filter(mine),
          this.#of("patient_sessions"),
          today,
        );
      case "patient.created_at":
      case "patient.profile_completed_at":
        return this.#date(patient[key]);
      default:
        return profile[key];
    }
  }

  #consent(profileId: string, purpose: string): string {
    const versions = this.#rows.consent_purpose_versions as Row[];
    const inForce = versions.filter(
      (row) =>
        row.purpose_code === purpose &&
        Date.parse(row.in_force_from) <= this.now &&
        (row.organization_id === null || row.organization_id === this.organizationId),
    );
    const own = inForce.filter((row) => row.organization_id !== null);
    const asked = (own.length > 0 ? own : inForce).toSorted((a, b) => b.number - a.number)[0];
    const given = this.#of("consents").filter(
      (row) =>
        row.patient_profile_id === profileId &&
        row.purpose_code === purpose &&
        (row.holds_until === null || Date.parse(row.holds_until) > this.now),
    );
    const standing = (row: Row) => {
      const version = versions.find(({ id }) => id === row.purpose_version_id) as Row;
      return (
        granted(row) && !!asked && version.scope_id === asked.scope_id && version.number >= asked.accepts_from
      );
    };
    const granted = (row: Row) => row.decision === "granted" && row.withdrawn_at === null;
    if (given.some(standing)) return "granted";
    const kept = given.filter(granted);
    const last = latest(kept.length > 0 ? kept : given, "decided_at");
    if (!last) return "never_given";
    if (last.decision === "refused") return "refused";
    return last.withdrawn_at === null ? "older_version" : "withdrawn";
  }
}

function latest(rows: Row[], time: string): Row | undefined {
  const order = (row: Row) => [Date.parse(row[time]), row.id] as const;
  return rows.toSorted((a, b) => order(b)[0] - order(a)[0] || (order(b)[1] > order(a)[1] ? 1 : -1))[0];
}
