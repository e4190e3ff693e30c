import { useCallback, useEffect, useState } from "preact/hooks";
import type { UUID } from "../../client/index.ts";
import { clinicToWorkAt } from "../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import type { SignedInPageProps } from "../components/signed_in_page.tsx";
import { useTexts } from "../components/texts.ts";
import { serviceKeyTexts } from "../texts/service_keys/index.ts";
import { Keys } from "./keys.tsx";

/** The keys of the clinic whose integrations the caller manages. */
export function ClinicKeys({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(serviceKeyTexts);
  const [known, setKnown] = useState<{ clinic: UUID | null } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      const clinic = await clinicToWorkAt(client, "integrations.manage");
      if (clinic) onName(clinic.name);
      setKnown({ clinic: clinic?.id ?? null });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);
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
      {known?.clinic && <Keys client={client} clinic={known.clinic} />}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}
