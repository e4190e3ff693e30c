import { useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { FindPatientsDocument, type FindPatientsQuery } from "../documents/generated/operations.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";

/** A patient of the clinic, looked for by what people say of themselves. */
export function FindPatient({
  client,
  clinic,
  onFound,
}: {
  client: Client;
  clinic: UUID;
  onFound(patient: UUID): void;
}) {
  const say = useTexts(treatmentTexts);
  const id = useId();
  const [text, setText] = useState("");
  const [found, setFound] = useState<FindPatientsQuery["searchPatients"]["nodes"] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const find = async () => {
    setFailure(null);
    try {
      setFound((await client.ask(FindPatientsDocument, { clinic, text })).searchPatients.nodes);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  return (
    <search>
      <form
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (text.trim()) void find();
        }}
      >
        <div class="field">
          <label for={id}>{say("find")}</label>
          <p class="actions">
            <input
              id={id}
              type="search"
              class="short"
              maxLength={200}
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
            <button type="submit">{say("find_go")}</button>
          </p>
        </div>
      </form>
      <FailureNotice failure={failure} />
      <p role="status">{found && say("patients_found", { count: found.length })}</p>
      <ul class="choices">
        {found?.map(({ patientId, patientProfile }) => (
          <li key={patientId}>
            <button type="button" onClick={() => onFound(patientId)}>
              {patientProfile?.givenName} {patientProfile?.familyName}
            </button>
          </li>
        ))}
      </ul>
    </search>
  );
}
