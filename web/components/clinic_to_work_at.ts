import type { Client, UUID } from "../../client/index.ts";
import { ClinicsToWorkAtDocument, WhatIMayDocument } from "../documents/generated/operations.ts";

/** The first clinic where the caller has a permission; null where there is none. */
export async function clinicToWorkAt(
  client: Client,
  permission: string,
): Promise<{ id: UUID; name: string } | null> {
  const { organizations } = await client.ask(ClinicsToWorkAtDocument, {});
  for (const clinic of organizations.nodes) {
    const { myPermissions } = await client.ask(WhatIMayDocument, { clinic: clinic.id });
    if (myPermissions.nodes.includes(permission)) return clinic;
  }
  return null;
}
