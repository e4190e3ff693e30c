import express from "express";
import { createLog } from "../runtime/log.ts";
import { readConfig } from "../server/config.ts";
import { createPool } from "../server/database.ts";
import { authenticate, enter } from "../server/http/identify.ts";
import { openDevIssuer } from "../server/identity/dev_issuer.ts";
import { fixedKey } from "../server/identity/keys.ts";
import { type Settings, settingsOf } from "../server/identity/session.ts";
import { createVerifier } from "../server/identity/verify.ts";

/**
 * The endpoint one would write by hand for the list that the GraphQL row measures: the same token check, the same
 * session, the same row level security, one SQL statement that answers with finished JSON. A process of its own,
 * so that neither side lends the other its thread.
 */
const config = readConfig();
const log = createLog(config);
const pool = createPool(config, log);
const { issuer, authorizedParties } = config.identity;
const verify = createVerifier({
  keys: fixedKey(openDevIssuer(config).publicKeyPem),
  issuer,
  authorizedParties,
});

// The joins that PostGraphile writes for the query of the row, with the JSON made by the database.
const list = `
  select coalesce(json_agg(row), '[]')::text as json
  from (
    select
      appointments.id as "id", appointments.starts_at as "startsAt", appointments.status,
      json_build_object('name', services.name) as service,
      json_build_object('givenName', specialists.given_name, 'familyName', specialists.family_name) as specialist,
      json_build_object('patientProfile', json_build_object(
        'givenName', patient_profiles.given_name, 'familyName', patient_profiles.family_name)) as patient
    from app_public.appointments
    left join app_public.services
      on services.organization_id = appointments.organization_id and services.id = appointments.service_id
    left join app_public.specialists
      on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
    left join app_public.patients
      on patients.organization_id = appointments.organization_id
     and patients.patient_profile_id = appointments.patient_profile_id
    left join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
    order by appointments.starts_at, appointments.id
    limit 20
  ) as row`;

const app = express();
app.disable("x-powered-by");
app.get("/appointments", authenticate(verify), enter(pool), async (request, response) => {
  response.type("json").send(await listFor(settingsOf(request)));
});

/** A transaction as one writes it with the driver: each step is waited for. */
async function listFor(settings: Settings): Promise<string | undefined> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(
      "select set_config(name, value, true) from jsonb_each_text($1) as setting (name, value)",
      [JSON.stringify(settings)],
    );
    const { rows } = await client.query<{ json: string }>({ name: "list", text: list });
    await client.query("commit");
    return rows[0]?.json;
  } finally {
    client.release();
  }
}

const server = app.listen(config.port, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === "object" ? address?.port : config.port}` });
});
process.once("disconnect", () => process.exit(0));
