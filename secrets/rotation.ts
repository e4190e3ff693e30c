import type { Kms } from "../providers/kms/index.ts";
import { SEAL_MS, wrappingContext } from "./data_keys.ts";
import { createSecrets, EnvelopeRefused, type Place, type Queryable, type Secrets } from "./index.ts";

export type Progress = (line: string) => void;

export type RotationSettings = {
  /** Rows or keys per transaction. */
  batch?: number;
  /** How long after its replacement a data key may still be sealed with, by a process that has not noticed. */
  graceMs?: number;
  say?: Progress;
  /** Checked between batches: what is done is done, and the next run goes on. */
  signal?: AbortSignal;
};

export type RotationOutcome = {
  /** False while old keys wait: for processes that may not have noticed, or because an envelope does not open. */
  finished: boolean;
  /** Rows whose envelope does not open: somebody moved or changed it. They keep their old key. */
  unopened: string[];
};

type WrappedKey = { id: string; organization_id: string | null; version: number; wrapped: Buffer };
type CiphertextPlace = { table_name: string; column_name: string; bound_column: string | null };
type SealedRow = {
  row_id: string;
  organization_id: string | null;
  envelope: Buffer;
  bound_to: string | null;
  /** The row that it was copied from and stays bound to: its table, a space, its key. */
  sealed_for: string | null;
};

/**
 * Wraps every data key with the present master key; no envelope is touched (FND-11). Answers how many. Kill it
 * anywhere: those that are done are done. Readers notice nothing, because either wrapping gives the same key.
 */
export async function rewrapDataKeys(
  db: Queryable,
  kms: Kms,
  { batch = 100, say = () => {}, signal }: RotationSettings = {},
): Promise<number> {
  const { masterKeyId } = await kms.describe();
  let rewrapped = 0;
  for (let after: string | null = null; ; ) {
    signal?.throwIfAborted();
    const { rows } = (await db.query("select * from app_private.data_keys_to_rewrap($1, $2, $3)", [
      masterKeyId,
      after,
      batch,
    ])) as { rows: WrappedKey[] };
    for (const row of rows) {
      const next = await kms.rewrap(row.wrapped, wrappingContext(row.organization_id, row.version));
      const { rows: written } = await db.query(
        "select app_private.rewrap_data_key($1, $2, $3, $4) as written",
        [row.id, row.wrapped, next.wrapped, next.masterKeyId],
      );
      if (written[0]?.written) rewrapped += 1;
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length > 0) say(`${rewrapped} data keys are wrapped by ${masterKeyId}`);
    if (rows.length < batch) return rewrapped;
  }
}

/**
 * Gives every clinic that sealed before the rotation began a new data key, seals everything encrypted again
 * with it, and retires the old keys once nothing uses them (FND-11). Reads go on all the while: an envelope
 * says which version opens it, and both are there. Kill it anywhere, and the next call goes on where it was.
 */
async function rotateDataKeys(
  db: Queryable,
  kms: Kms,
  rotationId: string,
  settings: RotationSettings = {},
): Promise<RotationOutcome> {
  const { say = () => {}, graceMs = 2 * SEAL_MS } = settings;
  const made = await makeSuccessors(db, kms, rotationId, settings);
  if (made > 0) say(`${made} clinics seal with a new data key`);

  // Sealing with the newest key is the point here, so nothing is taken from memory for long.
  const secrets = createSecrets(kms, db, { sealMs: 1_000 });
  const { rows: places } = (await db.query("select * from app_private.ciphertext_places()")) as {
    rows: CiphertextPlace[];
  };
  const unopened: string[] = [];
  for (const place of places) unopened.push(...(await resealPlace(db, secrets, place, settings)));

  const { rows } = await db.query("select * from app_private.retire_data_keys(make_interval(secs => $1))", [
    graceMs / 1000,
  ]);
  if (rows[0]?.retired > 0) say(`${rows[0].retired} old data keys are in no row any more and are retired`);
  const { rows: ended } = await db.query("select app_private.finish_key_rotation($1) as finished", [
    rotationId,
  ]);
  return { finished: ended[0]?.finished === true, unopened };
}

/**
 * Seals again what is not bound to its destination yet: envelopes that are older than destinations (FND-35). With
 * the keys there are, at any time, as often as one likes; answers which do not open.
 */
export async function bindEnvelopes(
  db: Queryable,
  kms: Kms,
  settings: RotationSettings = {},
): Promise<string[]> {
  const secrets = createSecrets(kms, db, { sealMs: 1_000 });
  const { rows: places } = (await db.query("select * from app_private.ciphertext_places()")) as {
    rows: CiphertextPlace[];
  };
  const unopened: string[] = [];
  for (const place of places) {
    if (place.bound_column !== null) unopened.push(...(await resealPlace(db, secrets, place, settings)));
  }
  return unopened;
}

async function makeSuccessors(
  db: Queryable,
  kms: Kms,
  rotationId: string,
  { batch = 100, signal }: RotationSettings,
): Promise<number> {
  for (let made = 0; ; ) {
    signal?.throwIfAborted();
    const { rows } = await db.query("select * from app_private.owners_to_rekey($1, $2)", [rotationId, batch]);
    if (rows.length === 0) return made;
    for (const { organization_id, next_version } of rows) {
      const { wrapped, masterKeyId } = await kms.generateDataKey(
        wrappingContext(organization_id, next_version),
      );
      await db.query("select app_private.add_next_data_key($1, $2, $3, $4)", [
        organization_id,
        next_version,
        wrapped,
        masterKeyId,
      ]);
      made += 1;
    }
  }
}

/** Where an envelope counts as lying: in the row that it was copied from, where it says so (`sealedFor`, "table row"). */
export function placeOf(here: Place, sealedFor: string | null): Place {
  if (sealedFor === null) return here;
  const [table = "", row = ""] = sealedFor.split(" ");
  return { ...here, table, row };
}

async function resealPlace(
  db: Queryable,
  secrets: Secrets,
  { table_name: table, column_name: column }: CiphertextPlace,
  { batch = 500, say = () => {}, signal }: RotationSettings,
): Promise<string[]> {
  let resealed = 0;
  const unopened: string[] = [];
  for (let after: string | null = null; ; ) {
    signal?.throwIfAborted();
    const { rows } = (await db.query("select * from app_private.envelopes_to_reseal($1, $2, $3, $4)", [
      table,
      column,
      after,
      batch,
    ])) as { rows: SealedRow[] };
    if (rows.length === 0) return unopened;
    const done: { row: string; was: Buffer; envelope: Buffer }[] = [];
    for (const { row_id: row, organization_id, envelope: was, bound_to, sealed_for } of rows) {
      const place = { ...placeOf({ table, column, row }, sealed_for), boundTo: bound_to ?? undefined };
      try {
        const plaintext = await secrets.open(organization_id, place, was);
        done.push({ row, was, envelope: await secrets.seal(organization_id, place, plaintext) });
        plaintext.fill(0);
      } catch (error) {
        if (!(error instanceof EnvelopeRefused)) throw error;
        unopened.push(`${table}.${column} of ${row}: ${error.reason}`);
      }
    }
    const { rows: replaced } = await db.query(
      "select app_private.replace_envelopes($1, $2, $3, $4, $5) as replaced",
      [
        table,
        column,
        done.map(({ row }) => row),
        done.map(({ was }) => was),
        done.map(({ envelope }) => envelope),
      ],
    );
    resealed += replaced[0]?.replaced ?? 0;
    after = rows.at(-1)?.row_id ?? null;
    say(`${table}.${column}: ${resealed} sealed again`);
  }
}

/**
 * Goes on with the rotation that is under way, or begins one. One process at a time, by a lock of the
 * connection, which a kill frees at once: "busy" when another has it, null when there is nothing to do.
 */
export async function goOnWithRotation(
  connection: Queryable,
  kms: Kms,
  { begin, by }: { begin: boolean; by: string },
  settings?: RotationSettings,
): Promise<RotationOutcome | "busy" | null> {
  const { rows: open } = await connection.query("select app_private.open_key_rotation($1) as id", [begin]);
  const id: string | null = open[0]?.id ?? null;
  if (id === null) return null;
  const key = `key_rotation:${id}`;
  const { rows: claim } = await connection.query("select app_private.claim_effect($1, $2) as state", [
    key,
    by,
  ]);
  if (claim[0]?.state !== "claimed") return "busy";
  try {
    const outcome = await rotateDataKeys(connection, kms, id, settings);
    if (outcome.finished) await connection.query("select app_private.finish_effect($1, $2)", [key, null]);
    return outcome;
  } finally {
    await connection.query("select app_private.release_effect($1)", [key]);
  }
}
