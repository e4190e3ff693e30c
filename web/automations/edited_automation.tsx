import { useContext, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import {
  CreateAutomationDocument,
  DisableAutomationDocument,
  EditAutomationDocument,
  EnableAutomationDocument,
  RemoveAutomationDocument,
} from "../documents/generated/operations.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { type ProblemFound, problemsFound, problemTexts } from "../schema_form/problems.ts";
import type { Schema, Values } from "../schema_form/schema.ts";
import { automationTexts } from "../texts/automations/index.ts";
import { schemaFormTexts } from "../texts/schema_form/index.ts";
import { Actions } from "./actions.tsx";
import { Conditions } from "./conditions.tsx";
import { type Contract, choicesIn, eventNamed, labelIn } from "./contract.ts";
import { type Automation, type Draft, draftOf, newDraft, variablesOf } from "./draft.ts";
import { DryRun } from "./dry_run.tsx";
import { Executions } from "./executions.tsx";
import { problemsOfConditions } from "./problems.ts";

/** One automation: what it begins with, under which conditions, what it does, whom it would have reached, and what it did. */
export function EditedAutomation({
  client,
  clinic,
  contract,
  automation,
  onChange,
  onDone,
}: {
  client: Client;
  clinic: UUID;
  contract: Contract;
  /** Null: a new one. */
  automation: Automation | null;
  /** It was saved, switched on or off; it stays open. */
  onChange(automation: Automation): void;
  onDone(): void;
}) {
  const say = useTexts(automationTexts);
  const sayProblem = useTexts(schemaFormTexts);
  const language = useContext(LanguageContext);
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const saved = automation && draftOf(automation);
  const [draft, setDraft] = useState<Draft>(() => saved ?? newDraft(contract));
  const [found, setFound] = useState<ProblemFound[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isActing, setActing] = useState(false);
  const [told, setTold] = useState<"saved" | "is_on" | "is_off" | null>(null);
  const [isSure, setSure] = useState(false);
  const choices = choicesIn(contract, language);
  const problems = problemTexts(sayProblem, found, choices.reasons);
  const isWritten = JSON.stringify(saved) !== JSON.stringify(draft);

  // Where the first thing is wrong, there the person goes on.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [found]);

  const change = (part: Partial<Draft>) => {
    setFound([]);
    setFailure(null);
    setTold(null);
    setDraft({ ...draft, ...part });
  };
  const refused = (error: unknown) => setFound(problemsFound(error));
  const act = async (done: () => Promise<void>) => {
    if (isActing) return;
    setActing(true);
    setFailure(null);
    setFound([]);
    setTold(null);
    try {
      await done();
    } catch (error) {
      refused(error);
      setFailure(failureOf(error, say("offline")));
    }
    setActing(false);
  };
  const save = () =>
    act(async () => {
      const { event, ...edited } = variablesOf(draft);
      const rule = automation
        ? (await client.ask(EditAutomationDocument, { automation: automation.id, ...edited })).editAutomation
        : (await client.ask(CreateAutomationDocument, { clinic, event, ...edited })).createAutomation;
      const { automationRule } = rule;
      if (!automationRule) return;
      setDraft(draftOf(automationRule));
      setTold("saved");
      onChange(automationRule);
    });
  const turn = (automationId: UUID, isOn: boolean) =>
    act(async () => {
      const { automationRule } = isOn
        ? (await client.ask(EnableAutomationDocument, { automation: automationId })).enableAutomation
        : (await client.ask(DisableAutomationDocument, { automation: automationId })).disableAutomation;
      if (!automationRule) return;
      setTold(isOn ? "is_on" : "is_off");
      onChange(automationRule);
    });
  const remove = (automationId: UUID) =>
    act(async () => {
      await client.ask(RemoveAutomationDocument, { automation: automationId });
      onDone();
    });

  const event = eventNamed(contract, draft.event);
  const problem = (path: string, key: string) =>
    problems.has(path) && (
      <p class="problem" id={`${id}-${key}`}>
        {problems.get(path)}
      </p>
    );
  return (
    <>
      <form
        ref={form}
        noValidate
        onSubmit={(submitted) => {
          submitted.preventDefault();
          void save();
        }}
      >
        <StepHeading>{automation?.name ?? say("new")}</StepHeading>
        <div class="field">
          <label for={`${id}-name`}>{say("name")}</label>
          <input
            id={`${id}-name`}
            type="text"
            maxLength={120}
            aria-invalid={problems.has("$.name")}
            aria-describedby={problems.has("$.name") ? `${id}-name-wrong` : undefined}
            value={draft.name}
            onInput={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          {problem("$.name", "name-wrong")}
        </div>
        <div class="field">
          <label for={`${id}-event`}>{say("when")}</label>
          {automation && (
            <p class="help" id={`${id}-event-help`}>
              {say("when_stays")}
            </p>
          )}
          <select
            id={`${id}-event`}
            disabled={automation !== null}
            aria-invalid={problems.has("$.eventName")}
            aria-describedby={automation ? `${id}-event-help` : `${id}-event-wrong`}
            value={draft.event}
            onChange={({ currentTarget }) => change({ event: currentTarget.value })}
          >
            {!event && <option value={draft.event}>{draft.event}</option>}
            {contract.events.map((one) => (
              <option key={one.name} value={one.name}>
                {labelIn(language, one)}
              </option>
            ))}
          </select>
          {problem("$.eventName", "event-wrong")}
        </div>
        <h2>{say("conditions")}</h2>
        <Conditions
          client={client}
          clinic={clinic}
          event={draft.event}
          rule={draft.conditions}
          problems={problemsOfConditions(found)}
          onChange={(conditions) => change({ conditions })}
        />
        <h2>{say("actions")}</h2>
        <Actions
          contract={contract}
          event={draft.event}
          actions={draft.actions}
          problems={problems}
          onChange={(actions) => change({ actions })}
        />
        <SchemaForm
          schema={contract.mostSchema as Schema}
          value={draft.most}
          problems={problems}
          language={language}
          choices={choices}
          onChange={(most) => change({ most: most as Values })}
        />
        <FailureNotice failure={failure} />
        <p role="status">{told && say(told, { version: automation?.version ?? 1 })}</p>
        <p class="actions">
          <button type="submit" class="main" aria-disabled={isActing}>
            {say("save")}
          </button>
          {automation &&
            (automation.isEnabled ? (
              <button type="button" onClick={() => void turn(automation.id, false)}>
                {say("disable")}
              </button>
            ) : (
              !isWritten && (
                <button type="button" onClick={() => void turn(automation.id, true)}>
                  {say("enable")}
                </button>
              )
            ))}
          <button type="button" onClick={onDone}>
            {say("back")}
          </button>
          {automation && (
            <button
              type="button"
              class="danger"
              onClick={() => (isSure ? void remove(automation.id) : setSure(true))}
            >
              {say(isSure ? "removing" : "remove")}
            </button>
          )}
        </p>
        {automation && isWritten && <p class="soft">{say("not_saved")}</p>}
      </form>
      <DryRun
        client={client}
        clinic={clinic}
        contract={contract}
        draft={draft}
        problem={problems.get("$.days")}
        onRefused={refused}
      />
      {automation && <Executions client={client} contract={contract} automation={automation.id} />}
    </>
  );
}
