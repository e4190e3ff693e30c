import type { UUID } from "../../client/index.ts";
import { useTexts } from "../components/texts.ts";
import type { TreatmentAtClinicQuery } from "../documents/generated/operations.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";

/** The plans that patients have, the newest first, each with how much of what was due was done. */
export function UnderWay({
  enrolments,
  onOpen,
}: {
  enrolments: TreatmentAtClinicQuery["patientTreatmentPlans"]["nodes"];
  onOpen(patient: UUID): void;
}) {
  const say = useTexts(treatmentTexts);
  return (
    <>
      <h2>{say("under_way")}</h2>
      {enrolments.length === 0 && <p>{say("nobody_has_one")}</p>}
      <ul class="choices">
        {enrolments.map(
          ({ id, status, patient, version, adherencePercentage, lowAdherenceSince }) =>
            patient && (
              <li key={id}>
                <button type="button" onClick={() => onOpen(patient.id)}>
                  {patient.patientProfile?.givenName} {patient.patientProfile?.familyName}{" "}
                  <span class="soft">
                    {[
                      version?.treatmentPlan?.name,
                      say(`enrolment_${status}`),
                      adherencePercentage === null
                        ? say("nothing_due")
                        : say("adherence_of", { percent: adherencePercentage }),
                      ...(lowAdherenceSince ? [say("falls_behind")] : []),
                    ].join(" · ")}
                  </span>
                </button>
              </li>
            ),
        )}
      </ul>
    </>
  );
}
