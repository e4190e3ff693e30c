import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client } from "../../../client/index.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { StepHeading, Waiting } from "../../components/page.tsx";
import type { SignedInPageProps } from "../../components/signed_in_page.tsx";
import { useTexts } from "../../components/texts.ts";
import { MyConsentsDocument, WithdrawMedicalConsentsDocument } from "../../documents/generated/operations.ts";
import { consentTexts } from "../../texts/consents/index.ts";
import { type Asked, type AskedPurpose, type Subject, subjectsOf } from "./asked.ts";
import { Confirm } from "./confirm.tsx";
import { Purpose } from "./purpose.tsx";
import { Readings } from "./readings.tsx";

/** Everything that a person is asked to agree to, at the platform and at each of their clinics. */
export function Consents({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(consentTexts);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const load = useCallback(async () => {
    const answered = await client.ask(MyConsentsDocument, { consents: 100, readings: 20 });
    setAsked(answered);
    onName(answered.me?.displayName ?? "");
  }, [client]);
  const attempt = useCallback(
    async (act: () => Promise<unknown>) => {
      setFailure(null);
      try {
        await act();
        await load();
      } catch (error) {
        setFailure(failureOf(error, say("offline")));
      }
    },
    [load, say],
  );
  useEffect(() => void attempt(async () => {}), [load]);

  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <p>{say("intro")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void attempt(async () => {})}>
          {say("again")}
        </button>
      </FailureNotice>
      {!asked && !failure && <Waiting>{say("loading")}</Waiting>}
      {asked?.me &&
        subjectsOf(asked).map((subject) => (
          <SubjectSection key={subject.id} subject={subject} client={client} attempt={attempt} />
        ))}
      {asked && <Readings readings={asked.myChartReadings.nodes} />}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}

function SubjectSection({
  subject,
  client,
  attempt,
}: {
  subject: Subject;
  client: Client;
  attempt(act: () => Promise<unknown>): Promise<void>;
}) {
  const say = useTexts(consentTexts);
  const { patientId } = subject;
  const medical = subject.purposes.filter(({ isMedical, state }) => isMedical && stands(state));
  return (
    <section aria-labelledby={`of-${subject.id}`}>
      <h2 id={`of-${subject.id}`}>
        {subject.clinic ?? say("platform")}
        {subject.person && <span class="soft"> {say("for_person", { person: subject.person })}</span>}
      </h2>
      {subject.purposes.map((purpose) => (
        <Purpose
          key={purpose.purposeCode}
          purpose={purpose}
          answers={subject.answers.filter(({ purposeCode }) => purposeCode === purpose.purposeCode)}
          patientId={patientId}
          client={client}
          attempt={attempt}
        />
      ))}
      {patientId && medical.length > 0 && (
        <Confirm
          open={say("withdraw_medical")}
          kind="danger"
          act={say("withdraw_all")}
          onAct={() => attempt(() => client.ask(WithdrawMedicalConsentsDocument, { patient: patientId }))}
        >
          <p>{say("withdraw_medical_words", { clinic: subject.clinic ?? "" })}</p>
        </Confirm>
      )}
    </section>
  );
}

/** What can be withdrawn: also what was given in older words. */
function stands(state: AskedPurpose["state"]): boolean {
  return state === "GRANTED" || state === "OLDER_VERSION";
}
