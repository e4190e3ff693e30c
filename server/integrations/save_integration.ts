import { DatabaseError } from "pg";
import { credentialsPlace } from "../../providers/resolver.ts";
import { Refusal } from "../errors/refusal.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import type { IntegrationParts } from "./index.ts";

export type IntegrationInput = {
  organizationId: string;
  /** Absent: a new one. */
  integrationId?: string | null;
  provider: string;
  label: string;
  settings?: Record<string, unknown> | null;
  /** Absent: the keys that are there stay. */
  credentials?: { field: string; value: string }[] | null;
};

type CredentialField = { name: string; required: boolean };

/**
 * Saves a clinic's account at a vendor (FND-23). The keys are sealed for the row before SQL hears of them: the
 * database gets an envelope and the last four characters. Permission is asked first, so that nobody makes us
 * encrypt, and again where it is written.
 */
export async function saveIntegration(
  { pool, secrets }: IntegrationParts,
  settings: Settings,
  input: IntegrationInput,
): Promise<string> {
  const { organizationId, provider, label } = input;
  const existing = input.integrationId ?? null;
  const { fields, id } = await asCaller(pool, settings, async (client) => {
    const { rows } = await client.query<{ fields: CredentialField[]; id: string }>(
      "select app_hidden.integration_form($1, $2, $3) as fields, coalesce($3, uuidv7()) as id",
      [organizationId, provider, existing],
    );
    return rows[0] as { fields: CredentialField[]; id: string };
  });
  const credentials = readCredentials(fields, input.credentials ?? null, existing === null);

  const seal = async () =>
    credentials &&
    secrets.seal(organizationId, credentialsPlace(id), Buffer.from(JSON.stringify(credentials), "utf8"));
  const write = async () => {
    const envelope = await seal();
    await asCaller(pool, settings, (client) =>
      client.query("select app_hidden.save_integration($1, $2, $3, $4, $5, $6, $7, $8)", [
        id,
        organizationId,
        provider,
        label,
        JSON.stringify(withoutNulls(input.settings ?? {})),
        envelope,
        credentials && JSON.stringify(lastFour(credentials)),
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
        details: { field: `credentials.${/^[A-Za-z0-9]{1,50}$/.test(field) ? field : "…"}` },
        hint: `Each of ${fields.map(({ name }) => name).join(", ")} once, and nothing else.`,
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
      throw new Refusal("VALIDATION", value === undefined ? "credential_missing" : "credential_invalid", {
        details: { field: `credentials.${name}` },
        hint: `${name} is 1 to 4096 characters, as the vendor shows it.`,
      });
    }
  }
  return values;
}

/** Enough to tell keys apart, of those that are long enough to show some. */
function lastFour(credentials: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials).flatMap(([field, value]) => {
      const last = [...value].slice(-4).join("");
      return value.length >= 12 && !last.includes("\n") ? [[field, last]] : [];
    }),
  );
}

function withoutNulls(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}
