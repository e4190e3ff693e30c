import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { refusalOf, type UUID } from "../../../client/index.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { keptInTab } from "../../components/kept.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { StepHeading, Waiting } from "../../components/page.tsx";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { type Problem, problemsOf } from "../../forms/check.ts";
import { type Answers, textIn } from "../../forms/content.ts";
import { Form } from "../../forms/form.tsx";
import { asProblems, type Found } from "../../forms/found.ts";
import { valueAt } from "../../forms/value_at.ts";
import { shownOf } from "../../forms/visibility.ts";
import { inWords } from "../../forms/words.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import type { Door, FormToFill } from "./door.ts";

/** A form after a session, as the patient fills it in. What is typed stays in the tab until the API has it. */
export function FormStep({ id, door, onLeave }: { id: UUID; door: Door; onLeave(): void }) {
  const language = useContext(LanguageContext);
  const say = useTexts(sessionTexts);
  const kept = useMemo(() => keptInTab<{ answers: Answers }>(`form-${id}`), [id]);
  const [form, setForm] = useState<FormToFill | null | undefined>();
  const [answers, setAnswers] = useState<Answers>({});
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [complaint, setComplaint] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setSending] = useState(false);
  const [told, setTold] = useState<"saved" | "completed" | null>(null);

  const load = async () => {
    setFailure(null);
    try {
      const found = await door.form(id);
      setForm(found);
      if (found) setAnswers(kept.read().answers ?? found.answers);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  useEffect(() => void load(), [door, id]);

  const [names] = useState(() => new Map<string, string>());
  const files = useMemo(
    () => ({
      async send(file: File) {
        const sent = await door.sendFile(id, file);
        names.set(sent, file.name);
        return sent;
      },
      nameOf: (sent: string) => names.get(sent),
    }),
    [door, id],
  );

  const complain = (found: readonly (Problem & { message?: string })[]) => {
    setProblems(inWords(found, language));
    setComplaint((count) => count + 1);
  };
  const send = async (isWhole: boolean) => {
    if (!form || isSending) return;
    setFailure(null);
    setTold(null);
    const missing = isWhole ? problemsOf(shownOf(form.content.items, answers), answers) : [];
    if (missing.length > 0) return complain(missing);
    setSending(true);
    try {
      await (isWhole ? door.completeForm : door.saveForm)(form, answers);
      setForm({ ...form, answers });
      kept.forget();
      setTold(isWhole ? "completed" : "saved");
    } catch (error) {
      const found = refusalOf(error, "VALIDATION", "answers_not_valid")?.details.fields;
      if (found) complain(asProblems(found as Found[]));
      else setFailure(failureOf(error, say("offline_form")));
    }
    setSending(false);
  };

  if (!form)
    return (
      <>
        <FailureNotice failure={failure}>
          <button type="button" onClick={() => void load()}>
            {say("again")}
          </button>
        </FailureNotice>
        {form === null && <StepHeading>{say("no_such_form")}</StepHeading>}
        {form === undefined && !failure && <Waiting>{say("loading")}</Waiting>}
        <Leave onLeave={onLeave} />
      </>
    );
  const title = textIn(form.content.title, language);
  if (told === "completed" || !form.isOpen)
    return (
      <>
        <StepHeading>{title}</StepHeading>
        <p role="status">{say(told === "completed" ? "form_completed" : "form_is_over")}</p>
        {told === "completed" && form.isSigned && <p>{say("form_is_signed_later")}</p>}
        <Leave onLeave={onLeave} />
      </>
    );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(true);
      }}
    >
      <StepHeading>{title}</StepHeading>
      <Form
        content={form.content}
        answers={answers}
        problems={problems}
        complaint={complaint}
        files={files}
        onAnswers={(next) => {
          // A problem goes with the answer that it was about.
          setProblems(
            new Map([...problems].filter(([path]) => valueAt(answers, path) === valueAt(next, path))),
          );
          setTold(null);
          setAnswers(next);
          kept.write({ answers: next });
        }}
      />
      <FailureNotice failure={failure} />
      <p role="status">{told === "saved" && say("form_saved")}</p>
      {isSending && <Waiting>{say("sending")}</Waiting>}
      <p class="actions">
        <button type="submit" class="main" aria-disabled={isSending}>
          {say("form_complete")}
        </button>
        <button type="button" aria-disabled={isSending} onClick={() => void send(false)}>
          {say("form_save")}
        </button>
        <button type="button" onClick={onLeave}>
          {say("to_list")}
        </button>
      </p>
    </form>
  );
}

function Leave({ onLeave }: { onLeave(): void }) {
  const say = useTexts(sessionTexts);
  return (
    <p class="actions">
      <button type="button" class="main" onClick={onLeave}>
        {say("to_list")}
      </button>
    </p>
  );
}
