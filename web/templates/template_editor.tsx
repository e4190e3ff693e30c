import { useContext, useId, useMemo, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { templateTexts } from "../texts/templates/index.ts";
import { Blocks } from "./blocks.tsx";
import { EditorContext } from "./context.ts";
import type { Block, Contract, State } from "./contract.ts";
import { customFormats } from "./custom.tsx";
import { useDraft } from "./draft.ts";
import { usePreview } from "./live.ts";
import { blocksOnTheWay, valueAt } from "./places.ts";
import { PreviewPane } from "./preview.tsx";
import { ProblemList, wordsOf } from "./problems.tsx";
import { type Opened, publish, refusedPlaces, type Saved, save, withdraw } from "./saving.ts";
import { ShownWith } from "./shown_with.tsx";
import { useMarks } from "./use_marks.ts";

/**
 * A template or a component as it is written, beside the document that it makes. What it can be made of comes from the API's
 * contract, and so does what is wrong with it. Nothing that was written is lost by a refusal, by going back or by loading again.
 */
export function TemplateEditor({
  client,
  clinic,
  contract,
  opened,
  onSaved,
  onBack,
}: {
  client: Client;
  clinic: UUID;
  contract: Contract;
  opened: Opened;
  /** Something was saved: what is opened is read again. */
  onSaved(id: UUID): Promise<void>;
  onBack(): void;
}) {
  const say = useTexts(templateTexts);
  const language = useContext(LanguageContext);
  const id = useId();
  const draft = useDraft(
    `template-${opened.id ?? `new-${opened.drafted.kind}`}`,
    opened.drafted,
    opened.revision,
  );
  const { drafted } = draft;
  const { isComponent, kind, state, layout } = drafted;
  const [sample, setSample] = useState<UUID | null>(null);
  const preview = usePreview(client, clinic, drafted, sample, say("offline"));
  const marks = useMarks();
  const [refused, setRefused] = useState(new Map<string, string>());
  const [complaint, setComplaint] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [done, setDone] = useState("");
  const [isActing, setActing] = useState(false);
  const problems = useMemo(
    () => new Map([...refused, ...wordsOf(preview.problems, say)]),
    [refused, preview.problems, say],
  );

  const change = (changed: Partial<typeof drafted>) => {
    setRefused(new Map());
    setDone("");
    draft.change(changed);
  };
  const onState = (changed: State) => change({ state: changed });
  const openWayTo = (paths: string[]) =>
    marks.onOpened(
      paths.flatMap((path) => blocksOnTheWay(state, path)).map((path) => (valueAt(state, path) as Block).id),
      true,
    );
  const act = async (words: (version: number) => string, doIt: () => Promise<Saved>) => {
    if (isActing) return;
    setActing(true);
    setFailure(null);
    setDone("");
    try {
      const { id: saved, version, revision } = await doIt();
      draft.wasSaved(revision);
      await onSaved(saved);
      setDone(words(version));
    } catch (error) {
      const places = refusedPlaces(error, (found) => wordsOf(found, say));
      setRefused(places);
      openWayTo([...places.keys()]);
      if (places.size > 0) setComplaint((before) => before + 1);
      setFailure(failureOf(error, say("offline")));
    } finally {
      setActing(false);
    }
  };
  const saveFirst = () => save(client, clinic, opened, drafted, draft.revision);
  const nameOf = (path: string) => {
    const block = blocksOnTheWay(state, path).at(-1);
    if (path === "$.title") return say("template_title");
    if (!block)
      return say(path.startsWith("$layout") ? "layout" : path.startsWith("$.inputs") ? "inputs" : "whole");
    const { type } = valueAt(state, block) as Block;
    return contract.blocks.find((known) => known.type === type)?.label[language] ?? type;
  };

  return (
    <EditorContext.Provider
      value={{ client, clinic, contract, custom: customFormats, state, problems, onState, ...marks }}
    >
      <StepHeading>{opened.id ? opened.drafted.title : say(`new_${kind}`)}</StepHeading>
      <p class="unseen" role="status">
        {marks.said}
      </p>
      {draft.wasKept && draft.isChanged && (
        <p class="notice">
          {say("was_kept")}{" "}
          <button type="button" onClick={() => draft.takeBack()}>
            {say("take_back")}
          </button>
        </p>
      )}
      <div class="beside">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void act(() => say("saved"), saveFirst);
          }}
        >
          <TitleField
            title={drafted.title}
            problem={problems.get("$.title")}
            onTitle={(title) => change({ title })}
          />
          {!isComponent && (
            <p class="field">
              <label for={`${id}-locale`}>{say("locale")}</label>
              <select
                id={`${id}-locale`}
                value={drafted.locale}
                onChange={({ currentTarget }) => change({ locale: currentTarget.value as "ro" | "en" })}
              >
                <option value="ro">{say("locale_ro")}</option>
                <option value="en">{say("locale_en")}</option>
              </select>
            </p>
          )}
          <h2>{say("content")}</h2>
          <p class="soft">{say("content_help")}</p>
          <Blocks
            blocks={state.blocks}
            path="$.blocks"
            name={say("content")}
            onChange={(blocks) => onState({ ...state, blocks })}
          />
          {!isComponent && (
            <>
              <details data-place="$.inputs">
                <summary>{say("inputs")}</summary>
                <p class="soft">{say("inputs_help")}</p>
                <SchemaForm
                  schema={contract.inputs}
                  value={state.inputs ?? []}
                  path="$.inputs"
                  problems={problems}
                  language={language}
                  choices={{}}
                  onChange={(inputs) => onState({ ...state, inputs: inputs as NonNullable<State["inputs"]> })}
                />
              </details>
              <details data-place="$layout">
                <summary>{say("layout")}</summary>
                <SchemaForm
                  schema={contract.layout}
                  value={layout}
                  path="$layout"
                  problems={problems}
                  language={language}
                  choices={{}}
                  onChange={(changed) => change({ layout: changed as Record<string, unknown> })}
                />
              </details>
            </>
          )}
          <ProblemList
            problems={problems}
            complaint={complaint}
            nameOf={nameOf}
            onGo={(path) => {
              openWayTo([path]);
              marks.onGo(path);
            }}
          />
          <FailureNotice failure={failure} />
          <p role="status">{done}</p>
          <p class="actions">
            <button type="submit" class="main" aria-disabled={isActing}>
              {say(isComponent ? "save_component" : "save")}
            </button>
            {!isComponent && (
              <button
                type="button"
                aria-disabled={isActing}
                onClick={() =>
                  act(
                    (version) => say("published", { version }),
                    async () =>
                      publish(
                        client,
                        opened.id && !draft.isChanged
                          ? { id: opened.id, revision: draft.revision }
                          : await saveFirst(),
                      ),
                  )
                }
              >
                {say("publish")}
              </button>
            )}
            {opened.isPublished && opened.id && (
              <button
                type="button"
                class="danger"
                aria-disabled={isActing}
                onClick={() =>
                  act(
                    () => say("withdrawn"),
                    () => withdraw(client, opened.id as UUID, draft.revision),
                  )
                }
              >
                {say("withdraw")}
              </button>
            )}
            <button type="button" onClick={onBack}>
              {say("back")}
            </button>
          </p>
        </form>
        <PreviewPane preview={preview} isOfRecord={sample !== null}>
          <ShownWith client={client} clinic={clinic} kind={kind} sample={sample} onSample={setSample} />
        </PreviewPane>
      </div>
    </EditorContext.Provider>
  );
}

function TitleField({
  title,
  problem,
  onTitle,
}: {
  title: string;
  problem: string | undefined;
  onTitle(title: string): void;
}) {
  const say = useTexts(templateTexts);
  const id = useId();
  return (
    <div class={problem ? "field wrong" : "field"} data-place="$.title">
      <label for={id}>{say("template_title")}</label>
      <input
        id={id}
        type="text"
        maxLength={200}
        aria-required="true"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        value={title}
        onInput={({ currentTarget }) => onTitle(currentTarget.value)}
      />
      <p class="problem" id={`${id}-problem`}>
        {problem}
      </p>
    </div>
  );
}
