import type { UUID } from "../../../client/index.ts";
import type { MyConsentsQuery } from "../../documents/generated/operations.ts";

export type Asked = MyConsentsQuery;
export type AskedPurpose = Asked["myConsents"]["nodes"][number];
export type Given = Asked["consents"]["nodes"][number];

/** Whom something is agreed with, and about whom: the platform with the account, or a clinic with one of its patients. */
export type Subject = {
  id: string;
  clinic: string | null;
  /** Whose it is, where somebody cares for others as well. */
  person: string | null;
  patientId: UUID | null;
  purposes: AskedPurpose[];
  answers: Given[];
};

/** What was asked, by subject, the platform first. */
export function subjectsOf({ me, patients, myConsents, consents }: Asked): Subject[] {
  const profiles = me?.patientProfiles.nodes ?? [];
  const names = new Map(profiles.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`]));
  const subjects = new Map<string, Subject>();
  for (const purpose of myConsents.nodes) {
    const { organizationId, patientProfileId } = purpose;
    const id = idOf(purpose);
    const patient = patients.nodes.find(
      (one) => one.organizationId === organizationId && one.patientProfileId === patientProfileId,
    );
    const subject = subjects.get(id) ?? {
      id,
      clinic: organizationId ? (patient?.organization?.name ?? "") : null,
      person: patientProfileId && profiles.length > 1 ? (names.get(patientProfileId) ?? null) : null,
      patientId: patient?.id ?? null,
      purposes: [],
      answers: consents.nodes.filter((one) => idOf(one) === id),
    };
    subject.purposes.push(purpose);
    subjects.set(id, subject);
  }
  return [...subjects.values()];
}

function idOf({
  organizationId,
  patientProfileId,
}: Pick<Given, "organizationId" | "patientProfileId">): string {
  return organizationId ? `${organizationId}-${patientProfileId}` : "platform";
}
