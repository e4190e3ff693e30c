import type { Client, UUID } from "../../client/index.ts";
import { SignedFormsToShowDocument, VisitsToShowDocument } from "../documents/generated/operations.ts";
import type { Kind } from "./drafted.ts";

/** What a draft can be shown with instead of sample data: an appointment or a signed form, by whose it is and when it was. */
export type RecordToShow = { id: UUID; who: string; at: string; timezone: string };

/** The latest that the reader may see: signed forms for a form, appointments for everything else. */
export async function recordsToShow(client: Client, clinic: UUID, kind: Kind): Promise<RecordToShow[]> {
  if (kind === "form") {
    const { organization, forms } = await client.ask(SignedFormsToShowDocument, { clinic });
    return forms.nodes
      .filter(({ status }) => status === "SIGNED")
      .map(({ id, createdAt, patient }) => ({
        id,
        who: nameOf(patient),
        at: createdAt,
        ...zoneOf(organization),
      }));
  }
  const { organization, appointments } = await client.ask(VisitsToShowDocument, { clinic });
  return appointments.nodes.map(({ id, startsAt, patient }) => ({
    id,
    who: nameOf(patient),
    at: startsAt,
    ...zoneOf(organization),
  }));
}

type Named = { patientProfile: { givenName: string; familyName: string } | null } | null;

function nameOf(patient: Named): string {
  const person = patient?.patientProfile;
  return person ? `${person.givenName} ${person.familyName}` : "…";
}

function zoneOf(clinic: { timezone: string } | null) {
  return { timezone: clinic?.timezone ?? "UTC" };
}
