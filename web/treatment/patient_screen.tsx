import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  TreatmentOfPatientDocument,
  type TreatmentOfPatientQuery,
} from "../documents/generated/operations.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { Assign } from "./assign.tsx";
import { EnrolmentSection } from "./enrolment.tsx";
import type { May, Plan } from "./plan.ts";
import { PlanList } from "./plan_list.tsx";

const PlanEditor = lazily(async () => (await import("./plan_editor.tsx")).PlanEditor);

/** A patient with their plans: what they were assigned and how that goes, what can be assigned, and plans of their own. One query. */
export function PatientScreen({
  client,
  clinic,
  may,
  patient: id,
  onBack,
}: {
  client: Client;
  clinic: UUID;
  may: May;
  patient: UUID;
  onBack(): void;
}) {
  const say = useTexts(treatmentTexts);
  const [known, setKnown] = useState<TreatmentOfPatientQuery | null>(null);
  const [edited, setEdited] = useState<{ plan: Plan | null } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setKnown(await client.ask(TreatmentOfPatientDocument, { patient: id, clinic }));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, id, clinic, say]);
  useEffect(() => void load(), [client, id]);

  // What somebody else's clinic has is not there, like what never was.
  const patient = known?.patient?.organizationId === clinic ? known.patient : null;
  if (patient && edited)
    return (
      <PlanEditor
        client={client}
        clinic={clinic}
        plan={edited.plan}
        patient={{ id: patient.id, name: nameOf(patient) }}
        onBack={() => {
          setEdited(null);
          void load();
        }}
      />
    );
  const own = known?.ofClinic.nodes.filter(
    ({ patientProfileId }) => patientProfileId === patient?.patientProfileId,
  );
  const others = known?.ofClinic.nodes.filter(({ scope }) => scope === "ORGANIZATION") ?? [];
  const assignable = [...(own ?? []), ...others, ...(known?.ofPlatform.nodes ?? [])];
  const place = patient?.organization && {
    clinic,
    person: patient.patientProfileId,
    timeZone: patient.organization.timezone,
    linked: new Set(
      patient.treatmentPlans.nodes.flatMap(({ sessions }) =>
        sessions.nodes.flatMap(({ appointment }) => (appointment ? [appointment.id] : [])),
      ),
    ),
  };
  return (
    <>
      {known && <StepHeading>{patient ? nameOf(patient) : say("no_such_patient")}</StepHeading>}
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {patient && place && known && own && (
        <>
          <p class="soft">{say("informational")}</p>
          {patient.treatmentPlans.nodes.length === 0 && <p>{say("has_none")}</p>}
          {patient.treatmentPlans.nodes.map((enrolment) => (
            <EnrolmentSection
              key={enrolment.id}
              client={client}
              may={may}
              patient={patient}
              place={place}
              enrolment={enrolment}
              plans={assignable}
              onChanged={load}
            />
          ))}
          {may.assign && (
            <Assign
              client={client}
              patient={patient.id}
              timeZone={place.timeZone}
              plans={assignable}
              forms={known.formTemplates.nodes.filter(({ published }) => published)}
              onAssigned={load}
            />
          )}
          <h2>{say("plans_of_patient")}</h2>
          <PlanList
            client={client}
            may={may}
            plans={own}
            onEdit={(plan) => setEdited({ plan })}
            onChanged={load}
          />
          {may.manage && (
            <p class="actions">
              <button type="button" onClick={() => setEdited({ plan: null })}>
                {say("new_for_patient")}
              </button>
            </p>
          )}
        </>
      )}
      <p class="actions">
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </>
  );
}

function nameOf({ patientProfile }: NonNullable<TreatmentOfPatientQuery["patient"]>): string {
  return `${patientProfile?.givenName ?? ""} ${patientProfile?.familyName ?? ""}`.trim();
}
