import { useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import {
  ApproveTreatmentPlanDocument,
  RetireTreatmentPlanDocument,
  SubmitTreatmentPlanDocument,
} from "../documents/generated/operations.ts";
import { problemsOf } from "../exercises/problems.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { type May, type Plan, type Version, versionsOf } from "./plan.ts";
import { Reason } from "./reason.tsx";

/** Plans with where their newest version stands, and what is to be done about it: edited, submitted, approved, or sent back. */
export function PlanList({
  client,
  may,
  plans,
  onEdit,
  onChanged,
}: {
  client: Client;
  may: May;
  plans: readonly Plan[];
  onEdit(plan: Plan): void;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(treatmentTexts);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [told, setTold] = useState<Version["status"] | null>(null);
  const [retired, setRetired] = useState<{ version: Version; reason: string; problem?: string } | null>(null);

  const act = async (done: () => Promise<Version["status"] | undefined>) => {
    setFailure(null);
    setTold(null);
    try {
      const status = await done();
      await onChanged();
      setRetired(null);
      setTold(status ?? null);
    } catch (error) {
      const problem = problemsOf(error).get("$.reason");
      if (problem && retired) setRetired({ ...retired, problem });
      setFailure(failureOf(error, say("offline")));
    }
  };
  const submit = (plan: Plan) =>
    act(async () => {
      const { submitTreatmentPlan } = await client.ask(SubmitTreatmentPlanDocument, { plan: plan.id });
      return submitTreatmentPlan.treatmentPlanVersion?.status;
    });
  const approve = (version: Version) =>
    act(async () => {
      const answer = await client.ask(ApproveTreatmentPlanDocument, { version: version.id });
      return answer.approveTreatmentPlan.treatmentPlanVersion?.status;
    });
  const retire = () =>
    act(async () => {
      if (!retired) return;
      const { version, reason } = retired;
      const answer = await client.ask(RetireTreatmentPlanDocument, { version: version.id, reason });
      return answer.retireTreatmentPlan.treatmentPlanVersion?.status;
    });

  return (
    <>
      <FailureNotice failure={failure} />
      <p role="status">{told && say(`told_${told}`)}</p>
      {plans.length === 0 && <p>{say("no_plans")}</p>}
      <ul class="plain">
        {plans.map((plan) => {
          const [version] = versionsOf(plan);
          if (!version) return null;
          const { status } = version;
          return (
            <li key={plan.id}>
              <p>
                <strong>{plan.name}</strong> <span class="state">{say(`version_${status}`)}</span>{" "}
                <span class="soft">{say("version", { number: version.number })}</span>
              </p>
              {plan.description && <p class="lines">{plan.description}</p>}
              {version.retireReason && <p class="soft">{say("because", { reason: version.retireReason })}</p>}
              <p class="actions">
                {may.manage && status !== "SUBMITTED" && (
                  <button type="button" onClick={() => onEdit(plan)}>
                    {say(status === "DRAFT" ? "edit" : "next_version")}
                    <span class="unseen">: {plan.name}</span>
                  </button>
                )}
                {may.manage && status === "DRAFT" && (
                  <button type="button" onClick={() => void submit(plan)}>
                    {say("submit")}
                    <span class="unseen">: {plan.name}</span>
                  </button>
                )}
                {may.approve && status === "SUBMITTED" && (
                  <button type="button" onClick={() => void approve(version)}>
                    {say("approve")}
                    <span class="unseen">: {plan.name}</span>
                  </button>
                )}
                {may.approve && (status === "SUBMITTED" || status === "APPROVED") && (
                  <button type="button" onClick={() => setRetired({ version, reason: "" })}>
                    {say(status === "SUBMITTED" ? "send_back" : "retire")}
                    <span class="unseen">: {plan.name}</span>
                  </button>
                )}
              </p>
              {retired?.version.id === version.id && (
                <Reason
                  reason={retired.reason}
                  problem={retired.problem}
                  onChange={(reason) => setRetired({ version, reason })}
                  onGo={() => void retire()}
                  onCancel={() => setRetired(null)}
                />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
