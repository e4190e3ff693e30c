import { useCallback, useEffect, useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import { clinicToWorkAt } from "../../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { StepHeading, Waiting } from "../../components/page.tsx";
import type { SignedInPageProps } from "../../components/signed_in_page.tsx";
import { useTexts } from "../../components/texts.ts";
import { RuleBuilderDocument, SegmentsOfClinicDocument } from "../../documents/generated/operations.ts";
import type { Contract } from "../../rules/contract.ts";
import { segmentTexts } from "../../texts/segments/index.ts";
import { EditedSegment } from "./edited_segment.tsx";
import type { Segment } from "./segment.ts";

type Known = {
  clinic: { id: UUID; name: string } | null;
  contract: Contract | null;
  segments: readonly Segment[];
};

/** The segments of the clinic where somebody works, and one of them as it is edited. */
export function Segments({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(segmentTexts);
  const [known, setKnown] = useState<Known | null>(null);
  const [edited, setEdited] = useState<Segment | "new" | null>(null);
  const [isSaved, setSaved] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      const clinic = await clinicToWorkAt(client, "segments.manage");
      if (!clinic) return setKnown({ clinic, contract: null, segments: [] });
      onName(clinic.name);
      const [{ ruleBuilder }, { segments }] = await Promise.all([
        client.ask(RuleBuilderDocument, { clinic: clinic.id }),
        client.ask(SegmentsOfClinicDocument, { clinic: clinic.id }),
      ]);
      setKnown({ clinic, contract: ruleBuilder, segments: segments.nodes });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);

  if (known?.clinic && known.contract && edited)
    return (
      <EditedSegment
        client={client}
        clinic={known.clinic.id}
        contract={known.contract}
        segment={edited === "new" ? null : edited}
        onDone={async (hasSaved) => {
          await load();
          setSaved(hasSaved);
          setEdited(null);
        }}
      />
    );
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <p>{say("intro")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {isSaved && <p role="status">{say("saved")}</p>}
      {known && !known.clinic && <p>{say("no_clinic")}</p>}
      {known?.clinic && (
        <>
          {known.segments.length === 0 && <p>{say("none")}</p>}
          <ul class="choices">
            {known.segments.map((segment) => (
              <li key={segment.id}>
                {segment.kind === "RULE" ? (
                  <button type="button" onClick={() => setEdited(segment)}>
                    {segment.name} <span class="soft">{say("version", { version: segment.version })}</span>
                  </button>
                ) : (
                  <p>
                    {segment.name} <span class="soft">{say("list")}</span>
                  </p>
                )}
              </li>
            ))}
          </ul>
          <p class="actions">
            <button type="button" class="main" onClick={() => setEdited("new")}>
              {say("new")}
            </button>
          </p>
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
