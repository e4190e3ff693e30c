import { asCaller, median, type Row } from "../row.ts";

/** The same small write, once behind the gate and once without it; both are verbs, which run with the engine's rights. */
const verbs = `
  drop function if exists app_public.bench_gated(uuid, uuid, text);
  drop function if exists app_public.bench_ungated(uuid, uuid, text);
  drop table if exists app_private.bench_writes;
  create table app_private.bench_writes (patient_id uuid not null, purpose text not null);
  alter table app_private.bench_writes owner to app_owner;
  grant insert on app_private.bench_writes to app_engine;
  set role app_engine;
  create function app_public.bench_gated(organization_id uuid, patient_id uuid, purpose text) returns void
  language plpgsql security definer set search_path = '' as $$
  begin
    perform app_private.require_consent(organization_id, patient_id, purpose);
    insert into app_private.bench_writes values (bench_gated.patient_id, bench_gated.purpose);
  end;
  $$;
  create function app_public.bench_ungated(organization_id uuid, patient_id uuid, purpose text) returns void
  language plpgsql security definer set search_path = '' as $$
  begin
    insert into app_private.bench_writes values (bench_ungated.patient_id, bench_ungated.purpose);
  end;
  $$;
  grant execute on function app_public.bench_gated, app_public.bench_ungated to app_member;
  reset role`;

/** A patient who answered each of three purposes ten times, and withdrew all but the last. */
const answers = `
  do $$
  declare
    v_patient app_public.patients;
    v_template_id uuid;
    v_version_id uuid;
    v_form_id uuid;
  begin
    insert into app_public.patient_profiles (given_name, family_name, birth_date) values ('Ana', 'Pop', '1980-05-05')
    returning id into v_patient.patient_profile_id;
    insert into app_public.patients (organization_id, patient_profile_id)
    values ('%clinic%', v_patient.patient_profile_id) returning * into v_patient;
    insert into app_public.form_templates (organization_id, key, name, content)
    values ('%clinic%', 'bench_consent', 'Consent', '{"format": 1, "title": {"en": "C"}, "items": [{"key": "a", "type": "boolean", "label": {"en": "A"}}]}')
    returning id into v_template_id;
    insert into app_public.form_template_versions
      (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes)
    values ('%clinic%', v_template_id, 1, '{}', sha256('{}'), '{}', 'click_typed', 'drawn', 1440) returning id into v_version_id;
    insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot)
    values ('%clinic%', v_patient.id, v_patient.patient_profile_id, v_template_id, v_version_id, '{}') returning id into v_form_id;
    for v_time in 1 .. 10 loop
      update app_public.consents set withdrawn_at = now() where patient_profile_id = v_patient.patient_profile_id and withdrawn_at is null;
      perform app_private.grant_by_form(v_patient.organization_id, v_patient.id, v_form_id,
        (select array_agg(id) from app_public.consent_purpose_versions where organization_id is null
          and purpose_code in ('telemedicine', 'video_recording', 'biometric_capture')),
        'granted', sha256('proof'), null, null, now());
    end loop;
  end;
  $$`;

/** FND-17. What the gate adds to a write that needs a consent, its locks included. */
export default {
  claim: "gate of one consent, per gated write",
  unit: "ms",
  goal: { atMost: 1 },
  async measure(bench) {
    const { organizationId, staffId } = bench.fixture;
    await bench.admin.query(verbs);
    await bench.admin.query(answers.replaceAll("%clinic%", organizationId));
    const { rows } = await bench.admin.query<{ id: string }>(
      "select id from app_public.patients where organization_id = $1 order by created_at desc limit 1",
      [organizationId],
    );
    const client = await bench.connect();
    const caller = { principalId: staffId, organizationId };
    const gated: number[] = [];
    const ungated: number[] = [];
    for (let run = -5; run < (bench.short ? 1 : 300); run++) {
      for (const [name, times] of [
        ["gated", gated],
        ["ungated", ungated],
      ] as const) {
        await asCaller(client, caller, async () => {
          const began = performance.now();
          await client.query({
            name: `bench ${name}`,
            text: `select app_public.bench_${name}($1, $2, 'telemedicine')`,
            values: [organizationId, rows[0]?.id],
          });
          if (run >= 0) times.push(performance.now() - began);
        });
      }
    }
    return {
      // One run of the short form may be the faster behind the gate.
      measured: Math.max(median(gated) - median(ungated), median(ungated) / 100),
      against: { what: "for the write without the gate", value: median(ungated) },
    };
  },
} satisfies Row;
