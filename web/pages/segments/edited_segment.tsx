import { useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../../client/index.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { StepHeading } from "../../components/page.tsx";
import { useTexts } from "../../components/texts.ts";
import {
  CreateSegmentDocument,
  EditSegmentDocument,
  RemoveSegmentDocument,
} from "../../documents/generated/operations.ts";
import { RuleBuilder } from "../../rules/builder.tsx";
import { type Contract, firstPart } from "../../rules/contract.ts";
import { problemsOf } from "../../rules/live.ts";
import type { Rule } from "../../rules/rule.ts";
import { segmentTexts } from "../../texts/segments/index.ts";
import type { Segment } from "./segment.ts";

/** One segment: its name, its rule with who is in it, and what saves or removes it. Nothing that was written is lost by a refusal. */
export function EditedSegment({
  client,
  clinic,
  contract,
  segment,
  onDone,
}: {
  client: Client;
  clinic: UUID;
  contract: Contract;
  /** Null: a new one. */
  segment: Segment | null;
  onDone(hasSaved: boolean): Promise<void>;
}) {
  const say = useTexts(segmentTexts);
  const id = useId();
  const [name, setName] = useState(segment?.name ?? "");
  const [rule, setRule] = useState<Rule>(() => (segment?.rule as Rule) ?? { all: partsAtFirst(contract) });
  const [problems, setProblems] = useState(new Map<string, string>());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isActing, setActing] = useState(false);
  const [isSure, setSure] = useState(false);

  const act = async (done: () => Promise<unknown>) => {
    if (isActing) return;
    setActing(true);
    setFailure(null);
    setProblems(new Map());
    try {
      await done();
      await onDone(true);
    } catch (error) {
      setProblems(problemsOf(error));
      setFailure(failureOf(error, say("offline")));
      setActing(false);
    }
  };
  const save = () =>
    act(() =>
      segment
        ? client.ask(EditSegmentDocument, { segment: segment.id, revision: segment.revision, name, rule })
        : client.ask(CreateSegmentDocument, { clinic, name, rule }),
    );

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <StepHeading>{segment?.name ?? say("new")}</StepHeading>
      <div class="field">
        <label for={id}>{say("name")}</label>
        <p class="soft" id={`${id}-help`}>
          {say("name_help")}
        </p>
        <input
          id={id}
          type="text"
          required
          maxLength={120}
          aria-describedby={`${id}-help`}
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </div>
      <h2>{say("who")}</h2>
      <RuleBuilder
        client={client}
        clinic={clinic}
        contract={contract}
        rule={rule}
        problems={problems}
        onChange={(changed) => {
          setProblems(new Map());
          setRule(changed);
        }}
      />
      <FailureNotice failure={failure} />
      <p class="actions">
        <button type="submit" class="main" aria-disabled={isActing}>
          {say(isActing ? "saving" : "save")}
        </button>
        <button type="button" onClick={() => void onDone(false)}>
          {say("back")}
        </button>
        {segment && (
          <button
            type="button"
            class="danger"
            onClick={() =>
              isSure
                ? void act(() => client.ask(RemoveSegmentDocument, { segment: segment.id }))
                : setSure(true)
            }
          >
            {say(isSure ? "removing" : "remove")}
          </button>
        )}
      </p>
    </form>
  );
}

function partsAtFirst(contract: Contract): Rule[] {
  const first = firstPart(contract, null);
  return first ? [first] : [];
}
