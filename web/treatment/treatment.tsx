import { useCallback, useEffect, useState } from "preact/hooks";
import type { UUID } from "../../client/index.ts";
import { clinicToWorkAt } from "../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import type { SignedInPageProps } from "../components/signed_in_page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  TreatmentAtClinicDocument,
  type TreatmentAtClinicQuery,
  WhatIMayDocument,
  WhoRunsPlatformDocument,
} from "../documents/generated/operations.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { FindPatient } from "./find_patient.tsx";
import type { May, Plan } from "./plan.ts";
import { PlanList } from "./plan_list.tsx";
import { UnderWay } from "./under_way.tsx";

const PatientScreen = lazily(async () => (await import("./patient_screen.tsx")).PatientScreen);
const PlatformPlans = lazily(async () => (await import("./platform_plans.tsx")).PlatformPlans);
const PlanEditor = lazily(async () => (await import("./plan_editor.tsx")).PlanEditor);

type Known = {
  runsPlatform: boolean;
  clinic: { id: UUID; name: string } | null;
  may: May;
  treatment: TreatmentAtClinicQuery | null;
};
type Opened = { patient: UUID } | { plan: Plan | null };

/** Other screens lead to a patient here: /treatment#<id of the patient at the clinic>. */
function patientInAddress(): Opened | null {
  const [, id] = /^#([0-9a-f-]{36})$/.exec(location.hash) ?? [];
  return id ? { patient: id as UUID } : null;
}

const nothing: May = {
  manage: false,
  approve: false,
  assign: false,
  seeSessions: false,
  seeAppointments: false,
};

/** Where treatment plans of a clinic are written, and patients have them: the way to each. Who runs the platform has its plans here. */
export function Treatment({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(treatmentTexts);
  const [known, setKnown] = useState<Known | null>(null);
  const [opened, setOpened] = useState<Opened | null>(patientInAddress);
  const [failure, setFailure] = useState<Failure | null>(null);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      // Superadmins read every clinic, and work at none of them.
      const runsPlatform = (await client.ask(WhoRunsPlatformDocument, {})).runsPlatform === true;
      const clinic = runsPlatform ? null : await clinicToWorkAt(client, "treatment_plans.view");
      if (!clinic) return setKnown({ runsPlatform, clinic, may: nothing, treatment: null });
      onName(clinic.name);
      const [{ myPermissions }, treatment] = await Promise.all([
        client.ask(WhatIMayDocument, { clinic: clinic.id }),
        client.ask(TreatmentAtClinicDocument, { clinic: clinic.id }),
      ]);
      const may = (permission: string) => myPermissions.nodes.includes(permission);
      setKnown({
        runsPlatform,
        clinic,
        may: {
          manage: may("treatment_plans.manage"),
          approve: may("treatment_plans.approve"),
          assign: may("treatment_plans.assign"),
          seeSessions: may("exercise_sessions.view"),
          seeAppointments: may("appointments.view"),
        },
        treatment,
      });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);

  const back = () => {
    if (location.hash) history.replaceState(null, "", location.pathname);
    setOpened(null);
    void load();
  };
  if (known?.runsPlatform) return <PlatformPlans client={client} onSignOut={onSignOut} />;
  if (known?.clinic && opened)
    return "patient" in opened ? (
      <PatientScreen
        client={client}
        clinic={known.clinic.id}
        may={known.may}
        patient={opened.patient}
        onBack={back}
      />
    ) : (
      <PlanEditor client={client} clinic={known.clinic.id} plan={opened.plan} patient={null} onBack={back} />
    );
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && !known.clinic && <p>{say("no_clinic")}</p>}
      {known?.clinic && known.treatment && (
        <>
          <FindPatient
            client={client}
            clinic={known.clinic.id}
            onFound={(patient) => setOpened({ patient })}
          />
          <UnderWay
            enrolments={known.treatment.patientTreatmentPlans.nodes}
            onOpen={(patient) => setOpened({ patient })}
          />
          <h2>{say("plans_of_clinic")}</h2>
          <PlanList
            client={client}
            may={known.may}
            plans={known.treatment.ofClinic.nodes.filter(({ scope }) => scope === "ORGANIZATION")}
            onEdit={(plan) => setOpened({ plan })}
            onChanged={load}
          />
          {known.may.manage && (
            <p class="actions">
              <button type="button" class="main" onClick={() => setOpened({ plan: null })}>
                {say("new_plan")}
              </button>
            </p>
          )}
        </>
      )}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}
