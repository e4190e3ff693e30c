import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { problemsOf } from "../forms/check.ts";
import type { Answers } from "../forms/content.ts";
import { Form } from "../forms/form.tsx";
import { asProblems } from "../forms/found.ts";
import { valueAt } from "../forms/value_at.ts";
import { shownOf } from "../forms/visibility.ts";
import { inWords } from "../forms/words.ts";
import { signingTexts } from "../texts/signing/index.ts";
import type { Door, SigningForm } from "./door.ts";
import type { Drafts } from "./draft.ts";
import { useSaving } from "./saving.ts";

/** The form. What is typed is kept at once in the tab and a moment later by the API. */
export function Answering({
  door,
  drafts,
  form,
  answers,
  found,
  onAnswers,
  onFailure,
  onAnswered,
}: {
  door: Door;
  drafts: Drafts;
  form: SigningForm;
  answers: Answers;
  /** What signing found wrong. */
  found: ReadonlyMap<string, string>;
  onAnswers(answers: Answers): void;
  onFailure(error: unknown): void;
  onAnswered(): void;
}) {
  const language = useContext(LanguageContext);
  const say = useTexts(signingTexts);
  const [problems, setProblems] = useState(found);
  const [complaint, setComplaint] = useState(found.size);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { state, flush } = useSaving(door, answers, onFailure);
  useEffect(() => {
    if (found.size > 0) complain(found);
  }, [found]);

  const names = useRef<Record<string, string>>(drafts.read().names ?? {});
  const files = useMemo(
    () => ({
      async send(file: File) {
        const id = await door.sendFile(file);
        names.current = { ...names.current, [id]: file.name };
        drafts.write({ names: names.current });
        return id;
      },
      nameOf: (id: string) => names.current[id],
    }),
    [door, drafts],
  );

  const change = (next: Answers) => {
    // A problem goes with the answer that it was about.
    const left = [...problems].filter(([path]) => valueAt(answers, path) === valueAt(next, path));
    if (left.length < problems.size) setProblems(new Map(left));
    drafts.write({ answers: next });
    onAnswers(next);
  };
  const complain = (wrong: ReadonlyMap<string, string>) => {
    setProblems(wrong);
    setComplaint((count) => count + 1);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isAsking) return;
    setFailure(null);
    const missing = problemsOf(shownOf(form.snapshot.items, answers), answers);
    if (missing.length > 0) return complain(inWords(missing, language));
    setAsking(true);
    try {
      const problems = await flush();
      if (problems.length > 0) complain(inWords(asProblems(problems), language));
      else onAnswered();
    } catch (error) {
      const told = failureOf(error, say("offline_kept"));
      if (told.isNetwork) setFailure(told);
      else onFailure(error);
    } finally {
      setAsking(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <StepHeading>{form.title ?? say("title")}</StepHeading>
      <Form
        content={form.snapshot}
        answers={answers}
        problems={problems}
        complaint={complaint}
        files={files}
        onAnswers={change}
      />
      <FailureNotice failure={failure} />
      <p class="soft" role="status">
        {say(`saving_${state}`)}
      </p>
      <button type="submit" class="main" aria-disabled={isAsking}>
        {say(isAsking ? "checking" : "go_on")}
      </button>
    </form>
  );
}
