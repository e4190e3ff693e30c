import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type pg from "pg";

/** Puts an object into the store that is there; without one nothing that needs bytes is made. */
export type Keep = (key: string, bytes: Buffer, contentType: string) => Promise<void>;

const picture = readFileSync(new URL("./signature.png", import.meta.url));

/** A specialist draws a signature, unless there is one: a confirmed file with its object. The caller acts as the specialist. */
export async function giveSignature(
  client: pg.Client,
  {
    organizationId,
    specialistId,
    humanId,
  }: { organizationId: string; specialistId: string; humanId: string },
  keep: Keep,
): Promise<void> {
  const { rows } = await client.query<{ id: string; object_key: string }>(
    `insert into app_public.files (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256,
       object_key, uploaded_by, expires_at)
     select made.id, $1, file_surfaces.key, file_surfaces.audience, file_surfaces.owner_kind, $2, 'semnatura.png', 'image/png', $3, $4,
       concat_ws('/', $1::uuid, file_surfaces.prefix, made.id), $5, now() + interval '1 day'
     from app_private.file_surfaces
     cross join (select uuidv7() as id) as made
     where file_surfaces.key = 'specialist_signatures'
       and not exists (
         select from app_public.specialist_signatures
         where specialist_signatures.organization_id = $1 and specialist_signatures.specialist_id = $2)
     returning id, object_key`,
    [
      organizationId,
      specialistId,
      picture.length,
      createHash("sha256").update(picture).digest("hex"),
      humanId,
    ],
  );
  const [file] = rows;
  if (!file) return;
  await keep(file.object_key, picture, "image/png");
  await client.query(
    "update app_public.files set status = 'confirmed', confirmed_at = now(), expires_at = null where id = $1",
    [file.id],
  );
  await client.query("select app_public.set_specialist_signature($1, $2)", [specialistId, file.id]);
}
