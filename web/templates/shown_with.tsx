import { useContext, useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { templateTexts } from "../texts/templates/index.ts";
import type { Kind } from "./drafted.ts";
import { type RecordToShow, recordsToShow } from "./records.ts";

/** Whose data the preview shows: samples, until somebody asks for those of a patient, which is recorded as a reading. */
export function ShownWith({
  client,
  clinic,
  kind,
  sample,
  onSample,
}: {
  client: Client;
  clinic: UUID;
  kind: Kind;
  sample: UUID | null;
  onSample(sample: UUID | null): void;
}) {
  const say = useTexts(templateTexts);
  const language = useContext(LanguageContext);
  const id = useId();
  const [records, setRecords] = useState<RecordToShow[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ask = async () => {
    setFailure(null);
    try {
      setRecords(await recordsToShow(client, clinic, kind));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  const words = ({ who, at, timezone }: RecordToShow) => {
    const when = new Intl.DateTimeFormat(locales[language], {
      dateStyle: "medium",
      timeStyle: "short",
      timeZone: timezone,
    });
    return `${who}, ${when.format(new Date(at))}`;
  };
  if (!records)
    return (
      <>
        <button type="button" class="plain" onClick={() => void ask()}>
          {say(kind === "form" ? "show_form" : "show_visit")}
        </button>
        <FailureNotice failure={failure} />
      </>
    );
  return (
    <div class="field">
      <label for={id}>{say("shown_with")}</label>
      <p class="help" id={`${id}-help`}>
        {say(records.length > 0 ? "shown_with_help" : "nothing_to_show")}
      </p>
      <select
        id={id}
        aria-describedby={`${id}-help`}
        value={sample ?? ""}
        onChange={({ currentTarget }) => onSample((currentTarget.value || null) as UUID | null)}
      >
        <option value="">{say("samples")}</option>
        {records.map((record) => (
          <option key={record.id} value={record.id}>
            {words(record)}
          </option>
        ))}
      </select>
    </div>
  );
}
