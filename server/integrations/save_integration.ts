import { DatabaseError } from "pg";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { credentialsPlace } from "../../secrets/resolver.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import type { IntegrationParts } from "./parts.ts";

export const integrationInput = z.object({
  organizationId: z.string(),
  /** Absent: a new one. */
  integrationId: z.string().nullish(),
  provider: z.string(),
  label: z.string(),
  settings: z.record(z.string(), z.unknown()).nullish(),
  /** Absent: the keys that are there stay, for the destination they were entered for. */
  credentials: z.array(z.object({ field: z.string(), value: z.string() })).nullish(),
});
export type IntegrationInput = z.output<typeof integrationInput>;

type CredentialField = { name: string; kind: "secret" | "password" | "text"; required: boolean };
type Form = { fields: CredentialField[]; bound_to: string; id: string };

/**
 * Saves a clinic's account at a vendor (FND-23). The keys are sealed for the row, and for the destination that the
 * settings name, before SQL hears of them: the database gets an envelope and the last four characters. Whoever
 * changes the destination enters the keys again (VALIDATION credentials_required), or a stranger's server would be
 * shown the present ones (FND-35). Permission is asked first, so that nobody makes us
 * encrypt, and again where it is written.
 */
export async function saveIntegration(
  { pool, secrets }: IntegrationParts,
  settings: Settings,
  input: IntegrationInput,
): Promise<string> {
  const { organizationId, provider, label } = input;
  const existing = input.integrationId ?? null;
  const given = JSON.stringify(withoutNulls(input.settings ?? {}));
  const { fields, bound_to, id } = await asCaller(pool, settings, async (client) => {
    const { rows } = await client.query<Form>(
      "select form.*, coalesce($3, uuidv7()) as id from app_hidden.integration_form($1, $2, $3, $4) as form",
      [organizationId, provider, existing, given],
    );
    return rows[0] as Form;
  });
  const credentials = readCredentials(fields, input.credentials ?? null, existing === null);

  const seal = async () =>
    credentials &&
    secrets.seal(
      organizationId,
      credentialsPlace(id, bound_to),
      Buffer.from(JSON.stringify(credentials), "utf8"),
    );
  const write = async () => {
    const envelope = await seal();
    await asCaller(pool, settings, (client) =>
      client.query("select app_hidden.save_integration($1, $2, $3, $4, $5, $6, $7, $8)", [
        id,
        organizationId,
        provider,
        label,
        given,
        envelope,
        credentials && JSON.stringify(lastFour(fields, credentials)),
        existing === null,
      ]),
    );
  };
  try {
    await write();
  } catch (error) {
    if (!(error instanceof DatabaseError && error.message === "data_key_not_in_use")) throw error;
    // A rotation retired the key we sealed with; the next one is there already.
    secrets.refresh(organizationId);
    await write();
  }
  return id;
}

/** The keys by field, each of them declared and fit to be one. Refusals name the field and never the value. */
function readCredentials(
  fields: CredentialField[],
  given: IntegrationInput["credentials"],
  isNew: boolean,
): Record<string, string> | null {
  if (!given && !isNew) return null;
  const values: Record<string, string> = {};
  for (const { field, value } of given ?? []) {
    if (!fields.some(({ name }) => name === field) || field in values) {
      throw new Refusal("VALIDATION", "credential_unknown", {
        field: `credentials.${/^[A-Za-z0-9]{1,50}$/.test(field) ? field : "…"}`,
        legal: fields.map(({ name }) => name),
      });
    }
    values[field] = value.trim();
  }
  for (const { name, required } of fields) {
    const value = values[name];
    // Line breaks are part of PEM keys; other control characters are an accident of copying.
    const fits =
      value === undefined ? !required : value !== "" && value.length <= 4_096 && !/[^\P{Cc}\n]/u.test(value);
    if (!fits) {
      throw value === undefined
        ? new Refusal("VALIDATION", "credential_missing", { field: `credentials.${name}` })
        : new Refusal("VALIDATION", "credential_invalid", { field: `credentials.${name}` });
    }
  }
  return values;
}

/** What is shorter might be guessed from four of its characters. Vendors' keys are longer. */
const LONG_ENOUGH = 20;

/** Enough to tell keys apart, of those that are long enough to show some; nothing of a password, which people choose. */
function lastFour(fields: CredentialField[], credentials: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials).flatMap(([field, value]) => {
      const isPassword = fields.some(({ name, kind }) => name === field && kind === "password");
      const last = [...value].slice(-4).join("");
      return !isPassword && [...value].length >= LONG_ENOUGH && !last.includes("\n") ? [[field, last]] : [];
    }),
  );
}

function withoutNulls(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}
